from odoo import models

from odoo.addons.cs_promotion.models import scheduled

from ...ahead import Payees


class CsBatchMakingMixin(models.AbstractModel):
    """Making the payslips of a batch for many agents, here and now or by a scheduled action."""

    _name = "cs.batch.making.mixin"
    _description = "Making Payslips in Batches"

    def action_cs_retry(self):
        """Make the payslips that could not be made, now that what was wrong is mended."""
        self.ensure_one()
        # sudo: whom the batch tells of; what is done with them needs the rights to it
        employees = self.cs_failed_ids.sudo().employee_id.sudo(False)
        payees = self._load_payees(employees)
        others = self._get_paid_otherwise(employees, payees)
        self._make_standard(others)
        self._request_payslips(employees - others, payees)

    def _request_payslips(self, employees, payees=None):
        """Make the payslips of agents paid by tier; those of many are left to the scheduled action.

        :param payees: what is known of them, and of others
        :return: whether they are left to it
        """
        self.ensure_one()
        self.check_access("write")
        self.env["hr.payslip"].check_access("create")
        self._check_no_work()
        if len(employees) <= scheduled.BATCH:
            self._make_or_note(employees, payees)
            return False
        self.env["cs.payslip.request"]._add(self, employees)
        # sudo: the scheduled action makes them in the name and with the rights of who asked
        self.env.ref("cs_promotion_payroll.ir_cron_make")._trigger()
        return True

    def _make_or_note(self, employees, payees=None):
        """Make the payslips here and now; whose cannot be made is noted, the others are made."""
        failed = {}

        def make(some):
            failed.update(self._make_tier_payslips(some, payees))

        failed |= dict(scheduled.take_halves(employees, make))
        self._note_not_made(employees, failed)
        # worked days are read anew, in their order, and how far the batch has come is counted
        self.env.invalidate_all()

    def _make_standard(self, employees):
        """Payslips of those who are not paid by tier, as the standard wizard makes them; whose
        cannot be made is noted as any agent's."""
        failed = dict(
            scheduled.take_halves(
                employees,
                lambda some: (
                    self.env["hr.payslip.employees"]
                    .create({"employee_ids": [(6, 0, some.ids)]})
                    .with_context(active_id=self.id)
                    ._compute_standard_sheets()
                ),
            )
        )
        self._note_not_made(employees, failed)

    def _note_not_made(self, employees, failed):
        """Keep whose payslips of these could not be made, and why; of the others nothing.

        :param failed: employee -> message
        """
        # the list of what is not made is the software's; this user may make payslips
        Request = self.env["cs.payslip.request"].sudo()
        Request.search([("run_id", "=", self.id), ("employee_id", "in", employees.ids)]).unlink()
        for request in (
            Request.with_env(self.env)._add(self, self.env["hr.employee"].union(*failed))
            if failed
            else ()
        ):
            request._note_error(failed[request.employee_id.with_env(self.env)])

    def _get_paid_otherwise(self, employees, payees=None):
        """Those of the employees whom another structure than one of tier pay pays in the
        batch's period, and all who never held a tier: the standard wizard knows what to do."""
        payees = payees or self._load_payees(employees)
        # whoever worked for another company then is told under Not Made, as an agent
        ours = payees.contracts.keys() | payees.elsewhere
        rest = employees.filtered(lambda employee: employee.id not in ours)
        contracts = rest._get_contracts(date_start=self.date_start, date_end=self.date_end)
        return rest.filtered(
            lambda employee: (
                (contracts.get(employee.id) or self.env["hr.version"])[:1].struct_id
                or not any(each.tier for each in payees.timelines[employee.id].stretches)
            )
        )

    def _make_payslips(self, requests):
        """Make what was asked for; of whom tier pay has nothing to pay, that is noted."""
        failed = self._make_tier_payslips(requests.employee_id.with_env(self.env))
        left = requests.filtered(lambda each: each.employee_id.with_env(self.env) in failed)
        (requests - left).unlink()
        for request in left:
            request.error = failed[request.employee_id.with_env(self.env)]

    def _make_tier_payslips(self, employees, payees=None):
        """Make and compute payslips, all at once, with the rights of this user.

        :return: employee -> why tier pay has nothing to pay
        """
        payees = payees or self._load_payees(employees)
        contracts = {id_: payees.contracts[id_] for id_ in employees.ids if id_ in payees.contracts}
        moved = {id_: ours for id_, ours in contracts.items() if ours.env.su}
        staying = {id_: ours for id_, ours in contracts.items() if id_ not in moved}
        vals_list = [
            *self._get_tier_slip_values(staying, payees.timelines),
            # the record read is a neighbour's now
            *self.sudo()._get_tier_slip_values(moved, payees.timelines),
        ]
        # trusted with the pay months among them, and with nothing else
        slips = self.env["hr.payslip"]._trusted().create(vals_list).with_env(self.env)
        moved_slips = slips._get_of_moved()
        (slips - moved_slips)._compute_name()
        moved_slips.sudo()._compute_name()  # by the name of who is another company's now
        slips.compute_sheet()
        return {
            # sudo: the name of who may work for another company by now
            employee: self._tell_not_paid(employee.sudo())
            for employee in employees
            if employee.id not in contracts
        }

    def _tell_not_paid(self, employee):
        """Why tier pay has nothing to pay an agent in the batch's period."""
        words = {"agent": employee.name, "start": self.date_start, "end": self.date_end}
        contracts = employee._get_contracts(date_start=self.date_start, date_end=self.date_end)
        contract = contracts.get(employee.id)
        if contract and not contract[:1].struct_id:
            return self.env._(
                "%(agent)s has a contract from %(start)s to %(end)s, but no salary structure. "
                "Choose one on the employee record.",
                **words,
            )
        return self.env._(
            "%(agent)s has no contract that is paid by tier from %(start)s to %(end)s.", **words
        )

    def _make_waiting(self):
        """Make here and now what would be left to the scheduled action, in batches."""
        self.ensure_one()
        domain = [("run_id", "=", self.id), ("error", "=", False)]
        Request = self.env["cs.payslip.request"].sudo()
        while requests := Request.search(domain, limit=scheduled.BATCH):
            for request, error in scheduled.take_halves(requests, self._make_payslips):
                request._note_error(error)
            self.env.invalidate_all()  # as between the batches of the scheduled action

    def _find_left(self):
        """Agents on the company's ladder in the batch's period who are archived by now, or work
        for another company; without a standing payslip of it."""
        self.ensure_one()
        self.check_access("read")
        if not (self.date_start and self.date_end):
            return self.env["hr.employee"]
        ids = list(
            self.env["cs.timeline"]._load_on_ladder(self.company_id, self.date_start, self.date_end)
        )
        paid = self.env["hr.payslip"].search(
            [
                ("employee_id", "in", ids),
                ("company_id", "=", self.company_id.id),
                ("date_from", ">=", self.date_start),
                ("date_to", "<=", self.date_end),
                ("state", "!=", "cancel"),
            ]
        )
        # sudo: the names of one's own leavers; of who moved nothing else is read with it
        employees = self.env["hr.employee"].sudo().browse(ids) - paid.employee_id
        left = employees.filtered(
            lambda each: not each.active or each.company_id != self.company_id
        )
        return left.sudo(self.env.su)

    def _load_payees(self, employees):
        """Whom of these employees the batch pays, and by which contracts: :class:`~.Payees`."""
        timelines = self.env["cs.timeline"]._load(employees.ids)
        behind = employees._cs_get_contracts_left_behind(
            self.company_id, self.date_start, self.date_end, timelines
        )
        return Payees(
            timelines,
            self._find_tier_contracts(employees, dict(behind), timelines),
            {id_ for id_, version in behind.items() if not version},
        )

    def _get_tier_contracts(self, employees):
        """Employee id -> contracts in the batch's period, of those whom it pays by tier."""
        return self._load_payees(employees).contracts

    def _find_tier_contracts(self, employees, contracts, timelines):
        """Employee id -> contracts in the batch's period, of those whom it pays by tier.

        :param contracts: of who was in two companies in the period, what they held last in the
            batch's
        """
        period = {"date_start": self.date_start, "date_end": self.date_end}
        if staying := employees - employees.browse(contracts):
            contracts |= staying._get_contracts(**period)
        paid = staying._cs_get_tier_versions(**period, timelines=timelines)
        none = self.env["hr.version"]
        return {
            employee.id: ours
            for employee in employees
            if (ours := contracts.get(employee.id, none))
            and (ours := ours._put_first(paid.get(employee.id, none)))
            and (self.struct_id or ours[:1].struct_id)._pays_by_tier()
        }

    def _get_tier_slip_values(self, contracts, timelines=None):
        """Values of the payslips, as the standard wizard takes them from ``get_payslip_vals``
        for each employee: what that asks for is loaded for all at once."""
        if not contracts:
            return []
        slips = self.env["hr.payslip"]
        period = self.date_start, self.date_end
        ahead = self.env["cs.payslip.ahead"]._load(contracts, *period, timelines)
        slips = slips.with_context(cs_ahead=ahead)
        return [
            self._get_slip_values(slips, employee_id, ours)
            for employee_id, ours in contracts.items()
        ]

    def _get_slip_values(self, slips, employee_id, contracts):
        value = slips.get_payslip_vals(
            self.date_start,
            self.date_end,
            employee_id,
            contract_id=False,
            struct_id=self.struct_id.ids or False,
        )["value"]
        company = self._get_slip_company(contracts[:1])
        period = company._cs_get_period(self.date_end)
        known = {
            "employee_id": employee_id,
            "payslip_run_id": self.id,
            "input_line_ids": [(0, 0, line) for line in value["input_line_ids"]],
            "worked_days_line_ids": [(0, 0, line) for line in value["worked_days_line_ids"]],
            "date_from": self.date_start,
            "date_to": self.date_end,
            "credit_note": self.credit_note,
            "company_id": company.id,
            "cs_pay_month": period.month,
            "cs_pay_start": period.start,
            "cs_pay_end": period.end,
        }
        # what addons have set besides stays, as far as it is a plain value of a payslip
        plain = {
            name: value[name]
            for name in value.keys() & slips._fields.keys()
            if slips._fields[name].type not in ("one2many", "many2many")
        }
        return plain | known

    def _get_slip_company(self, contract):
        """The company a payslip belongs to: that in which the version's tier is held."""
        return contract.sudo().cs_company_id or contract.company_id or self.company_id

    def _tell_failed(self):
        """Post once what could not be made; the list on the batch tells it of each agent."""
        for run in self:
            failed = run.cs_failed_ids.filtered(lambda request: not request.told)
            failed = failed.try_lock_for_update(allow_referencing=True)
            if not failed:
                continue
            told = run.with_context(lang=failed[0].user_id.lang)
            told.message_post(
                body=told.env._(
                    "Payslips that could not be made: %(count)s. %(agent)s: %(error)s",
                    count=len(failed),
                    agent=failed[0].employee_id.name,
                    error=failed[0].error,
                )
            )
            failed.told = True
