"""Leaving a database that other addons and their data go on living in."""

ADDON = "cs_promotion"


def uninstall_hook(env):
    """Take along what people made of this addon's models, and what it alone needs."""
    forget(env, ADDON)
    _lift_menus(env)
    # What bridges that left earlier had laid by for their return: they cannot return any more
    _drop_kept(env)
    # People of the demo data stay with the employees that they are
    env.cr.execute(
        "DELETE FROM ir_model_data WHERE module = %s AND model IN ('res.users', 'res.partner')",
        [ADDON],
    )
    env.registry.clear_cache()


def forget(env, addon):
    """Take along what people made of the models of ``addon``, for the hook of its uninstallation.

    Tables, fields, views, menus, groups and scheduled actions go by themselves, and so do the
    messages, activities and attachments of its records.
    """
    models = _get_own_models(env, addon)
    env["ir.filters"].with_context(active_test=False).search([("model_id", "in", models)]).unlink()
    env["ir.exports"].search([("resource", "in", models)]).unlink()
    _unlink_todos(env, addon)
    _unlink_actions(env, addon, models)
    # Records in tables that are dropped as a whole need not be deleted one by one before, in
    # an order that their references to each other would have to allow
    env.flush_all()
    env.cr.execute("DELETE FROM ir_model_data WHERE model = ANY(%s)", [models])
    # What other addons add to every record with activities or messages is filed under their
    # names, and would be there still when the models are not
    names = [name for name, model in env.registry.items() if model._original_module == addon]
    tables = "|".join(name.replace(".", "_") for name in names)
    env.cr.execute(
        "DELETE FROM ir_model_data WHERE model LIKE 'ir.model%%' AND name ~ %s "
        "AND module NOT IN (SELECT name FROM ir_module_module WHERE state = 'to remove')",
        [f"^(model_inherit|field|selection|constraint)_+({tables})__"],
    )
    env.registry.clear_cache()


def _get_own_models(env, addon):
    """Names of the models that are defined in ``addon`` and have a table."""
    return [
        name
        for name, model in env.registry.items()
        if model._original_module == addon and not model._abstract
    ]


def _get_own_ids(env, addon, model):
    """Ids of the records of a model that the data files of ``addon`` made."""
    names = env["ir.model.data"].search([("module", "=", addon), ("model", "=", model)])
    return names.mapped("res_id")


def _unlink_todos(env, addon):
    """To-dos of its kinds on records of others would keep the kinds from going."""
    kinds = _get_own_ids(env, addon, "mail.activity.type")
    env["mail.activity"].with_context(active_test=False).search(
        [("activity_type_id", "in", kinds)]
    ).unlink()


def _unlink_actions(env, addon, models):
    """Delete actions and menu entries that people made for these models."""
    actions = env["ir.actions.act_window"].search([("res_model", "in", models)])
    ours = _get_own_ids(env, addon, actions._name)
    made = actions.filtered(lambda each: each.id not in ours)
    env["ir.ui.menu"].with_context(active_test=False).search(
        [("action", "in", [f"{each._name},{each.id}" for each in made])]
    ).unlink()
    made.unlink()


def _lift_menus(env):
    """Entries of others in our menus would keep these from going: they move to the top."""
    menus = env["ir.ui.menu"].with_context(active_test=False)
    ours = menus.browse(
        env["ir.model.data"]
        .search([("module", "=like", f"{ADDON}%"), ("model", "=", menus._name)])
        .mapped("res_id")
    )
    menus.search([("parent_id", "in", ours.ids), ("id", "not in", ours.ids)]).parent_id = False


def _drop_kept(env):
    kept = env["ir.model.data"].search([("module", "=like", f"\\_\\_{ADDON}\\_%\\_\\_")])
    env["ir.attachment"].browse(
        kept.filtered(lambda each: each.model == "ir.attachment").mapped("res_id")
    ).exists().unlink()
    kept.exists().unlink()
