from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common import CsPayrollCase

HR = "hr_holidays.group_hr_holidays_manager"


@tagged("post_install", "-at_install", "cs_promotion")
class TestAbsence(CsPayrollCase):
    """Unpaid leave, sickness, maternity and part-time work (W6). April 2025 has 30 days, 22 of
    them working days; June has 21. A junior's base wage is 1,700, a senior's 2,000."""

    @classmethod
    def _kind(cls, name="Unpaid", **values):
        return cls.env["hr.leave.type"].create(
            {
                "name": name,
                "requires_allocation": False,
                "leave_validation_type": "no_validation",
                "company_id": cls.company.id,
            }
            | values
        )

    @classmethod
    def _leave(cls, kind, first, last, agent=None):
        cls.env["hr.leave"].create(
            {
                "employee_id": (agent or cls.agent).id,
                "holiday_status_id": kind.id,
                "request_date_from": first,
                "request_date_to": last,
            }
        )

    @classmethod
    def _score_april(cls):
        cls._figure(cls.agent, "2025-04", sales=22000)
        cls._play("2025-04", {cls.agent: 88})

    def _paid(self, month="2025-04", agent=None):
        """BASE, APPRAISAL and COMMISSION of a payslip by form; the batch pays the same."""
        agent = agent or self.agent
        single = self._slip(agent, month)
        found = self._amounts(single), self._warnings(single)
        single.action_payslip_cancel()
        batch = self._batch(agent, month).slip_ids
        self.assertEqual((self._amounts(batch), self._warnings(batch)), found)
        batch.action_payslip_cancel()
        return [found[0][code] for code in ("BASE", "APPRAISAL", "COMMISSION")]

    # ------------------------------------------------------------------ unpaid leave

    def test_w6_unpaid_leave_by_policy(self):
        """5 of 22 working days: 17/22 of what the policy lets it reduce."""
        self._score_april()
        self._leave(self._kind(unpaid=True), "2025-04-07", "2025-04-11")
        for setting, paid in (
            ("none", [1700, 176, 22]),
            ("base", [1313.64, 176, 22]),
            ("all", [1313.64, 136, 17]),
        ):
            self.policy.flush_recordset()
            self.env.cr.execute(
                "UPDATE cs_policy SET unpaid_leave = %s WHERE id = %s", (setting, self.policy.id)
            )
            self.policy.invalidate_recordset()
            self.assertEqual(self._paid(), paid, setting)

    def test_w6_base_is_the_default(self):
        self.assertEqual(self.policy.unpaid_leave, "base")
        self.assertEqual(self.policy.wage_basis, "tier")

    def test_w6_what_the_kind_of_leave_pays(self):
        """Sick pay of 60 %: 40 % of 5 days are not paid, 20/22 are. Vacation is paid whole."""
        sick = self._kind("Sick", cs_pay_percent=60)
        self._leave(sick, "2025-04-07", "2025-04-11")
        self._leave(self._kind("Vacation"), "2025-04-14", "2025-04-15")
        self.assertEqual(self._paid()[0], 1545.45)

    def test_w6_two_kinds_of_one_name(self):
        """One that is paid and one that is not, of the same name, in either order: 20/22."""
        self._leave(self._kind("Care"), "2025-04-07", "2025-04-11")
        self._leave(self._kind("Care", unpaid=True), "2025-04-14", "2025-04-15")
        self.assertEqual(self._paid()[0], 1545.45)
        slip = self._slip(self.agent, "2025-04")
        leave = slip.worked_days_line_ids.filtered("cs_leave")
        self.assertEqual(leave.mapped("number_of_days"), [-5, -2])
        self.assertEqual(leave.mapped("cs_unpaid_percent"), [0, 100])
        agent = self._make_agent("Other Order")
        self._leave(self._kind("Care", unpaid=True), "2025-04-07", "2025-04-08", agent)
        self._leave(self._kind("Care"), "2025-04-14", "2025-04-18", agent)
        self.assertEqual(self._paid(agent=agent)[0], 1545.45)

    def test_w6_names_are_translated(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        kind = self._kind(unpaid=True)
        kind.with_context(lang="zh_CN").name = "事假"
        self.user_payroll.lang = "zh_CN"
        self._leave(kind, "2025-04-07", "2025-04-11")
        self.assertEqual(self._paid()[0], 1313.64)

    def test_w6_public_holidays_are_paid(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Qingming",
                "calendar_id": self.agent.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": "2025-04-04 00:00:00",
                "date_to": "2025-04-04 23:59:59",
            }
        )
        self._leave(self._kind(unpaid=True), "2025-04-07", "2025-04-11")
        self.assertEqual(self._paid()[0], 1313.64)

    def test_w6_joined_within_the_month(self):
        """16 of 30 days, 2 of the 12 working days in them unpaid: 1700 x 16/30 x 10/12."""
        agent = self._make_agent("Joiner", hired="2025-04-15")
        self._leave(self._kind(unpaid=True), "2025-04-17", "2025-04-18", agent)
        self.assertEqual(self._paid(agent=agent)[0], 755.56)

    def test_w6_leaves_positive(self):
        """OCA's setting to count leave upwards changes no pay."""
        self.env["ir.config_parameter"].sudo().set_param("payroll.leaves_positive", "1")
        self._leave(self._kind(unpaid=True), "2025-04-07", "2025-04-11")
        self.assertEqual(self._paid()[0], 1313.64)

    # ------------------------------------------------------------------ months of leave

    def test_w6_five_months_of_maternity(self):
        """By the settings, or warned: paid like work, half, or nothing."""
        half = self._make_agent("Half")
        none = self._make_agent("None")
        for agent, kind in (
            (self.agent, self._kind("Maternity")),
            (half, self._kind("Maternity", cs_pay_percent=50)),
            (none, self._kind("Maternity", cs_pay_percent=0)),
        ):
            self._leave(kind, "2025-03-10", "2025-08-08", agent)
        for month in ("2025-04", "2025-05", "2025-06", "2025-07"):
            self.assertEqual(self._paid(month)[0], 1700)
            self.assertIn("leave", self._warnings(self._last(self.agent)))
            self.assertEqual(self._paid(month, half)[0], 850)
            self.assertEqual(self._paid(month, none)[0], 0)
            self.assertNotIn("leave", self._warnings(self._last(none)))
        # March: 5 of 21 working days before it; August: 15 of 21 after it
        self.assertEqual(self._paid("2025-03", none)[0], 404.76)
        self.assertEqual(self._paid("2025-08", none)[0], 1214.29)

    def _last(self, agent):
        return self.env["hr.payslip"].search([("employee_id", "=", agent.id)], limit=1)

    def test_w6_leave_without_working_days_is_warned_of(self):
        """No working schedule: nothing to reckon by, and payroll is told."""
        self.agent.version_id.resource_calendar_id = False
        slip = self._slip(self.agent, "2025-04")
        self.assertNotIn("no_days", self._warnings(slip))
        slip.action_payslip_cancel()
        self.env["hr.payslip.worked_days"].create(
            {
                "payslip_id": (slip := self._slip(self.agent, "2025-04", compute=False)).id,
                "name": "Unpaid",
                "code": "UNPAID",
                "number_of_days": 5,
                "cs_unpaid_percent": 100,
                "contract_id": self.agent.version_id.id,
            }
        )
        slip.compute_sheet()
        self.assertIn("no_days", self._warnings(slip))
        self.assertIn("no working days to reckon by", slip.cs_warning)

    # ------------------------------------------------------------------ lines are data

    def test_w6_lines_that_hr_edits(self):
        """HR sets days and percent on the lines by the form: 3 of 22 days, then half of them."""
        self._leave(self._kind(unpaid=True), "2025-04-07", "2025-04-11")
        slip = self._slip(self.agent, "2025-04", compute=False)
        for days, percent, base in ((-3, 100, 1468.18), (-3, 50, 1584.09)):
            with Form(slip) as form, form.worked_days_line_ids.edit(1) as line:
                line.number_of_days = days
                line.cs_unpaid_percent = percent
            slip.compute_sheet()
            self.assertEqual(self._line(slip, "BASE").total, base)
            slip.action_payslip_draft()

    def test_w6_lines_typed_in_or_by_an_addon(self):
        """Lines with the code of a kind of leave are days of that kind, whoever wrote them."""
        self._kind(unpaid=True, cs_payslip_code="UNPAID")
        slip = self._slip(self.agent, "2025-04", compute=False)
        with Form(slip) as form, form.worked_days_line_ids.new() as line:
            line.name = "Typed in"
            line.code = "UNPAID"
            line.number_of_days = 5
            line.contract_id = self.agent.version_id
            self.assertEqual(line.cs_unpaid_percent, 100)
        slip.compute_sheet()
        self.assertEqual(self._line(slip, "BASE").total, 1313.64)
        extra = {"payslip_id": slip.id, "name": "Extra", "code": "OVERTIME", "number_of_days": 8}
        self.env["hr.payslip.worked_days"].create(extra | {"contract_id": slip.contract_id.id})
        slip.compute_sheet()
        self.assertEqual(self._line(slip, "BASE").total, 1313.64, "overtime is no day due")

    def test_w6_codes_of_kinds(self):
        """Leave has its kind's code; a shared kind's gives way to one of the company."""
        shared = self._kind("Shared", company_id=False, cs_payslip_code="CARE", cs_pay_percent=10)
        find = self.env["hr.leave.type"]._cs_get_by_code
        self.assertEqual(find(self.company)["CARE"], shared)
        own = self._kind("Own", cs_payslip_code="CARE", unpaid=True)
        self.assertEqual(find(self.company)["CARE"], own)
        self.assertEqual(find(self.company_b)["CARE"], shared)
        self._kind("Another", cs_payslip_code="CARE")
        self.assertNotIn("CARE", find(self.company), "nothing says which is meant")
        self._leave(own, "2025-04-07", "2025-04-11")
        days = self._slip(self.agent, "2025-04").worked_days_line_ids
        self.assertEqual(
            {each.code: each.number_of_days for each in days}, {"CARE": -5, "WORK100": 22}
        )

    def test_w6_percents_lie_within_bounds(self):
        for percent in (-1, 101):
            with self.assertRaisesRegex(ValidationError, "between 0 and 100 percent"):
                self._kind(cs_pay_percent=percent)

    # ------------------------------------------------------------------ who chooses

    def test_w6_shared_kinds_are_chosen_by_each_company(self):
        shared = self._kind("Sick", company_id=False)
        hr = self._make_user("time_off", HR)
        hr_b = self._make_user("time_off_b", HR, self.company_b)
        shared.with_user(hr).with_company(self.company).cs_pay_percent = 40
        shared.with_user(hr_b).with_company(self.company_b).cs_pay_percent = 80
        self._leave(shared, "2025-04-07", "2025-04-11")
        self._leave(shared, "2025-04-07", "2025-04-11", self.agent_b)
        self.env.invalidate_all()
        # 60 % and 20 % of 5 of 22 days are not paid
        self.assertEqual(self._paid()[0], 1468.18)
        payroll_b = self._make_user("pay_b", "payroll.group_payroll_manager", self.company_b)
        slip = self._slip(self.agent_b, "2025-04", user=payroll_b)
        self.assertEqual(self._line(slip, "BASE").total, 1622.73)

    def test_w6_who_may_choose(self):
        kind = self._kind("Sick")
        for user in (self.user_payroll, self.user_manager, self.user_office, self.user_agent):
            with self.assertRaises(AccessError, msg=user.login):
                kind.with_user(user).cs_pay_percent = 40
        hr_b = self._make_user("time_off_b", HR, self.company_b)
        with self.assertRaises(AccessError):
            kind.with_user(hr_b).cs_pay_percent = 40

    def test_w6_form_of_the_kind(self):
        hr = self._make_user("time_off", HR)
        kind = self._kind("Sick")
        with Form(kind.with_user(hr)) as form:
            self.assertEqual(form.cs_pay_percent, 100)
            form.cs_pay_percent = 80
        self.assertEqual(kind.cs_pay_percent, 80)
        with Form(self.env["hr.leave.type"].with_user(hr)) as form:
            form.name = "New"
        self.assertEqual(form.record.cs_pay_percent, 100)


