"""The records on which access is tried: one of every model, in the states that matter."""

from odoo import Command

from .common import CsPromotionCase

EVERYBODY = ("agent", "peer", "superior", "stranger", "office", "manager")
OTHERS = ("agent_b", "superior_b", "office_b", "manager_b")


class CsAccessCase(CsPromotionCase):
    """``records``: key -> record. January 2025 is closed, February open; all records are about
    ``agent``, those ending in ``_of_office`` about ``clerk``, who is ``user_office``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._make_agent("Clerk", hired="2024-01-01", user=cls.user_office)
        kind = cls.env.ref("cs_promotion.violation_type_slacking")
        cls.policy.offence_ids = [Command.create({"type_id": kind.id})]
        a_class = {"code": "A", "name": "Class A", "given_by": "score"}
        cls.policy.class_ids = [Command.create(a_class)]
        cls._make_class_proviso(cls.policy)
        cls._make_pay_item(cls.policy)
        cls._make_order(cls.policy)
        cls.policy.form_ids = [Command.create({"kind": "year"})]
        goal = {"name": "Goal", "code": "goal", "kind": "target"}
        cls.goal = cls.env["cs.metric"].create(goal)
        cls.policy.target_ids = [Command.create({"metric_id": cls.goal.id, "value": 50})]
        approval = {"who": "manager", "outcome": "dismissal_review"}
        cls.policy.approval_ids = [Command.create(approval)]
        cls._play("2025-01", {cls.agent: 95, cls.clerk: 90})
        cls._open("2025-02")
        cls.spare = cls.env["cs.tier"].create({"name": "Expert", "code": "expert"})
        cls.records = {
            "tier": cls.tiers["junior"],
            "standard": cls.tiers["junior"].standard_ids[0],
            "violation_type": cls.env.ref("cs_promotion.violation_type_slacking"),
        }
        cls._set_up_policies()
        cls._set_up_appraisals()
        for suffix, agent in (("", cls.agent), ("_of_office", cls.clerk)):
            cls.records["figure" + suffix] = cls._figure(agent, "2025-02", sales=100)
            cls.records["award" + suffix] = cls._award(agent, "2025-02")
            cls.records["probation_test" + suffix] = cls._probation_test(agent, "2025-02-03")
        cls._set_up_decisions()
        cls._set_up_effects()

    @classmethod
    def _set_up_effects(cls):
        """A raise, a trial and an improvement plan, entered by the software or by hand."""
        days = {"date_from": "2025-02-01", "date_until": "2025-03-31"}
        for suffix, agent in (("", cls.agent), ("_of_office", cls.clerk)):
            cls.records["raise" + suffix] = cls.env["cs.raise"].create(
                {"employee_id": agent.id, "amount": 100, "reason": "Trains others", **days}
            )
        agent = {"employee_id": cls.agent.id, **days}
        tiers = {"tier_id": cls.tiers["junior"].id, "tier_from_id": cls.tiers["probation"].id}
        plan = cls.env["cs.plan"].create({**agent, "reason": "Late answers"})
        meeting = {"plan_id": plan.id, "date": "2025-02-10", "said": "Half-way there"}
        cls.records |= {
            "trial": cls.env["cs.trial"].create({**agent, **tiers}),
            "plan": plan,
            "plan_meeting": cls.env["cs.plan.meeting"].create(meeting),
        }

    @classmethod
    def _set_up_policies(cls):
        draft = cls._make_policy(cls.company, "2026-01-01", activate=False)
        scorecard = cls.policy.scorecard_id.copy()
        section = scorecard.section_ids[0]
        cls.records |= {
            "scorecard": scorecard,
            "section": section,
            "item": section.item_ids[0],
            "grade": section.grade_ids[0],
        }
        draft.class_ids = [Command.create({"code": "A", "name": "Class A", "given_by": "score"})]
        draft.form_ids = [Command.create({"kind": "year"})]
        draft.target_ids = [Command.create({"metric_id": cls.goal.id, "value": 60})]
        draft.offence_ids = [Command.create({"type_id": cls.records["violation_type"].id})]
        draft.approval_ids = [Command.create({"who": "manager"})]
        scale = cls.env["cs.scale"].create(
            {
                "name": "Tickets",
                "code": "tickets",
                "step_ids": [Command.create({"bound": 1, "value": 1})],
            }
        )
        metrics = cls.env["cs.metric"].create(
            [{"name": code.title(), "code": code} for code in ("tickets", "calls")]
        )
        cls.records |= {"scale": scale, "scale_step": scale.step_ids, "metric": metrics[0]}
        cls.records["metric_part"] = cls._make_exam().part_ids[0]
        for suffix, agent in (("", cls.agent), ("_of_office", cls.clerk)):
            cls.records["measure" + suffix] = cls.env["cs.measure"].create(
                {"metric_id": metrics[1].id, "employee_id": agent.id, "date": "2025-02-01"}
            )
        draft.rater_ids[1:].unlink()
        draft.consequence_ids[1:].unlink()
        for suffix, policy in (("", cls.policy), ("_draft", draft)):
            pay_item = cls._make_pay_item(policy)
            cls.records |= {
                "pay_item" + suffix: pay_item,
                "pay_item_amount" + suffix: pay_item.amount_ids,
                "pay_item_factor" + suffix: pay_item.factor_ids,
                "pay_item_proviso" + suffix: pay_item.proviso_ids,
                "policy_form" + suffix: policy.form_ids,
                "target" + suffix: policy.target_ids,
                "policy" + suffix: policy,
                "rung" + suffix: policy.rung_ids[0],
                "order" + suffix: cls._make_order(policy),
                "rater" + suffix: policy.rater_ids[0],
                "class" + suffix: policy.class_ids[0],
                "class_proviso" + suffix: cls._make_class_proviso(policy),
                "consequence" + suffix: policy.consequence_ids[0],
                "offence" + suffix: policy.offence_ids[0],
                "policy_approval" + suffix: policy.approval_ids[0],
                "rule" + suffix: policy.rule_ids[0],
                "condition" + suffix: policy.rule_ids[0].condition_ids[0],
            }

    @classmethod
    def _make_order(cls, policy):
        return policy.rung_ids.order_ids or policy.rung_ids.order_ids.create(
            {"rung_id": policy.rung_ids[1].id, "metric": "month_score"}
        )

    @classmethod
    def _make_class_proviso(cls, policy):
        provisos = policy.class_ids[0].proviso_ids
        return provisos or provisos.create(
            {"class_id": policy.class_ids[0].id, "metric": "violations", "operator": "="}
        )

    @classmethod
    def _make_exam(cls):
        papers = [{"name": code, "code": code, "grain": "event"} for code in ("written", "spoken")]
        cls.env["cs.metric"].create(papers)
        parts = [Command.create({"metric": each["code"], "weight": 50}) for each in papers]
        exam = {"name": "Exam", "code": "exam", "kind": "parts", "grain": "event"}
        return cls.env["cs.metric"].create(exam | {"part_ids": parts})

    @classmethod
    def _make_pay_item(cls, policy):
        return policy.item_ids or policy.item_ids.create(
            {
                "policy_id": policy.id,
                "code": "ALLOWANCE",
                "name": "Allowance",
                "amount_ids": [Command.create({"amount": 100})],
                "factor_ids": [Command.create({"kind": "score"})],
                "proviso_ids": [Command.create({"metric": "month_score", "value": 60})],
            }
        )

    @classmethod
    def _set_up_appraisals(cls):
        cls.records |= {
            "cycle": cls._cycle("2025-02"),
            "cycle_closed": cls._cycle("2025-01"),
            "appraisal_open": cls._appraisal(cls.agent, "2025-02"),
            "appraisal_closed": cls._appraisal(cls.agent, "2025-01"),
            "appraisal_of_office": cls._appraisal(cls.clerk, "2025-02"),
        }
        for role in ("superior", "office"):
            for state, month in (("draft", "2025-02"), ("closed", "2025-01")):
                sheet = cls._sheet(cls.agent, month, role)
                cls.records[f"sheet_{role}_{state}"] = sheet
                cls.records[f"line_{role}_{state}"] = sheet.line_ids[0]

        cls._set_up_seen()

    @classmethod
    def _set_up_seen(cls):
        """Sheets that were seen: of the peer, both in; and former grades, kept by hand."""
        cls._score(cls._appraisal(cls.peer, "2025-02"), 70)
        seen = cls._sheet(cls.peer, "2025-02", "superior")
        former = cls.env["cs.appraisal.sheet.former"]
        cls.records |= {
            "sheet_superior_seen": seen,
            "editor_superior_seen": cls.env["cs.appraisal.sheet.editor"].create(
                {"sheet_id": seen.id, "user_id": cls.user_superior.id}
            ),
            "former_superior_draft": former._keep(cls.records["sheet_superior_draft"], "Mixed up"),
            "former_superior_closed": former._keep(
                cls.records["sheet_superior_closed"], "Mixed up"
            ),
        }

    @classmethod
    def _set_up_decisions(cls):
        reported = cls._violation(cls.agent, "2025-02-03", confirm=False)
        reported.reported_by = cls.user_superior
        cls.records |= {
            "violation_reported": reported,
            "violation_confirmed": cls._violation(cls.agent, "2025-02-04"),
            "violation_of_office": cls._violation(cls.clerk, "2025-02-04", confirm=False),
            "decision_proposed": cls._decide(cls.agent, "senior", "2025-03-01", announce=False),
            "decision_announced": cls._decide(cls.agent, "intermediate", "2025-02-15"),
            "path": cls.env["cs.path"].browse(cls.agent.id),
            "board": cls.env["cs.board"].browse(cls.records["appraisal_closed"].id),
            "dashboard": cls.env["cs.dashboard"].browse(cls.company.id),
            "score_report": cls.env["cs.score.report"].browse(cls.records["line_office_closed"].id),
        }
        proposed = cls.records["decision_proposed"]
        cls.records["decision_approval"] = cls.env["cs.decision.approval"].create(
            {"decision_id": proposed.id, "who": "manager"}
        )
        for state in ("draft", "submitted"):
            application = {"employee_id": cls.agent.id, "rule_id": cls.policy.rule_ids[0].id}
            cls.records[f"application_{state}"] = cls.env["cs.application"].create(
                application | {"date": "2025-02-20", "state": state}
            )
        told = cls.records["violation_confirmed"]
        told.to_hand_over = True
        cls.records["handover"] = cls.env["cs.handover"].search(
            [("res_model", "=", told._name), ("res_id", "=", told.id)]
        )

    def _get_user(self, person):
        return getattr(self, f"user_{person}")
