from odoo import api, models

from ...package.shapes import FORM


class CsPolicyPackageFormMixin(models.AbstractModel):
    """The other forms in a package: said where they are needed, named where they are again."""

    _name = "cs.policy.package.form.mixin"
    _description = "Forms in a CS Policy Package"

    @api.model
    def _write_form(self, row):
        """The form of a row: nothing of the policy's own, null of none, the name of one that an
        earlier row has said."""
        form, policy = row.scorecard_id, row.policy_id
        if form and form == policy.scorecard_id:
            return {}
        rows = policy.form_ids.sorted()
        if form in rows[: list(rows).index(row)].scorecard_id:
            return {"form": form.with_context(lang="en_US").name}
        return {"form": self._write_row(FORM, form) if form else None}

    @api.model
    def _make_form(self, node, own, policy, known):
        """Values of a row: its form, made where it is said.

        :param known: name -> form, of those that were said before; it grows
        """
        given = node.members().get("form")
        if given is None:
            return {"scorecard_id": policy.scorecard_id.id}
        if given.value is None:
            return {"scorecard_id": False}
        if isinstance(given.value, str):
            if given.value not in known:
                given.fail(f"no form of this name was said before: {', '.join(known)}")
            return {"scorecard_id": known[given.value].id}
        form = self._create(FORM, given, own, {"company_id": policy.company_id.id})
        self._check_raters(given, policy)
        known |= dict.fromkeys(self._get_form_names(given), form)
        return {"scorecard_id": form.id}

    @api.model
    def _check_raters(self, node, policy):
        """Whoever an item of a form is rated by is one of the policy's raters."""
        known = {*policy.rater_ids.mapped("code")}
        for section in node.members()["sections"].list():
            for item in section.members()["items"].list():
                keys = item.members()
                for named in (keys[key] for key in ("rater", "raters") if key in keys):
                    unknown = {*filter(None, map(str.strip, (named.value or "").split(",")))}
                    for code in sorted(unknown - known):
                        named.fail(f"the policy has no rater {code!r}: {', '.join(sorted(known))}")

    @api.model
    def _get_form_names(self, node):
        """By which names a form may be meant: those in all languages."""
        return self._read_texts(self.env["cs.scorecard"], "name", node.members()["name"]).values()

    @api.model
    def _get_form_schema(self, schema):
        """Schema of the form of a row: one of its own, the name of another one, or none."""
        return {"oneOf": [schema, {"type": "string"}, {"type": "null"}]}
