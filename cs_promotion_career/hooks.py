"""Leaving a database in which customer service goes on."""

from odoo.addons.cs_promotion.hooks import forget


def uninstall_hook(env):
    """Take along what people made of transfers and vacancies; who has moved has moved."""
    forget(env, "cs_promotion_career")
