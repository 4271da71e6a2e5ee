import json

from psycopg2 import IntegrityError

from odoo import Command, api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import get_lang, mute_logger

from ...engine.decimals import decimal
from ...package.node import Node, ScenarioError, read_json
from ...package.shapes import (
    BROUGHT,
    FORM,
    FORMAT,
    NAMED,
    PARTS,
    SETTINGS,
    SHARED,
    key_of,
)

TEXTS = ("char", "text")
OWN_RATER = "rater:"  # before the code of a rater of the package itself
NUMBERS = ("float", "monetary", "integer")
METRICS = (
    "metric",
    "one",
    "other",
    "share_by",
)  # selections that may name a metric of the package itself
OPEN = (*METRICS, "rater", "raise_item")  # selections that may name anything of the package


class CsPolicyPackage(models.AbstractModel):
    """A whole policy as one file, and the way back (policy language, *A policy is a file, too*).

    What stands in it is said once, in ``package/shapes.py``. A fault is told with its JSON path;
    then nothing is stored.
    """

    _name = "cs.policy.package"
    _inherit = ["cs.policy.package.form.mixin"]
    _description = "CS Policy Package"

    # ------------------------------------------------------------------ writing

    @api.model
    def _export(self, policy):
        """The policy as JSON types, in all languages that are active."""
        policy.ensure_one()
        scorecard = policy.scorecard_id
        metrics, scales = self._find_shared(policy)
        return {
            "format": FORMAT,
            "name": self._write_value(policy, "name"),
            "settings": self._write_row(SETTINGS, policy),
            "scales": [self._write_row(SHARED["scales"], each) for each in scales],
            "metrics": [self._write_row(SHARED["metrics"], each) for each in metrics],
            "form": self._write_row(FORM, scorecard),
            **{
                key: [self._write_part(key, shape, each) for each in policy[name].sorted()]
                for key, (name, shape) in PARTS.items()
            },
        }

    @api.model
    def _write_part(self, key, shape, row):
        written = self._write_row(shape, row)
        if key == "raters" and written.get("who") == written["code"]:
            del written["who"]
        if key in BROUGHT:
            name, brought = BROUGHT[key]
            written |= self._write_row(brought, row[f"{name}_id"])
        return written

    @api.model
    def _find_shared(self, policy):
        """Metrics and scales that the policy goes by, those that these are made of first."""
        metrics = self.env["cs.metric"].with_context(active_test=False).search([])
        by_code = {metric.code: metric for metric in metrics}
        waiting = [*self._get_named_metrics(policy)]
        found = []
        while waiting:
            metric = by_code.get(waiting.pop())
            if metric:
                found = [metric, *(each for each in found if each != metric)]
                waiting += metric._get_made_of()
        metrics = metrics.browse([metric.id for metric in found])
        scales = metrics.scale_id
        for _key, (rows, _shape) in self._get_all_shapes(policy):
            if "scale_id" in rows._fields:
                scales |= rows.scale_id
        return metrics, scales

    @api.model
    def _get_named_metrics(self, policy):
        """Codes of the metrics that rows of the policy name."""
        for _key, (rows, shape) in self._get_all_shapes(policy):
            for name in METRICS:
                if name in shape.fields:
                    yield from filter(None, rows.mapped(name))
            if "metric_id" in shape.fields:
                yield from rows.metric_id.mapped("code")

    @api.model
    def _get_all_shapes(self, policy):
        """Pairs (key, (rows, shape)) of all rows of the policy, however deep they lie."""
        waiting = [("form", (policy.scorecard_id, FORM))]
        waiting += [(key, (policy[name], shape)) for key, (name, shape) in PARTS.items()]
        while waiting:
            key, (rows, shape) = waiting.pop()
            yield key, (rows, shape)
            waiting += [(inner, (rows[name], each)) for inner, (name, each) in shape.parts.items()]

    @api.model
    def _write_row(self, shape, row):
        """A row: what differs from a new one, and the rows within it."""
        defaults = row.default_get([*shape.fields])
        written = {}
        for name in shape.fields:
            if shape.is_idle(name, row, defaults):  # what stands there still means nothing
                continue
            value = self._write_value(row, name)
            empty = self._write_default(row, name, defaults)
            if key_of(name) in shape.needed or value != empty:
                written[key_of(name)] = value
        for key, (name, inner) in shape.parts.items():
            if row._fields[name].type == "many2one":
                written |= self._write_form(row)
                continue
            rows = [self._write_row(inner, each) for each in row[name].sorted()]
            if rows or key in shape.needed:
                written[key] = rows
        return written

    @api.model
    def _write_default(self, row, name, defaults):
        field = row._fields[name]
        if field.type in NUMBERS:
            return self._write_number(defaults.get(name) or 0)
        if field.type == "boolean":
            return bool(defaults.get(name))
        if field.type == "many2many":
            return []
        return defaults.get(name) or None

    @api.model
    def _write_value(self, row, name):
        field, value = row._fields[name], row[name]
        if field.type in NUMBERS:
            return self._write_number(value)
        if field.type == "many2one":
            return self._get_key(value, name)
        if field.type == "many2many":
            return [self._get_key(each, name) for each in value]
        if field.type in TEXTS and field.translate:
            return self._write_text(row, name)
        return value if field.type == "boolean" else value or None

    @api.model
    def _get_key(self, row, name):
        """By what a package names a record: its code, a user's login, a group's XML id, or the name
        of what has no code."""
        row = row.sudo()  # users and groups are not everyone's to read, their keys are
        if row._name == "res.groups":
            return row.get_external_id().get(row.id) or None
        key = "login" if row._name == "res.users" else "name" if name in NAMED else "code"
        return row[key] or None

    @api.model
    def _write_number(self, value):
        number = decimal(value)
        return int(number) if number == number.to_integral_value() else float(number)

    @api.model
    def _write_text(self, row, name):
        """A text, or one for each language where they differ."""
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        texts = {code: row.with_context(lang=code)[name] for code in languages}
        if len(set(texts.values())) <= 1:
            return next(iter(texts.values())) or None
        return {code: text for code, text in texts.items() if text}

    # ------------------------------------------------------------------ the schema

    @api.model
    def _get_schema(self):
        """The JSON schema (2020-12) of packages, of what is installed here: choices of metrics are
        left open, as a package may bring its own."""
        text = {
            "oneOf": [
                {"type": "string", "minLength": 1},
                {"type": "object", "additionalProperties": {"type": "string"}, "minProperties": 1},
            ]
        }
        parts = {key: self._get_row_schema(shape, text) for key, (_name, shape) in PARTS.items()}
        parts |= {key: self._get_row_schema(shape, text) for key, shape in SHARED.items()}
        for key, (_code, brought) in BROUGHT.items():
            parts[key]["properties"] |= self._get_row_schema(brought, text)["properties"]
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "CS promotion policy package",
            "type": "object",
            "required": ["name", "form", "ladder"],
            "additionalProperties": False,
            "properties": {
                "format": {"const": FORMAT},
                "name": text,
                "settings": self._get_row_schema(SETTINGS, text),
                "form": self._get_row_schema(FORM, text),
                **{key: {"type": "array", "items": each} for key, each in parts.items()},
            },
        }

    @api.model
    def _get_row_schema(self, shape, text):
        model = self.env[shape.model].with_context(lang="en_US")
        properties = {}
        for name in shape.fields:
            properties[key_of(name)] = self._get_value_schema(model, name, text)
        for key, (name, inner) in shape.parts.items():
            rows = self._get_row_schema(inner, text)
            is_one = model._fields[name].type == "many2one"
            properties[key] = (
                self._get_form_schema(rows) if is_one else {"type": "array", "items": rows}
            )
        return {
            "type": "object",
            "properties": properties,
            "required": list(shape.needed),
            "additionalProperties": False,
        }

    @api.model
    def _get_value_schema(self, model, name, text):
        field = model._fields[name]
        match field.type:
            case "boolean":
                found = {"type": "boolean"}
            case "integer":
                found = {"type": "integer"}
            case "float" | "monetary":
                found = {"type": ["number", "string"]}
            case "selection" if name not in OPEN:
                choices = [code for code, _name in field._description_selection(model.env)]
                found = {"enum": choices if field.required else [*choices, None]}
            case "many2many":
                found = {"type": "array", "items": {"type": "string"}}
            case _ if field.type in TEXTS and field.translate:
                found = dict(text)
            case _:
                found = {"type": "string"} if field.required else {"type": ["string", "null"]}
        about = field._description_help(model.env) or field._description_string(model.env)
        return {"description": about} | found

    # ------------------------------------------------------------------ reading

    @api.model
    def _import(self, text, company, start=None, name=None):
        """A draft of the policy in ``text`` (JSON), for this company.

        :param start: first day of the month that it is to be in force from
        :param name: what to call it instead
        :raises ScenarioError: any fault, with its JSON path; nothing is stored then
        """
        root = Node("$", read_json(text))
        with self.env.cr.savepoint():
            return self.with_company(company)._make(
                root, company, start or company._cs_today().replace(day=1), name
            )

    @api.model
    def _make(self, root, company, start, name):
        keys = root.object(("name", "form", "ladder"), ("format", "settings", *SHARED, *PARTS))
        if "format" in keys:
            keys["format"].choice((FORMAT,))
        own = self._get_own_codes(keys)
        for key in BROUGHT:  # metrics may name them, too
            if key in keys:
                self._bring(key, keys[key])
        for key, shape in SHARED.items():
            self._make_shared(keys.get(key), shape, own)
        form = self._create(FORM, keys["form"], own, {"company_id": company.id})
        values = {"date_from": start, "company_id": company.id, "scorecard_id": form.id}
        values |= {"name": name} if name else {}
        given = self._read_row(SETTINGS, keys["settings"], own) if "settings" in keys else {}
        texts = {} if name else self._read_texts(self.env["cs.policy"], "name", keys["name"])
        values |= given | {"name": name or next(iter(texts.values()))}
        # what a package says is all there is: defaults of a new policy only where it says nothing
        values |= {field: [] for key, (field, _shape) in PARTS.items() if key in keys}
        values.pop("rater_ids", None)
        raters = keys.get("raters")
        if raters:
            values["rater_ids"] = [
                Command.create(self._read_rater(each, own) | {"sequence": place})
                for place, each in enumerate(raters.list(), start=1)
            ]
        policy = self._try("$.settings", lambda: self.env["cs.policy"].create(values))
        self._translate(policy, {"name": texts})
        for row, each in zip(
            policy.rater_ids.sorted(), raters.list() if raters else (), strict=False
        ):
            self._translate_all(PARTS["raters"][1], row, each)
        self._check_raters(keys["form"], policy)
        known = dict.fromkeys(self._get_form_names(keys["form"]), form)
        for key, (field, shape) in PARTS.items():
            if key in keys and key != "raters":
                inverse = self.env["cs.policy"]._fields[field].inverse_name
                skip = BROUGHT[key][1] if key in BROUGHT else None
                for place, each in enumerate(keys[key].list(), start=1):
                    extra = {inverse: policy.id, "sequence": 10 * place}
                    if key == "forms":
                        extra |= self._make_form(each, own, policy, known)
                    self._create(shape, each, own, extra, besides=skip)
        self._try("$", policy._check_complete)
        return policy

    @api.model
    def _read_rater(self, node, own):
        """Values of a rater: who it is, its code says where nothing else does."""
        shape = PARTS["raters"][1]
        keys = node.object(shape.needed, self._get_keys(shape))
        if "who" not in keys:
            known = [code for code, _name in self.env["cs.policy.rater"]._get_who()]
            node = Node(node.path, node.value | {"who": keys["code"].choice(known)})
        return self._read_row(shape, node, own)

    @api.model
    def _get_own_codes(self, keys):
        """Codes of the metrics that the package brings, which its rows may name, and those of its
        raters, marked as such."""
        found = set()
        for key, mark in (("metrics", ""), ("raters", OWN_RATER)):
            nodes = keys[key].list() if key in keys else []
            codes = (each.members()["code"] for each in nodes if "code" in each.members())
            found |= {mark + code.text() for code in codes}
        return found

    @api.model
    def _make_shared(self, node, shape, own):
        """Scales or metrics: those that are there have to be what the package says they are."""
        found = self.env[shape.model]
        for each in node.list() if node else ():
            code = each.object(("code",), self._get_keys(shape))["code"].text()
            there = found.with_context(active_test=False).search([("code", "=", code)])
            if there:
                given = self._complete(shape, each)
                if self._bare(self._write_row(shape, there)) != self._bare(given):
                    each.fail(f"there is another one with the code {code!r}")
                found |= there
            else:
                found |= self._create(shape, each, own, {})
        return found

    @api.model
    def _complete(self, shape, node):
        """What the package says of a row, without what a new one has anyway."""
        new = self.env[shape.model].new({})
        usual = {
            key_of(name): self._write_default(new, name, new.default_get([*shape.fields]))
            for name in shape.fields
        }
        return {
            key: [self._complete(shape.parts[key][1], each) for each in node.members()[key].list()]
            if key in shape.parts
            else value
            for key, value in node.value.items()
            if key in shape.needed or key in shape.parts or value != usual.get(key)
        }

    @api.model
    def _bare(self, row):
        """A row without its words: another name makes no other scale."""
        return json.loads(
            json.dumps({key: each for key, each in row.items() if key != "name"}, default=str),
            parse_int=float,
        )

    @api.model
    def _bring(self, key, node):
        """Tiers of the ladder, and kinds of violations, that are not there yet."""
        name, shape = BROUGHT[key]
        rows = self.env[shape.model].with_context(active_test=False)
        known = {row.code: row for row in rows.search([])}
        last = max((row.sequence for row in known.values()), default=0)
        for each in node.list():
            keys = each.members()
            if name not in keys:
                each.fail(f"the key {name!r} is missing")
            code = keys[name].text()
            if code in known:
                known[code].active = True
                continue
            last += 10
            words = {word: keys[word] for word in self._get_keys(shape) if word in keys}
            if "name" not in words:
                each.fail(f"the key 'name' is missing: there is no such {name} yet")
            row = Node(each.path, {word: value.value for word, value in words.items()})
            known[code] = self._create(shape, row, set(), {"code": code, "sequence": last})

    @api.model
    def _create(self, shape, node, own, extra, besides=None):
        """A row with the rows within it, named by its path where the model refuses it.

        :param extra: further values; :param besides: a shape whose keys are read elsewhere
        """
        own_keys = self._get_keys(besides) if besides else ()
        if besides:
            value = {key: each for key, each in node.value.items() if key not in own_keys}
            node = Node(node.path, value)
        values = self._read_row(shape, node, own)
        for key, (name, part) in shape.parts.items():
            if key not in node.value or name in extra:
                continue
            rows = node.members()[key].list()
            values[name] = [
                Command.create(self._read_all(part, each, own, place))
                for place, each in enumerate(rows, start=1)
            ]
        row = self._try(node.path, lambda: self.env[shape.model].create(values | extra))
        self._translate_all(shape, row, node)
        return row

    @api.model
    def _read_all(self, shape, node, own, place):
        """Values of a row and of those within it; their order is that of the file."""
        values = self._read_row(shape, node, own)
        model = self.env[shape.model]
        if "sequence" in model._fields:
            values["sequence"] = 10 * place
        for key, (name, part) in shape.parts.items():
            if key in node.value:
                values[name] = [
                    Command.create(self._read_all(part, each, own, number))
                    for number, each in enumerate(node.members()[key].list(), start=1)
                ]
        return values

    @api.model
    def _get_keys(self, shape):
        return (*map(key_of, shape.fields), *shape.parts)

    @api.model
    def _read_row(self, shape, node, own):
        """Values of a row by its shape, each checked where it stands."""
        model = self.env[shape.model]
        keys = node.object(shape.needed, self._get_keys(shape))
        names = {key_of(name): name for name in shape.fields}
        values = {}
        # a rater of the package is none yet that could be chosen
        if "rater" in keys and f"{OWN_RATER}{keys['rater'].value}" in own:
            declared = dict(self.env["cs.vocabulary"]._get_rater_choice())
            if keys["rater"].value not in declared:
                values["raters"] = keys.pop("rater").text()
        values |= {
            names[key]: self._read_value(model, names[key], each, own)
            for key, each in keys.items()
            if key in names
        }
        for name in shape.fields:
            if f"has_{name}" in names.values() and name in keys and keys[name].value is not None:
                values.setdefault(f"has_{name}", True)  # who says a cap means it
        self._find_idle(shape, keys, values)
        return values

    @api.model
    def _find_idle(self, shape, keys, values):
        """Refuse what would be read and never heeded: a cap, say, that is switched off."""
        if not shape.only_with:
            return
        usual = self.env[shape.model].default_get([*shape.fields])
        row = dict.fromkeys(shape.fields, False) | usual | values
        for name, (switch, *words) in shape.only_with.items():
            given = keys.get(key_of(name))
            # nought, or what it is anyway, is no fault
            if not given or not given.value or row[name] in (0, usual.get(name)):
                continue
            if shape.is_idle(name, row, usual):
                said = " or ".join(map(json.dumps, words))
                given.fail(f'it means nothing without "{switch}"{said and f": {said}"}')

    @api.model
    def _read_value(self, model, name, node, own):
        field = model._fields[name]
        if node.value is None and not field.required:
            return False
        match field.type:
            case "boolean":
                return node.flag()
            case "integer":
                return node.whole(-(2**31))
            case "float" | "monetary":
                return float(node.number(self._get_places(field), low=None))
            case "selection":
                choices = {code for code, _name in field._description_selection(self.env)}
                named = {each for each in own if not each.startswith(OWN_RATER)}
                return node.choice(sorted(choices | (named if name in METRICS else set())))
            case "many2one":
                return self._find(field, node, "name" if name in NAMED else "code").id
            case "many2many":
                key = "name" if name in NAMED else "code"
                rows = [self._find(field, each, key).id for each in node.list()]
                return [Command.set(rows)]
            case _ if field.translate:
                texts = self._read_texts(model, name, node)
                return texts.get(get_lang(self.env).code) or next(iter(texts.values()))
            case _:
                return node.text()

    @api.model
    def _get_places(self, field):
        """How many decimals a field keeps: what it would round away is refused instead."""
        if field.type == "monetary":
            return self.env.company.currency_id.decimal_places
        _total, places = field.get_digits(self.env) or (None, 6)
        return places

    @api.model
    def _find(self, field, node, key="code"):
        """The record of another model that a row names by its code, or of the company by its
        name."""
        rows = self.env[field.comodel_name].with_context(active_test=key == "name")
        if field.comodel_name == "res.groups":
            found = self.env.ref(node.text(), raise_if_not_found=False)
            return found if found and found._name == "res.groups" else node.fail("no such group")
        key = "login" if field.comodel_name == "res.users" else key
        domain = [(key, "=", node.text())]
        if key == "name":
            domain.append(("company_id", "in", [False, self.env.company.id]))
        found = rows.search(domain, limit=1)
        if not found and key == "name" and self.env.context.get("cs_trying_out"):
            # a history is played in a company that has neither departments nor posts yet
            found = rows.create({"name": node.text(), "company_id": self.env.company.id})
        if not found:
            node.fail(f"there is no {rows._description} {node.value!r}")
        return found

    @api.model
    def _read_texts(self, model, name, node):
        """Language -> text; a text alone is that of all."""
        if isinstance(node.value, dict):
            installed = dict(self.env["res.lang"].get_installed())
            texts = {code: each.text() for code, each in node.members().items()}
            return {code: text for code, text in texts.items() if code in installed} or texts
        return {"en_US": node.text()}

    @api.model
    def _translate_all(self, shape, row, node):
        """The words of a row, and of those within it, in the languages of the package."""
        keys = node.members()
        self._translate(
            row,
            {
                name: self._read_texts(row, name, keys[key_of(name)])
                for name in shape.fields
                if row._fields[name].translate and key_of(name) in keys
            },
        )
        for key, (name, part) in shape.parts.items():
            if row._fields[name].type == "many2one":
                continue  # it was translated when it was made
            rows = keys[key].list() if key in keys else ()
            for each, inner in zip(row[name].sorted(), rows, strict=False):
                self._translate_all(part, each, inner)

    @api.model
    def _translate(self, row, texts):
        installed = dict(self.env["res.lang"].get_installed())
        for name, given in texts.items():
            known = {code: text for code, text in given.items() if code in installed}
            if len(known) > 1:
                row.update_field_translations(name, known)

    @api.model
    def _try(self, path, make):
        """What a model or the database refuses is a fault at this path."""
        try:
            # the database refuses a code that is there twice: only after that may it be asked again
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                made = make()
        except (UserError, ValidationError) as error:
            raise ScenarioError(path, " ".join(str(error).split())) from None
        except IntegrityError as error:
            raise ScenarioError(path, self._explain(error)) from None
        return made

    @api.model
    def _explain(self, error):
        """What the database refused, in the words of the model."""
        tables = {model._table: name for name, model in self.env.registry.items()}
        model = self.env[tables.get(error.diag.table_name, "base")]
        return " ".join(model._sql_error_to_message(error).split())
