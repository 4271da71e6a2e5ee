from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

MODELS = ("cs.decision", "cs.violation", "cs.appraisal")


class CsHandover(models.Model):
    """What is to be handed over on paper: letters to agents whom no login or mail reaches.

    One row for each decision, violation and score whose agent has not been told.
    """

    _name = "cs.handover"
    _inherit = ["cs.name.search.mixin"]
    _description = "CS Letter to Hand Over"
    _auto = False
    _order = "company_id, employee_id, id"
    _depends = {name: ["to_hand_over", "employee_id", "company_id"] for name in MODELS}

    kind = fields.Selection(selection="_get_kinds", readonly=True)
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(string="Record", model_field="res_model", readonly=True)
    employee_id = fields.Many2one("hr.employee", string="Agent", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    @api.model
    def _get_letters(self):
        """Kind of letter -> model and name; addons add theirs, with their model in ``_depends``."""
        return {
            "decision": ("cs.decision", self.env._("Decision")),
            "violation": ("cs.violation", self.env._("Violation")),
            "score": ("cs.appraisal", self.env._("Score")),
        }

    @api.model
    def _get_kinds(self):
        return [(kind, name) for kind, (_model, name) in self._get_letters().items()]

    @property
    def _table_query(self):
        letters = self._get_letters()
        rows = [
            SQL(
                "SELECT id * %s + %s AS id, %s AS kind, %s AS res_model, id AS res_id, "
                "employee_id, company_id FROM %s WHERE to_hand_over",
                len(letters),
                number,
                kind,
                model,
                SQL.identifier(self.env[model]._table),
            )
            for number, (kind, (model, _name)) in enumerate(letters.items())
        ]
        return SQL(" UNION ALL ").join(rows)

    @api.depends("res_model", "res_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row._get_record().display_name

    @api.model
    def _search_display_name(self, operator, value):
        """By the names of what the letters are about."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented  # Odoo asks for the opposite instead
        named = Domain("to_hand_over", "=", True) & Domain("display_name", operator, value)
        return Domain.OR(
            Domain("res_model", "=", model)
            & Domain("res_id", "in", self.env[model].search(named).ids)
            for model, _name in self._get_letters().values()
        )

    def _get_record(self):
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)

    def action_open_record(self):
        """Open what the letter is about."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def action_print(self):
        """The letters as one PDF, each in its agent's language."""
        self.check_access("read")
        if not self:
            raise UserError(self.env._("There is no letter to hand over on paper."))
        return self.env.ref("cs_promotion.report_handover_action").report_action(self)

    def action_handed_over(self):
        """Note that these letters have been handed over: by whom, and when."""
        self.check_access("read")
        for model, rows in self.grouped("res_model").items():
            self.env[model].browse(rows.mapped("res_id")).action_handed_over()
        self.invalidate_model()
