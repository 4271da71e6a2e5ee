from . import cs_handover
from . import cs_score_report
from . import cs_scorecard_report
