from collections import defaultdict

from odoo import api, fields, models

from ..engine.calendar import month_end
from . import sheet_cells
from .cs_period import Month, month_name


class CsMonthMixin(models.AbstractModel):
    """A record about one agent's calendar month, given by any day of it."""

    _name = "cs.month.mixin"
    _inherit = ["cs.employee.mixin", "cs.sheet.agent.mixin"]
    _description = "Record about an Agent's Month"
    _has_happened = True

    department_id = fields.Many2one(related="employee_id.department_id")
    month = Month(
        required=True, index=True, default=lambda self: self.env.company._cs_today().replace(day=1)
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._on_first_day(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._on_first_day(vals))

    @api.model
    def _on_first_day(self, vals):
        """Any day of the month stands for its first."""
        if not vals.get("month"):
            return vals
        return dict(vals, month=fields.Date.to_date(vals["month"]).replace(day=1))

    @api.model
    def _get_last_day(self, day):
        return month_end(day)

    def _get_month_name(self):
        """Agent and month, as far as they are filled in."""
        return self._join_name(self.employee_id.name, month_name(self.env, self.month), glue=" ")

    # ------------------------------------------------------------------ from a spreadsheet

    @api.model
    def _read_date(self, name, cell, form=None):
        if name == "month":
            return sheet_cells.read_month(cell, form)
        return super()._read_date(name, cell, form)

    @api.model
    def _get_date_example(self, name):
        return "2026-11" if name == "month" else super()._get_date_example(name)

    @api.model
    def _read_rows(self, sheet):
        """Refuse months that the file gives twice, in whatever part of it: which one counts?"""
        super()._read_rows(sheet)
        if "employee_id/.id" not in sheet.fields:
            return
        agent = sheet.fields.index("employee_id/.id")
        month = sheet.fields.index("month") if "month" in sheet.fields else None
        usual = f"{self.default_get(['month']).get('month')}"
        rows = defaultdict(list)
        for row, values in enumerate(sheet.data):
            key = (values[agent], values[month] if month is not None else usual)
            if all(key):
                rows[key].append(row)
        for (_agent, day), doubles in rows.items():
            for row in doubles if len(doubles) > 1 else ():
                sheet.refuse(
                    row,
                    self.env._(
                        "%(agent)s, %(month)s: the file gives this month more than once, in rows "
                        "%(rows)s. Leave only the one that counts.",
                        agent=sheet.agents[row],
                        month=day[:7],
                        rows=", ".join(f"{sheet.first + each}" for each in doubles),
                    ),
                )

    @api.model
    def _load_records_create(self, vals_list):
        """Import a month again and it is corrected, not doubled: an agent has one row a month.

        A row that is there already with the same values is left alone, so that importing the
        same file twice changes nothing, in a closed month as well.
        """
        vals_list = [self._on_first_day(vals) for vals in vals_list]
        known = self._find_months(vals_list)
        keys = [self._get_month_key(vals) for vals in vals_list]
        new = [vals for key, vals in zip(keys, vals_list, strict=True) if key not in known]
        self._write_changes(
            {
                known[key]: known[key]._get_changes(vals)
                for key, vals in zip(keys, vals_list, strict=True)
                if key in known
            }
        )
        # in the order of the file: Odoo gives the records their external ids by it
        created = iter(super()._load_records_create(new))
        return self.browse().concat(
            *(known[key] if key in known else next(created) for key in keys)
        )

    @api.model
    def _get_month_key(self, vals):
        return (vals.get("employee_id"), fields.Date.to_date(vals.get("month") or None))

    @api.model
    def _find_months(self, vals_list):
        """(employee id, first of month) -> the record that is there already."""
        keys = [self._get_month_key(vals) for vals in vals_list]
        records = self.search(
            [
                ("employee_id", "in", list({employee for employee, _month in keys if employee})),
                ("month", "in", list({month for _employee, month in keys if month})),
            ]
        )
        return {(record.employee_id.id, record.month): record for record in records}

    def _get_changes(self, vals):
        """Those of ``vals`` that differ; a blank cell of a spreadsheet changes nothing."""
        return {
            name: value
            for name, value in vals.items()
            if not (self._get_sheet() and self._is_blank(name, value))
            # compared as the ORM reads them: a file has texts and dates of many kinds
            and self._fields[name].convert_to_record(
                self._fields[name].convert_to_cache(value, self), self
            )
            != self[name]
        }

    @api.model
    def _write_changes(self, changes):
        """Record -> values to write. To extend where checks are better made for all at once."""
        for record, vals in changes.items():
            if vals:
                record.write(vals)
