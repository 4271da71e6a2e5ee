"""Bad input about decisions, and every way past them to an agent's tier."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .bad_input_common import CsBadInputCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestBadDecision(CsBadInputCase):
    def _refused_decision(self, agent, tier, day, *words, **values):
        given = {
            "employee_id": agent.id,
            "tier_to_id": self.tiers[tier].id,
            "effective_date": day,
            "grounds": "Outstanding",
        }
        self._refused(
            lambda: self._call(self.user_manager, "cs.decision", "create", [given | values]),
            agent.name,
            *words,
        )

    def test_for_one_who_has_left(self):
        gone = self._make_agent("Gone", left="2025-06-30")
        self._refused_decision(gone, "senior", "2025-07-01", "has left", "2025-06-30")
        self._refused_decision(gone, "senior", "2025-06-30", "has left")

    def test_before_joining(self):
        late = self._make_agent("Late", hired="2025-06-10")
        self._refused_decision(late, "senior", "2025-06-09", "2025-06-09")
        self._refused_decision(late, "senior", "2025-05-01", "2025-05-01")

    def test_off_the_ladder(self):
        self._refused_decision(self.stranger, "senior", "2025-06-01")

    def test_to_the_tier_that_is_held(self):
        self._refused_decision(self.agent, "junior", "2025-06-01", "holds Junior agent")

    def test_without_grounds(self):
        for grounds in (False, "", "  \n"):
            self._refused_decision(
                self.agent, "senior", "2025-06-01", "write down the grounds", grounds=grounds
            )

    def test_two_for_one_day(self):
        self._decide(self.agent, "intermediate", "2025-06-01")
        self._refused_decision(self.agent, "senior", "2025-06-01", "2025-06-01", "(O2)")

    def test_date_that_is_none(self):
        self._refused_decision(self.agent, "senior", "2025-06-31", "2025-06-31")

    def test_second_open_review(self):
        """X4: one open review for each agent and ground."""
        for day in ("2025-01-05", "2025-01-06", "2025-01-07"):
            self._violation(self.agent, day)
        self._play("2025-01", {})
        review = self._decisions(self.agent, ground="dismiss_repeated")
        self.assertEqual(len(review), 1)
        self._refused(
            lambda: review.copy({"evidence": {}, "effective_date": "2025-03-01"}),
            "Agent",
            "dismiss_repeated",
            "(X4)",
        )
        self._violation(self.agent, "2025-02-05")
        self._play("2025-02", {})
        self.assertEqual(self._decisions(self.agent, ground="dismiss_repeated"), review)

    def test_own_matter(self):
        """No manager decides on their own promotion."""
        boss = self._make_agent("Boss", user=self.user_manager)
        decision = self._decide(boss, "senior", "2025-06-01", announce=False)
        for method in ("action_approve", "action_reject", "action_withdraw"):
            self._refused(
                lambda method=method: self._call(
                    self.user_manager, "cs.decision", method, decision.ids
                ),
                "your own",
                error=UserError,
            )

    def test_announced_or_ruled(self):
        """What was announced, or decided by a rule, is not rewritten."""
        announced = self._decide(self.agent, "senior", "2025-06-01")
        self._violation(self.peer, "2025-01-05", severity="moderate")
        self._play("2025-01", {})
        for decision in (announced, self._decisions(self.peer)):
            for values in (
                {"effective_date": "2025-08-01"},
                {"tier_to_id": self.tiers["reserve"].id},
                {"employee_id": self.superior.id},
                {"grounds": "Better ones"},
                {"outcome": "demote"},
            ):
                self._refused(
                    lambda decision=decision, values=values: self._call(
                        self.user_manager, "cs.decision", "write", decision.ids, values
                    ),
                    error=UserError,
                )
            self._refused(decision.unlink, decision.employee_id.name, error=UserError)

    def test_reason_left_out(self):
        decision = self._decide(self.agent, "senior", "2025-06-01")
        action = self._call(self.user_manager, "cs.decision", "action_withdraw", decision.ids)
        for reason in (False, "   "):
            wizard = self.env["cs.reason"].browse(action["res_id"])
            wizard.reason = reason
            self._refused(
                lambda wizard=wizard: self._call(
                    self.user_manager, "cs.reason", "action_take", wizard.ids
                ),
                "reason",
                error=UserError,
            )
        self.assertEqual(decision.state, "announced")

    def test_withdrawing_what_has_changed_since(self):
        """An applied decision that another one built on cannot be taken back alone."""
        first = self._decide(self.agent, "intermediate", "2025-02-01")
        self._apply("2025-02-10")
        self._decide(self.agent, "senior", "2025-03-01")
        self._apply("2025-03-10")
        self.assertEqual(self._tier_on(self.agent, "2025-03-10"), "senior")
        first._withdraw("a mistake")
        self.assertEqual(self._tier_on(self.agent, "2025-03-10"), "senior")


@tagged("post_install", "-at_install", "cs_promotion")
class TestBadTier(CsBadInputCase):
    """Once an agent has results, the tier changes by decisions only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hr = cls._make_user("hr", "base.group_user,hr.group_hr_manager")
        cls._play("2025-01", {cls.agent: 80})
        cls._decide(cls.agent, "intermediate", "2025-03-01")
        cls._apply("2025-03-10")

    def _refused_tier(self, action, error=UserError):
        self._refused(action, "Agent", "decisions only", error=error)
        self.assertEqual(self._tier_on(self.agent, "2025-02-28"), "junior")
        self.assertEqual(self._tier_on(self.agent, "2025-03-01"), "intermediate")

    def test_network_calls(self):
        version = self.agent.version_ids[-1]
        senior = self.tiers["senior"].id
        for user in (self.hr, self.user_manager):
            for model, ids, values in (
                ("hr.employee", self.agent.ids, {"cs_tier_id": senior}),
                ("hr.employee", self.agent.ids, {"cs_tier_id": False}),
                ("hr.employee", self.agent.ids, {"cs_tier_since": "2025-03-02"}),
                ("hr.version", version.ids, {"cs_tier_id": senior}),
                ("hr.version", self.agent.version_ids[0].ids, {"cs_tier_id": senior}),
                ("hr.version", version.ids, {"cs_tier_since": "2025-01-01"}),
            ):
                with self.subTest(user=user.login, model=model, values=values):
                    self._refused_tier(
                        lambda user=user, model=model, ids=ids, values=values: self._call(
                            user, model, "write", ids, values
                        )
                    )

    def test_new_version(self):
        self._refused_tier(
            lambda: self._call(
                self.hr,
                "hr.employee",
                "create_version",
                self.agent.ids,
                {"date_version": "2025-05-01", "cs_tier_id": self.tiers["senior"].id},
            )
        )
        self._refused_tier(
            lambda: self._call(
                self.hr,
                "hr.version",
                "create",
                [
                    {
                        "employee_id": self.agent.id,
                        "date_version": "2025-05-01",
                        "contract_date_start": "2025-01-01",
                        "cs_tier_id": self.tiers["senior"].id,
                    }
                ],
            )
        )

    def test_context_cannot_claim_to_apply(self):
        """What tells applying code apart cannot be sent over the network."""
        employee = self.agent.with_user(self.hr)
        for claim in (True, 1, "APPLYING", {}):
            self._refused_tier(
                lambda claim=claim: employee.with_context(cs_applying=claim).write(
                    {"cs_tier_id": self.tiers["senior"].id}
                )
            )

    def test_form(self):
        def change():
            with Form(self.agent.with_user(self.hr)) as form:
                form.cs_tier_id = self.tiers["senior"]

        # the view shows the tier read-only once there are results
        with self.assertRaises(AssertionError):
            change()
        self.env.invalidate_all()
        self.assertEqual(self._tier_on(self.agent, "2025-03-01"), "intermediate")

    def test_version_of_a_decision(self):
        """The version a decision made is neither moved, nor archived, nor deleted."""
        version = self.agent.version_ids.filtered(lambda each: str(each.date_version) > "2025-02")
        for values in ({"date_version": "2025-05-01"}, {"active": False}):
            with self.subTest(values):
                self._refused_tier(
                    lambda values=values: self._call(
                        self.hr, "hr.version", "write", version.ids, values
                    )
                )
        self._refused_tier(lambda: self._call(self.hr, "hr.version", "unlink", version.ids))

    def test_plain_employees(self):
        for user in (self.user_agent, self.user_superior, self.user_office):
            self._refused(
                lambda user=user: self._call(
                    user,
                    "hr.employee",
                    "write",
                    self.agent.ids,
                    {"cs_tier_id": self.tiers["senior"].id},
                ),
                error=AccessError,
            )

    def test_before_joining(self):
        """L2/U2: the tier cannot begin before its agent."""
        self._refused(
            lambda: self._make_agent("Early", hired="2025-02-01", since="2025-01-31"),
            "Early",
            "2025-01-31",
            "before joining",
        )

    def test_without_contract(self):
        self._refused(
            lambda: self.env["hr.employee"].create(
                {
                    "name": "Loose",
                    "company_id": self.company.id,
                    "cs_tier_id": self.tiers["junior"].id,
                }
            ),
            "Loose",
            "contract",
        )


