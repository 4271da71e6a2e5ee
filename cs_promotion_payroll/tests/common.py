"""What the tests of payroll share: payslips made the standard way, read back in short."""

from collections import defaultdict

from odoo import fields
from odoo.tests import Form

from odoo.addons.cs_promotion.engine.calendar import month_end
from odoo.addons.cs_promotion.tests.common import CsPromotionCase

CODES = ("BASE", "APPRAISAL", "COMMISSION", "GROSS", "FINE", "NET")


class CsPayrollCase(CsPromotionCase):
    """Adds ``user_payroll`` (manager) and ``user_officer``, who have no CS group."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_payroll = cls._make_user("payroll", "payroll.group_payroll_manager")
        cls.user_officer = cls._make_user("officer", "payroll.group_payroll_user")

    @classmethod
    def _slip(cls, agent, month, compute=True, user=None, **values):
        """A payslip as the form makes it: employee and dates are chosen, the rest follows."""
        env = cls.env(user=user or cls.user_payroll)
        with Form(env["hr.payslip"].with_company(agent.company_id)) as form:
            form.employee_id = agent.with_env(env)
            form.date_from = cls._day(month)
            form.date_to = month_end(cls._day(month))
            for name, value in values.items():
                setattr(form, name, value)
        slip = form.save()
        if compute:
            slip.compute_sheet()
        return slip

    @classmethod
    def _batch(cls, agents, month, user=None, **values):
        """A batch as the standard wizard makes it."""
        env = cls.env(user=user or cls.user_payroll)
        start = cls._day(month)
        run = env["hr.payslip.run"].create(
            {
                "name": f"Batch {month}",
                "date_start": start,
                "date_end": month_end(start),
                "company_id": cls.company.id,
            }
            | values
        )
        wizard = env["hr.payslip.employees"].create({"employee_ids": [(6, 0, agents.ids)]})
        wizard.with_context(active_id=run.id).compute_sheet()
        return run

    @classmethod
    def _pay(cls, agent, month):
        """A computed and confirmed payslip of the month."""
        slip = cls._slip(agent, month)
        cls._confirm(slip)
        return slip

    @classmethod
    def _get_rule(cls, item, company=None):
        """The company's salary rule that pays or takes an item."""
        structure = (company or cls.company).sudo()._get_cs_structure()
        return structure.get_all_rules().filtered(lambda rule: rule.cs_item == item)

    @classmethod
    def _confirm(cls, records):
        """Confirm payslips, or the payslips of batches, as a person does who has looked at all
        that the dialog shows."""
        batches = records._name == "hr.payslip.run"
        answer = records.action_cs_confirm() if batches else records.action_payslip_done()
        return cls._tick(answer, records.env)

    @classmethod
    def _tick(cls, answer, env, names=None):
        """Answer the dialog that ``answer`` opens, if it does: tick these agents, or all."""
        if not isinstance(answer, dict) or answer.get("res_model") != "cs.payslip.confirm":
            return answer
        wizard = env["cs.payslip.confirm"].browse(answer["res_id"])
        for line in wizard.line_ids:
            line.seen = names is None or line.employee_id.name in names
        # computed once more, payslips may warn of something new
        return cls._tick(wizard.action_confirm(), env, names)

    def _amounts(self, slip):
        """Code -> total of the lines, all six always."""
        totals = defaultdict(float, dict.fromkeys(CODES, 0.0))
        for line in slip.line_ids:
            totals[line.code] += line.total
        return {code: round(total, 2) for code, total in totals.items()}

    def assertPaid(self, slip, **amounts):
        """The lines' totals are these; GROSS and NET follow from the others (W4)."""
        expected = {"BASE": 0, "APPRAISAL": 0, "COMMISSION": 0, "FINE": 0} | amounts
        expected["GROSS"] = round(
            expected["BASE"] + expected["APPRAISAL"] + expected["COMMISSION"], 2
        )
        expected["NET"] = round(expected["GROSS"] + expected["FINE"], 2)
        self.assertEqual(self._amounts(slip), expected)

    @classmethod
    def _line(cls, slip, code):
        return slip.line_ids.filtered(lambda line: line.code == code)

    @classmethod
    def _warnings(cls, slip):
        return (slip.cs_figures or {}).get("warnings")

    @classmethod
    def _date(cls, day):
        return fields.Date.to_date(day)
