"""A desk whose posts are appraised by forms of their own, as a package."""

from copy import deepcopy


def make_form(name, *items, **more):
    """A form of one section: items as (name, most points), rated by numbers."""
    return {
        "name": name,
        "sections": [
            {
                "code": "A",
                "name": name,
                "weight": 100,
                "items": [
                    {"name": item, "source": "number", "maximum": most, **more}
                    for item, most in items
                ],
            }
        ],
    }


DESK = {
    "name": "Desk",
    "form": make_form("Agent's month", ("Work", 60), ("Attitude", 40)),
    "ladder": [
        {"tier": "form_agent", "name": "Agent", "base_wage": 3000, "appraisal_pay": 1000},
        {"tier": "form_leader", "name": "Leader", "base_wage": 4000, "appointed": True},
    ],
    "raters": [{"code": "superior", "weight": 100}],
    "rules": [],
    "consequences": [],
}


def make_package(**parts):
    """The desk's package with other parts."""
    return deepcopy(DESK) | parts
