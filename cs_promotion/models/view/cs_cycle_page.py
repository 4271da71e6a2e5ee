from fractions import Fraction

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

SHOWN = 12  # departments, and raters, whose progress is shown each by itself
LINES = 20  # lines that each part of the summary shows


class CsCyclePage(models.AbstractModel):
    """What HR's cockpit shows of a cycle: who still has to score while it is open; once it is
    closed what it came to, on one page that stays: who was ranked, left out, promoted, and who
    came close."""

    _name = "cs.cycle.page"
    _description = "Pages of a CS Review Cycle"

    # ------------------------------------------------------------------ progress

    @api.model
    def _render_progress(self, cycle):
        """How far each department and each rater is."""
        departments, raters = self._get_progress(cycle)
        return self.env["ir.qweb"]._render(
            "cs_promotion.cycle_progress",
            {"departments": departments, "raters": raters, "late": cycle.late},
        )

    @api.model
    def _get_progress(self, cycle):
        """How many sheets are in, by department and by rater.

        :return: two lists of dict(name, done, total, percent), the slowest first
        """
        departments, raters = {}, {}
        # sudo: how many sheets a rater owes tells nothing of what is on them
        sheets = self.env["cs.appraisal.sheet"].sudo()
        for department, person, role, state, count in sheets._read_group(
            cycle._get_sheets_domain(),
            ["department_id", "rater_id", "role", "state"],
            ["__count"],
        ):
            for rows, key in ((departments, (department,)), (raters, (role, person))):
                row = rows.setdefault(key, {"done": 0, "total": 0})
                row["total"] += count
                row["done"] += count if state == "submitted" else 0
        return (
            self._get_progress_rows(departments, ["name"]),
            self._get_progress_rows(raters, ["name", "user_id"]),
        )

    @api.model
    def _get_progress_rows(self, rows, columns):
        """The slowest by name, the others in one row: a page that many departments do not slow
        down.

        :param rows: key that ends with a record -> dict(done, total)
        :param columns: what the name takes of that record
        """

        def with_name(name, row):
            return {"name": name, "percent": 100 * row["done"] // row["total"], **row}

        ordered = sorted(rows.items(), key=lambda item: item[1]["done"] / item[1]["total"])
        many = len(ordered) > SHOWN + 1
        shown, others = (ordered[:SHOWN], ordered[SHOWN:]) if many else (ordered, [])
        if shown:  # the names of the others are not read
            records = [key[-1] for key, _row in shown]
            records[0].union(*records).fetch(columns)
        named = [with_name(self._get_progress_name(*key), row) for key, row in shown]
        named.sort(key=lambda row: (row["percent"], row["name"]))
        if others:
            together = {name: sum(row[name] for _key, row in others) for name in ("done", "total")}
            named.append(with_name(self.env._("%s others", len(others)), together))
        return named

    @api.model
    def _get_progress_name(self, *key):
        """The department's name, or the rater's: the office is one, superiors are many."""
        if len(key) == 1:
            return key[0].name or self.env._("No department")
        role, person = key
        rater = self.env["cs.vocabulary"]._get_raters().get(role)
        if rater and (rater.group or (rater.own and not person)):
            return rater.name
        if not person:
            return self.env._("%s: nobody is named", rater.name if rater else role)
        if not person.user_id:
            return self.env._("%s (paper, entered by the office)", person.name)
        return person.name

    # ------------------------------------------------------------------ summary

    @api.model
    def _render_summary(self, cycle):
        """What the closing came to."""
        return self.env["ir.qweb"]._render(
            "cs_promotion.cycle_summary",
            {
                "cycle": cycle,
                "departments": self._get_departments(cycle),
                "left_out": self._get_left_out(cycle),
                "violations": self._get_violations(cycle),
                "decisions": self._get_decisions(cycle),
                "kinds": self._get_kinds(cycle),
                "close_calls": self._get_close_calls(cycle),
                "waiting": self._get_waiting(cycle),
                "siblings": self._get_siblings(cycle),
            },
        )

    @api.model
    def _get_shown(self, model, domain, order):
        """The first records, and words for how many there are besides."""
        records = self.env[model].search(domain, order=order, limit=LINES + 1)
        if len(records) <= LINES:
            return records, ""
        return records[:LINES], self._say_more(self.env[model].search_count(domain) - LINES)

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

    @api.model
    def _get_departments(self, cycle):
        """Each department: how many were ranked, their mean, and who is first of them, wherever
        all others are ranked with them."""
        ranked = Domain("cycle_id", "=", cycle.id) & Domain("rank", ">", 0)
        appraisals = self.env["cs.appraisal"]
        groups = appraisals._read_group(
            ranked, ["department_id"], ["__count", "score:avg", "rank:min"], limit=LINES
        )
        best = Domain.OR(
            Domain("department_id", "=", department.id) & Domain("rank", "=", rank)
            for department, _count, _mean, rank in groups
        )
        first = appraisals.search(ranked & best, order="department_id, employee_id")
        names, first = self._get_names(first), first.grouped("department_id")
        return [
            {
                "name": department.name or self.env._("No department"),
                "count": count,
                "mean": f"{mean:.2f}",
                "first": [
                    (f"/odoo/cs-appraisals/{each.id}", names[each.employee_id.id])
                    for each in first.get(department, appraisals)[:LINES]
                ],
            }
            for department, count, mean, _rank in groups
        ]

    @api.model
    def _get_left_out(self, cycle):
        """Who has no rank, and why: left out, or without a score."""
        appraisals, more = self._get_shown(
            "cs.appraisal",
            Domain("cycle_id", "=", cycle.id)
            & Domain("formless", "=", False)  # of whom the policy wants no score
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

    @api.model
    def _get_violations(self, cycle):
        """The violations that the closing raised, fine and all (V3)."""
        violations, more = self._get_shown(
            "cs.violation", Domain("cycle_id", "=", cycle.id), "employee_id, id"
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

    @api.model
    def _get_kinds(self, cycle):
        """How many standing decisions of each kind, those that there are."""
        labels = dict(self.env["cs.decision"]._fields["kind"]._description_selection(self.env))
        groups = self.env["cs.decision"]._read_group(
            Domain("cycle_id", "=", cycle.id)
            & Domain("state", "not in", ("withdrawn", "rejected")),
            ["kind"],
            ["__count"],
        )
        return [(labels.get(kind, ""), count) for kind, count in groups]

    @api.model
    def _get_decisions(self, cycle):
        decisions, more = self._get_shown(
            "cs.decision", Domain("cycle_id", "=", cycle.id), "kind, employee_id, id"
        )
        labels = dict(decisions._fields["kind"]._description_selection(self.env))
        names, rows = self._get_names(decisions), []
        for each in decisions:
            kind, move = labels.get(each.kind, ""), self.env["cs.words"]._say_move(each)
            rows.append(
                {
                    "name": names[each.employee_id.id],
                    "link": f"/odoo/cs-decisions/{each.id}",
                    "text": self.env._("%(kind)s: %(move)s", kind=kind, move=move)
                    if move
                    else kind,
                    "ground": each.ground_name,
                    "fallen": each.state in ("withdrawn", "rejected"),
                }
            )
        return {"rows": rows, "more": more}

    @api.model
    def _get_waiting(self, cycle):
        """Who met a rule and found no free place on the rung."""
        moved = self.env["cs.decision"].search(
            Domain("cycle_id", "=", cycle.id)
            & Domain("tier_to_id", "!=", False)
            & Domain("state", "not in", ("withdrawn", "rejected"))
        )
        appraisals, more = self._get_shown(
            "cs.appraisal",
            cycle._get_month_domain()
            & Domain("eligible", "=", True)
            & Domain("employee_id", "not in", moved.employee_id.ids),
            "department_id, employee_id",
        )
        names = self._get_names(appraisals)
        return {
            "rows": [
                {
                    "name": names[each.employee_id.id],
                    "link": f"/odoo/cs-appraisals/{each.id}",
                    "text": each.tier_id.name,
                }
                for each in appraisals
            ],
            "more": more,
        }

    @api.model
    def _get_siblings(self, cycle):
        """What was closed together with it: the month's quarter, or the other way round."""
        return cycle.search(
            [
                ("company_id", "=", cycle.company_id.id),
                ("date_end", "=", cycle.date_end),
                ("closed_on", "!=", False),
                ("id", "!=", cycle.id),
            ]
        )

    @api.model
    def _get_close_calls(self, cycle):
        """Who came close to a promotion: what was missing, nearest first."""
        self.env["cs.appraisal"].flush_model(["close_call"])
        # the closing is of one company, whose cycle the reader may see; who is about whom the
        # reader may not know is left out below
        stored = self.env.execute_query(
            SQL(
                "SELECT id, close_call FROM cs_appraisal"
                " WHERE cycle_id = ANY(%s) AND close_call IS NOT NULL",
                cycle.search(
                    [
                        ("company_id", "=", cycle.company_id.id),
                        ("kind", "=", "month"),
                        ("date_end", "=", cycle.date_end),
                    ]
                ).ids,
            )
        )
        # by SQL, as the ORM would read the whole column of a month to show twenty
        nearest_first = sorted(stored, key=lambda row: (Fraction(row[1]["gap"]), row[0]))
        shown = dict(nearest_first[:LINES])
        rules = {rule.code: rule.name for rule in cycle.policy_id.rule_ids}
        appraisals = self.env["cs.appraisal"].search([("id", "in", list(shown))])
        appraisals = appraisals.sorted(lambda each: list(shown).index(each.id))
        names, words = self._get_names(appraisals), self.env["cs.words"]
        findings = words._read_findings([shown[each.id]["finding"] for each in appraisals])
        rows = [
            {
                "name": names[each.employee_id.id],
                "link": f"/odoo/cs-appraisals/{each.id}",
                "rule": rules.get(shown[each.id]["rule"]) or shown[each.id]["rule"],
                "required": words._say_condition(finding.condition),
                "found": words._say_close(finding),
            }
            for each, finding in zip(appraisals, findings, strict=True)
        ]
        return {"rows": rows, "more": self._say_more(len(stored) - len(shown))}
