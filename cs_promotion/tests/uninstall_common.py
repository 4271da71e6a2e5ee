"""An addon that comes with the core goes again: nothing of it is left, and the core works on."""

import os

from .database_common import DatabaseCase

# a year of history; an addon's own script adds records of it, for ``agent`` of ``company``
FILL = """
from odoo.tools import file_open

with file_open("cs_promotion/tests/scenarios/story.json") as file:
    env["cs.replay"]._play(file.read())
company = env["res.company"].search([("name", "=", "Replay")])
admin = env.ref("base.user_admin")
(env.user | admin).company_ids |= company
admin.group_ids |= env.ref("cs_promotion.group_manager")
env = env(context={"allowed_company_ids": company.ids})
agent = env["cs.path"].search([("company_id", "=", company.id)], limit=1).employee_id
"""

# what there is, whoever is installed
LOOK = """
company = env["res.company"].search([("name", "=", "Replay")])
env = env(context={"allowed_company_ids": company.ids})
admin = env.ref("base.user_admin")
found = {"faults": []}
tables = ("cs.appraisal", "cs.appraisal.sheet.line", "cs.decision", "cs.violation", "cs.award")
found["records"] = {name: env[name].search([]).ids for name in tables}
for action in env["ir.actions.act_window"].search([("res_model", "=like", "cs.%")]):
    try:
        env[action.res_model].with_user(admin).get_views(
            [(view or False, kind) for view, kind in action.views], {"toolbar": True}
        )
    except Exception as error:
        found["faults"].append([action.name, repr(error)])
found["menus"] = sorted(
    menu["xmlid"]
    for menu in env["ir.ui.menu"].with_user(admin).load_menus(False).values()
    if "cs_promotion" in (menu.get("xmlid") or "")
)
found["left"] = env["ir.model.data"].search_count([("module", "=", addon)])
found["todos"] = env["mail.activity"].search_count([("res_model", "not in", list(env))])
found["views"] = env["ir.ui.view"].search([("model", "=like", "cs.%")]).filtered(
    lambda view: view.model not in env
).mapped("name")
last = env["cs.cycle"].search(
    [("kind", "=", "month"), ("state", "=", "closed")], order="date_end desc", limit=1
)
states = {each.id: each.state for each in env["cs.decision"].search([])}
last._reopen("Looked at again")
last._close(company._cs_today())
env["cs.decision"]._cron_apply()
found["same"] = states == {each.id: each.state for each in env["cs.decision"].search([])}
decision = env["cs.decision"].search([("announced_on", "!=", False)], limit=1)
letter, _kind = env["ir.actions.report"]._render_qweb_html(
    "cs_promotion.report_decision_letter", decision.ids
)
found["letter"] = letter.decode()
found["page"] = env["cs.policy"].search([("company_id", "=", company.id)], limit=1).page_html
path = env["cs.path"].search([("company_id", "=", company.id)], limit=1)
found["path"] = path.read(["ladder_html", "upwards_html", "downwards_html", "decided_html"])
dashboard = env["cs.dashboard"].browse(company.id).with_user(admin)
found["dashboard"] = dashboard.read(["approvals", "reviews", "violations", "announced"])
found["handover"] = env["cs.handover"].search_count([])
env.cr.rollback()
answer(found)
"""


class UninstallCase(DatabaseCase):
    """``there`` and ``gone``: what there is with the addon, and without it."""

    addon = None
    fill = ""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        template = os.getenv("CS_ADDONS_DATABASE")
        cls._create_database(template)
        if not template:
            cls._run_addons("-i", "cs_promotion")
        cls._shell(f"{FILL}\n{cls.fill}\nenv.cr.commit()\n")
        cls.there = cls._look()
        cls._press("button_immediate_uninstall", cls.addon)
        cls.gone = cls._look()

    @classmethod
    def _look(cls):
        return cls._shell(f"addon = {cls.addon!r}\n{LOOK}")


class UninstallTests:
    """What holds for each of them. ``models``: names of its models begin so."""

    models = ()

    def test_there_was_something_of_it(self):
        self.assertTrue(self.there["left"])
        for model in self.models:
            table = model.replace(".", "\\_")
            self.assertFalse(
                self._query(f"SELECT tablename FROM pg_tables WHERE tablename LIKE '{table}%'")
            )

    def test_nothing_of_it_is_left(self):
        self.assertEqual((self.gone["left"], self.gone["todos"], self.gone["views"]), (0, 0, []))
        self.assertFalse([name for name in self.gone["menus"] if name.startswith(self.addon)])
        like = " OR ".join(f"model LIKE '{model}%'" for model in self.models)
        for table in ("ir_model", "mail_message"):
            self.assertFalse(self._query(f"SELECT id FROM {table} WHERE {like}"), table)

    def test_all_else_is_there_still(self):
        self.assertEqual(self.gone["records"], self.there["records"])
        others = {name for name in self.there["menus"] if not name.startswith(self.addon)}
        self.assertEqual(set(self.gone["menus"]), others)

    def test_the_core_works_on(self):
        for state in (self.there, self.gone):
            self.assertFalse(state["faults"])
            self.assertTrue(state["same"], "a month closed again changes nothing")
            for name in ("letter", "page", "path", "dashboard"):
                self.assertTrue(state[name], name)
        self.assertEqual(self.gone["path"], self.there["path"])
        self.assertEqual(self.gone["dashboard"], self.there["dashboard"])
