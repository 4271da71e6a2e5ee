from . import test_access_matrix
from . import test_closing
from . import test_common
from . import test_appeal
from . import test_cycle
from . import test_first_load
from . import test_board
from . import test_path
