from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime


class CsAppraisalSheetAccessMixin(models.AbstractModel):
    """Blind rating: who reads and who fills in which sheet stands here, and nowhere else.

    The record rules of sheets, of their lines and of their former grades ask for ``can_read``
    and ``can_write``; lists, filters and the desk follow from the same two domains.

    A rater is one person, named for each agent, as the superior is, or anyone of a group, as the
    office: ``cs.vocabulary`` declares which. Of others a row of the policy says who they are
    (``policy_rater_id``): people or a group, any one of whom fills the one sheet in, or colleagues,
    each by name. Where there is nobody with a login, the office does. Who rates themself fills in
    that sheet and sees it, and no other one before all is published. A rater who is not needed is
    not waited for, but still sees nothing before their own sheet is in.

    Paper forms: the office enters the form of a named person who has no login. Whoever enters it
    has read it, and could no longer grade blindly. So the order is fixed: such a sheet becomes
    visible to the office, and may be entered, only once the office's own sheet of that agent is
    in (or the policy asks for none, S3). And it is entered by another person than filled in the
    office's: one person never enters both forms of an agent. Where the office is one person, a
    manager enters the paper forms. Once anything is entered, the office's sheet counts as seen
    against it. The record rules enforce it; the mark shows who entered what, and when.
    """

    _name = "cs.appraisal.sheet.access.mixin"
    _description = "Who Reads and Fills In a CS Appraisal Sheet"

    # computed as sudo: the domains say what this user may see, so rules have no part in them
    can_read = fields.Boolean(
        compute="_compute_access",
        compute_sudo=True,
        search="_search_can_read",
        help="Yours to fill in, or both are in, or it is about you and published.",
    )
    can_write = fields.Boolean(
        compute="_compute_access",
        compute_sudo=True,
        search="_search_can_write",
        help="Yours to fill in, until it is submitted.",
    )
    is_mine = fields.Boolean(
        compute="_compute_access",
        compute_sudo=True,
        search="_search_is_mine",
        help="You are the rater, or enter the rater's paper form.",
    )
    can_score = fields.Boolean(
        compute="_compute_access", compute_sudo=True, help="You may fill it in now."
    )
    is_late = fields.Boolean(
        compute="_compute_is_late",
        compute_sudo=True,
        search="_search_is_late",
        string="Overdue",
        help="To be filled in, and past its due date by the company's calendar day.",
    )
    paper_by = fields.Many2one(
        "res.users", string="Entered from Paper by", readonly=True, ondelete="restrict"
    )
    paper_on = fields.Datetime(string="Entered from Paper on", readonly=True)
    is_paper = fields.Boolean(
        compute="_compute_is_paper", help="The rater has no login: the office enters the form."
    )
    # with the names of users and employees whom the reader may not read
    paper_note = fields.Char(
        compute="_compute_paper_note",
        compute_sudo=True,
        help="Who entered the form, and when.",
    )

    # All that the domains below ask for: a mark kept in the cache may not outlive it
    @api.depends(
        "role",
        "state",
        "excluded",
        "superior_user_id",
        "rater_id",
        "rater_user_id",
        "policy_rater_id",
        "employee_id.user_id",
        "appraisal_id.closed",
        "appraisal_id.complete",
        "appraisal_id.sheet_ids.state",
        "appraisal_id.sheet_ids.rater_user_id",
        "appraisal_id.editor_ids.user_id",
    )
    @api.depends_context("uid")
    def _compute_access(self):
        readable = self.filtered_domain(self._get_read_domain())
        writable = self.filtered_domain(self._get_write_domain())
        mine = writable.filtered_domain(self._get_blind_domain())
        for sheet in self:
            sheet.can_read = sheet in readable
            sheet.can_write = sheet in writable
            sheet.is_mine = sheet in mine
            sheet.can_score = (
                sheet.is_mine and sheet.state == "draft" and not sheet.closed and not sheet.excluded
            )

    def _search_can_read(self, operator, value):
        return self._search_by(self._get_read_domain(), operator, value)

    def _search_can_write(self, operator, value):
        return self._search_by(self._get_write_domain(), operator, value)

    def _search_is_mine(self, operator, value):
        return self._search_by(self._get_mine_domain(), operator, value)

    def _search_is_late(self, operator, value):
        late = Domain([("state", "=", "draft"), ("excluded", "=", False)])
        late &= self.env["res.company"]._cs_until_today("date_due", "<")
        return self._search_by(late, operator, value)

    @api.model
    def _search_by(self, domain, operator, value):
        """The answer of a search method to whether ``domain`` is met."""
        if operator != "in":
            return NotImplemented
        return Domain.OR(domain if each else ~domain for each in value)

    @api.depends("state", "excluded", "date_due", "company_id")
    def _compute_is_late(self):
        today = {company: company._cs_today() for company in self.company_id}
        for sheet in self:
            sheet.is_late = bool(
                sheet.state == "draft"
                and not sheet.excluded
                and sheet.date_due
                and sheet.date_due < today[sheet.company_id]
            )

    @api.model
    def _get_write_domain(self, cycles=None):
        """The sheets that this user fills in: as the person named, for a group as the office, or
        from paper (S1).

        :param cycles: where these alone are asked about: those whose sheets are looked through
        """
        uid, user = self.env.uid, self.env.user
        theirs = Domain("rater_user_id", "=", uid)
        # who grades an agent by name does not grade them for a group as well
        unnamed = Domain("superior_user_id", "!=", uid) & ~self._get_named_domain(cycles)
        codes = self._get_own_group_codes()
        if codes:
            theirs |= Domain("role", "in", codes) & unnamed
        people = self._get_people_domain(cycles)
        if not people.is_false():
            theirs |= people & unnamed
        if user.has_group("cs_promotion.group_office"):
            theirs |= self._get_paper_domain(cycles)
        # last: whatever else one is, nobody fills in a form about oneself but that of the agent
        return theirs & (~self._get_own_domain() | Domain("role", "in", self._get_self_codes()))

    @api.model
    def _get_self_codes(self):
        """Codes of the raters that are the agents themselves."""
        raters = self.env["cs.vocabulary"]._get_raters().values()
        return [each.code for each in raters if each.person == "employee_id"]

    @api.model
    def _get_people_domain(self, cycles=None):
        """The sheets that nobody fills in by name, but who is among the people that a row of a
        policy says: whose this user is one; and, of the office, those for whom there is nobody."""
        if not any(each.own for each in self.env["cs.vocabulary"]._get_raters().values()):
            return Domain.FALSE
        # sudo: whose rows there are, of all companies; sheets are within the reader's own
        rows = self.env["cs.policy.rater"].sudo()._find_own()
        user, is_office = self.env.user, self.env.user.has_group("cs_promotion.group_office")
        mine, nobodys, parts = [], [], []
        for row in rows:
            users = row._get_users()
            if user in users:
                mine.append(row.id)
            if is_office and not users:
                nobodys.append(row.id)
            elif is_office and len(users) == 1:
                # the only one is the agent, or rates the agent by name already
                barred = Domain("employee_id", "any!", Domain("user_id", "=", users.id))
                barred |= Domain("superior_user_id", "=", users.id)
                barred |= self._get_beside_domain(Domain("rater_user_id", "=", users.id), cycles)
                parts.append(Domain("policy_rater_id", "=", row.id) & barred)
        found = Domain("policy_rater_id", "in", mine + nobodys)
        return Domain("rater_id", "=", False) & Domain.OR([found, *parts])

    @api.model
    def _get_rated_domain(self):
        """The sheets that this user fills in by name, or as one of those whom a row names; their
        own are none of these."""
        mine = Domain("rater_user_id", "=", self.env.uid) | self._get_people_domain()
        if not self._get_self_codes():
            return mine
        return mine & ~self._get_own_domain()

    @api.model
    def _get_own_group_codes(self):
        """Codes of the raters of whose group this user is."""
        raters = self.env["cs.vocabulary"]._get_raters().values()
        user = self.env.user
        return [each.code for each in raters if each.group and user.has_group(each.group)]

    @api.model
    def _get_named_domain(self, cycles=None):
        """The sheets of agents one of whose raters this user is by name."""
        return self._get_beside_domain(Domain("rater_user_id", "=", self.env.uid), cycles)

    @api.model
    def _get_beside_domain(self, domain, cycles=None):
        """The sheets of agents of whom one sheet of the period, be it this one, is in ``domain``.

        By the id of the appraisal, which both have: through the appraisals PostgreSQL would read
        those of all years.
        """
        if cycles is not None:
            domain &= Domain("cycle_id", "in", cycles.ids)

        def to_sql(sheets, alias, query):
            # past the rules, which ask for this themselves
            beside = sheets._search(domain, bypass_access=True)
            return SQL(
                "EXISTS (SELECT FROM %s AS beside WHERE beside.appraisal = %s)",
                beside.subselect(SQL("appraisal_id AS appraisal")),
                sheets._field_to_sql(alias, "appraisal_id", query),
            )

        def is_in(sheet):
            return bool(sheet.appraisal_id.sheet_ids.filtered_domain(domain))

        return Domain.custom(to_sql=to_sql, predicate=is_in)

    @api.model
    def _get_read_domain(self):
        """The sheets that this user sees: those to fill in; all of an agent once all are in, for
        superior, office and raters; one's own once they are published."""
        own = self._get_own_domain()
        concerned = Domain("superior_user_id", "=", self.env.uid) | self._get_named_domain()
        codes = self._get_own_group_codes()
        if codes:
            concerned |= self._get_beside_domain(Domain("role", "in", codes))
        if self.env.user.has_group("cs_promotion.group_office"):
            concerned = Domain.TRUE
        people = self._get_people_domain()
        if not people.is_false():
            concerned |= self._get_beside_domain(people)
        # "any!": past the rules of appraisals, which ask for sheets themselves
        complete = Domain("appraisal_id", "any!", Domain("complete", "=", True))
        published = Domain("appraisal_id", "any!", Domain("closed", "=", True))
        write = self._get_write_domain()
        if self.env["cs.policy.rater"]._has_optional():
            # who is late is not waited for, and still blind
            late = Domain("optional", "=", True) & Domain("state", "=", "draft") & write
            complete &= ~self._get_beside_domain(late)
        return write | (concerned & complete & ~own) | (own & published)

    @api.model
    def _get_open_domain(self, cycles):
        """Those of the sheets of these cycles still to be filled in that this user sees: theirs.
        All other sheets show once the agent's are in: then none is left open but of a rater who is
        not needed.

        To count with: asked by the whole of what is seen, PostgreSQL reads the appraisals of all
        years.
        """
        if self.env["cs.policy.rater"]._has_optional():
            return self._get_read_domain()
        return self._get_write_domain(cycles)

    @api.model
    def _get_own_domain(self):
        """The sheets about this user."""
        return Domain("employee_id", "any!", Domain("user_id", "=", self.env.uid))

    @api.model
    def _get_blind_domain(self):
        """The sheets of agents whose other form this user has not entered."""
        entered = Domain("user_id", "=", self.env.uid)
        return Domain.OR(
            Domain("role", "=", code)
            & Domain(
                "appraisal_id",
                "any!",
                Domain("editor_ids", "not any!", entered & Domain("role", "!=", code)),
            )
            for code in self.env["cs.vocabulary"]._get_raters()
        )

    @api.model
    def _get_mine_domain(self):
        """What lies on this user's desk: theirs to fill in, and still blind to the others."""
        return self._get_write_domain() & self._get_blind_domain()

    # ------------------------------------------------------------------ paper

    @api.depends("role", "rater_user_id", "paper_by")
    def _compute_is_paper(self):
        for sheet in self:
            sheet.is_paper = bool(
                sheet.paper_by or (not sheet._is_of_group() and not sheet.rater_user_id)
            )

    @api.depends("is_paper", "rater_id", "paper_by", "paper_on", "state")
    @api.depends_context("lang", "tz", "uid")
    def _compute_paper_note(self):
        for sheet in self:
            if sheet.paper_by:
                sheet.paper_note = self.env._(
                    "Entered from paper by %(user)s on %(day)s.",
                    user=sheet.paper_by.name,
                    day=format_datetime(self.env, sheet.paper_on, dt_format="short"),
                )
            elif sheet.state == "draft" and sheet.can_write and not sheet.is_mine:
                sheet.paper_note = self.env._(
                    "You have entered the other form of this agent, and one person never enters "
                    "both: somebody else fills in this one."
                )
            elif sheet.is_paper:
                sheet.paper_note = self.env._(
                    "%(superior)s has no login: the office enters the paper form.",
                    superior=sheet.rater_id.name or sheet._get_rater_name(),
                )
            else:
                sheet.paper_note = False

    @api.model
    def _get_paper_domain(self, cycles=None):
        """Sheets that the office may enter from paper."""
        groups = Domain([("role", "in", self._get_group_codes()), ("state", "=", "draft")])
        return (
            Domain("rater_id", "!=", False)
            & Domain("rater_user_id", "=", False)
            & ~self._get_beside_domain(groups, cycles)
        )

    def _get_rater_name(self):
        """Which rater's sheet this is, in the reader's words."""
        self.ensure_one()
        return dict(self._get_roles()).get(self.role, self.role)

    def _check_paper(self):
        """Say why the form of a named person cannot be entered by the office; called as sudo."""
        for sheet in self:
            names = {
                "agent": sheet.employee_id.name,
                "superior": sheet.rater_id.name or "",
            }
            if not sheet.rater_id:
                raise UserError(
                    self.env._(
                        "%(agent)s: nobody is named as %(rater)s. Name somebody first.",
                        rater=sheet._get_rater_name(),
                        **names,
                    )
                )
            if sheet.rater_user_id:
                raise UserError(
                    self.env._(
                        "%(superior)s has a login and fills in the sheet of %(agent)s.", **names
                    )
                )
            if not sheet.filtered_domain(self._get_paper_domain()):
                raise UserError(
                    self.env._(
                        "Submit the office's own sheet of %(agent)s first: whoever enters "
                        "the form of %(superior)s must not know it while grading.",
                        **names,
                    )
                )
            if not sheet.filtered_domain(self._get_blind_domain()):
                self.env["cs.appraisal.sheet.editor"]._refuse(sheet)

    def _mark_paper(self):
        """Mark sheets of a named person that someone else fills in, with it and in its history."""
        if self.env.su:
            return
        user = self.env.user
        # sudo: the mark is the software's, on a sheet that the caller may fill in
        for sheet in self.sudo():
            if sheet._is_of_group() or user in (sheet.rater_user_id | sheet.paper_by):
                continue
            sheet.write({"paper_by": user.id, "paper_on": fields.Datetime.now()})
            sheet.message_post(
                body=self.env._(
                    "Entered by %(user)s from the paper form of %(superior)s.",
                    user=user.name,
                    superior=sheet.rater_id.name,
                )
            )
            # the office has read this form now: its own of the same agent is no longer blind
            others = sheet.appraisal_id.sheet_ids - sheet
            others.filtered(lambda other: other.state == "submitted")._mark_seen()
