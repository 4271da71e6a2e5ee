from . import cs_payslip_confirm
from . import hr_payslip_change_state
from . import hr_payslip_employees
from . import cs_structure_net_mixin
from . import cs_structure_prepare
from . import cs_structure_prepare_rows
