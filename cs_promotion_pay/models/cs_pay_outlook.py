from contextlib import closing
from dataclasses import replace
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.cs_promotion.engine.calendar import add_months
from odoo.addons.cs_promotion.engine.decimals import decimal

from ..arrears import compare
from ..record import amount_of, pays, read_period, split_facts

NAMED = 10  # payslips that a message names; of more it says how many
QUIET = {
    "tracking_disable": True,
    "mail_notrack": True,
    "mail_notify_force_send": False,
    "mail_activity_quick_update": True,
}


class CsPayOutlook(models.AbstractModel):
    """What a correction will make of paid months, told before it is made (W7).

    Reads past access rights: whoever may make the correction is told what it costs.
    """

    _name = "cs.pay.outlook"
    _description = "CS Pay Outlook"

    # ------------------------------------------------------------------ payslips that rest on it

    @api.model
    def _load_resting(self, company, employee_ids, months):
        """The done payslips that were paid by the results of these months.

        :return: list of (:class:`~..arrears.Paid`, month of the results), oldest first; what a
            credit note gave back is left out
        """
        if not months:
            return []
        differences = self.env["cs.pay.difference"]
        paid = differences._load_paid(
            company, employee_ids, min(months), add_months(max(months), 2)
        )
        resting = []
        for each in paid:
            if each.facts and not each.credit and not each.refunded:
                _period, results = read_period(split_facts(each.facts)[0])
                if results in months:
                    resting.append((each, results))
        return resting

    @api.model
    def _describe_stake(self, company, employee_ids, month):
        """Which payslips rest on the scores of a month, and what of them is at stake: how much
        that will be is known once it is closed again.

        :return: sentences
        """
        stakes = self._find_stakes(company, employee_ids, month)
        if not stakes:
            return []
        words, currency = self.env["cs.pay.words"], company.currency_id
        lines = [
            self.env._(
                "%(count)s done payslips rest on the scores of %(month)s: %(amount)s of appraisal "
                "pay is at stake. What the new scores make of it is settled with the next "
                "payslips.",
                count=len(stakes),
                month=words._format_month(month),
                amount=words._money(sum((each for _slip, each in stakes), Decimal(0)), currency),
            )
        ]
        named = stakes[:NAMED]
        names = self.env["cs.pay.difference"]._load_names([each.slip for each, _amount in named])
        for each, amount in named:
            lines.append(
                self.env._(
                    "%(agent)s, %(slip)s: %(amount)s",
                    agent=self._name_agent(each.employee),
                    slip=names.get(each.slip, ""),
                    amount=words._money(amount, currency),
                )
            )
        return lines + self._tell_more(len(stakes))

    @api.model
    def _find_stakes(self, company, employee_ids, month):
        """Pairs (paid, amount): the payslips that rest on the scores of a month, and what of each
        does."""
        slips = [paid for paid, _month in self._load_resting(company, employee_ids, {month})]
        kept = self.env["cs.pay.difference"]._load_kept([each.slip for each in slips])
        items = self.env["cs.vocabulary"]._get_pay_items().items()
        scored = [code for code, item in items if "score" in item.rests_on]
        stakes = []
        for each in slips:
            own = kept[each.slip]
            paid = [code for code in scored if "items" in own and pays(own, code)]
            if paid:
                stakes.append((each, sum((amount_of(own, code) for code in paid), Decimal(0))))
        return stakes

    # ------------------------------------------------------------------ what a step would owe

    @api.model
    def _simulate(self, records, method, reason):
        """What is to be settled before and after a step, which is taken and undone again.

        :param method: name of a method of the records that takes a reason
        :return: list of (company, found before, found after)
        """
        groups = [
            (company, ours.employee_id.ids)
            for company, ours in records.grouped("company_id").items()
        ]
        before = [self._find_amounts(company, ids) for company, ids in groups]
        with closing(self.env.cr.savepoint()) as savepoint:
            try:
                getattr(records.with_context(**QUIET), method)(reason)
                self.env.flush_all()
                after = [self._find_amounts(company, ids) for company, ids in groups]
            except UserError:
                after = before  # it cannot be taken: the step itself will say why
            savepoint.rollback()
        companies = [company for company, _ids in groups]
        return list(zip(companies, before, after, strict=True))

    @api.model
    def _find_amounts(self, company, employee_ids):
        """(employee id, month, item) -> what is open of it."""
        amounts = {}
        for each in self.env["cs.pay.difference"]._find(company, employee_ids):
            key = (each.employee, each.difference.month, each.difference.code)
            amounts[key] = amounts.get(key, Decimal(0)) + each.difference.amount
        return amounts

    @api.model
    def _describe_outcome(self, records, method):
        """Which paid months a step touches, and by how much: one sentence for each agent, and
        one for each month and item."""
        lines, words = [], self.env["cs.pay.words"]
        names = dict(words._get_item_names())
        for company, before, after in self._simulate(records, method, "?"):
            changes = {
                key: after.get(key, Decimal(0)) - before.get(key, Decimal(0))
                for key in sorted({*before, *after})
            }
            changes = {key: amount for key, amount in changes.items() if amount}
            places = company._cs_places()
            for agent in sorted({key[0] for key in changes}):
                ours = {key: each for key, each in changes.items() if key[0] == agent}
                lines.append(
                    self.env._(
                        "paid months of %(agent)s owe something else then, which the next payslip "
                        "settles: %(amount)s in all",
                        agent=self._name_agent(agent),
                        amount=words._format_signed(sum(ours.values()), places),
                    )
                )
                slips = self._name_slips(company, agent, {key[1] for key in ours})
                lines += [
                    self.env._(
                        "%(month)s (%(slips)s), %(item)s: %(amount)s",
                        month=words._format_month(month),
                        slips=slips.get(month, ""),
                        item=names.get(code, code),
                        amount=words._format_signed(amount, places),
                    )
                    for (_agent, month, code), amount in ours.items()
                ]
        return lines

    @api.model
    def _name_slips(self, company, employee_id, months):
        """Pay month -> names of the payslips that paid it."""
        differences, named = self.env["cs.pay.difference"], {}
        paid = [
            each
            for each in differences._load_paid(
                company, [employee_id], min(months), add_months(max(months), 1)
            )
            if each.month in months and not each.credit and not each.refunded
        ]
        names = differences._load_names([each.slip for each in paid])
        for each in paid:
            named.setdefault(each.month, []).append(names.get(each.slip, ""))
        return {month: ", ".join(filter(None, ours)) for month, ours in named.items()}

    # ------------------------------------------------------------------ sales

    @api.model
    def _find_of_sales(self, company, sales):
        """What is to be settled of paid months if these are the sales of their results.

        :param sales: (employee id, month of the results) -> sales; None for not known
        :return: (employee id, month of the results) -> (names of the payslips, amount open)
        """
        differences = self.env["cs.pay.difference"]
        ids, months = {key[0] for key in sales}, {key[1] for key in sales}
        resting = [
            (each, month)
            for each, month in self._load_resting(company, sorted(ids), months)
            if (each.employee, month) in sales
        ]
        if not resting:
            return {}
        # all payslips of these pay months: a credit note among them counts, too
        pay_months = {each.month for each, _month in resting}
        paid = differences._load_paid(
            company, sorted(ids), min(pay_months), add_months(max(pay_months), 1)
        )
        known = differences._load_known(company, paid)
        given = {key: None if each is None else decimal(each) for key, each in sales.items()}
        kept_sales = {key: each for key, each in known.sales.items() if key not in given}
        kept_sales |= {key: each for key, each in given.items() if each is not None}
        settled = differences._load_settled(company, sorted(ids))
        open_ = {}
        found = compare(replace(known, sales=kept_sales), paid, settled, differences._load_kept)
        for each in found:
            key = (each.employee, each.difference.month)
            open_[key] = open_.get(key, Decimal(0)) + each.difference.amount
        names = differences._load_names([each.slip for each, _month in resting])
        result = {}
        for each, month in resting:
            former, amount = result.get((each.employee, month), ("", Decimal(0)))
            named = ", ".join(filter(None, (former, names.get(each.slip, ""))))
            result[each.employee, month] = named, open_.get((each.employee, each.month), amount)
        return result

    # ------------------------------------------------------------------ helpers

    @api.model
    def _name_agent(self, employee_id):
        # sudo: of whom a step is, its records tell anyway
        return self.env["hr.employee"].sudo().browse(employee_id).name

    @api.model
    def _tell_more(self, count):
        return [self.env._("and %s more", count - NAMED)] if count > NAMED else []
