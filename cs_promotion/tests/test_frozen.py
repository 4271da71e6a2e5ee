"""Frozen means frozen: every field of what is settled, tried by everybody who may write.

The fields are read from the models: a new one that can be changed fails here. What may change
after all stands in ``MAY_CHANGE`` with the reason, and nowhere else.
"""

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .access_common import CsAccessCase
from .frozen_common import FrozenTests

MAY_CHANGE = {
    # who logs in for a superior follows the employee: it routes sheets, it says nothing of them
    ("cs.appraisal.sheet", "superior_user_id"): "follows the superior's login",
    ("cs.appraisal.sheet", "rater_user_id"): "follows the rater's login",
    # sales may come in late; what is paid too little then is settled with a later payslip (W7)
    ("cs.figure", "sales"): "may come in after the month was closed (W7)",
    # a form out of use is hidden, and says the same
    ("cs.scorecard", "active"): "archiving hides it from new policies only",
    ("cs.scale", "active"): "archiving hides it from new policies only",
    ("cs.scale", "name"): "what it is called; what comes out is the same",
    ("cs.metric", "active"): "archiving hides it from new policies only",
    ("cs.metric", "sequence"): "its place in lists",
    ("cs.metric", "name"): "what it is called; its code and its values are the same",
    ("cs.metric", "unit"): "what stands behind its values",
    ("cs.metric", "late"): "whether values may come in after the month was closed",
    ("cs.policy", "extended"): "which tabs its form shows",
    # the entry in the history, which tells the same once more
    ("cs.appraisal.sheet.former", "message_id"): "the grades stand in the record itself",
    # documents: attachments of the record, see the tests of proof
    ("cs.violation", "proof_ids"): "see the tests of proof",
}

# settled from the first: nobody ever writes them but the software
ALWAYS = ("cs.appraisal.sheet.editor", "cs.appraisal.sheet.former")


