"""What the tests of the models share: two companies, people of every role, and short words
for what happens in a month."""

from freezegun import freeze_time

from odoo import Command, fields
from odoo.fields import Domain
from odoo.tests import TransactionCase, new_test_user

from ..engine.calendar import add_months, day_after, month_end, month_key

MAIL_OFF = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "no_reset_password": True,
}
OFFICE = "base.group_user,cs_promotion.group_office"
MANAGER = "base.group_user,cs_promotion.group_manager"


class CsPromotionCase(TransactionCase):
    """A company with the shipped policy in force since 2024, and a second one apart from it.

    People of the first company: ``agent``, ``peer`` and ``superior`` (employees, with
    ``user_agent``, ``user_peer`` and ``user_superior``), ``user_office``, ``user_manager``, and
    ``user_stranger``, an employee outside customer service. The second company has the same
    people under names that end in ``_b``. Months are strings like ``"2025-03"``, days like
    ``"2025-03-14"``; all dates lie in the past, so no test depends on today.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, **MAIL_OFF))
        cls.tiers = {tier.code: tier for tier in cls.env["cs.tier"].search([])}
        cls._set_up_company("", "CS Test")
        cls._set_up_company("_b", "CS Other")

    @classmethod
    def _set_up_company(cls, suffix, name):
        company = cls.env["res.company"].create({"name": name})
        people = {"company": company, "policy": cls._make_policy(company)}
        for key, label in (("hotline", "Hotline"), ("front_desk", "Front Desk")):
            people[key] = cls.env["hr.department"].create(
                {"name": f"{label} {name}", "company_id": company.id}
            )
        roles = {
            "agent": "base.group_user",
            "peer": "base.group_user",
            "superior": "base.group_user",
            "office": OFFICE,
            "manager": MANAGER,
            "stranger": "base.group_user",
        }
        for role, groups in roles.items():
            people[f"user_{role}"] = cls._make_user(role + suffix, groups, company)
        people["superior"] = cls.env["hr.employee"].create(
            {
                "name": f"Superior{suffix}",
                "company_id": company.id,
                "department_id": people["hotline"].id,
                "user_id": people["user_superior"].id,
            }
        )
        people["stranger"] = cls.env["hr.employee"].create(
            {
                "name": f"Stranger{suffix}",
                "company_id": company.id,
                "user_id": people["user_stranger"].id,
            }
        )
        for role in ("agent", "peer"):
            people[role] = cls._make_agent(
                role.title() + suffix,
                department=people["hotline"],
                parent=people["superior"],
                user=people[f"user_{role}"],
            )
        for key, value in people.items():
            setattr(cls, key + suffix, value)

    # ------------------------------------------------------------------ who and what there is

    @classmethod
    def _make_user(cls, login, groups="base.group_user", company=None):
        """A user of one company only."""
        company = company or cls.company
        return new_test_user(
            cls.env,
            login=f"cs_{login}",
            groups=groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            context=MAIL_OFF,
        )

    @classmethod
    def _make_policy(cls, company, date_from="2024-01-01", activate=True, **values):
        """A copy of the shipped policy, in force from ``date_from`` on.

        ``superior_weight=60`` is the weight of that rater.
        """
        template = cls.env.ref("cs_promotion.policy_default")
        names = {f"{code}_weight" for code in cls.env["cs.vocabulary"]._get_raters()} & set(values)
        weights = {name.removesuffix("_weight"): values.pop(name) for name in names}
        policy = template.copy(
            {"name": f"Policy {date_from}", "company_id": company.id, "date_from": date_from}
            | ({"rater_ids": cls._raters(**weights)} if weights else {})
            | values
        )
        if activate:
            policy.action_activate()
        return policy

    @classmethod
    def _raters(cls, **weights):
        """Commands for the raters of a new policy; without a weight one has the default."""
        weights = dict.fromkeys(("superior", "office"), 50) | weights
        return [
            Command.create({"code": code, "weight": weight, "sequence": number})
            for number, (code, weight) in enumerate(weights.items())
        ]

    @classmethod
    def _weigh(cls, policy, **weights):
        """Give raters of a policy these weights."""
        for rater in policy.rater_ids.filtered(lambda each: each.code in weights):
            rater.weight = weights[rater.code]

    @classmethod
    def _make_agent(
        cls,
        name,
        tier="junior",
        since=None,
        hired="2025-01-01",
        left=None,
        department=None,
        parent=None,
        user=False,
    ):
        """An agent on the ladder, by default a junior of the hotline under ``superior``.

        :param since: first day in the tier, by default the day of joining
        :param left: last day of the contract
        :param user: a user, or True to make one
        """
        department = department or cls.hotline
        company = department.company_id
        if user is True:
            user = cls._make_user(name.lower().replace(" ", "_"), company=company)
        return cls.env["hr.employee"].create(
            {
                "name": name,
                "company_id": company.id,
                "department_id": department.id,
                "parent_id": (parent or cls.superior).id,
                "user_id": user.id if user else False,
                "date_version": hired,
                "contract_date_start": hired,
                "contract_date_end": left or False,
                "cs_tier_id": cls.tiers[tier].id,
                "cs_tier_since": since or hired,
            }
        )

    # ------------------------------------------------------------------ a month

    @classmethod
    def _day(cls, month):
        """The first day of ``"2025-03"`` or of any day in that month."""
        return fields.Date.to_date(f"{month}"[:7] + "-01")

    @classmethod
    def _cycle(cls, month, kind="month", company=None):
        """The cycle of a month, made when there is none."""
        return cls.env["cs.cycle"]._get_or_create(company or cls.company, kind, cls._day(month))

    @classmethod
    def _open(cls, month, kind="month", company=None):
        """Open a month: its cycle, with appraisals and sheets for all on the ladder."""
        cycle = cls._cycle(month, kind, company)
        cycle._open()
        return cycle

    @classmethod
    def _appraisal(cls, agent, month, kind="month"):
        """The agent's appraisal of that month (or of the quarter that starts then)."""
        return cls.env["cs.appraisal"].search(
            [
                ("employee_id", "=", agent.id),
                ("kind", "=", kind),
                ("date_start", "=", cls._day(month)),
            ]
        )

    @classmethod
    def _sheet(cls, agent, month, role):
        """The sheet of one rater, ``superior`` or ``office``."""
        return cls._appraisal(agent, month).sheet_ids.filtered(lambda each: each.role == role)

    @classmethod
    def _grades(cls, total):
        """Twenty grades of the shipped scorecard that add up to ``total`` points."""
        lost = 100 - total
        for zeros in range(16):
            for ones in range(6):
                rest = lost - 5 * zeros - 4 * ones
                if rest >= 0 and rest % 2 == 0 and rest // 2 <= 20 - zeros - ones:
                    grades = [0] * zeros + [5] * (20 - zeros - ones) + [1] * ones
                    for position in range(zeros, zeros + rest // 2):
                        grades[position] = 3
                    return grades
        raise ValueError(f"No twenty grades add up to {total}")

    @classmethod
    def _fill_in(cls, sheet, grades, submit=True):
        """Grade every item of a sheet and submit it.

        :param grades: points item by item, or their total
        """
        grades = cls._grades(grades) if isinstance(grades, int) else grades
        for line, points in zip(sheet.line_ids.sorted("number"), grades, strict=True):
            line.grade_id = line.section_id.grade_ids.filtered(
                lambda grade, points=points: grade.points == points
            )
        if submit:
            sheet.action_submit()

    @classmethod
    def _score(cls, appraisals, superior, office=None):
        """Have both raters give these grades or totals (the office: by default the same)."""
        given = {"superior": superior, "office": superior if office is None else office}
        for sheet in appraisals.sheet_ids:
            cls._fill_in(sheet, given[sheet.role])

    @classmethod
    def _close(cls, cycle, day=None):
        """Close a cycle, by default on the day after it ends."""
        cycle._close(fields.Date.to_date(day) or day_after(cycle.date_end))
        return cycle

    @classmethod
    def _close_as_office(cls, cycle, day=None):
        """Close a cycle by the office's button, by default on the day after it ends."""
        office = cls.user_office if cycle.company_id == cls.company else cls.user_office_b
        with freeze_time(fields.Date.to_date(day) or day_after(cycle.date_end)):
            cycle.with_user(office).action_close()
        return cycle

    @classmethod
    def _reopen_as_manager(cls, cycles, reason="The office mistook two agents"):
        """Re-open cycles by the manager's button, with a reason."""
        cls._give_reason(cycles.with_user(cls.user_manager).action_reopen(), reason)

    @classmethod
    def _regrade_sheets(cls, sheets, grades):
        """A manager gives sheets back that were seen; their raters give other grades."""
        for sheet in sheets:
            again = sheet.with_user(cls.user_manager).action_reset()
            cls._give_reason(again, "The items were mixed up")
            cls._fill_in(sheet, grades)

    @classmethod
    def _play(cls, month, scores, company=None):
        """Open a month, give the agents their scores, leave out the others, close it.

        :param scores: agent -> total of each rater
        """
        cycle = cls._open(month, company=company)
        for appraisal in cycle.appraisal_ids:
            if appraisal.employee_id in scores:
                cls._score(appraisal, scores[appraisal.employee_id])
            else:
                appraisal._exclude("not part of this test")
        return cls._close(cycle)

    @classmethod
    def _play_months(cls, first, last, scores, company=None):
        """:meth:`_play` for every month from ``first`` to ``last``; returns the cycles."""
        month, cycles = cls._day(first), cls.env["cs.cycle"]
        while month <= cls._day(last):
            cycles |= cls._play(month_key(month), scores, company)
            month = add_months(month, 1)
        return cycles

    # ------------------------------------------------------------------ what happens to an agent

    @classmethod
    def _figure(cls, agent, month, sales=0.0, handled=0, complaints=0):
        return cls.env["cs.figure"].create(
            {
                "employee_id": agent.id,
                "month": cls._day(month),
                "sales": sales,
                "handled": handled,
                "complaints": complaints,
            }
        )

    @classmethod
    def _violation(cls, agent, date, severity="minor", fine=50.0, kind="slacking", confirm=True):
        violation = cls.env["cs.violation"].create(
            {
                "employee_id": agent.id,
                "date": date,
                "type_id": cls.env.ref(f"cs_promotion.violation_type_{kind}").id,
                "severity": severity,
                "fine": fine,
            }
        )
        if confirm:
            violation._confirm()
        return violation

    @classmethod
    def _probation_test(cls, agent, date, knowledge=80.0, skills=80.0):
        return cls.env["cs.probation.test"].create(
            {"employee_id": agent.id, "date": date, "knowledge": knowledge, "skills": skills}
        )

    @classmethod
    def _award(cls, agent, month):
        return cls.env["cs.award"].create({"employee_id": agent.id, "month": cls._day(month)})

    @classmethod
    def _decide(cls, agent, tier, date, grounds="Outstanding work", announce=True):
        """A person's decision: skip-level promotion or appointment (U4)."""
        decision = cls.env["cs.decision"].create(
            {
                "employee_id": agent.id,
                "tier_to_id": cls.tiers[tier].id,
                "effective_date": date,
                "grounds": grounds,
            }
        )
        if announce:
            decision._announce(fields.Date.to_date(date))
        return decision

    @classmethod
    def _apply(cls, day, company=None):
        """Apply what is due on that day, as the scheduled action does."""
        decisions = cls.env["cs.decision"]
        domain = decisions._get_due_domain(fields.Date.to_date(day))
        return decisions.search(
            domain & Domain("company_id", "=", (company or cls.company).id)
        )._apply_due(fields.Date.to_date(day))

    def _step_up(self, announced="2025-04-01"):
        """Two agents after a quarter: ``agent`` is to step up on 1 April."""
        with freeze_time(announced):
            self._play_months("2025-01", "2025-03", {self.agent: 95, self.peer: 90})
        return self._decisions(self.agent)

    @classmethod
    def _decisions(cls, agent, **values):
        """The agent's decisions with these values, oldest first."""
        domain = [("employee_id", "=", agent.id)]
        domain += [(name, "=", value) for name, value in values.items()]
        return cls.env["cs.decision"].search(domain, order="effective_date, id")

    @classmethod
    def _tier_on(cls, agent, day):
        """Code of the tier that the agent holds on a day; None off the ladder."""
        timeline = cls.env["cs.timeline"]._load(agent.ids)[agent.id]
        held = timeline.at(fields.Date.to_date(day))
        return cls.env["cs.tier"].browse(held.tier).code if held and held.tier else None

    @classmethod
    def _give_reason(cls, action, reason):
        """Write the reason that a button asks its user for into the dialog; take the step."""
        wizard = cls.env["cs.reason"].browse(action["res_id"])
        wizard = wizard.with_user(wizard.create_uid)
        wizard.reason = reason
        wizard.action_take()

    # ------------------------------------------------------------------ what is told

    def _bodies(self, record):
        """All that the history of the record says."""
        return "\n".join(record.message_ids.mapped("body"))

    # ------------------------------------------------------------------ access

    def _as(self, user, records):
        """``records`` as another person sees them, nothing left in the cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        return records.with_user(user)

    @classmethod
    def _month_end(cls, month):
        return month_end(cls._day(month))
