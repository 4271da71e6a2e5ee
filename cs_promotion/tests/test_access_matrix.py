"""Who may read, write, create and delete what: one table, tried record by record.

A right is a letter: read, write, create, unlink. A refusal is an ``AccessError``; other
errors (a closed month, a used policy) mean that access was granted and a rule of the policy
stood in the way, which other tests look at. People who are not named may do nothing.
"""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CsPromotionCase

EVERYBODY = ("agent", "peer", "superior", "stranger", "office", "manager")
OTHERS = ("agent_b", "superior_b", "office_b", "manager_b")
PUBLIC = dict.fromkeys(EVERYBODY, "r") | {"manager": "rwcu"}
SHARED = PUBLIC | dict.fromkeys(OTHERS, "r") | {"manager_b": "rwcu"}
OWN = {"agent": "r", "superior": "r", "office": "rwcu", "manager": "rwcu"}

REMARKS = ("note", "reason", "description", "grounds")

# parts of a used policy: none is created any more, their twins of the draft are
IN_USE = ("pay", "rule", "condition")

# key of a record in setUpClass -> person -> rights; the model follows from the record
RIGHTS = {
    "tier": SHARED,
    "standard": SHARED,
    "violation_type": SHARED,
    "scorecard": SHARED,
    "section": SHARED,
    "item": SHARED,
    "grade": SHARED,
    "policy": PUBLIC,
    "pay": PUBLIC,
    "rule": PUBLIC,
    "condition": PUBLIC,
    "policy_draft": {"manager": "rwcu"},
    "pay_draft": {"manager": "rwcu"},
    "rule_draft": {"manager": "rwcu"},
    "condition_draft": {"manager": "rwcu"},
    "cycle": PUBLIC | {"office": "rwc"},
    "appraisal_open": {"superior": "r", "office": "rw", "manager": "rw"},
    "appraisal_closed": {"agent": "r", "superior": "r", "office": "rw", "manager": "rw"},
    "appraisal_of_office": {"superior": "r", "office": "", "manager": "rw"},
    "sheet_superior_draft": {"superior": "rw"},
    "sheet_office_draft": {"office": "rw", "manager": "rw"},
    "sheet_superior_closed": {"agent": "r", "superior": "rw", "office": "r", "manager": "r"},
    "sheet_office_closed": {"agent": "r", "superior": "r", "office": "rw", "manager": "rw"},
    "line_superior_draft": {"superior": "rw"},
    "line_office_draft": {"office": "rw", "manager": "rw"},
    "line_superior_closed": {"agent": "r", "superior": "rw", "office": "r", "manager": "r"},
    "line_office_closed": {"agent": "r", "superior": "r", "office": "rw", "manager": "rw"},
    "figure": OWN,
    "figure_of_office": {"superior": "r", "office": "r", "manager": "rwcu"},
    "probation_test": OWN,
    "probation_test_of_office": {"superior": "r", "office": "r", "manager": "rwcu"},
    "award": OWN,
    "award_of_office": {"superior": "r", "office": "r", "manager": "rwcu"},
    "violation_reported": {"superior": "rwc", "office": "rwcu", "manager": "rwcu"},
    "violation_confirmed": {"agent": "r", "superior": "rc", "office": "rwcu", "manager": "rwcu"},
    "violation_of_office": {"superior": "rc", "office": "r", "manager": "rwcu"},
    "decision_proposed": {"superior": "r", "office": "r", "manager": "rwcu"},
    "decision_announced": {"agent": "r", "superior": "r", "office": "r", "manager": "rwcu"},
}


