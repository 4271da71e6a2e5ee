import json
from fractions import Fraction

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.decimals import plain
from ...engine.evidence import finding_json, read_condition
from ...engine.facts import Closing
from ...engine.near import may_be_near, nearest

OFFICE = "cs_promotion.group_office"
SHOWN = 20  # lines that each part of the summary shows


class CsCycle(models.Model):
    """What a closing came to, on one page that stays: who was ranked, left out, promoted, and
    who came close."""

    _inherit = "cs.cycle"

    summary_html = fields.Html(
        compute="_compute_summary_html", sanitize=False, groups=OFFICE, string="Summary"
    )

    @api.depends_context("lang", "uid")
    def _compute_summary_html(self):
        for cycle in self:
            cycle.summary_html = cycle.closed_on and self.env["ir.qweb"]._render(
                "cs_promotion.cycle_summary",
                {
                    "cycle": cycle,
                    "departments": cycle._get_summary_departments(),
                    "left_out": cycle._get_summary_left_out(),
                    "violations": cycle._get_summary_violations(),
                    "decisions": cycle._get_summary_decisions(),
                    "kinds": cycle._get_summary_kinds(),
                    "close_calls": cycle._get_summary_close_calls(),
                    "siblings": cycle._get_summary_siblings(),
                },
            )

    @api.model
    def _get_shown(self, model, domain, order):
        """The first records, and words for how many there are besides."""
        records = self.env[model].search(domain, order=order, limit=SHOWN + 1)
        if len(records) <= SHOWN:
            return records, ""
        return records[:SHOWN], self._say_more(self.env[model].search_count(domain) - SHOWN)

    @api.model
    def _say_more(self, count):
        return self.env._("… and %s more", count) if count > 0 else ""

    @api.model
    def _get_names(self, records):
        """Employee id -> name, of the agents of records that the reader was given.

        Past the rules of employees: a colleague's name is public, but for a reader without
        rights on employees it would be read one by one.
        """
        return {employee.id: employee.name for employee in records.employee_id.sudo()}

    def _get_summary_departments(self):
        """Each department: how many were ranked, their mean, and who is first."""
        ranked = Domain("cycle_id", "=", self.id) & Domain("rank", ">", 0)
        appraisals = self.env["cs.appraisal"]
        groups = appraisals._read_group(
            ranked, ["department_id"], ["__count", "score:avg"], limit=SHOWN
        )
        first = appraisals.search(
            ranked
            & Domain("rank", "=", 1)
            & Domain("department_id", "in", [department.id for department, *_rest in groups]),
            order="department_id, employee_id",
        )
        names, first = self._get_names(first), first.grouped("department_id")
        return [
            {
                "name": department.name or self.env._("No department"),
                "count": count,
                "mean": f"{mean:.2f}",
                "first": [
                    (f"/odoo/cs-appraisals/{each.id}", names[each.employee_id.id])
                    for each in first.get(department, appraisals)[:SHOWN]
                ],
            }
            for department, count, mean in groups
        ]

    def _get_summary_left_out(self):
        """Who has no rank, and why: left out, or without a score."""
        appraisals, more = self._get_shown(
            "cs.appraisal",
            Domain("cycle_id", "=", self.id)
            & (Domain("excluded", "=", True) | Domain("rank", "=", 0)),
            "department_id, employee_id",
        )
        names = self._get_names(appraisals)
        return {
            "rows": [
                {
                    "name": names[each.employee_id.id],
                    "link": f"/odoo/cs-appraisals/{each.id}",
                    "text": each.excluded_reason or self.env._("no score"),
                }
                for each in appraisals
            ],
            "more": more,
        }

    def _get_summary_violations(self):
        """The violations that the closing raised, fine and all (V3)."""
        violations, more = self._get_shown(
            "cs.violation", Domain("cycle_id", "=", self.id), "employee_id, id"
        )
        names = self._get_names(violations)
        return {
            "rows": [
                {
                    "name": names[each.employee_id.id],
                    "link": f"/odoo/cs-violations/{each.id}",
                    "text": self.env._(
                        "%(description)s; fine %(fine)s",
                        description=each.description or each.type_id.name,
                        fine=each.currency_id.format(each.fine),
                    ),
                    "fallen": each.state == "withdrawn",
                }
                for each in violations
            ],
            "more": more,
        }

    def _get_summary_kinds(self):
        """How many standing decisions of each kind, those that there are."""
        labels = dict(self.env["cs.decision"]._fields["kind"]._description_selection(self.env))
        groups = self.env["cs.decision"]._read_group(
            Domain("cycle_id", "=", self.id) & Domain("state", "not in", ("withdrawn", "rejected")),
            ["kind"],
            ["__count"],
        )
        return [(labels.get(kind, ""), count) for kind, count in groups]

    def _get_summary_decisions(self):
        decisions, more = self._get_shown(
            "cs.decision", Domain("cycle_id", "=", self.id), "kind, employee_id, id"
        )
        labels = dict(decisions._fields["kind"]._description_selection(self.env))
        names, rows = self._get_names(decisions), []
        for each in decisions:
            move = " → ".join(filter(None, (each.tier_from_id.name, each.tier_to_id.name)))
            rows.append(
                {
                    "name": names[each.employee_id.id],
                    "link": f"/odoo/cs-decisions/{each.id}",
                    "text": ": ".join(filter(None, (labels.get(each.kind), move))),
                    "ground": each.ground_name,
                    "fallen": each.state in ("withdrawn", "rejected"),
                }
            )
        return {"rows": rows, "more": more}

    def _get_summary_siblings(self):
        """What was closed together with it: the month's quarter, or the other way round."""
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("date_end", "=", self.date_end),
                ("closed_on", "!=", False),
                ("id", "!=", self.id),
            ]
        )

    def _get_summary_close_calls(self):
        """Who came close to a promotion: what was missing, nearest first."""
        self.env["cs.appraisal"].flush_model(["close_call"])
        # the closing is of one company, whose cycle the reader may see; who is about whom the
        # reader may not know is left out below
        stored = self.env.execute_query(
            SQL(
                "SELECT id, close_call FROM cs_appraisal"
                " WHERE cycle_id = ANY(%s) AND close_call IS NOT NULL",
                self.search(
                    [
                        ("company_id", "=", self.company_id.id),
                        ("kind", "=", "month"),
                        ("date_end", "=", self.date_end),
                    ]
                ).ids,
            )
        )
        nearest_first = sorted(stored, key=lambda row: (Fraction(row[1]["gap"]), row[0]))
        shown = dict(nearest_first[:SHOWN])
        rules = {rule.code: rule.name for rule in self.policy_id.rule_ids}
        appraisals = self.env["cs.appraisal"].search([("id", "in", list(shown))])
        names = self._get_names(appraisals)
        rows = [
            {
                "name": names[each.employee_id.id],
                "link": f"/odoo/cs-appraisals/{each.id}",
                "rule": rules.get(shown[each.id]["rule"]) or shown[each.id]["rule"],
                **self._describe_close_call(shown[each.id]["finding"]),
            }
            for each in appraisals.sorted(lambda each: list(shown).index(each.id))
        ]
        return {"rows": rows, "more": self._say_more(len(stored) - len(shown))}

    @api.model
    def _describe_close_call(self, finding):
        found = self.env["cs.decision"]._describe_found(finding)
        if finding["needed"] and finding["needed"] > 1:
            found = self.env._(
                "%(found)s; %(count)s of %(needed)s",
                found=found,
                count=plain(finding["count"]),
                needed=plain(finding["needed"]),
            )
        return {
            "required": self.env["cs.policy.condition"]._get_sentence(
                read_condition(finding["required"])
            ),
            "found": found,
        }

    def _judge(self, appraisals):
        """Judging done, note who came close, too."""
        result = super()._judge(appraisals)
        if self.state == "closing":
            self._note_close_calls(appraisals)
        return result

    def _note_close_calls(self, appraisals):
        """Keep for each agent without a decision which rule failed by little; in one statement."""
        policy = self.policy_id._compile()
        calls = {
            agent: {
                "rule": near.rule.code,
                "finding": finding_json(near.finding),
                "gap": str(near.gap),
            }
            for agent, near in self._find_close_calls(policy, appraisals.employee_id.ids)
        }
        by_agent = {
            each.employee_id.id: each.id for each in appraisals if each.employee_id.id in calls
        }
        self.env.execute_query(
            SQL(
                """
                UPDATE cs_appraisal appraisal
                   SET close_call = (
                        SELECT call.found::jsonb
                          FROM unnest(%s::int[], %s::text[]) AS call (id, found)
                         WHERE call.id = appraisal.id
                       )
                 WHERE appraisal.id = ANY(%s)
                   AND (appraisal.close_call IS NOT NULL OR appraisal.id = ANY(%s))
             RETURNING 1
                """,
                list(by_agent.values()),
                [json.dumps(calls[agent]) for agent in by_agent],
                appraisals.ids,
                list(by_agent.values()),
            )
        )
        appraisals.invalidate_recordset(["close_call"])

    def _find_close_calls(self, policy, employee_ids):
        """Pairs (employee id, :class:`~..engine.near.Near`)."""
        closing = Closing(self.date_end)
        decided = set(
            self.env["cs.decision"]
            .search(
                [
                    ("cycle_id", "=", self.id),
                    ("employee_id", "in", employee_ids),
                    ("state", "not in", ("withdrawn", "rejected")),
                ]
            )
            .employee_id.ids
        )
        company = self.company_id
        timelines = self.env["cs.timeline"]._load(
            [id_ for id_ in employee_ids if id_ not in decided], company
        )
        known = self.env["cs.facts"]._load_for(may_be_near, policy, timelines, closing, company)
        for facts in known:
            if closing.effective not in facts.decided:
                near = nearest(policy, facts, closing)
                if near:
                    yield facts.agent, near
