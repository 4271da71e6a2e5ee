"""What people enter and end by hand: raises, trials, improvement plans; and what came of them."""

from ..package.node import ScenarioError

# what a person wrote down, where the scenario tells only what was decided
REASON = "As talked over with the agent."
STEPS = {"kept": "_keep", "down": "_send_down", "review": "_review"}


def record_person(player, kind, agent, event):
    """A raise that HR enters, or how a person ends what runs."""
    player.path = event.path
    employee = player.employees[agent.name]
    if kind == "raises":
        player.env["cs.raise"].create(
            {
                "employee_id": employee.id,
                "item": event.values["item"],
                "amount": float(event.values["amount"]),
                "date_from": event.date,
                "date_until": event.values["until"] or False,
                "reason": REASON,
            }
        )
        return
    terms = player.env[{"trials": "cs.trial", "plans": "cs.plan"}[kind]]
    running = terms.search([("employee_id", "=", employee.id), ("state", "=", "running")])
    if not running:
        raise ScenarioError(event.path, f"none of the {kind} runs on {event.date}")
    running._check_possible("end")
    if event.values["outcome"] == "extended":
        running._extend(REASON)
    else:
        getattr(running, STEPS[event.values["outcome"]])(REASON, event.date)


def get_others(employee):
    """What came out besides moves and reviews; no key where there is nothing."""
    domain = [("employee_id", "=", employee.id)]
    decisions = employee.env["cs.decision"].search(
        [
            *domain,
            ("state", "=", "applied"),
            ("outcome", "!=", "dismissal_review"),
            ("tier_to_id", "=", False),
        ],
        order="effective_date, ground",
    )
    found = {
        "others": [
            {"date": str(each.effective_date), "kind": each.kind, "rule": each.ground or None}
            for each in decisions
        ],
        "raises": [
            {"item": each.item, "amount": each.amount, **_days(each)}
            for each in employee.env["cs.raise"].search(domain, order="date_from, id")
        ],
        "trials": [
            {"tier": each.tier_id.code, **_days(each), "state": each.state}
            for each in employee.env["cs.trial"].search(domain, order="date_from, id")
        ],
        "plans": [
            {**_days(each), "state": each.state}
            for each in employee.env["cs.plan"].search(domain, order="date_from, id")
        ],
    }
    return {key: rows for key, rows in found.items() if rows}


def _days(record):
    until = record.date_until
    return {"from": str(record.date_from), "until": str(until) if until else None}
