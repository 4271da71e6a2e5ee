from . import hr_version
from . import hr_employee
from . import hr_leave_type
from . import cs_leaving
