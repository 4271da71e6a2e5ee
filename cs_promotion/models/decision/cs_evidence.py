from odoo import api, models

from ...engine.evidence import keep_violations, read, read_place, same_facts
from ...engine.plain import EvidenceError
from ...engine.replay import replay


class CsEvidence(models.AbstractModel):
    """What a decision rests on, as its form and its list show it (P4, policy 12); and whether it
    still follows when something of that falls, or is found anew.

    The words are those of ``cs.words``.
    """

    _name = "cs.evidence"
    _description = "Evidence of a CS Decision"

    @api.model
    def _render(self, decision):
        """What the decision rests on as a table, for its form."""
        evidence, words = decision._read_evidence(), self.env["cs.words"]
        findings = words._read_findings(evidence.get("conditions", ()))
        match = evidence.get("match")
        return self.env["ir.qweb"]._render(
            "cs_promotion.decision_evidence",
            {
                "conditions": [self._get_evidence_row(each, match) for each in findings],
                "match": len(findings) > 1 and words._say_match(match),
                "test": evidence.get("test") and words._say_test(evidence),
                "place": self._say_place(evidence),
                "violations": self._get_evidence_violations(decision),
                "grounds": self._get_shown_grounds(decision, evidence),
                "approvals": decision.approval_ids.mapped("sentence"),
                "applied": [words._say_day(day) for day in decision.application_ids.mapped("date")],
            },
        )

    @api.model
    def _say_place(self, evidence):
        """The place that was given on a rung that only so many may be on."""
        place = evidence.get("place")
        return self.env["cs.words"]._say_place(read_place(place)) if place else ""

    @api.model
    def _get_shown_grounds(self, decision, evidence):
        """The grounds of a person; of evidence that cannot be read any more, that it cannot."""
        if evidence.get("unreadable"):
            return self._get_unreadable()
        return decision.grounds if decision.ground_type == "person" else ""

    @api.model
    def _get_unreadable(self):
        return self.env._("The stored evidence has been damaged and cannot be read.")

    @api.model
    def _get_evidence_row(self, finding, match):
        """One condition in words, with links to the reviews that it was found in."""
        row = self.env["cs.words"]._say_finding(finding, match)
        # what else a point may be of has no page of its own
        links = finding.condition.metric.records == "review"
        return {
            **row,
            "mark": self.env._("Met") if finding.met else self.env._("Not met"),
            "reviews": [
                {**point, "link": f"/odoo/cs-appraisals/{point['ref']}"}
                for point in row["points"]
                if links and point["ref"]
            ],
        }

    @api.model
    def _get_lines(self, decision):
        """One line for each condition, test or violation the decision rests on:
        ``✓ Quarterly score ≥ 91, in the latest review: Q1 2026: 94.67``."""
        lines = [
            f"{'✓' if each['met'] else '✗'} {each['required']}: {each['found']}"
            for each in self._get_findings(decision)
        ]
        evidence = decision._read_evidence()
        if evidence.get("unreadable"):
            lines.append(self._get_unreadable())
        if evidence.get("test"):
            lines.append(self.env["cs.words"]._say_test(evidence))
        if evidence.get("place"):
            lines.append(self._say_place(evidence))
        if decision.ground_type == "procedure":
            lines += decision.violation_ids.mapped("display_name")
        return lines

    @api.model
    def _get_evidence_violations(self, decision):
        """The violations it rests on, in words, and a link to each."""
        if decision.ground_type != "procedure":
            return []
        return [
            {
                "name": self.env["cs.words"]._say_violation(each),
                "link": f"/odoo/cs-violations/{each.id}",
            }
            for each in decision.violation_ids
        ]

    @api.model
    def _get_findings(self, decision):
        """What was required and what was found, in words, for each condition (policy 12)."""
        words = self.env["cs.words"]
        evidence = decision._read_evidence()
        kept, match = evidence.get("conditions", ()), evidence.get("match")
        return [words._say_finding(each, match) for each in words._read_findings(kept)]

    # ------------------------------------------------------------------ whether it still holds

    @api.model
    def _still_follows(self, decision, without):
        """Whether the decision would still be made without its withdrawn violations.

        :param without: violations that count as withdrawn, too
        """
        standing = decision.violation_ids.filtered(lambda each: each.state == "confirmed")
        left = set((standing - without).ids)
        try:
            # by its own evidence, less what has fallen: what is known today has no say in it
            return replay(keep_violations(read(decision.evidence), left)) is not None
        except EvidenceError:
            return False  # what it rests on has gone, and nothing readable says otherwise

    @api.model
    def _has_facts(self, decision, evidence):
        """Whether the decision rests on the same facts: reviews, violations, test."""
        # brought to one schema: another release's way to write the same is no other fact
        ours, theirs = decision._read_evidence(), read(evidence)
        if ours.get("unreadable") or "conditions" not in ours:
            return False
        return same_facts(ours, theirs)
