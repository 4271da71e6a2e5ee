"""All that the web client asks the server for when a person walks through a menu: every search
field, filter, group, sort order, chart and export of every view."""

from lxml import etree

from odoo.fields import Domain
from odoo.tools.safe_eval import datetime as safe_datetime
from odoo.tools.safe_eval import safe_eval, time

TEXTS = (
    "Nov",
    "2025-01",
    "2025年1月",
    "十一月",
    "2025Q4",
    "Agent",
    "高级",
    "100%",
    "it's",
    "7",
    "No one",
)
GRANULARITIES = ("day", "week", "month", "quarter", "year")
LANGS = ("en_US", "zh_CN")
NUMBERS = ("integer", "float", "monetary")


class WalkMixin:
    """For test cases with ``_as`` and users; ``MODULES`` are those whose menus are walked."""

    MODULES = ("cs_promotion",)

    def _get_actions(self, user):
        """The windows behind the menus that a person sees, by the menu's xml id."""
        menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
        actions = {}
        for menu in menus.values():
            module, _dot, name = (menu.get("xmlid") or "").partition(".")
            if module not in self.MODULES or not menu["action_id"]:
                continue
            action = self.env[menu["action_model"]].with_user(user).browse(menu["action_id"])
            values = action.sudo()._get_action_dict()
            if values["type"] == "ir.actions.server":
                values = self.env["ir.actions.server"].with_user(user).browse(values["id"]).run()
            if values["type"] == "ir.actions.act_window":
                actions[name] = values
        return actions

    def _try(self, what, call, *args, **kwargs):
        """Call it as the client does; a failure names what was tried and does no more harm."""
        with self.subTest(tried=what), self.env.cr.savepoint():
            self.tried += 1
            return call(*args, **kwargs)

    def _walk(self, user, lang):
        """Walk through all menus of a person.

        :return: models -> number of things tried
        """
        counts = {}
        for menu, action in self._get_actions(user).items():
            self.tried = 0
            with self.subTest(user=user.login, lang=lang, menu=menu):
                self._walk_action(user, lang, action, first=action["res_model"] not in counts)
            counts[action["res_model"]] = counts.get(action["res_model"], 0) + self.tried
        return counts

    def _walk_action(self, user, lang, action, first):
        names = {
            "uid": user.id,
            "active_id": False,
            "time": time,
            "context_today": safe_datetime.date.today,
        }
        context, domain = (
            safe_eval(value, names) if isinstance(value, str) else value
            for value in (action.get("context") or {}, action.get("domain") or [])
        )
        records = self.env[action["res_model"]].with_user(user).with_context(**context, lang=lang)
        modes = [mode.strip() for mode in action["view_mode"].split(",")]
        given = {kind: id_ for id_, kind in action.get("views") or []}
        views = records.get_views(
            [*((given.get(kind, False), kind) for kind in modes), (False, "search")]
        )["views"]
        arches = {kind: etree.fromstring(view["arch"]) for kind, view in views.items()}
        fields = records.fields_get()
        for kind in ("list", "kanban"):
            if kind in arches:
                self._walk_rows(records, domain, arches[kind], fields)
        for kind in ("pivot", "graph"):
            if kind in arches:
                self._walk_chart(records, domain, arches[kind], fields)
        self._walk_search(records, domain, arches["search"], fields, names)
        if first:
            self._walk_groups(records, domain, fields)
            self._walk_export(records, domain, fields)

    def _get_columns(self, arch, fields):
        """The fields that rows show, not those of lists within a form."""
        return list(dict.fromkeys(each.get("name") for each in arch.iter("field")))

    def _get_spec(self, columns, fields):
        return {
            name: {"fields": {"display_name": {}}} if fields[name]["type"] == "many2one" else {}
            for name in columns
        }

    def _walk_rows(self, records, domain, arch, fields):
        columns = self._get_columns(arch, fields)
        spec = self._get_spec(columns, fields)
        self._try("read", records.web_search_read, domain, spec, limit=80)
        for name in columns:
            if fields[name].get("sortable"):
                for direction in ("ASC", "DESC"):
                    order = f"{name} {direction}"
                    self._try(order, records.web_search_read, domain, spec, order=order, limit=80)

    def _walk_chart(self, records, domain, arch, fields):
        groups, measures = [], ["__count"]
        for each in arch.iter("field"):
            name = each.get("name")
            if each.get("type") == "measure" or (
                fields[name]["type"] in NUMBERS and not each.get("type")
            ):
                measures.append(f"{name}:{fields[name].get('aggregator') or 'sum'}")
            else:
                interval = each.get("interval")
                groups.append(f"{name}:{interval}" if interval else name)
        self._try(groups, records.formatted_read_group, domain, groups, measures)

    def _walk_search(self, records, domain, arch, fields, names):
        for each in arch.iter("field"):
            for text in TEXTS:
                self._search_text(records, domain, each, fields, text)
        for each in arch.iter("filter"):
            group_by = safe_eval(each.get("context") or "{}", names).get("group_by")
            wanted = safe_eval(each.get("domain") or "[]", names)
            what = f"filter {each.get('name')}"
            if group_by:
                self._try(what, records.web_read_group, domain, [group_by], ["__count"])
            else:
                self._try(what, records.web_search_read, [*domain, *wanted], {"display_name": {}})
            if each.get("date"):
                day = "2025-01-01"
                wanted = [(each.get("date"), ">=", day), (each.get("date"), "<=", day)]
                self._try(what, records.search, [*domain, *wanted])

    def _search_text(self, records, domain, node, fields, text):
        """Type ``text`` into a search field, and take what is suggested."""
        name, field = node.get("name"), fields[node.get("name")]
        what = f"{name}: {text}"
        if field["type"] in (*NUMBERS, "date", "datetime", "boolean"):
            return  # the client asks for these only what it can read as such
        operator = node.get("operator") or "ilike"
        if node.get("filter_domain"):
            wanted = safe_eval(node.get("filter_domain"), {"self": text, "uid": records.env.uid})
        else:
            wanted = [(name, operator, text)]
        spec = {"display_name": {}}
        self._try(what, records.web_search_read, Domain(domain) & Domain(wanted), spec, limit=80)
        if field["type"] == "many2one":
            other = records.env[field["relation"]]
            self._try(f"suggest {what}", other.name_search, text, [], "ilike", 8)

    def _walk_groups(self, records, domain, fields):
        aggregates = ["__count"]
        aggregates += [
            f"{name}:{field['aggregator']}"
            for name, field in fields.items()
            if field.get("aggregator") and field["type"] in NUMBERS and field.get("store")
        ]
        for name, field in fields.items():
            if not field.get("groupable"):
                continue
            dated = field["type"] in ("date", "datetime")
            for group in [f"{name}:{each}" for each in GRANULARITIES] if dated else [name]:
                self._try(f"group {group}", records.web_read_group, domain, [group], aggregates)
        for name, field in fields.items():
            if field.get("sortable"):
                for direction in ("asc", "desc"):
                    order = f"{name} {direction}"
                    self._try(order, records.search, domain, order=order, limit=80)

    def _walk_export(self, records, domain, fields):
        """Every column that the export dialog offers, to read and to import again."""
        if not records.env.user.has_group("base.group_allow_export"):
            return
        found = records.search(domain, limit=20)
        names = [name for name, field in fields.items() if field.get("exportable", True)]
        self.env.invalidate_all()  # a request begins with nothing read, and reads all of it
        together = found.with_context(import_compat=False).export_data
        self._try("export everything", together, names)
        for name in names:
            paths = [name]
            if fields[name]["type"] in ("many2one", "one2many", "many2many"):
                paths += [f"{name}/id", f"{name}/display_name"]
            for path in paths:
                for again in (True, False):
                    self.env.invalidate_all()
                    export = found.with_context(import_compat=again).export_data
                    self._try(f"export {path}", export, [path])


