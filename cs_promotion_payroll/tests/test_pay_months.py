"""The pay month (W8): from the 26th to the 25th, and whose month's results it pays.

Amounts by hand, by calendar days of the pay month (W3). Base wages: junior 1700, intermediate
1800; appraisal pay 200 and 300; commission 0.1 % and 0.3 %.
"""

from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.payroll.models.hr_payslip import HrPayslip as OcaPayslip

from .common import CsPayrollCase


class MonthCase(CsPayrollCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.cs_period_day = 25

    @classmethod
    def _promote(cls, agent, day):
        cls._decide(agent, "intermediate", day)
        cls._apply(cls._date(day).replace(day=28))

    @classmethod
    def _month_slip(cls, agent, first, last, **values):
        return cls._slip(agent, last[:7], date_from=first, date_to=last, **values)

    @classmethod
    def _month_batch(cls, agents, first, last, **values):
        return cls._batch(agents, last[:7], date_start=first, date_end=last, **values)


@tagged("post_install", "-at_install", "cs_promotion")
class TestPayMonth(MonthCase):
    def test_promotion_on_the_first(self):
        """26 January to 25 February is 31 days: 6 of them junior, 25 intermediate.

        1700 * 6 / 31 + 1800 * 25 / 31 = 329.032 + 1451.613 = 1780.65
        """
        self._promote(self.agent, "2025-02-01")
        slip = self._month_slip(self.agent, "2025-01-26", "2025-02-25")
        self.assertEqual(slip.cs_pay_month, self._day("2025-02"))
        self.assertPaid(slip, BASE=1780.65)

    def test_promotion_within_the_month(self):
        """26 May to 25 June is 31 days: 20 junior (to 14 June), 11 intermediate.

        base 1700 * 20 / 31 + 1800 * 11 / 31 = 1096.774 + 638.710 = 1735.48
        appraisal (200 * 20 + 300 * 11) / 31 * 0.9 = 235.484 * 0.9 = 211.94
        commission 31000 * (0.1 % * 20 + 0.3 % * 11) / 31 = 53.00
        """
        self._figure(self.agent, "2025-06", sales=31000)
        self._promote(self.agent, "2025-06-15")
        self._play("2025-06", {self.agent: 90})
        run = self._month_batch(self.agent, "2025-05-26", "2025-06-25")
        self.assertEqual(run.cs_pay_month, self._day("2025-06"))
        self.assertPaid(run.slip_ids, BASE=1735.48, APPRAISAL=211.94, COMMISSION=53)

    def test_february_into_march(self):
        """26 February to 25 March is 28 days: 3 in February.

        promoted on 1 March: 1700 * 3 / 28 + 1800 * 25 / 28 = 182.143 + 1607.143 = 1789.29
        """
        self._promote(self.agent, "2025-03-01")
        slip = self._month_slip(self.agent, "2025-02-26", "2025-03-25")
        self.assertPaid(slip, BASE=1789.29)

    def test_a_leap_year(self):
        """26 February to 25 March 2024 is 29 days: 1700 * 4 / 29 + 1800 * 25 / 29 = 1786.21"""
        agent = self._make_agent("Early", hired="2024-01-01")
        self._promote(agent, "2024-03-01")
        slip = self._month_slip(agent, "2024-02-26", "2024-03-25")
        self.assertPaid(slip, BASE=1786.21)

    def test_joined_and_left_within(self):
        """Joined on 10 February: 16 of 31 days, 1700 * 16 / 31 = 877.42; left on 20 March:
        23 of 28 days, 1700 * 23 / 28 = 1396.43."""
        joiner = self._make_agent("Joiner", hired="2025-02-10", left="2025-03-20")
        slip = self._month_slip(joiner, "2025-01-26", "2025-02-25")
        self.assertPaid(slip, BASE=877.42)
        # a period of the contract's own days is fine
        slip.action_payslip_cancel()
        self.assertPaid(self._month_slip(joiner, "2025-02-10", "2025-02-25"), BASE=877.42)
        self.assertPaid(self._month_slip(joiner, "2025-02-26", "2025-03-20"), BASE=1396.43)

    def test_score_and_sales_are_those_of_the_month_that_names_it(self):
        """June's pay month pays June's score, though it begins in May."""
        self._figure(self.agent, "2025-05", sales=90000)
        self._figure(self.agent, "2025-06", sales=10000)
        self._play("2025-05", {self.agent: 60, self.peer: 95})
        self._play("2025-06", {self.agent: 95, self.peer: 60})
        slip = self._month_slip(self.agent, "2025-05-26", "2025-06-25")
        self.assertPaid(slip, BASE=1700, APPRAISAL=190, COMMISSION=10)
        self.assertEqual(slip.cs_figures["rank"], 1)

    def test_results_of_the_month_before(self):
        """Paid are May's: score 60, sales 90000, rank 2; days are those of June's pay month."""
        self.company.cs_results_month = "before"
        self._figure(self.agent, "2025-05", sales=90000)
        self._figure(self.agent, "2025-06", sales=10000)
        self._play("2025-05", {self.agent: 60, self.peer: 95})
        self._play("2025-06", {self.agent: 95, self.peer: 60})
        slip = self._month_slip(self.agent, "2025-05-26", "2025-06-25")
        self.assertPaid(slip, BASE=1700, APPRAISAL=120, COMMISSION=90)
        self.assertEqual(slip.cs_figures["rank"], 2)
        self.assertEqual(slip.cs_figures["results"], "2025-05-01")

    def test_results_of_the_month_before_by_calendar_months(self):
        self.company.write({"cs_period_day": 0, "cs_results_month": "before"})
        self._figure(self.agent, "2025-05", sales=90000)
        self._play("2025-05", {self.agent: 60})
        self.assertPaid(self._slip(self.agent, "2025-06"), BASE=1700, APPRAISAL=120, COMMISSION=90)

    def test_fines_are_those_up_to_the_month_that_names_it(self):
        """A fine of 28 May counts in May: June's payslip takes it, unless May's did. That of
        10 July is July's."""
        self._violation(self.agent, "2025-05-28", fine=60)
        self._violation(self.agent, "2025-07-10", fine=70)
        slip = self._month_slip(self.agent, "2025-05-26", "2025-06-25")
        self.assertPaid(slip, BASE=1700, FINE=-60)
        self._confirm(slip)
        slip = self._month_slip(self.agent, "2025-06-26", "2025-07-25")
        self.assertPaid(slip, BASE=1700, FINE=-70)

    def test_twins_are_by_pay_month(self):
        self._confirm(self._month_slip(self.agent, "2025-05-26", "2025-06-25"))
        twin = self._month_slip(self.agent, "2025-05-26", "2025-06-25")
        with self.assertRaisesRegex(UserError, "June 2025 has been paid already"):
            twin.action_payslip_done()
        next_month = self._month_slip(self.agent, "2025-06-26", "2025-07-25")
        self.assertNotIn("twin", self._warnings(next_month))

    def test_names_say_the_pay_month(self):
        slip = self._month_slip(self.agent, "2025-05-26", "2025-06-25")
        self.assertIn("June 2025", slip.name)
        run = self._month_batch(self.peer, "2025-05-26", "2025-06-25")
        self.assertIn("June 2025", run.slip_ids.name)
        self.company.cs_period_day = 0
        self.assertIn("January", self._slip(self.agent, "2025-01").name)


@tagged("post_install", "-at_install", "cs_promotion")
class TestSettings(MonthCase):
    def test_another_setting_moves_no_payslip(self):
        """Promoted on 1 June, paid for 26 May to 25 June: 6 days junior, 25 intermediate:
        (1700 * 6 + 1800 * 25) / 31 = 1780.65. By calendar months it would be 1800.00."""
        self._promote(self.agent, "2025-06-01")
        done = self._month_slip(self.agent, "2025-05-26", "2025-06-25")
        self._confirm(done)
        draft = self._month_slip(self.peer, "2025-05-26", "2025-06-25")
        run = self._month_batch(self.peer, "2025-04-26", "2025-05-25")
        self.company.write({"cs_period_day": 0, "cs_results_month": "before"})
        for record in done + draft:
            self.assertEqual(record.cs_pay_month, self._day("2025-06"))
        self.assertEqual(run.cs_pay_month, self._day("2025-05"))
        draft.compute_sheet()
        self.assertPaid(draft, BASE=1700)
        found = self.env["cs.pay.difference"]._find(self.company, self.agent.ids)
        self.assertFalse(found, "what was paid by the former setting is right")
        self.company.cs_results_month = "same"
        self.assertFalse(self.env["cs.pay.difference"]._find(self.company, self.agent.ids))

    def test_new_dates_follow_the_setting_of_that_day(self):
        draft = self._month_slip(self.peer, "2025-05-26", "2025-06-25")
        self.company.cs_period_day = 0
        draft.write({"date_from": "2025-07-01", "date_to": "2025-07-31"})
        self.assertEqual(draft.cs_pay_month, self._day("2025-07"))
        draft.compute_sheet()
        self.assertPaid(draft, BASE=1700)

    def test_results_paid_before_stay_as_they_were(self):
        """Paid June's own score; the setting goes to the month before: no difference."""
        self._figure(self.agent, "2025-06", sales=10000)
        self._play("2025-06", {self.agent: 90})
        slip = self._month_slip(self.agent, "2025-05-26", "2025-06-25")
        self._confirm(slip)
        self.company.cs_results_month = "before"
        self.assertFalse(self.env["cs.pay.difference"]._find(self.company, self.agent.ids))

    def test_days_paid_twice_by_a_new_setting_are_warned_of(self):
        """June by calendar month until the 30th, July from 26 June on: five days of both."""
        self.company.cs_period_day = 0
        self._confirm(self._slip(self.agent, "2025-06"))
        self.company.cs_period_day = 25
        slip = self._month_slip(self.agent, "2025-06-26", "2025-07-25")
        self.assertIn("overlap", self._warnings(slip))
        self.assertEqual(slip.action_payslip_done()["res_model"], "cs.payslip.confirm")
        self.assertNotIn(
            "overlap", self._warnings(self._month_slip(self.agent, "2025-07-26", "2025-08-25"))
        )

    def test_the_settings_form(self):
        user = self._make_user("settings", "base.group_system,payroll.group_payroll_manager")
        env = self.env(user=user)
        with freeze_time("2025-06-10 08:00:00"), Form(env["res.config.settings"]) as form:
            form.cs_period_day = 20
            self.assertRegex(form.cs_period_words, "June 2025: .*05/21/2025.* to .*06/20/2025")
            form.cs_results_month = "before"
            form.save().execute()
        self.assertEqual(self.company.cs_period_day, 20)
        self.assertEqual(self.company.cs_results_month, "before")

    def test_a_day_that_not_every_month_has(self):
        for day in (29, 31, -1):
            with self.assertRaisesRegex(ValidationError, "every month has"), self.cr.savepoint():
                self.env["res.config.settings"].create(
                    {"company_id": self.company.id, "cs_period_day": day}
                )


@tagged("post_install", "-at_install", "cs_promotion")
class TestBatchMonth(MonthCase):
    @freeze_time("2025-06-10 08:00:00")
    def test_default_is_the_pay_month_of_today(self):
        with Form(self.env(user=self.user_payroll)["hr.payslip.run"]) as form:
            self.assertEqual(form.date_start, self._date("2025-05-26"))
            self.assertEqual(form.date_end, self._date("2025-06-25"))
            self.assertEqual(form.cs_pay_month, self._day("2025-06"))
            self.assertEqual(form.name, "Pay of June 2025")

    @freeze_time("2025-06-26 08:00:00")
    def test_default_from_the_next_day_on(self):
        with Form(self.env(user=self.user_payroll)["hr.payslip.run"]) as form:
            self.assertEqual(form.cs_pay_month, self._day("2025-07"))
        slip = self.env(user=self.user_payroll)["hr.payslip"].new({})
        self.assertEqual(slip.date_from, self._date("2025-06-26"))
        self.assertEqual(slip.date_to, self._date("2025-07-25"))

    @freeze_time("2025-06-10 08:00:00")
    def test_choosing_the_month_fills_in_the_days(self):
        with Form(self.env(user=self.user_payroll)["hr.payslip.run"]) as form:
            form.cs_pay_month = self._date("2025-03-17")
            self.assertEqual(form.date_start, self._date("2025-02-26"))
            self.assertEqual(form.date_end, self._date("2025-03-25"))
            self.assertEqual(form.name, "Pay of March 2025")
            form.name = "Mine"
            form.cs_pay_month = self._date("2025-04-01")
            self.assertEqual(form.name, "Mine")
        run = form.save()
        self.assertEqual(run.cs_pay_month, self._day("2025-04"))
        self.assertEqual(run.date_start, self._date("2025-03-26"))

    def test_days_of_ones_own_stay(self):
        """The period's widget writes both days."""
        values = {
            "name": "Short",
            "company_id": self.company.id,
            "date_start": "2025-02-26",
            "date_end": "2025-03-20",
        }
        runs = self.env(user=self.user_payroll)["hr.payslip.run"]
        names = ["date_start", "date_end"]
        spec = {name: {} for name in (*names, "cs_pay_month")}
        changed = runs.onchange(values, names, spec)["value"]
        self.assertEqual(changed, {"cs_pay_month": self._day("2025-03")})
        run = runs.create(values | {"cs_pay_month": "2025-03-01"})
        self.assertEqual(run.date_end, self._date("2025-03-20"))

    def test_over_the_network(self):
        runs = self.env(user=self.user_payroll)["hr.payslip.run"]
        run = runs.create({"name": "March", "cs_pay_month": "2025-03-01"})
        self.assertEqual(run.date_start, self._date("2025-02-26"))
        self.assertEqual(run.date_end, self._date("2025-03-25"))
        run.cs_pay_month = "2025-05-01"
        self.assertEqual(run.date_start, self._date("2025-04-26"))
        self.assertEqual(run.cs_pay_month, self._day("2025-05"))
        other = runs.sudo().create(
            {"name": "B", "company_id": self.company_b.id, "cs_pay_month": "2025-03-01"}
        )
        self.assertEqual(other.date_start, self._date("2025-03-01"))

    def test_payslips_of_the_batch_have_its_month(self):
        run = self._month_batch(self.agent + self.peer, "2025-05-26", "2025-06-25")
        self.assertEqual(set(run.slip_ids.mapped("cs_pay_month")), {run.cs_pay_month})


@tagged("post_install", "-at_install", "cs_promotion")
class TestShort(MonthCase):
    """Refused for that one person, listed under Not Made; the others are made."""

    def _failed(self, run):
        return {each.employee_id.name: each.error for each in run.sudo().cs_failed_ids}

    def test_a_batch_too_short_for_some(self):
        """10 to 25 June: all of Newcomer's days, 16 of 31 (877.42), not all of the others'."""
        newcomer = self._make_agent("Newcomer", hired="2025-06-10")
        with mute_logger("odoo.addons.cs_promotion.models.scheduled"):
            run = self._month_batch(self.agent + newcomer + self.peer, "2025-06-10", "2025-06-25")
        self.assertEqual(run.slip_ids.employee_id, newcomer)
        self.assertPaid(run.slip_ids, BASE=877.42)
        failed = self._failed(run)
        self.assertEqual(set(failed), {"Agent", "Peer"})
        for name in failed:
            self.assertRegex(failed[name], f"{name}.* under contract from 2025-05-26 to 2025-06-25")
            self.assertIn("Set its period to the whole month", failed[name])

    def test_a_batch_of_two_pay_months(self):
        with mute_logger("odoo.addons.cs_promotion.models.scheduled"):
            run = self._month_batch(self.agent + self.peer, "2025-06-01", "2025-06-30")
        self.assertFalse(run.slip_ids)
        self.assertIn("make one payslip for each month", self._failed(run)["Agent"])

    def test_a_single_payslip(self):
        slip = self._month_slip(self.agent, "2025-06-01", "2025-06-25", compute=False)
        with self.assertRaisesRegex(UserError, "Set its period to the whole month"):
            slip.compute_sheet()
        with self.assertRaisesRegex(UserError, "Set its period to the whole month"):
            slip.action_payslip_done()

    def test_the_faults_of_some_stop_nobody(self):
        """No contract, no structure, no working hours, no policy for the tier, a broken rule, a
        rule that raises, and one that fails in the midst of making."""
        gone = self._make_agent("Gone", hired="2024-02-01", left="2024-12-20")
        bare = self._make_agent("Bare")
        bare.version_id.sudo().struct_id = False
        free = self._make_agent("Free")
        free.version_id.sudo().resource_calendar_id = False
        idle = self._make_agent("Idle")
        idle.version_id.sudo().resource_calendar_id = self.env["resource.calendar"].create(
            {"name": "Nothing", "attendance_ids": [(5, 0, 0)], "company_id": self.company.id}
        )
        broken, raising, odd = (self._make_agent(name) for name in ("Broken", "Raising", "Odd"))
        rules = self.company._get_cs_structure().rule_ids
        base = rules.filtered(lambda rule: rule.code == "BASE")
        base.condition_select = "python"
        base.condition_python = f"result = 1 / int(employee.id != {broken.id})"
        rules.filtered(
            lambda rule: rule.code == "GROSS"
        ).amount_python_compute = (
            f"result = categories.BASIC if employee.id != {raising.id} else undefined_name"
        )
        original = OcaPayslip._get_baselocaldict

        def fail(slip, contracts):
            if slip.employee_id.id == odd.id:
                raise KeyError("odd")
            return original(slip, contracts)

        everyone = self.agent + gone + bare + free + idle + broken + raising + odd + self.peer
        with (
            mute_logger("odoo.addons.cs_promotion.models.scheduled"),
            patch.object(OcaPayslip, "_get_baselocaldict", fail),
        ):
            run = self._month_batch(everyone, "2025-05-26", "2025-06-25")
        self.assertEqual(
            set(run.slip_ids.employee_id.mapped("name")), {"Agent", "Peer", "Free", "Idle"}
        )
        failed = self._failed(run)
        self.assertEqual(set(failed), {"Gone", "Bare", "Broken", "Raising", "Odd"})
        self.assertIn("no salary structure", failed["Bare"])
        self.assertIn("Raising", failed["Raising"])

    def test_what_breaks_later_stops_nobody_either(self):
        """Broken between making and confirming: told under Not confirmed."""
        run = self._month_batch(self.agent + self.peer, "2025-05-26", "2025-06-25")
        rules = self.company._get_cs_structure().rule_ids
        base = rules.filtered(lambda rule: rule.code == "BASE")
        base.condition_select = "python"
        base.condition_python = f"result = 1 / int(employee.id != {self.peer.id})"
        with mute_logger("odoo.addons.cs_promotion.models.scheduled"):
            told = self._confirm(run)
        states = {slip.employee_id.name: slip.state for slip in run.slip_ids}
        self.assertEqual(states, {"Agent": "done", "Peer": "verify"})
        self.assertEqual(told["params"]["title"], "Not confirmed: 1")
        self.assertIn("Peer", told["params"]["message"])
