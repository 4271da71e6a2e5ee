"""Approvals in order: who is asked when, what they may do, and what stays on record (O4)."""

import json

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .notice_common import NoticeCase
from .played_package import PlayedPackageCase

RULE = "promote_intermediate"


@tagged("post_install", "-at_install", "cs_promotion")
class TestApproval(NoticeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_boss = cls._make_user("boss")
        cls.boss = cls.superior.create(
            {"name": "Boss", "company_id": cls.company.id, "user_id": cls.user_boss.id}
        )
        cls.superior.parent_id = cls.boss
        cls.rule = cls.policy.rule_ids.filtered(lambda rule: rule.code == RULE)

    def _rows(self, *rows):
        given = [row if isinstance(row, dict) else {"who": row} for row in rows]
        return [Command.create({"sequence": place, **row}) for place, row in enumerate(given)]

    def _proposed(self):
        decision = self._step_up()
        with freeze_time("2025-04-01"):
            self._run_notify()
        return decision

    def _say_yes(self, user, decision):
        with freeze_time("2025-04-02"):
            self._as(user, decision).action_approve()
            self._run_notify()

    def test_one_after_the_other(self):
        """10.7: village manager and supervisor examine, then it is announced."""
        self.rule.approval_ids = self._rows("superior", "superior_of_superior", "office")
        self.assertIn(
            "approved by: Direct superior, then The superior's superior, then Office",
            self.rule.sentence,
        )
        self.assertIn("then The superior's superior", html2plaintext(self.policy.page_html))
        decision = self._proposed()
        self.assertEqual(decision.state, "proposed")
        steps = decision.approval_ids
        asked = (self.user_superior, self.user_boss, self.user_office)
        for place, user in enumerate(asked):
            self.assertTrue(self._todos(user, decision), user.name)
            for other in {*asked, self.user_manager} - {user}:
                self.assertFalse(self._todos(other, decision), other.name)
                with self.assertRaises(AccessError):
                    self._as(other, decision).action_approve()
            self.assertTrue(self._as(user, decision).can_approve)
            self.assertEqual(decision.state, "proposed")
            self._say_yes(user, decision)
            self.assertRecordValues(
                steps[place], [{"state": "approved", "user_id": user.id, "stood_in": False}]
            )
        self.assertEqual((decision.state, f"{decision.announced_on}"), ("announced", "2025-04-02"))
        self.assertEqual(decision.approved_by, self.user_office)
        words = html2plaintext(decision.evidence_html)
        letter = self.env["cs.decision.letter"]._get_values(decision)["approvals"]
        for user in asked:
            self.assertIn(user.name, words)
            self.assertIn(user.name, " ".join(letter))

    def test_one_who_is_asked_may_reject_with_a_reason(self):
        self.rule.approval_ids = self._rows("superior", "superior_of_superior")
        decision = self._proposed()
        with self.assertRaises(AccessError):
            self._as(self.user_boss, decision).action_reject()
        self._say_yes(self.user_superior, decision)
        with freeze_time("2025-04-02"):
            with self.assertRaises(AccessError):
                self._as(self.user_superior, decision).action_reject()
            dialog = self._as(self.user_boss, decision).action_reject()
            wizard = self.env["cs.reason"].with_user(self.user_boss).browse(dialog["res_id"])
            wizard.reason = "Too early"
            wizard.action_take()
        self.assertEqual((decision.state, decision.closing_reason), ("rejected", "Too early"))
        self.assertRecordValues(
            decision.approval_ids[-1],
            [{"state": "rejected", "user_id": self.user_boss.id, "remark": "Too early"}],
        )
        self.assertFalse(self._todos(self.user_boss, decision))

    def test_who_is_asked_may_read_it_and_no_more(self):
        named = self._make_user("named")
        self.rule.approval_ids = self._rows(
            "superior", {"who": "people", "user_ids": [Command.link(named.id)]}
        )
        decision = self._proposed()
        with self.assertRaises(AccessError):
            self._as(named, decision).read(["state"])
        self._say_yes(self.user_superior, decision)
        theirs = self._as(named, decision)
        self.assertEqual(theirs.read(["state"])[0]["state"], "proposed")
        self.assertEqual(theirs.approval_ids.mapped("state"), ["approved", "waiting"])
        for write in ({"state": "announced"}, {"grounds": "x"}):
            with self.assertRaises(UserError):
                theirs.write(write)
        with self.assertRaises(AccessError):
            theirs.approval_ids.write({"state": "approved"})
        with self.assertRaises(AccessError):
            self._as(self.user_peer, decision).read(["state"])

    def test_nobody_approves_a_matter_of_their_own(self):
        people = [Command.link(self.user_agent.id)]
        self.rule.approval_ids = self._rows({"who": "people", "user_ids": people})
        decision = self._proposed()
        step = decision.approval_ids
        self.assertEqual((step.stood_in, step.approver_ids), (True, self.user_manager))
        self.assertIn("an HR manager instead", self._todos(self.user_manager, decision).note)
        with self.assertRaises(UserError):
            self._as(self.user_agent, decision).action_approve()
        self._say_yes(self.user_manager, decision)
        self.assertEqual(decision.state, "announced")

    def test_managers_stand_in_where_there_is_no_superior(self):
        self.rule.approval_ids = self._rows("superior_of_superior")
        self.superior.parent_id = False
        decision = self._proposed()
        self.assertTrue(decision.approval_ids.stood_in)
        self._say_yes(self.user_manager, decision)
        self.assertEqual(decision.state, "announced")

    def test_those_of_the_policy_by_outcome(self):
        self.policy.approval_ids = self._rows({"who": "superior", "outcome": "promote"})
        lower = self._make_agent("Lower", tier="intermediate")
        with freeze_time("2025-04-01"):
            self._play_months("2025-01", "2025-03", {self.agent: 95, lower: 70})
        self.assertEqual(self._decisions(self.agent).state, "proposed")
        self.assertEqual(self._decisions(lower).mapped("state"), ["announced"])
        self.assertIn("Decisions are approved by", html2plaintext(self.policy.page_html))

    def test_a_manager_alone_is_one_step(self):
        self.policy.approval = "manager"
        decision = self._proposed()
        self.assertEqual(decision.approval_ids.mapped("who"), ["manager"])
        self._say_yes(self.user_manager, decision)
        self.assertEqual((decision.state, decision.approved_by), ("announced", self.user_manager))

    def test_what_names_nobody_is_refused_at_activation(self):
        draft = self._make_policy(self.company, "2026-01-01", activate=False)
        draft.approval_ids = self._rows("people")
        with self.assertRaisesRegex(ValidationError, "say which people"):
            draft.action_activate()

    def test_a_new_version_has_them_too_and_changes_are_told(self):
        self.rule.approval_ids = self._rows("superior")
        self.policy.approval_ids = self._rows("office")
        copy = self.policy.copy({"date_from": "2026-01-01"})
        rule = copy.rule_ids.filtered(lambda each: each.code == RULE)
        self.assertEqual(rule.approval_ids.mapped("who"), ["superior"])
        self.assertEqual((rule.approval_ids | copy.approval_ids).policy_id, copy)
        self.assertEqual(copy.approval_ids.mapped("who"), ["office"])
        rule.approval_ids.who = "head"
        copy.approval_ids.who = "manager"
        changes = self.env["cs.policy.changes"]._get_changes(self.policy, copy)
        told = str([(row["was"], row["now"]) for row in changes])
        self.assertIn("approved by: Head of the department", told)
        self.assertIn("approved by: Manager", told)

    def test_a_package_brings_them_along(self):
        people = [Command.link(self.user_boss.id)]
        group = self.env.ref("cs_promotion.group_office")
        self.rule.approval_ids = self._rows("head", {"who": "people", "user_ids": people})
        self.policy.approval_ids = self._rows(
            {"who": "group", "group_id": group.id, "outcome": "promote"}
        )
        package = self.env["cs.policy.package"]._export(self.policy)
        self.assertEqual(
            package["approvals"],
            [{"who": "group", "outcome": "promote", "group": "cs_promotion.group_office"}],
        )
        again = self.env["cs.policy.package"]._import(
            json.dumps(package), self.company, "2030-01-01"
        )
        self.assertEqual(self.env["cs.policy.package"]._export(again), package)


@tagged("post_install", "-at_install", "cs_promotion")
class TestApprovalPlayed(PlayedPackageCase):
    def test_everybody_agrees_but_one(self):
        approvals = [{"who": "superior"}, {"who": "head"}]
        package = self._package(rules=[self._rule(self._score(80), approvals=approvals)])
        months = {"2026-01": 90, "2026-02": 90}
        no = {"date": "2026-02-01", "rule": "up", "by": "head", "approve": False}
        found = self._play(
            package,
            "2026-01",
            "2026-02",
            YES={"months": months},
            NO={"months": months, "approvals": [no]},
        )
        self.assertEqual(
            self._changes(found),
            {"YES": [("2026-02-01", "desk_senior")], "NO": [("2026-03-01", "desk_senior")]},
        )