@tagged("post_install", "-at_install", "cs_promotion")
class TestAccessMatrix(CsPromotionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._make_agent("Clerk", hired="2024-01-01", user=cls.user_office)
        cls._play("2025-01", {cls.agent: 95, cls.clerk: 90})
        cls._open("2025-02")
        cls.records = {
            "tier": cls.tiers["junior"],
            "standard": cls.tiers["junior"].standard_ids[0],
            "violation_type": cls.env.ref("cs_promotion.violation_type_slacking"),
        }
        cls._set_up_policies()
        cls._set_up_appraisals()
        for suffix, agent in (("", cls.agent), ("_of_office", cls.clerk)):
            cls.records["figure" + suffix] = cls._figure(agent, "2025-02", sales=100)
            cls.records["award" + suffix] = cls._award(agent, "2025-02")
            cls.records["probation_test" + suffix] = cls._probation_test(agent, "2025-02-03")
        cls._set_up_decisions()

    @classmethod
    def _set_up_policies(cls):
        draft = cls._make_policy(cls.company, "2026-01-01", activate=False)
        scorecard = cls.policy.scorecard_id.copy()
        section = scorecard.section_ids[0]
        cls.records |= {
            "scorecard": scorecard,
            "section": section,
            "item": section.item_ids[0],
            "grade": section.grade_ids[0],
        }
        for suffix, policy in (("", cls.policy), ("_draft", draft)):
            cls.records |= {
                "policy" + suffix: policy,
                "pay" + suffix: policy.pay_ids[0],
                "rule" + suffix: policy.rule_ids[0],
                "condition" + suffix: policy.rule_ids[0].condition_ids[0],
            }

    @classmethod
    def _set_up_appraisals(cls):
        cls.records |= {
            "cycle": cls._cycle("2025-02"),
            "appraisal_open": cls._appraisal(cls.agent, "2025-02"),
            "appraisal_closed": cls._appraisal(cls.agent, "2025-01"),
            "appraisal_of_office": cls._appraisal(cls.clerk, "2025-02"),
        }
        for role in ("superior", "office"):
            for state, month in (("draft", "2025-02"), ("closed", "2025-01")):
                sheet = cls._sheet(cls.agent, month, role)
                cls.records[f"sheet_{role}_{state}"] = sheet
                cls.records[f"line_{role}_{state}"] = sheet.line_ids[0]

    @classmethod
    def _set_up_decisions(cls):
        reported = cls._violation(cls.agent, "2025-02-03", confirm=False)
        reported.reported_by = cls.user_superior
        cls.records |= {
            "violation_reported": reported,
            "violation_confirmed": cls._violation(cls.agent, "2025-02-04"),
            "violation_of_office": cls._violation(cls.clerk, "2025-02-04", confirm=False),
            "decision_proposed": cls._decide(cls.agent, "senior", "2025-03-01", announce=False),
            "decision_announced": cls._decide(cls.agent, "intermediate", "2025-02-15"),
        }

    def _get_written(self, record):
        """Something that could be written on the record."""
        match record._name:
            case "cs.appraisal":
                return {"superior_id": self.superior.id}
            case "cs.appraisal.sheet":
                return {"line_ids": [(1, record.line_ids[0].id, {"remark": "x"})]}
            case "cs.appraisal.sheet.line":
                return {"remark": "x"}
            case "cs.cycle":
                return {"activity_ids": []}
            case "cs.path":
                return {"display_name": "x"}
            case _:
                name = next(
                    name
                    for name in ("name", "sequence", "base_wage", "sales", *REMARKS)
                    if name in record._fields
                )
                return {name: record[name]}

    def _get_created(self, record):
        """Values of a record like this one that break no other rule."""
        given = {
            name: record[name].id if field.type == "many2one" else record[name]
            for name, field in record._fields.items()
            if field.store
            and field.type not in ("one2many", "many2many", "json")
            and not field.readonly
            and not field.compute
            and record[name]
        }
        another = {
            "code": "another",
            "letter": "Z",
            "number": 99,
            "points": 4,
            "month": "2025-03-01",
            "date_start": "2025-03-01",
            "date_from": "2030-01-01",
            "effective_date": "2025-04-01",
            "state": "draft",
        }
        given |= {name: value for name, value in another.items() if name in given}
        if record._name == "cs.tier":
            given["sequence"] = 999
        if record._name == "cs.policy.pay":
            given["tier_id"] = self.tiers["reserve"].id
        if record._name == "cs.policy.rule":
            given["condition_ids"] = [(0, 0, {"metric": "awards", "value": 1})]
        return given

    def _may(self, user, record, right):
        """Whether the person gets past access checks, in a transaction that is undone."""
        seen = self._as(user, record).with_context(mail_notrack=True)
        if right == "r":
            found = seen.search_count([("id", "=", record.id)])
            may = self._try(lambda: seen.read(["display_name"]))
            self.assertEqual(bool(found), may, f"{user.login}: search and read of {record}")
            return may
        if right == "w":
            values = self._get_written(record)
            return self._try(lambda: seen.write(values))
        if right == "u":
            return self._try(seen.unlink)
        values = self._get_created(record)
        return self._try(lambda: self._as(user, record.browse()).create(values), strict=True)

    def _try(self, action, strict=False):
        """Whether the action is not refused by access rights; it is undone in any case.

        :param strict: let no other error pass for access granted
        """

        class UndoError(Exception):
            pass

        tolerated = (UndoError,) if strict else (UndoError, UserError, IntegrityError)
        try:
            with self.env.cr.savepoint():
                action()
                self.env.flush_all()
                raise UndoError
        except AccessError:
            return False
        except tolerated:
            return True

    def test_every_model_is_in_the_table(self):
        tried = {record._name for record in self.records.values()}
        stored = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("cs.")
            and model._original_module == "cs_promotion"
            and not model._abstract
            and not model._transient
            and model._auto
        }
        self.assertFalse(stored - tried, "Add a record and its rights to the table")
        self.assertEqual(set(self.records), set(RIGHTS))

    @mute_logger("odoo.sql_db")
    def _check_table(self, right):
        wrong = []
        for key, rights in RIGHTS.items():
            if right == "c" and key in IN_USE:
                continue
            for person in EVERYBODY + OTHERS:
                user = getattr(self, f"user_{person}")
                expected = right in rights.get(person, "")
                if self._may(user, self.records[key], right) != expected:
                    wrong.append(f"{person} {'cannot' if expected else 'can'} {right} {key}")
        self.assertFalse(wrong)

    def test_read(self):
        self._check_table("r")

    def test_write(self):
        self._check_table("w")

    def test_create(self):
        self._check_table("c")

    def test_unlink(self):
        self._check_table("u")
