from . import cs_timeline
from . import cs_leaving
from . import hr_version
from . import hr_version_tier
from . import hr_version_wage
from . import hr_employee
from . import hr_employee_move
from . import resource_resource
