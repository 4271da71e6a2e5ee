from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from odoo.addons.cs_promotion.engine.calendar import add_months, month_start
from odoo.addons.cs_promotion.engine.settlement import Difference
from odoo.addons.cs_promotion.models.scheduled import take_step

from ..known import NoPayLine
from ..record import Cause, amount_of, find_causes, read_kept

CHECKED_AT_ONCE = 2000  # agents whose paid months are loaded and compared together


@dataclass(frozen=True, slots=True)
class Found:
    """What is open of one item of one paid month of an agent, and why.

    ``beyond``: it lies further back than the company settles; it is shown, not paid.
    """

    employee: int
    difference: Difference
    causes: tuple[Cause, ...]
    beyond: bool


class CsPayDifference(models.Model):
    """To be settled: what a paid month turned out to have owed, by facts known later (W7).

    Found by comparing what done payslips were computed from with what is known now; nobody
    enters it. The next payslip settles it, and the row goes.
    """

    _name = "cs.pay.difference"
    _description = "Pay to Be Settled"
    _order = "month, employee_id, item, id"

    employee_id = fields.Many2one(
        "hr.employee", string="Agent", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(required=True, readonly=True, help="The paid month it belongs to.")
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
        help="Further back than the company settles: it is shown, not paid.",
    )
    has_left = fields.Boolean(
        compute="_compute_has_left",
        search="_search_has_left",
        help="The agent is no longer employed: no payslip may follow that settles it.",
    )
    causes = fields.Json(readonly=True)
    cause = fields.Text(compute="_compute_cause")

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
                month=row.month and format_date(self.env, row.month, date_format="MMMM y"),
                item=names.get(row.item),
            )

    @api.depends("employee_id", "company_id")
    def _compute_has_left(self):
        timelines = self.env["cs.timeline"]._load(self.employee_id.ids)
        for row in self:
            day = row.company_id._cs_today()
            row.has_left = timelines[row.employee_id.id].at(day) is None

    def _search_has_left(self, operator, value):
        if operator != "in":
            return NotImplemented
        left = self.sudo().search([]).filtered("has_left")  # few rows; their rules come after
        return [("id", "in" if True in value else "not in", left.ids)]

    @api.depends("causes", "amount")
    @api.depends_context("lang")
    def _compute_cause(self):
        words = self.env["cs.pay.words"]
        for row in self:
            row.cause = words._describe_causes([Cause(*each) for each in row.causes or ()])

    # ------------------------------------------------------------------ finding them

    @api.model
    def _load_paid(self, company, employee_ids, first):
        """What done payslips were computed from, from a pay month on; payroll bridges tell.

        :return: list of (employee id, pay month, kept figures), one for each standing payslip
        """
        return []

    @api.model
    def _load_settled(self, company, employee_ids, first):
        """What done payslips have settled since; payroll bridges tell.

        :return: (employee id, pay month, item, returned) -> amount with its sign
        """
        return {}

    @api.model
    def _find(self, company, employee_ids, before=date.max):
        """Compare what was paid with what is due, for these employees (W7).

        :param before: paid months from this one on are left out: they are the payslip's own
        :return: list of :class:`Found`, oldest first
        """
        first_settled = add_months(
            month_start(company._cs_today()), -company.sudo().cs_arrears_months
        )
        paid = defaultdict(list)
        for employee, month, kept in self._load_paid(company, employee_ids, date.min):
            if month < before and "items" in kept:
                paid[employee, month].append(kept)
        if not paid:
            return []
        months = sorted({month for _employee, month in paid})
        kept = {read_kept(each) for slips in paid.values() for each in slips} - {None}
        known = self.env["cs.pay"]._load(company, list({key[0] for key in paid}), months, kept)
        settled = self._load_settled(company, employee_ids, months[0])
        found = []
        for (employee, month), slips in sorted(paid.items(), key=lambda item: item[0][::-1]):
            beyond = month < first_settled or self._is_before_joining(known, employee, month)
            found += self._compare(known, employee, month, slips, settled, beyond)
        return found

    @api.model
    def _is_before_joining(self, known, employee, month):
        """Whether the paid month belongs to an employment that has ended since (R5)."""
        timeline = known.timelines[employee]
        last = timeline.stretches[-1] if timeline.stretches else None
        joined = last and timeline.joined(last.start)
        return bool(joined and known.calendar.period(month).end < joined)

    @api.model
    def _compare(self, known, employee, month, slips, settled, beyond):
        """What is open of one paid month, item by item."""
        absent = Fraction(slips[-1].get("absent", "0"))  # the payslip's own worked days stand
        try:
            now = known.figures(employee, month, absent, read_kept(slips[-1]))
        except (KeyError, NoPayLine):
            return  # no policy, or one that does not pay the tier: nothing says what was due
        for item in now.items:
            then = sum((amount_of(kept, item.code) for kept in slips), Decimal(0))
            for returned, owed in (
                (False, max(Decimal(0), item.amount) - then),
                (True, min(Decimal(0), item.amount)),
            ):
                key = (employee, month, item.code, returned)
                if amount := owed - settled.get(key, Decimal(0)):
                    causes = find_causes(slips[-1], now, item.code)
                    if returned:
                        causes = (Cause("returned", None, str(now.sales)), *causes)
                    difference = Difference(month, item.code, amount, returned)
                    yield Found(employee, difference, causes, beyond)

    # ------------------------------------------------------------------ keeping the list

    @api.model
    def _refresh(self, company, employee_ids):
        """Find anew what is open of these employees, and keep it as rows."""
        rows = [
            {
                "employee_id": each.employee,
                "company_id": company.id,
                "month": each.difference.month,
                "item": each.difference.code,
                "amount": float(each.difference.amount),
                "returned": each.difference.returned,
                "beyond": each.beyond,
                "causes": [list(cause) for cause in each.causes],
            }
            for each in self._find(company, employee_ids)
        ]
        # the rows are the software's own: callers are scheduled actions and payslips done
        present = self.sudo().search(
            [("company_id", "=", company.id), ("employee_id", "in", employee_ids)]
        )
        present.unlink()
        return self.sudo().create(rows)

    @api.model
    def _cron_refresh(self):
        """Compare the paid months of every agent with what is known now (scheduled daily)."""
        companies = self.env["cs.policy"].search([("state", "=", "active")]).company_id
        for company in companies:
            ids = sorted({row[0] for row in self._load_paid(company, None, date.min)})
            for start in range(0, len(ids), CHECKED_AT_ONCE):
                agents = self.env["hr.employee"].browse(ids[start : start + CHECKED_AT_ONCE])
                take_step(
                    agents,
                    lambda some, company=company: self.with_company(company)._refresh(
                        company, some.ids
                    ),
                )

    @api.model
    def _sum_up(self, rows, currency):
        """``+40.00`` for what is open in all, as a person writes it."""
        total = sum(row.amount for row in rows)
        return formatLang(self.env, total, currency_obj=currency)
