from dataclasses import replace

from odoo import api, models
from odoo.exceptions import UserError

from ...vocabulary import APPRAISAL, BASE, COMMISSION, METRICS, OUTCOMES, PAY_ITEMS, RATERS


class CsVocabulary(models.AbstractModel):
    """What policies can be about: the terms that all addons declare.

    Each method gives code -> declared object of the engine, with its name in the reader's
    language. An addon extends it with ``super()``, and has told all there is to tell: choices,
    checks, sentences, evidence and scenarios are made of it (``docs/extending.md``).
    """

    _name = "cs.vocabulary"
    _description = "CS Vocabulary"

    @api.model
    def _get_metric_names(self):
        """Code -> name of the metrics that the core declares."""
        return {
            "month_score": self.env._("Monthly score"),
            "month_rank": self.env._("Monthly rank"),
            "month_class": self.env._("Monthly class, 1 being the best"),
            "month_place_bottom": self.env._("Monthly place from the bottom, 1 being the last"),
            "month_share": self.env._("Monthly rank in percent of those ranked"),
            "month_share_bottom": self.env._(
                "Monthly place from the bottom in percent of those ranked"
            ),
            "quarter_score": self.env._("Quarterly score"),
            "quarter_rank": self.env._("Quarterly rank"),
            "quarter_class": self.env._("Quarterly class, 1 being the best"),
            "quarter_place_bottom": self.env._("Quarterly place from the bottom, 1 being the last"),
            "quarter_share": self.env._("Quarterly rank in percent of those ranked"),
            "quarter_share_bottom": self.env._(
                "Quarterly place from the bottom in percent of those ranked"
            ),
            "half_score": self.env._("Half-yearly score"),
            "half_rank": self.env._("Half-yearly rank"),
            "half_class": self.env._("Half-yearly class, 1 being the best"),
            "half_place_bottom": self.env._("Half-yearly place from the bottom, 1 being the last"),
            "half_share": self.env._("Half-yearly rank in percent of those ranked"),
            "half_share_bottom": self.env._(
                "Half-yearly place from the bottom in percent of those ranked"
            ),
            "year_score": self.env._("Yearly score"),
            "year_rank": self.env._("Yearly rank"),
            "year_class": self.env._("Yearly class, 1 being the best"),
            "year_place_bottom": self.env._("Yearly place from the bottom, 1 being the last"),
            "year_share": self.env._("Yearly rank in percent of those ranked"),
            "year_share_bottom": self.env._(
                "Yearly place from the bottom in percent of those ranked"
            ),
            "tenure_months": self.env._("Complete months since joining"),
            "awards": self.env._("Excellent agent titles"),
            "violations": self.env._("Confirmed violations"),
            "violation_points": self.env._("Points of violations"),
            "warnings": self.env._("Warnings"),
            "raises": self.env._("Personal raises"),
            "trial_months": self.env._("Complete months on trial"),
            "months_since_trial": self.env._("Complete months since a trial that was not passed"),
            "plan_months": self.env._("Complete months of the improvement plan"),
            "plans": self.env._("Improvement plans begun"),
            "tenure_tier": self.env._("Complete months in the tier"),
            "tenure_years": self.env._("Complete years since joining"),
            "tenure_department": self.env._("Complete months in the department"),
            "since_promotion": self.env._("Complete months since the last step up"),
            "sales": self.env._("Sales"),
            "handled": self.env._("Customers handled"),
            "complaints": self.env._("Complaints"),
        }

    @api.model
    def _get_metrics(self):
        """Metric code -> :class:`~odoo.addons.cs_promotion.engine.vocabulary.Metric`.

        The ``source`` of each is a model with ``_load_series(codes, scope)``, which gives
        code -> employee id -> points, oldest first, of many agents at once (``cs.facts``).
        """
        names = self._get_metric_names()
        shown = {
            "rank": self.env._("rank %s"),
            "place_bottom": self.env._("place %s from the bottom"),
            "share": "%s %%",
            "share_bottom": "%s %%",
        }
        declared = {
            each.code: replace(
                each,
                name=names[each.code],
                shown=shown.get(each.code.partition("_")[2], "%s"),
            )
            for each in METRICS
        }
        # what companies measure themselves comes last, and takes no code from an addon
        return self.env["cs.metric"]._get_terms() | declared

    @api.model
    def _get_outcomes(self):
        """Outcome code -> :class:`~odoo.addons.cs_promotion.engine.vocabulary.Outcome`."""
        names = {
            "promote": self.env._("One step up"),
            "demote": self.env._("One step down"),
            "dismissal_review": self.env._("Dismissal review"),
            "warning": self.env._("Warning"),
            "award": self.env._("Title of excellent agent"),
            "raise": self.env._("Personal raise"),
            "plan": self.env._("Improvement plan"),
            "keep": self.env._("Trial or improvement plan passed"),
        }
        return {each.code: replace(each, name=names[each.code]) for each in OUTCOMES}

    @api.model
    def _get_pay_items(self):
        """Code -> :class:`~odoo.addons.cs_promotion.engine.pay.PayItem`, in the order in which
        items stand on a payslip."""
        names = {
            BASE: self.env._("Base wage"),
            APPRAISAL: self.env._("Appraisal pay"),
            COMMISSION: self.env._("Commission"),
        }
        shipped = {item.code: replace(item, name=names[item.code]) for item in PAY_ITEMS}
        # what policies say themselves: by code and name, each policy knows what it pays
        return shipped | self.env["cs.policy.item"]._get_declared()

    @api.model
    def _get_raters(self):
        """Rater code -> :class:`~odoo.addons.cs_promotion.engine.vocabulary.Rater`.

        Its ``person`` is a many2one field of ``cs.appraisal`` to the employee who fills the
        form in, filled by a default or a stored compute; its ``group`` the XML id of a group.
        """
        names = {
            "superior": self.env._("Direct superior"),
            "office": self.env._("Office"),
            "superior2": self.env._("Superior's superior"),
            "head": self.env._("Head of department"),
            "self": self.env._("The agent"),
        }
        # what policies call by a code of their own comes last
        declared = {each.code: replace(each, name=names[each.code]) for each in RATERS}
        return declared | self.env["cs.policy.rater"]._get_own()

    @api.model
    def _get_rater_choice(self):
        """The choice of a rater."""
        return self._get_selection(self._get_raters())

    @api.model
    def _get_selection(self, terms):
        """The choice of a field: pairs of code and name."""
        return [(code, term.name) for code, term in terms.items()]

    @api.model
    def _find(self, terms, code):
        """The term of this code.

        :raises UserError: none is declared, as its addon is not installed
        """
        if code not in terms:
            raise UserError(
                self.env._("No addon that is installed knows %s, which the policy names.", code)
            )
        return terms[code]
