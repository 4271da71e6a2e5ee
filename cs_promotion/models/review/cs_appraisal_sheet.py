from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...engine import scoring
from ...engine.decimals import decimal, round_half_up
from ...engine.form import COUNTS
from ..many import any_of


class CsAppraisalSheet(models.Model):
    """One rater's filled-in scorecard (S1). Submitted, it is read-only.

    Until every rater has submitted, a rater sees their own sheet only: who reads and writes
    what stands in ``cs_appraisal_sheet_access_mixin.py``. Once it was seen against the other's, a
    sheet goes back by a manager alone, with a reason, and keeps its former grades.
    """

    _name = "cs.appraisal.sheet"
    _inherit = [
        "cs.appraisal.sheet.access.mixin",
        "cs.appraisal.sheet.desk.mixin",
        "cs.bulk.mixin",
        "cs.guard.mixin",
        "mail.thread",
        "cs.name.search.mixin",
        "cs.kept.mixin",
    ]
    _description = "CS Appraisal Sheet"
    _order = "appraisal_id desc, role desc, id"
    _name_parts = ("employee_id", "cycle_id", "role")

    # the name of an agent who has moved on is read by whoever may see the sheet
    display_name = fields.Char(compute_sudo=True)
    appraisal_id = fields.Many2one("cs.appraisal", required=True, ondelete="cascade", readonly=True)
    role = fields.Selection(selection="_get_roles", required=True, readonly=True, string="Rater")
    rater_id = fields.Many2one(
        "hr.employee",
        compute="_compute_rater_id",
        store=True,
        string="Filled In by",
        ondelete="restrict",
        context={"active_test": False},
        help="The one person who fills it in; none where a group does, as the office.",
    )
    policy_rater_id = fields.Many2one(
        "cs.policy.rater",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Whose row says who fills it in: people, a group, colleagues.",
    )
    optional = fields.Boolean(
        readonly=True, help="Closing does not wait for it; then the others share its weight."
    )
    rater_user_id = fields.Many2one(
        related="rater_id.user_id", store=True, index="btree_not_null", string="Rater's User"
    )
    cycle_id = fields.Many2one(related="appraisal_id.cycle_id", store=True)
    company_id = fields.Many2one(related="appraisal_id.company_id", store=True)
    employee_id = fields.Many2one(related="appraisal_id.employee_id", store=True, index=True)
    department_id = fields.Many2one(related="appraisal_id.department_id", store=True)
    tier_id = fields.Many2one(related="appraisal_id.tier_id")
    superior_id = fields.Many2one(related="appraisal_id.superior_id", store=True)
    superior_user_id = fields.Many2one(
        related="appraisal_id.superior_id.user_id",
        store=True,
        index=True,
        string="Superior's User",
    )
    complete = fields.Boolean(related="appraisal_id.complete")
    closed = fields.Boolean(related="appraisal_id.closed")
    excluded = fields.Boolean(related="appraisal_id.excluded", store=True)
    date_due = fields.Date(related="cycle_id.date_due", store=True)
    scorecard_id = fields.Many2one("cs.scorecard", required=True, readonly=True)
    line_ids = fields.One2many("cs.appraisal.sheet.line", "sheet_id", string="Items")
    state = fields.Selection(
        [("draft", "To Fill In"), ("submitted", "Submitted")],
        default="draft",
        required=True,
        readonly=True,
    )
    total = fields.Float(
        digits=(5, 2),
        compute="_compute_total",
        store=True,
        aggregator="avg",
        help="Sum of the items, or the sections by weight, as the policy says (S2).",
    )
    answered = fields.Integer(compute="_compute_total", store=True, aggregator=False)
    item_count = fields.Integer(readonly=True, aggregator=False, string="Number of Items")
    submitted_by = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    submitted_on = fields.Datetime(readonly=True)
    seen_on = fields.Datetime(
        readonly=True,
        copy=False,
        help="Since when its raters may have read the other rater's grades: both were in once.",
    )
    editor_ids = fields.One2many("cs.appraisal.sheet.editor", "sheet_id", readonly=True)
    former_ids = fields.One2many("cs.appraisal.sheet.former", "sheet_id", readonly=True)
    # the reason is meant for the rater, whoever that is by now; whether a sheet may be given back
    # hangs on the other's, too, which the reader may not see
    return_note = fields.Char(compute="_compute_return_note", compute_sudo=True)
    can_give_back = fields.Boolean(compute="_compute_can_give_back", compute_sudo=True)

    # all that the cockpit counts by: ten thousand sheets are counted without reading one
    _progress_idx = models.Index(
        "(cycle_id, state) INCLUDE (excluded, role, department_id, rater_id)"
    )
    # of colleagues each has one
    _role_rater_uniq = models.UniqueIndex(
        "(appraisal_id, role, (CASE WHEN policy_rater_id IS NULL THEN 0 ELSE rater_id END))",
        "An appraisal has one sheet for each rater.",
    )

    @api.model
    def _get_roles(self):
        return self.env["cs.vocabulary"]._get_rater_choice()

    @api.depends(lambda self: ["role", *(f"appraisal_id.{name}" for name in self._get_persons())])
    def _compute_rater_id(self):
        raters = self.env["cs.vocabulary"]._get_raters()
        for sheet in self:
            rater = raters.get(sheet.role)
            if sheet.policy_rater_id:
                sheet.rater_id = sheet.rater_id  # a colleague was asked when it was made
            else:
                sheet.rater_id = rater and rater.person and sheet.appraisal_id[rater.person]

    @api.depends("appraisal_id", "role")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._get_roles())
        for sheet in self:
            sheet.display_name = self.env._(
                "%(appraisal)s, %(rater)s",
                appraisal=sheet.appraisal_id.display_name,
                rater=labels.get(sheet.role),
            )

    @api.depends("line_ids.points", "line_ids.grade_id", "line_ids.is_given")
    @api.depends("cycle_id.policy_id.score_method")
    def _compute_total(self):
        for sheet in self:
            graded = sheet.line_ids.filtered("is_answered")
            sheet.answered = len(graded)
            # a section without any grade counts with nought, where sections are weighed
            points = {section: decimal(0) for section in sheet.scorecard_id.section_ids.ids}
            for line in graded.filtered(lambda line: line.item_id.effect == COUNTS):
                points[line.section_id.id] += decimal(line.points)
            total = scoring.rater_total(
                points,
                sheet.scorecard_id._get_sections(),
                sheet._get_total_method(),
            )
            sheet.total = float(round_half_up(total))

    def _get_total_method(self):
        """How a sheet's total is shown: of a rater who does not rate it all, as a sum (S2)."""
        sections = self.scorecard_id.section_ids
        is_whole = all(section._is_plain() for section in sections)
        return (is_whole and self.cycle_id.policy_id.score_method) or "sum"

    @api.model
    def _bound_lines(self, cycle):
        """A condition on ``line``, met by all lines of the sheets of this cycle.

        Sheets of a period are numbered in a row, so that their lines lie together: told so,
        PostgreSQL does not read the lines of all years to find them.
        """
        # not the plain id: PostgreSQL would go through all sheets in its order
        [[first, last]] = self.env.execute_query(
            SQL(
                "SELECT MIN(id + 0), MAX(id + 0) FROM cs_appraisal_sheet WHERE cycle_id = %s",
                cycle.id,
            )
        )
        return SQL("line.sheet_id BETWEEN %s AND %s", first or 0, last or 0)

    @api.model
    def _insert_for(self, cycle, appraisals):
        """Insert the sheets of all raters of positive weight, with their lines (S1, S3)."""
        if not appraisals:
            return
        rows = {row.code: row for row in cycle.policy_id.rater_ids}
        # by form and rater: how much, of which row that says who it is, and whether it is needed
        asked = [
            (
                form.id,
                role,
                form._count_items(role),
                rows[role]._says_who().id or None,
                not rows[role].needed,
            )
            for form in self.env["cs.cycle.forms"]._find_forms(cycle)
            for role in form._compile(cycle.policy_id).asked
        ]
        pairs = self.env["cs.colleagues"]._find(cycle, appraisals)
        raters = self.env["cs.vocabulary"]._get_raters()
        persons = SQL(" ").join(
            SQL("WHEN %s THEN appraisal.%s", role, SQL.identifier(raters[role].person))
            for role in dict.fromkeys(role for _form, role, *_rest in asked)
            if raters[role].person
        )
        self.env["res.users"].flush_model()
        sheets = self.with_company(cycle.company_id)._insert_select(
            self._get_columns(cycle),
            # the superior's sheet first, as it is made before the office's everywhere
            SQL(
                """cs_appraisal appraisal
                JOIN unnest(%s::int[], %s::varchar[], %s::int[], %s::int[], %s::bool[])
                       AS role (form, name, items, row, optional)
                  ON role.form = COALESCE(appraisal.scorecard_id, %s)
                LEFT JOIN unnest(%s::varchar[], %s::int[], %s::int[])
                       AS colleague (role, agent, rater)
                       ON colleague.role = role.name AND colleague.agent = appraisal.employee_id
                LEFT JOIN hr_employee superior ON superior.id = appraisal.superior_id
                LEFT JOIN resource_resource resource ON resource.id = superior.resource_id
                LEFT JOIN hr_employee rater ON rater.id = COALESCE(%s, colleague.rater)
                LEFT JOIN resource_resource rater_resource
                       ON rater_resource.id = rater.resource_id
                WHERE appraisal.id = %s
                ORDER BY appraisal.id, role.name DESC, rater.id""",
                *([list(each) for each in zip(*asked, strict=True)] or [[]] * 5),
                cycle.policy_id.scorecard_id.id,
                *([list(each) for each in zip(*pairs, strict=True)] or [[]] * 3),
                SQL("CASE role.name %s END", persons) if persons else SQL("NULL"),
                any_of(appraisals.ids),
            ),
        )
        sheets.env["cs.appraisal.sheet.line"]._insert_for(sheets)
        sheets._on_inserted()

    @api.model
    def _get_columns(self, cycle):
        """Column -> SQL of what a new sheet of the cycle holds, by the tables that
        :meth:`_insert_for` selects from.

        Stored related fields among them: computed one by one they would take most of the time.
        """
        return {
            "appraisal_id": SQL("appraisal.id"),
            "role": SQL("role.name"),
            "cycle_id": SQL("appraisal.cycle_id"),
            "company_id": SQL("appraisal.company_id"),
            "employee_id": SQL("appraisal.employee_id"),
            "department_id": SQL("appraisal.department_id"),
            "superior_id": SQL("appraisal.superior_id"),
            "superior_user_id": SQL("resource.user_id"),
            "rater_id": SQL("rater.id"),
            "rater_user_id": SQL("rater_resource.user_id"),
            "excluded": SQL("appraisal.excluded"),
            "date_due": SQL("%s::date", cycle.date_due),
            "scorecard_id": SQL("role.form"),
            "state": SQL("'draft'"),
            "total": SQL("0"),
            "answered": SQL("0"),
            "item_count": SQL("role.items"),
            "policy_rater_id": SQL("role.row"),
            "optional": SQL("role.optional"),
        }

    def write(self, vals):
        """Raters write the items only; all else on a sheet follows from what they do."""
        if not self.env.su and set(vals) - {"line_ids"}:
            raise AccessError(self.env._("On a sheet only grades and remarks can be written."))
        self.check_access("write")
        self._check_editable()
        return super().write(vals)

    def action_submit(self):
        """Submit complete sheets; from then on they are read-only."""
        self.check_access("write")
        self._check_editable()
        for sheet in self:
            if sheet.answered < sheet.item_count:
                missing = sheet.line_ids.filtered(lambda line: not line.is_answered)
                raise UserError(
                    self.env._(
                        "%(sheet)s: no grade yet for item %(items)s.",
                        sheet=sheet.display_name,
                        items=missing.mapped("number"),
                    )
                )
        self.env["cs.appraisal.sheet.editor"]._enter(self)
        self._mark_paper()
        # sudo: that it is in, and what follows for both sheets, is the software's to write
        submitted = self.sudo()
        submitted.write(
            {
                "state": "submitted",
                "submitted_by": self.env.uid,
                "submitted_on": fields.Datetime.now(),
            }
        )
        submitted._settle_complete()
        submitted.appraisal_id._note_handed_in()

    def action_reset(self):
        """Give submitted sheets back to their raters, while the cycle is open.

        The office may, as long as no rater can have read the other's sheet; after that only
        a manager who rated neither, with a reason.

        :return: the dialog that asks for the reason, or nothing
        """
        if not self.env.user.has_group("cs_promotion.group_office"):
            raise AccessError(self.env._("Only the office gives submitted sheets back."))
        self.check_access("read")
        self.appraisal_id._check_not_own()
        self.cycle_id._check_open()
        # sudo: what was seen hangs on the sheets of both raters; the office may ask for it
        sheets = self.sudo()
        if not self.env.su and sheets._filtered_seen():
            sheets._check_give_back()
            return self.env["cs.reason"]._ask("give_back", self)
        sheets._give_back()
        return None

    def _give_back(self, reason=False):
        """Give submitted sheets back; what was seen against the other's is kept.

        Called as sudo, as all that it calls: the sheets of both raters are looked at.
        """
        self.cycle_id._check_open()
        self._check_give_back()
        sheets = self.filtered(lambda sheet: sheet.state == "submitted")
        self.env["cs.appraisal.sheet.former"]._keep(sheets._filtered_seen(), reason)
        sheets._put({"state": "draft", "submitted_by": False, "submitted_on": False})
        for sheet in sheets:
            body = self.env._("Given back to the rater: %s", sheet.display_name)
            sheet.cycle_id.message_post(body=body)
            # everyone in the office reads a cycle; the reason is for those concerned
            if reason:
                body = self.env._(
                    "Given back to the rater: %(sheet)s. Reason: %(reason)s",
                    sheet=sheet.display_name,
                    reason=reason,
                )
            sheet.message_post(body=body)

    def _filtered_seen(self):
        """The sheets whose raters can have read the other's grades, or the agent theirs.

        All were in once, or they were published; or whoever gives the office's sheet back
        reads what stands on the superior's, as on a paper form.
        """
        user, groups = self.env.user, self._get_group_codes()

        def is_seen(sheet):
            others = sheet.appraisal_id.sheet_ids - sheet
            return (
                sheet.seen_on
                or sheet.appraisal_id.published_on
                or (
                    sheet.role in groups
                    and any(other.answered and other.with_user(user).can_read for other in others)
                )
            )

        return self.filtered(is_seen)

    def _check_give_back(self):
        """Refuse to give back what was seen against the other's, but for a manager who did
        not rate; the software's own steps are no person's."""
        self.appraisal_id._check_regradable()
        user = self.env.user
        if user._is_superuser():
            return
        for sheet in self._filtered_seen():
            if not user.has_group("cs_promotion.group_manager"):
                raise AccessError(
                    self.env._(
                        "%s has been seen against the other rater's: only a manager gives it "
                        "back, with a reason.",
                        sheet.display_name,
                    )
                )
            if user in sheet.appraisal_id._get_raters():
                raise AccessError(
                    self.env._(
                        "%s: someone who filled in a form of this agent does not give one back. "
                        "Ask another manager.",
                        sheet.display_name,
                    )
                )

    @api.model
    def _get_persons(self):
        """The fields of an appraisal that name who fills a form in."""
        raters = self.env["cs.vocabulary"]._get_raters().values()
        persons = dict.fromkeys(each.person for each in raters if each.person)
        persons.pop("employee_id", None)  # the agent rates themself: nobody is named for that
        return list(persons)

    @api.model
    def _get_group_codes(self):
        """Codes of the raters whose forms anyone of a group fills in, as the office's."""
        raters = self.env["cs.vocabulary"]._get_raters().values()
        return [each.code for each in raters if each.group]

    def _is_of_group(self):
        """Whether nobody fills it in by name, but anyone of a group, or of the people that the
        policy names."""
        self.ensure_one()
        is_of_people = bool(self.policy_rater_id) and not self.rater_id
        return is_of_people or self.role in self._get_group_codes()

    def _mark_seen(self):
        """Note that the raters of these sheets can have read the other's from now on."""
        fresh = self.filtered(lambda sheet: not sheet.seen_on)
        fresh._put({"seen_on": fields.Datetime.now()})

    def _put(self, vals):  # pylint: disable=missing-return
        """Write the software's own marks, on submitted sheets too, which people cannot change.

        Past :meth:`write`, and as sudo: who may bring the mark about was checked by the callers.
        """
        super().write(vals)  # pylint: disable=super-method-mismatch

    def _settle_complete(self):
        """All are in: they are seen against each other now, and what changed is shown."""
        complete = self.appraisal_id.filtered("complete")
        several = complete.filtered(lambda appraisal: len(appraisal.sheet_ids) > 1)
        # who is late, and not waited for, still grades blindly
        several.sheet_ids.filtered("submitted_on")._mark_seen()
        complete.sheet_ids.former_ids.filtered(lambda former: not former.told)._tell()

    @api.depends("state", "seen_on", "closed", "appraisal_id.published_on", "editor_ids")
    @api.depends_context("uid")
    def _compute_can_give_back(self):
        """Whether the button would do anything for this user."""
        office = self.env.user.has_group("cs_promotion.group_office")
        for sheet in self:
            sheet.can_give_back = office and sheet.state == "submitted" and not sheet.closed
            if sheet.can_give_back:
                try:
                    sheet._check_give_back()
                except UserError:
                    sheet.can_give_back = False

    @api.depends("state", "former_ids")
    @api.depends_context("lang")
    def _compute_return_note(self):
        for sheet in self:
            former = sheet.former_ids[:1]
            sheet.return_note = (
                self.env._(
                    "Given back by %(user)s: %(reason)s",
                    user=former.returned_by.name,
                    reason=former.reason or "",
                )
                if former and sheet.state == "draft"
                else False
            )

    def _check_editable(self):
        # sudo: the refusal names the agent, whom the rater may not read
        for sheet in self.sudo():
            if sheet.state == "submitted" or sheet.closed:
                raise UserError(
                    self.env._(
                        "%s has been submitted and can no longer be changed.", sheet.display_name
                    )
                )
            if sheet.excluded:
                raise UserError(
                    self.env._("%s was left out of this cycle.", sheet.employee_id.name)
                )
