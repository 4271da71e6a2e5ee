from . import queue_job
from . import cs_long_work
from . import cs_long_work_mixin
