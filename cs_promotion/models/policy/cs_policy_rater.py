from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache
from odoo.tools.sql import column_exists

from ...engine.decimals import decimal
from ...engine.form import Voice
from ...engine.vocabulary import Rater
from ...vocabulary import COLLEAGUES, GROUP, METRIC, NAMED, RATERS

# of whom the policy says who they are
KINDS = frozenset(each.code for each in (NAMED, GROUP, COLLEAGUES, METRIC))
USUAL = RATERS[:2]  # of a new policy (S3)


class CsPolicyRater(models.Model):
    """A rater of a policy: who fills a form in, and what it weighs (S1, S3).

    Who it is, either everybody knows (the superior, the office; ``cs.vocabulary``), or the row says
    it: named people, a group of users, colleagues, or a metric instead of people.
    """

    _name = "cs.policy.rater"
    _inherit = ["cs.policy.part", "cs.name.search.mixin", "cs.code.mixin"]
    _description = "CS Policy Rater"
    _rec_name = "code"
    _order = "policy_id, sequence, id"
    _named_by = ("policy_id",)
    _name_parts = ("policy_id", "who", "name", "code")
    _check_company_auto = True

    policy_id = fields.Many2one("cs.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, precompute=True)
    sequence = fields.Integer(default=10)
    code = fields.Char(
        required=True,
        help="Its name in packages and scenarios, and where items say who rates them.",
    )
    who = fields.Selection(
        selection="_get_who",
        string="Rater",
        compute="_compute_who",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    name = fields.Char(
        string="Called", translate=True, help="On sheets; empty: as it is usually called."
    )
    weight = fields.Float(
        default=50,
        digits=(5, 2),
        help="Weight of the rater's total in the score (S3); a rater of weight 0 is not asked.",
    )
    needed = fields.Boolean(
        default=True,
        help="Closing waits for it; otherwise it is left out where it is not there, and the others "
        "share its weight.",
    )
    people_ids = fields.Many2many(
        "hr.employee",
        check_company=True,
        help="Any one of them fills the form in; where there is none with a login, the office.",
    )
    group_id = fields.Many2one(
        "res.groups", ondelete="restrict", help="Anyone of it fills the form in."
    )
    number = fields.Integer(
        string="How Many",
        help="So many colleagues of the department on the ladder, each in turn; 0: all of them.",
    )
    metric = fields.Selection(selection="_get_metrics", help="It rates instead of people.")
    scale_id = fields.Many2one(
        "cs.scale", ondelete="restrict", help="What the value gives; without one, the value itself."
    )
    sentence = fields.Char(compute="_compute_sentence", string="In Words")

    _code_uniq = models.Constraint("UNIQUE(policy_id, code)", "A policy has each rater once.")
    _weight_check = models.Constraint(
        "CHECK(weight >= 0)", "The weight of a rater cannot be negative."
    )

    @api.model
    def _get_who(self):
        own = {code for code, _who, _name in self._get_known()}
        known = self.env["cs.vocabulary"]._get_raters()
        declared = [(code, term.name) for code, term in known.items() if code not in own]
        return [*declared, *self._get_kinds().items()]

    @api.model
    def _get_kinds(self):
        """Who may be a rater, of those of whom the row says who they are."""
        return {
            NAMED.code: self.env._("Named people"),
            GROUP.code: self.env._("A group of users"),
            COLLEAGUES.code: self.env._("Colleagues"),
            METRIC.code: self.env._("A metric, instead of people"),
        }

    @api.model
    def _get_metrics(self):
        return self.env["cs.metric"]._get_choice()

    @api.depends("code")
    def _compute_who(self):
        known = dict(self._get_who())
        for rater in self:
            rater.who = rater.code if rater.code in known else rater.who

    @api.depends("policy_id", "code", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for rater in self:
            parts = (rater.policy_id.name, rater._get_label())
            rater.display_name = ", ".join(filter(None, parts))

    @api.depends("who", "needed", "people_ids", "group_id", "number", "metric", "scale_id")
    @api.depends_context("lang")
    def _compute_sentence(self):
        words = self.env["cs.words"]
        for rater in self:
            rater.sentence = words._say_rater_more(rater)

    def _get_label(self):
        """How the rater is called."""
        self.ensure_one()
        if not self.name and self.who == METRIC.code and self.metric:
            words = self.env["cs.words"]
            return words._say_metric(words._get_metrics([self.metric])[self.metric])
        return self.name or dict(self._get_who()).get(self.who) or self.code

    @api.onchange("who")
    def _onchange_who(self):
        """The code is that of who it is, until somebody gives it another one."""
        if self.who and (not self.code or self.code in dict(self._get_who())):
            self.code = self.who

    def _check_given(self, vals):
        result = super()._check_given(vals)
        if float(vals.get("weight") or 0) < 0:
            self._refuse_weights(self._name_given(vals))
        return result

    @api.model
    def _refuse_weights(self, name):
        raise ValidationError(
            self.env._(
                "%s: the raters' weights cannot be negative, and one must be positive (S3).", name
            )
        )

    @api.constrains("code", "who", "people_ids", "group_id", "metric", "needed", "weight")
    def _check_possible(self):
        """It is said who it is, and a code means one kind of rater everywhere."""
        for rater in self:
            fault = rater._find_fault()
            if fault:
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s, rater %(rater)s: %(fault)s.",
                        policy=rater.policy_id.name,
                        rater=rater.code,
                        fault=fault,
                    )
                )

    def _find_fault(self):
        self.ensure_one()
        known = dict(self._get_who())
        if self.code in known and self.who != self.code:
            return self.env._("this code stands for %s", known[self.code])
        other = self.sudo().search([("code", "=", self.code), ("who", "!=", self.who)], limit=1)
        if other:
            return self.env._("another policy calls another kind of rater so: take another code")
        if self.who == NAMED.code and not self.people_ids:
            return self.env._("name somebody")
        if self.who == GROUP.code and not self.group_id:
            return self.env._("name the group of users")
        if self.who == METRIC.code and not self.metric:
            return self.env._("name the metric")
        return None

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [{**vals, "code": vals.get("code") or vals.get("who")} for vals in vals_list]
        raters = super().create(vals_list)
        self.env.registry.clear_cache("stable")
        raters._check_weights(raters.policy_id)
        return raters

    def write(self, vals):
        """Of each policy one rater at least is asked, now and afterwards."""
        policies = self.policy_id
        written = super().write(vals)
        self.env.registry.clear_cache("stable")
        self._check_weights(policies | self.policy_id)
        return written

    def unlink(self):
        unlinked = super().unlink()
        self.env.registry.clear_cache("stable")
        return unlinked

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last(self):
        for policy in self.policy_id:
            if not any((policy.rater_ids - self).mapped("weight")):
                self._refuse_weights(policy.name)

    @api.model
    def _check_weights(self, policies):
        """One rater weighs something (S3)."""
        for policy in policies:
            if not any(policy.rater_ids.mapped("weight")):
                self._refuse_weights(policy.name)

    @api.model
    def _sort_commands(self, commands):
        """Commands of a form on a policy's raters: between two of them, too, one weighs something.

        So whoever is asked from now on comes before whoever is asked no more.
        """

        def is_asked_no_more(command):
            given = command[0] in (Command.CREATE, Command.UPDATE)
            return not given or not command[2].get("weight", 1)

        return sorted(commands, key=is_asked_no_more)

    @api.model
    def _get_default_commands(self):
        """The raters of a new policy: half the superior's, half the office's (S3)."""
        return [
            Command.create({"code": each.code, "sequence": 10 * number})
            for number, each in enumerate(USUAL, start=1)
        ]

    # ------------------------------------------------------------------ the engine's

    def _compile(self):
        """Code -> weight, as the engine reads it; each is declared (S3)."""
        return {code: voice.weight for code, voice in self._compile_voices().items()}

    def _compile_voices(self):
        """Code -> :class:`~...engine.form.Voice`."""
        vocabulary = self.env["cs.vocabulary"]
        declared = vocabulary._get_raters()
        metrics = vocabulary._get_metrics() if any(self.mapped("metric")) else {}
        voices = {}
        for rater in self:
            vocabulary._find(declared, rater.code)
            measured = rater.who == METRIC.code
            voices[rater.code] = Voice(
                decimal(rater.weight),
                rater.needed,
                vocabulary._find(metrics, rater.metric) if measured else None,
                rater.scale_id._compile() if measured and rater.scale_id else None,
                rater.who == COLLEAGUES.code,
            )
        return voices

    @api.model
    @ormcache(cache="stable")
    def _has_optional(self):
        """Whether any policy asks somebody whom closing does not wait for."""
        # superuser: of all companies; kept, as each look at a sheet asks
        return bool(self.sudo().search_count([("needed", "=", False)], limit=1))

    # ------------------------------------------------------------------ who they are

    @api.model
    def _find_own(self):
        """The raters of all policies of whom the row says who they are."""
        return self.search([("who", "in", [*KINDS])])

    def _says_who(self):
        """Those of these raters of whom the row says who they are."""
        return self.filtered(lambda rater: rater.who in KINDS)

    def _get_users(self):
        """Who may fill in a sheet of this rater that is nobody's by name."""
        self.ensure_one()
        # superuser: whose login it is, for whoever asks
        own = self.sudo()
        users = own.people_ids.user_id
        if own.who == GROUP.code:
            users = own.group_id.all_user_ids.filtered(
                lambda user: not user.share and own.company_id in user.company_ids
            )
        return users.filtered("active") if own.who in (NAMED.code, GROUP.code) else users.browse()

    @api.model
    def _get_own(self):
        """Code -> :class:`~...engine.vocabulary.Rater`, of the raters that policies call by a code
        of their own."""
        shipped, kinds = {each.code: each for each in RATERS}, self._get_kinds()
        return {
            code: Rater(
                code,
                person=shipped[who].person if who in shipped else "",
                group=shipped[who].group if who in shipped else "",
                own=who not in shipped,
                name=name or kinds.get(who) or code,
            )
            for code, who, name in self._get_known()
        }

    @api.model
    def _get_known(self):
        """(code, who it is, name), of all raters that have a code of their own, or whose row says
        who they are."""
        # fields are set up before there is a table that says so
        if not self.pool.ready and not column_exists(self.env.cr, self._table, "who"):
            return ()
        return self._load_known()

    @api.model
    @ormcache("self.env.lang", cache="stable")
    def _load_known(self):
        # superuser: names for lists, of all companies; kept, as every list of sheets asks
        declared = {each.code for each in RATERS}
        found = {}
        for row in self.sudo().search([("code", "not in", [*declared])], order="sequence, id"):
            if row.who in KINDS or row.who in declared:
                found.setdefault(row.code, (row.who, row.name))
        return tuple((code, *each) for code, each in found.items())
