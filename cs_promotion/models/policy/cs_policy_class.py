from odoo import api, fields, models

from ...engine.classes import Class
from ...engine.decimals import decimal


class CsPolicyClass(models.Model):
    """A class of a policy: for a share of those ranked, from a score on, or for the rest (policy
    language, *Classes*). The best one comes first."""

    _name = "cs.policy.class"
    _inherit = ["cs.policy.part", "cs.name.search.mixin"]
    _description = "CS Policy Class"
    _order = "policy_id, sequence, id"
    _named_by = ("policy_id",)
    _name_parts = ("name", "policy_id")
    _bounds = {"share": (0, 100), "score": (0, 1000), "coefficient": (0, 1000)}

    policy_id = fields.Many2one("cs.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, precompute=True)
    sequence = fields.Integer(default=10)
    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    given_by = fields.Selection(
        [
            ("share", "A share of those ranked"),
            ("rest", "The rest of those ranked"),
            ("score", "From a score on"),
        ],
        required=True,
        default="share",
    )
    share = fields.Float(string="Share (%)", digits=(5, 2))
    score = fields.Float(string="From Score", digits=(6, 2))
    coefficient = fields.Float(
        default=1, digits=(8, 4), help="What pay items that go by the class are multiplied by."
    )
    sentence = fields.Char(compute="_compute_sentence", string="In Words")

    _code_uniq = models.Constraint("UNIQUE(policy_id, code)", "A policy has each class once.")

    @api.constrains("code", "sequence", "given_by", "share", "score")
    def _check_possible(self):
        """Somebody could be in each of them."""
        for policy in self.policy_id.filtered(lambda policy: policy.state == "active"):
            policy._check_classes()

    @api.depends("given_by", "share", "score", "coefficient")
    @api.depends_context("lang")
    def _compute_sentence(self):
        words = self.env["cs.words"]
        for row in self:
            row.sentence = words._say_class(row._compile())

    @api.model
    def _get_numbers(self):
        """Class -> its number, 1 being the best of its policy: what rules compare."""
        # superuser: numbers for the engine, whoever asks
        numbers = {}
        for _policy, rows in self.sudo()._read_group([], ["policy_id"], ["id:recordset"]):
            numbers |= {row.id: number for number, row in enumerate(rows.sorted(), start=1)}
        return numbers

    def _compile(self):
        """As the engine places by it."""
        self.ensure_one()
        return Class(
            self.code or "",
            decimal(self.share) if self.given_by == "share" else None,
            decimal(self.score) if self.given_by == "score" else None,
            decimal(self.coefficient),
        )
