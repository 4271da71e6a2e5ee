from odoo import Command, api, fields, models


class CsPayslipConfirm(models.TransientModel):
    """What payslips warn of, before they are confirmed: a tick for each name.

    Those ticked are confirmed, and those without warnings; the others stay as they are.
    """

    _name = "cs.payslip.confirm"
    _description = "Warnings before Payslips Are Confirmed"

    run_ids = fields.Many2many("hr.payslip.run", string="Payslip Batches", readonly=True)
    slip_ids = fields.Many2many(
        "hr.payslip", string="Payslips", readonly=True, help="Those chosen outside of a batch."
    )
    clean_count = fields.Integer(string="Payslips without Warnings", readonly=True)
    line_ids = fields.One2many("cs.payslip.confirm.line", "wizard_id", string="Warnings")
    ticked_count = fields.Integer(string="Ticked", compute="_compute_ticked_count")

    @api.depends("line_ids.seen")
    def _compute_ticked_count(self):
        for wizard in self:
            wizard.ticked_count = len(wizard.line_ids.filtered("seen"))

    @api.model
    def _open(self, slips, runs=None):
        """The dialog for these payslips.

        :param runs: the batches whose payslips they are, if batches are being confirmed
        """
        warned = slips.filtered("cs_to_tick").sorted(lambda slip: slip._get_agent_name())
        wizard = self.create(
            {
                # officers confirm payslips, and may not even look at batches
                "run_ids" if runs else "slip_ids": [Command.set((runs or slips).ids)],
                "clean_count": len(slips - warned),
                "line_ids": [
                    Command.create({"slip_id": slip.id, "codes": slip._get_warning_codes()})
                    for slip in warned
                ],
            }
        )
        return wizard._get_dialog()

    def _get_dialog(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Look at These Payslips before They Are Confirmed"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_tick_all(self):
        """Tick every name, or, when all are ticked, none."""
        self.ensure_one()
        self.line_ids.seen = not all(self.line_ids.mapped("seen"))
        return self._get_dialog()

    def action_confirm(self):
        """Confirm the payslips that are ticked and those without warnings.

        :return: what is left to be said: who could not be confirmed, or what is new
        """
        self.ensure_one()
        ticked = self.line_ids.filtered("seen")
        for codes, lines in ticked.grouped(lambda line: tuple(line.codes)).items():
            lines.slip_id._see_warnings(codes)
        # sudo: whether there are any; batches check who confirms their payslips themselves
        if runs := self.sudo().run_ids.with_env(self.env):
            result = runs._confirm_open()
        else:
            slips = self.slip_ids.filtered(lambda slip: not slip.cs_to_tick)
            result = slips.action_payslip_done() if slips else None
        if isinstance(result, dict):
            return result
        return {"type": "ir.actions.act_window_close"}


class CsPayslipConfirmLine(models.TransientModel):
    _name = "cs.payslip.confirm.line"
    _description = "Warnings of a Payslip"
    _order = "id"
    _rec_name = "slip_id"

    wizard_id = fields.Many2one("cs.payslip.confirm", required=True, ondelete="cascade", index=True)
    slip_id = fields.Many2one(
        "hr.payslip", string="Payslip", required=True, readonly=True, ondelete="cascade", index=True
    )
    employee_id = fields.Many2one(related="slip_id.employee_id", string="Agent")
    codes = fields.Json(readonly=True)
    warning = fields.Text(compute="_compute_warning", string="Warnings")
    seen = fields.Boolean(help="I have looked at it: confirm this payslip.")

    @api.depends("codes")
    @api.depends_context("lang")
    def _compute_warning(self):
        texts = self.env["cs.pay.words"]._get_warnings()
        for line in self:
            line.warning = "\n".join(texts[code] for code in line.codes or () if code in texts)
