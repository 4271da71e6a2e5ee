"""Every model of the suite is one company's, or shared and guarded: listed, so that a new one
cannot be forgotten."""

from odoo.tests import tagged

from .common import CsPromotionCase

ADDONS = "cs_promotion"
OWN_COMPANY = "company_ids"


@tagged("post_install", "-at_install", "cs_promotion")
class TestCompanyModels(CsPromotionCase):
    def _get_models(self):
        """Name -> model, of all that the addons bring (not those they extend)."""
        return {
            name: self.env[name]
            for name in sorted(self.env.registry)
            if (self.env.registry[name]._original_module or "").startswith(ADDONS)
        }

    def _get_company_rules(self, model):
        """The rules for everybody that keep a model's records to one's own companies."""
        rules = self.env["ir.rule"].search(
            [("model_id.model", "=", model._name), ("groups", "=", False)]
        )
        return rules.filtered(
            lambda rule: (
                "company_id" in rule.domain_force
                and OWN_COMPANY in rule.domain_force
                and all(rule[f"perm_{mode}"] for mode in ("read", "write", "create", "unlink"))
            )
        )

    def _what_keeps_apart(self, model):
        if model._abstract:
            return "abstract"
        if model._transient:
            return "transient"
        guarded = self.env.registry["cs.shared.mixin"] in type(model).__mro__
        ruled = bool(self._get_company_rules(model))
        if "company_id" in model._fields and not guarded:
            return "rule" if ruled else None
        if guarded:
            # one company's where it has a company, shared where it has none: both are needed
            needs_rule = model._name.startswith("cs.scorecard")
            return "shared" if ruled or not needs_rule else None
        return "rule" if ruled else None

    def test_every_model_is_one_companys_or_shared(self):
        models = self._get_models()
        self.assertGreater(len(models), 40)
        kept = {name: self._what_keeps_apart(model) for name, model in models.items()}
        self.assertEqual([name for name, how in kept.items() if not how], [])
        self.assertEqual(
            {name for name, how in kept.items() if how == "shared"},
            {
                "cs.tier",
                "cs.tier.standard",
                "cs.violation.type",
                "cs.scorecard",
                "cs.scorecard.section",
                "cs.scorecard.item",
                "cs.scorecard.grade",
                "cs.scale",
                "cs.scale.step",
                "cs.metric",
                "cs.metric.part",
            },
        )

    def test_a_new_model_without_anything_is_found(self):
        """The list is no formality: taken away, what keeps a model apart is missed."""
        self.env["ir.rule"].search([("model_id.model", "=", "cs.decision")]).unlink()
        self.assertIsNone(self._what_keeps_apart(self.env["cs.decision"]))
        self._get_company_rules(self.env["cs.scorecard.item"]).domain_force = "[(1, '=', 1)]"
        self.assertIsNone(self._what_keeps_apart(self.env["cs.scorecard.item"]))

    def test_nobody_of_another_company_reads_a_row(self):
        """What there is after a month in A, as the manager of B finds it."""
        self._figure(self.agent, "2025-03", 100, 10, 1)
        self._award(self.agent, "2025-03")
        self._violation(self.agent, "2025-03-03")
        self._probation_test(self.agent, "2025-03-03")
        self._play_months("2025-01", "2025-03", {self.agent: 95, self.peer: 50})
        self.env.flush_all()
        seen = {}
        for name, model in self._get_models().items():
            shared = self._what_keeps_apart(model) == "shared"
            if model._abstract or model._transient or shared or "company_id" not in model._fields:
                continue
            ours = model.sudo().search([("company_id", "=", self.company.id)])
            if not ours:
                continue
            seen[name] = len(ours)
            theirs = self._as(self.user_manager_b, ours)
            if theirs.has_access("read") or theirs.browse().has_access("read"):
                self.assertFalse(theirs.search([("id", "in", ours.ids)]) & theirs, name)
        self.assertGreater(len(seen), 14, seen)
