from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...engine.timeline import DAY, GAP
from .hr_version import APPLYING


class HrEmployee(models.Model):
    """Moving to another company: it closes here and begins there.

    Whoever writes ``company_id`` - form, import, network call - begins a version on that day. The
    versions before keep tier and company, and with them everything that arose there: it is
    reviewed, decided and paid there to the end. In the new company the agent stands
    on the same rung, and all that counts since joining begins anew (R5); where its policy has
    no such rung, the agent is off the ladder, and its office is told.
    """

    _inherit = "hr.employee"

    def write(self, vals):
        moving = self._cs_get_moving(vals.get("company_id"))
        if not moving:
            return super().write(vals)
        if others := self - moving:
            super(HrEmployee, others).write(vals)
        moving.check_access("write")
        for employee in moving:
            version, fault = employee._cs_begin_in(
                self.env["res.company"].browse(vals["company_id"])
            )
            # what else is written with it (department, superior) is true of the new company
            super(HrEmployee, employee.with_context(version_id=version.id)).write(vals)
            # whoever may move an employee need not have rights in customer service
            moved = employee.sudo()
            moved._cs_close_behind(version)
            moved._cs_note_move(version, fault)
        return True

    @api.model
    def _cs_get_history_domain(self):
        """Those who stand or stood on a ladder: their past is kept apart by company."""
        return Domain("version_ids.cs_tier_id", "!=", False)

    def _cs_get_moving(self, company_id):
        """Those of these employees with a past on the ladder who get another company."""
        if not company_id:
            return self.browse()
        changed = self.sudo().filtered(lambda each: each.company_id.id != company_id)
        known = changed.with_context(active_test=False).filtered_domain(
            self._cs_get_history_domain()
        )
        return self.browse(known.ids)

    # ------------------------------------------------------------------ the dated record

    def _cs_begin_in(self, company):
        """Begin a version in the company today; the versions before stay where they are.

        :return: the version of today, and why the agent is off the ladder there, or None
        """
        self.ensure_one()
        day = company._cs_today()
        employee = self.sudo().with_context(cs_applying=APPLYING, tracking_disable=True)
        timeline = self.env["cs.timeline"]._load(self.ids)[self.id]
        former = employee._cs_get_version_before(day)
        for version in employee.version_ids.filtered(
            lambda each: each.date_version < day and not each.cs_company_id
        ):
            version.cs_company_id = employee.company_id
        since = self._cs_get_since(timeline, company, day, former)
        fault = self._cs_get_ladder_fault(company, former.cs_tier_id, day)

        def get_values(version, start):
            if version.date_version > start:
                return {}  # not begun yet: all of it is in the new company, and none before
            return self._cs_get_values_in(company, version, since, start)

        employee.env["hr.version"]._cs_change_from([(employee, day, get_values)])
        return employee._get_version(day), fault

    @api.model
    def _cs_get_values_in(self, company, version, since, day):
        """What a version from the move on holds: the same rung in the new company, or none."""
        values = {"cs_company_id": company.id}
        tier = version.cs_tier_id
        if not tier:
            return values
        if self._cs_get_ladder_fault(company, tier, day):
            return values | self._cs_get_off_ladder_values()
        since = max(since, version.contract_date_start or since)
        taken = version._take_tier_values(version._get_tier_values(company, tier, since, day))
        return values | taken

    def _cs_get_version_before(self, day):
        """The version that was in force until ``day``; what a first load typed in later reaches
        back to the contract's start, and is dated so to leave the past its own version."""
        first = self.version_ids.sorted("date_version")[:1]
        start = first.contract_date_start
        if first.date_version >= day and start and start < day:
            first.date_version = start
            first.flush_recordset(["date_version"])  # its day is taken by another version next
        earlier = self.version_ids.filtered(lambda each: each.date_version < day)
        return earlier.sorted("date_version")[-1:] or first

    @api.model
    def _cs_get_since(self, timeline, company, day, former):
        """The tier counts from today; who comes straight back (a slip of the hand) goes on."""
        before = [each for each in timeline.within(company.id).stretches if each.start < day]
        if (
            before
            and before[-1].tier == former.cs_tier_id.id
            and day - min(before[-1].end, day - DAY) < GAP
        ):
            return before[-1].tier_since
        return day

    @api.model
    def _cs_get_ladder_fault(self, company, tier, day):
        """Why the agent cannot stand on this rung in the company, None when nothing stands in
        the way."""
        if not tier:
            return None
        policy = self.env["cs.policy"]._get_in_force(company, day)
        if not policy:
            return self.env._("%(company)s has no promotion policy in force.", company=company.name)
        if (
            tier.code not in policy._compile().ladder.steps
            or tier.code not in policy._get_pay_lines()
        ):
            return self.env._(
                "The policy of %(company)s has no tier %(tier)s.",
                company=company.name,
                tier=tier.name,
            )
        return None

    # ------------------------------------------------------------------ what stays behind

    def _cs_close_behind(self, version):
        """Settle what is open elsewhere and can no longer come about: the move is the end there.

        Open dismissal reviews, too: there is nobody to dismiss any more. Scores and violations
        stay, with all that is about them, to be decided where they arose.
        """
        day, company = version.date_version, version.cs_company_id
        elsewhere = Domain("employee_id", "=", self.id) & Domain("company_id", "!=", company.id)
        reason = self.env._(
            "%(agent)s works for %(company)s from %(day)s on.",
            agent=self.name,
            company=company.name,
            day=fields.Date.to_string(day),
        )
        self._cs_end_elsewhere(elsewhere, day, reason)
        self.activity_unlink(["cs_promotion.mail_activity_probation_test"])

    def _cs_end_elsewhere(self, elsewhere, day, reason):
        """End what leads nowhere any more in the companies left behind; addons end theirs.

        :param elsewhere: domain of records about this employee that arose there
        :param day: the first day in the new company
        :param reason: why, in a sentence
        """
        waiting = elsewhere & Domain("state", "in", ("proposed", "announced"))
        late = Domain("effective_date", ">=", day) | Domain("outcome", "=", "dismissal_review")
        self.env["cs.decision"].search(waiting & late)._withdraw(reason)
        applied = Domain("state", "in", ("draft", "submitted"))
        self.env["cs.application"].search(elsewhere & applied)._cs_end(reason)

    def _cs_note_move(self, version, fault):
        """Say on the employee what the move did; who is off the ladder is a to-do of the office."""
        self.ensure_one()
        company, day = version.cs_company_id, version.date_version
        if version.cs_tier_id:
            self.message_post(
                body=self.env._(
                    "Customer service: in %(company)s from %(day)s on, as %(tier)s; there the "
                    "tier counts from that day. Results so far stay with the former company.",
                    company=company.name,
                    day=fields.Date.to_string(day),
                    tier=version.cs_tier_id.name,
                )
            )
        if not fault:
            return
        text = self.env._(
            "Off the ladder since %(day)s: %(fault)s Set the CS tier on the employee once the "
            "policy allows it.",
            day=fields.Date.to_string(day),
            fault=fault,
        )
        self.message_post(body=text)
        for user in self.env["cs.cycle"]._get_office(company):
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                date_deadline=company._cs_today() + timedelta(days=7),
                summary=self.env._("Moved here, and off the ladder"),
                note=text,
            )
