from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CsPolicy(models.Model):
    """When a version may start, and with which weights: said before the database is asked."""

    _inherit = "cs.policy"

    _bounds = {
        "pass_mark": (0, 100),
        "fine_cap_percent": (0, 100),
        "complaint_rate_limit": (0.01, 100),
        "probation_months": (0, None),
        "repeat_violations": (1, None),
        "notice_days": (0, None),
        "scoring_days": (0, None),
        "minimum_wage": (0, None),
    }

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self.browse()._check_start(vals)
            self.browse()._check_weights(vals)
        return super().create(vals_list)

    def write(self, vals):
        self.check_access("write")
        for policy in self:
            if {"date_from", "state", "company_id", "active"} & set(vals):
                policy._check_start(vals)
            if {"superior_weight", "office_weight"} & set(vals):
                policy._check_weights(vals)
        return super().write(vals)

    def _get_future(self, vals, name):
        """What the field will hold once ``vals`` are written."""
        if name in vals or self:
            return vals.get(name, self[name] if self else None)
        return self.default_get([name]).get(name)

    def _check_start(self, vals):
        """A version starts on the first of a month, alone, and after what is closed (O5)."""
        self._check_given(vals)
        start = fields.Date.to_date(self._get_future(vals, "date_from") or None)
        if not start:
            return
        name = self._name_given(vals)
        if start.day != 1:
            raise ValidationError(
                self.env._(
                    "%(policy)s: it starts on %(start)s, but a policy starts on the first of a "
                    "month.",
                    policy=name,
                    start=start,
                )
            )
        company = self._get_future(vals, "company_id")
        company = self.env["res.company"].browse(company) if isinstance(company, int) else company
        if self._get_future(vals, "state") == "active" and not self.is_used:
            self._check_start_in_force(name, company, start)

    def _check_start_in_force(self, name, company, start):
        others = self._search_in_force(company).filtered(
            lambda policy: policy.date_from == start and policy != self
        )
        if others:
            raise ValidationError(
                self.env._(
                    "%(policy)s: it would start on the same day as %(other)s, %(start)s.",
                    policy=name,
                    other=others[0].name,
                    start=start,
                )
            )
        last = self.env["cs.cycle"]._get_last_closed(company)
        if last and start <= last.date_end:
            raise UserError(
                self.env._(
                    "Policy %(policy)s cannot start on %(start)s: periods up to %(end)s "
                    "are closed and were judged by the policy of their time (O5).",
                    policy=name,
                    start=start,
                    end=last.date_end,
                )
            )

    def _check_weights(self, vals):
        """No rater weighs less than nothing, and one weighs something (S3)."""
        self._check_given(vals)
        weights = [
            float(self._get_future(vals, name) or 0)
            for name in ("superior_weight", "office_weight")
        ]
        if min(weights) < 0 or not any(weights):
            raise ValidationError(
                self.env._(
                    "%s: the raters' weights cannot be negative, and one must be positive (S3).",
                    self._name_given(vals),
                )
            )
