"""What a company's structure says of itself: where items of tier pay belong in it."""

import re

from odoo.addons.cs_promotion.vocabulary import BASE

from .tier_pay import ARREARS, FINE

BASIC, ALLOWANCE, DEDUCTION, GROSS, NET = "BASIC", "ALW", "DED", "GROSS", "NET"

# What rules of a company's own are called that take fines
FINES = r"^FINES?$|罚款|扣款"

# What rules are called that take unpaid leave off the pay
UNPAID = re.compile(r"UNPAID|LWOP|ABSEN|无薪|事假|缺勤|请假")


def formula(rule):
    """What a rule computes from, as text."""
    texts = {
        "code": (rule.amount_python_compute,),
        "percentage": (rule.amount_percentage_base, rule.quantity),
        "fix": (rule.quantity,),
    }.get(rule.amount_select, ())
    condition = {"python": rule.condition_python, "range": rule.condition_range}
    return "\n".join(filter(None, (*texts, condition.get(rule.condition_select))))


def sums(rule):
    """Codes of the categories that a rule adds up."""
    return set(re.findall(r"categories\.(\w+)", formula(rule)))


def mentions(rules, code):
    """Those of the rules that reckon with another one by its code."""
    pattern = code and re.compile(rf"\b{re.escape(code)}\b")
    return rules.filtered(
        lambda rule: pattern and pattern.search(re.sub(r"categories\.\w+", "", formula(rule)))
    )


def takes_leave(rules):
    """Those of the rules that take unpaid leave off, whatever tier pay has taken off already."""
    return rules.filtered(
        lambda rule: (
            rule.amount_select != "cs"
            and UNPAID.search(f"{rule.code or ''} {rule.name or ''}".upper())
            and "payroll.cs" not in formula(rule)
        )
    )


class Layout:
    """A structure's rules in their order, and where gross and net are reckoned.

    :param rules: all rules that it computes, those of the structures above it among them
    :param items: code -> pay item, of all that are declared
    """

    def __init__(self, rules, items):
        self.items = items
        self.rules = rules.sorted("sequence")
        self.gross = self._find(GROSS)[:1]
        self.net = self._find(NET)[-1:]
        known = set(self.rules.category_id.mapped("code"))
        self.counted = sums(self.gross) if self.gross else known & {BASIC, ALLOWANCE}
        self.deducted = (sums(self.net) if self.net else known) - self.counted - {GROSS, NET}

    def _find(self, code):
        return self.rules.filtered(lambda rule: code in (rule.category_id.code, rule.code))

    def propose(self):
        """Rule -> item that it gives way to; at most one rule for each."""
        proposed, alike = {}, {code: each.alike for code, each in self.items.items()}
        for item, pattern in (*alike.items(), (FINE, FINES)):
            names = re.compile(pattern or rf"^{re.escape(item)}$")
            found = self.rules.filtered(
                lambda rule, names=names: (
                    rule.amount_select != "cs"
                    and not rule.parent_rule_id
                    and (names.search((rule.code or "").upper()) or names.search(rule.name))
                )
            )
            if item == BASE and not found:
                found = self.rules.filtered(
                    lambda rule: (
                        rule.amount_select != "cs"
                        and rule.category_id.code == BASIC
                        and "contract.wage" in formula(rule)
                    )
                )
            rule = found[:1]
            if rule and rule not in proposed:
                proposed[rule] = item
        return proposed

    def sequence(self, item, base):
        """Where a new rule for the item stands.

        Behind the base wage come the others; arrears as the last before gross, when the whole
        of it is known; fines as the last before net, so that they lower neither insurance nor
        tax. Rules of equal number are reckoned in the order in which they were made.

        :param base: where the base wage stands, None when it is to be found
        """
        last = max(self.rules.mapped("sequence"), default=0)
        gross = self.gross.sequence if self.gross else last + 2
        if base is None:
            base = min(self.rules[:1].sequence if self.rules else 10, gross - 1)
        if item == FINE:
            return max(gross, (self.net.sequence if self.net else last + 4) - 1)
        return max(base, gross - 1) if item.startswith(ARREARS) else base

    def category_codes(self, item):
        """Codes of the categories that would do for an item, the best first."""
        if item == FINE:
            return [DEDUCTION] * (DEDUCTION in self.deducted) + sorted(self.deducted) + [DEDUCTION]
        usual = BASIC if item.removeprefix(ARREARS) == BASE else ALLOWANCE
        others = sorted(self.counted - {usual, GROSS, NET})
        return [usual] * (usual in self.counted) + others + [usual]
