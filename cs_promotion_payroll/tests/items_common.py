"""The hotline's pay as rows of a policy (its paper, B7-B9)."""

from odoo import Command

from .arrears_common import ArrearsCase

STARS = (
    ("5", "share", 10, 1.3),
    ("4", "share", 20, 1.15),
    ("3", "share", 40, 1),
    ("2", "rest", 0, 0.8),
    ("none", "score", 60, 0.5),
)


class ItemsCase(ArrearsCase):
    """Metrics, scales and pay items in short."""

    @classmethod
    def _metric(cls, code, **values):
        return cls.env["cs.metric"].create(
            {"name": code.replace("_", " ").title(), "code": code, "late": True, **values}
        )

    @classmethod
    def _scale(cls, code, mode, *steps, **values):
        """:param steps: (bound, value) or (operator, bound, value)"""
        rows = [step if len(step) == 3 else (">=", *step) for step in steps]
        return cls.env["cs.scale"].create(
            {
                "name": code.title(),
                "code": code,
                "mode": mode,
                "step_ids": [
                    Command.create(
                        {"sequence": n, "operator": operator, "bound": bound, "value": value}
                    )
                    for n, (operator, bound, value) in enumerate(rows)
                ],
                **values,
            }
        )

    @classmethod
    def _item(cls, code, amounts=(), factors=(), provisos=(), policy=None, **values):
        """A pay item of the policy.

        :param amounts: (tier's code or None, amount) or dicts; ``factors``: dicts;
            ``provisos``: (metric, operator, value)
        """
        rows = [
            row
            if isinstance(row, dict)
            else {"tier_id": row[0] and cls.tiers[row[0]].id, "amount": row[1]}
            for row in amounts
        ]
        names = ("metric", "operator", "value")
        return cls.env["cs.policy.item"].create(
            {
                "policy_id": (policy or cls.policy).id,
                "code": code,
                "name": code.title(),
                "amount_ids": [Command.create({"sequence": n, **r}) for n, r in enumerate(rows)],
                "factor_ids": [Command.create(each) for each in factors],
                "proviso_ids": [
                    Command.create(dict(zip(names, each, strict=True))) for each in provisos
                ],
                **values,
            }
        )

    @classmethod
    def _measure(cls, code, whose, month, value):
        """A typed value: of an agent, a department, or of the company (None)."""
        key = {"hr.employee": "employee_id", "hr.department": "department_id"}
        metric = cls.env["cs.metric"].search([("code", "=", code)])
        return (
            cls.env["cs.measure"]
            .with_company(cls.company)
            .create(
                {
                    "metric_id": metric.id,
                    "date": cls._day(month),
                    "value": value,
                    "company_id": cls.company.id,
                    **({key[whose._name]: whose.id} if whose else {}),
                }
            )
        )

    @classmethod
    def _measure_all(cls, agent, month, **values):
        for code, value in values.items():
            cls._measure(code, agent, month, value)

    def _lines(self, slip):
        return {line.code: round(line.total, 2) for line in slip.line_ids}

    @classmethod
    def _set_wages(cls, **wages):
        for code, wage in wages.items():
            rung = cls.policy.rung_ids.filtered(lambda each, code=code: each.tier_id.code == code)
            rung.base_wage = wage

    @classmethod
    def _set_up_hotline(cls):
        """B7 and B8: juniors are the agents; base wage 2200, appraisal pay 800 by stars."""
        for code in ("tickets", "nights", "absent", "late"):
            cls._metric(code)
        piece = cls._scale("piece", "marginal", (0, 0.30), (6000, 0.40))
        low = cls._scale("low", "marginal", (0, 0.30))
        years = cls._scale("years", "bands", *((12 * n, 50 * n) for n in range(10, 0, -1)))
        cls.policy.write(
            {
                "rank_within": "company",
                "class_from": 70,
                "class_rounding": "half_up",
                "pays_appraisal": False,
                "pays_commission": False,
                "class_ids": [
                    Command.create(
                        {
                            "sequence": n,
                            "code": code,
                            "name": f"{code} stars",
                            "given_by": kind,
                            "share": number if kind == "share" else 0,
                            "score": number if kind == "score" else 0,
                            "coefficient": coefficient,
                        }
                    )
                    for n, (code, kind, number, coefficient) in enumerate(STARS)
                ],
            }
        )
        cls._set_wages(junior=2200)
        scored = ("month_score", ">=", 60)
        tickets = {"of": "metric", "metric": "tickets"}
        cls._item("PIECE", provisos=[scored], scale_id=piece.id, **tickets)
        cls._item("LOW", provisos=[("month_score", "<", 60)], scale_id=low.id, **tickets)
        cls._item("STARS", [("junior", 800)], [{"kind": "class"}], [scored])
        cls._item("NIGHT", [(None, 15)], of="metric", metric="nights")
        cls._item(
            "FULL",
            [(None, 100)],
            provisos=[scored, ("absent", "=", 0), ("late", "=", 0)],
            by_days=False,
        )
        cls._item(
            "YEARS", provisos=[scored], of="metric", metric="tenure_months", scale_id=years.id
        )
