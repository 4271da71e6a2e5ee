from odoo import api, fields, models
from odoo.tools import formatLang


class CsLeavingMixin(models.AbstractModel):
    """A step by which someone leaves the ladder: wage, and what bridges add, are asked for.

    Tier pay ends with the tier. What is paid from then on is proposed as it is held now, shown
    before the step is taken, and written to the dated employee record with it.
    """

    _name = "cs.leaving.mixin"
    _description = "Step off the CS Ladder"

    company_id = fields.Many2one("res.company")
    currency_id = fields.Many2one(related="company_id.currency_id")
    wage = fields.Monetary(
        string="Wage From Then On",
        compute="_compute_wage",
        store=True,
        readonly=False,
        copy=False,
        groups="hr.group_hr_user,cs_promotion.group_office",
        help="Per month, off the ladder: tier pay ends. Proposed as it is until then.",
    )
    leaving = fields.Boolean(
        compute="_compute_leaving", help="The agent leaves the ladder: tier pay ends."
    )

    @api.model
    def _get_leaving_depends(self):
        """Names of the fields that say who leaves, when, and whether at all."""
        return ()

    @api.model
    def _get_leaving_names(self):
        """What is answered for the one who leaves the ladder; bridges add theirs."""
        return {"wage"}

    @api.depends(lambda self: self._get_leaving_depends())
    def _compute_leaving(self):
        for step in self:
            step.leaving = bool(step._get_leaver())

    @api.depends(lambda self: self._get_leaving_depends())
    def _compute_wage(self):
        for step in self:
            step._propose("wage", lambda version: version.wage)

    def _propose(self, name, get_value):
        """Fill a field in from the version held until then; what somebody wrote stays, unless
        it was about somebody else."""
        leaver = self._get_leaver()
        if not leaver:
            self[name] = False
        elif not self[name] or (self._origin and self._origin._get_leaver() != leaver):
            day = self._get_leaving_day()
            # a stored field is computed as sudo: what is held is proposed to whoever may read it
            version = leaver._get_version(day)
            self[name] = get_value(version)

    def _get_leaver(self):
        """The employee who leaves the ladder by this step; none where the tier is kept."""
        raise NotImplementedError

    def _get_leaving_day(self):
        """The first day off the ladder."""
        return self.date

    def _get_leaving_values(self):
        """What the employee record holds from then on; bridges add theirs."""
        return {"wage": self.wage} if self._get_leaver() else {}

    def _get_leaving_fault(self):
        """What has not been answered, None when all has."""
        # sudo: the office may not read wages off the ladder; only whether there is one
        step = self.sudo()
        leaver = step._get_leaver()
        if leaver and step.wage <= 0:
            return self.env._(
                "%(agent)s leaves the CS ladder: write down the wage from %(day)s on.",
                agent=leaver.name,
                day=fields.Date.to_string(self._get_leaving_day()),
            )
        return None

    def _describe_leaving(self):
        """Lines of a dialog on what is paid from then on; bridges add theirs."""
        return [
            self.env._(
                "%(agent)s is paid a wage of %(wage)s from %(day)s on",
                agent=self._get_leaver().name,
                wage=formatLang(self.env, self.wage, currency_obj=self.currency_id),
                day=fields.Date.to_string(self._get_leaving_day()),
            )
        ]
