from . import test_hosts
from . import test_queue
