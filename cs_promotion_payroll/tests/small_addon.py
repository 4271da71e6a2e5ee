"""A small addon for OCA payroll, as a company may have it: it overrides each of OCA's hooks."""

from contextlib import contextmanager

from odoo import models

OCA = "odoo.addons.payroll.models.hr_payslip"


def make_addon():
    """The addon's model class, fresh for each registry it is put into."""

    class SmallAddon(models.Model):
        _inherit = "hr.payslip"
        _module = None  # no addon on disk: it is not loaded with one

        def get_worked_day_lines(self, contracts, date_from, date_to):
            lines = super().get_worked_day_lines(contracts, date_from, date_to)
            for contract in contracts[:1]:
                lines.append(
                    {
                        "name": "Night shifts",
                        "code": "NIGHT",
                        "sequence": 20,
                        "number_of_days": 2.0,
                        "number_of_hours": 16.0,
                        "contract_id": contract.id,
                    }
                )
            return lines

        def get_inputs(self, contracts, date_from, date_to):
            inputs = super().get_inputs(contracts, date_from, date_to)
            for contract in contracts[:1]:
                inputs.append(
                    {
                        "name": "Canteen",
                        "code": "CANTEEN",
                        "amount": 33.5,
                        "contract_id": contract.id,
                    }
                )
            return inputs

        def get_payslip_vals(
            self, date_from, date_to, employee_id=False, contract_id=False, struct_id=False
        ):
            values = super().get_payslip_vals(
                date_from, date_to, employee_id, contract_id, struct_id
            )
            values["value"]["note"] = f"For {self.env['hr.employee'].browse(employee_id).name}"
            values["value"]["worked_days_line_ids"].append(
                {
                    "name": "From the values",
                    "code": "VALUES",
                    "sequence": 30,
                    "number_of_days": 1.0,
                    "number_of_hours": 8.0,
                    "contract_id": values["value"]["contract_id"],
                }
            )
            return values

        def compute_sheet(self):
            done = super().compute_sheet()
            for slip in self:
                base = sum(slip.line_ids.filtered(lambda line: line.code == "BASE").mapped("total"))
                slip.write(
                    {
                        "line_ids": [
                            (
                                0,
                                0,
                                {
                                    "name": f"Seen: {base:.2f}",
                                    "code": "SEEN",
                                    "sequence": 300,
                                    "category_id": slip.line_ids[:1].category_id.id,
                                    "salary_rule_id": slip.line_ids[:1].salary_rule_id.id,
                                    "amount": base,
                                },
                            )
                        ]
                    }
                )
            return done

    return SmallAddon


@contextmanager
def installed(env, above=True):
    """The addon is loaded, after ours (``above``) or between OCA's and ours, as its
    dependencies and its name may have it."""
    model_class = env.registry["hr.payslip"]
    bases = model_class._base_classes__
    addon = make_addon()
    place = 0
    if not above:
        place = next(i for i, base in enumerate(bases) if base.__module__ == OCA)
    try:
        _set_bases(env, (*bases[:place], addon, *bases[place:]))
        yield
    finally:
        _set_bases(env, bases)


def _set_bases(env, bases):
    env.flush_all()
    env.registry["hr.payslip"]._base_classes__ = bases
    env.registry["hr.payslip"]._setup_done__ = False
    env.registry._setup_models__(env.cr, ["hr.payslip"])
