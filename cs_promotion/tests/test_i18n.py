"""The suite in Chinese: every term translated, the policy in its own words, no English left."""

import re
from pathlib import Path

import polib
from freezegun import freeze_time
from lxml import etree, html

from odoo.tests import tagged
from odoo.tools.misc import file_path
from odoo.tools.translate import TranslationModuleReader

from .common import CsPromotionCase

SUITE = (
    "cs_promotion",
    "cs_promotion_appeal",
    "cs_promotion_career",
    "cs_promotion_pay",
    "cs_promotion_payroll",
    "cs_promotion_queue",
)
LANG = "zh_CN"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdg%]|\{\{.*?\}\}|</?\w+|t-\w+=\"[^\"]*\"")
# half-width signs beside Chinese, and stray blanks; the policy itself is quoted as it is printed
HAN = r"[\u4e00-\u9fff]"
HALF_WIDTH = re.compile(rf"{HAN}[”\uff09]?[,:;?!]|[,:;?!]{HAN}|{HAN} +%[(s]")
OTHER_WORDS = re.compile("职级|审议|审查|违规|政策|评分表|级别序列|工资结构")
ENGLISH = re.compile(r"[A-Za-z]{2,}")

TIERS = ["新客服(试用期)", "初级客服", "中级客服", "高级客服", "储备主管"]
SECTIONS = {
    "软件操作": ["精通", "基本达到要求", "欠佳"],
    "工作职责与意识": ["出色", "基本达到要求", "应付了事"],
    "品性": ["出色", "基本达到要求", "应付了事"],
    "学识": ["很强", "一般", "欠缺"],
}
ITEMS = [
    "专用软件操作技能及维护",
    "开单的速度和准确性",
    "设计、花色搭配能力",
    "工艺算料、沟通能力",
    "销售意识和服务意识",
    "微信平台的及时更新",
    "客户投诉的解决能力",
    "客户回访及客户维护",
    "区域卫生及设备日常维护",
    "积极学习专业技能,提高专业素质",
    "服从并保质保量的完成上司安排的各项任务",
    "人际关系",
    "协作性",
    "个人修养",
    "受同事们尊重度",
    "执行能力",
    "专业知识",
    "行业知识",
    "发展潜力",
    "一般知识",
]
VIOLATIONS = {
    "insubordination": "不服从上司调度",
    "disregard_of_whole": "没有大局观念",
    "harm_to_collective": "损害集体利益",
    "slacking": "消极怠工",
    "complaint_rate": "客户投诉率",
}
QUOTED = {*ITEMS, *TIERS}


@tagged("post_install", "-at_install", "cs_promotion")
class TestTerms(CsPromotionCase):
    """Each installed module of the suite, template against translation."""

    suite = SUITE

    def _modules(self):
        installed = self.env["ir.module.module"].search(
            [("name", "in", self.suite), ("state", "=", "installed")]
        )
        for name in installed.mapped("name"):
            folder = Path(file_path(name)) / "i18n"
            if (folder / f"{LANG}.po").exists():
                yield name, folder

    def _get_terms(self, module):
        """The terms of the code and data as they are now, as an export would write them."""
        demo = self._get_demo_names(module)
        rows = TranslationModuleReader(self.env.cr, modules=[module])
        return {
            source
            for _module, kind, name, res_id, source, _value, _comments in rows
            if self._is_own(kind, name, res_id) and str(res_id).split(".")[-1] not in demo
        }

    def _is_own(self, kind, name, res_id):
        """Fields and models of other modules have other words when further addons extend them."""
        if kind != "model" or name not in (
            "ir.model,name",
            "ir.model.fields,field_description",
            "ir.model.fields,help",
        ):
            return True
        record = self.env.ref(res_id, raise_if_not_found=False)
        if not record or record.model not in self.env:
            return False
        model = self.env[record.model]
        if record._name == "ir.model":
            return model._original_module in SUITE
        return bool(set(model._fields[record.name]._modules) & set(SUITE))

    def _get_demo_names(self, module):
        names = set()
        for path in (Path(file_path(module)) / "demo").glob("*.xml"):
            names |= {each.get("id") for each in etree.parse(path).iter("record")}
        return names

    def test_every_term_is_translated(self):
        modules = dict(self._modules())
        self.assertIn(self.suite[0], modules)
        for module, folder in modules.items():
            template = {each.msgid for each in polib.pofile(folder / f"{module}.pot")}
            chinese = {each.msgid: each for each in polib.pofile(folder / f"{LANG}.po")}
            terms = self._get_terms(module)
            self.assertGreater(len(terms), 20)
            with self.subTest(module=module, fault="missing in the template"):
                self.assertFalse(sorted(terms - template))
            with self.subTest(module=module, fault="missing, untranslated or fuzzy in Chinese"):
                done = {term for term, entry in chinese.items() if entry.translated()}
                self.assertFalse(sorted((terms | template) - done))
            with self.subTest(module=module, fault="other placeholders in Chinese"):
                self.assertFalse(
                    [
                        term
                        for term, entry in chinese.items()
                        if sorted(PLACEHOLDER.findall(term))
                        != sorted(PLACEHOLDER.findall(entry.msgstr))
                    ]
                )

    def test_chinese_speaks_with_one_voice(self):
        """One word for one thing, as the policy has it; full-width signs, no stray blanks."""
        for module, folder in self._modules():
            for entry in polib.pofile(folder / f"{LANG}.po"):
                text = re.sub(r"<[^<>]*>", "", entry.msgstr)
                if entry.msgstr in QUOTED:
                    continue
                with self.subTest(module=module, text=text):
                    self.assertNotRegex(text, HALF_WIDTH)
                    self.assertNotRegex(text, OTHER_WORDS)


