from odoo import models


class CsAppraisalSheet(models.Model):
    """What was attached to a sheet stays once the sheet is submitted."""

    _name = "cs.appraisal.sheet"
    _inherit = ["cs.appraisal.sheet", "cs.kept.mixin"]


class CsAppraisal(models.Model):
    """What was attached to an appraisal stays once its score has been published."""

    _name = "cs.appraisal"
    _inherit = ["cs.appraisal", "cs.kept.mixin"]

    def _filter_kept(self):
        return self.filtered(lambda each: each.closed or each.published_on)
