from fractions import Fraction

from odoo import api, models

from ...engine.decimals import fraction, plain, round_half_up
from ...engine.form import COUNTS


class CsMeasured(models.AbstractModel):
    """The measured items of a form: what is known of an agent in a period, and the points it gives.

    While the period is open it is what the closing would find today; closed, what it found. No
    rater gives it, so it is no secret among them.
    """

    _name = "cs.measured"
    _description = "Measured Items of CS Appraisals"

    @api.model
    def _keep(self, form, values, results):
        """Employee id -> what an appraisal keeps of a closing: a list of dict(item, metric,
        value, points), numbers as exact fractions, None where there is none. Of a rater that is
        measured instead of asked its code stands under *rater*, not an item.

        :param values: employee id -> metric code -> value
        :param results: employee id -> :class:`~...engine.form.Result`
        """
        items = {key: part for key, part in form.parts.items() if part.metric}
        voices = {code: each for code, each in form.raters.items() if each.is_measured}
        return {
            id_: [
                {
                    "item": key[1],
                    "metric": part.metric.code,
                    "value": self._write_exact(known.get(part.metric.code)),
                    "points": self._write_exact(results[id_].points.get(key)),
                }
                for key, part in items.items()
            ]
            + [
                {
                    "rater": code,
                    "metric": voice.metric.code,
                    "value": self._write_exact(known.get(voice.metric.code)),
                    "points": self._write_exact(voice.measure(known.get(voice.metric.code))),
                }
                for code, voice in voices.items()
            ]
            for id_, known in values.items()
        }

    @api.model
    def _write_exact(self, number):
        return None if number is None else str(fraction(number))

    @api.model
    def _get_rows(self, appraisals):
        """Appraisal -> its measured items in the form's order, each as :meth:`_get_row`."""
        rows = {}
        # superuser: whoever sees the appraisal sees what was measured for it, in its words
        counting = appraisals.sudo().filtered(lambda each: not each.excluded)
        groups = counting.grouped(lambda each: (each.cycle_id, each._get_scorecard()))
        for (cycle, scorecard), ours in groups.items():
            # a period that is made of others has no form
            form = cycle._needs_sheets() and scorecard and scorecard._compile(cycle.policy_id)
            if not form or not form.metrics:
                continue
            now = ours.filtered(lambda each: not each.closed)
            found = {each: each.measured for each in ours - now if each.measured}
            found |= self._find_now(cycle, form, now)
            items = self._get_items(scorecard, form)
            for appraisal, kept in found.items():
                by_item = {each.get("item") or each.get("rater"): each for each in kept}
                rows[appraisal.id] = [
                    self._get_row(item, part, by_item.get(item.id), appraisal.closed)
                    for item, part in items.items()
                ]
                rows[appraisal.id] += [
                    self._get_rater_row(cycle, code, voice, by_item.get(code), appraisal.closed)
                    for code, voice in form.raters.items()
                    if voice.is_measured
                ]
        return {each: rows.get(each.id, []) for each in appraisals}

    @api.model
    def _get_items(self, scorecard, form):
        """Measured item -> its part of the form, in the order in which the form has them."""
        parts = {key[1]: part for key, part in form.parts.items() if part.metric}
        items = scorecard.section_ids.item_ids
        return {item: parts[item.id] for item in items if item.id in parts}

    @api.model
    def _find_now(self, cycle, form, appraisals):
        """Appraisal -> what would be kept of it were the period closed now."""
        if not appraisals:
            return {}
        results = self.env["cs.cycle.results"].sudo()
        values = results._load_measured(cycle, form, appraisals.employee_id.ids)
        kept = self._keep(form, values, results._evaluate(form, {}, values))
        return {each: kept.get(each.employee_id.id, []) for each in appraisals}

    @api.model
    def _get_row(self, item, part, kept, closed):
        """What is shown of a measured item: dict(id, section, number, name, value, scaled, points,
        maximum, effect, missing); no value and points where nothing is known."""
        words = self.env["cs.words"]
        value, points = (kept and kept[key] for key in ("value", "points"))
        known = value is not None
        exact = Fraction(value) if known else None
        return {
            "id": item.id,
            "section": item.section_id.id,
            "number": item.number,
            "name": item.name,
            "metric": words._say_metric(part.metric),
            "value": words._say_measured(part.metric, exact) if known else "",
            "scaled": words._say_scaled(part, exact) if known else "",
            "points": plain(round_half_up(Fraction(points))) if points is not None else "",
            "maximum": plain(item.maximum) if item.maximum else "",
            "counts": part.effect == COUNTS,
            "effect": words._say_effect(item),
            "missing": "" if known else words._say_unknown(item, closed),
        }

    @api.model
    def _get_rater_row(self, cycle, code, voice, kept, closed):
        """The same of a rater that is measured instead of asked: it has no place on the form."""
        words = self.env["cs.words"]
        value, points = (kept and kept[key] for key in ("value", "points"))
        rater = cycle.policy_id.rater_ids.filtered(lambda each: each.code == code)
        missing = self.env._("Nothing was known.") if closed else self.env._("Nothing known yet.")
        return {
            "id": False,
            "section": False,
            "number": "",
            "name": rater._get_label() if rater else code,
            "metric": words._say_metric(voice.metric),
            "value": words._say_measured(voice.metric, Fraction(value)) if value else "",
            "scaled": "",
            "points": plain(round_half_up(Fraction(points))) if points else "",
            "maximum": plain(cycle.policy_id.score_max),
            "counts": True,
            "effect": self.env._("weight %g", voice.weight),
            "missing": "" if value else missing,
        }
