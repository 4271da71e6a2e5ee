from . import cs_scorecard_report
