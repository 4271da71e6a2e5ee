from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.cs_promotion.engine.series import Point


class CsPraise(models.Model):
    """A customer's letter of thanks for an agent."""

    _name = "cs.praise"
    _inherit = ["cs.employee.mixin"]
    _description = "Letter of Thanks"
    _order = "date desc, id desc"
    _employed_date = "date"

    date = fields.Date(required=True, default=lambda self: self.env.company._cs_today())
    text = fields.Text()

    @api.model
    def _load_series(self, codes, scope):
        self.flush_model()
        letters = defaultdict(list)
        for employee_id, day, id_ in self.env.execute_query(
            SQL(
                """
                SELECT employee_id, date, id FROM cs_praise
                 WHERE employee_id = ANY(%s) AND company_id = %s AND date <= %s
                 ORDER BY date, id
                """,
                scope.ids,
                scope.company.id,
                scope.until,
            )
        ):
            letters[employee_id].append(Point(day, day, 1, id_))
        return dict.fromkeys(codes, letters)
