from . import test_figures
from . import test_structure
from . import test_payslip
from . import test_fines
from . import test_batch
from . import test_access
from . import test_pay_report
from . import test_translation
