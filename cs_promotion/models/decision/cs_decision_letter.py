from datetime import date

from odoo import api, models
from odoo.tools import format_date

from ...engine.decimals import plain


class CsDecisionLetter(models.AbstractModel):
    """What the letter about a decision says: where the agent works, what was required and found,
    violations, and pay before and after (policy 12)."""

    _name = "cs.decision.letter"
    _description = "Letter about a CS Decision"

    @api.model
    def _get_values(self, decision):
        """What the letter shows besides the decision's own fields.

        :return: dict(department, findings, violations, pay, effect, approvals)
        """
        # sudo: whoever may read the decision may read its letter, though not all records in it:
        # department and violations are of an agent whom the reader may no longer see
        decision = decision.sudo()
        return {
            "department": self._get_department(decision),
            "findings": self._get_findings(decision),
            "violations": self._get_violations(decision),
            "pay": self._get_pay(decision),
            "since": self.env._("From %s", format_date(self.env, decision.effective_date)),
            "effect": decision.rule_id.effect,
            "approvals": decision.approval_ids.filtered("user_id").mapped("sentence"),
        }

    @api.model
    def _get_department(self, decision):
        """The department on the effective date, or the last one held in the company before."""
        held = decision._get_timeline().touching(date.min, decision.effective_date)
        department = held[-1].department if held else None
        return decision.department_id.browse(department or ())

    @api.model
    def _get_findings(self, decision):
        """What was required and what was found; of a confirmation the test that it rests on, and
        where only so many may be on a rung, the place."""
        findings = self.env["cs.evidence"]._get_findings(decision)
        evidence = decision._read_evidence()
        if evidence.get("test"):
            test = self.env["cs.words"]._say_test(evidence)
            findings.append({"required": decision.ground_name, "found": test, "met": True})
        place = self.env["cs.evidence"]._say_place(evidence)
        if place:
            findings.append({"required": self.env._("A free place"), "found": place, "met": True})
        return findings

    @api.model
    def _get_violations(self, decision):
        """The violations it rests on, in words."""
        return [self.env["cs.words"]._say_own_violation(each) for each in decision.violation_ids]

    @api.model
    def _get_pay(self, decision):
        """Pay before and after, by the policy in force on the effective date (W1): what it pays."""
        if not decision.tier_to_id:
            return []
        company = decision.company_id
        policy = self.env["cs.policy"]._get_in_force(company, decision.effective_date)
        lines = policy._get_pay_lines() if policy else {}
        before, after = lines.get(decision.tier_from_id.code), lines.get(decision.tier_to_id.code)
        if not after:
            return []
        labels = {
            "base_wage": policy.pays_base and self.env._("Base wage"),
            "appraisal_pay": policy.pays_appraisal and self.env._("Appraisal pay"),
            "commission_percent": policy.pays_commission and self.env._("Commission on own sales"),
        }

        def show(line, name):
            if not line:
                return ""
            if name == "commission_percent":
                return f"{plain(line.commission_percent)} %"
            return company.currency_id.format(float(getattr(line, name)))

        return [
            {"label": label, "before": show(before, name), "after": show(after, name)}
            for name, label in labels.items()
            if label
        ]
