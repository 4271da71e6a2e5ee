from . import cs_cycle_page
from . import cs_policy_page
from . import cs_path_page
from . import cs_path
from . import cs_board
from . import cs_dashboard
