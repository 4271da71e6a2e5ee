from odoo import api, fields, models


class CsProbationTest(models.Model):
    """A test of knowledge and skills at the end of probation (U1)."""

    _name = "cs.probation.test"
    _inherit = ["cs.employee.mixin", "cs.sheet.agent.mixin", "mail.thread"]
    _description = "CS Probation Test"
    _order = "date desc, id desc"
    _employed_date = "date"
    _has_happened = True
    _name_parts = ("employee_id", "date")
    _bounds = {"knowledge": (0, 100), "skills": (0, 100)}

    department_id = fields.Many2one(related="employee_id.department_id")
    date = fields.Date(
        required=True, default=lambda self: self.env.company._cs_today(), tracking=True
    )
    knowledge = fields.Float(
        string="Knowledge Points",
        digits=(5, 2),
        required=True,
        tracking=True,
        help="Professional knowledge, 0 to 100.",
    )
    skills = fields.Float(
        string="Skills Points",
        digits=(5, 2),
        required=True,
        tracking=True,
        help="Working skills, 0 to 100.",
    )
    examiner_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, ondelete="restrict"
    )
    note = fields.Text()
    passed = fields.Boolean(compute="_compute_passed", store=True)

    _points_check = models.Constraint(
        "CHECK(knowledge BETWEEN 0 AND 100 AND skills BETWEEN 0 AND 100)",
        "Knowledge and skills are between 0 and 100 points.",
    )

    @api.depends("employee_id", "date")
    def _compute_display_name(self):
        for test in self:
            test.display_name = self._join_name(test.employee_id.name, test.date, glue=" ")

    def _get_frozen(self):
        """A test on which a decision rests stays as it was when it was decided (U1)."""
        decisions = self.env["cs.decision"].sudo()
        return decisions.search([("test_id", "in", self.ids)]).test_id & self

    @api.depends("knowledge", "skills", "date", "company_id")
    def _compute_passed(self):
        policies = {}
        for test in self:
            key = (test.company_id, test.date)
            if key not in policies:  # looked up once for all tests of a day
                policies[key] = self.env["cs.policy"]._get_in_force(*key)
            policy = policies[key]
            mark = policy.pass_mark
            test.passed = bool(policy) and test.knowledge >= mark and test.skills >= mark
