from . import res_company
from . import cs_pay
from . import cs_pay_words
from . import cs_pay_difference
from . import cs_payslip_mixin
from . import cs_pay_outlook
from . import cs_figure
