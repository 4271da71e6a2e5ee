from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestCompanyMove(CsPromotionCase):
    """An agent moves to another company: it closes here and begins there (R1, R5, L6)."""

    def _move(self, agent, day, company=None, **values):
        company = company or self.company_b
        suffix = "_b" if company == self.company_b else ""
        values = {
            "company_id": company.id,
            "department_id": getattr(self, f"hotline{suffix}").id,
            "parent_id": getattr(self, f"superior{suffix}").id,
        } | values
        with freeze_time(f"{day} 10:00:00"):
            agent.write(values)
        self.env.flush_all()
        self.env.invalidate_all()

    def _companies(self, agent):
        """Model -> companies of the agent's records."""
        models = ("cs.appraisal", "cs.appraisal.sheet", "cs.figure", "cs.violation", "cs.award")
        models += ("cs.probation.test", "cs.decision")
        found = {name: self.env[name].search([("employee_id", "=", agent.id)]) for name in models}
        return {name: records.company_id for name, records in found.items() if records}

    def _play_june(self):
        self._open("2025-06")
        self._figure(self.agent, "2025-06", sales=1000, handled=100)
        self._violation(self.agent, "2025-06-10")
        self._award(self.agent, "2025-06")
        self._probation_test(self.agent, "2025-06-11")
        return self._play("2025-06", {self.agent: 50})

    def test_results_stay_where_they_arose(self):
        self._play_june()
        before = self._companies(self.agent)
        self._move(self.agent, "2025-08-05")
        self.assertEqual(self.agent.company_id, self.company_b)
        self.assertEqual(len(before), 6)
        self.assertEqual(self._companies(self.agent), before)
        self.assertEqual({*before.values()}, {self.company})

    def test_the_past_keeps_its_version_and_the_new_company_begins_one(self):
        self._move(self.agent, "2025-08-05")
        versions = self.agent.version_ids.sorted("date_version")
        self.assertEqual(versions.mapped("cs_company_id"), self.company | self.company_b)
        self.assertEqual(versions.mapped("department_id"), self.hotline | self.hotline_b)
        self.assertEqual(f"{versions[1].date_version}", "2025-08-05")
        timeline = self.env["cs.timeline"]._load(self.agent.ids)[self.agent.id]
        here, there = (timeline.within(each.id) for each in (self.company, self.company_b))
        self.assertEqual(f"{here.left(self._day('2025-07'))}", "2025-08-04")
        self.assertEqual(f"{there.joined(self._day('2025-09'))}", "2025-08-05")
        self.assertEqual(f"{there.at(self._day('2025-09')).tier_since}", "2025-08-05")
        self.assertEqual(self._tier_on(self.agent, "2025-09-01"), "junior")

    def test_written_by_form_import_or_resource_it_is_the_same_move(self):
        moves = {
            "import": lambda agent: self.env["hr.employee"].load(
                ["id", "company_id/.id", "department_id/.id", "parent_id/.id"],
                [
                    [
                        agent.export_data(["id"])["datas"][0][0],
                        self.company_b.id,
                        self.hotline_b.id,
                        self.superior_b.id,
                    ]
                ],
            ),
            "resource": lambda agent: agent.resource_id.write({"company_id": self.company_b.id}),
        }
        for way, move in moves.items():
            agent = self._make_agent(f"Moved by {way}")
            agent.department_id = False
            agent.parent_id = False
            with freeze_time("2025-08-05 10:00:00"):
                move(agent)
            self.env.flush_all()
            self.env.invalidate_all()
            with self.subTest(way):
                self.assertEqual(agent.company_id, self.company_b)
                companies = agent.version_ids.sorted("date_version").cs_company_id
                self.assertEqual(companies, self.company | self.company_b)

    def test_moved_in_the_form(self):
        agent = self._make_agent("Moved by form")
        agent.write({"department_id": False, "parent_id": False})
        with freeze_time("2025-08-05 10:00:00"), Form(agent) as form:
            form.company_id = self.company_b
        self.assertEqual(
            agent.version_ids.sorted("date_version").cs_company_id, self.company | self.company_b
        )

    def test_first_load_typed_in_today_leaves_the_past_its_version(self):
        agent = self._make_agent("Loaded", hired="2025-01-01")
        agent.version_ids.write({"date_version": "2025-08-05"})
        self._move(agent, "2025-08-05")
        timeline = self.env["cs.timeline"]._load(agent.ids, self.company)[agent.id]
        self.assertEqual(
            [(f"{each.start}", f"{each.end}") for each in timeline.stretches],
            [("2025-01-01", "2025-08-04")],
        )

    def test_R1_a_month_before_the_move_is_reviewed_in_the_old_company_only(self):
        self._play("2025-06", {self.agent: 50})
        self._open("2025-07")
        self._move(self.agent, "2025-08-05")
        self._score(self._appraisal(self.agent, "2025-07"), 50)
        for company in (self.company, self.company_b):
            cycle = self._open("2025-07", company=company)
            for appraisal in cycle.appraisal_ids - self._appraisal(self.agent, "2025-07"):
                appraisal._exclude("not part of this test")
            self._close(cycle)
        july = self._appraisal(self.agent, "2025-07")
        self.assertEqual(july.company_id, self.company)
        self.assertEqual((july.score, july.department_id), (50, self.hotline))

    def test_X1_failing_months_of_two_companies_do_not_add_up(self):
        for month in ("2025-06", "2025-07"):
            self._play(month, {self.agent: 50})
        self._move(self.agent, "2025-08-01")
        self._play("2025-07", {}, company=self.company_b)
        self._play("2025-08", {self.agent: 50}, company=self.company_b)
        self.assertFalse(self._decisions(self.agent))

    def test_U2_tenure_begins_anew(self):
        self._move(self.agent, "2025-08-01")
        path = self.env["cs.path"].browse(self.agent.id)
        with freeze_time("2025-09-01 10:00:00"):
            self.assertEqual(f"{path.joined}", "2025-08-01")
            self.assertEqual(path.company_id, self.company_b)

    def test_violations_of_the_old_company_count_there_only(self):
        for day in ("2025-06-02", "2025-06-10"):
            self._violation(self.agent, day)
        self._play("2025-06", {self.agent: 80})
        self._move(self.agent, "2025-07-01")
        violation = self._violation(self.agent, "2025-07-10")
        self.assertEqual(violation.company_id, self.company_b)
        self._play("2025-06", {}, company=self.company_b)
        self._play("2025-07", {self.agent: 80}, company=self.company_b)
        self.assertFalse(self._decisions(self.agent), "V4 counts in one company")

    def test_O2_what_was_to_take_effect_later_is_withdrawn_there(self):
        late = self._decide(self.agent, "senior", "2025-09-01", announce=False)
        for month in ("2025-04", "2025-05", "2025-06"):
            self._play(month, {self.agent: 50})
        review = self._decisions(self.agent, outcome="dismissal_review")
        self.assertEqual(review.state, "announced")
        self._move(self.agent, "2025-08-05")
        self.assertEqual({late.state, review.state}, {"withdrawn"})
        self.assertIn(self.company_b.name, late.closing_reason)

    def test_without_such_a_rung_there_the_agent_is_off_the_ladder_and_it_is_told(self):
        self.policy_b.action_draft()
        self._move(self.agent, "2025-08-05")
        self.assertEqual(self._tier_on(self.agent, "2025-08-04"), "junior")
        self.assertIsNone(self._tier_on(self.agent, "2025-08-05"))
        self.assertEqual(self.agent.activity_ids.user_id & self.user_office_b, self.user_office_b)
        self.assertIn("no promotion policy", " ".join(self.agent.message_ids.mapped("body")))
        self.policy_b.action_activate()
        self.agent.version_ids.sorted("date_version")[-1].cs_tier_id = self.tiers["junior"]
        self.assertEqual(self._tier_on(self.agent, "2025-08-05"), "junior")

    def test_a_slip_of_the_hand_is_taken_back(self):
        self._move(self.agent, "2025-08-05")
        self._move(self.agent, "2025-08-05", self.company)
        timeline = self.env["cs.timeline"]._load(self.agent.ids, self.company)[self.agent.id]
        held = timeline.at(self._day("2025-09"))
        self.assertEqual(
            (f"{held.tier_since}", f"{timeline.joined(held.start)}"), ("2025-01-01",) * 2
        )

    def test_the_company_of_a_tier_is_nobodys_choice(self):
        with self.assertRaisesRegex(UserError, "company"):
            self.agent.version_id.write({"cs_company_id": self.company_b.id})
        with self.assertRaisesRegex(UserError, "company"):
            self.agent.create_version(
                {"date_version": "2025-05-01", "cs_company_id": self.company_b.id}
            )

    def test_who_never_stood_on_a_ladder_moves_as_odoo_does_it(self):
        self._move(self.stranger, "2025-08-05", parent_id=False)
        self.assertEqual(len(self.stranger.version_ids), 1)

    def test_people_of_the_old_company_still_see_what_arose_there(self):
        self._play_june()
        self._decide(self.agent, "senior", "2025-09-01", announce=False)
        self._move(self.agent, "2025-08-05")
        readers = {
            "cs.appraisal": ["user_office", "user_manager", "user_superior"],
            "cs.appraisal.sheet": ["user_office", "user_superior"],
            "cs.figure": ["user_office"],
            "cs.violation": ["user_office", "user_manager"],
            "cs.award": ["user_office"],
            "cs.probation.test": ["user_office"],
            "cs.decision": ["user_office", "user_manager"],
            "cs.board": ["user_office", "user_superior", "user_peer"],
            "cs.score.report": ["user_office"],
        }
        for model, users in readers.items():
            for user in users:
                with self.subTest(model=model, user=user):
                    records = self.env[model].search([("employee_id", "=", self.agent.id)])
                    self.assertTrue(records)
                    self._read_as_a_page(getattr(self, user), records)
                    with self.assertRaises(AccessError):
                        self._as(self.user_office_b, records).read(["company_id"])

    def _read_as_a_page(self, user, records):
        """Read all that the list and the form of these records show, as the web client does."""
        model = self._as(user, self.env[records._name])
        for kind in ("list", "form"):
            view = model.get_view(view_type=kind)
            specification = {
                name: {"fields": {"display_name": {}}}
                if model._fields[name].type == "many2one"
                else {}
                for name in view["models"][model._name]
                if model._fields[name].type not in ("one2many", "many2many")
            }
            read = model.browse(records.ids).web_read(specification | {"display_name": {}})
            self.assertEqual(len(read), len(records))
            self.assertEqual({row["employee_id"]["display_name"] for row in read}, {"Agent"})

    def test_letters_are_printed_for_who_has_moved_on(self):
        decision = self._decide(self.agent, "senior", "2025-07-01")
        self._apply("2025-07-20")
        self._move(self.agent, "2025-08-05")
        decision = self._as(self.user_office, decision)
        html = (
            self.env["ir.qweb"]
            .with_user(self.user_office)
            ._render("cs_promotion.report_decision_letter", {"docs": decision})
        )
        self.assertIn(self.hotline.name, html)
        self.assertNotIn(self.hotline_b.name, html)
