"""Every menu opens for whoever sees it: its views, what it lists, its filters and groups."""

import re

from lxml import etree

from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .access_common import EVERYBODY, CsAccessCase

MODULE = "cs_promotion"
LISTED = (
    "cs.appraisal",
    "cs.appraisal.sheet",
    "cs.award",
    "cs.cycle",
    "cs.decision",
    "cs.figure",
    "cs.plan",
    "cs.policy",
    "cs.probation.test",
    "cs.raise",
    "cs.scorecard",
    "cs.tier",
    "cs.trial",
    "cs.violation",
)
MEASURED = ("cs.appraisal", "cs.decision", "cs.figure", "cs.violation")
CREATORS = {
    "cs.award": ("office", "manager"),
    "cs.cycle": ("office", "manager"),
    "cs.decision": ("manager",),
    "cs.figure": ("office", "manager"),
    "cs.plan": ("office", "manager"),
    "cs.policy": ("manager",),
    "cs.probation.test": ("office", "manager"),
    "cs.raise": ("manager",),
    "cs.scorecard": ("manager",),
    "cs.tier": ("manager",),
    "cs.violation": EVERYBODY,
}


@tagged("post_install", "-at_install", "cs_promotion")
class TestViews(CsAccessCase):
    def _get_own(self, model):
        """xml id -> record of this addon's records of a model."""
        data = self.env["ir.model.data"].search([("module", "=", MODULE), ("model", "=", model)])
        return {each.name: self.env[model].browse(each.res_id) for each in data}

    def _get_menus(self, role):
        """The menus of the application that a person sees, by xml id."""
        menus = self.env["ir.ui.menu"].with_user(getattr(self, f"user_{role}"))
        seen = menus.load_menus(False)
        return {
            each["xmlid"].partition(".")[2]: each
            for each in seen.values()
            if each.get("xmlid", "").startswith(f"{MODULE}.")
        }

    def test_names(self):
        """``cs_decision_view_form``: the model, what it is, then anything that tells it apart."""
        for name, view in self._get_own("ir.ui.view").items():
            if view.type == "qweb":
                continue
            with self.subTest(view=name):
                kind = f"{view.model.replace('.', '_')}_view_{view.type}"
                self.assertTrue(re.fullmatch(rf"{kind}(_[a-z_]+)?", name), kind)
        for name, action in self._get_own("ir.actions.act_window").items():
            with self.subTest(action=name):
                kind = f"{action.res_model.replace('.', '_')}_action"
                self.assertTrue(re.fullmatch(rf"{kind}(_[a-z_]+)?", name), kind)
        for name in self._get_own("ir.ui.menu"):
            with self.subTest(menu=name):
                self.assertRegex(name, r"^cs_[a-z_]+_menu(_[a-z_]+)?$")

    def test_every_model_has_its_views(self):
        views = self._get_own("ir.ui.view")
        for model in LISTED:
            kinds = ["list", "form", "search"]
            kinds += ["pivot", "graph"] if model in MEASURED else []
            for kind in kinds:
                self.assertIn(f"{model.replace('.', '_')}_view_{kind}", views)

    def test_empty_lists_say_what_comes_here(self):
        for name, action in self._get_own("ir.actions.act_window").items():
            if "list" in action.view_mode and action.target != "new":
                with self.subTest(action=name):
                    self.assertIn("o_view_nocontent", action.help or "")

    def test_menus_of_a_role(self):
        """Nobody but a manager configures; an agent sees what is about oneself."""
        configuration = {
            f"cs_{name}_menu"
            for name in ("config", "policy", "scorecard", "tier", "violation_type")
        }
        office = {f"cs_{name}_menu" for name in ("cycle", "figure", "award", "analysis")}
        mine = {"cs_path_menu_mine", "cs_appraisal_menu_mine", "cs_board_menu", "cs_decision_menu"}
        for role in EVERYBODY:
            with self.subTest(role=role):
                seen = set(self._get_menus(role))
                self.assertLessEqual(mine, seen)
                self.assertEqual(
                    seen & configuration, configuration if role == "manager" else set()
                )
                expected = office if role in ("office", "manager") else set()
                self.assertEqual(seen & office, expected)

    def test_every_menu_opens(self):
        opened = set()
        for role in ("agent", "superior", "office", "manager"):
            for name, menu in self._get_menus(role).items():
                if menu["action_id"]:
                    with self.subTest(role=role, menu=name):
                        opened.add(self._open_menu(getattr(self, f"user_{role}"), menu))
        self.assertLessEqual({*LISTED, "cs.board", "cs.path"}, opened)

    def _open_menu(self, user, menu):
        """What the web client asks for when a person opens a menu and tries all its filters."""
        action = self.env[menu["action_model"]].with_user(user).browse(menu["action_id"])
        action = action.sudo()._get_action_dict()
        if action["type"] == "ir.actions.server":
            action = self.env["ir.actions.server"].with_user(user).browse(action["id"]).run()
        if action["type"] != "ir.actions.act_window":
            return None
        names = {"uid": user.id, "active_id": False}
        context, domain = (
            safe_eval(value, names) if isinstance(value, str) else value
            for value in (action.get("context") or {}, action.get("domain") or [])
        )
        model = self.env[action["res_model"]].with_user(user).with_context(**context)
        views = [(False, kind) for kind in action["view_mode"].split(",")]
        views = model.get_views([*views, (False, "search")])["views"]
        model.web_search_read(domain, {"display_name": {}}, limit=80)
        search = etree.fromstring(views["search"]["arch"])
        filters = {each.get("name"): each for each in search.iter("filter", "field")}
        for key in context:
            if key.startswith("search_default_"):
                self.assertIn(key.removeprefix("search_default_"), filters)
        for each in search.iter("filter"):
            self._apply_filter(model, domain, each, names)
        return model._name

    def _apply_filter(self, model, domain, node, names):
        group_by = safe_eval(node.get("context") or "{}", names).get("group_by")
        wanted = safe_eval(node.get("domain") or "[]", names)
        self.assertTrue(node.get("string") or node.get("date"), etree.tostring(node))
        with self.subTest(filter=node.get("name")):
            if group_by:
                model.web_read_group(domain, [group_by], ["__count"])
            else:
                model.search_count([*domain, *wanted])
        if node.get("date"):
            self.assertIn(model._fields[node.get("date")].type, ("date", "datetime"))

    def test_whoever_may_create_gets_a_form(self):
        for model, roles in CREATORS.items():
            for role in EVERYBODY:
                user = getattr(self, f"user_{role}")
                with self.subTest(role=role, model=model):
                    records = self.env[model].with_user(user)
                    self.assertEqual(records.has_access("create"), role in roles)
                    if role in roles:
                        Form(records, self._get_form(records))

    def test_records_open_as_a_form(self):
        """Every field of a form can be read by whoever may read the record."""
        read = set()
        for key, record in self.records.items():
            if record._name not in LISTED:
                continue
            for role in EVERYBODY:
                seen = self._as(getattr(self, f"user_{role}"), record)
                if seen.has_access("read"):
                    read.add((role, record._name))
                    with self.subTest(role=role, record=key):
                        form = Form(seen, self._get_form(record))
                        self.assertEqual(form.record, record)
        self.assertLessEqual({("manager", model) for model in LISTED}, read)
        self.assertLessEqual({("agent", "cs.appraisal"), ("superior", "cs.violation")}, read)

    def _get_form(self, record):
        return f"{MODULE}.{record._name.replace('.', '_')}_view_form"

    def test_names_of_new_records(self):
        """The breadcrumb shows what is filled in so far, at first no agent."""
        agent = {"employee_id": self.agent.id}
        for model, values, name in (
            ("cs.figure", {"month": "2025-03-01"}, "March 2025"),
            ("cs.figure", {"month": False, **agent}, "Agent"),
            ("cs.award", {"month": "2025-03-01", **agent}, "Agent March 2025"),
            ("cs.probation.test", {"date": "2025-03-04"}, "2025-03-04"),
            ("cs.violation", {"date": "2025-03-04"}, "2025-03-04"),
            (
                "cs.decision",
                {"effective_date": "2025-03-01", **agent},
                "Agent, Skip-level or appointment, 2025-03-01",
            ),
        ):
            with self.subTest(model=model, values=values):
                self.assertEqual(self.env[model].new(values).display_name, name)

    def test_a_new_violation_is_offered_to_who_may_report(self):
        """The office and superiors; an agent's list has no button that the rules refuse."""
        for role, offered in (("office", True), ("superior", True), ("agent", False)):
            user = getattr(self, f"user_{role}")
            model = self.env["cs.violation"].with_user(user)
            for kind in ("list", "kanban", "form"):
                with self.subTest(role=role, kind=kind):
                    arch = etree.fromstring(model.get_view(view_type=kind)["arch"])
                    self.assertEqual(arch.get("create") not in ("0", "False"), offered)

    def test_counts_on_the_employee(self):
        """The buttons count what they open."""
        employee = self._as(self.user_manager, self.agent)
        for name in ("decision", "violation", "award"):
            action = self.env.ref(f"{MODULE}.cs_{name}_action_employee")
            domain = safe_eval(action.domain, {"active_id": employee.id})
            found = employee.env[action.res_model].search_count(domain)
            self.assertGreater(found, 0)
            self.assertEqual(employee[f"cs_{name}_count"], found)
        nothing = self._as(self.user_manager, self.peer)
        self.assertEqual((nothing.cs_decision_count, nothing.cs_violation_count), (0, 0))

    def test_tier_in_the_list_of_employees(self):
        """Agents are found and grouped by tier."""
        employees = self._as(self.user_manager, self.env["hr.employee"])
        search = etree.fromstring(
            employees.get_views([(False, "search")])["views"]["search"]["arch"]
        )
        filters = {each.get("name"): each for each in search.iter("filter")}
        on_ladder = employees.search(safe_eval(filters["cs_ladder"].get("domain")))
        self.assertLessEqual(self.agent | self.peer | self.clerk, on_ladder)
        self.assertNotIn(self.stranger, on_ladder)
        group_by = safe_eval(filters["group_cs_tier"].get("context"))["group_by"]
        groups = on_ladder.formatted_read_group(
            [("id", "in", on_ladder.ids)], [group_by], ["__count"]
        )
        self.assertEqual(sum(group["__count"] for group in groups), len(on_ladder))

    def test_s3_mean_scores_leave_out_what_has_no_score(self):
        """In lists, pivots and graphs: open and left out appraisals are not noughts."""
        appraisals = self._as(self.user_manager, self.env["cs.appraisal"])
        mine = [("company_id", "=", self.company.id)]
        groups = appraisals.formatted_read_group(mine, ["cycle_id"], ["score:avg", "__count"])
        found = {
            group["cycle_id"][0]: (group["__count"], group["score:avg"] or None) for group in groups
        }
        expected = {
            self._cycle("2025-01").id: (3, 92.5),  # 95 and 90; one is left out
            self._cycle("2025-02").id: (3, None),
        }
        self.assertEqual(found, expected)
        self.assertEqual(appraisals._read_group(mine, [], ["score:avg"]), [(92.5,)])
