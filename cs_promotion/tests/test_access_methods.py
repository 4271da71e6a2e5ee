from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import tagged

from .access_common import OTHERS, CsAccessCase
from .access_methods_common import (
    ALL,
    MANAGER,
    MAY,
    OFFICE,
    READERS,
    RULE,
    VIEWS,
    AccessMethodsCase,
)

# model and method -> the record it is called on, and what comes of it for whom
METHODS = {
    # nobody is asked to apply for anything by this policy
    ("cs.application", "action_submit"): ("application_draft", {"agent": RULE}),
    ("cs.application", "action_withdraw"): ("application_submitted", {"agent": MAY}),
    ("cs.appraisal", "action_handed_over"): (
        "appraisal_closed",
        {"office": RULE, "manager": RULE},
    ),
    ("cs.appraisal", "action_print_notice"): (
        "appraisal_closed",
        {"office": RULE, "manager": RULE},
    ),
    ("cs.appraisal", "action_enter_paper"): ("appraisal_open", {"office": RULE, "manager": RULE}),
    ("cs.appraisal", "action_exclude"): ("appraisal_open", OFFICE),
    ("cs.appraisal", "action_include"): ("appraisal_open", {"office": RULE, "manager": RULE}),
    ("cs.appraisal.sheet", "action_fill_last"): ("sheet_superior_draft", {"superior": MAY}),
    ("cs.appraisal.sheet", "action_fill_middle"): ("sheet_superior_draft", {"superior": MAY}),
    ("cs.appraisal.sheet", "action_print"): ("sheet_superior_draft", {"superior": MAY}),
    ("cs.appraisal.sheet", "action_reset"): (
        "sheet_superior_closed",
        {"office": RULE, "manager": RULE},
    ),
    ("cs.appraisal.sheet", "action_submit"): ("sheet_superior_draft", {"superior": RULE}),
    ("cs.appraisal.sheet", "action_submit_next"): ("sheet_superior_draft", {"superior": RULE}),
    ("cs.appraisal.sheet", "get_desk"): ("sheet_superior_draft", {"superior": MAY}),
    ("cs.board", "action_award"): ("board", OFFICE),
    ("cs.board", "action_open_board"): (None, ALL | dict.fromkeys(OTHERS, MAY)),
    ("cs.cycle", "action_close"): ("cycle", {"office": RULE, "manager": RULE}),
    ("cs.cycle", "action_open"): ("cycle", OFFICE),
    ("cs.cycle", "action_remind"): ("cycle", OFFICE),
    ("cs.cycle", "action_reopen"): ("cycle_closed", MANAGER),
    ("cs.cycle", "action_view_open_sheets"): ("cycle", ALL),
    ("cs.dashboard", "action_departments"): ("dashboard", OFFICE),
    ("cs.dashboard", "action_employees"): ("dashboard", OFFICE),
    ("cs.dashboard", "action_open_mine"): (None, ALL | dict.fromkeys(OTHERS, MAY)),
    ("cs.dashboard", "action_open_month"): ("dashboard", OFFICE),
    ("cs.dashboard", "action_take_policy"): ("dashboard", MANAGER),
    ("cs.dashboard", "action_view_agents"): ("dashboard", OFFICE),
    ("cs.dashboard", "action_view_announced"): ("dashboard", OFFICE),
    ("cs.dashboard", "action_view_approvals"): ("dashboard", OFFICE),
    ("cs.dashboard", "action_view_cycle"): ("dashboard", OFFICE),
    ("cs.dashboard", "action_view_moves"): ("dashboard", OFFICE),
    ("cs.dashboard", "action_view_reviews"): ("dashboard", OFFICE),
    ("cs.dashboard", "action_view_sheets"): ("dashboard", OFFICE),
    ("cs.dashboard", "action_view_violations"): ("dashboard", OFFICE),
    ("cs.decision", "action_apply"): ("decision_announced", OFFICE),
    ("cs.decision", "action_approve"): ("decision_proposed", MANAGER),
    ("cs.decision", "action_attest"): ("decision_announced", {"superior": RULE, "manager": RULE}),
    ("cs.decision", "action_dismiss"): ("decision_announced", {"manager": RULE}),
    ("cs.decision", "action_handed_over"): (
        "decision_announced",
        {"office": RULE, "manager": RULE},
    ),
    ("cs.decision", "action_print_notice"): (
        "decision_announced",
        {"office": RULE, "manager": RULE},
    ),
    ("cs.decision", "action_print_letter"): ("decision_announced", READERS),
    ("cs.decision", "action_reject"): ("decision_proposed", MANAGER),
    ("cs.decision", "action_replay"): ("decision_announced", READERS),
    ("cs.decision", "action_withdraw"): ("decision_announced", MANAGER),
    **{("cs.trial", f"action_{verb}"): ("trial", MANAGER) for verb in ("keep", "down", "extend")},
    **{
        ("cs.plan", f"action_{verb}"): ("plan", MANAGER)
        for verb in ("keep", "down", "extend", "review")
    },
    ("cs.handover", "action_handed_over"): ("handover", OFFICE),
    ("cs.handover", "action_open_record"): ("handover", OFFICE),
    ("cs.handover", "action_print"): ("handover", OFFICE),
    ("cs.path", "action_open_mine"): (None, ALL | dict.fromkeys(OTHERS, MAY)),
    ("cs.figure", "get_import_templates"): (None, ALL | dict.fromkeys(OTHERS, MAY)),
    ("cs.policy", "action_activate"): ("policy_draft", MANAGER),
    ("cs.policy", "action_export"): ("policy", MANAGER),
    ("cs.policy", "action_draft"): ("policy", {"manager": RULE}),
    ("cs.policy", "action_open_page"): (None, ALL | dict.fromkeys(OTHERS, MAY)),
    ("cs.policy", "copy_data"): ("policy_draft", MANAGER),
    ("cs.scale", "copy_data"): ("scale", ALL | dict.fromkeys(OTHERS, MAY)),
    ("cs.scorecard", "copy_data"): ("scorecard", ALL | dict.fromkeys(OTHERS, MAY)),
    ("cs.violation", "action_confirm"): ("violation_reported", OFFICE),
    ("cs.violation", "action_handed_over"): ("violation_confirmed", OFFICE),
    ("cs.violation", "action_print_notice"): ("violation_confirmed", OFFICE),
    ("cs.violation", "action_withdraw"): ("violation_confirmed", OFFICE),
    ("hr.employee", "action_cs_confirm_probation"): ("employee", OFFICE),
    ("hr.employee", "action_cs_open_path"): (
        "employee",
        READERS | {"peer": RULE, "stranger": RULE},
    ),
    ("hr.employee", "get_import_templates"): (None, ALL | dict.fromkeys(OTHERS, MAY)),
    ("hr.employee", "action_cs_open_appraisals"): ("employee", OFFICE),
}
# step of the dialog -> the record it is about, and what comes of it for whom
STEPS = {
    "exclude": ("appraisal_open", OFFICE),
    "reopen": ("cycle_closed", MANAGER),
    "give_back": ("sheet_superior_seen", MANAGER),
    "withdraw_violation": ("violation_confirmed", OFFICE),
    "withdraw_decision": ("decision_announced", MANAGER),
    "reject": ("decision_proposed", MANAGER),
    # who reads it and is not asked is told so
    "reject_approval": (
        "decision_proposed",
        {"superior": RULE, "office": RULE, "manager": MAY},
    ),
    "dismiss": ("decision_proposed", {"manager": RULE}),
    **{f"trial_{verb}": ("trial", MANAGER) for verb in ("keep", "down", "extend")},
    **{f"plan_{verb}": ("plan", MANAGER) for verb in ("keep", "down", "extend", "review")},
}