@tagged("post_install", "-at_install", "cs_promotion")
class TestWageBasis(CsPayrollCase):
    """Tier base, agreed wage or the higher, each times the share of full time (W6)."""

    @classmethod
    def _schedule(cls, days, name="Part time", **values):
        """A working schedule of the company's first ``days`` days of the week, 8 hours each."""
        calendar = cls.company.resource_calendar_id.copy({"name": name} | values)
        calendar.attendance_ids.filtered(lambda each: int(each.dayofweek) >= days).unlink()
        return calendar

    def _pay_by(self, agent, agreed=None):
        """What each basis pays of April, by policies of their own."""
        version = agent.version_id
        if agreed:
            version.write({"wage": agreed, "cs_wage_agreed": True})
        found = {}
        for basis in ("tier", "agreed", "higher"):
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE cs_policy SET wage_basis = %s WHERE id = %s", (basis, self.policy.id)
            )
            self.env.invalidate_all()
            slip = self._slip(agent, "2025-04")
            found[basis] = self._line(slip, "BASE").total
            self.assertEqual("agreed" in self._warnings(slip), bool(agreed) and basis == "tier")
            slip.action_payslip_cancel()
        return found

    def test_w6_no_agreed_wage(self):
        found = self._pay_by(self.agent)
        self.assertEqual(found, {"tier": 1700, "agreed": 1700, "higher": 1700})

    def test_w6_agreed_higher_and_lower(self):
        found = self._pay_by(self.agent, 2500)
        self.assertEqual(found, {"tier": 1700, "agreed": 2500, "higher": 2500})
        found = self._pay_by(self.peer, 1600)
        self.assertEqual(found, {"tier": 1700, "agreed": 1600, "higher": 1700})

    def test_w6_part_time(self):
        """24 of 40 hours a week: 60 % of each."""
        self.agent.version_id.resource_calendar_id = self._schedule(3)
        found = self._pay_by(self.agent)
        self.assertEqual(found, {"tier": 1020, "agreed": 1020, "higher": 1020})
        found = self._pay_by(self.agent, 2500)
        self.assertEqual(found, {"tier": 1020, "agreed": 1500, "higher": 1500})

    def test_w6_half_time_and_unpaid_leave(self):
        """Mornings alone, 20 of 40 hours, 2 of 22 working days unpaid: 850 x 20/22. The
        appraisal pay is that of the tier."""
        half = self._schedule(5, "Mornings")
        half.attendance_ids.filtered(lambda each: each.day_period != "morning").unlink()
        self.assertEqual(half.hours_per_week, 20)
        self.agent.version_id.resource_calendar_id = half
        self._play("2025-04", {self.agent: 88})
        kind = TestAbsence._kind.__func__(type(self), unpaid=True)
        TestAbsence._leave.__func__(type(self), kind, "2025-04-07", "2025-04-08")
        slip = self._slip(self.agent, "2025-04")
        self.assertEqual(self._line(slip, "BASE").total, 772.73)
        self.assertEqual(self._line(slip, "APPRAISAL").total, 176)

    def test_w6_a_full_day_and_mornings(self):
        """Monday to Wednesday in full, then two mornings: a morning off is half a day off.

        32 of 40 hours; 20 to 24 April, Monday to Thursday, is 3.5 of 18 days due.
        """
        mixed = self._schedule(5, "Mixed")
        mixed.attendance_ids.filtered(
            lambda each: each.dayofweek in ("3", "4") and each.day_period != "morning"
        ).unlink()
        self.assertEqual(mixed.hours_per_week, 32)
        self.agent.version_id.resource_calendar_id = mixed
        kind = TestAbsence._kind.__func__(type(self), unpaid=True)
        TestAbsence._leave.__func__(type(self), kind, "2025-04-21", "2025-04-24")
        slip = self._slip(self.agent, "2025-04")
        # April 2025: 14 days Monday to Wednesday, 8 mornings: 18 days
        self.assertEqual(slip._get_days_due(), 18)
        self.assertEqual(self._line(slip, "BASE").total, 1095.56)

    def test_w6_schedule_of_no_company(self):
        """A shared schedule that says nothing of full time: the company's own is full time."""
        part = self._schedule(3, company_id=False)
        part.full_time_required_hours = 0
        self.agent.version_id.resource_calendar_id = part
        self.assertEqual(self._line(self._slip(self.agent, "2025-04"), "BASE").total, 1020)

    def test_w6_schedule_changes_within_the_month(self):
        """14 days in full, 16 at 60 %: 793.33 + 544."""
        version = self.agent.create_version({"date_version": "2025-04-15"})
        version.resource_calendar_id = self._schedule(3)
        self.assertEqual(self._line(self._slip(self.agent, "2025-04"), "BASE").total, 1337.33)

    def test_w6_more_than_full_time_is_full_time(self):
        self.agent.version_id.resource_calendar_id.full_time_required_hours = 35
        self.assertEqual(self._line(self._slip(self.agent, "2025-04"), "BASE").total, 1700)
