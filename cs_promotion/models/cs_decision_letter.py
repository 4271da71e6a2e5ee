from datetime import date

from odoo import api, fields, models

from ..engine.decimals import plain
from ..engine.evidence import read_condition
from .scheduled import post_once, take_batches

ACTIVITY = "cs_promotion.mail_activity_decision_announced"


class CsDecision(models.Model):
    """Announcing a decision to the people it concerns: letter, mail, to-do (O4, policy 12)."""

    _inherit = "cs.decision"

    to_notify = fields.Boolean(
        readonly=True,
        copy=False,
        help="Announced; the letter goes out with the next run of the scheduled action.",
    )
    notified = fields.Boolean(
        readonly=True, copy=False, help="The letter went out, so a withdrawal is told as well."
    )
    letter_partner_id = fields.Many2one("res.partner", compute="_compute_letter_partner_id")
    letter_lang = fields.Char(compute="_compute_letter_partner_id")
    superior_user_id = fields.Many2one("res.users", compute="_compute_superior_user_id")

    _to_notify_idx = models.Index("(announced_on, id) WHERE to_notify")

    @api.depends("employee_id")
    def _compute_letter_partner_id(self):
        """Whom the letter is for, in the language of their login or work contact."""
        for decision in self:
            employee = decision.employee_id.sudo()
            partner = employee.user_id.partner_id or employee.work_contact_id
            decision.letter_partner_id = partner
            decision.letter_lang = partner.lang or decision.company_id.sudo().partner_id.lang

    @api.depends("employee_id")
    def _compute_superior_user_id(self):
        for decision in self:
            decision.superior_user_id = decision.employee_id.sudo().parent_id.user_id

    def action_print_letter(self):
        """The letters as PDF, each in its agent's language."""
        self.check_access("read")
        self._check_possible("letter")
        return self.env.ref("cs_promotion.report_decision_letter_action").report_action(self)

    @api.model
    def _get_announced_values(self, policy, day):
        """Have the letters sent; history played later tells nobody."""
        values = super()._get_announced_values(policy, day)
        return values | {"to_notify": day >= policy.company_id._cs_today()}

    def _on_announced(self):
        if any(self.mapped("to_notify")):
            self.env.ref("cs_promotion.ir_cron_notify")._trigger()
        return super()._on_announced()

    def _withdraw(self, reason):
        withdrawn = super()._withdraw(reason)
        fallen = self.sudo().filtered(lambda each: each.state == "withdrawn")
        fallen.to_notify = False
        fallen.activity_unlink([ACTIVITY])
        for decision in fallen.filtered("notified"):
            decision._tell_withdrawn()
        return withdrawn

    def _tell_withdrawn(self):
        """Who was told of a decision is told that it no longer stands."""
        self.notified = False
        words = self.with_context(lang=self.letter_lang)
        words.message_notify(
            partner_ids=(self.letter_partner_id | self.superior_user_id.partner_id).ids,
            subject=words.env._("Withdrawn: %s", words.display_name),
            body=words.env._(
                "The decision no longer stands. The reason: %s", words.closing_reason or ""
            ),
        )

    @api.model
    def _cron_notify(self):
        """Send the letters of announced decisions one by one, resumable (as they are announced)."""
        take_batches(
            # what waits for its month to be closed again may yet fall: no letter before that
            lambda: self.search(
                [("to_notify", "=", True), ("awaits_closing", "=", False)],
                order="announced_on, id",
            ),
            lambda each: each.with_company(each.company_id)._notify_announced(),
            type(self)._note_not_notified,
            size=1,
        )

    def _note_not_notified(self, error):
        """Say why nobody was told, and do not try again: the letter can be printed."""
        self.to_notify = False
        post_once(self, self.env._("Could not be announced by mail: %(error)s", error=error))

    def _notify_announced(self):
        """Mail and to-do for the agent, with the letter, and for the direct superior."""
        self.ensure_one()
        self.lock_for_update()
        self.write({"to_notify": False, "notified": True})
        if self.letter_partner_id.email:
            self._send("cs_promotion.mail_template_decision_agent")
        if self.superior_user_id.email:
            self._send("cs_promotion.mail_template_decision_superior")
        told = self.with_context(mail_activity_quick_update=True)  # no second mail for the to-do
        users = self.employee_id.sudo().user_id | self.superior_user_id
        for user in users.filtered("active"):
            told.activity_schedule(
                ACTIVITY,
                user_id=user.id,
                date_deadline=self.notice_until or self.company_id._cs_today(),
            )

    def _send(self, template):
        self.env.ref(template).send_mail(self.id, email_layout_xmlid="mail.mail_notification_light")

    # ------------------------------------------------------------------ what the letter says

    def _get_letter_title(self):
        self.ensure_one()
        titles = {
            "confirmation": self.env._("Notice of Confirmation"),
            "promotion": self.env._("Notice of Promotion"),
            "demotion": self.env._("Notice of Demotion"),
            "review": self.env._("Notice of a Dismissal Review"),
            "exceptional": self.env._("Notice of Skip-level Promotion"),
        }
        if self.kind == "exceptional" and self.tier_to_id.appointed:
            return self.env._("Notice of Appointment")
        return titles[self.kind]

    def _get_letter_department(self):
        """The department on the effective date, or the last one held in the company before, as
        sudo: the letter is about an agent whom the reader may no longer see."""
        self.ensure_one()
        held = self._get_timeline().touching(date.min, self.effective_date)
        department = held[-1].department if held else None
        return self.env["hr.department"].sudo().browse(department or ())

    def _get_letter_findings(self):
        """What was required and what was found, a pair for each condition (policy 12)."""
        self.ensure_one()
        evidence = self._read_evidence()
        findings = [
            {
                "required": self.env["cs.policy.condition"]._get_sentence(
                    read_condition(each["required"])
                ),
                "found": self._describe_found(each),
                "met": each["met"],
            }
            for each in evidence.get("conditions", ())
        ]
        if evidence.get("test"):
            findings.append(
                {
                    "required": self.ground_name,
                    "found": self._describe_test(evidence),
                    "met": True,
                }
            )
        return findings

    def _get_letter_violations(self):
        """The violations it rests on, in words."""
        return [
            self.env._(
                "%(date)s: %(type)s, fine %(fine)s",
                date=fields.Date.to_string(each.date),
                type=each.type_id.name,
                fine=each.currency_id.format(each.fine),
            )
            for each in self.violation_ids.sudo()
        ]

    def _get_letter_pay(self):
        """Pay before and after, by the policy in force on the effective date (W1)."""
        self.ensure_one()
        if not self.tier_to_id:
            return []
        policy = self.env["cs.policy"]._get_in_force(self.company_id, self.effective_date)
        lines = policy._get_pay_lines() if policy else {}
        before, after = lines.get(self.tier_from_id.code), lines.get(self.tier_to_id.code)
        if not after:
            return []
        currency = self.company_id.sudo().currency_id
        labels = {
            "base_wage": self.env._("Base wage"),
            "appraisal_pay": self.env._("Appraisal pay"),
            "commission_percent": self.env._("Commission on own sales"),
        }

        def show(line, name):
            if not line:
                return ""
            if name == "commission_percent":
                return f"{plain(line.commission_percent)} %"
            return currency.format(float(getattr(line, name)))

        return [
            {"label": label, "before": show(before, name), "after": show(after, name)}
            for name, label in labels.items()
        ]

    def _get_letter_file_name(self):
        self.ensure_one()
        decision = self.with_context(lang=self.letter_lang)
        return (
            f"{decision._get_letter_title()} {self.employee_id.sudo().name} {self.effective_date}"
        )
