from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ...engine.calendar import add_months, month_end
from ...engine.facts import Closing
from ...engine.outlook import outlook
from ...engine.vocabulary import LONGER
from ..cs_period import short_name

CHART_COLUMNS = 24  # newest months, or quarters, that a chart shows


class CsPath(models.Model):
    """Where one agent stands and why: ladder, way up, what threatens, results so far (P4).

    One row for every employee on the ladder today, read from the dated employee records; its
    id is the employee's. Nothing is stored: every figure is what the closing will look at.
    """

    _name = "cs.path"
    _inherit = ["cs.name.search.mixin", "cs.empty.help.mixin"]
    _description = "CS Path"
    _auto = False
    _order = "department_id, employee_id"
    _name_parts = ("employee_id", "tier_id")

    employee_id = fields.Many2one("hr.employee", string="Agent", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    tier_id = fields.Many2one("cs.tier", readonly=True)
    tier_since = fields.Date(readonly=True)
    wage_agreed = fields.Boolean(
        string="Agreed Wage",
        readonly=True,
        groups="hr.group_hr_user,cs_promotion.group_office",
        help="The wage was agreed with the person: no tier, policy or decision changes it (W6).",
    )
    joined = fields.Date(compute="_compute_joined")
    last_score = fields.Float(compute="_compute_last", digits=(5, 2))
    last_rank = fields.Integer(compute="_compute_last")
    ladder_html = fields.Html(compute="_compute_ladder_html", sanitize=False, string="Ladder")
    decided_html = fields.Html(compute="_compute_decided_html", sanitize=False, string="Decided")
    upwards_html = fields.Html(compute="_compute_outlook", sanitize=False, string="Way Up")
    downwards_html = fields.Html(compute="_compute_outlook", sanitize=False, string="Watch Out")
    chart_html = fields.Html(compute="_compute_chart_html", sanitize=False, string="Chart")
    appraisal_ids = fields.Many2many("cs.appraisal", compute="_compute_records", string="Results")
    has_classes = fields.Boolean(compute="_compute_records")
    has_class_notes = fields.Boolean(compute="_compute_records")
    decision_ids = fields.Many2many("cs.decision", compute="_compute_records", string="Decisions")
    violation_ids = fields.Many2many(
        "cs.violation", compute="_compute_records", string="Violations"
    )
    award_ids = fields.Many2many("cs.award", compute="_compute_records", string="Titles")

    @property
    def _table_query(self):
        companies = self.env["res.company"].sudo().with_context(active_test=False).search([])
        # one row an employee, by the version in force on the company's own day
        return SQL(
            """
            SELECT agent.id, agent.id AS employee_id, agent.company_id, version.department_id,
                   version.cs_tier_id AS tier_id, version.cs_tier_since AS tier_since,
                   version.cs_wage_agreed AS wage_agreed
              FROM hr_employee agent
              JOIN unnest(%(companies)s::int[], %(days)s::date[]) AS company (id, today)
                ON company.id = agent.company_id
              JOIN LATERAL (
                    SELECT * FROM hr_version
                     WHERE employee_id = agent.id AND active
                       AND date_version <= company.today
                     ORDER BY date_version DESC LIMIT 1
                   ) version ON TRUE
             WHERE agent.active AND version.cs_tier_id IS NOT NULL
               AND version.contract_date_start <= company.today
               AND (version.contract_date_end IS NULL OR version.contract_date_end >= company.today)
            """,
            companies=companies.ids,
            days=[company._cs_today() for company in companies],
        )

    @api.depends("employee_id", "tier_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for path in self:
            path.display_name = self.env._(
                "%(agent)s, %(tier)s", agent=path.employee_id.name, tier=path.tier_id.name
            )

    def _compute_joined(self):
        joined = self._get_joined()
        for path in self:
            path.joined = joined[path.id]

    def _get_joined(self):
        """Employee id -> first day of the present employment in the present company (R5)."""
        timelines = self.env["cs.timeline"]._load(self.ids)
        return {
            path.id: timelines[path.id]
            .within(path.company_id.id)
            .joined(path.company_id._cs_today())
            or False
            for path in self
        }

    def _get_present(self, appraisals):
        """Those of these appraisals that count: of the present employment (R5)."""
        joined = self._get_joined()
        companies = {path.id: path.company_id for path in self}
        return appraisals.filtered(
            lambda each: (
                each.company_id == companies.get(each.employee_id.id)
                and each.date_end >= (joined[each.employee_id.id] or date.max)
            )
        )

    def _compute_last(self):
        latest = {}
        months = self.env["cs.appraisal"].search(
            [("employee_id", "in", self.ids), ("kind", "=", "month"), ("closed", "=", True)],
            order="date_start",
        )
        for appraisal in self._get_present(months):
            if appraisal.scored:
                latest[appraisal.employee_id.id] = appraisal
        for path in self:
            appraisal = latest.get(path.id)
            path.last_score = appraisal.score if appraisal else 0
            path.last_rank = appraisal.rank if appraisal else 0

    def _compute_records(self):
        """What the reader may see of the agent's records, newest first."""
        domain = [("employee_id", "in", self.ids)]
        found = {
            "appraisal_ids": self.env["cs.appraisal"].search([*domain, ("closed", "=", True)]),
            "decision_ids": self.env["cs.decision"].search(domain),
            "violation_ids": self.env["cs.violation"].search(domain),
            "award_ids": self.env["cs.award"].search(domain),
        }
        for name, records in found.items():
            by_agent = records.grouped(lambda record: record.employee_id.id)
            for path in self:
                path[name] = by_agent.get(path.id, records.browse())
        for path in self:
            path.has_classes = bool(path.appraisal_ids.class_id)
            path.has_class_notes = any(path.appraisal_ids.mapped("withheld"))

    @api.depends_context("lang")
    def _compute_ladder_html(self):
        for path in self:
            policy = path._get_policy()
            appointed = policy._get_ladder().appointed
            steps = [
                {
                    "tier": tier,
                    "line": line,
                    "own": tier == path.tier_id,
                    "appointed": tier.code in appointed,
                }
                for tier, line in policy._get_shown_rungs(path.tier_id)
            ]
            path.ladder_html = self._render(
                "cs_promotion.path_ladder",
                steps=steps,
                since=format_date(self.env, path.tier_since, date_format="medium"),
                currency=path.company_id.currency_id,
            )

    @api.depends_context("lang", "uid")
    def _compute_decided_html(self):
        """What is announced and has not taken effect yet; what is proposed only is no one's."""
        announced = self.env["cs.decision"].search(
            [("employee_id", "in", self.ids), ("state", "=", "announced")], order="effective_date"
        )
        by_agent = announced.grouped(lambda decision: decision.employee_id.id)
        page = self.env["cs.path.page"]
        for path in self:
            decided = [page._describe_announced(each) for each in by_agent.get(path.id, ())]
            path.decided_html = decided and path._render("cs_promotion.path_decided", rows=decided)

    @api.depends_context("lang", "uid")
    def _compute_outlook(self):
        for company, paths in self.grouped("company_id").items():
            paths.with_company(company)._set_outlook()

    def _set_outlook(self):
        """The rules that lift, and those that threaten, each as a card; of one company."""
        company = self.env.company
        day = company._cs_today()
        self.upwards_html = self.downwards_html = False
        policy = self.env["cs.policy"]._get_in_force(company, day)
        if not policy:
            return
        compiled, coming = policy._compile(), self._get_coming(company)
        timelines = self.env["cs.timeline"]._load(self.ids, company)
        known = self.env["cs.facts"]._load(
            timelines, Closing(day), company, compiled.metrics.values()
        )
        page = self.env["cs.path.page"]
        # where only so many may be on a rung, how many are there is part of the outlook
        places = self.env["cs.places"]
        posts = places._load_posts(company, coming.effective) if compiled.places else {}
        applied = self.env["cs.application"]._load_applied(compiled, self.ids, company)
        for facts in known:
            cards = {True: page._describe_probation(compiled, facts), False: []}
            for each in outlook(compiled, facts, coming):
                day = applied.get((facts.agent, each.rule.code))
                card = page._describe(each, policy, day)
                card["places"] = page._describe_places(compiled, each, posts, facts.agent)
                cards[each.rule.outcome.lifts].append(card)
            path = self.browse(facts.agent)
            path.upwards_html, path.downwards_html = (
                self._render(
                    "cs_promotion.path_outlook",
                    cards=cards[upwards],
                    notes=page._get_notes(compiled, facts, upwards),
                    terms=page._describe_terms(facts) if upwards else [],
                    upwards=upwards,
                )
                for upwards in (True, False)
            )

    @api.depends_context("lang")
    def _compute_chart_html(self):
        for path in self:
            present = path._get_present(path.appraisal_ids.filtered("scored"))
            results = present.sorted("date_start").grouped("kind")
            charts = [
                (kind, self._draw_chart(results[kind][-CHART_COLUMNS:]))
                for kind in ("month", *LONGER)
                if kind in results
            ]
            path.chart_html = self._render("cs_promotion.path_chart", charts=charts)

    @api.model
    def _draw_chart(self, appraisals):
        """Coordinates of the score line: one column a period, up to 100 points or as many as
        there are.

        :return: dict(width, height, points=[dict(x, y, appraisal, title, label)], line, grid)
        """
        left, top, step, height = 34, 22, 42, 130
        # the axis begins below the lowest score: small differences are to be seen
        low = min([60.0, *appraisals.mapped("score")]) // 10 * 10
        high = max([100.0, *appraisals.mapped("score")])
        step_up = 10 if high - low <= 100 else 100

        def place(score):
            return round(top + height * (high - score) / (high - low), 1)

        points = [
            {
                "x": left + step * index + step // 2,
                "y": place(appraisal.score),
                "appraisal": appraisal,
                "title": self._get_point_title(appraisal),
                "label": short_name(self.env, appraisal.kind, appraisal.date_start),
                "year": f"{appraisal.date_start:%Y}"
                if index == 0 or appraisal.date_start.month == 1
                else "",
            }
            for index, appraisal in enumerate(appraisals)
        ]
        return {
            "width": left + step * len(points) + 8,
            "height": top + height + 44,
            "bottom": top + height,
            "left": left,
            "points": points,
            "line": " ".join(f"{point['x']},{point['y']}" for point in points),
            "grid": [(score, place(score)) for score in range(int(low), int(high) + 1, step_up)],
        }

    @api.model
    def _get_point_title(self, appraisal):
        """What the pointer shows; in code, as a title in a template is not translated."""
        return self.env._(
            "%(month)s: %(score)s, rank %(rank)s",
            month=appraisal.cycle_id.name,
            score=f"{appraisal.score:.2f}",
            rank=appraisal.rank,
        )

    def _get_policy(self):
        """The policy in force today (O5)."""
        self.ensure_one()
        return self.env["cs.policy"]._get_in_force(self.company_id, self.company_id._cs_today())

    @api.model
    def _get_coming(self, company):
        """The next month's end to be closed: the one after the last that was."""
        # months that are late are closed in their order: the next one is the one after the last
        last = self.env["cs.cycle"]._get_last_closed(company)
        today = company._cs_today()
        end = add_months(last.date_end.replace(day=1), 1) if last else today
        return Closing(month_end(end))

    @api.model
    def _render(self, template, **values):
        return self.env["ir.qweb"]._render(template, values)

    @api.model
    def action_open_mine(self):
        """Open the reader's own page. Those who are not on the ladder get a friendly word and
        what concerns them: a superior the sheets to score, anyone else the board."""
        own = self.search(
            [
                ("employee_id.user_id", "=", self.env.uid),
                ("company_id", "in", self.env.companies.ids),
            ],
            limit=1,
        )
        if not own:
            leads = self.search_count(
                [("employee_id.parent_id.user_id", "=", self.env.uid)], limit=1
            )
            page = "cs_appraisal_sheet_action_to_score" if leads else "cs_board_action_latest"
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "info",
                    "message": self.env._("You are not on the customer service ladder."),
                    "next": f"cs_promotion.{page}",
                },
            }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("My Path"),
            "res_model": self._name,
            "res_id": own.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
