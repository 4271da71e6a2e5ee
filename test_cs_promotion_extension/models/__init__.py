from . import cs_vocabulary
from . import cs_praise
from . import cs_appeal
from . import cs_decision
from . import hr_employee
from . import cs_appraisal
from . import cs_figure
from . import cs_pay_words
