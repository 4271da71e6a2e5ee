import logging

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from . import sheet_cells

_logger = logging.getLogger(__name__)

ENOUGH = 10  # faulty rows after which a file that is refused as a whole is not read further


class Sheet:
    """One file while it is loaded. Handed on in the context: an object of this class cannot be
    sent over the network, so nobody can make up rows or agents that were not looked at."""

    def __init__(self, fields, data, window, options, skip_bad):
        self.fields = fields
        self.data = data
        self.window = window  # rows to load now; the others of the file are only compared
        self.form = options.get("date_format")
        self.first = options.get("first", 1)  # how the file numbers the first row of data
        self.skip_bad = skip_bad
        self.faults = {}  # row -> why it is refused
        self.agents = {}  # row -> employee, where the model has one
        self.rows = []  # rows as they are loaded -> rows of the file
        self.known = {}  # model -> ids that have been looked up
        self.found = {}  # (model, how, what a cell says) -> id and warnings, or the refusal

    def refuse(self, row, fault):
        if row in self.window:
            self.faults.setdefault(row, fault)

    def place(self, start, end):
        """Where rows are, as Odoo's messages tell it: counted from the first one to load."""
        first = self.window.start
        return {"rows": {"from": start - first, "to": end - first}, "record": start - first}

    @property
    def is_full(self):
        return not self.skip_bad and len(self.faults) >= ENOUGH


class EarlierRows(list):
    """Rows of the same file that came before the ones being loaded; as private as a sheet."""


