from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class CsAppraisalRaterMixin(models.AbstractModel):
    """Who grades an agent by name, as the direct superior does, in the browser or on paper (S1),
    and why that may be waiting for somebody who cannot."""

    _name = "cs.appraisal.rater.mixin"
    _description = "Named Raters of a CS Appraisal"

    superior2_id = fields.Many2one(
        "hr.employee",
        string="Superior's Superior",
        ondelete="restrict",
        check_company=True,
        context={"active_test": False},
        help="Fills in a sheet where the policy asks the superior's superior.",
    )
    head_id = fields.Many2one(
        "hr.employee",
        string="Head of Department",
        ondelete="restrict",
        check_company=True,
        context={"active_test": False},
        help="Fills in a sheet where the policy asks the head of department.",
    )
    asks_superior2 = fields.Boolean(compute="_compute_asks", compute_sudo=True)
    asks_head = fields.Boolean(compute="_compute_asks", compute_sudo=True)
    can_enter_paper = fields.Boolean(
        compute="_compute_can_enter_paper",
        compute_sudo=True,  # only whether sheets are in, and whose, is looked at
        help="The reader may enter the paper form now.",
    )
    is_rater = fields.Boolean(
        compute="_compute_is_rater",
        compute_sudo=True,  # a record rule asks for it
        search="_search_is_rater",
        help="The reader fills in a form of this agent, by name.",
    )

    @api.depends("cycle_id.policy_id.rater_ids.who")
    def _compute_asks(self):
        """Whether the policy asks somebody besides superior and office who may be named."""
        for appraisal in self:
            asked = appraisal.cycle_id.policy_id.rater_ids.mapped("who")
            appraisal.asks_superior2 = "superior2" in asked
            appraisal.asks_head = "head" in asked

    @api.depends("sheet_ids.rater_user_id")
    @api.depends_context("uid")
    def _compute_is_rater(self):
        # Reading sheet_ids would leave sheets that are nobody's to see in the cache, from which
        # the reader would get them: they are searched.
        sheets = self.env["cs.appraisal.sheet"]
        mine = Domain("appraisal_id", "in", self.ids) & sheets._get_rated_domain()
        rated = sheets.search(mine).appraisal_id
        for appraisal in self:
            appraisal.is_rater = appraisal in rated

    def _search_is_rater(self, operator, value):
        sheets = self.env["cs.appraisal.sheet"]
        mine = Domain("sheet_ids", "any!", sheets._get_rated_domain())
        return sheets._search_by(mine, operator, value)

    @api.depends_context("uid")
    def _compute_can_enter_paper(self):
        """As :meth:`action_enter_paper` would allow it: a form is on paper, and may be read."""
        self.can_enter_paper = False
        # of no other reader's appraisal the sheets are read: they would stay in the cache for them
        if not self.env.user.has_group("cs_promotion.group_office"):
            return
        for appraisal in self.filtered(lambda each: not each.excluded and not each._is_own()):
            drafts = appraisal.sheet_ids.filtered(lambda sheet: sheet.state == "draft")
            paper = drafts.filtered(lambda sheet: sheet.rater_id and not sheet.rater_user_id)
            appraisal.can_enter_paper = (
                bool(paper)
                and not drafts.filtered(lambda sheet: sheet._is_of_group())
                and appraisal.cycle_id.state == "open"
            )

    def action_enter_paper(self):
        """Open the sheet of a superior, or other rater named, without a login, for the office to
        enter the paper form."""
        self.ensure_one()
        self.env["cs.guard.mixin"]._check_group("cs_promotion.group_office")
        self.check_access("read")
        # sudo: which form is open is told; whether it may be entered is checked on the sheet
        named = self.sudo().sheet_ids.filtered(lambda sheet: not sheet._is_of_group())
        # those on paper first, of which one that is still to be entered
        sheet = named.sorted(lambda sheet: (bool(sheet.rater_user_id), sheet.state != "draft"))[:1]
        sheet._check_editable()
        sheet._check_paper()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "cs_promotion.cs_appraisal_sheet_action_to_score"
        )
        form = [view for view in action["views"] if view[1] == "form"]
        return dict(action, res_id=sheet.id, view_mode="form", views=form)

    def _check_rater(self, person, rater):
        """Say why this employee cannot be named as the agent's superior, or another rater (S1).

        Whoever names somebody decides who grades: so never oneself, never the agent, nobody who
        has entered another form or is named for one, and nobody who does not work here in the
        period. One without a login, whose form others enter, is named by HR or confirmed by a
        manager.

        :param person: the field that names the rater
        """
        self.ensure_one()
        # sudo: the office knows of an employee no more than the name
        appraisal = self.sudo()
        rater = rater.with_env(appraisal.env)
        names = {"agent": appraisal.employee_id.name, "rater": rater.name}
        if not rater:
            return
        user = rater.user_id
        if rater == appraisal.employee_id or (user and user == appraisal.employee_id.user_id):
            raise UserError(self.env._("%(agent)s cannot rate themselves.", **names))
        appraisal._check_other_forms(person, rater)
        start, end = rater.contract_date_start, rater.contract_date_end
        if (
            not rater.active
            or (end and end < appraisal.date_start)
            or (start and start > appraisal.date_end)
        ):
            raise UserError(
                self.env._(
                    "%(rater)s does not work here in this period and cannot rate %(agent)s.",
                    **names,
                )
            )
        if not self.env.su:
            self._check_naming(appraisal.employee_id, rater)

    def _check_other_forms(self, person, rater):
        """Nobody fills in two forms of one agent: not as named, nor as who has entered one."""
        names = {"agent": self.employee_id.name, "rater": rater.name}
        others, user = self.sheet_ids - self._get_sheets_of(person), rater.user_id
        if user and user in (others.editor_ids.user_id | others.submitted_by):
            raise UserError(
                self.env._(
                    "%(rater)s has entered another form of %(agent)s, and one person never "
                    "enters both. Name somebody else.",
                    **names,
                )
            )
        if rater in others.rater_id:
            raise UserError(
                self.env._(
                    "%(rater)s fills in another form of %(agent)s already. Name somebody else.",
                    **names,
                )
            )

    def _check_naming(self, agent, rater):
        """Whether this user may name that rater of that agent."""
        names = {"agent": agent.name, "rater": rater.name}
        if rater.user_id == self.env.user:
            raise UserError(self.env._("You cannot make yourself the rater: somebody else must."))
        if (
            not rater.user_id
            and rater != agent.parent_id
            and not self.env.user.has_group("cs_promotion.group_manager")
        ):
            raise AccessError(
                self.env._(
                    "%(rater)s has no login and is not the manager that HR has set for "
                    "%(agent)s: only a manager of CS Promotion may name such a rater.",
                    **names,
                )
            )

    def _trace_rater(self, person, before):
        """Leave a note of who named whom. A message, and no field tracking: a key in the
        caller's context turns tracking off."""
        self.ensure_one()
        nobody = self.env._("nobody")
        # sudo: the names of both, and a message of the software's on behalf of who named them
        appraisal = self.sudo()
        appraisal.message_post(
            body=self.env._(
                "%(user)s named another rater (%(rater)s): %(before)s → %(after)s.",
                user=self.env.user.name,
                rater=self._fields[person]._description_string(self.env),
                before=before.with_env(appraisal.env).name or nobody,
                after=appraisal[person].name or nobody,
            ),
            author_id=self.env.user.partner_id.id,
        )

    def _get_sheets_of(self, person):
        """The sheets that whom this field names fills in, as sudo."""
        raters = self.env["cs.vocabulary"]._get_raters().values()
        codes = {each.code for each in raters if each.person == person}
        return self.sudo().sheet_ids.filtered(lambda sheet: sheet.role in codes)

    def _empty_sheets_of(self, person, rater_id):
        """Take out what a replaced rater has filled in: the new one starts afresh."""
        replaced = self.filtered(lambda each: each[person].id not in (False, rater_id))
        sheets = replaced._get_sheets_of(person)
        for sheet in sheets.filtered(lambda sheet: sheet.state == "submitted"):
            raise UserError(
                self.env._(
                    "%s is submitted. Give it back before you name another rater.",
                    sheet.display_name,
                )
            )
        # what was entered from paper could be read by the office, whose sheet then is seen
        paper = sheets.filtered(lambda sheet: sheet.is_paper and sheet.answered)
        (paper.appraisal_id.sheet_ids - paper).filtered("submitted_on")._mark_seen()
        sheets.line_ids.write({"grade_id": False, "given": False, "remark": False})
        sheets.former_ids._forget_messages()
        sheets.write({"seen_on": False, "paper_by": False, "paper_on": False})

    def _get_hints(self, sheet):
        """Why a sheet may be waiting for someone who cannot fill it in any more, and what to do."""
        agent, rater = self.employee_id, sheet.rater_id
        if not agent.active:
            yield self.env._(
                "archived, the last day was %(day)s: have the sheet filled in for the days "
                "worked, or leave the agent out",
                day=fields.Date.to_string(agent.cs_left_on),
            )
        elif agent.company_id != self.company_id:
            yield self.env._(
                "works for %(company)s now: have the sheet filled in for the days worked here, "
                "or leave the agent out",
                company=agent.company_id.name,
            )
        if sheet._is_of_group():
            return
        if not rater:
            yield self.env._("nobody is named: name somebody on the appraisal")
        elif not rater.active or (rater.user_id and not rater.user_id.active):
            yield self.env._(
                "%(rater)s is archived: name another rater on the appraisal", rater=rater.name
            )
        elif rater.company_id != self.company_id:
            yield self.env._(
                "%(rater)s works for %(company)s now: name another rater on the appraisal",
                rater=rater.name,
                company=rater.company_id.name,
            )
        elif rater in (self.sheet_ids - sheet).rater_id:
            yield self.env._(
                "%(rater)s fills in another form of the same agent: name another rater on the "
                "appraisal",
                rater=rater.name,
            )