@tagged("post_install", "-at_install", "cs_promotion")
class TestChinese(CsPromotionCase):
    """What a Chinese reader sees is the written policy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.policy.with_context(lang=LANG)

    @classmethod
    def _set_up_company(cls, suffix, name):  # pylint: disable=missing-return
        """Chinese is there before the companies take over the shipped policy."""
        cls.env["res.lang"]._activate_lang(LANG)
        modules = cls.env["ir.module.module"].search(
            [("name", "in", SUITE), ("state", "=", "installed")]
        )
        modules._update_translations([LANG], overwrite=True)
        super()._set_up_company(suffix, name)

    def _get_english(self, markup):
        """ASCII words that a reader sees: text, titles and labels; clause ids apart."""
        tree = html.fromstring(f"<div>{markup}</div>")
        texts = list(tree.itertext()) + tree.xpath("//@title | //@aria-label")
        return {word for text in texts for word in ENGLISH.findall(text)}

    def test_l0_l4_tiers(self):
        tiers = self.env["cs.tier"].with_context(lang=LANG).search([])
        self.assertEqual(tiers.mapped("name"), TIERS)
        for standard in tiers.standard_ids:
            self.assertFalse(ENGLISH.findall(standard.name))

    def test_s1_scorecard(self):
        scorecard = self.policy.scorecard_id
        self.assertEqual(scorecard.section_ids.item_ids.mapped("name"), ITEMS)
        self.assertEqual(
            {
                section.name: section.grade_ids.sorted("points", reverse=True).mapped("name")
                for section in scorecard.section_ids
            },
            SECTIONS,
        )

    def test_v1_violation_types(self):
        for code, name in VIOLATIONS.items():
            kind = self.env.ref(f"cs_promotion.violation_type_{code}").with_context(lang=LANG)
            self.assertIn(name, kind.name)

    def test_p4_policy_page(self):
        page = self.policy.page_html
        self.assertIn("季度得分 ≥ 91", page)
        self.assertFalse(self._get_english(page))

    def test_p4_my_path(self):
        scores = {self.agent: 92, self.peer: 80}
        self._play_months("2025-04", "2025-06", scores)
        self._violation(self.agent, "2025-06-03")
        with freeze_time("2025-07-03"):
            paths = self._as(self.user_agent, self.env["cs.path"]).with_context(lang=LANG)
            path = paths.browse(self.agent.id)
            pages = [path.ladder_html, path.upwards_html, path.downwards_html, path.chart_html]
        for page in pages:
            self.assertTrue(page)
            self.assertFalse(self._get_english(page))
