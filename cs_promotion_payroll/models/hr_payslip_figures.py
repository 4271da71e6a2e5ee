from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import float_compare, float_round, format_date, formatLang


class HrPayslip(models.Model):
    """How the lines of a payslip by tier came about, kept with it and told on it."""

    _inherit = "hr.payslip"

    cs_figures = fields.Json(string="CS Figures", readonly=True, copy=False)
    cs_warned = fields.Boolean(
        string="CS Warning",
        readonly=True,
        copy=False,
        help="Something for payroll to look at, such as a missing score (W2).",
    )
    cs_warning = fields.Text(string="CS Warnings", compute="_compute_cs_texts")
    cs_explanation = fields.Html(
        string="How It Came About", compute="_compute_cs_texts", sanitize=False
    )

    @api.depends("cs_figures")
    @api.depends_context("lang")
    def _compute_cs_texts(self):
        for slip in self:
            figures = slip.cs_figures or {}
            slip.cs_warning = "\n".join(slip._get_warning_texts(figures)) or False
            slip.cs_explanation = figures and Markup("<ul>%s</ul>") % Markup("").join(
                Markup("<li>%s</li>") % text for text in slip._get_explanation(figures)
            )

    # ------------------------------------------------------------------ payslip lines

    def _get_line_values(self, figures):
        """Rule -> (amount, rate, name of the line); its total is amount * rate / 100."""
        pay = figures.pay
        rates = {
            "base": (pay.base, 100, pay.base, self._get_base_name(figures)),
            "appraisal": (
                pay.appraisal_full,
                100 * figures.share,
                pay.appraisal,
                *self._get_appraisal_names(figures),
            ),
            "commission": (
                figures.sales or 0,
                pay.commission_percent,
                pay.commission,
                *self._get_commission_names(figures),
            ),
            "fine": (-pay.fine, 100, -pay.fine, self._get_fine_name(figures)),
        }
        return {name: self._multiply(*values) for name, values in rates.items()}

    def _multiply(self, amount, rate, total, name, exact_name=None):
        """Amount and rate that a line can show; where its decimals do not give the exact total
        (a rate with more than it keeps), the total itself, and the name tells how it came."""
        precision = self.env["decimal.precision"]
        digits = precision.precision_get("Payroll")
        amount, rate, total = float(amount), float(rate), float(total)
        rate = float_round(rate, precision_digits=precision.precision_get("Payroll Rate"))
        shown = float_round(amount * rate / 100, precision_digits=digits)
        if float_compare(shown, total, precision_digits=digits) == 0:
            return amount, rate, name
        return total, 100.0, exact_name or name

    def _get_base_name(self, figures):
        days = sum(each.days for each in figures.held)
        names = [self._get_tier_name(each.tier) for each in figures.held]
        if not names:
            return self.env._("Base wage")
        if days == figures.month_days and len(set(names)) == 1:
            return self.env._("Base wage: %(tier)s", tier=names[0])
        parts = [
            self.env._("%(tier)s %(days)s days", tier=name, days=each.days)
            for name, each in zip(names, figures.held, strict=True)
        ]
        return self.env._(
            "Base wage: %(parts)s of %(days)s", parts=", ".join(parts), days=figures.month_days
        )

    def _get_appraisal_names(self, figures):
        if figures.score is None:
            return [self.env._("Appraisal pay: no score")]
        return [
            self.env._("Appraisal pay: score %(score)s", score=figures.score),
            self.env._(
                "Appraisal pay: %(full)s by days held, score %(score)s",
                full=self._format(figures.pay.appraisal_full),
                score=figures.score,
            ),
        ]

    def _get_commission_names(self, figures):
        if figures.sales is None:
            return [self.env._("Commission: no sales figure")]
        return [
            self.env._("Commission on own sales"),
            self.env._(
                "Commission on own sales: %(sales)s at %(rate)s %% by days held",
                sales=self._format(figures.sales),
                rate=f"{float(figures.pay.commission_percent):.6f}".rstrip("0").rstrip("."),
            ),
        ]

    def _get_fine_name(self, figures):
        if not figures.pay.carried:
            return self.env._("Fines")
        return self.env._(
            "Fines: %(taken)s of %(due)s due, the rest is carried forward",
            taken=self._format(figures.pay.fine),
            due=self._format(figures.due),
        )

    @api.model
    def _get_tier_name(self, tier_id):
        return self.env["cs.tier"].browse(tier_id).name

    @api.model
    def _format(self, amount):
        return formatLang(self.env, float(amount), digits=2)

    # ------------------------------------------------------------------ kept and told

    def _get_figures_values(self, figures):
        """What is kept of the figures, as plain JSON; amounts as strings, exact."""
        pay = figures.pay
        kept = {
            "held": [[each.tier, str(each.start), str(each.end)] for each in figures.held],
            "score": figures.score and str(figures.score),
            "sales": None if figures.sales is None else str(figures.sales),
            "due": str(figures.due),
            "taken": str(pay.fine),
            "carried": str(pay.carried),
            "warnings": list(figures.warnings),
        }
        return {"cs_figures": kept, "cs_warned": bool(figures.warnings)}

    def _get_explanation(self, figures):
        for tier, start, end in figures["held"]:
            yield self.env._(
                "%(tier)s from %(start)s to %(end)s",
                tier=self._get_tier_name(tier),
                start=format_date(self.env, start),
                end=format_date(self.env, end),
            )
        if figures["score"] is not None:
            yield self.env._("Score of the month: %s", figures["score"])
        if figures["sales"] is not None:
            yield self.env._("Own sales: %s", self._format(figures["sales"]))
        if float(figures["due"]):
            yield self.env._(
                "Fines: %(due)s due, %(taken)s taken, %(carried)s carried forward",
                due=self._format(figures["due"]),
                taken=self._format(figures["taken"]),
                carried=self._format(figures["carried"]),
            )

    def _get_warning_texts(self, figures):
        texts = {
            "no_tier": self.env._("No tier was held in this month: nothing is paid."),
            "part_tier": self.env._(
                "Days under contract without a tier are not paid by this payslip."
            ),
            "no_score": self.env._("There is no score for this month: no appraisal pay."),
            "not_closed": self.env._(
                "The month's review is not closed yet: no score, no appraisal pay."
            ),
            "no_sales": self.env._("There is no sales figure for this month: no commission."),
            "twin": self.env._("There is another payslip for this month."),
            "withdrawn": self.env._(
                "Payslips took a fine that has been withdrawn since. Refund them and pay anew."
            ),
        }
        return [texts[code] for code in figures.get("warnings", ())]
