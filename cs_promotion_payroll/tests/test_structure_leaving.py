from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .test_structure_prepare import OwnStructureCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestStructureLeaving(OwnStructureCase):
    """Holding a tier without being paid by it, leaving the ladder, and months of both."""

    def setUp(self):
        super().setUp()
        clock = freeze_time("2025-02-10")
        clock.start()
        self.addCleanup(clock.stop)

    def _version(self, agent, day):
        return agent._get_version(self._date(day))

    def _paid_from(self, agent, day):
        version = self._version(agent, day)
        return version.cs_tier_id.code, version.wage, version.struct_id

    # ------------------------------------------------------------------ never replaced

    def test_a_structure_someone_chose_stays(self):
        """By form, import and decision, by a policy that starts and by a transfer."""
        there = self.env["hr.employee"].create(
            {
                "name": "There",
                "company_id": self.company.id,
                "date_version": "2025-01-01",
                "contract_date_start": "2025-01-01",
                "department_id": self.hotline.id,
                "wage": 2600,
                "struct_id": self.ours.id,
            }
        )
        with Form(there) as form:
            form.cs_tier_id = self.tiers["junior"]
            self.assertEqual((form.struct_id, form.wage), (self.ours, 2600))
        self.assertEqual(self._paid_from(there, "2025-01-01"), ("junior", 2600, self.ours))
        header = [
            "name",
            "company_id/.id",
            "contract_date_start",
            "cs_tier_id",
            "struct_id/.id",
            "wage",
        ]
        found = self.env["hr.employee"].load(
            header,
            [["Loaded", self.company.id, "2025-01-01", "Junior agent", self.ours.id, "2500"]],
        )
        loaded = self.env["hr.employee"].browse(found["ids"])
        self.assertEqual((loaded.wage, loaded.struct_id), (2500, self.ours), found["messages"])
        self._decide(there, "senior", "2025-02-01")
        self._apply("2025-02-05")
        self.assertEqual(self._paid_from(there, "2025-02-01"), ("senior", 2600, self.ours))
        newer = self._make_policy(self.company, "2025-03-01", activate=False)
        newer.rung_ids.base_wage = 3333
        newer.action_activate()
        newer._revise_wages()
        self.assertEqual(self._paid_from(there, "2025-03-01"), ("senior", 2600, self.ours))
        there._cs_move(self._date("2025-04-01"), {"department_id": self.front_desk.id})
        self.assertEqual(self._paid_from(there, "2025-04-01"), ("senior", 2600, self.ours))

    # ------------------------------------------------------------------ not paid by tier

    def test_holds_a_tier_is_not_paid_by_it(self):
        employees = self.env["hr.employee"]
        self.agent.version_id.struct_id = self.ours
        self.peer.version_id.struct_id = False
        unpaid = self.agent | self.peer
        mine = [("id", "in", (unpaid | self.stranger | self.agent_b).ids)]
        for user in (self.user_payroll, self._make_user("hr", "hr.group_hr_user")):
            ours = self._as(user, employees)
            found = ours.search([*mine, ("cs_not_paid_by_tier", "=", True)])
            self.assertEqual(found.ids, unpaid.sorted("name").ids)
            others = ours.search([*mine, ("cs_not_paid_by_tier", "=", False)])
            self.assertFalse(others & found)
            self.assertTrue(all(found.mapped("cs_not_paid_by_tier")))
        dashboard = self._as(self.user_office, self.env["cs.dashboard"]).browse(self.company.id)
        self.assertEqual(dashboard.not_paid, 2)
        self.assertFalse(dashboard.start_pay)
        self.assertIn("(2)", dashboard.start_pay_text)
        unpaid.version_id.struct_id = self.company.cs_structure_id
        self.env.invalidate_all()
        self.assertEqual(dashboard.not_paid, 0)
        self.assertTrue(dashboard.start_pay)

    def test_payslip_and_batch_warn_until_it_is_mended(self):
        self.agent.version_id.struct_id = self.ours
        slip = self._slip(self.agent, "2025-01")
        self.assertTrue(slip.cs_warned and slip.cs_not_paid)
        self.assertIn("does not pay by tier", slip.cs_warning)
        self.assertEqual(self._lines(slip)["NET"], 1685.0)
        run = self._batch(self.agent | self.peer, "2025-01")
        self.assertEqual(run.cs_not_paid_count, 1)
        action = run.action_cs_view_not_paid()
        found = self.env["hr.payslip"].search(action["domain"])
        self.assertEqual(found.employee_id, self.agent)
        self.agent.version_id.struct_id = self.company.cs_structure_id
        found.struct_id = self.company.cs_structure_id
        found.compute_sheet()
        self.assertEqual(run.cs_not_paid_count, 0)
        self.assertFalse(found.cs_not_paid)

    def test_a_payslip_beside_the_one_by_tier_is_not_warned_of(self):
        self._pay(self.agent, "2025-01")
        bonus = self._slip(self.agent, "2025-01", compute=False)
        bonus.struct_id = self.ours
        bonus.compute_sheet()
        self.assertFalse(bonus.cs_warned)

    def test_whoever_holds_no_tier_is_not_warned_of(self):
        self.stranger.version_id.write(
            {"struct_id": self.ours.id, "wage": 2000, "contract_date_start": "2025-01-01"}
        )
        self.assertFalse(self._slip(self.stranger, "2025-01").cs_warned)

    def test_a_fine_is_not_taken_by_a_structure_without_tier_pay(self):
        violation = self._violation(self.agent, "2025-01-10", fine=50)
        slip = self._slip(self.agent, "2025-01")
        self.assertEqual(slip.cs_taking_ids.amount, 50)
        slip.struct_id = self.ours
        slip.compute_sheet()
        slip.action_payslip_done()
        self.assertFalse(slip.cs_taking_ids)
        self.assertEqual(violation.fine_taken, 0)

    # ------------------------------------------------------------------ leaving the ladder

    def _transfer(self, **values):
        transfer = self.env["cs.transfer"].create(
            {
                "employee_id": self.agent.id,
                "department_id": self.front_desk.id,
                "date": "2025-06-16",
                "motive": "I like to meet people",
                "on_ladder": False,
                "state": "submitted",
                "superior_opinion": "for",
                "receiving_opinion": "for",
            }
            | values
        )
        return self._as(self.user_office, transfer)

    def test_l6_a_transfer_asks_for_wage_and_structure(self):
        colleague = self.env["hr.employee"].create(
            {
                "name": "Colleague",
                "company_id": self.company.id,
                "department_id": self.front_desk.id,
                "date_version": "2025-01-01",
                "contract_date_start": "2025-01-01",
                "wage": 2600,
                "struct_id": self.ours.id,
            }
        )
        self.assertTrue(colleague)
        transfer = self._transfer()
        self.assertEqual((transfer.wage, transfer.struct_id.id), (1700, self.ours.id))
        transfer.wage = 0
        with self.assertRaisesRegex(UserError, "write down the wage"):
            transfer.action_approve()
        transfer.wage = 2600
        transfer.struct_id = False
        with self.assertRaisesRegex(UserError, "choose the salary structure"):
            transfer.action_approve()
        transfer.struct_id = self.ours
        action = transfer.action_approve()
        told = self.env["cs.reason"].browse(action["res_id"]).consequences
        self.assertIn("2,600.00", told)
        self.assertIn("Ours", told)
        self._give_reason(action, "Staffing")
        shipped = self.company.cs_structure_id
        self.assertEqual(self._paid_from(self.agent, "2025-06-15"), ("junior", 1700, shipped))
        self.assertEqual(self._paid_from(self.agent, "2025-06-16"), (False, 2600, self.ours))
        self.assertFalse(self._version(self.agent, "2025-06-16").cs_structure_open)
        # June: 15 days of 1,700 and 15 days of 2,600, on one payslip; July by their own structure
        june = self._slip(self.agent, "2025-06")
        self.assertPaid(june, BASE=2150.0)
        self.assertIn("other_structure", self._warnings(june))
        self.assertIn("structure of their own", june.cs_warning)
        self.assertEqual(
            self._lines(self._slip(self.agent, "2025-07")),
            {
                "BASIC": 2600.0,
                "MEAL": 300.0,
                "GROSS": 2900.0,
                "INS": -315.0,
                "TAX": 0.0,
                "NET": 2585.0,
            },
        )
        run = self._batch(self.agent, "2025-06")
        self.assertPaid(run.slip_ids, BASE=2150.0)

    def test_l6_the_only_structure_is_kept_as_told(self):
        """A company with no other structure: tier pay's pays the wage, never nought."""
        self.ours.unlink()
        transfer = self._transfer()
        self.assertEqual(transfer.sudo().struct_id, self.company.cs_structure_id)
        action = transfer.action_approve()
        told = self.env["cs.reason"].browse(action["res_id"]).consequences
        self.assertIn("pays the wage alone", told)
        self._give_reason(action, "Staffing")
        version = self._version(self.agent, "2025-07-01")
        self.assertTrue(version.cs_structure_kept)
        self.assertFalse(version.cs_structure_open)
        self.assertPaid(self._slip(self.agent, "2025-07"), BASE=1700.0)

    def test_l6_superiors_and_agents_do_not_see_or_set_it(self):
        transfer = self._transfer(superior_user_id=self.user_superior.id)
        for user in (self.user_superior, self.user_agent):
            self.assertNotIn("wage", self._as(user, transfer).fields_get())
            with self.assertRaises(UserError):
                self._as(user, transfer).write({"wage": 9999})
            with self.assertRaises(UserError):
                self._as(user, transfer).write({"struct_id": self.ours.id})

    def test_l5_an_appointment_asks_for_wage_and_structure(self):
        star = self._make_agent("Star", "senior")
        vacancy = self.env["cs.vacancy"].create(
            {
                "company_id": self.company.id,
                "department_id": self.front_desk.id,
                "date": "2025-05-01",
            }
        )
        vacancy = self._as(self.user_manager, vacancy)
        vacancy.action_draw()
        vacancy.chosen_id = vacancy.candidate_ids.filtered(
            lambda each: each.sudo().employee_id == star
        )
        vacancy.grounds = "All-round ability"
        self.assertEqual(vacancy.wage, 2000, "what is held now is proposed")
        vacancy.write({"wage": 0, "struct_id": self.ours.id})
        with self.assertRaisesRegex(UserError, "write down the wage"):
            vacancy.action_appoint()
        vacancy.wage = 4000
        vacancy.action_appoint()
        self.assertEqual(self._paid_from(star, "2025-05-01"), (False, 4000, self.ours))
        # 4,000 + 300; insurance 10.5 % of 4,300 = 451.50
        self.assertEqual(self._lines(self._slip(star, "2025-05"))["NET"], 3848.5)

    def test_by_hand_the_form_asks(self):
        fresh = self._make_agent("Fresh")
        shipped = self.company.cs_structure_id
        with Form(fresh) as form:
            form.cs_tier_id = self.env["cs.tier"]
            self.assertFalse(form.struct_id)
            with self.assertRaises(AssertionError):
                form.save()  # the structure is asked for
            form.struct_id = self.ours
            form.wage = 2600
        self.assertEqual(self._paid_from(fresh, "2025-03-01"), (False, 2600, self.ours))
        kept = self._make_agent("Kept")
        with Form(kept) as form:
            form.cs_tier_id = self.env["cs.tier"]
            form.struct_id = shipped
        self.assertEqual(self._paid_from(kept, "2025-03-01"), (False, 1700, shipped))
        self.assertTrue(kept.cs_structure_kept)
        self.assertFalse(kept.cs_structure_open)

    def test_by_hand_elsewhere_it_is_told_until_it_is_mended(self):
        """By import or a call: the wage goes on, and a structure is asked for."""
        fresh = self._make_agent("Fresh")
        fresh.cs_tier_id = False
        self.assertTrue(fresh.cs_structure_open)
        self.assertPaid(self._slip(fresh, "2025-01"), BASE=1700.0)
        found = self.env["hr.employee"].search([("cs_structure_open", "=", True)])
        self.assertEqual(found, fresh)
        dashboard = self.env["cs.dashboard"].browse(self.company.id)
        self.assertEqual(dashboard.to_settle_structure, 1)
        fresh.struct_id = self.ours
        self.assertFalse(fresh.cs_structure_open)
        self.env.invalidate_all()
        self.assertEqual(dashboard.to_settle_structure, 0)

    def test_by_hand_without_a_wage_it_is_refused(self):
        fresh = self._make_agent("Fresh")
        with self.assertRaisesRegex(ValidationError, "write down the wage"):
            fresh.write({"cs_tier_id": False, "wage": 0})

    # ------------------------------------------------------------------ parts of a month

    def _join(self, wage=2600):
        """Works at 2,600 by our own structure, and joins the ladder on 16 June."""
        agent = self.env["hr.employee"].create(
            {
                "name": "Joiner",
                "company_id": self.company.id,
                "department_id": self.hotline.id,
                "date_version": "2025-01-01",
                "contract_date_start": "2025-01-01",
                "wage": wage,
                "struct_id": self.ours.id,
            }
        )
        agent.create_version(
            {
                "date_version": "2025-06-16",
                "cs_tier_id": self.tiers["junior"].id,
                "wage": 1700,
                "struct_id": self.company.cs_structure_id.id,
            }
        )
        return agent

    def test_w3_the_month_of_joining_the_ladder(self):
        """15 days at 2,600 and 15 days a junior at 1,700: 1,300 + 850, form and batch alike."""
        agent = self._join()
        slip = self._slip(agent, "2025-06")
        self.assertEqual(slip.struct_id, self.company.cs_structure_id)
        self.assertPaid(slip, BASE=2150.0)
        self.assertIn("other_structure", self._warnings(slip))
        run = self._batch(agent, "2025-06")
        self.assertPaid(run.slip_ids, BASE=2150.0)
        self.assertFalse(run.cs_failed_ids)

    def test_w3_the_month_before_and_after_by_their_own_structure(self):
        agent = self._join()
        self.assertEqual(self._lines(self._slip(agent, "2025-05"))["NET"], 2585.0)
        self.assertPaid(self._slip(agent, "2025-07"), BASE=1700.0)

    def test_w6_case_07_paid_as_agreed_or_warned(self):
        """A junior with 2,500: by default the tier's 1,700 and a warning; else what is agreed."""
        self.agent.wage = 2500
        slip = self._slip(self.agent, "2025-01")
        self.assertPaid(slip, BASE=1700.0)
        self.assertIn("A wage was agreed", slip.cs_warning)
        for month, basis, wage, base in (
            ("2025-02", "agreed", 2500, 2500.0),
            ("2025-03", "agreed", 1600, 1600.0),
            ("2025-04", "higher", 1600, 1700.0),
            ("2025-05", "higher", 2500, 2500.0),
        ):
            with self.subTest(basis=basis, wage=wage):
                self._make_policy(self.company, f"{month}-01", wage_basis=basis)
                self.agent.wage = wage
                slip = self._slip(self.agent, month)
                self.assertPaid(slip, BASE=base)
                self.assertNotIn("agreed", self._warnings(slip))
