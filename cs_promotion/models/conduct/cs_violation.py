from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.calendar import add_months, month_start
from ...engine.decimals import decimal
from ...engine.facts import Violation
from ..cs_notice_mixin import OFFICE
from ..cs_period import Month
from ..many import any_of


class CsViolation(models.Model):
    """A violation of discipline: reported by anyone in charge, confirmed by the office (V1-V4).

    What it leads to besides the fine - a step down, a dismissal review - is decided at the
    end of the month it counts in. Who is told of it is in ``cs_violation_notice_mixin.py``.
    """

    _name = "cs.violation"
    _inherit = [
        "cs.violation.notice.mixin",
        "cs.violation.fine.mixin",
        "cs.employee.mixin",
        "cs.sheet.agent.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "cs.proof.mixin",
    ]
    _description = "CS Violation"
    _order = "date desc, id desc"
    _employed_date = "date"
    _has_happened = True
    _writing_states = ("reported",)
    _name_parts = ("employee_id", "type_id", "date")
    _bounds = {"fine": (0, None)}

    department_id = fields.Many2one(related="employee_id.department_id")
    type_id = fields.Many2one(
        "cs.violation.type", required=True, ondelete="restrict", tracking=True
    )
    date = fields.Date(
        required=True, default=lambda self: self.env.company._cs_today(), tracking=True
    )
    description = fields.Text(help="What happened, and what proves it.")
    severity = fields.Selection(
        [("minor", "Minor"), ("moderate", "Moderate"), ("serious", "Serious")],
        tracking=True,
        help="Minor: a fine. Moderate: and one step down. Serious: and a dismissal review (V2).",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    fine = fields.Monetary(tracking=True)
    tier_id = fields.Many2one(
        "cs.tier", compute="_compute_range", help="Held on the day of the violation."
    )
    offence_id = fields.Many2one(
        "cs.policy.offence",
        compute="_compute_range",
        help="What the policy of the day says of such a violation.",
    )
    points = fields.Float(
        digits=(8, 2), readonly=True, copy=False, help="By the policy, when it was confirmed."
    )
    fine_min = fields.Monetary(compute="_compute_range", string="Smallest Fine")
    fine_max = fields.Monetary(compute="_compute_range", string="Largest Fine")
    month = Month(
        string="Counts In",
        readonly=True,
        copy=False,
        index=True,
        help="The month at whose end it is judged, and from whose pay the fine is taken.",
    )
    cycle_id = fields.Many2one(
        "cs.cycle",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The closing that raised it (V3).",
    )
    state = fields.Selection(
        [("reported", "Reported"), ("confirmed", "Confirmed"), ("withdrawn", "Withdrawn")],
        default="reported",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    reported_by = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    confirmed_by = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    confirmed_on = fields.Date(readonly=True, copy=False)
    withdrawn_reason = fields.Text(readonly=True, copy=False)
    complaints = fields.Integer(
        readonly=True, copy=False, help="Of the month, when the closing raised it."
    )
    handled = fields.Integer(string="Customers Handled", readonly=True, copy=False)
    ended_for_good = fields.Boolean(
        readonly=True,
        copy=False,
        help="Withdrawn by a person: the same figures do not bring it back.",
    )
    can_confirm = fields.Boolean(compute="_compute_can", help="The reader may confirm it now.")
    can_withdraw = fields.Boolean(compute="_compute_can", help="The reader may withdraw it now.")

    _to_notify_idx = models.Index("(id) WHERE to_notify")
    _fine_check = models.Constraint("CHECK(fine >= 0)", "A fine cannot be negative.")
    _confirmed_check = models.Constraint(
        "CHECK(state != 'confirmed' OR (severity IS NOT NULL AND month IS NOT NULL))",
        "A confirmed violation has a severity and a month it counts in.",
    )

    @api.depends("employee_id", "type_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for violation in self:
            violation.display_name = self._join_name(
                violation.employee_id.name, violation.type_id.name, violation.date
            )

    def _get_foreseen(self):
        """What a closing raises is dated the month's end, even if that is today's evening (V3)."""
        return {(each.employee_id.id, each.date) for each in self if each.cycle_id}

    @api.model_create_multi
    def create(self, vals_list):
        violations = super().create(vals_list)
        for violation, vals in zip(violations, vals_list, strict=True):
            if violation.state == "reported" and violation.offence_id:
                proposed = violation._get_proposed().items()
                violation.update({name: each for name, each in proposed if name not in vals})
        violations._mark_raised()
        if not self.env.context.get("tracking_disable"):
            for violation in violations.filtered(lambda each: each.state == "reported"):
                violation.sudo()._tell_office()
        return violations

    def write(self, vals):
        """What has been decided stays as it is; who may not write is told no more than that."""
        self.check_access("write")
        decided = {
            "employee_id",
            "date",
            "type_id",
            "description",
            "severity",
            "fine",
            "points",
            "state",
            "month",
        }
        if not self.env.su and decided & set(vals):
            for violation in self.filtered(lambda each: each.state != "reported"):
                raise UserError(
                    self.env._(
                        "%s has been decided. Withdraw it and report it anew to change it.",
                        violation.display_name,
                    )
                )
            if "state" in vals or "month" in vals:
                raise UserError(self.env._("A violation is confirmed or withdrawn by its buttons."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        for violation in self.filtered(lambda each: each.state != "reported"):
            raise UserError(
                self.env._("%s has been decided and stays on record.", violation.display_name)
            )

    def action_confirm(self):
        """Confirm reported violations: severity and fine are decided by a person (V2)."""
        self._check_may(OFFICE)
        # sudo: the office may not write what only the software does, as who confirmed it
        reported = self.sudo()
        reported._check_possible("confirm")
        reported._confirm()

    def action_withdraw(self):
        """Withdraw violations, with a reason."""
        return self.env["cs.reason"]._ask("withdraw_violation", self)

    def _confirm(self):
        reported = self.filtered(lambda each: each.state == "reported")
        for violation in reported:
            violation.write(
                {
                    "state": "confirmed",
                    "points": violation.offence_id.points,
                    "month": violation._get_month(),
                    "confirmed_by": self.env.uid,
                    "confirmed_on": violation.company_id._cs_today(),
                }
            )
        if not self.env.context.get("tracking_disable"):
            for violation in reported:
                violation._tell_outcome()

    def _get_month(self):
        """The month of the violation; when that is closed, the first one that is not."""
        # a closed month has been judged: what is confirmed later counts in the next one
        month = month_start(self.date)
        closed = self.env["cs.cycle"]._get_closed_months(self.company_id)
        while (self.company_id.id, month) in closed:
            month = add_months(month, 1)
        return month

    def _withdraw(self, reason):
        """Take violations back: they no longer count, and their decisions fall with them."""
        standing = self.filtered(lambda each: each.state != "withdrawn")
        unconfirmed = standing.filtered(lambda each: each.state == "reported")
        standing.write({"state": "withdrawn", "withdrawn_reason": reason})
        # withdrawn first: whether a decision still follows is asked of those that stand
        standing._withdraw_consequences(reason)
        self._on_ended(reason)
        for violation in standing:
            violation._tell_withdrawn(violation in unconfirmed)

    def _take_back(self, reason):
        """Withdraw violations for good, as a person decides."""
        standing = self.filtered(lambda each: each.state != "withdrawn")
        standing.ended_for_good = True
        standing._withdraw(reason)

    def _withdraw_unfounded(self):
        """Withdraw what the corrected figures no longer call for, in each agent's words."""
        for violation in self:
            words = self.with_context(lang=violation._get_letter_lang()).env
            violation._withdraw(
                words._(
                    "The month was corrected; by the corrected figures this violation no longer "
                    "follows."
                )
            )

    def _withdraw_consequences(self, reason):
        """Withdraw decisions that were based on these violations and no longer follow; what
        they stood in the way of is judged anew."""
        self._get_unfounded()._fall(reason)

    def _get_unfounded(self, *states):
        """Decisions in these states that no longer follow without these violations."""
        decisions = self.env["cs.decision"].search(
            [
                ("violation_ids", "in", self.ids),
                ("state", "in", states or ("proposed", "announced")),
            ]
        )
        evidence = self.env["cs.evidence"]
        return decisions.filtered(lambda each: not evidence._still_follows(each, self))

    @api.model
    def _get_reported(self, kind, start, end):
        """Employees with a standing violation of this kind in the period."""
        return set(
            self.search(
                [
                    ("type_id", "=", kind.id),
                    ("date", ">=", start),
                    ("date", "<=", end),
                    ("state", "=", "confirmed"),
                ]
            ).employee_id.ids
        )

    # ------------------------------------------------------------------ the steps open to it

    @api.depends("state", "employee_id")
    @api.depends_context("uid")
    def _compute_can(self):
        office = self.env.user.has_group(OFFICE)
        for violation in self:
            may = office and not violation._is_own()
            violation.can_confirm = may and violation.state == "reported"
            violation.can_withdraw = may and violation.state != "withdrawn"

    def _get_step_fault(self, step):
        self.ensure_one()
        if step == "confirm":
            if self.state != "reported":
                return self._get_state_fault()
            if not self.severity:
                return self.env._("%s: choose the severity first.", self.display_name)
        if step == "withdraw_violation" and self.state == "withdrawn":
            return self._get_state_fault()
        return super()._get_step_fault(step)

    def _get_state_fault(self):
        return self.env._(
            "%(violation)s is in the state %(state)s: nothing is left to do about it here.",
            violation=self.display_name,
            state=self._get_state_name(),
        )

    def _describe_step(self, step):
        lines = super()._describe_step(step)
        if step == "withdraw_violation":
            for violation in self.filtered(lambda each: each.state == "confirmed"):
                lines += violation._describe_withdrawal()
        return lines

    def _get_known_outcomes(self, step):
        return self if step == "withdraw_violation" else super()._get_known_outcomes(step)

    def _describe_withdrawal(self, *states):
        """What falls with this violation, one line each.

        :param states: of the decisions that would be withdrawn
        """
        self.ensure_one()
        lines = []
        if self.fine:
            lines.append(
                self.env._(
                    "the fine of %s is not taken, or given back", self.currency_id.format(self.fine)
                )
            )
        decisions = self._get_unfounded(*states)
        lines += decisions._describe_withdrawal()
        return lines + self._describe_falling()

    # ------------------------------------------------------------------ who may report one (V1, V2)

    @api.model
    def _may_report(self):
        """The office and whoever leads someone, as the record rules have it."""
        if self.env.user.has_group(OFFICE):
            return True
        own_people = [("parent_id.user_id", "=", self.env.uid)]
        return bool(self.env["hr.employee"].sudo().search_count(own_people, limit=1))

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        # the button to create depends on the reader, and views are cached for all of a group
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self._may_report())

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if not self._may_report():
            arch.set("create", "0")
        return arch, view

    # ------------------------------------------------------------------ as the engine counts them

    @api.model
    def _load_counted(self, ids, company):
        """Employee id -> the confirmed violations of these agents in the company, as the engine
        counts them, oldest first."""
        # by SQL, for all agents of a closing at once
        self.flush_model()
        violations = defaultdict(list)
        for id_, employee_id, day, severity, month in self.env.execute_query(
            SQL(
                """
                SELECT id, employee_id, date, severity, month FROM cs_violation
                 WHERE employee_id = %s AND company_id = %s AND state = 'confirmed'
                 ORDER BY date, id
                """,
                any_of(ids),
                company.id,
            )
        ):
            violations[employee_id].append(Violation(day, severity, month, id_))
        return violations

    @api.model
    def _load_series(self, codes, scope):
        """Confirmed violations, and their points: a source of ``cs.vocabulary``."""
        counted = self._load_counted(scope.ids, scope.company)
        series = {}
        if "violations" in codes:
            series["violations"] = {
                id_: [each.point for each in violations] for id_, violations in counted.items()
            }
        if "violation_points" in codes:
            points = self._load_points(scope)
            series["violation_points"] = {
                id_: [
                    each.point._replace(value=points[each.ref])
                    for each in violations
                    if each.ref in points
                ]
                for id_, violations in counted.items()
            }
        return series

    @api.model
    def _load_points(self, scope):
        """Violation id -> its points, of those that have any."""
        return {
            id_: decimal(points)
            for id_, points in self.env.execute_query(
                SQL(
                    """
                    SELECT id, points FROM cs_violation
                     WHERE employee_id = %s AND company_id = %s AND points > 0
                    """,
                    any_of(scope.ids),
                    scope.company.id,
                )
            )
        }
