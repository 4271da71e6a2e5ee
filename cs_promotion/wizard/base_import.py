from odoo import models

from odoo.addons.base_import.models.base_import import ImportValidationError

from ..models.cs_sheet_mixin import EarlierRows

NUMERIC = frozenset("0123456789.,+-()eE' ")


class BaseImport(models.TransientModel):
    """The import dialog, where it loads sheets of ours: no cell stops the file before its row
    can be told, and a file without data is answered by a sentence."""

    _inherit = "base_import.import"

    def _is_cs_sheet(self):
        """Whether the dialog loads a model of customer service."""
        return self.res_model in self.env and (
            self.res_model == "hr.employee" or self.res_model.startswith("cs.")
        )

    def execute_import(self, fields, columns, options, dryrun=False):
        """Hand the model what it cannot know: the rows before these, and how dates are written."""
        self.ensure_one()
        model = self._is_cs_sheet() and self.env[self.res_model]
        if not (hasattr(model, "_reads_sheet") and model._reads_sheet([*filter(None, fields)])):
            return super().execute_import(fields, columns, options, dryrun=dryrun)
        try:
            earlier = self._get_earlier_rows(fields, options)
        except ImportValidationError as error:
            return {"messages": [error.__dict__]}
        context = {
            "cs_earlier_rows": earlier,
            "cs_sheet_options": {
                "date_format": options.get("date_format"),
                "first": 2 if options.get("has_headers") else 1,
            },
            "cs_skip_bad_rows": bool(options.get("cs_skip_bad_rows")),
        }
        wizard = self.with_context(**context)
        return super(BaseImport, wizard).execute_import(fields, columns, options, dryrun=dryrun)

    def _get_earlier_rows(self, fields, options):
        """The rows of the file that were loaded before: a month may not come twice (batches)."""
        skip = options.get("skip") or 0
        data, names = self._convert_import_data(fields, dict(options, skip=0))
        if not skip:
            return EarlierRows()
        _names, rows = self.with_context(import_options=options)._handle_multi_mapping(
            names, data[:skip]
        )
        return EarlierRows(rows)

    def _read_file(self, options):
        if not self._is_cs_sheet():
            return super()._read_file(options)
        if not (self.file or b"").strip():
            raise ImportValidationError(
                self.env._("The file is empty. Choose a file with a line of titles and data.")
            )
        try:
            length, rows = super()._read_file(options)
        except ValueError as error:
            raise ImportValidationError(str(error)) from error
        if not rows:
            raise ImportValidationError(self._tell_empty(options))
        if options.get("has_headers") and len(rows) == 1:
            raise ImportValidationError(
                self.env._("The file has a line of titles only, and no data below it.")
            )
        return length, rows

    # pylint: disable=super-method-mismatch
    def _tell_empty(self, options):
        """Nothing is on the sheet: say so, and where there is something."""
        sheet = options.get("sheet")
        if not sheet:
            return self.env._("The file is empty. Choose a file with a line of titles and data.")
        for other in options.get("sheets") or ():
            if other != sheet and super()._read_file(dict(options, sheet=other))[1]:
                return self.env._(
                    'The sheet "%(sheet)s" is empty; the data are on the sheet "%(other)s". Move '
                    "that one to the front, save the file and choose it again.",
                    sheet=sheet,
                    other=other,
                )
        return self.env._(
            'The sheet "%s" is empty, and so is all of the file. Choose a file with a line of '
            "titles and data.",
            sheet,
        )

    def _parse_date_from_data(self, data, index, name, field_type, options):
        """Days of our models are read by them, which tells the row of one that is none."""
        ours = "cs_sheet_options" in self.env.context
        if not (ours and field_type == "date" and "/" not in name):
            return super()._parse_date_from_data(data, index, name, field_type, options)
        return None

    def _parse_float_from_data(self, data, index, name, options):
        """As Odoo's, cell by cell: what is no number is left for the model to tell its row."""
        if "cs_sheet_options" not in self.env.context:
            return super()._parse_float_from_data(data, index, name, options)
        symbols = None
        currencies = self.env["res.currency"].with_context(active_test=False)
        for line in data:
            cell = line[index] = str(line[index]).strip()
            if not cell or (cell.isdecimal() and cell.isascii()):
                continue
            plain = cell
            if not NUMERIC.issuperset(cell):
                # symbols are looked up once, not for every cell, as Odoo would
                symbols = symbols or {*currencies.search([]).mapped("symbol"), "￥", "元"}
                for symbol in filter(None, symbols):
                    plain = plain.removeprefix(symbol).removesuffix(symbol).strip()
            if not NUMERIC.issuperset(plain):
                continue
            parsed = [plain]
            try:
                super()._parse_float_from_data([parsed], 0, name, options)
                line[index] = parsed[0]
            except ImportValidationError:
                continue
        return None
