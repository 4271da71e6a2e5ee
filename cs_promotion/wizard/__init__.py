from . import base_import
from . import cs_policy_import
from . import cs_reason
