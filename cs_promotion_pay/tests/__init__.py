from . import test_arrears
from . import test_figures
from . import test_bridge
from . import test_raise
