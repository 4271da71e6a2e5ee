from odoo import api, models

from .cs_sheet_mixin import Sheet


class IrFieldsConverter(models.AbstractModel):
    """While one of our sheets is loaded, a name is looked up once, and has to be one record's."""

    _inherit = "ir.fields.converter"

    @api.model
    def db_id_for(self, model, field, subfield, value, savepoint):
        """As Odoo's, but refuses what Odoo warns of: a name that several records share."""
        sheet = self.env.context.get("cs_sheet")
        if not isinstance(sheet, Sheet):
            return super().db_id_for(model, field, subfield, value, savepoint)
        if subfield == ".id" and value in sheet.known.get(field.comodel_name, ()):
            return value, []
        key = (field.comodel_name, field.name, subfield, value)
        if key not in sheet.found:
            try:
                found = super().db_id_for(model, field, subfield, value, savepoint)
                if subfield is None:
                    self._check_one_of_name(field, value)
                sheet.found[key] = found
            except ValueError as error:
                sheet.found[key] = error
        if isinstance(sheet.found[key], ValueError):
            raise sheet.found[key]
        return sheet.found[key]

    @api.model
    def _check_one_of_name(self, field, value):
        found = self.env[field.comodel_name].name_search(name=value, operator="=")
        if len(found) > 1:
            raise self._format_import_error(
                ValueError,
                self.env._(
                    "\"%(value)s\" in '%%(field)s' may be %(records)s. Say which of them by its "
                    "external id or database id."
                ),
                {
                    "value": value,
                    "records": self.env._(" or ").join(f"{name} (id {id_})" for id_, name in found),
                },
                {"value": value},
            )
