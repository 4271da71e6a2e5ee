"""The pages that people wait for, loaded as the browser asks for them."""

from lxml import etree

from odoo.addons.cs_promotion.engine.calendar import add_months

X2MANY_LIMIT = 40  # rows that the browser asks for at first
CARDS_LIMIT = 80  # cards of an unfolded group


class Pages:
    """My path as an agent, the board as the same agent, the cockpit as the office: of the month
    after the measured one, as that one is closed."""

    def __init__(self, case):
        self.case = case
        self.cycle = case.history.find_cycle(add_months(case.month, 1))

    def prepare(self):
        """Open the month after the measured one."""
        self.cycle._open()

    @property
    def loads(self):
        """Name of each page -> function that loads it once."""
        return {"My path": self.load_path, "Board": self.load_board, "Cockpit": self.load_cockpit}

    def _as(self, login, model):
        user = self.case.env["res.users"].search([("login", "=", f"bench_{login}")])
        context = {"lang": "en_US", "allowed_company_ids": self.case.company.ids}
        return self.case.env(user=user.id, su=False, context=context)[model]

    def load_path(self):
        paths = self._as("agent", "cs.path")
        action = paths.action_open_mine()
        spec = get_spec(paths, "form")
        return paths.browse(action["res_id"]).web_read(spec)

    def load_board(self):
        boards = self._as("agent", "cs.board")
        action = boards.action_open_board()
        names = ("cycle_id", "department_id")
        defaults = ((name, action["context"].get(f"search_default_{name}")) for name in names)
        return boards.web_read_group(
            [(name, "=", value) for name, value in defaults if value],
            ["department_id"],
            auto_unfold=True,
            unfold_read_specification=get_spec(boards, "kanban"),
            unfold_read_default_limit=CARDS_LIMIT,
        )

    def load_cockpit(self):
        cycle = self._as("office", "cs.cycle").browse(self.cycle.id)
        return cycle.web_read(get_spec(cycle, "form"))


def get_spec(records, kind):
    """What the browser reads for a view of this kind."""
    view = records.get_views([(False, kind)])["views"][kind]
    return _read_spec(records, etree.fromstring(view["arch"]))


def _read_spec(records, node):
    spec = {}
    for child in node:
        if child.tag != "field":
            spec |= _read_spec(records, child)
            continue
        field = records._fields[child.get("name")]
        spec[field.name] = {}
        if field.type == "many2one":
            spec[field.name] = {"fields": {"display_name": {}}}
        elif field.relational:
            lines = records.env[field.comodel_name]
            fields = {"display_name": {}} if not len(child) else _read_spec(lines, child)
            spec[field.name] = {"fields": fields, "limit": X2MANY_LIMIT}
    return spec
