from dataclasses import replace

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.cs_promotion.engine.calendar import add_months
from odoo.addons.cs_promotion.models.cs_period import Month, month_name
from odoo.addons.cs_promotion.models.many import any_of
from odoo.addons.cs_promotion.models.scheduled import take_step

from ..arrears import compare
from ..record import Cause, read_period, split_facts

LEAVER_ACTIVITY = "cs_promotion_pay.mail_activity_leaver"
CHECKED_AT_ONCE = 2000  # agents whose paid months are loaded and compared together


class CsPayDifference(models.Model):
    """To be settled: what a paid month turned out to have owed, by facts known later (W7).

    Found by comparing what done payslips were computed from with what is known now; nobody
    enters it. The next payslip settles it, and the row goes.
    """

    _name = "cs.pay.difference"
    _description = "Pay to Be Settled"
    _order = "month, employee_id, item, id"

    employee_id = fields.Many2one(
        "hr.employee",
        string="Agent",
        required=True,
        ondelete="cascade",
        readonly=True,
        context={"active_test": False},
    )
    department_id = fields.Many2one(related="employee_id.department_id")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = Month(required=True, readonly=True, help="The paid month it belongs to.")
    item = fields.Selection(selection="_get_items", required=True, readonly=True)
    amount = fields.Monetary(
        readonly=True, help="Above nought the agent is owed it, below the agent owes it."
    )
    returned = fields.Boolean(
        readonly=True, help="From goods that came back: it comes off the next commissions alone."
    )
    beyond = fields.Boolean(
        string="Not Settled by Itself",
        readonly=True,
        help="Further back than the company settles, or before the agent joined: it is shown, "
        "not paid.",
    )
    has_left = fields.Boolean(
        compute="_compute_has_left",
        search="_search_has_left",
        help="The agent is no longer employed: no payslip may follow that settles it.",
    )
    causes = fields.Json(readonly=True)
    cause = fields.Text(string="Reason", compute="_compute_cause")

    _month_uniq = models.UniqueIndex("(employee_id, company_id, month, item, returned)")

    @api.model
    def _get_items(self):
        return self.env["cs.pay.words"]._get_item_names()

    @api.depends("employee_id", "month", "item")
    @api.depends_context("lang")
    def _compute_display_name(self):
        names = dict(self._get_items())
        for row in self:
            row.display_name = self.env._(
                "%(agent)s, %(month)s: %(item)s",
                agent=row.employee_id.name,
                month=month_name(self.env, row.month),
                item=names.get(row.item, row.item),
            )

    @api.depends("employee_id", "company_id")
    def _compute_has_left(self):
        for company, rows in self.grouped("company_id").items():
            timelines = self.env["cs.timeline"]._load(rows.employee_id.ids, company)
            day = company._cs_today()
            for row in rows:
                ends = [each.end for each in timelines[row.employee_id.id].stretches]
                row.has_left = not ends or max(ends) < day

    def _search_has_left(self, operator, value):
        if operator != "in":
            return NotImplemented
        # few rows, and only their ids go on: which of them one may see, their rules tell
        left = self.sudo().search([]).filtered("has_left")
        return [("id", "in" if True in value else "not in", left.ids)]

    @api.depends("causes", "amount")
    @api.depends_context("lang")
    def _compute_cause(self):
        words = self.env["cs.pay.words"]
        for row in self:
            cause = words._describe_causes([Cause(*each) for each in row.causes or ()])
            row.cause = cause[:1].upper() + cause[1:]

    @api.model
    def action_open(self):
        """Compare all paid months of the reader's companies with what is known now, and list
        what is to be settled."""
        self.check_access("read")
        for company in self.env.companies:
            self._refresh_all(company)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "cs_promotion_pay.cs_pay_difference_action"
        )

    # ------------------------------------------------------------------ finding them

    @api.model
    def _load_paid(self, company, employee_ids, first=None, before=None):
        """Done payslips of these employees that keep figures; payroll bridges tell.

        :param employee_ids: None for everybody's
        :param first: pay month from which on, :param before: pay month before which
        :return: list of :class:`~..arrears.Paid`, the oldest payslip first
        """
        return []

    @api.model
    def _load_kept(self, slip_ids):
        """Id of a payslip -> the figures it keeps; payroll bridges tell."""
        return {}

    @api.model
    def _load_names(self, slip_ids):
        """Id of a payslip -> how messages name it; payroll bridges tell."""
        return {}

    @api.model
    def _load_settled(self, company, employee_ids):
        """What done payslips have settled since; payroll bridges tell.

        :return: (employee id, pay month, item, returned) -> amount with its sign
        """
        return {}

    @api.model
    def _find(self, company, employee_ids, before=None):
        """Compare what was paid with what is due, for these employees (W7).

        :param before: the pay month that is about to be paid: those before it are compared, as
            far back as the company settles. None: all of them, what lies further back is marked
        :return: list of :class:`~..arrears.Found`, oldest first
        """
        # sudo: how far back is a setting of pay, and whoever computes a payslip goes by it
        reach = company.sudo().cs_arrears_months
        first = before and add_months(before, -reach)
        paid = self._load_paid(company, employee_ids, first, before)
        if not paid:
            return []
        settled = self._load_settled(company, employee_ids)
        known = self._load_known(company, paid)
        found = compare(known, paid, settled, self._load_kept)
        # "how far back" counts from the newest payslip: a leaver's last months stay open
        newest = {}
        for each in paid:
            newest[each.employee] = max(each.month, newest.get(each.employee, each.month))
        return [
            replace(each, beyond=self._is_beyond(known, each, newest[each.employee], reach))
            for each in found
        ]

    @api.model
    def _load_known(self, company, paid):
        """What is known of these paid months, for the days they were paid for."""
        months = sorted({each.month for each in paid})
        periods = {split_facts(each.facts)[0] for each in paid if each.facts}
        read = [read_period(each) for each in periods]
        return self.env["cs.pay"]._load(
            company,
            sorted({each.employee for each in paid}),
            months,
            periods=[period for period, _results in read],
            results=[results for _period, results in read],
        )

    @api.model
    def _is_beyond(self, known, found, newest, reach):
        """Whether a difference is shown and not settled: further back than the company settles
        from the month after the newest paid one, or of a former employment (R5)."""
        month = found.difference.month
        if month < add_months(newest, 1 - reach):
            return True
        timeline = known.timelines[found.employee]
        last = timeline.stretches[-1] if timeline.stretches else None
        joined = last and timeline.joined(last.start)
        return bool(joined and known.calendar.period(month).end < joined)

    # ------------------------------------------------------------------ keeping the list

    @api.model
    def _refresh(self, company, employee_ids):
        """Find anew what is open of these employees, and keep it as rows.

        One statement each, and no unlinking of what stays: two who refresh at once wait for
        each other, and whoever comes second is told by PostgreSQL to try again, as Odoo does.
        """
        # once: a generator is used up by then
        employee_ids = list(employee_ids)
        found = self._find(company, employee_ids)
        self.env.flush_all()
        ids = self._write_rows(company, found) if found else []
        self.env.execute_query(
            SQL(
                """
                DELETE FROM cs_pay_difference
                 WHERE company_id = %s AND employee_id = %s AND NOT id = %s
                RETURNING 1
                """,
                company.id,
                any_of(employee_ids),
                any_of(ids),
            )
        )
        self.env.invalidate_all()
        return self.browse(ids)

    @api.model
    def _write_rows(self, company, found):
        """Insert or update a row for each of these; return their ids."""
        rows = [
            SQL(
                "(%s, %s, %s, %s, %s, %s, %s, %s::jsonb)",
                each.employee,
                company.id,
                each.difference.month,
                each.difference.code,
                each.difference.amount,
                each.difference.returned,
                each.beyond,
                self._fields["causes"].convert_to_column(
                    [list(cause) for cause in each.causes], self
                ),
            )
            for each in found
        ]
        # by SQL and in place: a row that stays keeps its id, as people have it open.
        # The list is found anew whenever something changes, so nothing hooks into a
        # single row
        return [
            id_
            for (id_,) in self.env.execute_query(
                SQL(
                    """
                    INSERT INTO cs_pay_difference AS old
                           (employee_id, company_id, month, item, amount, returned, beyond, causes)
                    VALUES %s
                        ON CONFLICT (employee_id, company_id, month, item, returned)
                        DO UPDATE SET amount = EXCLUDED.amount, beyond = EXCLUDED.beyond,
                                      causes = EXCLUDED.causes
                    RETURNING old.id
                    """,
                    SQL(", ").join(rows),
                )
            )
        ]

    @api.model
    def _refresh_all(self, company):
        """:meth:`_refresh` for everybody the company has paid by tier."""
        ids = self._get_paid_ids(company)
        for start in range(0, len(ids), CHECKED_AT_ONCE):
            self._refresh(company, ids[start : start + CHECKED_AT_ONCE])

    @api.model
    def _get_paid_ids(self, company):
        """Ids of the employees whom the company has paid by tier, or who have rows here."""
        rows = self.sudo().search([("company_id", "=", company.id)])  # the software's own
        return sorted(
            {each.employee for each in self._load_paid(company, None)} | {*rows.employee_id.ids}
        )

    @api.model
    def _cron_refresh(self):
        """Compare the paid months of every agent with what is known now, and remind of what
        leavers are owed or owe (scheduled daily)."""
        for company in self.env["cs.policy"].search([("state", "=", "active")]).company_id:
            ids = self._get_paid_ids(company)
            for start in range(0, len(ids), CHECKED_AT_ONCE):
                agents = self.env["hr.employee"].browse(ids[start : start + CHECKED_AT_ONCE])
                take_step(
                    agents,
                    lambda some, company=company: self.with_company(company)._refresh(
                        company, some.ids
                    ),
                )
            self._remind_of_leavers(company)

    @api.model
    def _remind_of_leavers(self, company):
        """A to-do for those who settle pay about every leaver with an open rest: no payslip may
        follow by itself. It goes when all is settled."""
        # sudo: a scheduled action; who is reminded is an HR manager of the company
        own = self.sudo()
        rows = own.search([("company_id", "=", company.id)]).filtered("has_left")
        todos = own.env["mail.activity"].search(
            [
                ("res_model", "=", "hr.employee"),
                ("activity_type_id", "=", self.env.ref(LEAVER_ACTIVITY).id),
            ]
        )
        employees = rows.employee_id.with_context(active_test=False)
        ours = employees.browse(todos.mapped("res_id")).exists()
        ours = ours.filtered(lambda each: each.company_id == company) | employees
        todos = todos.filtered(lambda each: each.res_id in ours.ids)
        reminded = set(todos.mapped("res_id"))
        todos.filtered(lambda each: each.res_id not in rows.employee_id.ids).unlink()
        notices = self.env["cs.notice.mixin"]
        users = notices._get_group_users("hr.group_hr_manager", company)
        for employee, open_ in rows.grouped("employee_id").items():
            if employee.id not in reminded:
                open_._schedule_leaver(employee, users - employee.user_id)

    def _schedule_leaver(self, employee, users):
        """Remind each of these users, in their language, of a leaver's open rest."""
        for user in users.filtered("active"):
            words = self.with_context(lang=user.lang)
            employee.with_context(mail_activity_quick_update=True).activity_schedule(
                LEAVER_ACTIVITY,
                user_id=user.id,
                date_deadline=self.company_id._cs_today(),
                summary=words.env._(
                    "Settle what is open with %(agent)s: %(amount)s",
                    agent=employee.name,
                    amount=words.env["cs.pay.words"]._money(
                        sum(self.mapped("amount")), self.currency_id
                    ),
                ),
                note=words.env._(
                    "%(agent)s has left, and paid months turned out to have owed something else. "
                    "Make a payslip that settles it, or settle it otherwise: it stays under To Be "
                    "Settled until a payslip has.",
                    agent=employee.name,
                ),
            )
