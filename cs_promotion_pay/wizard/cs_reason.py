from odoo import api, models


class CsReason(models.TransientModel):
    """Before a step is taken: which payslips it touches, and by how much (W7)."""

    _inherit = "cs.reason"

    # steps whose outcome is known beforehand
    _known_outcomes = ("withdraw_decision", "withdraw_violation", "uphold_appeal")

    @api.model
    def _describe_consequences(self, step, records):
        lines = super()._describe_consequences(step, records)
        # past access rights, as above; the outlook tells no more than what the step costs
        records, outlook = records.sudo(), self.env["cs.pay.outlook"].sudo()
        if step == "reopen":
            return lines + self._describe_reopening(records, outlook)
        if step in self._known_outcomes:
            scores = records.filtered("appraisal_id") if step == "uphold_appeal" else records[:0]
            for appeal in scores:
                lines += self._describe_appealed(appeal, outlook)
            if others := records - scores:
                lines += outlook._describe_outcome(others, self._steps[step][1])
        return lines

    @api.model
    def _describe_reopening(self, cycles, outlook):
        """Payslips that rest on the months which open again; quarters are not paid by."""
        opening = cycles.filtered(lambda each: each.state != "open")
        months = opening.filtered(lambda each: each.kind == "month")
        return [
            line
            for cycle in months.sorted("date_start")
            for line in outlook._describe_stake(cycle.company_id, None, cycle.date_start)
        ]

    @api.model
    def _describe_appealed(self, appeal, outlook):
        """The payslips of the agent that rest on the score that is given back."""
        appraisal = appeal.appraisal_id
        if appraisal.kind != "month":
            return []
        return outlook._describe_stake(
            appeal.company_id, appeal.employee_id.ids, appraisal.date_start
        )
