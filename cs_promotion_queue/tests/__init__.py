from . import test_hosts
from . import test_queue
from . import test_terms
