import json
from pathlib import Path

from odoo import api, models
from odoo.tools import file_open
from odoo.tools.misc import file_path

from ..engine.calendar import day_after, quarter_start
from ..engine.decimals import decimal
from ..package.node import Node, ScenarioError, read_json
from ..replay.bounds import find_unplayed
from ..replay.demo import DemoPlayer
from ..replay.history import Answers, Words
from ..replay.player import Player
from ..replay.scenario import parse, shift
from ..vocabulary import COLLEAGUES, METRIC

DEMO = "cs_promotion/demo"  # where the demos lie


class CsReplay(models.AbstractModel):
    """Plays a history through the models that the forms and scheduled actions use.

    The caller rolls the transaction back: a replay leaves nothing behind.
    """

    _name = "cs.replay"
    _description = "CS Replay"

    @api.model
    def _play(self, text, folder=None, tell=lambda line: None):
        """Play the scenario in ``text`` and return every result, as scenarios.md says.

        :param folder: from where the package that it may name is looked for
        :param tell: is told, in one line each, what of it is not played
        :raises ScenarioError: on any fault, with its JSON path
        """
        env = self._prepare_env()
        template = env["cs.replay"]._find_template(text, folder)
        words = env["cs.replay"]._get_words(template)
        scenario = parse(text, words)
        result = Player(env, scenario, env.company, template).play()
        for line in find_unplayed(scenario):
            tell(line)
        return result

    @api.model
    def _find_template(self, text, folder):
        """The policy that a scenario's differs from: that of the package which it names, by a
        path from the scenario's folder, else the shipped one."""
        data = read_json(text)
        policy = data.get("policy") if isinstance(data, dict) else None
        package = policy.get("package") if isinstance(policy, dict) else None
        if package is None:
            return self._get_template()
        path = "$.policy.package"
        name = Node(path, package).text()
        try:
            found = (Path(folder or ".") / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ScenarioError(path, f"{name}: {error}") from None
        try:
            packages = self.env["cs.policy.package"].with_context(cs_trying_out=True)
            return packages._import(found, self.env.company).with_env(self.env)
        except ScenarioError as error:
            raise ScenarioError(path, f"{name}: {error}") from None

    @api.model
    def _get_words(self, template=None):
        template = template or self._get_template()
        measured = template.rater_ids.filtered(lambda each: each.who == METRIC.code)
        raters = tuple(
            code
            for code in self.env["cs.vocabulary"]._get_raters()
            if code not in measured.mapped("code")
        )
        several = template.rater_ids.filtered(lambda each: each.who == COLLEAGUES.code)
        return Words(
            tiers=template._get_ladder().steps,
            violation_types=tuple(self.env["cs.violation.type"].search([]).mapped("code")),
            metrics=self.env["cs.vocabulary"]._get_metrics(),
            outcomes=tuple(self.env["cs.vocabulary"]._get_outcomes()),
            raters=raters,
            approvers=tuple(dict(self.env["cs.policy.approval"]._get_who())),
            figures={
                each.code: (each.subject, each.grain)
                for each in self.env["cs.metric"]._search_entered()
            },
            answers={
                code: tuple(
                    dict.fromkeys(
                        self._get_answers(form, code) for form in template._get_scorecards()
                    )
                )
                for code in raters
            },
            several=frozenset(several.mapped("code")),
            raised=tuple(code for code, _name in self.env["cs.raise"]._get_items()),
        )

    @api.model
    def _get_answers(self, scorecard, rater):
        """What a rater may give each of the items that it rates, in their order."""
        items = scorecard.section_ids.item_ids.sorted("number")
        return tuple(
            Answers(most=decimal(item.maximum) or None)
            if item.source == "number"
            else Answers(frozenset(decimal(grade.points) for grade in item._get_grades()))
            for item in items
            if item._is_rated_by(rater)
        )

    @api.model
    def _get_template(self):
        """The shipped policy, from which a scenario's policy differs."""
        return self.env.ref("cs_promotion.policy_default").sudo()

    @api.model
    def _prepare_env(self):
        """An environment in a company of its own, without mail and tracking."""
        company = self.env["res.company"].sudo().create({"name": "Replay"})
        company = company.with_context(
            tracking_disable=True,
            mail_notrack=True,
            mail_create_nolog=True,
            allowed_company_ids=company.ids,
            lang="en_US",
            install_mode=True,
        )
        return company.with_user(self.env.ref("base.user_root")).sudo().with_company(company).env

    @api.model
    def _get_payslips(self, company, months):
        """Employee id -> month key -> salary rule code -> amount; payroll bridges fill it in."""
        return {}

    @api.model
    def _pay(self, company, start, end):
        """Run the month's payroll; payroll bridges do."""

    @api.model
    def _load_demo(self, name="furniture"):
        """Play a demo (``demo/NAME.json``) in the main company, moved to end with the current
        quarter.

        The months from the last complete quarter's last one on are filled in and left open:
        ``script/demo`` closes them before one's eyes.
        """
        with file_open(f"{DEMO}/{name}.json") as file:
            demo = json.load(file)
        company = self.env.ref("base.main_company")
        today = company._cs_today()
        lang = self.env.lang or "en_US"
        env = company.with_context(tracking_disable=True, mail_create_nolog=True, lang=lang).env
        env = env(su=True)
        text = json.dumps(demo["history"])
        template = env["cs.replay"].with_company(company)._find_template(text, file_path(DEMO))
        words = env["cs.replay"]._get_words(template)
        quarters = (quarter_start(today) - quarter_start(parse(text, words).until)).days // 90
        scenario = parse(shift(text, 3 * quarters), words)
        DemoPlayer(env, scenario, company, template, demo).play_until(today)

    @api.model
    def _close_demo(self):
        """Close the demo's complete months that are open, each on its day, and pay them.

        Generator of (cycle, decisions it made), after each closing.
        """
        company = self.env.ref("base.main_company")
        today = company._cs_today()
        cycles = self.env["cs.cycle"].search(
            [
                ("company_id", "=", company.id),
                ("kind", "=", "month"),
                ("state", "=", "open"),
                ("date_end", "<", today),
            ],
            order="date_end",
        )
        for cycle in cycles:
            cycle._close(day_after(cycle.date_end))
            self._pay(company, cycle.date_start, cycle.date_end)
            Decision = self.env["cs.decision"]
            Decision.search(Decision._get_due_domain(today))._apply_due(today)
            yield cycle, Decision.search([("cycle_id", "=", cycle.id)])
