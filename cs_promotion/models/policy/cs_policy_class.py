from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.classes import Class
from ...engine.decimals import decimal
from ...engine.vocabulary import REVIEW_RECORD, Metric, PolicyError


class CsPolicyClass(models.Model):
    """A class of a policy: for a share of those ranked, from a score on, or for the rest (policy
    language, *Classes*). The best one comes first."""

    _name = "cs.policy.class"
    _inherit = ["cs.policy.part", "cs.name.search.mixin", "cs.code.mixin"]
    _description = "CS Policy Class"
    _order = "policy_id, sequence, id"
    _named_by = ("policy_id",)
    _name_parts = ("name", "policy_id")
    _bounds = {
        "share": (0, 100),
        "score": (0, 1000),
        "least": (0, 1000),
        "coefficient": (0, 1000),
    }

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
    least = fields.Float(
        string="Least Score",
        digits=(6, 2),
        help="Whoever has a lower score cannot be in it, however few others there are; 0: everyone "
        "may.",
    )
    proviso_ids = fields.One2many(
        "cs.policy.class.proviso",
        "class_id",
        string="Only For Those With",
        copy=True,
        help="Whoever does not meet each of these in the period that is closed cannot be in it.",
    )
    # kept with the row: where there are none, none are read whenever a policy is compiled
    has_provisos = fields.Boolean(compute="_compute_has_provisos", store=True)
    coefficient = fields.Float(
        default=1, digits=(8, 4), help="What pay items that go by the class are multiplied by."
    )
    sentence = fields.Char(compute="_compute_sentence", string="In Words")

    _code_uniq = models.Constraint("UNIQUE(policy_id, code)", "A policy has each class once.")

    @api.constrains("code", "sequence", "given_by", "share", "score", "least")
    def _check_possible(self):
        """Somebody could be in each of them."""
        self._on_changed()
        for policy in self.policy_id.filtered(lambda policy: policy.state == "active"):
            policy._check_classes()

    @api.depends("proviso_ids")
    def _compute_has_provisos(self):
        for row in self:
            row.has_provisos = bool(row.proviso_ids)

    @api.depends("given_by", "share", "score", "least", "coefficient", "proviso_ids.sentence")
    @api.depends_context("lang")
    def _compute_sentence(self):
        asks = any(self.mapped("has_provisos"))
        metrics = self.env["cs.vocabulary"]._get_metrics() if asks else {}
        words = self.env["cs.words"]
        for row in self:
            read = row._compile(lambda code: metrics.get(code) or Metric(code or ""))
            row.sentence = words._say_class(read)

    def _on_changed(self):
        """Each by itself can be carried out; drafts included, as mistakes are seen at once."""
        for row in self:
            fault = row._find_fault()
            if fault:
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s: %(fault)s.", policy=row.policy_id.name, fault=fault
                    )
                )

    def _find_fault(self):
        """What cannot be carried out: who may be in a class has to be known before who is in one
        is."""
        self.ensure_one()
        metrics = self.env["cs.metric"]
        known = self.env["cs.vocabulary"]._get_metrics() if self.proviso_ids else {}
        for code in self.proviso_ids.mapped("metric"):
            made_of = metrics._get_all_made_of(code)
            if metrics._get_paid(made_of):
                return self.env._(
                    "class %(class)s goes by %(metric)s, which is known on payslips alone",
                    **{"class": self.code, "metric": code},
                )
            if any(known[each].records == REVIEW_RECORD for each in made_of & known.keys()):
                return self.env._(
                    "class %(class)s goes by %(metric)s, which is known only when the classes are; "
                    "a score of the period that is needed is its least score",
                    **{"class": self.code, "metric": code},
                )
        try:
            self._compile(lambda code: known.get(code) or Metric(code)).check()
        except PolicyError as error:
            return str(error)
        return None

    @api.model
    def _get_numbers(self):
        """Class -> its number, 1 being the best of its policy: what rules compare."""
        # superuser: numbers for the engine, whoever asks
        numbers = {}
        for _policy, rows in self.sudo()._read_group([], ["policy_id"], ["id:recordset"]):
            numbers |= {row.id: number for number, row in enumerate(rows.sorted(), start=1)}
        return numbers

    def _compile(self, find):
        """As the engine places by it.

        :param find: metric code -> metric
        """
        self.ensure_one()
        return Class(
            self.code or "",
            decimal(self.share) if self.given_by == "share" else None,
            decimal(self.score) if self.given_by == "score" else None,
            decimal(self.coefficient),
            decimal(self.least),
            tuple(each._read(find) for each in self.proviso_ids) if self.has_provisos else (),
        )
