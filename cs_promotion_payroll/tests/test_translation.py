import polib

from odoo.tests import tagged
from odoo.tools import file_path

from .common import CsPayrollCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestTranslation(CsPayrollCase):
    """Payroll works in Chinese."""

    def test_every_term_is_translated(self):
        folder = "cs_promotion_payroll/i18n"
        template = polib.pofile(file_path(f"{folder}/cs_promotion_payroll.pot"))
        chinese = {
            entry.msgid: entry.msgstr for entry in polib.pofile(file_path(f"{folder}/zh_CN.po"))
        }
        self.assertEqual([each.msgid for each in template if not chinese.get(each.msgid)], [])

    def test_payslip_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self._violation(self.agent, "2025-01-10", fine=50)
        self._play("2025-01", {self.peer: 90})
        slip = self._slip(self.agent, "2025-01").with_context(lang="zh_CN")
        slip.compute_sheet()
        slip._compute_name()
        self.assertEqual(slip.name, f"{self.agent.name} 2025年1月工资单")
        self.assertRegex(self._line(slip, "APPRAISAL").name, "^绩效工资.无得分$")
        self.assertIn("不发绩效工资", slip.cs_warning)
        self.assertRegex(slip.cs_explanation, "罚款.应扣50.00.已扣50.00.结转0.00")
        english = slip.with_context(lang="en_US")
        self.assertIn("no appraisal pay", english.cs_warning)
