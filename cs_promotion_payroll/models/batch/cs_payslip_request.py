from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.cs_promotion.models.cs_long_work import Step
from odoo.addons.cs_promotion.models.scheduled import take_step


class CsPayslipRequest(models.Model):
    """An agent whose payslip a batch is still to make.

    A payslip and the end of its request are one transaction: killed half-way, the request is
    there again. One that could not be met keeps the reason until it is asked for again.
    """

    _name = "cs.payslip.request"
    _description = "CS Payslip Still to Make"
    _order = "id"
    _rec_name = "employee_id"

    run_id = fields.Many2one(
        "hr.payslip.run", string="Payslip Batch", required=True, ondelete="cascade"
    )
    employee_id = fields.Many2one(
        "hr.employee",
        required=True,
        index=True,
        ondelete="cascade",
        context={"active_test": False},
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True, precompute=True)
    user_id = fields.Many2one(
        "res.users",
        string="Asked by",
        required=True,
        readonly=True,
        help="The payslip is made in this person's name, rights and language.",
    )
    error = fields.Text(string="Why Not", readonly=True)
    told = fields.Boolean(readonly=True, help="The error has been posted on the batch.")

    _run_employee_uniq = models.UniqueIndex("(run_id, employee_id)")

    @api.model
    def _add(self, run, employees):
        """Ask for payslips in this user's name; what failed before is asked for again.

        Callers check the right to make them.

        :return: the requests
        """
        # raw: who asks a second time, or at the same time, gets the request there is; the ORM has
        # no such statement. Nothing hooks in: a request is a note of the software to itself
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO cs_payslip_request AS old
                       (run_id, employee_id, company_id, user_id, told,
                        create_uid, create_date, write_uid, write_date)
                SELECT %(run)s, employee.id, %(company)s, %(user)s, FALSE,
                       %(user)s, now() AT TIME ZONE 'UTC', %(user)s, now() AT TIME ZONE 'UTC'
                  FROM unnest(%(employees)s::int[]) WITH ORDINALITY AS employee (id, number)
                 ORDER BY employee.number
                    ON CONFLICT (run_id, employee_id)
                    DO UPDATE SET error = NULL, told = FALSE, user_id = EXCLUDED.user_id
                RETURNING old.id
                """,
                run=run.id,
                company=run.company_id.id,
                user=self.env.uid,
                employees=employees.ids,
            )
        )
        # nothing else is read of what was written
        self.invalidate_model()
        run.invalidate_recordset()
        return self.sudo().browse(id_ for (id_,) in rows)

    @api.model
    def _find_waiting(self):
        return self.search([("error", "=", False)])

    def _make(self):
        """Make the payslips, each in the name of the person who asked for it.

        Leaves those to another worker that it is just making, or has made.
        """
        # locked, not waited for: what another worker holds, it is just making
        groups = self.try_lock_for_update(allow_referencing=True).grouped(
            lambda request: (request.run_id, request.user_id)
        )
        for (run, user), requests in groups.items():
            run._as_user(user)._make_payslips(requests)

    def _note_error(self, message):
        """Keep why a payslip could not be made, unless another worker is just trying."""
        self.try_lock_for_update(allow_referencing=True).error = message

    @api.model
    def _cron_make(self):
        """Make the payslips that wait, in batches that commit; workers at once share them."""
        self.env["cs.long.work"]._begin(self, "_make_all")

    @api.model
    def _make_all(self):
        step = Step("make", "_make", note="_note_error", about="run_id")
        self.env["cs.long.work"]._take_batches(self._find_waiting, step)
        untold = self.search([("error", "!=", False), ("told", "=", False)])
        take_step(untold.run_id, lambda runs: runs._tell_failed())
