from odoo import api, models


class CsPayslipPartMixin(models.AbstractModel):
    """Lines, inputs and worked days of a done payslip by tier are what was paid, and by what:
    none is added, changed, moved or removed."""

    _name = "cs.payslip.part.mixin"
    _description = "Part of a Payslip"
    _slip_name = "payslip_id"

    @api.model_create_multi
    def create(self, vals_list):
        default = self.env.context.get(f"default_{self._slip_name}")
        ids = {vals.get(self._slip_name, default) for vals in vals_list}
        self._check_slips(self.env["hr.payslip"].browse(filter(None, ids)))
        return super().create(vals_list)

    def write(self, vals):
        # before and after: neither may a line leave a done payslip, nor move to one
        self._check_slips(self[self._slip_name])
        result = super().write(vals)
        if self._slip_name in vals:
            self._check_slips(self[self._slip_name])
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        self._check_slips(self[self._slip_name])

    def _check_slips(self, slips):
        if not slips._is_trusted():
            slips._check_not_settled()
