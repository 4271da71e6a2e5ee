from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.cs_promotion.engine.decimals import decimal
from odoo.addons.cs_promotion.engine.settlement import Difference
from odoo.addons.cs_promotion.models.many import any_of
from odoo.addons.cs_promotion_pay.figures import Fine
from odoo.addons.cs_promotion_pay.known import Kept, Known

from ..tier_pay import ARREARS


class Loaded(NamedTuple):
    """What the payslips of one company and pay month are made from, by employee id.

    :param taken: what done payslips of the month took of fines: a credit note gives it back
    :param owed: what is to be settled of earlier months; ``settled``: what was, by this month
    :param other: payslips whose month has days off the ladder by a structure of their own
    :param only_settling: those of them that pay nothing of the month itself
    :param rules: structure -> items that its rules pay, settle and take
    """

    company: object
    kept: Kept
    known: Known
    fines: Mapping
    withdrawn: set
    taken: Mapping
    owed: Mapping
    settled: Mapping
    twins: Mapping
    overlapping: set
    pending: set
    other: models.Model
    only_settling: models.Model
    rules: Mapping


class CsPay(models.AbstractModel):
    """What payslips of OCA payroll are made from: fines due, months to settle."""

    _inherit = "cs.pay"

    @api.model
    def _load_slips(self, slips):
        """Payslip id -> :class:`~odoo.addons.cs_promotion_pay.figures.Figures`.

        :raises UserError: a payslip does not pay one whole pay month
        """
        figures = {}
        groups = slips.grouped(lambda slip: (slip.company_id, self._get_kept(slip)))
        for (company, kept), ours in groups.items():
            figures |= self._load_slips_of(company, kept, ours)
        return figures

    @api.model
    def _get_kept(self, slip):
        """The pay month that a payslip pays, as it lay when the payslip got its dates (W8).

        :raises UserError: the payslip reaches into another pay month
        """
        period = slip._get_pay_period()
        if slip.date_from < period.start or slip.date_to > period.end:
            raise UserError(
                self.env._(
                    "%(slip)s runs from %(start)s to %(end)s. Tiers are paid by pay month, such "
                    "as %(first)s to %(last)s: make one payslip for each month.",
                    slip=slip._get_label(),
                    start=slip.date_from,
                    end=slip.date_to,
                    first=period.start,
                    last=period.end,
                )
            )
        return Kept(period, slip.company_id._cs_pay_calendar().results(period.month))

    @api.model
    def _load_slips_of(self, company, kept, slips):
        """Payslip id -> figures, of payslips of one company and pay month."""
        loaded = self._load_month(company, kept, slips)
        return {slip.id: self._get_slip_figures(loaded, slip) for slip in slips}

    @api.model
    def _load_month(self, company, kept, slips):
        """All that these payslips of one company and pay month are made from, one query for each
        kind of fact, as :class:`Loaded`."""
        ids, period, standing = slips.employee_id.ids, kept.period, self.env["cs.pay.standing"]
        month = period.month
        known = self._load(company, ids, [month], periods=[period], results=[kept.results])
        fines, withdrawn = self._load_fines(company, ids, month)
        other = self._find_other_structures(known, slips, period)
        structures = slips.grouped(lambda slip: slip.struct_id or slip.contract_id.struct_id)
        credits = any(slip.credit_note for slip in slips)
        return Loaded(
            company,
            kept,
            known,
            fines,
            withdrawn,
            taken=self._load_given(company, ids, month) if credits else {},
            owed=self._load_open(company, ids, month),
            settled=self._load_settled_by(company, ids, month) if credits else {},
            twins=standing._load_twins(slips),
            overlapping=standing._load_overlapping(company, ids, period),
            pending=self._load_pending(company, ids, period.end),
            other=other,
            only_settling=self._find_only_settling(known, other, period),
            rules={each: ours[:1]._get_cs_rule_items() for each, ours in structures.items()},
        )

    @api.model
    def _get_slip_figures(self, loaded, slip):
        """The figures of one payslip.

        :raises UserError: its days are not those of the whole pay month, or of this company
        """
        id_, period, credit = slip.employee_id.id, loaded.kept.period, slip.credit_note
        found = tuple((loaded.settled if credit else loaded.owed).get(id_, ()))
        if not found:  # what is open with whoever left is settled all the same
            self._check_employed(slip, loaded.known.timelines[id_], period)
        own = self._get_figures(
            loaded.known,
            loaded.company,
            slip.employee_id,
            period.month,
            slip._get_absent(),
            loaded.kept,
        )
        self._check_covered(slip, own)
        only_settling = slip in loaded.only_settling
        if only_settling:
            own = self._pay_nothing(own)
        rules = loaded.rules[slip.struct_id or slip.contract_id.struct_id]
        # what no rule settles is carried, and takes nothing of the limit (W5); a credit note
        # gives back what was settled, whatever the rules are by now
        differences = tuple(each for each in found if credit or ARREARS + each.code in rules)
        return replace(
            own,
            mirror=bool(credit),
            fines=tuple((loaded.taken if credit else loaded.fines).get(id_, ())),
            differences=differences,
            pays=tuple(item.code for item in own.items if item.code in rules and not only_settling),
            warnings=(
                *own.warnings,
                *self._get_warnings(loaded, slip, {ARREARS + each.code for each in found}, rules),
                *slip._get_leave_warnings(),
            ),
        )

    @api.model
    def _get_warnings(self, loaded, slip, owed, rules):
        """Codes of what payroll should look at, besides what the figures themselves tell.

        :param owed: rule items by which the payslip would settle all that is open
        :param rules: those that its structure has
        """
        id_ = slip.employee_id.id
        others = {
            "twin": loaded.twins[id_] - {slip.id},
            "withdrawn": id_ in loaded.withdrawn,
            "other_structure": slip in loaded.other and slip not in loaded.only_settling,
            "decimals": loaded.known.places > loaded.company._cs_currency_places(),
            "pending": id_ in loaded.pending,
            "overlap": id_ in loaded.overlapping,
            "arrears": owed & rules and not slip.credit_note,
            "no_arrears_rule": owed - rules,
        }
        return [code for code, found in others.items() if found]

    @api.model
    def _find_other_structures(self, known, slips, period):
        """Those of these payslips in whose month days off the ladder have a structure of their
        own: one payslip pays the month, so these days by their wage alone (W3)."""
        parts = {
            slip: [
                each.version
                for each in known.timelines[slip.employee_id.id].touching(period.start, period.end)
                if not each.tier
            ]
            for slip in slips
        }
        # sudo: only whether the structures differ is looked at
        versions = (
            self.env["hr.version"].sudo().browse({id_ for ids in parts.values() for id_ in ids})
        )
        structures = {version.id: version.struct_id for version in versions}
        return slips.filtered(
            lambda slip: any(
                structures[id_] and structures[id_] != slip.struct_id for id_ in parts[slip]
            )
        )

    @api.model
    def _find_only_settling(self, known, slips, period):
        """Those of these payslips whose agents were off the ladder all the month, and are paid
        it by a structure that knows no tiers: by tier they have earlier months settled alone."""
        versions = self.env["hr.version"].sudo()  # only whether they are paid by tier is read
        found = slips.browse()
        for slip in slips:
            held = known.timelines[slip.employee_id.id].touching(period.start, period.end)
            ours = versions.browse([each.version for each in held])
            if not any(each.tier for each in held) and not ours.struct_id._pays_by_tier():
                found |= slip
        return found

    @api.model
    def _pay_nothing(self, figures):
        """These figures with nothing held and nothing paid of the month itself."""
        nil = {"basis": Fraction(0), "parts": (), "amount": decimal(0)}
        items = tuple(replace(item, **nil) for item in figures.items)
        return replace(figures, held=(), items=items, warnings=())

    @api.model
    def _check_employed(self, slip, timeline, period):
        """A company pays the days that the agent worked in it, wherever they are by now."""
        employee = slip.employee_id.sudo()  # for whom an agent works by now, and no more
        if timeline.touching(period.start, period.end) or employee.company_id == slip.company_id:
            return
        raise UserError(
            self.env._(
                "%(slip)s belongs to %(company)s, but %(agent)s is employed by %(other)s.",
                slip=slip._get_label(),
                company=slip.company_id.name,
                agent=employee.name,
                other=employee.company_id.name,
            )
        )

    @api.model
    def _check_covered(self, slip, figures):
        """A payslip pays the whole pay month: its period holds all days under contract."""
        held = figures.held
        if held and (held[0].start < slip.date_from or held[-1].end > slip.date_to):
            raise UserError(
                self.env._(
                    "%(slip)s runs from %(start)s to %(end)s, but %(agent)s was under contract "
                    "from %(first)s to %(last)s of that pay month, which is paid by one payslip. "
                    "Set its period to the whole month.",
                    slip=slip._get_label(),
                    agent=slip._get_agent_name(),
                    start=slip.date_from,
                    end=slip.date_to,
                    first=held[0].start,
                    last=held[-1].end,
                )
            )

    @api.model
    def _load_open(self, company, ids, month):
        """Employee id -> differences of earlier months that a payslip of ``month`` settles (W7)."""
        found = defaultdict(list)
        for each in self.env["cs.pay.difference"]._find(company, ids, before=month):
            if not each.beyond:
                found[each.employee].append(each.difference)
        return found

    @api.model
    def _load_settled_by(self, company, ids, month):
        """Employee id -> what the done payslips of the month settled, less what was given back:
        a credit note gives back all of it."""
        settled = defaultdict(list)
        # raw: the sign of a credit note, and what comes to nought, by one query for everybody
        self.env["cs.settlement"].flush_model()
        self.env["hr.payslip"]._flush_standing()
        for id_, of_month, item, returned, amount in self.env.execute_query(
            SQL(
                """
                SELECT own.employee_id, own.month, own.item, COALESCE(own.returned, FALSE),
                       SUM(CASE WHEN slip.credit_note THEN -own.amount ELSE own.amount END)
                  FROM cs_settlement own
                  JOIN hr_payslip slip ON slip.id = own.slip_id
                 WHERE own.employee_id = %s AND slip.company_id = %s
                   AND slip.state = 'done' AND slip.cs_pay_month = %s
                 GROUP BY 1, 2, 3, 4
                HAVING SUM(CASE WHEN slip.credit_note THEN -own.amount ELSE own.amount END) != 0
                """,
                any_of(ids),
                company.id,
                month,
            )
        ):
            settled[id_].append(Difference(of_month, item, decimal(amount), returned))
        return settled

    @api.model
    def _load_fines_due(self, slips):
        """Payslip id -> fines due by its pay month, as they are now (W5)."""
        due = {}
        for (company, month), ours in slips.grouped(
            lambda slip: (slip.company_id, slip.cs_pay_month)
        ).items():
            fines, _withdrawn = self._load_fines(company, ours.employee_id.ids, month)
            due |= {slip.id: fines.get(slip.employee_id.id, ()) for slip in ours}
        return due

    @api.model
    def _load_fines(self, company, ids, month):
        """Employee id -> fines due by this month (W5); and ids of employees whose payslips
        took a fine that has been withdrawn since.

        A fine of a former employment in the company is still due after rejoining: what is owed
        is never lost (W5), though it counts for nothing else any more (R5). One of another
        company is owed there.
        """
        # raw, as what follows: payroll has no rights in customer service, and it is one query
        # for everybody, whatever record rules would add to it
        self.env["cs.violation"].flush_model()
        due, withdrawn = defaultdict(list), set()
        for id_, violation, state, fine, taken in self.env.execute_query(
            SQL(
                """
                SELECT employee_id, id, state, COALESCE(fine, 0), COALESCE(fine_taken, 0)
                  FROM cs_violation
                 WHERE employee_id = %s AND company_id = %s AND month <= %s
                   AND (state = 'confirmed' OR (state = 'withdrawn' AND fine_taken > 0))
                 ORDER BY month, date, id
                """,
                any_of(ids),
                company.id,
                month,
            )
        ):
            if state == "withdrawn":
                withdrawn.add(id_)
            elif fine > taken:
                due[id_].append(Fine(violation, decimal(fine) - decimal(taken)))
        return due, withdrawn

    @api.model
    def _load_given(self, company, ids, month):
        """Employee id -> what the done payslips of the month took, less what refunds gave."""
        self.env["cs.fine.taking"].flush_model()
        self.env["hr.payslip"]._flush_standing()
        given = defaultdict(list)
        for id_, violation, taken in self.env.execute_query(
            SQL(
                """
                SELECT taking.employee_id, taking.violation_id,
                       SUM(taking.amount)
                  FROM cs_fine_taking taking
                  JOIN hr_payslip slip ON slip.id = taking.slip_id
                 WHERE taking.employee_id = %s AND taking.company_id = %s
                   AND slip.state = 'done' AND slip.cs_pay_month = %s
                 GROUP BY taking.employee_id, taking.violation_id
                 ORDER BY taking.violation_id
                """,
                any_of(ids),
                company.id,
                month,
            )
        ):
            if taken > 0:
                given[id_].append(Fine(violation, decimal(taken)))
        return given
