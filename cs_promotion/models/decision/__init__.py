from . import cs_evidence
from . import cs_verdict
from . import cs_tier_move
from . import cs_decision_letter
from . import cs_decision_faults
from . import cs_decision_steps_mixin
from . import cs_decision_notice_mixin
from . import cs_decision
