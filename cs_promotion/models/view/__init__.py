from . import cs_cycle_page
from . import cs_board
from . import cs_dashboard
