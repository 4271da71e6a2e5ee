from odoo import api, models

from ...engine.decimals import plain
from ...engine.evidence import read_condition
from ..cs_period import key_name


class CsEvidence(models.AbstractModel):
    """Evidence in words: required, found, met, and from which reviews (P4, policy 12)."""

    _name = "cs.evidence"
    _description = "Evidence in Words"

    @api.model
    def _render(self, decision):
        """What the decision rests on as a table, for its form."""
        matches = {
            "all": self.env._("All of these were required."),
            "any": self.env._("Any one of these was enough."),
        }
        evidence = decision._read_evidence()
        conditions = evidence.get("conditions", ())
        return self.env["ir.qweb"]._render(
            "cs_promotion.decision_evidence",
            {
                "conditions": [self._get_evidence_row(each) for each in conditions],
                "match": len(conditions) > 1 and matches.get(evidence.get("match")),
                "test": evidence.get("test") and self._describe_test(evidence),
                "violations": self._get_evidence_violations(decision),
                "grounds": self._get_shown_grounds(decision, evidence),
            },
        )

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
    def _get_evidence_row(self, finding):
        """One condition: what was required, the reviews found with links, what was counted."""
        condition = read_condition(finding["required"])
        counted = ""
        if finding["needed"] is not None:
            counted = self.env._(
                "%(count)s of %(needed)s", count=finding["count"], needed=finding["needed"]
            )
        return {
            "met": finding["met"],
            "mark": self.env._("Met") if finding["met"] else self.env._("Not met"),
            "required": self.env["cs.policy.condition"]._get_sentence(condition),
            "found": self._describe_found(finding),
            "reviews": [
                {
                    "met": each["met"],
                    "text": self._describe_review(
                        finding["required"]["metric"], each["key"], each["value"]
                    ),
                    "link": f"/odoo/cs-appraisals/{each['ref']}",
                }
                for each in finding["found"]
                if each.get("ref") and finding["required"]["records"] == "review"
            ],
            "counted": counted,
        }

    @api.model
    def _get_lines(self, decision):
        """One line for each condition, test or violation the decision rests on."""
        evidence = decision._read_evidence()
        lines = [self._describe_finding(each) for each in evidence.get("conditions", ())]
        if evidence.get("unreadable"):
            lines.append(self._get_unreadable())
        if evidence.get("test"):
            lines.append(self._describe_test(evidence))
        if decision.ground_type == "procedure":
            lines += decision.violation_ids.sudo().mapped("display_name")
        return lines

    @api.model
    def _get_evidence_violations(self, decision):
        """The violations it rests on: name with severity and fine, and a link."""
        if decision.ground_type != "procedure":
            return []
        severities = dict(
            self.env["cs.violation"]._fields["severity"]._description_selection(self.env)
        )
        return [
            {
                "name": self.env._(
                    "%(violation)s: %(severity)s, fine %(fine)s",
                    violation=each.display_name,
                    severity=severities.get(each.severity, ""),
                    fine=each.currency_id.format(each.fine),
                ),
                "link": f"/odoo/cs-violations/{each.id}",
            }
            for each in decision.violation_ids.sudo()
        ]

    @api.model
    def _describe_finding(self, finding):
        """``✓ Quarterly score ≥ 91, in the latest review: Q1 2026: 94.67``."""
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
        metric = finding["required"]["metric"]
        return " · ".join(
            self._describe_review(metric, each["key"], each["value"])
            + ("" if each["met"] else " ✗")
            for each in finding["found"]
        )

    @api.model
    def _describe_review(self, metric, key, value):
        """``July 2026: rank 6``, ``Q2 2026: 94.67``: one review, in the reader's words."""
        period = key_name(self.env, key)
        return self.env._(
            "%(period)s: %(found)s",
            period=period,
            found=self.env["cs.vocabulary"]._show(metric, value),
        )

    @api.model
    def _describe_test(self, evidence):
        test = evidence["test"]
        return self.env._(
            "Test of %(date)s: knowledge %(knowledge)s, skills %(skills)s; pass mark %(mark)s. "
            "On probation since %(since)s; months required: %(months)s.",
            date=test["date"],
            knowledge=plain(test["knowledge"]),
            skills=plain(test["skills"]),
            mark=plain(evidence["settings"]["pass_mark"]),
            since=evidence["agent"]["tier_since"],
            months=evidence["settings"]["probation_months"],
        )

    # ------------------------------------------------------------------ in the letter

    @api.model
    def _get_findings(self, decision):
        """What was required and what was found, a pair for each condition (policy 12)."""
        evidence = decision._read_evidence()
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
                    "required": decision.ground_name,
                    "found": self._describe_test(evidence),
                    "met": True,
                }
            )
        return findings
