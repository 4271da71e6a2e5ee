import json
from fractions import Fraction

from odoo import api, models

from ...engine.decimals import decimal
from ...engine.plain import text
from ...engine.proviso import Proviso


class CsCycleClasses(models.AbstractModel):
    """Who is in which class when a cycle is closed, and what kept agents out of better ones
    (policy language, *Classes*)."""

    _name = "cs.cycle.classes"
    _description = "Classes of a CS Review Cycle"

    @api.model
    def _place(self, cycle, groups, points):
        """Employee id -> class, of those who are in one; and -> what kept them out of better ones,
        as an appraisal keeps it.

        :param groups: with whom one is compared -> employee id -> score
        :param points: what forms came to, as :meth:`cs.form.points._keep` gives
        """
        policy = cycle.policy_id
        rows = {row.code: row.id for row in policy.class_ids}
        if not rows:
            return {}, {}
        classes, least = policy._get_classes(), policy.rank_least
        known = self._load_known(cycle, classes, groups, points) if classes.metrics else {}
        placed, withheld = {}, {}
        for scores in groups.values():
            found = classes.place(scores, len(scores) >= least, known)
            placed |= {id_: rows[code] for id_, code in found.codes.items()}
            withheld |= {
                id_: self._keep(classes, codes, scores[id_], known.get(id_, {}))
                for id_, codes in found.passed.items()
            }
        return placed, withheld

    @api.model
    def _load_known(self, cycle, classes, groups, points):
        """Employee id -> code of a metric -> value in the cycle, of all that provisos go by."""
        ids = [id_ for scores in groups.values() for id_ in scores]
        timelines = self.env["cs.timeline"]._load(ids, cycle.company_id)
        found = self.env["cs.facts"]._load_values(
            classes.metrics.values(),
            timelines,
            cycle.company_id,
            [(cycle.date_start, cycle.date_end)],
            # the points of this very cycle are stored with the classes
            self.env["cs.form.points"]._get_given(cycle, points),
        )
        return {id_: values for (id_, _start), values in found.items()}

    @api.model
    def _keep(self, classes, codes, score, known):
        """As JSON, by the code of each class that passed somebody over: what they lack."""
        grounds = {}
        for row in classes.rows:
            if row.code not in codes:
                continue
            grounds[row.code] = [{"least": text(row.least)}] if score < row.least else []
            grounds[row.code] += [
                {
                    "metric": proviso.metric.code,
                    "operator": proviso.operator,
                    "value": text(proviso.value),
                    "value_max": text(proviso.value_max),
                    "found": text(known.get(proviso.metric.code)),
                }
                for proviso in row.provisos
                if not proviso.holds(known)
            ]
        return json.dumps(grounds)

    @api.model
    def _say(self, appraisal):
        """What kept the agent out of better classes, in the reader's words: ``not A: Serious
        violations 1, needs = 0``."""
        grounds = appraisal.withheld
        if not grounds:
            return False
        words = self.env["cs.words"]
        metrics = words._get_metrics(
            {each["metric"] for lacking in grounds.values() for each in lacking if "metric" in each}
        )
        # superuser: by the policy of the time, which may be in force no more
        rows = appraisal.sudo().cycle_id.policy_id.class_ids
        return words._say_one_by_one(
            [
                words._say_withheld(
                    row.name, [self._say_ground(each, metrics) for each in grounds[row.code]]
                )
                for row in rows.sorted()
                if row.code in grounds
            ]
        )

    @api.model
    def _say_ground(self, ground, metrics):
        words = self.env["cs.words"]
        if "least" in ground:
            return words._say_too_low(decimal(ground["least"]))
        most, found = ground["value_max"], ground["found"]
        proviso = Proviso(
            metrics[ground["metric"]],
            ground["operator"],
            decimal(ground["value"]),
            decimal(most) if most is not None else None,
        )
        return words._say_unmet(proviso, None if found is None else Fraction(found))