@tagged("post_install", "-at_install", "cs_promotion")
class TestBadImport(CsBadInputCase):
    """A file with a faulty row is refused as a whole, and the row is named."""

    def _import(self, user, model, fields, text):
        wizard = (
            self.env["base_import.import"]
            .with_user(user)
            .create({"res_model": model, "file": text.encode(), "file_type": "text/csv"})
        )
        return wizard.execute_import(
            fields, fields, {"quoting": '"', "separator": ",", "has_headers": True,
                             "date_format": "%Y-%m-%d"}
        )  # fmt: skip

    def _refused_rows(self, user, model, fields, rows, row, *words):
        before = self._get_stored()
        text = "\n".join([",".join(fields), *rows]) + "\n"
        result = self._import(user, model, fields, text)
        self.env.invalidate_all()
        messages = [each for each in result["messages"] if each["type"] == "error"]
        # Odoo tries all rows at once, then one by one: the fault stands at its own row then
        named = [each["message"] for each in messages if each["rows"]["from"] == row]
        self.assertTrue(named, result)
        for word in words:
            self.assertIn(word, named[-1])
        self.assertFalse(result["ids"])
        self.assertEqual(self._get_stored(), before, "Something was stored")

    def test_figures(self):
        fields = ["employee_id/.id", "month", "sales", "handled", "complaints"]
        agent, peer = self.agent.id, self.peer.id
        good = f"{agent},2025-01-01,100,10,1"
        for bad, words in (
            (f"{peer},2025-01-01,100,10,11", ("Peer", "11 complaints")),
            (f"{peer},2025-01-01,1,10,-1", ("Peer", "negative")),
            (f"{peer},2025-01-01,-200000000,10,1", ("Peer", "more came back")),
            (f"{peer},2024-12-01,1,1,1", ("Peer", "joined")),
        ):
            with self.subTest(bad):
                self._refused_rows(self.user_office, "cs.figure", fields, [good, bad], 1, *words)
        result = self._import(
            self.user_office, "cs.figure", fields,
            ",".join(fields) + f"\n{good}\n{peer},2025-01-01,5,10,1\n",
        )  # fmt: skip
        self.assertEqual(len(result["ids"]), 2)

    def test_read_only_column(self):
        """Nobody imports a score, a state or a confirmation."""
        kind = self.env.ref("cs_promotion.violation_type_slacking").id
        self._refused_rows(
            self.user_office,
            "cs.violation",
            ["employee_id/.id", "type_id/.id", "date", "confirmed_on"],
            [f"{self.agent.id},{kind},2025-01-05,2025-01-06"],
            0,
            "cannot be set by hand",
        )

    def test_tier_of_one_with_results(self):
        """The first load goes by import; once there are results, decisions take over."""
        self._play("2025-01", {self.agent: 80})
        self._refused_rows(
            self.user_manager,
            "hr.employee",
            [".id", "cs_tier_id/.id"],
            [f"{self.peer.id},{self.tiers['junior'].id}",
             f"{self.agent.id},{self.tiers['senior'].id}"],
            1,
            "Agent",
            "decisions only",
        )  # fmt: skip
