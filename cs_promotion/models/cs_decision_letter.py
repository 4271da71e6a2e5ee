from datetime import date

from odoo import api, fields, models

from ..engine.decimals import plain
from ..engine.evidence import read_condition


class CsDecision(models.Model):
    """What the letter of an announced decision says (O4, policy 12)."""

    _name = "cs.decision"
    _inherit = ["cs.decision", "cs.handover.mixin", "cs.kept.mixin"]

    _writing_states = ("proposed",)

    letter_partner_id = fields.Many2one("res.partner", compute="_compute_letter_partner_id")
    letter_lang = fields.Char(compute="_compute_letter_partner_id")
    superior_user_id = fields.Many2one("res.users", compute="_compute_superior_user_id")

    @api.depends("employee_id")
    def _compute_letter_partner_id(self):
        """Whom the letter is for, in the language of their login or work contact."""
        for decision in self:
            decision.letter_partner_id = decision._get_agent_partner()
            decision.letter_lang = decision._get_letter_lang()

    @api.depends("employee_id")
    def _compute_superior_user_id(self):
        for decision in self:
            decision.superior_user_id = decision.employee_id.sudo().parent_id.user_id

    def action_print_letter(self):
        """The letters as PDF, each in its agent's language."""
        self.check_access("read")
        self._check_possible("letter")
        return self.env.ref("cs_promotion.report_decision_letter_action").report_action(self)

    # ------------------------------------------------------------------ what the letter says

    def _get_letter_title(self):
        self.ensure_one()
        titles = {
            "confirmation": self.env._("Notice of Confirmation"),
            "promotion": self.env._("Notice of Promotion"),
            "demotion": self.env._("Notice of Demotion"),
            "review": self.env._("Notice of a Dismissal Review"),
            "exceptional": self.env._("Notice of Skip-level Promotion"),
        }
        if self.kind == "exceptional" and self.tier_to_id.appointed:
            return self.env._("Notice of Appointment")
        return titles[self.kind]

    def _get_letter_department(self):
        """The department on the effective date, or the last one held in the company before, as
        sudo: the letter is about an agent whom the reader may no longer see."""
        self.ensure_one()
        held = self._get_timeline().touching(date.min, self.effective_date)
        department = held[-1].department if held else None
        return self.env["hr.department"].sudo().browse(department or ())

    def _get_letter_findings(self):
        """What was required and what was found, a pair for each condition (policy 12)."""
        self.ensure_one()
        evidence = self._read_evidence()
        findings = [
            {
                "required": self.env["cs.policy.condition"]._get_sentence(
                    read_condition(each["required"])
                ),
                "found": self._describe_found(each),
                "met": each["met"],
            }
            for each in evidence.get("conditions", ())
        ]
        if evidence.get("test"):
            findings.append(
                {
                    "required": self.ground_name,
                    "found": self._describe_test(evidence),
                    "met": True,
                }
            )
        return findings

    def _get_letter_violations(self):
        """The violations it rests on, in words."""
        return [
            self.env._(
                "%(date)s: %(type)s, fine %(fine)s",
                date=fields.Date.to_string(each.date),
                type=each.type_id.name,
                fine=each.currency_id.format(each.fine),
            )
            for each in self.violation_ids.sudo()
        ]

    def _get_letter_pay(self):
        """Pay before and after, by the policy in force on the effective date (W1)."""
        self.ensure_one()
        if not self.tier_to_id:
            return []
        policy = self.env["cs.policy"]._get_in_force(self.company_id, self.effective_date)
        lines = policy._get_pay_lines() if policy else {}
        before, after = lines.get(self.tier_from_id.code), lines.get(self.tier_to_id.code)
        if not after:
            return []
        currency = self.company_id.sudo().currency_id
        labels = {
            "base_wage": self.env._("Base wage"),
            "appraisal_pay": self.env._("Appraisal pay"),
            "commission_percent": self.env._("Commission on own sales"),
        }

        def show(line, name):
            if not line:
                return ""
            if name == "commission_percent":
                return f"{plain(line.commission_percent)} %"
            return currency.format(float(getattr(line, name)))

        return [
            {"label": label, "before": show(before, name), "after": show(after, name)}
            for name, label in labels.items()
        ]

    def _get_letter_file_name(self):
        self.ensure_one()
        decision = self.with_context(lang=self.letter_lang)
        return (
            f"{decision._get_letter_title()} {self.employee_id.sudo().name} {self.effective_date}"
        )
