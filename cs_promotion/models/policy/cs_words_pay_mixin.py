from odoo import api, models

from ...engine.decimals import plain
from ...engine.items import AMOUNT, CLASS, FIXED, FULL_TIME, POOL, SCORE


class CsWordsPayMixin(models.AbstractModel):
    """Pay items of a policy in sentences that everyone reads, written from the data (P4)."""

    _name = "cs.words.pay.mixin"
    _description = "CS Pay Items of a Policy in Words"

    @api.model
    def _say_pay(self, policy):
        """The pay items that the policy's own rows say: ``Piece-rate: …``."""
        return [f"{item.name}: {item.sentence}" for item in policy.item_ids]

    @api.model
    def _say_item_of_pay(self, item, terms):
        """A pay item in one line: what it is of, for whom, times what, if, within, when.

        :param item: its record; :param terms: :class:`~...engine.items.Terms` of it
        """
        parts = [self._say_of_what(terms)]
        parts += [", ".join(item.amount_ids.mapped("sentence"))] if item.amount_ids else []
        parts += [self.env._("times %s", each.sentence) for each in item.factor_ids]
        if item.proviso_ids:
            conditions = item.proviso_ids.mapped("sentence")
            parts.append(self.env._("if %s", self.env._(" and ").join(conditions)))
        if terms.floor is not None:
            parts.append(self.env._("at least %s", plain(terms.floor)))
        if terms.cap is not None:
            parts.append(self.env._("at most %s", plain(terms.cap)))
        return "; ".join([*parts, *self._say_when(item, terms)])

    @api.model
    def _say_of_what(self, terms):
        if terms.of == AMOUNT:
            if terms.by_days:
                return self.env._("an amount, by calendar days")
            return self.env._("an amount for the month, of the tier held last")
        names = {"metric": self._say_metric(terms.metric) if terms.metric else "?"}
        if terms.scale:
            names["scale"] = self._say_scale(terms.scale).replace("\n", "; ")
            if terms.percent:
                what = self.env._("percent of %(metric)s: %(scale)s", **names)
            else:
                what = self.env._("by %(metric)s: %(scale)s", **names)
        elif terms.percent:
            what = self.env._("percent of %(metric)s", **names)
        else:
            what = self.env._("for each of %(metric)s", **names)
        if terms.of != POOL:
            return what
        members = {
            "department": self.env._("the members of the department"),
            "company": self.env._("the members of the company"),
        }[terms.within]
        if terms.share_by:
            return self.env._(
                "%(what)s, divided among %(members)s by %(metric)s",
                what=what,
                members=members,
                metric=self._say_metric(terms.share_by),
            )
        return self.env._("%(what)s, divided equally among %(members)s", what=what, members=members)

    @api.model
    def _say_amount(self, amount, names):
        """``100 (Senior, Front desk)``; of what is for all, the amount alone."""
        return f"{plain(amount)} ({', '.join(names)})" if names else plain(amount)

    @api.model
    def _say_factor(self, factor):
        """What multiplies an item."""
        known = {
            SCORE: self.env._("the share that the score earns"),
            CLASS: self.env._("the coefficient of the class"),
            FULL_TIME: self.env._("the share of full time"),
            FIXED: plain(factor.number),
        }
        if factor.kind in known:
            return known[factor.kind]
        metric = self._say_metric(factor.metric)
        if not factor.scale:
            return metric
        scale = self._say_scale(factor.scale).replace("\n", "; ")
        return self.env._("%(metric)s (%(scale)s)", metric=metric, scale=scale)

    @api.model
    def _say_when(self, item, terms):
        """When an item is paid, and what unpaid leave makes of it."""
        sentences = []
        if terms.months:
            months = ", ".join(map(str, sorted(terms.months)))
            sentences.append(self.env._("only in months %s", months))
        if terms.later:
            sentences.append(self.env._("paid %s months later", terms.later))
        if terms.now < 100:
            sentences.append(
                self.env._(
                    "%(share)s %% of it then, the rest in the next year from month %(month)s on, "
                    "in %(parts)s parts",
                    share=plain(terms.now),
                    month=terms.rest_month,
                    parts=terms.rest_parts,
                )
            )
        if item.leave != "all":
            leave = dict(item._fields["leave"]._description_selection(self.env))
            sentences.append(self.env._("unpaid leave reduces it: %s", leave[item.leave]))
        return sentences
