from . import cs_payslip_request
from . import cs_batch_making_mixin
from . import cs_batch_confirming_mixin
from . import hr_payslip_run
