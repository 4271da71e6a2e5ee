from odoo import fields, models
from odoo.exceptions import UserError

from .cs_notice_mixin import OFFICE


class CsHandoverMixin(models.AbstractModel):
    """What an agent has to be told: by mail or Odoo, or on paper where neither reaches them."""

    _name = "cs.handover.mixin"
    _inherit = ["cs.notice.mixin"]
    _description = "Record the Agent Is Told Of"

    notified = fields.Boolean(
        readonly=True,
        copy=False,
        help="The agent has been told, so that it no longer stands is told as well.",
    )
    to_hand_over = fields.Boolean(
        string="To Hand Over on Paper",
        readonly=True,
        copy=False,
        help="The agent has neither a login nor an e-mail address: print the letter, hand it "
        "over, and note it here.",
    )
    handed_over_on = fields.Date(readonly=True, copy=False)
    handed_over_by = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")

    def _get_agent_notice(self):
        """What the agent is to know as it stands now, in this environment's language."""
        raise NotImplementedError

    def _tell_agent(self):
        """Tell the agent how it stands; on paper where nothing else reaches them."""
        self.ensure_one()
        reached = self._tell(self._get_agent_partner(), lambda words: words._get_agent_notice())
        self._note_told(bool(reached))

    def _note_told(self, reached):
        """Note whether the agent has been told, or has to be on paper."""
        self.write({"notified": reached, "to_hand_over": not reached})

    # ------------------------------------------------------------------ when it falls

    def _on_ended(self, reason):
        """Let fall what hangs on these records, which no longer stand; nobody is told before."""

    def _describe_falling(self):
        """What falls with this record, one line each."""
        return []

    def _is_told_otherwise(self):
        """Whether the agent learns in another way that it no longer stands."""
        return False

    # ------------------------------------------------------------------ on paper

    def action_handed_over(self):
        """Note that the letter has been handed over on paper: by whom, and when."""
        self.env["cs.guard.mixin"]._check_group(OFFICE)
        self.check_access("read")
        for record in self.filtered(lambda each: not each.to_hand_over):
            raise UserError(
                self.env._("%s: there is no letter to hand over on paper.", record.display_name)
            )
        # sudo: the office may not write a decided record, but notes here what it did with it
        for record in self.sudo():
            record.write(
                {
                    "to_hand_over": False,
                    "notified": True,
                    "handed_over_on": record.company_id._cs_today(),
                    "handed_over_by": self.env.uid,
                }
            )
            record.message_post(body=self.env._("Handed over on paper by %s.", self.env.user.name))

    def action_print_notice(self):
        """The letters as PDF, each in its agent's language."""
        self.check_access("read")
        handover = self.env["cs.handover"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )
        if not handover:
            raise UserError(self.env._("There is no letter to hand over on paper."))
        return handover.action_print()

    def _get_letter_body(self):
        """The letter as HTML, in this environment's language."""
        return self._render_notice(self._get_agent_notice())
