from odoo import models
from odoo.exceptions import ValidationError
from odoo.tools import float_compare

from .hr_version import APPLYING


class HrVersion(models.Model):
    """A wage agreed with the person is marked, and from then on nothing changes it unasked (W6).

    It is marked by itself when a person writes another wage than the tier's base, and when the
    first tier finds a wage that is there already. Decisions and policies never mark any.
    """

    _inherit = "hr.version"

    def _get_wage_terms(self, vals):
        """Version -> wage, tier and mark until now, where ``vals`` may change any of them."""
        if not {"wage", "cs_tier_id", "cs_wage_agreed"} & set(vals):
            return {}
        # sudo: whoever sets a tier need not read wages
        return {each: (each.wage, each.cs_tier_id, each.cs_wage_agreed) for each in self.sudo()}

    def _mark_created(self):
        """Mark the wages of new versions that were agreed."""
        bases = {}
        for version in self:
            version._mark_new(bases)

    def _mark_new(self, bases):
        """A copy of the version before carries its mark; another wage than it had was given.

        Odoo gives all fields their defaults, so that the mark is not there says nothing.

        :param bases: what :meth:`_has_other_wage` has looked up
        """
        version = self.sudo()  # whoever sets a tier need not read wages
        if not version.cs_tier_id:
            return version._set_agreed(False)
        if version.cs_wage_agreed:
            return None
        former = version.employee_id.version_ids.filtered(
            lambda each: each.date_version < version.date_version
        ).sorted("date_version")[-1:]
        if former.cs_tier_id and former.wage == version.wage:
            return None
        return version._set_agreed(version._has_other_wage(bases))

    def _mark_written(self, vals, terms):
        """Mark the wages that were agreed by writing ``vals``.

        :param terms: version -> wage, tier and mark before
        """
        bases = {}
        for version, before in terms.items():
            version._mark_changed(vals, before, bases)

    def _mark_changed(self, vals, before, bases):
        """
        :param before: wage, tier and mark until now
        :param bases: what :meth:`_has_other_wage` has looked up
        """
        wage, tier, agreed = before
        if not self.cs_tier_id:
            if tier and not self.wage and self.contract_date_start:
                self._refuse_no_wage()
            return self._set_agreed(False)
        if "cs_wage_agreed" in vals:
            if agreed and not self.cs_wage_agreed and "wage" not in vals:
                self._return_to_base(bases)
            return None
        if self.wage != wage or not tier:
            return self._set_agreed(self._has_other_wage(bases))
        return None

    def _refuse_no_wage(self):
        """Off the ladder nothing but the wage is paid: never 0.00 without a word."""
        raise ValidationError(
            self.env._(
                "%s leaves the CS ladder, and tier pay ends: write down the wage from then on.",
                self.employee_id.name,
            )
        )

    def _set_agreed(self, agreed):
        if self.cs_wage_agreed != agreed:
            self.with_context(cs_applying=APPLYING).cs_wage_agreed = agreed

    def _return_to_base(self, bases):
        """No longer agreed: the wage is the tier's base again."""
        if self._has_other_wage(bases):
            self.with_context(cs_applying=APPLYING).wage = self._get_own_base_wage(bases)

    def _has_other_wage(self, bases):
        """Whether there is a wage, other than the base that the policy pays the tier."""
        base = self._get_own_base_wage(bases)
        if not self.wage or base is None:
            return False
        rounding = self._get_cs_company().currency_id.rounding or 0.01
        return bool(float_compare(self.wage, base, precision_rounding=rounding))

    def _get_own_base_wage(self, bases):
        """The base of the tier held, by the policy of this version's first day (W1)."""
        company = self._get_cs_company()
        day = max(self.date_version, self.cs_tier_since or self.date_version)
        key = (company, self.cs_tier_id, day)
        if key not in bases:
            bases[key] = self._get_base_wage(*key)
        return bases[key]
