"""``payroll.cs``: what salary rules are given of tier pay."""

from decimal import Decimal

from odoo.addons.cs_promotion.engine.decimals import decimal
from odoo.addons.cs_promotion.engine.pay import PAY_ITEMS
from odoo.addons.cs_promotion_pay.figures import Settlement

ARREARS, FINE, FULL = "ARREARS_", "FINE", "_FULL"
CODES = (*PAY_ITEMS, *(ARREARS + code for code in PAY_ITEMS), FINE)
FORMER = {"base": "BASE", "appraisal": "APPRAISAL", "commission": "COMMISSION", "fine": "FINE"}


class Prepared(dict):
    """Payslip id -> figures, handed on in the context. An object of this class cannot be sent
    over the network, so nobody can make up what a payslip is computed from."""


COMPUTED = {"line_ids", "number", "state", "compute_date"}  # what OCA's loop writes


class Collected(dict):
    """What OCA's loop writes on payslips, payslip by payslip, until the last of them is there.

    Like :class:`Prepared` it cannot come over the network.
    """

    def __init__(self, ids):
        super().__init__()
        self.waiting = set(ids)

    def takes(self, slips, vals):
        """Whether this is what OCA's loop writes on a payslip that waits to be computed."""
        return vals.keys() == COMPUTED and self.waiting.issuperset(slips.ids)


class TierPay:
    """What a salary rule finds under ``payroll.cs``, the same whenever it is asked.

    ``score``, ``rank``, ``sales``, ``tier`` (its code), ``days`` (held on the ladder),
    ``month_days``, ``joined`` (first day of the employment); each item by its code (``BASE``,
    ``APPRAISAL``, ``COMMISSION``: what its line pays) and the whole of it (``BASE_FULL``…: before
    score, rate and leave). Nought, and ``tier`` empty, where no tier was held. What else is asked
    for is 0, as in OCA's own objects.

    Figures are loaded when they are first asked for: structures that do not use them cost nothing.
    A payslip that does not pay by tier is told what the agent's figures are all the same; it
    takes and settles nothing, as nothing would be booked of it.
    """

    def __init__(self, slip):
        self._slip = slip
        self._settlement = None

    def get_line(self, code, localdict):
        """Amount, rate and name of the line that pays or takes ``code``.

        :param code: an item, ``ARREARS_`` and an item, or ``FINE``
        :param localdict: of the rule; the gross so far is read from its categories (W5)
        """
        words = self._slip.env["cs.pay.words"]
        if code in PAY_ITEMS:
            return words._get_line(self.figures, code, *self._slip._get_cs_digits())
        total = self._gross(localdict)
        if code == FINE:
            taken = self.settlement.fine(total)
            return -float(taken), 100.0, words._describe_fine(self.figures, taken)
        item = code.removeprefix(ARREARS)
        amount = self.settlement.arrears(item, total)
        settled = [each for each in self.settlement.settled if each.difference.code == item]
        return float(amount), 100.0, words._describe_arrears(self.figures, item, settled)

    @property
    def settlement(self):
        """What the payslip settles, as its lines are being computed."""
        if self._settlement is None:
            self._settlement = Settlement(self._slip._get_cs_figures())
        return self._settlement

    @property
    def figures(self):
        """The :class:`~odoo.addons.cs_promotion_pay.figures.Figures` of the payslip."""
        return self.settlement.figures

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        if name in FORMER:  # rules written for the first release: amount, rate and name
            return self.get_line(FORMER[name], None)
        if name in PAY_ITEMS:
            return float(max(Decimal(0), self.figures.item(name).amount))
        if name.removesuffix(FULL) in PAY_ITEMS:
            return float(self.figures.item(name.removesuffix(FULL)).basis)
        read = getattr(self, f"_read_{name}", None) if name in VALUES else None
        return read() if read else 0.0

    def _read_score(self):
        return float(self.figures.score or 0)

    def _read_rank(self):
        return self.figures.rank

    def _read_sales(self):
        return float(self.figures.sales or 0)

    def _read_tier(self):
        """Code of the tier held last."""
        tiers = [each.tier for each in self.figures.held if each.tier]
        return self._slip.env["cs.tier"].sudo().browse(tiers[-1:]).code or ""

    def _read_days(self):
        return sum(each.days for each in self.figures.held if each.tier)

    def _read_month_days(self):
        return self.figures.days

    def _read_joined(self):
        return self.figures.joined or 0.0

    def _gross(self, localdict):
        """The payslip's whole gross so far: its gross line's, else what adds up to it (W5)."""
        if localdict is None:
            return sum((item.amount for item in self.figures.items), Decimal(0))
        sums = localdict["categories"].dict
        if sums.get("GROSS"):
            return decimal(round(sums["GROSS"], 6))
        return decimal(round(sums.get("BASIC", 0.0) + sums.get("ALW", 0.0), 6))


VALUES = ("score", "rank", "sales", "tier", "days", "month_days", "joined")
