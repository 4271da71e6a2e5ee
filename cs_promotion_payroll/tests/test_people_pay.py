from freezegun import freeze_time

from odoo.tests import Form, tagged

from .common import CsPayrollCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestPeoplePay(CsPayrollCase):
    """The last pay of who left or was archived, and of who moved to another company (W3, W5)."""

    def _depart(self, agent, day, set_date_end=True):
        self.env["hr.departure.wizard"].with_context(employee_termination=True).create(
            {
                "employee_ids": [(6, 0, agent.ids)],
                "departure_date": day,
                "departure_reason_id": self.env["hr.departure.reason"].search([], limit=1).id,
                "set_date_end": set_date_end,
            }
        ).action_register_departure()
        self.env.flush_all()
        self.env.invalidate_all()

    def _move(self, agent, day):
        with freeze_time(f"{day} 10:00:00"):
            agent.write(
                {
                    "company_id": self.company_b.id,
                    "department_id": self.hotline_b.id,
                    "parent_id": self.superior_b.id,
                }
            )
        self.env.flush_all()
        self.env.invalidate_all()

    def _batch_of_left(self, month):
        """A batch of the first company's payroll for those who left it, and nobody else."""
        start = self._day(month)
        run = (
            self.env["hr.payslip.run"]
            .with_user(self.user_payroll)
            .create(
                {
                    "name": month,
                    "date_start": start,
                    "date_end": self._month_end(month),
                    "company_id": self.company.id,
                }
            )
        )
        wizard = self.env["hr.payslip.employees"].with_user(self.user_payroll)
        wizard.with_context(active_id=run.id).create({"cs_with_left": True}).compute_sheet()
        return run

    # ------------------------------------------------------------------ archived

    def test_w3_archived_leaver_is_paid_by_the_batch(self):
        for set_date_end in (True, False):
            agent = self._make_agent(f"Cora {set_date_end}")
            other = self._make_agent(f"Dora {set_date_end}")
            self._depart(agent, "2025-06-18", set_date_end)
            run = self._batch(agent | other, "2025-06")
            with self.subTest(set_date_end=set_date_end):
                self.assertEqual(run.slip_ids.employee_id, agent | other)
                slip = run.slip_ids.filtered(lambda each, agent=agent: each.employee_id == agent)
                self.assertPaid(slip, BASE=1020.0)  # 18 of 30 days of 1700
                self.assertEqual(slip.employee_id.display_name, agent.name)

    def test_who_cannot_be_paid_is_named_under_not_made(self):
        self._depart(self.agent, "2025-05-18")
        run = self._batch(self.peer, "2025-06")
        run._request_payslips(self.agent.with_user(self.user_payroll))
        self.assertEqual(run.cs_failed_ids.employee_id, self.agent)

    def test_the_wizard_names_who_left_and_pays_them_when_asked(self):
        self._depart(self.agent, "2025-06-18")
        run = (
            self.env["hr.payslip.run"]
            .with_user(self.user_payroll)
            .create(
                {
                    "name": "June",
                    "date_start": "2025-06-01",
                    "date_end": "2025-06-30",
                    "company_id": self.company.id,
                }
            )
        )
        wizard = self.env["hr.payslip.employees"].with_user(self.user_payroll)
        wizard = wizard.with_context(active_id=run.id).create({"employee_ids": self.peer.ids})
        self.assertEqual(wizard.cs_left_names, self.agent.name)
        wizard.cs_with_left = True
        wizard.compute_sheet()
        self.assertEqual(run.slip_ids.employee_id, self.agent | self.peer)
        self.assertFalse(wizard.with_context(active_id=run.id).new({}).cs_left_names)

    def test_payroll_finds_archived_agents_and_nobody_else_does(self):
        agent = self._make_agent("Zacharias")
        stranger = self.env["hr.employee"].create(
            {"name": "Zacharias Stranger", "company_id": self.company.id, "active": False}
        )
        self._depart(agent, "2025-06-18")
        hr = self._make_user("hr", "hr.group_hr_user")

        def find(user, **kwargs):
            found = self.env["hr.employee"].with_user(user).name_search(**kwargs)
            return [id_ for id_, _name in found]

        for user in (self.user_payroll, self.user_officer):
            self.assertIn(agent.id, find(user, name="Zachar"))
            self.assertNotIn(stranger.id, find(user, name="Zachar"))
        self.assertNotIn(agent.id, find(self.user_payroll, name="Zacharias", operator="="))
        self.assertNotIn(agent.id, find(self.user_payroll, name=""))
        self.assertNotIn(agent.id, find(hr, name="Zachar"))
        self.assertFalse(find(self.user_payroll, name="Zachar", domain=[("id", "=", 0)]))

    def test_a_single_payslip_of_an_archived_leaver(self):
        self._depart(self.agent, "2025-06-18")
        slip = self._slip(self.agent, "2025-06")
        self.assertPaid(slip, BASE=1020.0)
        with Form(slip) as form:
            self.assertEqual(form.employee_id, self.agent)

    # ------------------------------------------------------------------ moved

    def test_w3_each_company_pays_its_own_part(self):
        for company in (self.company, self.company_b):
            self._play_months("2025-07", "2025-07", {self.agent: 50}, company=company)
        self._figure(self.agent, "2025-07", sales=10000)
        self._move(self.agent, "2025-08-05")
        august = self._open("2025-08")
        self._score(self._appraisal(self.agent, "2025-08"), 50)
        (august.appraisal_ids - self._appraisal(self.agent, "2025-08"))._exclude("not here")
        self._close(august)
        for month, base, appraisal, commission in (
            ("2025-07", 1700.0, 100.0, 10.0),
            ("2025-08", 219.35, 12.90, 0.0),  # 4 of 31 days
        ):
            run = self._batch_of_left(month)
            self.assertEqual(run.slip_ids.company_id, self.company)
            self.assertPaid(run.slip_ids, BASE=base, APPRAISAL=appraisal, COMMISSION=commission)
        manager_b = self._make_user("payroll_b", "payroll.group_payroll_manager", self.company_b)
        run = self._batch(self.agent, "2025-08", user=manager_b, company_id=self.company_b.id)
        self.assertEqual(run.slip_ids.company_id, self.company_b)
        self.assertPaid(run.slip_ids, BASE=1480.65)  # 27 of 31 days, no score yet
        both = self.agent | self.peer_b
        run = self._batch(both, "2025-07", user=manager_b, company_id=self.company_b.id)
        self.assertEqual(run.slip_ids.employee_id, self.peer_b)
        self.assertEqual(run.cs_failed_ids.employee_id, self.agent, "not in B in July")

    def test_w5_fines_are_taken_where_they_arose(self):
        self._violation(self.agent, "2025-07-10", fine=60)
        self._move(self.agent, "2025-08-05")
        manager_b = self._make_user("payroll_b", "payroll.group_payroll_manager", self.company_b)
        run = self._batch(self.agent, "2025-08", user=manager_b, company_id=self.company_b.id)
        self.assertEqual(self._amounts(run.slip_ids)["FINE"], 0)
        run = self._batch_of_left("2025-08")
        self.assertEqual(self._amounts(run.slip_ids)["FINE"], -43.87)  # 20 % of 219.35

    def test_payroll_of_the_old_company_alone_makes_confirms_and_reads_it(self):
        self._move(self.agent, "2025-08-05")
        run = (
            self.env["hr.payslip.run"]
            .with_user(self.user_payroll)
            .create(
                {
                    "name": "July",
                    "date_start": "2025-07-01",
                    "date_end": "2025-07-31",
                    "company_id": self.company.id,
                }
            )
        )
        wizard = self.env["hr.payslip.employees"].with_user(self.user_payroll)
        wizard = wizard.with_context(active_id=run.id).create({"employee_ids": self.peer.ids})
        self.assertEqual(wizard.cs_left_names, self.agent.name)
        wizard.cs_with_left = True
        wizard.compute_sheet()
        slip = run.slip_ids.filtered(lambda each: each.employee_id.id == self.agent.id)
        self.assertPaid(slip, BASE=1700.0)
        self.env.flush_all()
        self.env.invalidate_all()
        self._confirm(slip)
        self.assertEqual(slip.state, "done")
        [row] = slip.web_read(
            {
                "name": {},
                "cs_explanation": {},
                "employee_id": {"fields": {"display_name": {}}},
                "contract_id": {"fields": {"display_name": {}}},
            }
        )
        self.assertEqual(row["employee_id"]["display_name"], "Agent")

    # ------------------------------------------------------------------ re-hired

    def test_w5_r5_a_fine_of_a_former_employment_is_still_due(self):
        self._violation(self.agent, "2025-01-10", fine=60)
        self._depart(self.agent, "2025-01-10")
        self.agent.action_unarchive()
        self.agent.create_version(
            {
                "date_version": "2025-03-01",
                "contract_date_start": "2025-03-01",
                "contract_date_end": False,
            }
        )
        slip = self._slip(self.agent, "2025-03")
        self.assertPaid(slip, BASE=1700.0, FINE=-60.0)
