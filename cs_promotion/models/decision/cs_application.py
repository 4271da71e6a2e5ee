from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine.calendar import add_months, month_end, month_start
from ...engine.conditions import examine
from ...engine.evidence import finding_json
from ...engine.facts import Closing
from ..cs_long_work import Step
from ..cs_notice_mixin import OFFICE
from ..scheduled import post_once


class CsApplication(models.Model):
    """An agent's application for what a rule leads to that is looked at on application only.

    Handed in, it waits for the closing of a month that it counts for. Where the conditions are
    met, there is a decision, with the approvals that its rule asks for; where they are not, or no
    place was free, the agent is told what was missing.
    """

    _name = "cs.application"
    _inherit = ["cs.request.mixin", "cs.proof.mixin"]
    _description = "CS Application"
    _order = "date desc, id desc"
    _employed_date = "date"
    _name_parts = ("employee_id", "rule_id", "date")
    _governed = frozenset({"employee_id", "rule_id", "date", "report", "proof_ids"})

    rule_id = fields.Many2one(
        "cs.policy.rule",
        string="Applies For",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('id', 'in', offered_ids)]",
        tracking=True,
    )
    offered_ids = fields.Many2many("cs.policy.rule", compute="_compute_offered_ids")
    date = fields.Date(
        required=True,
        tracking=True,
        default=lambda self: self.env.company._cs_today(),
        help="The day on which it was handed in.",
    )
    report = fields.Text(help="Why the agent thinks they qualify; documents may be attached.")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Handed In"),
            ("decided", "Decided"),
            ("withdrawn", "Withdrawn"),
            ("lapsed", "Lapsed"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        help="Lapsed: the rule was not for the agent any more when the month was closed.",
    )
    outcome = fields.Selection(
        [
            ("met", "Conditions met"),
            ("not_met", "Conditions not met"),
            ("no_place", "No place free"),
            ("rejected", "Not approved"),
        ],
        string="Result",
        readonly=True,
        copy=False,
        tracking=True,
    )
    effective_date = fields.Date(
        readonly=True, copy=False, help="From when it would take effect: the day it was judged for."
    )
    decision_id = fields.Many2one(
        "cs.decision", readonly=True, copy=False, index=True, ondelete="restrict"
    )
    reason = fields.Text(readonly=True, copy=False)
    findings = fields.Json(readonly=True, copy=False)
    findings_html = fields.Html(
        compute="_compute_findings_html", sanitize=False, string="What Was Found"
    )
    to_notify = fields.Boolean(
        readonly=True,
        copy=False,
        help="The agent is told with the next run of the scheduled action.",
    )

    _open_uniq = models.UniqueIndex(
        "(employee_id, rule_id) WHERE state = 'submitted'",
        "The agent has applied for this already.",
    )
    _to_notify_idx = models.Index("(id) WHERE to_notify")

    @api.depends("employee_id", "rule_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for application in self:
            # sudo: what one has applied for is told though its policy is in force no more
            application.display_name = self._join_name(
                application.employee_id.name,
                application.rule_id.sudo().name,
                application._format_day(application.date),
            ) or self.env._("New application")

    @api.depends("employee_id", "date")
    def _compute_offered_ids(self):
        for application in self:
            application.offered_ids = application._get_offered()

    def _get_offered(self):
        """The rules that this agent may apply for: those of the tier held."""
        day = self.date or self.env.company._cs_today()
        held = self.employee_id and self._get_timeline().at(day)
        if not held or not held.tier:
            return self.env["cs.policy.rule"]
        policy = self.env["cs.policy"]._get_in_force(self.company_id, day)
        return policy.rule_ids.filtered(
            lambda rule: rule.on_application and rule.tier_id.id == held.tier
        )

    @api.depends("findings")
    @api.depends_context("lang")
    def _compute_findings_html(self):
        words = self.env["cs.words"]
        for application in self:
            found = words._read_findings(application.findings or ())
            rows = [words._say_finding(each) for each in found]
            application.findings_html = bool(rows) and self.env["ir.qweb"]._render(
                "cs_promotion.application_findings", {"rows": rows}
            )

    # ------------------------------------------------------------------ what people do

    def _may_decide(self):
        return False  # the closing of the month does

    def _get_editable(self):
        """The agent fills in a draft; the day is the office's to say, for one without a login."""
        self.ensure_one()
        if self.state != "draft" or not self._is_lodger():
            return set()
        names = {"employee_id", "rule_id", "report", "proof_ids"}
        return names | {"date"} if not self.is_own and self.env.user.has_group(OFFICE) else names

    def action_submit(self):
        """Hand the application in: superior and office see it now."""
        self.check_access("write")
        self._check_lodged_by()
        self._check_state("draft")
        for application in self.sudo():  # state and day are the software's to write
            if application.is_own or not self.env.user.has_group(OFFICE):
                application.date = application.company_id._cs_today()
            application._hand_in()

    def action_withdraw(self):
        """Take one's own application back while it is not decided."""
        self.check_access("write")
        self._check_lodged_by()
        self._check_state("submitted")
        self.sudo().state = "withdrawn"  # by this button alone

    def _hand_in(self):
        """Let it wait for the closing, if there is one that it counts for."""
        self.ensure_one()
        if self.rule_id not in self._get_offered():
            raise UserError(
                self.env._(
                    "%s: this is not to be applied for by who holds this tier then.",
                    self.display_name,
                )
            )
        closings = self._get_closings()
        if not closings:
            raise UserError(
                self.env._(
                    "%s: at no closing of these months is this looked at.", self.display_name
                )
            )
        last = self.env["cs.cycle"]._get_last_closed(self.company_id)
        if last and last.date_end >= closings[-1].end:
            raise UserError(
                self.env._("%s: the months that it would count for are closed.", self.display_name)
            )
        self.state = "submitted"

    def _get_closings(self):
        """The closings that it counts for and at which its rule is looked at, the first one
        first."""
        [rule] = self.rule_id._compile()
        start = month_start(self.date)
        closings = [
            Closing(month_end(add_months(start, place)))
            for place in range(rule.application_months + 1)
        ]
        return [
            each
            for each in closings
            if self.date >= rule.applied_from(each.effective) and rule.is_examined(each)
        ]

    def _cs_end(self, reason):
        """The agent has moved to another company: the application leads nowhere any more."""
        self.filtered(lambda each: each.state == "draft").unlink()
        self.exists().write({"state": "withdrawn", "reason": reason})

    # ------------------------------------------------------------------ at a closing

    @api.model
    def _get_counted(self, rules, employee_ids, closing, company):
        """Pairs (application, rule of the engine) of those that count for this closing; what it
        decided before is judged anew.

        :param rules: those of a compiled policy that are on application
        """
        by_code = {rule.code: rule for rule in rules}
        if not by_code:
            return []
        found = self.search(
            Domain("employee_id", "in", list(employee_ids))
            & Domain("company_id", "=", company.id)
            & Domain("rule_id.code", "in", list(by_code))
            & Domain("date", "<", closing.effective)
            & (
                Domain("state", "=", "submitted")
                | (
                    Domain("state", "in", ("decided", "lapsed"))
                    & Domain("effective_date", "=", closing.effective)
                )
            ),
            order="date, id",
        )
        pairs = [(each, by_code[each.rule_id.code]) for each in found]
        return [
            (each, rule)
            for each, rule in pairs
            if each.date >= rule.applied_from(closing.effective)
        ]

    @api.model
    def _load_open(self, rules, employee_ids, closing, company):
        """Employee id -> codes of the rules that the agent has applied for."""
        applied = defaultdict(list)
        for each, rule in self._get_counted(rules, employee_ids, closing, company):
            applied[each.employee_id.id].append(rule.code)
        return applied

    @api.model
    def _load_applied(self, compiled, employee_ids, company):
        """(Employee id, code of the rule) -> day of the application that waits; nothing is asked
        where no rule is on application."""
        codes = [rule.code for rule in compiled.rules if rule.on_application]
        ours = Domain("employee_id", "in", employee_ids) & Domain("company_id", "=", company.id)
        waiting = Domain("state", "=", "submitted") & Domain("rule_id.code", "in", codes)
        found = codes and self.search(ours & waiting)
        return {(each.employee_id.id, each.rule_id.code): each.date for each in found or ()}

    @api.model
    def _settle(self, cycle, compiled, employee_ids, day, waiting=()):
        """Decide on the applications of agents who have been judged.

        :param compiled: the policy as the engine read it
        :param day: the day of the closing; what was closed in the past tells nobody
        :param waiting: (employee id, code of the rule) of those who met it and found no place
        """
        asked = [rule for rule in compiled.rules if rule.on_application]
        closing, company = Closing(cycle.date_end), cycle.company_id
        # untracked: of many at once, and each says itself what came of it
        untracked = self.with_context(tracking_disable=True)
        pairs = untracked._get_counted(asked, employee_ids, closing, company)
        if not pairs:
            return
        applicants = {each.employee_id.id for each, _rule in pairs}
        decisions = self._find_decisions(applicants, closing, asked)
        timelines = self.env["cs.timeline"]._load(list(applicants), company)
        known = self.env["cs.facts"]._load(timelines, closing, company, compiled.metrics.values())
        facts = {each.agent: each for each in known}
        for each, rule in pairs:
            agent = each.employee_id.id
            if not rule.is_examined(closing):
                continue
            values = each._judge(rule, facts.get(agent), closing, decisions.get((agent, rule.code)))
            if values["outcome"] == "not_met" and (agent, rule.code) in waiting:
                values["outcome"] = "no_place"
            is_last = each._get_closings()[-1:] == [closing]
            if values["outcome"] in ("met", "rejected") or is_last:
                each._decide(values, closing, day)
            elif each.state != "submitted":  # another closing will look at it again
                each.write({"state": "submitted", "outcome": False, "effective_date": False})

    @api.model
    def _find_decisions(self, employee_ids, closing, rules):
        """(Employee id, code of the rule) -> what was decided by it for this effective date."""
        found = self.env["cs.decision"].search(
            Domain("employee_id", "in", list(employee_ids))
            & Domain("effective_date", "=", closing.effective)
            & Domain("ground", "in", [rule.code for rule in rules])
            & Domain("state", "!=", "withdrawn"),
            order="id",
        )
        return {(each.employee_id.id, each.ground): each for each in found}

    def _judge(self, rule, facts, closing, decision):
        """What comes of it at this closing."""
        values = {"decision_id": decision and decision.id, "reason": False, "findings": []}
        if decision:
            rejected = decision.state == "rejected"
            reason = decision.closing_reason if rejected else False
            return values | {"outcome": "rejected" if rejected else "met", "reason": reason}
        if facts is None or facts.tier != rule.tier:
            return values | {"outcome": False}
        findings = [examine(condition, facts, closing) for condition in rule.conditions]
        values["findings"] = [finding_json(each) for each in findings]
        return values | {"outcome": "not_met"}

    def _decide(self, values, closing, day):
        """Write down what came of it; the agent is told where it is no decision."""
        said = (self.state, self.outcome, self.effective_date)
        state = "decided" if values["outcome"] else "lapsed"
        now = (state, values["outcome"], closing.effective)
        history = day < self.company_id._cs_today()
        self.write(
            values
            | {"state": state, "effective_date": closing.effective}
            | ({"to_notify": values["outcome"] != "met" and not history} if now != said else {})
        )
        if self.to_notify:
            self.env.ref("cs_promotion.ir_cron_notify")._trigger()

    # ------------------------------------------------------------------ telling the agent

    @api.model
    def _notify_decided(self):
        """Tell agents what came of their applications, in batches that commit."""
        self.env["cs.long.work"]._take_batches(
            lambda: self.search([("to_notify", "=", True)]),
            Step("letter", "_tell_decided", note="_note_not_told", about="company_id"),
        )

    def _tell_decided(self):
        untold = self.filtered("to_notify")
        untold.to_notify = False
        for application in untold:
            application._tell(
                application._get_agent_partner(), lambda words: words._get_result_notice()
            )

    def _note_not_told(self, error):
        self.to_notify = False
        post_once(self, self.env._("The agent could not be told by mail: %(error)s", error=error))

    def _get_result_notice(self):
        """What came of it, and what was missing."""
        words = self.env["cs.words"]
        rows = [words._say_finding(each) for each in words._read_findings(self.findings or ())]
        results = dict(self._fields["outcome"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        facts = [(self.env._("Result"), results.get(self.outcome) or states[self.state])]
        facts += [
            (f"{'✓' if each['met'] else '✗'} {each['required']}", each["found"]) for each in rows
        ]
        if self.reason:
            facts.append((self.env._("Reason"), self.reason))
        return {
            "subject": self.env._("Your application: %s", self.rule_id.name),
            "text": [self._get_result_text(rows)],
            "facts": facts,
            "options": [self.env._("You may apply again for the next closing.")],
        }

    def _get_result_text(self, rows):
        if self.outcome == "rejected":
            return self.env._("You met the conditions, but what you applied for was not approved.")
        if self.state == "lapsed":
            return self.env._("What you applied for is not for your tier any more.")
        if self.outcome == "no_place":
            return self.env._(
                "You met the conditions, but no place was free when the month was closed."
            )
        if rows and all(each["met"] for each in rows):
            return self.env._("You met the conditions, but another decision stands in the way.")
        return self.env._("You did not meet the conditions when the month was closed.")
