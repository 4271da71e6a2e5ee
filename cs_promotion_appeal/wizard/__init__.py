from . import cs_reason
