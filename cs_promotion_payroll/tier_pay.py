"""``payroll.cs``: what salary rules are given of tier pay."""

import re
from decimal import Decimal

from odoo.addons.cs_promotion.engine.decimals import decimal
from odoo.addons.cs_promotion_pay.figures import Settlement

ARREARS, FINE, FULL = "ARREARS_", "FINE", "_FULL"
FORMER = {"base": "BASE", "appraisal": "APPRAISAL", "commission": "COMMISSION", "fine": "FINE"}


class Own:
    """Equal to itself alone: Odoo takes an environment with an equal context for the same one,
    and would hand on what an earlier computation with the same figures has used up."""

    __eq__ = object.__eq__
    __hash__ = object.__hash__


class Prepared(Own, dict):
    """Payslip id -> figures, handed on in the context. An object of this class cannot be sent
    over the network, so nobody can make up what a payslip is computed from.

    ``settlements`` has what each payslip settles, once its rules have asked for it; ``sums`` what
    rules have asked for of the payslips before; ``rules`` the salary rules of structures, as
    :class:`~.ahead.Ahead` has them.
    """

    def __init__(self, figures):
        super().__init__(figures)
        self.settlements = {}
        self.sums = {}
        self.rules = {}

    @classmethod
    def of(cls, records):
        """What was loaded for the computation that these records belong to; None outside of one."""
        prepared = records.env.context.get("cs_prepared")
        # a plain dict in the context may have come over the network
        return prepared if isinstance(prepared, cls) else None

    def get_settled(self, slip_id):
        """What the payslip was computed to settle, part by part (W7)."""
        settlement = self.settlements.get(slip_id)
        return (settlement and settlement.settled) or ()


COMPUTED = {"line_ids", "number", "state", "compute_date"}  # what OCA's loop writes


class Collected(Own, dict):
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
    ``month_days``, ``joined`` (first day of the employment); each item that is declared by its
    code (``BASE``…: what its line pays) and the whole of it (``BASE_FULL``…: before score, rate
    and leave). Nought, and ``tier`` empty, where no tier was held. What else is asked
    for is 0, as in OCA's own objects.

    Figures are loaded when they are first asked for: structures that do not use them cost nothing.
    A payslip that does not pay by tier is told what the agent's figures are all the same; it
    takes and settles nothing, as nothing would be booked of it.
    """

    def __init__(self, slip):
        self._slip = slip
        self._settlement = None
        self._localdict = None
        self._digits = None

    def _reach(self, localdict):
        """The rules have come so far: what they have added up to is the gross (W5)."""
        self._localdict = localdict

    def get_line(self, code, localdict):
        """Amount, rate and name of the line that pays or takes ``code``.

        :param code: an item, ``ARREARS_`` and an item, or ``FINE``
        :param localdict: of the rule; the gross so far is read from its categories (W5)
        """
        words = self._slip.env["cs.pay.words"]
        if code != FINE and not code.startswith(ARREARS):
            self._digits = self._digits or self._slip._get_cs_digits()
            return words._get_line(self.figures, code, *self._digits)
        if code == FINE:
            # most owe nothing: no limit is reckoned for them
            due = self.figures.due
            taken = self.settlement.fine(self._gross(localdict)) if due else due
            return -float(taken), 100.0, words._describe_fine(self.figures, taken)
        item = code.removeprefix(ARREARS)
        amount = self.get_arrears(item, localdict)
        settled = [each for each in self.settlement.settled if each.difference.code == item]
        return float(amount), 100.0, words._describe_arrears(self.figures, item, settled)

    def get_arrears(self, item, localdict):
        """What the payslip settles of an item of earlier months, with its sign."""
        if not self.figures.differences:  # as with most
            return Decimal(0)
        return self.settlement.arrears(item, self._gross(localdict))

    @property
    def settlement(self):
        """What the payslip settles, as its lines are being computed."""
        if self._settlement is None:
            self._settlement = Settlement(self._slip._get_cs_figures())
            if (prepared := Prepared.of(self._slip)) is not None:
                prepared.settlements[self._slip.id] = self._settlement
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
        if name in VALUES:
            return getattr(self, f"_read_{name}")()
        if item := self.figures.item(name):
            return float(item.amount if item.declared.deducts else max(Decimal(0), item.amount))
        item = name.endswith(FULL) and self.figures.item(name.removesuffix(FULL))
        return float(item.basis) if item else 0.0

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
        """The payslip's whole gross so far: its gross line's, else what adds up to it; less the
        unpaid absence that the structure deducts apart (W5)."""
        localdict = localdict or self._localdict
        if localdict is None:
            return sum((item.amount for item in self.figures.items), Decimal(0))
        sums = localdict["categories"].dict
        # structures differ: some have a gross line by then, others add up to it later
        gross = sums.get("GROSS") or sums.get("BASIC", 0.0) + sums.get("ALW", 0.0)
        # sums of floats: the seventh decimal is noise, which a limit must not hang on
        return decimal(round(gross + self._absence_apart(localdict), 6))

    def _absence_apart(self, localdict):
        """What rules so far deduct for days not worked, where the gross does not have it yet.

        Social insurance and tax come off the gross, unpaid leave makes it less: it is told from
        them by the rule, which reckons with the worked days. Nought or negative.
        """
        rules = localdict["rules"].dict
        deducted = {
            code: result.dict["total"]
            for code, result in localdict["result_rules"].dict.items()
            if result.dict["total"] < 0 and _reckons_with_days(rules[code])
        }
        if not deducted:
            return 0.0
        totals = [
            rule
            for rule in rules.values()
            if rule.category_id.code == "GROSS" and rule.amount_select == "code"
        ]
        return sum(
            total for code, total in deducted.items() if not _is_in_gross(rules[code], totals)
        )


def get_categories(rule):
    """Codes of the rule's category and those above it: its lines add up in each of them."""
    category = rule.category_id
    while category:
        yield category.code
        category = category.parent_id


def _reckons_with_days(rule):
    """Whether a rule looks at worked days."""
    texts = (rule.amount_python_compute, rule.amount_percentage_base, rule.quantity)
    kinds = {"code": texts[:1], "percentage": texts[1:], "fix": texts[2:]}
    return any("worked_days" in (text or "") for text in kinds.get(rule.amount_select, ()))


def _is_in_gross(rule, totals):
    """Whether what a rule deducts is in the gross: by its category, or because the total that
    comes after it names it or its category."""
    codes = set(get_categories(rule))
    if "GROSS" in codes or (not totals and codes & {"BASIC", "ALW"}):
        return True
    names = {rule.code, *(f"categories.{code}" for code in codes if code)}
    for total in totals:
        if (total.sequence, total.id) > (rule.sequence, rule.id) and any(
            re.search(rf"\b{re.escape(name)}\b", total.amount_python_compute or "")
            for name in names
            if name
        ):
            return True
    return False


VALUES = ("score", "rank", "sales", "tier", "days", "month_days", "joined")