@tagged("post_install", "-at_install", "cs_promotion")
class TestFrozen(FrozenTests, CsAccessCase):
    """Names of departments and employees are not frozen: they are what people are called."""

    may_change = MAY_CHANGE

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._award(cls.agent, "2025-01")
        cls._figure(cls.agent, "2025-01", sales=10)
        metric = cls.env["cs.metric"].create({"name": "Chats", "code": "chats", "late": True})
        cls.measure = cls.env["cs.measure"].create(
            {"metric_id": metric.id, "employee_id": cls.agent.id, "date": "2025-01-01"}
        )
        metric.late = False  # from now on it is closed with its month
        scale = cls.records["scale"]
        cls.env["cs.metric"].create(
            {
                "name": "Scaled",
                "code": "scaled",
                "kind": "scaled",
                "one": "chats",
                "scale_id": scale.id,
            }
        )
        exam = {"name": "Both", "code": "both", "kind": "sum", "grain": "event"}
        cls.env["cs.metric"].create(exam | {"one": "exam", "other": "written"})
        cls.frozen = cls._get_settled()

    @classmethod
    def _get_settled(cls):
        policy = cls.policy
        scorecard = policy.scorecard_id
        section = scorecard.section_ids[0]
        sheet = cls.records["sheet_office_closed"]
        applied = cls._decide(cls.peer, "intermediate", "2025-02-01")
        cls._apply("2025-02-10")
        rejected = cls.records["decision_proposed"]
        rejected._reject("No.")
        award = cls.env["cs.award"].search([("employee_id", "=", cls.agent.id)], order="month")[0]
        figure = cls.env["cs.figure"].search([("employee_id", "=", cls.agent.id)], order="month")[0]
        cls._cycle("2025-01").sudo().closed_on = cls.company._cs_today()
        test = cls._confirmed()
        return {
            "appraisal": cls.records["appraisal_closed"],
            "sheet": sheet,
            "sheet of the superior": cls.records["sheet_superior_closed"],
            "sheet's line": sheet.line_ids[0],
            "cycle": cls.records["cycle_closed"],
            "policy": policy,
            "pay line": policy.rung_ids[0],
            "rater": policy.rater_ids[0],
            "consequence": policy.consequence_ids[0],
            "offence": cls.records["offence"],
            "other form": policy.form_ids,
            "target": policy.target_ids,
            "order of places": policy.rung_ids.order_ids,
            "pay item": policy.item_ids,
            "amount": policy.item_ids.amount_ids,
            "factor": policy.item_ids.factor_ids,
            "proviso": policy.item_ids.proviso_ids,
            "policy's approval": policy.approval_ids[0],
            "approval": cls.records["decision_approval"],
            "application": cls._decided_application(),
            "rule": policy.rule_ids[0],
            "condition": policy.rule_ids[0].condition_ids[0],
            "scorecard": scorecard,
            "section": section,
            "item": section.item_ids[0],
            "grade": section.grade_ids[0],
            "announced decision": cls.records["decision_announced"],
            "applied decision": applied,
            "rejected decision": rejected,
            "violation": cls.records["violation_confirmed"],
            "award": award,
            "figure": figure,
            "raise by a decision": cls._decided_raise(),
            **cls._ended_terms(),
            "measured value": cls.measure,
            "metric": cls.measure.metric_id,
            "metric's part": cls.records["metric_part"],
            "scale": cls.records["scale"],
            "scale step": cls.records["scale_step"],
            "class": cls.policy.class_ids[0],
            "class's proviso": cls.policy.class_ids[0].proviso_ids,
            "test": test,
        } | {record._name: record for record in cls.records.values() if record._name in ALWAYS}

    @classmethod
    def _decided_raise(cls):
        more = cls.records["raise"]
        more.decision_id = cls.records["decision_announced"]
        return more

    @classmethod
    def _ended_terms(cls):
        """A trial and a plan that are over, and what was said meanwhile."""
        trial, plan = cls.records["trial"], cls.records["plan"]
        trial._end("confirmed", fields.Date.to_date("2025-03-01"))
        plan._end("kept", fields.Date.to_date("2025-03-01"))
        return {"trial": trial, "plan": plan, "meeting": cls.records["plan_meeting"]}

    @classmethod
    def _decided_application(cls):
        application = cls.records["application_submitted"]
        application.write({"state": "decided", "outcome": "not_met"})
        return application

    @classmethod
    def _confirmed(cls):
        """A test on which a decision rests."""
        test = cls._probation_test(cls.peer, "2025-01-20")
        cls.records["decision_announced"].sudo().test_id = test
        return test

    def test_every_kind_is_here(self):
        """Every model that has a record in the access table is tried, or never settled."""
        never = {
            "cs.tier",
            "cs.tier.standard",
            "cs.violation.type",
        }
        tables = {
            record._name
            for record in self.records.values()
            if record._auto and not record._abstract
        }
        self.assertEqual(tables - {each._name for each in self.frozen.values()} - never, set())

    def test_what_is_not_settled_can_be_changed(self):
        """Else the tests above would try nothing."""
        for key, name, person in (
            ("policy_draft", "name", "manager"),
            ("rule_draft", "name", "manager"),
            ("figure", "sales", "office"),
            ("award", "reason", "office"),
            ("violation_reported", "description", "office"),
        ):
            record = self.records[key]
            field = record._fields[name]
            seen = record.with_user(self._get_writer(person)).with_company(self.company)
            value = self._get_another(record, field)
            self.assertTrue(
                self._attempt(
                    lambda seen=seen, name=name, value=value: seen.write({name: value}),
                    lambda record=record, field=field: self._see(record, field),
                ),
                key,
            )

    def test_exceptions_are_fields(self):
        for model, name in MAY_CHANGE:
            self.assertIn(name, self.env[model]._fields)

    def test_department_is_archived_instead(self):
        with self.assertRaisesRegex(UserError, r"Archive it instead"):
            self.hotline.with_user(self.env.ref("base.user_admin")).unlink()
        self.hotline.active = False
        self.assertEqual(self.frozen["appraisal"].department_id, self.hotline)

    def test_copies_of_what_is_used_can_be_changed(self):
        copy = self.policy.with_user(self.user_manager).copy({"date_from": "2026-03-01"})
        copy.name = "Another"
        copy.rule_ids[0].update_field_translations("name", {"en_US": "Another"})
        self.assertEqual(copy.rule_ids[0].name, "Another")
        form = self.policy.scorecard_id.with_user(self.user_manager).copy(
            {"company_id": self.company.id}
        )
        form.section_ids[0].item_ids[0].name = "Another"
        form.update_field_translations("name", {"en_US": "Another"})
        self.assertEqual(form.name, "Another")
