from . import cs_violation_type
from . import cs_violation_notice_mixin
from . import cs_violation_fine_mixin
from . import cs_violation
from . import cs_award
from . import cs_probation_test
