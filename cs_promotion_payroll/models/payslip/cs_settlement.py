from odoo import api, fields, models


class CsSettlement(models.Model):
    """What one payslip settles of an earlier month's item (W7).

    Like a fine taken: it is what the payslip's lines say, counts once the payslip is done, and
    is given back when that is cancelled or refunded.
    """

    _name = "cs.settlement"
    _description = "Settled by a Payslip"
    _order = "month, item, id"

    slip_id = fields.Many2one(
        "hr.payslip",
        string="Payslip",
        required=True,
        ondelete="cascade",
        readonly=True,
    )
    employee_id = fields.Many2one(related="slip_id.employee_id", store=True, index=True)
    company_id = fields.Many2one(related="slip_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    slip_state = fields.Selection(related="slip_id.state", string="Payslip Status")
    month = fields.Date(required=True, readonly=True, help="The paid month it belongs to.")
    item = fields.Selection(
        selection=lambda self: self.env["cs.pay.words"]._get_item_names(),
        required=True,
        readonly=True,
    )
    returned = fields.Boolean(readonly=True, help="From goods that came back.")
    amount = fields.Monetary(
        required=True, readonly=True, help="Above nought it was paid, below it was taken."
    )

    _slip_uniq = models.UniqueIndex("(slip_id, month, item, returned)")

    @api.model
    def _replace(self, settled):
        """Replace what payslips settle of earlier months. It counts like fines taken (W7).

        :param settled: payslip -> parts, as
            :class:`~odoo.addons.cs_promotion.engine.settlement.Settled`
        """
        own = self.sudo()  # nobody writes these rows by hand; callers may write the payslips
        own.env["hr.payslip"].union(*settled).cs_settlement_ids.unlink()
        own.create(
            [
                {
                    "slip_id": slip.id,
                    "month": each.difference.month,
                    "item": each.difference.code,
                    "returned": each.difference.returned,
                    "amount": float(each.amount),
                }
                for slip, parts in settled.items()
                for each in parts
            ]
        )
