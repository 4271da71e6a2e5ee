"""Leaving a database in which the work goes on by the scheduled actions."""


def uninstall_hook(env):
    """Drop the jobs, which nobody could run any more, and wake the scheduled actions: what the
    jobs have not done still waits, and is found by them."""
    env["queue.job"].search([("cs_work", "!=", False)]).unlink()
    crons = env["ir.model.data"].search(
        [("model", "=", "ir.cron"), ("module", "=like", r"cs\_promotion%")]
    )
    for cron in env["ir.cron"].browse(crons.mapped("res_id")).exists().filtered("active"):
        cron._trigger()
