from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ...engine.calendar import add_months, day_after
from ...engine.rule import DEMOTE, REVIEW
from ..cs_notice_mixin import MANAGER

KEEP = "keep"


class CsTermMixin(models.AbstractModel):
    """What runs for a term about one agent, may be extended, and is ended by a rule or a person.

    A rule ends it when a month is closed and the term is over; where none does, people are asked
    to (:meth:`cs.term._cron_ask`). A person's step is a decision with its reason as written
    grounds: announced with letter and notice like any other, and done when it is applied.
    """

    _name = "cs.term.mixin"
    _inherit = ["cs.employee.mixin", "cs.notice.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "What Runs for a Term"
    _order = "date_from desc, id desc"
    _employed_date = "date_from"
    _name_parts = ("employee_id", "date_from")

    _end_field = None  # the field of a decision that names what it ends
    _begin_field = None  # the field of a rule that begins it

    department_id = fields.Many2one(related="employee_id.department_id")
    date_from = fields.Date(string="From", required=True, tracking=True)
    date_until = fields.Date(
        string="Until", required=True, tracking=True, help="The last day, extensions counted."
    )
    extended = fields.Integer(string="Extended by Months", readonly=True, copy=False, tracking=True)
    decision_id = fields.Many2one(
        "cs.decision",
        string="Begun By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    end_decision_id = fields.Many2one(
        "cs.decision",
        string="Ended By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    ended_on = fields.Date(readonly=True, copy=False, help="The day from which it runs no more.")
    open_decision_id = fields.Many2one(
        "cs.decision",
        compute="_compute_open_decision_id",
        compute_sudo=True,  # which one it is, whoever may open it
        string="Announced",
        help="The decision that ends it, once it is applied.",
    )
    # computed as sudo: only whether, not why, is told
    can_decide = fields.Boolean(
        compute="_compute_can_decide", compute_sudo=True, help="The reader may end it now."
    )

    _days_check = models.Constraint(
        "CHECK(date_until >= date_from)", "It ends on the day it begins or later."
    )

    @api.model_create_multi
    def create(self, vals_list):
        created = super().create(vals_list)
        if created:
            self.env.registry.clear_cache("stable")  # there is a menu for them now
        return created

    @api.model
    @ormcache(cache="stable")
    def _is_any(self):
        """Whether there is any, or a rule that would begin one."""
        # sudo: of all companies, as menus are those of all
        found = self.sudo().search_count([], limit=1)
        return bool(found) or self.env["cs.policy.rule"]._is_any(self._begin_field)

    @api.depends("employee_id", "date_from")
    def _compute_display_name(self):
        for each in self:
            each.display_name = self._join_name(each.employee_id.name, each.date_from)

    def _get_frozen(self):
        """What is over stays as it was."""
        return self.filtered(lambda each: each.state != "running")

    @api.depends(lambda self: ["ending_ids.state"] if "ending_ids" in self._fields else [])
    def _compute_open_decision_id(self):
        for each in self:
            each.open_decision_id = each.ending_ids.filtered(
                lambda decision: decision.state in ("proposed", "announced")
            )[:1]

    @api.depends("employee_id", "open_decision_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        manager = self.env.user.has_group(MANAGER)
        for each in self:
            each.can_decide = bool(
                each.id and manager and not each._is_own() and not each._get_end_fault()
            )

    # ------------------------------------------------------------------ the steps

    def action_keep(self):
        """End it well."""
        return self._ask_step("keep")

    def action_down(self):
        """End it with a step down."""
        return self._ask_step("down")

    def action_extend(self):
        """Let it run for a month more."""
        return self._ask_step("extend")

    def _ask_step(self, verb):
        self._check_may(MANAGER)
        return self.env["cs.reason"]._ask(f"{self._end_field.removesuffix('_id')}_{verb}", self)

    def _get_step_fault(self, step):
        return self._get_end_fault()

    def _get_end_fault(self):
        """Why it cannot be ended or extended now."""
        self.ensure_one()
        if self.state != "running":
            return self.env._("%s runs no more.", self.display_name)
        if self.open_decision_id:
            return self.env._(
                "%(term)s: %(decision)s ends it already.",
                term=self.display_name,
                decision=self.open_decision_id.display_name,
            )
        return None

    def _describe_step(self, step):
        lines = super()._describe_step(step)
        for each in self:
            if step.endswith("_extend"):
                lines.append(
                    self.env._(
                        "it runs until %s",
                        self.env["cs.words"]._say_day(each._get_extended()),
                    )
                )
            elif step.endswith("_down"):
                lines.append(
                    self.env._(
                        "from today on %(agent)s is %(tier)s",
                        agent=each.employee_id.name,
                        tier=each._get_tier_below(each.company_id._cs_today()).name,
                    )
                )
        return lines

    def _keep(self, reason, day=None):
        return self._decide(KEEP, reason, day)

    def _send_down(self, reason, day=None):
        return self._decide(DEMOTE, reason, day)

    def _review(self, reason, day=None):
        return self._decide(REVIEW, reason, day)

    def _extend(self, reason):
        """A month more; the reason stands in the history."""
        for each in self:
            each.write({"date_until": each._get_extended(), "extended": each.extended + 1})
            each.message_post(body=reason)
        self.activity_unlink([self.env["cs.term"]._activity])

    def _get_extended(self):
        """The last day with a month more: of a whole month again the last."""
        return fields.Date.subtract(add_months(day_after(self.date_until), 1), days=1)

    def _decide(self, outcome, reason, day=None):
        """A person's decision on each of these, announced; a manager has made it, so that nobody
        is asked to approve."""
        decisions = self.env["cs.decision"]
        for each in self:
            today = each.company_id._cs_today()
            decision = self.env["cs.decision"].create(
                {
                    "employee_id": each.employee_id.id,
                    "company_id": each.company_id.id,
                    "outcome": outcome,
                    "tier_to_id": outcome == DEMOTE and each._get_tier_below(day or today).id,
                    "effective_date": day or today,
                    "grounds": reason,
                    self._end_field: each.id,
                }
            )
            decision._check_possible("approve")
            decision.approved_by = self.env.user
            decision._announce(day or today)
            decisions |= decision
        self.activity_unlink([self.env["cs.term"]._activity])
        return decisions

    def _get_tier_below(self, day):
        """The rung that a person sends the agent down to."""
        self.ensure_one()
        held = self._get_timeline().at(day)
        tier = self.env["cs.tier"].browse(held.tier if held else None)
        policy = self.env["cs.policy"]._get_in_force(self.company_id, day)
        below = policy._get_ladder().below(tier.code) if policy and tier else None
        return next((each for each in policy._get_rungs() if each.code == below), tier.browse())

    # ------------------------------------------------------------------ its end

    def _end(self, state, day, decision=None):
        """It runs no more from this day on."""
        self.write(
            {
                "state": state,
                "ended_on": day,
                "end_decision_id": decision.id if decision else False,
            }
        )
        self.activity_unlink([self.env["cs.term"]._activity])

    def _run_again(self):
        """What ended it has been taken back."""
        self.write({"state": "running", "ended_on": False, "end_decision_id": False})

    @api.constrains("date_from", "employee_id", "ended_on")
    def _check_one_runs(self):
        """One at a time."""
        running = self.filtered(lambda each: each.state == "running")
        groups = self._read_group(
            [("employee_id", "in", running.employee_id.ids), ("state", "=", "running")],
            ["employee_id", "company_id"],
            having=[("__count", ">", 1)],
        )
        for employee, _company in groups:  # sudo: the name alone, of one whom the caller named
            raise ValidationError(
                self.env._(
                    "%(kind)s: one runs for %(agent)s already.",
                    kind=self._description,
                    agent=employee.sudo().name,
                )
            )