class CsSheetMixin(models.AbstractModel):
    """Odoo's standard import, for sheets as people keep them.

    Days, months and numbers are read as they are written; a blank cell leaves what is stored;
    a name that several records share is refused; what is wrong is told row by row, and the
    other rows are imported when that is asked for. All rows are looked at together, so that
    the number of queries does not grow with them.
    """

    _name = "cs.sheet.mixin"
    _description = "Record that Is Loaded from Spreadsheets"

    @api.model
    def _reads_sheet(self, fields):
        """Whether a file with these columns is read this way, and not as Odoo does it.

        Rows that spread over several lines, as those of one2many fields do, are left to Odoo.
        """
        roots = [self._fields.get(name.split("/")[0]) for name in fields]
        return not any(field is not None and field.type == "one2many" for field in roots)

    @api.model
    def _get_sheet(self):
        sheet = self.env.context.get("cs_sheet")
        return sheet if isinstance(sheet, Sheet) else None

    @api.model
    def load(self, fields, data):
        """Load what can be; name the rows that cannot, with their agent and the reason."""
        fields = ["/".join(models.fix_import_export_id_paths(name)) for name in fields]
        if not self._reads_sheet(fields):
            return super().load(fields, data)
        context = self.env.context
        earlier = context.get("cs_earlier_rows")
        earlier = earlier if isinstance(earlier, EarlierRows) else []
        limit = context.get("_import_limit")
        count = min(len(data), limit or len(data))
        sheet = Sheet(
            fields,
            [list(row) for row in (*earlier, *data)],
            range(len(earlier), len(earlier) + count),
            context.get("cs_sheet_options") or {},
            bool(context.get("import_skip_records") or context.get("cs_skip_bad_rows")),
        )
        reader = self.with_context(cs_sheet=sheet, _import_limit=None, cs_earlier_rows=None)
        reader._read_cells(sheet)
        reader._read_rows(sheet)
        result = reader._load_sheet(sheet)
        result["nextrow"] = count if limit and count >= limit else 0
        return result

    # pylint: disable=super-method-mismatch
    @api.model
    def _load_sheet(self, sheet):
        """Load the rows that seem right; all or nothing, unless bad rows are to be left out."""
        messages, ids = [], []
        with self.env.cr.savepoint() as savepoint:
            # each turn leaves out the rows that the last one found; none found is the end
            while True:
                faulty = len(sheet.faults)
                sheet.rows = [row for row in sheet.window if row not in sheet.faults]
                result = super().load(sheet.fields, [sheet.data[row] for row in sheet.rows])
                messages = self._place_messages(sheet, result["messages"])
                ids = result["ids"] or []
                if result["ids"] is not False or not sheet.skip_bad or len(sheet.faults) == faulty:
                    break
            refused = any(each["type"] == "error" for each in messages) or (
                bool(sheet.faults) and not sheet.skip_bad
            )
            if refused:
                savepoint.rollback()
                # caches that the rows have cleared are no other worker's matter: nothing was
                # loaded
                self.pool.reset_changes()
            else:
                messages += [
                    {
                        "type": "warning",
                        "message": note,
                        **sheet.place(sheet.rows[0], sheet.rows[-1]),
                    }
                    for note in self.browse(ids)._get_sheet_notes()
                ]
        told = [self._tell_fault(sheet, row) for row in sorted(sheet.faults)]
        return {"ids": False if refused else ids, "messages": told + messages}

    def _get_sheet_notes(self):
        """What is told of these loaded records, by the test as well: what else they touch.

        To extend by addons that know of it.
        """
        return []

    @api.model
    def _place_messages(self, sheet, messages):
        """What Odoo says of the rows it was given, about the rows of the file.

        Of faults in rows that are to be left out no message is left: they are noted.
        """
        placed = []
        for told in messages:
            message = told
            if "rows" in told and told["rows"].get("from") is not None:
                start, end = (sheet.rows[told["rows"][key]] for key in ("from", "to"))
                message = dict(told, **sheet.place(start, end))
                if sheet.skip_bad and message["type"] == "error":
                    sheet.refuse(start, message["message"])
                    continue
            placed.append(message)
        return placed

    @api.model
    def _tell_fault(self, sheet, row):
        """The message about a row that is refused: which, whose, why."""
        words = {"row": sheet.first + row, "fault": sheet.faults[row]}
        agent = sheet.agents.get(row)
        if agent and agent not in words["fault"]:
            text = self.env._("Row %(row)s, %(agent)s: %(fault)s", agent=agent, **words)
        else:
            text = self.env._("Row %(row)s: %(fault)s", **words)
        return {
            "type": "warning" if sheet.skip_bad else "error",
            "message": text,
            **sheet.place(row, row),
            "cs_left_out": sheet.skip_bad,
        }

    # ------------------------------------------------------------------ cells

    @api.model
    def _read_cells(self, sheet):
        """Days, months and numbers as Odoo wants them; what is none is noted by row."""
        for column, name in enumerate(sheet.fields):
            field = self._fields.get(name)
            if field is not None and field.type == "date":
                for row, values in enumerate(sheet.data):
                    values[column] = self._read_date_cell(sheet, row, field, values[column])
            elif field is not None and field.type in ("integer", "float", "monetary"):
                whole = field.type == "integer"
                for values in sheet.data:
                    values[column] = sheet_cells.read_number(values[column], whole)

    @api.model
    def _read_date_cell(self, sheet, row, field, cell):
        if not cell or not sheet_cells.plain_text(cell):
            return ""
        day = self._read_date(field.name, cell, sheet.form)
        if day:
            return day.isoformat()
        sheet.refuse(
            row,
            self.env._(
                '"%(value)s" is no %(field)s. Write it like %(example)s.',
                value=cell,
                field=field._description_string(self.env),
                example=self._get_date_example(field.name),
            ),
        )
        return ""

    @api.model
    def _read_date(self, name, cell, form=None):
        """The day that a cell of this column gives, None if none."""
        return sheet_cells.read_day(cell, form)

    @api.model
    def _get_date_example(self, name):
        return "2026-11-30"

    @api.model
    def _read_rows(self, sheet):
        """Look at whole rows, all together. To extend."""
        keys = {"id", ".id"} & set(sheet.fields)
        keys = [sheet.fields.index(name) for name in keys]
        needed = {
            column: field
            for column, name in enumerate(sheet.fields)
            if (field := self._fields.get(name.split("/")[0])) is not None and field.required
        }
        for row, values in enumerate(sheet.data):
            if any(values[key] for key in keys):
                continue  # it may be there already: a blank cell then leaves what is stored
            for column, field in needed.items():
                if values[column] in ("", None, False):
                    name = field._description_string(self.env)
                    sheet.refuse(row, self.env._("%(field)s is blank.", field=name))

    # ------------------------------------------------------------------ records

    @api.model
    def _is_blank(self, name, value):
        """Whether a value comes of a blank cell: the import has False for it, and 0 for 0."""
        return value is False and name in self._fields and self._fields[name].type != "boolean"

    def _load_records_write(self, values):
        if self._get_sheet():
            values = {
                name: value for name, value in values.items() if not self._is_blank(name, value)
            }
        return super()._load_records_write(values)

    @api.model
    def _load_records(self, data_list, update=False):
        """Load what can be loaded, and note what is wrong with the rest."""
        sheet = self._get_sheet()
        if sheet is None:
            return super()._load_records(data_list, update)
        faults = self._find_sheet_faults(data_list)
        for index, fault in faults.items():
            sheet.refuse(sheet.rows[data_list[index]["info"]["rows"]["from"]], fault)
        return self._load_or_halve(
            sheet, [each for index, each in enumerate(data_list) if index not in faults], update
        )

    @api.model
    def _find_sheet_faults(self, data_list):
        """Index -> what is wrong with what is to be loaded, found for all together. To extend.

        What is not found here is found by trying, at the cost of doing so.
        """
        return {}

    # pylint: disable=super-method-mismatch
    @api.model
    def _load_or_halve(self, sheet, data_list, update):
        """Load all at once; if that fails, one half after the other, down to the bad rows."""
        if not data_list or sheet.is_full:
            return self.browse()
        # copies: Odoo takes values out of what it loads, and halves are loaded again
        attempt = [dict(data, values=dict(data["values"])) for data in data_list]
        try:
            with self.env.cr.savepoint():
                return super()._load_records(attempt, update)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except UserError as error:
            fault = str(error)
        except psycopg2.Error as error:
            fault = self._sql_error_to_message(error)
        except Exception as error:
            _logger.exception("%s: a row could not be imported", self._name)
            fault = str(error)
        if len(data_list) == 1:
            sheet.refuse(sheet.rows[data_list[0]["info"]["rows"]["from"]], fault)
            return self.browse()
        middle = len(data_list) // 2
        first = self._load_or_halve(sheet, data_list[:middle], update)
        return first + self._load_or_halve(sheet, data_list[middle:], update)
