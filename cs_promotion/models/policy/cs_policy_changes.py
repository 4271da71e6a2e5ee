from odoo import api, models
from odoo.tools import format_date

from ...engine.decimals import plain
from .cs_policy import SETTINGS

POLICY = ("scorecard_id", *SETTINGS, "scoring_days", "notice_days", "approval")
POLICY += ("approval_sentence", "rank_within", "rank_by_form", "rank_least")
POLICY += ("class_from", "class_rounding", "quarter_least", "half_least", "year_least")
POLICY += ("pays_base", "pays_appraisal", "pays_commission")
CLASS = ("name", "sentence")
FORM = ("scorecard_id",)
TARGET = ("value",)
PAY_ITEM = ("name", "sentence")
RATER = ("weight", "sentence")
RUNG = (
    "below_id",
    "appointed",
    "on_probation",
    "paid_as_below",
    "base_wage",
    "appraisal_pay",
    "commission_percent",
    "fine_min",
    "fine_max",
    "places_sentence",
)
RULE = ("name", "sequence", "tier_id", "tier_to_id", "outcome", "sentence")
CONSEQUENCE = ("outcome", "fined")
OFFENCE = ("severity", "points", "fine_method", "fine_amount", "months")
NUMBERS = ("float", "integer", "monetary")
SECTION, ITEM, GRADE = ("name", "weight"), ("name", "sentence"), ("name",)


class CsPolicyChanges(models.AbstractModel):
    """What differs between two versions of a policy, field by field, in the reader's words."""

    _name = "cs.policy.changes"
    _description = "Changes between CS Policies"

    @api.model
    def _get_changes_values(self, former, policy):
        """What the page of changes shows."""
        title = self.env._(
            "Compared with %(version)s, in force from %(day)s:",
            version=former.name,
            day=format_date(self.env, former.date_from),
        )
        return {"title": title, "rows": self._get_changes(former, policy)}

    @api.model
    def _get_changes(self, former, policy):
        """The differences in the order of the form: dict(part, name, was, now) each.

        A part that only one of them has is one row; the other side of it is empty.
        """
        rows = self._compare("", former, policy, (*POLICY, "require_attestation"))
        rows += self._compare_parts(former.rater_ids, policy.rater_ids, "code", RATER)
        rows += self._compare_parts(former.rung_ids, policy.rung_ids, "tier_id", RUNG)
        rows += self._compare_parts(former.class_ids, policy.class_ids, "code", CLASS)
        rows += self._compare_parts(former.item_ids, policy.item_ids, "code", PAY_ITEM)
        rows += self._compare_parts(former.rule_ids, policy.rule_ids, "code", RULE)
        rows += self._compare_parts(
            former.consequence_ids, policy.consequence_ids, "severity", CONSEQUENCE
        )
        rows += self._compare_parts(former.offence_ids, policy.offence_ids, "name", OFFENCE)
        rows += self._compare_parts(former.form_ids, policy.form_ids, "who", FORM)
        rows += self._compare_parts(former.target_ids, policy.target_ids, "name", TARGET)
        if former.scorecard_id != policy.scorecard_id:
            rows += self._compare_forms(former.scorecard_id, policy.scorecard_id)
        was = {row.who: row.scorecard_id for row in former.form_ids}
        for row in policy.form_ids.filtered("scorecard_id"):
            if was.get(row.who) and was[row.who] != row.scorecard_id:
                rows += self._compare_forms(was[row.who], row.scorecard_id)
        return rows

    @api.model
    def _compare_forms(self, former, scorecard):
        was, now = former.section_ids, scorecard.section_ids
        rows = self._compare_parts(was, now, "code", SECTION)
        rows += self._compare_parts(was.item_ids, now.item_ids, "number", ITEM)
        for section in now:
            other = was.filtered(lambda each, code=section.code: each.code == code)
            if other:
                rows += self._compare_parts(other.grade_ids, section.grade_ids, "points", GRADE)
        return rows

    @api.model
    def _compare_parts(self, was, now, key, names):
        """Parts that have the same ``key`` are the same part; those of one side came or went."""
        was, now = (
            {part[key]: part for part in parts.filtered(lambda part: part[key])}
            for parts in (was, now)
        )
        rows = []
        for value in dict.fromkeys([*was, *now]):
            if value in was and value in now:
                rows += self._compare(self._call(now[value]), was[value], now[value], names)
            else:
                gone, come = was.get(value), now.get(value)
                part = gone or come
                rows.append(
                    {
                        "part": self._call(part),
                        "name": self.env._("removed") if gone else self.env._("added"),
                        "was": self._tell(gone, names) if gone else "",
                        "now": self._tell(come, names) if come else "",
                    }
                )
        return rows

    @api.model
    def _compare(self, part, was, now, names):
        return [
            {
                "part": part,
                "name": now._fields[name]._description_string(self.env),
                "was": self._show(was, name),
                "now": self._show(now, name),
            }
            for name in names
            if self._show(was, name) != self._show(now, name)
        ]

    @api.model
    def _call(self, part):
        if part._name == "cs.policy.rater":
            return part._get_label()
        if "name" in part._fields:
            return part.name
        if "who" in part._fields:
            return part.who
        if "tier_id" in part._fields:
            return part.tier_id.name
        return self._show(part, "severity" if "severity" in part._fields else "code")

    @api.model
    def _tell(self, part, names):
        """What a part that came or went says; of what it is or is not, what it is, and no number
        without saying of what."""
        words = self.env["cs.words"]
        left = {"name", "sequence"}  # the one stands beside it, the other says nothing by itself

        def tell(name):
            field, label = part._fields[name], part._fields[name]._description_string(self.env)
            if not part[name]:
                return ""
            if field.type == "boolean":
                return label
            shown = self._show(part, name)
            if field.type in NUMBERS or name in ("below_id", "tier_to_id"):
                return words._say_named(label, shown)
            return shown

        return words._say_listed(filter(None, (tell(name) for name in names if name not in left)))

    @api.model
    def _show(self, record, name):
        """A field as its reader sees it."""
        field, value = record._fields[name], record[name]
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value or "")
        if field.type == "boolean":
            return self.env._("yes") if value else self.env._("no")
        if field.type == "many2one":
            return value.display_name or ""
        if field.type == "date":
            return format_date(self.env, value)
        if field.type in NUMBERS:
            return plain(value)
        return value or ""