class EveryViewCase(WalkMixin):
    """For test cases with records: all menus of MODULES, by every role, in both languages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")

    def _walk_as(self, role):
        self.env.flush_all()
        for lang in LANGS:
            self.env.invalidate_all()
            counts = self._walk(getattr(self, f"user_{role}"), lang)
            for model, count in counts.items():
                self.assertGreater(count, 5, f"{role}, {model}: hardly anything was tried")
        return counts

    def _get_lists(self):
        """Menu -> window, of all that open as a list for an agent or a manager."""
        found = {}
        for role in ("agent", "manager"):
            found |= self._get_actions(self._get_user(role))
        return {
            name: action
            for name, action in found.items()
            if action["view_mode"].split(",")[0] == "list"
        }

    def test_every_list_has_cards_for_a_phone(self):
        """A list that opens from a menu is shown as cards where the screen is narrow."""
        lists = self._get_lists()
        self.assertTrue(lists)
        for name, action in lists.items():
            with self.subTest(menu=name):
                self.assertIn("kanban", action["view_mode"].split(","))
                own = self.env["ir.ui.view"].search_count(
                    [("model", "=", action["res_model"]), ("type", "=", "kanban")]
                )
                self.assertTrue(own, "cards that nobody has designed")

    def _get_lists_in_forms(self):
        """(form, field with a list in it) of all forms."""
        views = self.env["ir.ui.view"].search([("type", "=", "form"), ("mode", "=", "primary")])
        for view, name in views.get_external_id().items():
            if name.partition(".")[0] in self.MODULES:
                arch = etree.fromstring(views.browse(view).arch)
                for field in arch.xpath("//field[list]"):
                    yield name, field

    def test_every_wide_list_in_a_form_has_cards_for_a_phone(self):
        """More than three columns do not fit; a card of a list that is edited row by row opens a
        form with what the row has, and no more."""
        for name, field in self._get_lists_in_forms():
            rows, cards, form = (field.find(kind) for kind in ("list", "kanban", "form"))
            columns = {
                each.get("name")
                for each in rows.iter("field")
                if each.get("column_invisible") != "1" and each.get("widget") != "handle"
            }
            with self.subTest(form=name, field=field.get("name")):
                if len(columns) > 3:
                    self.assertEqual(field.get("mode"), "list,kanban")
                    self.assertIsNotNone(cards)
                if rows.get("editable") and cards is not None and cards.get("can_open") != "0":
                    shown = {
                        each.get("name")
                        for each in form.iter("field")
                        if each.get("invisible") != "1"
                    }
                    self.assertLessEqual(shown, columns | {"sentence"})

    def _assert_empty(self, action, role, words):
        """An empty list speaks for the company to its office alone."""
        action = action.with_user(self._get_user(role))
        help_ = action.sudo()._get_action_dict()["help"]
        self.assertEqual(words in help_, role in ("office", "manager"))
        self.assertEqual("about you" in help_, role not in ("office", "manager"))
