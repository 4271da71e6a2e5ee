from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.calendar import complete_months, day_after, month_start
from ...engine.facts import PLAN, TRIAL, Term
from ...engine.rule import MONTHS_MAX
from ...engine.series import Point
from ..cs_notice_mixin import MANAGER
from ..many import any_of
from ..scheduled import take_batches

KINDS = {TRIAL: "cs.trial", PLAN: "cs.plan"}


class CsTermLoader(models.AbstractModel):
    """Trials and improvement plans of many agents: which run, for rules and metrics; and people
    are asked where a term is over and no rule has ended it."""

    _name = "cs.term"
    _description = "CS Trials and Plans"

    _activity = "cs_promotion.mail_activity_term_over"

    # ------------------------------------------------------------------ for the engine

    @api.model
    def _load(self, timelines, closing, company):
        """Employee id -> pairs (kind, :class:`~...engine.facts.Term`) of what runs on the last day
        of a period; a trial as long as its rung is held."""
        codes = {id_: code for code, id_ in self.env["cs.tier"]._get_ids_by_code().items()}
        found = defaultdict(list)
        for kind, id_, employee, start, until, _tier, before in self._find_running(
            timelines, company, closing.end
        ):
            found[employee].append((kind, Term(start, until, codes.get(before), id_)))
        return found

    @api.model
    def _find_running(self, timelines, company, day):
        """Rows (kind, id, employee, first, last day, tier, tier before) of what runs on a day:
        what has an end by now ran until then."""
        for model in KINDS.values():
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT 'trial', id, employee_id, date_from, date_until, tier_id, tier_from_id
                  FROM cs_trial
                 WHERE employee_id = %(ids)s AND company_id = %(company)s
                   AND date_from <= %(day)s AND (ended_on IS NULL OR ended_on > %(day)s)
                 UNION ALL
                SELECT 'plan', id, employee_id, date_from, date_until, NULL, NULL
                  FROM cs_plan
                 WHERE employee_id = %(ids)s AND company_id = %(company)s
                   AND date_from <= %(day)s AND (ended_on IS NULL OR ended_on > %(day)s)
                 ORDER BY 1 DESC, 2
                """,
                ids=any_of(timelines),
                company=company.id,
                day=day,
            )
        )
        for row in rows:
            _kind, _id, employee, start, _until, tier, _before = row
            held = timelines[employee].last_in(month_start(day), day)
            # a rung that was left in another way is on trial no more, nor is anything planned on it
            if self._is_held(held, start, tier):
                yield row

    @api.model
    def _load_series(self, codes, scope):
        """Months in what runs, months since a trial that was not passed, plans begun: a source of
        ``cs.vocabulary``."""
        loaders = {
            "trial_months": self._load_months,
            "plan_months": self._load_months,
            "months_since_trial": self._load_months_since,
            "plans": self._load_plans,
        }
        return {code: loaders[code](code, scope) for code in codes}

    @api.model
    def _load_months(self, code, scope):
        """One value of the day: complete months in what runs; none where nothing does."""
        kind, now = code.removesuffix("_months"), day_after(scope.until)
        return {
            employee: (Point(scope.until, scope.until, complete_months(start, now), id_),)
            for found, id_, employee, start, *_rest in self._find_running(
                scope.timelines, scope.company, scope.until
            )
            if found == kind
        }

    @api.model
    def _load_months_since(self, _code, scope):
        """Complete months since the agent was last sent back from a trial; the most there are of
        one who never was: no waiting time is left."""
        self.env["cs.trial"].flush_model()
        ended = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT employee_id, max(ended_on) FROM cs_trial
                     WHERE employee_id = %s AND company_id = %s AND state = 'returned'
                       AND ended_on <= %s
                     GROUP BY employee_id
                    """,
                    any_of(scope.ids),
                    scope.company.id,
                    scope.until,
                )
            )
        )
        day, now = scope.until, day_after(scope.until)
        return {
            id_: (
                Point(day, day, complete_months(ended[id_], now) if id_ in ended else MONTHS_MAX),
            )
            for id_ in scope.ids
        }

    @api.model
    def _load_plans(self, _code, scope):
        """The days on which plans began; one whose decision was withdrawn never did."""
        self.env["cs.plan"].flush_model()
        begun = defaultdict(list)
        for employee, day, id_ in self.env.execute_query(
            SQL(
                """
                SELECT employee_id, date_from, id FROM cs_plan
                 WHERE employee_id = %s AND company_id = %s AND date_from <= %s
                   AND (ended_on IS NULL OR ended_on > date_from)
                 ORDER BY date_from, id
                """,
                any_of(scope.ids),
                scope.company.id,
                scope.until,
            )
        ):
            begun[employee].append(Point(day, day, 1, id_))
        return begun

    # ------------------------------------------------------------------ what is over

    @api.model
    def _cron_ask(self):
        """Cancel what has lost its ground, and ask people about what is over (scheduled daily)."""
        for model in KINDS.values():
            for day, ours in self.env["res.company"]._cs_days():
                self._cancel_left(self._find_all_running(model, ours), day)
                take_batches(
                    lambda model=model, day=day, ours=ours: self._find_over(model, day, ours),
                    self._ask,
                )

    @api.model
    def _find_all_running(self, model, companies):
        return self.env[model].search(Domain("state", "=", "running") & companies)

    @api.model
    def _cancel_all(self, day, companies):
        """End what has lost its ground, without asking anybody about the rest."""
        for model in KINDS.values():
            self._cancel_left(self._find_all_running(model, companies), day)

    @api.model
    def _cancel_left(self, running, day):
        """End what runs for agents who have left the ladder, or the rung on which it began."""
        timelines = self.env["cs.timeline"]._load(running.employee_id.ids)
        for each in running.filtered(lambda each: each.date_from <= day):
            held = each._get_timeline(timelines).at(day)
            tier = each._name == KINDS[TRIAL] and each.tier_id.id
            if not held or not held.tier:
                each._end("cancelled", day)
            elif not self._is_held(held, each.date_from, tier):
                each._end("cancelled", max(held.tier_since, each.date_from))

    @api.model
    def _is_held(self, held, start, tier):
        """Whether the rung is held still on which something began to run.

        :param tier: that of a trial, which begins with it
        """
        if not held:
            return False
        return (held.tier, held.tier_since) == (tier, start) if tier else held.tier_since <= start

    @api.model
    def _find_over(self, model, day, companies):
        """What runs beyond its term: no rule ended it when its last month was closed, or none
        could; nothing that ends it is announced, and nobody has been asked yet."""
        over = self.env[model].search(
            Domain("state", "=", "running") & Domain("date_until", "<", day) & companies
        )
        asked = self.env["mail.activity"].search(
            [
                ("res_model", "=", model),
                ("res_id", "in", over.ids),
                ("activity_type_id", "=", self.env.ref(self._activity).id),
            ]
        )
        over -= over.browse(asked.mapped("res_id"))
        return over.filtered(
            lambda each: not each.open_decision_id and not self._waits_for_closing(each)
        )

    @api.model
    def _waits_for_closing(self, term):
        """Whether a rule may end it yet: its last month is not closed."""
        last = self.env["cs.cycle"]._get_last_closed(term.company_id)
        if last and term.date_until <= last.date_end:
            return False
        policy = self.env["cs.policy"]._get_in_force(term.company_id, month_start(term.date_until))
        kind = term._end_field.removesuffix("_id")
        return kind in policy.rule_ids.mapped("during")

    @api.model
    def _ask(self, terms):
        """A to-do for the managers of the company and the direct superior: how does it end?"""
        for company, ours in terms.grouped("company_id").items():
            managers = ours._get_group_users(MANAGER, company)
            for term in ours:
                superior = term._get_superior_partner().user_ids
                term._schedule_for(
                    (managers | superior) - term._get_own_users(),
                    self._activity,
                    date_deadline=company._cs_today(),
                    summary=lambda words: words.env._(
                        "The term is over: end or extend it, %s", words.display_name
                    ),
                )
