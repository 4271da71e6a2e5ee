"""Leaving a database in which customer service goes on."""

from odoo.addons.cs_promotion.hooks import forget


def uninstall_hook(env):
    """Take along what people made of appeals; scores, violations and decisions stay."""
    forget(env, "cs_promotion_appeal")
