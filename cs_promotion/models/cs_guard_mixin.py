import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.models import MAGIC_COLUMNS

# field type -> what a number stays below; not-a-number and the infinities do not
LIMITS = {"integer": 2**31, "float": 10**12, "monetary": 10**12}


class CsGuardMixin(models.AbstractModel):
    """What forms show read-only is read-only for imports and network calls as well.

    Odoo enforces ``readonly`` in views only. Here a read-only field is written by the
    software alone: a caller who is not the superuser is refused, and so is a default for it
    that a caller slips in by the context. Numbers and dates that are none are refused, and
    what the database refuses is said with the record's name.
    """

    _name = "cs.guard.mixin"
    _description = "Read-only Fields Stay Read-only"

    _bounds = {}  # field -> its smallest and its largest value, None where there is none
    _guards_todos = True  # a to-do is ended by its assignee or the office: mail_activity.py
    _named_by = ("employee_id",)  # many2one fields that tell which record a new one is

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self.browse()._check_guarded(vals)
            self.browse()._check_given(vals)
        # a key of the context is a value that nobody has looked at
        slipped_in = {f"default_{name}" for name in self._get_guarded()}
        context = {key: value for key, value in self.env.context.items() if key not in slipped_in}
        # replaced, not merged: what was slipped in has to go
        clean = self.with_context(context)  # pylint: disable=context-overridden
        return super(CsGuardMixin, clean).create(vals_list)

    def write(self, vals):
        """Refuse read-only fields; a record that changes hands must stay within reach."""
        self.check_access("write")
        self._check_guarded(vals)
        self._check_frozen(vals)
        self._check_given(vals)
        result = super().write(vals)
        # given away to an agent out of reach, it would be out of one's own hands
        if {"employee_id", "company_id"} & set(vals):
            self.check_access("write")
        return result

    def _get_own_users(self):
        """Users whose own matter this is: who it is about never decides on it."""
        # past access rights: who may not read the employee is told no more than that
        return (
            self.sudo().employee_id.user_id if "employee_id" in self._fields else self.env.user[:0]
        )

    def _is_own(self):
        """Whether this is a matter of the caller's own."""
        return self.env.user in self._get_own_users()

    def _check_not_own(self, users=None):
        """Refuse a matter of the caller's own, also where the step itself is the software's.

        The one check of its kind: buttons, dialogs, forms and imports all come here, and models
        of others by ``env["cs.guard.mixin"]``.

        :param users: those whom it is about, where these records do not tell
        """
        if self.env.user in users if users is not None else self._is_own():
            raise UserError(self._get_own_fault())

    def _get_own_fault(self):
        return self.env._("You cannot decide on a matter of your own.")

    @api.model
    def _check_group(self, group):
        """Refuse callers without the group; superuser code passes.

        The one check of its kind; models of others come by ``env["cs.guard.mixin"]``.
        """
        if not self.env.su and not self.env.user.has_group(group):
            raise AccessError(self.env._("You are not allowed to do this."))

    def _check_may(self, group, operation="write"):
        """Refuse a step with these records to who is not of the group, does not reach them, or
        would decide on a matter of their own."""
        self._check_group(group)
        self.check_access(operation)
        self._check_not_own()

    def _get_step_fault(self, step):
        """Why ``step`` cannot be taken with this record now, in a sentence; None when it can."""
        return

    def _check_possible(self, step):
        """Refuse a step that the state of one of these records does not allow, and say why."""
        for record in self:
            fault = record._get_step_fault(step)
            if fault:
                raise UserError(fault)

    def _describe_step(self, step):
        """What ``step`` changes besides the record itself, one line each."""
        return []

    def _get_reopened(self, step):
        """What ``step`` has scored anew, so that nobody knows yet what comes out: triples of
        company, employee ids (None: everybody's) and the first day of the month."""
        return []

    def _get_known_outcomes(self, step):
        """Those of these records for which all that ``step`` brings about is known beforehand."""
        return self.browse()

    def _get_state_name(self):
        """The state of this record in words."""
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self._check_frozen(self._fields)

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        """To translate is to write: what is frozen keeps its words in every language."""
        self.check_access("write")
        self._check_guarded({field_name: None})
        self._check_frozen({field_name: None})
        return super()._update_field_translations(field_name, translations, digest, source_lang)

    def _get_frozen(self):
        """Those of these records that are settled: what they say stays as it is."""
        return self.browse()

    def _check_frozen(self, vals):
        """Refuse to change settled records; what others hang on them (activities, followers,
        messages) is none of their own fields."""
        own = {name for name in vals if name in self._fields and name not in MAGIC_COLUMNS}
        own -= {name for name in own if self._fields[name]._module in ("mail", "rating")}
        if self.env.su or not own:
            return
        for record in self._get_frozen()[:1]:
            raise UserError(
                self.env._(
                    "%s has been counted in a decision and can no longer be changed or deleted.",
                    record.display_name,
                )
            )

    @api.model
    def _get_guarded(self):
        """Names of the fields that only the software writes."""
        return {
            name
            for name, field in self._fields.items()
            if field.readonly and name not in MAGIC_COLUMNS
        }

    def _check_guarded(self, vals):
        """Refuse ``vals`` that set read-only fields, naming record and fields."""
        guarded = set() if self.env.su else self._get_guarded() & set(vals)
        if guarded:
            raise UserError(
                self.env._(
                    "%(record)s: %(fields)s cannot be set by hand.",
                    record=self._name_given(vals),
                    fields=", ".join(
                        sorted(self._fields[name]._description_string(self.env) for name in guarded)
                    ),
                )
            )

    def _check_given(self, vals):
        """Refuse numbers and dates that are none or out of bounds, naming record and field."""
        for name, value in vals.items():
            field = self._fields.get(name)
            if field and not self._is_possible(field, value):
                raise ValidationError(
                    self.env._(
                        "%(record)s: %(value)s is not a possible value of %(field)s.",
                        record=self._name_given(vals),
                        value=value,
                        field=field._description_string(self.env),
                    )
                )
            if field and name in self._bounds:
                self._check_bounds(field, vals)

    def _check_bounds(self, field, vals):
        low, high = self._bounds[field.name]
        value = float(vals[field.name] or 0)
        if low <= value and (high is None or value <= high):
            return
        words = {
            "record": self._name_given(vals),
            "field": field._description_string(self.env),
            "value": f"{value:.12g}",
            "low": low,
            "high": high,
        }
        if high is None:
            message = self.env._(
                "%(record)s: %(field)s is %(value)s, but has to be at least %(low)s.", **words
            )
        else:
            message = self.env._(
                "%(record)s: %(field)s is %(value)s, but has to lie between %(low)s and %(high)s.",
                **words,
            )
        raise ValidationError(message)

    @api.model
    def _is_possible(self, field, value):
        try:
            if field.type in LIMITS:
                return abs(float(value or 0)) < LIMITS[field.type]
            if field.type == "date":
                fields.Date.to_date(value or None)
        except (TypeError, ValueError):
            return False
        return True

    def _name_given(self, vals):
        """Name of the records, or of what ``vals`` would create: its kind, its agent."""
        if self:
            return ", ".join(self.mapped("display_name"))
        names = [
            self._name_key(name, vals[name])
            for name in self._named_by
            if name in self._fields and isinstance(vals.get(name), int)
        ] or [vals.get("name")]
        return ", ".join([self._description, *filter(None, names)])

    @api.model
    def _name_key(self, column, value):
        """``value`` of a column as a person reads it: of an agent or cycle the name."""
        field = self._fields.get(column)
        if field is None or field.type != "many2one":
            return str(value)
        public = {"hr.employee": "hr.employee.public"}
        record = self.env[public.get(field.comodel_name, field.comodel_name)].browse(int(value))
        return record.display_name if record.exists() and record.has_access("read") else str(value)

    @api.model
    def _sql_error_to_message(self, exc):
        """Name the record whose key is taken already: ``Anna, 2025-01-01: …``."""
        # a unique index tells columns and ids; people want names
        message = super()._sql_error_to_message(exc)
        key = re.search(r"\((.+?)\)=\((.+?)\)", exc.diag.message_detail or "")
        if not key or exc.diag.table_name != self._table:
            return message
        names = zip(key[1].split(", "), key[2].split(", "), strict=False)
        return f"{', '.join(self._name_key(*each) for each in names)}: {message}"
