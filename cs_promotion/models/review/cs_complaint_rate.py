from odoo import api, models

from ...engine import scoring


class CsComplaintRate(models.AbstractModel):
    """Violations by complaint rate, raised from the figures of a month that is closed (V3)."""

    _name = "cs.complaint.rate"
    _description = "Violations by Complaint Rate"

    @api.model
    def _raise_violations(self, cycle, timelines):
        """A minor violation at the tier's smallest fine for every month over the limit (V3).

        After a correction, one that still follows stays as it is; one that does not is
        withdrawn, with a reason meant for its agent.
        """
        due = self._find_due(cycle, timelines)
        raised = self.env["cs.violation"].search([("cycle_id", "=", cycle.id)])
        fallen = raised.browse()
        for violation in raised:
            values = due.get(violation.employee_id.id)
            if violation.state == "confirmed":
                if values and self._is_same(violation, values):
                    self._bring_up_to_date(violation, due.pop(violation.employee_id.id))
                else:
                    fallen |= violation
            elif violation.ended_for_good and values and self._has_figures(violation, values):
                del due[violation.employee_id.id]  # a person has decided on these figures
        # withdrawn first: the same agent may be due one of other figures
        fallen._withdraw_unfounded()
        kind = self.env["cs.violation.type"]._get_complaint_rate()
        reported = raised._get_reported(kind, cycle.date_start, cycle.date_end)
        # one that a person has reported of the same month counts already
        raised.create([values for id_, values in due.items() if id_ not in reported])

    @api.model
    def _find_due(self, cycle, timelines):
        """Employee id -> the violation that the month's figures call for (V3)."""
        policy = cycle.policy_id._compile()
        codes = {id_: code for code, id_ in self.env["cs.tier"]._get_ids_by_code().items()}
        figures = self.env["cs.figure"].search_fetch(
            [
                ("month", "=", cycle.date_start),
                ("company_id", "=", cycle.company_id.id),
                ("complaints", ">", 0),
            ],
            ["employee_id", "handled", "complaints"],
        )
        kind = self.env["cs.violation.type"]._get_complaint_rate()
        alike = {
            "type_id": kind.id,
            "month": cycle.date_start,
            "cycle_id": cycle.id,
            "state": "confirmed",
        }
        former = {}
        if cycle.policy_id.offence_ids._is_repeated():
            former = self.env["cs.violation"]._load_former(figures.employee_id.ids)
        due = {}
        for figure in figures:
            employee = figure.employee_id
            timeline = timelines.get(employee.id)
            if timeline and scoring.complaint_rate_reached(
                figure.handled, figure.complaints, policy.settings
            ):
                last = timeline.last_in(cycle.date_start, cycle.date_end)
                line = policy.pay.get(codes[last.tier])  # none: a tier that the policy has not
                day = min(last.end, cycle.date_end)
                due[employee.id] = {
                    **alike,
                    **self._get_values(cycle, figure),
                    **self._get_terms(cycle.policy_id, kind, former, timeline, day, line),
                    "date": day,
                }
        return due

    @api.model
    def _get_terms(self, policy, kind, former, timeline, day, line):
        """How grave it is, its points, and the smallest fine there is for it: minor at the tier's
        smallest fine, where the policy says nothing else of the kind (V3)."""
        violations = self.env["cs.violation"]
        days = violations._get_former_days(
            former.get((timeline.employee, kind.id), ()), timeline, (day, 0)
        )
        offence = policy.offence_ids._find(kind, day, days)
        severity = offence.severity or "minor"
        fine, _largest = violations._get_fine_range(policy, offence, severity, line)
        return {"severity": severity, "fine": fine, "points": offence.points}

    @api.model
    def _get_values(self, cycle, figure):
        """What the violation says of these figures, which call for it."""
        # kept with the violation: in the company's language, whoever closes the month
        words = self.with_context(lang=cycle.company_id._cs_get_lang()).env
        return {
            "employee_id": figure.employee_id.id,
            "complaints": figure.complaints,
            "handled": figure.handled,
            "description": words._(
                "%(complaints)s complaints of %(handled)s customers handled",
                complaints=figure.complaints,
                handled=figure.handled,
            ),
        }

    # ------------------------------------------------------------------ a month closed again

    @api.model
    def _is_same(self, violation, values):
        """Whether the closing would raise it again as it is: same day, same fine."""
        same_fine = not violation.currency_id.compare_amounts(violation.fine, values["fine"])
        return violation.date == values["date"] and same_fine

    @api.model
    def _has_figures(self, violation, values):
        return all(violation[name] == values[name] for name in ("complaints", "handled"))

    @api.model
    def _bring_up_to_date(self, violation, values):
        """Let a violation that stays name the figures as they are now, with a note."""
        if self._has_figures(violation, values):
            return
        violation.write({name: values[name] for name in ("complaints", "handled", "description")})
        violation._message_log(
            body=self.env._(
                "The month was closed again: the violation stays as it is. Its figures were "
                "brought up to date."
            )
        )
