from . import cs_handover
