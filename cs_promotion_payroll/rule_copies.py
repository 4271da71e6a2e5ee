"""What OCA copies of a salary rule to each of its lines, and what of it says nothing there."""

from functools import cache

# by which fields of the rule each kind of condition, and of amount, goes
CONDITIONS = {
    "none": (),
    "range": ("condition_range", "condition_range_min", "condition_range_max"),
    "python": ("condition_python",),
}
AMOUNTS = {
    "cs": (),
    "fix": ("amount_fix",),
    "percentage": ("amount_percentage", "amount_percentage_base"),
    "code": ("amount_python_compute",),
}
# in place of OCA's defaults, which are a page of instructions each; a condition has to have some
DEFAULTS = {
    "condition_range": False,
    "condition_python": "result = True",
    "amount_python_compute": False,
}


def leave_unused(values):
    """The values of a line without those that its rule does not go by: copied to each line they
    would take most of its room, and of the time to insert it."""
    unused, empty = _get_unused(values.get("condition_select"), values.get("amount_select"))
    return {name: value for name, value in values.items() if name not in unused} | empty


@cache
def _get_unused(condition, amount):
    """Names of what rules of these kinds do not go by, and what is in its place."""
    if condition not in CONDITIONS or amount not in AMOUNTS:
        return frozenset(), {}  # another addon's kind, which may go by anything
    used = {*CONDITIONS[condition], *AMOUNTS[amount]}
    known = {name for names in (*CONDITIONS.values(), *AMOUNTS.values()) for name in names}
    unused = frozenset(known - used)
    return unused, {name: value for name, value in DEFAULTS.items() if name in unused}