@tagged("post_install", "-at_install", "cs_promotion")
class TestAccessMethods(AccessMethodsCase, CsAccessCase):
    addon = "cs_promotion"
    methods = METHODS
    steps = STEPS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.records["employee"] = cls.agent

    def test_views_of_another_company(self):
        for method in VIEWS:
            with self.subTest(method), self.assertRaises(AccessError):
                self._call("office_b", "cs.cycle", method, self.records["cycle"].ids)

    def test_dialog_of_another_person(self):
        wizard = (
            self.env["cs.reason"]
            .with_user(self.user_manager)
            .create(
                {"step": "reopen", "record_ids": self.records["cycle_closed"].ids, "reason": "x"}
            )
        )
        with self.assertRaises(AccessError):
            self._call("office", "cs.reason", "action_take", wizard.ids)

    def test_dialog_about_oneself(self):
        for step, key in (
            ("exclude", "appraisal_of_office"),
            ("withdraw_violation", "violation_of_office"),
        ):
            values = {"step": step, "record_ids": self.records[key].ids, "reason": "because"}
            with self.subTest(step), self.assertRaises(AccessError):
                self._take("office", values)

    def test_dialog_with_nonsense(self):
        for ids in ("x", [], [None], ["1"], {"a": 1}, False):
            values = {"step": "exclude", "record_ids": ids, "reason": "because"}
            with self.subTest(ids=ids), self.assertRaisesRegex(UserError, "Choose the records"):
                self._take("office", values)

    def test_private_methods(self):
        """What has no rights of its own cannot be called over the network at all."""
        for model, method in (
            ("cs.cycle", "_close"),
            ("cs.cycle", "_reopen"),
            ("cs.cycle", "_cron_close"),
            ("cs.decision", "_apply"),
            ("cs.decision", "_announce"),
            ("cs.verdict", "_decide"),
            ("cs.violation", "_confirm"),
            ("cs.policy", "_revise_wages"),
            ("cs.facts", "_load"),
            ("cs.timeline", "_load"),
            ("cs.replay", "_play"),
        ):
            self.assertTrue(callable(getattr(self.env[model], method)))
            with self.subTest(method), self.assertRaises(AccessError):
                get_public_method(self.env[model], method)

    def test_server_actions(self):
        """The actions on a selection are for those who may press the buttons."""
        actions = self.env["ir.actions.server"].search(
            [("model_id.model", "=like", "cs.%"), ("binding_model_id", "!=", False)]
        )
        actions |= self.env.ref("cs_promotion.ir_actions_server_confirm_probation")
        self.assertGreaterEqual(len(actions), 5)
        for action in actions:
            context = {"active_model": action.model_id.model, "active_ids": [], "active_id": False}
            for person in ("agent", "superior", "stranger"):
                run = action.with_user(self._get_user(person)).with_context(**context)
                with self.subTest(action=action.name), self.assertRaises(AccessError):
                    run.run()

    def test_no_default_slips_in(self):
        """Defaults given in the context do not reach what only the software writes."""
        context = {
            "default_state": "confirmed",
            "default_month": "2024-01-01",
            "default_reported_by": self.user_peer.id,
        }
        values = {
            "employee_id": self.agent.id,
            "date": "2025-02-10",
            "type_id": self.env.ref("cs_promotion.violation_type_slacking").id,
        }
        violation = (
            self.env["cs.violation"].with_user(self.user_superior).with_context(**context)
        ).create(values)
        self.assertEqual(violation.state, "reported")
        self.assertFalse(violation.month)
        self.assertEqual(violation.reported_by, self.user_superior)

    def test_read_only_fields_cannot_be_written(self):
        """What forms show read-only is refused by network calls, and nothing is stored."""
        for key, person, values in (
            ("cycle", "office", {"state": "closed"}),
            ("cycle", "manager", {"policy_id": self.records["policy_draft"].id}),
            ("cycle_closed", "manager", {"state": "open"}),
            ("appraisal_open", "office", {"score": 100}),
            ("appraisal_open", "office", {"complete": True}),
            ("appraisal_open", "manager", {"closed": True}),
            ("sheet_superior_draft", "superior", {"state": "submitted"}),
            ("sheet_superior_draft", "superior", {"total": 100}),
            ("sheet_office_draft", "office", {"answered": 20}),
            ("line_superior_draft", "superior", {"points": 5}),
            ("line_superior_draft", "superior", {"item_id": self.records["item"].id}),
            ("violation_reported", "office", {"state": "confirmed"}),
            ("violation_confirmed", "office", {"fine": 20}),
            ("violation_reported", "office", {"reported_by": self.user_office.id}),
            ("decision_proposed", "manager", {"state": "applied"}),
            ("decision_proposed", "manager", {"evidence": {}}),
            ("decision_announced", "manager", {"notice_until": "2025-02-15"}),
            ("figure", "office", {"company_id": self.company_b.id}),
            ("award", "office", {"granted_by": self.user_manager.id}),
        ):
            record = self.records[key]
            before = {name: record[name] for name in values}
            with self.subTest(key=key, values=values):
                with self.assertRaises(UserError):
                    self._call(person, record._name, "write", record.ids, values)
                self.env.invalidate_all()
                self.assertEqual({name: record[name] for name in values}, before)

    def test_record_cannot_be_moved_out_of_reach(self):
        """A record is not handed to an agent whom its writer has no rights over."""
        for key, person, agent in (
            ("figure", "office", self.agent_b),
            ("award", "office", self.agent_b),
            ("probation_test", "office", self.clerk),
            ("violation_reported", "superior", self.stranger),
            ("violation_reported", "office", self.agent_b),
        ):
            record = self.records[key]
            with self.subTest(key=key, agent=agent.name), self.assertRaises(UserError):
                self._call(person, record._name, "write", record.ids, {"employee_id": agent.id})
