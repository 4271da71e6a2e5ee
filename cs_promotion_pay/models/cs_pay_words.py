from decimal import Decimal
from fractions import Fraction

from odoo import api, models
from odoo.tools import float_compare, float_round, format_date, formatLang

from odoo.addons.cs_promotion.engine.decimals import plain, round_half_up
from odoo.addons.cs_promotion.engine.items import COEFFICIENT, EARLIER, SHARE
from odoo.addons.cs_promotion.models.cs_period import month_name
from odoo.addons.cs_promotion.vocabulary import APPRAISAL, BASE, COMMISSION

from ..record import read_held


class CsPayWords(models.AbstractModel):
    """Pay in words: lines, explanations, warnings, and why a paid month is worth something else.

    One place for every payroll: the lines of a payslip, the list of what is to be settled, and
    the dialogs that tell beforehand.
    """

    _name = "cs.pay.words"
    _description = "CS Pay in Words"

    @api.model
    def _get_item_names(self):
        """Pairs (code, name) of the items that are paid."""
        vocabulary = self.env["cs.vocabulary"]
        return vocabulary._get_selection(vocabulary._get_pay_items())

    @api.model
    def _get_item_name(self, code):
        """The item's name; its code where the addon that declared it is gone."""
        return dict(self._get_item_names()).get(code, code)

    # ------------------------------------------------------------------ lines of a payslip

    @api.model
    def _get_line(self, figures, code, digits=2, rate_digits=4):
        """One item as a line shows it.

        :param digits: decimals of amounts on the line, and of its rate
        :return: (amount, rate in percent, name), of which amount * rate / 100 is the item's amount
        """
        item = figures.item(code)
        if item is None:
            return 0.0, 100.0, self.env._("%(item)s: not paid any more", item=code)
        if not any(each.tier for each in figures.held) and not item.amount:
            name = self.env._("%(item)s: no tier held", item=item.declared.name)
            return 0.0, 100.0, name
        name, exact_name = self._describe_raised(figures, item, *self._describe_item(figures, item))
        # what came back beyond the sales comes off later commissions (W7)
        if item.amount < 0 and not item.declared.deducts:
            owed = self._format(figures, -item.amount)
            name = self.env._("%(name)s: %(owed)s to come off the next ones", name=name, owed=owed)
            return 0.0, 100.0, name
        if item.rate == 1 and name == exact_name:  # there is nothing else to show
            return float(item.amount), 100.0, name
        amount, total = float(item.basis), float(item.amount)
        amount = float_round(amount, precision_digits=digits)
        rate = float_round(float(item.rate * 100), precision_digits=rate_digits)
        shown = float_round(amount * rate / 100, precision_digits=digits)
        if float_compare(shown, total, precision_digits=digits) == 0:
            return amount, rate, name
        # a rate with more decimals than a line keeps must not change the amount
        return total, 100.0, exact_name() if callable(exact_name) else exact_name

    @api.model
    def _describe_item(self, figures, item):
        """How an item came about, in the words of its line. Addons say theirs.

        :return: the name of a line that shows basis and rate; and of one that cannot, because it
            keeps too few decimals, and shows the amount alone: this one, or, as it is seldom
            needed, a function that gives it
        """
        describe = {
            BASE: self._describe_base,
            APPRAISAL: self._describe_appraisal,
            COMMISSION: self._describe_commission,
        }.get(item.code)
        if describe:
            return describe(figures, item)
        return item.declared.name, item.declared.name

    @api.model
    def _describe_raised(self, figures, item, name, exact_name):
        """The names of a line, with what the agent is paid more of the item."""
        more = sum(
            each.amount for held in figures.held for each in held.raises if each.code == item.code
        )
        if not more or not item.amount:
            return name, exact_name

        def told(text):
            return self.env._("%(item)s, with a personal raise", item=text)

        if name == exact_name:
            return told(name), told(name)
        return told(name), lambda: told(exact_name() if callable(exact_name) else exact_name)

    @api.model
    def _describe_base(self, figures, item):
        names = [self._get_tier_name(each.tier) for each in figures.held]
        days = sum(each.days for each in figures.held)
        if not names:
            name = self.env._("Base wage: no tier held")
        elif days == figures.days and len(set(names)) == 1:
            name = self.env._("Base wage: %(tier)s", tier=names[0])
        else:
            parts = [
                self.env._("%(tier)s %(days)s days", tier=name, days=each.days)
                for name, each in zip(names, figures.held, strict=True)
            ]
            name = self.env._(
                "Base wage: %(parts)s of %(days)s",
                parts=self.env["cs.words"]._say_listed(parts),
                days=figures.days,
            )
        if figures.absent and item.rate != 1:
            name = self.env._(
                "%(name)s, less %(share)s %% unpaid leave",
                name=name,
                share=self._percent(figures.absent, 2),
            )
        return name, name

    @api.model
    def _describe_appraisal(self, figures, item):
        if figures.score is None:
            name = self.env._("Appraisal pay: no score")
            return name, name
        return (
            self.env._("Appraisal pay: score %(score)s", score=figures.score),
            lambda: self.env._(
                "Appraisal pay: %(full)s by days held, score %(score)s",
                full=self._format(figures, item.basis),
                score=figures.score,
            ),
        )

    @api.model
    def _describe_commission(self, figures, item):
        if figures.sales is None:
            name = self.env._("Commission: no sales figure")
            return name, name
        return (
            self.env._("Commission on own sales"),
            lambda: self.env._(
                "Commission on own sales: %(sales)s at %(rate)s %% by days held",
                sales=self._format(figures, figures.sales),
                rate=self._percent(item.rate),
            ),
        )

    @api.model
    def _describe_fine(self, figures, taken):
        """Name of the line that takes ``taken`` of the fines due."""
        if taken == figures.due:
            return self.env._("Fines")
        return self.env._(
            "Fines: %(taken)s of %(due)s due, the rest is carried forward",
            taken=self._format(figures, taken),
            due=self._format(figures, figures.due),
        )

    @api.model
    def _describe_arrears(self, figures, code, settled):
        """Name of the line that settles these parts of earlier months' items, and why."""
        months = [
            self.env._(
                "%(month)s %(amount)s (%(cause)s)",
                month=self._format_month(each.difference.month),
                amount=self._format_signed(each.amount, figures.places),
                cause=self._describe_causes(each.difference.ref or ()),
            )
            for each in settled
        ]
        return self.env._(
            "Settled of earlier months, %(item)s: %(months)s",
            item=self._get_item_name(code),
            months=self.env["cs.words"]._say_listed(months),
        )

    # ------------------------------------------------------------------ kept figures

    @api.model
    def _explain(self, kept, currency):
        """Sentences on how a payslip came about, from the figures it keeps."""
        for tier, start, end in read_held(kept):
            yield self.env._(
                "%(tier)s from %(start)s to %(end)s",
                tier=self._get_tier_name(tier),
                start=format_date(self.env, start),
                end=format_date(self.env, end),
            )
        if kept["score"] is not None:
            yield self.env._("Score of the month: %s", kept["score"])
        if kept["sales"] is not None:
            yield self.env._("Own sales: %s", self._money(kept["sales"], currency))
        for code, value in kept.get("values", {}).items():
            yield self._explain_value(code, value)
        if float(kept["due"]):
            yield self.env._(
                "Fines: %(due)s due, %(taken)s taken, %(carried)s carried forward",
                due=self._money(kept["due"], currency),
                taken=self._money(kept["taken"], currency),
                carried=self._money(kept["carried"], currency),
            )

    @api.model
    def _explain_value(self, code, value):
        """A figure that items go by: of a metric, of a class, of a pool, of earlier months."""
        item, _sign, what = code.partition("/")
        words = self.env["cs.words"]
        if what or code == COEFFICIENT:
            return self.env._(
                "%(figure)s: %(value)s",
                figure=self._name_figure(code, item),
                value=self._percent(Fraction(value), 4) + " %"
                if code.endswith(SHARE)
                else self._say_number(value),
            )
        metric = words._get_metrics([code])[code]
        return self.env._(
            "%(figure)s: %(value)s",
            figure=words._say_metric(metric),
            value=words._say_value(metric, self._read_number(value)),
        )

    @api.model
    def _name_figure(self, code, item):
        if code.endswith(SHARE):
            return self.env._("Share of the pool, %s", self._get_item_name(item))
        if code.endswith(EARLIER):
            return self.env._("Of earlier months, %s", self._get_item_name(item))
        return self.env._("Coefficient of the class")

    @api.model
    def _get_warnings(self):
        """Code of a warning -> its sentence; bridges add theirs."""
        return {
            "no_tier": self.env._("No tier was held in this month: tier pay is nil."),
            "part_tier": self.env._(
                "Days under contract without a tier are paid by the wage on the employee record."
            ),
            "no_score": self.env._("There is no score for this month: no appraisal pay."),
            "not_closed": self.env._(
                "The month's review is not closed yet: no score, no appraisal pay."
            ),
            "no_sales": self.env._("There is no sales figure for this month: no commission."),
            "pending": self.env._(
                "A decision on the agent with effect in this month or before it is not applied "
                "yet: what it changes of the pay is settled by a later payslip."
            ),
            "arrears": self.env._(
                "Earlier months turned out to have owed something else: what this payslip settles "
                "of it is in its lines, the rest stays under To Be Settled."
            ),
            "no_arrears_rule": self.env._(
                "Earlier months owe something that the salary structure has no rule for: add the "
                "rules that settle earlier months."
            ),
            "agreed": self.env._(
                "A wage was agreed that the policy does not pay: it pays by the tier's base."
            ),
        }

    # ------------------------------------------------------------------ causes

    @api.model
    def _describe_causes(self, causes):
        """Why a paid month is worth something else now, in one sentence each."""
        said = [self._describe_cause(each) for each in causes]
        return self.env["cs.words"]._say_one_by_one(said) or self.env._(
            "the amount then was another"
        )

    @api.model
    def _describe_cause(self, cause):
        text = {
            "score": self.env._("the score changed"),
            "sales": self.env._("the sales figure changed"),
            "tier": self.env._("the tier of that month changed"),
            "days": self.env._("the days under contract or in the tier changed"),
            "wage": self.env._("the agreed wage or the share of full time changed"),
            "policy": self.env._("another policy is in force for that month"),
            "leave": self.env._("the unpaid leave of that month changed"),
            "amounts": self.env._("its amount for tier, department or post changed"),
            "raise": self.env._("a personal raise was entered or taken back"),
            "returned": self.env._("more goods came back than were sold"),
            "settled": self.env._("what was settled before no longer stands"),
            "twice": self.env._("the month was paid more than once"),
        }.get(cause.kind)
        item, _sign, what = cause.kind.partition("/")
        if text is None and (what or cause.kind == COEFFICIENT):
            text = self.env._("%(figure)s changed", figure=self._name_figure(cause.kind, item))
        if text is None:
            words = self.env["cs.words"]
            metric = words._get_metrics([cause.kind])[cause.kind]
            text = self.env._("%(figure)s changed", figure=words._say_metric(metric))
        say = {
            "tier": self._say_tiers,
            "policy": self._say_policy,
        }.get(cause.kind, self._say_number)
        if cause.kind in ("days", "wage", "leave", "twice", "amounts", "raise"):
            return text
        if cause.kind in ("returned", "settled"):
            return self.env._("%(what)s (%(value)s)", what=text, value=say(cause.after))
        return self.env._(
            "%(what)s (%(before)s → %(after)s)",
            what=text,
            before=say(cause.before),
            after=say(cause.after),
        )

    @api.model
    def _say_number(self, value):
        return plain(self._read_number(value)) if value is not None else "-"

    @api.model
    def _read_number(self, value):
        """A number as it is kept, in text, for people: an exact fraction to four decimals."""
        return round_half_up(Fraction(value), Decimal("0.0001")) if "/" in value else value

    @api.model
    def _say_tiers(self, value):
        """Names of the tiers, each once as long as it is held."""
        ids = [int(each) for each in (value or "").split()]
        kept = [id_ for number, id_ in enumerate(ids) if not number or ids[number - 1] != id_]
        # sudo: the names of a month's tiers are no secret to whoever is told its amounts
        names = [self.sudo()._get_tier_name(id_) for id_ in kept]
        return self.env["cs.words"]._say_listed(names) or "-"

    @api.model
    def _say_policy(self, value):
        # sudo: as the tiers, the name of the version that a month was paid by
        return self.env["cs.policy"].sudo().browse(int(value)).exists().name or "-"

    # ------------------------------------------------------------------ helpers

    @api.model
    def _get_tier_name(self, tier_id):
        if not tier_id:
            return self.env._("off the ladder")
        return self.env["cs.tier"].browse(tier_id).name

    @api.model
    def _format(self, figures, amount):
        return formatLang(self.env, float(amount), digits=-figures.places.as_tuple().exponent)

    @api.model
    def _format_signed(self, amount, places):
        """``+40.00`` and ``-40.00``: whether it is paid or taken is seen at once."""
        text = formatLang(self.env, abs(float(amount)), digits=-places.as_tuple().exponent)
        return f"{'-' if amount < 0 else '+'}{text}"

    @api.model
    def _money(self, amount, currency):
        return formatLang(
            self.env, float(amount), digits=currency.decimal_places if currency else 2
        )

    @api.model
    def _format_month(self, month):
        return month_name(self.env, month)

    @api.model
    def _percent(self, share, most=6):
        """A share as percent, with as many decimals as it needs, at most so many."""
        return f"{float(share * 100):.{most}f}".rstrip("0").rstrip(".")
