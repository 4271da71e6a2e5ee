from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine import form as engine
from ...engine.decimals import decimal
from .cs_scorecard import MEASURED, NUMBER, WORDS


class CsScorecardItem(models.Model):
    _name = "cs.scorecard.item"
    _inherit = "cs.scorecard.part"
    _description = "CS Scorecard Item"
    _order = "scorecard_id, number, id"

    section_id = fields.Many2one(
        "cs.scorecard.section", required=True, index=True, ondelete="cascade"
    )
    scorecard_id = fields.Many2one(
        related="section_id.scorecard_id", store=True, index=True, precompute=True
    )
    number = fields.Integer(
        required=True, help="Left empty, the item takes the form's next free number."
    )
    name = fields.Char(required=True, translate=True)
    source = fields.Selection(
        [
            (WORDS, "By a grade word"),
            (NUMBER, "By a number of points"),
            (MEASURED, "Measured, nobody grades it"),
        ],
        string="Rated",
        required=True,
        default=WORDS,
    )
    effect = fields.Selection(
        [
            (engine.COUNTS, "Counts"),
            (engine.ADDS, "Adds to the score"),
            (engine.TAKES, "Takes from the score"),
            (engine.FAILS, "Lets the score fall"),
        ],
        required=True,
        default=engine.COUNTS,
    )
    rater = fields.Selection(
        selection="_get_raters", string="Rated by", help="Everyone who is asked, if empty."
    )
    raters = fields.Char(
        string="Rated by Several",
        help="Codes of the raters of the policy that rate it, with commas between.",
    )
    maximum = fields.Float(
        string="Most Points",
        digits=(6, 2),
        help="Of an item without grade words; of one that adds or takes away, the most it may.",
    )
    own_grade_ids = fields.One2many(
        "cs.scorecard.grade",
        "item_id",
        string="Own Grades",
        copy=True,
        help="Instead of the section's.",
    )
    points_max = fields.Float(
        compute="_compute_points_max", store=True, digits=(6, 2), string="Maximum Points"
    )
    metric = fields.Selection(selection="_get_metrics", help="What is measured.")
    scale_id = fields.Many2one(
        "cs.scale", ondelete="restrict", help="What the value gives; without one, the value itself."
    )
    percent = fields.Boolean(
        string="Percent of Most Points", help="What comes out is a share of the most points."
    )
    missing = fields.Selection(
        [
            (engine.BLOCKS, "Keeps the period open"),
            (engine.NOTHING, "Gives no points"),
            (engine.LEFT_OUT, "Leaves the item out"),
        ],
        string="Without a Value",
        default=engine.BLOCKS,
        help="Where nothing was measured. Left out, the other items make up for it.",
    )
    falls_to = fields.Float(
        string="Score Falls to", digits=(5, 2), help="Once an item of that kind has any points."
    )
    is_measured = fields.Boolean(compute="_compute_is_measured")
    has_own_grades = fields.Boolean(
        compute="_compute_has_own_grades",
        inverse="_inverse_has_own_grades",
        string="Grades of Its Own",
    )
    sentence = fields.Text(compute="_compute_sentence", string="In Words")

    _number_uniq = models.Constraint(
        "UNIQUE(scorecard_id, number)", "A scorecard cannot have two items with the same number."
    )

    @api.model
    def _get_raters(self):
        return self.env["cs.vocabulary"]._get_rater_choice()

    @api.model
    def _get_metrics(self):
        vocabulary = self.env["cs.vocabulary"]
        return vocabulary._get_selection(vocabulary._get_metrics())

    @api.depends("source", "maximum", "section_id.grade_ids.points", "own_grade_ids.points")
    def _compute_points_max(self):
        for item in self:
            if item.source == WORDS:
                item.points_max = max(item._get_grades().mapped("points"), default=0)
            else:
                item.points_max = item.maximum

    @api.depends("source")
    def _compute_is_measured(self):
        for item in self:
            item.is_measured = item.source == MEASURED

    @api.depends("own_grade_ids")
    def _compute_has_own_grades(self):
        for item in self:
            item.has_own_grades = bool(item.own_grade_ids)

    def _inverse_has_own_grades(self):
        """Those who take the mark away want the section's grades again."""
        self.filtered(lambda item: not item.has_own_grades).own_grade_ids.unlink()

    @api.constrains("source", "metric")
    def _check_metric(self):
        """Of what is measured it is said what."""
        for item in self:
            if item.is_measured and not item.metric:
                raise ValidationError(
                    self.env._("Item %s is measured: say by which metric.", item.name)
                )

    @api.depends("source", "effect", "rater", "raters", "maximum", "metric", "scale_id", "percent")
    @api.depends("missing", "falls_to", "own_grade_ids.name", "own_grade_ids.points")
    @api.depends_context("lang")
    def _compute_sentence(self):
        words = self.env["cs.words"]
        for item in self:
            item.sentence = words._say_item_in_one(item)

    def _is_graded_simply(self):
        """Whether the section's words are all there is to it, whoever rates it."""
        self.ensure_one()
        is_simple = self.source == WORDS and self.effect == engine.COUNTS
        return is_simple and not self.own_grade_ids

    def _is_rated_by(self, role):
        """Whether a rater rates it: it is not measured, nor another one's alone."""
        self.ensure_one()
        codes = self._get_rater_codes()
        return not self.is_measured and (not codes or role in codes)

    def _get_rater_codes(self):
        """Codes of those who rate it; none: everyone who is asked."""
        self.ensure_one()
        several = (each.strip() for each in (self.raters or "").split(","))
        return {*filter(None, several)} | ({self.rater} if self.rater else set())

    def _get_grades(self):
        """The grades there are for this item: its own, else the section's."""
        return self.own_grade_ids or self.section_id.grade_ids

    def _is_plain(self):
        """Whether it is rated with words by everyone, and counts as it is."""
        self.ensure_one()
        is_simple = self.source == WORDS and self.effect == engine.COUNTS
        return is_simple and not self._get_rater_codes()

    def _compile(self, metrics):
        """As the engine scores it.

        :param metrics: those of ``cs.vocabulary``
        """
        self.ensure_one()
        measured = self.source == MEASURED
        return engine.Part(
            self.section_id.id,
            decimal(self.points_max) or None,
            self.effect,
            frozenset(() if measured else self._get_rater_codes()),
            self.env["cs.vocabulary"]._find(metrics, self.metric) if measured else None,
            self.scale_id._compile() if measured and self.scale_id else None,
            measured and self.percent,
            self.missing or engine.BLOCKS,
            decimal(self.falls_to),
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Items without a number take the next ones of their form."""
        sections = self.env["cs.scorecard.section"].browse(
            {vals["section_id"] for vals in vals_list if vals.get("section_id")}
        )
        scorecards = {section.id: section.scorecard_id for section in sections}
        last = {
            scorecard: max(scorecard.section_ids.item_ids.mapped("number"), default=0)
            for scorecard in sections.scorecard_id
        }
        # numbers given in the same call are taken, too
        for vals in vals_list:
            if scorecard := scorecards.get(vals.get("section_id")):
                last[scorecard] = max(last[scorecard], vals.get("number") or 0)
        numbers = []
        for vals in vals_list:
            number, scorecard = vals.get("number"), scorecards.get(vals.get("section_id"))
            if not number and scorecard:
                number = last[scorecard] = last[scorecard] + 1
            numbers.append(number)
        return super().create(
            [
                dict(vals, number=number) if number else vals
                for vals, number in zip(vals_list, numbers, strict=True)
            ]
        )


class CsScorecardGrade(models.Model):
    _name = "cs.scorecard.grade"
    _inherit = "cs.scorecard.part"
    _description = "CS Scorecard Grade"
    _bounds = {"points": (0, 100)}
    _order = "section_id, points desc, id"

    section_id = fields.Many2one(
        "cs.scorecard.section",
        compute="_compute_section_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        copy=False,  # a copy lies in the section of its own item
        index=True,
        ondelete="cascade",
    )
    item_id = fields.Many2one(
        "cs.scorecard.item",
        index="btree_not_null",
        ondelete="cascade",
        help="The one item that has this grade; if empty, all of the section without their own.",
    )
    scorecard_id = fields.Many2one(
        related="section_id.scorecard_id", store=True, index=True, precompute=True
    )
    points = fields.Float(digits=(5, 2), required=True)
    name = fields.Char(string="Word", required=True, translate=True)

    _points_item_uniq = models.UniqueIndex(
        "(section_id, COALESCE(item_id, 0), points)",
        "A section, or an item, cannot have two grades with the same points.",
    )
    _points_check = models.Constraint(
        "CHECK(points BETWEEN 0 AND 100)", "A grade's points lie between 0 and 100."
    )

    @api.depends("item_id.section_id")
    def _compute_section_id(self):
        """An item's own grade lies in the item's section."""
        for grade in self:
            grade.section_id = grade.item_id.section_id or grade.section_id
