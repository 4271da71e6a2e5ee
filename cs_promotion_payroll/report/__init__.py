from . import cs_pay_report
