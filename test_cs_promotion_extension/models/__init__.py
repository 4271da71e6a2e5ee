from . import cs_vocabulary
from . import cs_figure
from . import cs_pay_words
