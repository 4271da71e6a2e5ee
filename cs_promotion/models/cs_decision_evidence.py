from odoo import api, models

from ..engine.evidence import read_condition


class CsDecision(models.Model):
    """Evidence in words: required, found, met, and from which reviews (P4, policy 12)."""

    _inherit = "cs.decision"

    def _get_evidence_lines(self):
        """One line for each condition, test or violation the decision rests on."""
        self.ensure_one()
        evidence = self.evidence or {}
        lines = [self._describe_finding(each) for each in evidence.get("conditions", ())]
        if evidence.get("test"):
            lines.append(self._describe_test(evidence))
        if self.ground_type == "procedure":
            lines += self.violation_ids.sudo().mapped("display_name")
        return lines

    @api.model
    def _describe_finding(self, finding):
        """``✓ Quarterly score ≥ 91, in the latest review: 2026Q1 94.67``."""
        condition = read_condition(finding["required"])
        required = self.env["cs.policy.condition"]._get_sentence(condition)
        mark = "✓" if finding["met"] else "✗"
        return f"{mark} {required}: {self._describe_found(finding)}"

    @api.model
    def _describe_found(self, finding):
        """What was found: the count, or each review with its value."""
        if finding["needed"] is None:
            return str(finding["count"])
        if not finding["held"]:
            return self.env._("no result in the period just closed")
        return " · ".join(
            f"{each['key']} {each['value']}{'' if each['met'] else ' ✗'}"
            for each in finding["found"]
        )

    @api.model
    def _describe_test(self, evidence):
        test = evidence["test"]
        return self.env._(
            "Test of %(date)s: knowledge %(knowledge)s, skills %(skills)s; pass mark %(mark)s. "
            "On probation since %(since)s, %(months)s months required.",
            date=test["date"],
            knowledge=test["knowledge"],
            skills=test["skills"],
            mark=evidence["settings"]["pass_mark"],
            since=evidence["agent"]["tier_since"],
            months=evidence["settings"]["probation_months"],
        )
