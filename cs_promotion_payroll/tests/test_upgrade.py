"""Databases of earlier releases, upgraded: every figure, decision and word is the same."""

import datetime
import json
import lzma
import re
import tempfile
from pathlib import Path

from lxml import etree

from odoo.tests import get_db_name, tagged

from odoo.addons.cs_promotion.tests.database_common import DatabaseCase

UPGRADE = Path(__file__).parents[2] / "upgrade"
ADDONS = ("cs_promotion", "cs_promotion_payroll")

# raters are rows, and a sheet tells who fills it in: test_raters_are_rows
RATERS = {
    "cs_policy": {"superior_weight", "office_weight"},
    "cs_appraisal_sheet_former": {"superior_user_id"},
}
# which rungs are by appointment, a version of the policy says: test_ladders_are_rungs
LADDER = {"cs_tier": {"appointed"}}
# table -> what it is called now, and which columns are
RENAMED = {"cs_policy_pay": ("cs_policy_rung", {"tier_sequence": "sequence"})}
# release -> table -> columns that a later one changes on purpose, or does without
CHANGED = {
    "19.0.1.0.0": {
        # what a refund gives back counts backwards: test_refunds_count_backwards
        "cs_fine_taking": {"amount"},
        # kept with every item since: test_figures_say_the_same
        "hr_payslip": {"cs_figures"},
        **RATERS,
        **LADDER,
    },
    "19.0.2.0.0": {**RATERS, **LADDER},
    "19.0.3.0.0": {**LADDER},
    "19.0.4.0.0": {},
    "19.0.5.0.0": {},
    "19.0.6.0.0": {},
    "19.0.7.0.0": {},
}
# columns that tell when and by whom a row was touched last, not what it says
TOUCHED = {"write_date", "write_uid", "message_main_attachment_id"}
OTHERS = (
    "hr_payslip",
    "hr_payslip_line",
    "hr_payslip_run",
    "hr_salary_rule_category",
    "hr_version",
)
MONTHS = [f"{datetime.date(2000, month, 1):%B}" for month in range(1, 13)]


def tell(line):
    """A line with every finding as ``period: value``, however the release puts it in words.

    19.0.1.0.0 wrote ``6 (2025-10)`` and ``87 (2025Q4)``, 19.0.2.0.0 writes
    ``October 2025: rank 6`` and ``Q4 2025: 87``.
    """
    line = re.sub(r"([\d.]+) \((\d{4}(?:-\d\d|Q\d))\)", r"\2: \1", line)
    line = re.sub(r"\bQ(\d) (\d{4}): (?:rank )?", r"\2Q\1: ", line)
    for number, month in enumerate(MONTHS, 1):
        line = re.sub(rf"\b{month} (\d{{4}}): (?:rank )?", rf"\1-{number:02}: ", line)
    return line


class UpgradeCase(DatabaseCase):
    """One release: ``before`` and ``after`` hold table -> id -> row."""

    release = None
    suffix = "upgrade"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_database()
        with tempfile.NamedTemporaryFile(suffix=".sql") as file:
            file.write(lzma.decompress((UPGRADE / f"{cls.release}.sql.xz").read_bytes()))
            file.flush()
            cls._psql(cls.database, "-f", file.name)
        # somebody runs it by hand
        cls._psql(
            cls.database,
            "-c",
            "UPDATE ir_cron SET active = FALSE WHERE id = (SELECT res_id FROM ir_model_data "
            "WHERE module = 'cs_promotion' AND name = 'ir_cron_move')",
        )
        cls.named = cls._get_named("cs_promotion")
        cls.before = cls._get_tables()
        cls.counted = cls._count_around()
        cls.said = json.loads(lzma.decompress((UPGRADE / f"{cls.release}.json.xz").read_bytes()))
        cls._run_addons("-u", *ADDONS)
        cls.after = cls._get_tables()
        printed = cls._shell((UPGRADE / "snapshot.py").read_text(encoding="utf-8"))
        (line,) = [each for each in printed.splitlines() if each.startswith("SNAPSHOT ")]
        cls.says = json.loads(line.removeprefix("SNAPSHOT "))

    @classmethod
    def _get_tables(cls):
        """Table -> its rows, of all that these addons have, and of pay."""
        names = [
            name
            for (name,) in cls._query(
                "SELECT tablename FROM pg_tables WHERE tablename LIKE 'cs\\_%' ORDER BY 1"
            )
            if not name.startswith("cs_reason")
        ]
        tables = {}
        for name in (*names, *OTHERS):
            rows = cls._psql(cls.database, "-c", f"SELECT to_json(t) FROM {name} AS t").splitlines()
            rows = [json.loads(row) for row in rows]
            tables[name] = {row["id"] if "id" in row else tuple(row.values()): row for row in rows}
        return tables

    @classmethod
    def _get_named(cls, *addons):
        """Name and model -> addon, id and flag of the records that these addons' files made."""
        names = ", ".join(f"'{addon}'" for addon in addons)
        return {
            (name, model): (module, res_id, bool(noupdate))
            for name, model, module, res_id, noupdate in cls._query(
                "SELECT name, model, module, res_id, noupdate FROM ir_model_data "
                f"WHERE module IN ({names}) AND model NOT IN ('ir.model.fields', "
                "'ir.model.fields.selection', 'ir.model.inherit', 'ir.model.constraint')"
            )
        }

    @classmethod
    def _count_around(cls):
        """What hangs on the records: model and kind -> number."""
        kinds = {
            "mail_message": "model",
            "mail_followers": "res_model",
            "mail_activity": "res_model",
        }
        return {
            (kind, model): count
            for kind, column in kinds.items()
            for model, count in cls._query(
                f"SELECT {column} AS model, count(*) FROM {kind} "
                f"WHERE {column} LIKE 'cs.%' OR {column} = 'hr.payslip' GROUP BY 1"
            )
        }

    def _check_rows(self):
        faults = []
        for table, rows in self.before.items():
            name, columns = RENAMED.get(table, (table, {}))
            later = self.after.get(name, {})
            skipped = TOUCHED | set(CHANGED[self.release].get(table, ()))
            for key, row in rows.items():
                if key not in later:
                    faults.append(f"{table} {key} is gone")
                    continue
                for column, value in row.items():
                    now = later[key].get(columns.get(column, column))
                    if column not in skipped and now != value:
                        faults.append(f"{table} {key} {column}: {value!r} became {now!r}")
        self.assertFalse(faults[:50], f"{len(faults)} differences")


class RaterTests:
    """What holds of releases in which raters were two columns of the policy."""

    def test_raters_are_rows(self):
        """Every policy weighs the two raters as before; sheets tell whose they are."""
        raters = {
            (row["policy_id"], row["code"]): (row["weight"], row["company_id"])
            for row in self.after["cs_policy_rater"].values()
        }
        self.assertEqual(
            raters,
            {
                (id_, code): (row[f"{code}_weight"], row["company_id"])
                for id_, row in self.before["cs_policy"].items()
                for code in ("superior", "office")
            },
        )
        for id_, row in self.before["cs_appraisal_sheet"].items():
            sheet, named = self.after["cs_appraisal_sheet"][id_], row["role"] == "superior"
            self.assertEqual(sheet["rater_id"], row["superior_id"] if named else None)
            self.assertEqual(sheet["rater_user_id"], row["superior_user_id"] if named else None)


class LadderTests:
    """What holds of releases in which pay lines were the ladder, and all was one addon."""

    def test_ladders_are_rungs(self):
        """Every version has the rungs that it had by its pay lines, and above them those by
        appointment that had none, paid as the highest (policy 2, L5)."""
        tiers = sorted(
            self.before["cs_tier"].values(), key=lambda row: (row["sequence"], row["id"])
        )
        ladders, lines = {}, self.before["cs_policy_pay"]
        for policy in self.before["cs_policy"]:
            paid = {row["tier_id"] for row in lines.values() if row["policy_id"] == policy}
            top = max(place for place, row in enumerate(tiers) if row["id"] in paid)
            ladders[policy] = [
                (row["id"], bool(row["appointed"]), row["id"] not in paid)
                for place, row in enumerate(tiers)
                if row["id"] in paid or (row["appointed"] and place > top)
            ]
        self.assertTrue(any(rung[2] for ladder in ladders.values() for rung in ladder))
        rungs = sorted(
            self.after["cs_policy_rung"].values(), key=lambda row: (row["sequence"], row["id"])
        )
        for policy, ladder in ladders.items():
            own = [row for row in rungs if row["policy_id"] == policy]
            told = [(row["tier_id"], row["appointed"], row["paid_as_below"]) for row in own]
            self.assertEqual(told, ladder)
            self.assertEqual([row["on_probation"] for row in own], [row is own[0] for row in own])
            company = self.after["cs_policy"][policy]["company_id"]
            self.assertEqual({row["company_id"] for row in own}, {company})
        named = self._query(
            "SELECT count(*) FROM ir_model_data WHERE name LIKE '%policy\\_pay%'"
            " UNION ALL SELECT count(*) FROM ir_model WHERE model = 'cs.policy.pay'"
            " UNION ALL SELECT count(*) FROM ir_model_fields WHERE relation = 'cs.policy.pay'"
            " UNION ALL SELECT count(*) FROM pg_constraint WHERE conname LIKE '%policy\\_pay%'"
            " UNION ALL SELECT count(*) FROM pg_indexes WHERE indexname LIKE '%policy\\_pay%'"
        )
        self.assertEqual([int(count) for (count,) in named], [0] * 5)

    def test_appeals_and_careers_belong_to_addons_of_their_own(self):
        """What was the core's is theirs: the same records, updated or not as before."""
        owners = {
            "cs_promotion_appeal": r"(access_|model_)?cs_appeal|mail_activity_(appeal|correct_)",
            "cs_promotion_career": (
                r"(access_|model_)?cs_(transfer|post|vacancy)|mail_activity_transfer|"
                r"ir_cron_(move|set_heads)"
            ),
        }
        after = self._get_named("cs_promotion", *owners)
        for addon, pattern in owners.items():
            moved = [key for key in self.named if re.match(pattern, key[0])]
            models = {model for _name, model in moved}
            self.assertLessEqual(
                {"ir.model", "ir.model.access", "ir.rule", "ir.ui.view", "ir.ui.menu"}
                | {"ir.actions.act_window", "mail.activity.type"},
                models,
            )
            for key in moved:
                _core, res_id, noupdate = self.named[key]
                self.assertEqual(after.get(key), (addon, res_id, noupdate), key)
        self.assertFalse(
            self._query(
                "SELECT active FROM ir_cron JOIN ir_model_data data ON data.res_id = ir_cron.id "
                "AND data.name = 'ir_cron_move' AND data.model = 'ir.cron' WHERE active"
            ),
            "what people switched off stays off",
        )


class UpgradeTests:
    """What holds whichever release it was."""

    def test_violations_lead_to_the_same(self):
        """Every version says what V2 said of all of them."""
        rows = [
            (row["policy_id"], row["severity"], row["outcome"], row["fined"])
            for row in self.after["cs_policy_consequence"].values()
        ]
        self.assertEqual(
            sorted(rows, key=lambda row: row[:2]),
            [
                (policy, severity, outcome, True)
                for policy in sorted(self.before["cs_policy"])
                for severity, outcome in (
                    ("minor", None),
                    ("moderate", "demote"),
                    ("serious", "dismissal_review"),
                )
            ],
        )

    def test_there_is_something_of_every_kind(self):
        """The database has rows to lose, else nothing is shown here."""
        for table in (
            "cs_appeal",
            "cs_appraisal",
            "cs_appraisal_sheet_line",
            "cs_award",
            "cs_cycle",
            "cs_decision",
            "cs_figure",
            "cs_fine_taking",
            "cs_policy_condition",
            "cs_probation_test",
            "cs_transfer",
            "cs_vacancy_candidate",
            "cs_violation",
            "hr_payslip_line",
        ):
            self.assertTrue(self.before[table], table)

    def test_every_row_is_the_same(self):
        self._check_rows()

    def test_no_row_is_made_up(self):
        for table in ("cs_decision", "cs_appraisal", "cs_violation", "cs_fine_taking", *OTHERS):
            extra = self._count_new_rows(table)
            self.assertEqual(len(self.after[table]), len(self.before[table]) + extra, table)

    def _count_new_rows(self, table):
        """How many rows of its own a later release brings."""
        return 0

    def test_addons_own_what_they_would_in_a_new_database(self):
        """Fields, constraints, selections and all the rest, name by name."""
        query = (
            "SELECT module, name, noupdate FROM ir_model_data "
            "WHERE module ~ '^cs_promotion(_(appeal|career|pay|payroll))?$' AND model NOT IN "
            # of the demo history, and of what people may delete
            "('res.users', 'res.partner', 'hr.employee', 'hr.version', 'hr.department', "
            "'hr.payroll.structure', 'hr.salary.rule', 'hr.salary.rule.category')"
        )
        new, upgraded = (
            set(self._psql(database, "-c", query).splitlines())
            for database in (get_db_name(), self.database)
        )
        self.assertTrue(new)
        self.assertFalse(sorted(new - upgraded))

    def test_history_and_activities_are_there_still(self):
        after = self._count_around()
        for key, count in self.counted.items():
            self.assertGreaterEqual(after.get(key, 0), count, key)

    def test_decisions_follow_from_their_evidence_still(self):
        self.assertEqual(self.says["replays"], self.said["replays"])
        self.assertTrue(all(self.says["replays"].values()))
        for key, lines in self.said["evidence"].items():
            self.assertEqual(
                [tell(line) for line in self.says["evidence"][key]],
                [tell(line) for line in lines],
                f"decision {key}",
            )
        self.assertEqual(self.says["grounds"], self.said["grounds"])

    def test_letters_say_the_same(self):
        """A later release may say more in a letter, not less and nothing else."""
        departments = {
            name for (name,) in self._query("SELECT name->>'en_US' AS name FROM hr_department")
        }
        for key, lines in self.said["letters"].items():
            self.assertTrue(lines, key)
            text = tell(" ".join(self.says["letters"][key]))
            for line in lines:
                # 19.0.1.0.0 named the department of the day on which it was read, later ones that
                # of the day on which the decision took effect
                if line in departments:
                    self.assertTrue(any(name in text for name in departments), f"letter {key}")
                # files are not kept, hence the company's logo is missing
                elif not line.startswith("Image [") and "data:image" not in line:
                    self.assertIn(tell(line), text, f"letter {key}")

    def test_payslips_explain_themselves_as_before(self):
        self.assertEqual(self.says["payslips"], self.said["payslips"])

    def test_references_are_protected_as_in_a_new_database(self):
        """Upgrading gives the columns the protection that a new database has."""
        protected = self._shell(
            "answer([[model._table, name, field.ondelete]"
            " for model in env.registry.values() if model._name.startswith('cs.')"
            " and not model._abstract and model._auto"
            " for name, field in model._fields.items()"
            " if field.type == 'many2one' and field.store])"
        )
        rules = {"a": "no action", "r": "restrict", "c": "cascade", "n": "set null"}
        found = {
            (table, column): rules[rule]
            for table, column, rule in self._query(
                "SELECT conrelid::regclass::text AS t, attname, confdeltype FROM pg_constraint "
                "JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1] "
                "WHERE contype = 'f'"
            )
        }
        self.assertTrue(protected)
        for table, column, rule in protected:
            self.assertEqual(found.get((table, column)), rule or "set null", f"{table}.{column}")


@tagged("post_install", "-at_install", "cs_promotion")
class TestUpgrade19010(RaterTests, LadderTests, UpgradeTests, UpgradeCase):
    release = "19.0.1.0.0"

    def _count_new_rows(self, table):
        """The example of 19.0.2.0.0 brings categories as demo data."""
        if table != "hr_salary_rule_category":
            return super()._count_new_rows(table)
        root = etree.parse(Path(__file__).parents[1] / "demo" / "cs_promotion_payroll_example.xml")
        return len(root.findall(".//record[@model='hr.salary.rule.category']"))

    def test_refunds_count_backwards(self):
        refunds = 0
        for key, before in self.before["cs_fine_taking"].items():
            given_back = self.before["hr_payslip"][before["slip_id"]]["credit_note"]
            refunds += bool(given_back)
            amount = -before["amount"] if given_back else before["amount"]
            self.assertEqual(self.after["cs_fine_taking"][key]["amount"], amount)
        self.assertTrue(refunds)

    def test_figures_say_the_same(self):
        """What was kept is kept, and the items add up to the lines that were paid."""
        lines = {}
        for line in self.before["hr_payslip_line"].values():
            lines[line["slip_id"], line["code"]] = line["total"]
        told = 0
        for key, before in self.before["hr_payslip"].items():
            then, now = before["cs_figures"], self.after["hr_payslip"][key]["cs_figures"]
            if not then:
                continue
            held = [[each["tier"], each["start"], each["end"]] for each in now["held"]]
            self.assertEqual(then, {name: now[name] for name in then} | {"held": held})
            for code, item in now["items"].items():
                told += 1
                self.assertAlmostEqual(float(item["amount"]), lines[key, code])
        self.assertTrue(told)


class SameWordsTests(UpgradeTests):
    """What holds since metrics and evidence have been what they are."""

    def test_every_word_is_the_same(self):
        """Evidence and letters, to the letter."""
        self.assertEqual(self.says["evidence"], self.said["evidence"])
        self.assertEqual(set(self.says["letters"]), set(self.said["letters"]))
        for key, lines in self.said["letters"].items():
            told, before = (
                # files are not kept, hence the company's logo is missing
                [
                    line
                    for line in each
                    if not line.startswith("Image [") and "data:image" not in line
                ]
                for each in (self.says["letters"][key], lines)
            )
            self.assertEqual(told, before, f"letter {key}")

    def test_a_month_closed_again_changes_nothing(self):
        """What was recorded then and what is now are the same facts: nobody is told anything."""
        told, stands = self._shell(
            "cycle = env['cs.cycle'].search("
            "[('kind', '=', 'month'), ('state', '=', 'closed')], order='date_end desc', limit=1)\n"
            "before = {each.id: each.state for each in env['cs.decision'].search([])}\n"
            "cycle._reopen('Looked at again')\n"
            "cycle._close(cycle.company_id._cs_today())\n"
            "told = env['mail.message'].search_count("
            "[('model', '=', 'cs.decision'), ('body', 'ilike', 'brought up to date')])\n"
            "after = {each.id: each.state for each in env['cs.decision'].search([])}\n"
            "answer([[told, before == after]])"
        )[0]
        self.assertEqual((told, stands), (0, True))


@tagged("post_install", "-at_install", "cs_promotion")
class TestUpgrade19020(RaterTests, LadderTests, SameWordsTests, UpgradeCase):
    """A year of history, judged before metrics and outcomes were declared."""

    release = "19.0.2.0.0"


@tagged("post_install", "-at_install", "cs_promotion")
class TestUpgrade19030(LadderTests, SameWordsTests, UpgradeCase):
    """A year of history, before appeals and careers were addons of their own."""

    release = "19.0.3.0.0"


@tagged("post_install", "-at_install", "cs_promotion")
class TestUpgrade19040(SameWordsTests, UpgradeCase):
    """A year of history, before raters named people, and places were shared out."""

    release = "19.0.4.0.0"


@tagged("post_install", "-at_install", "cs_promotion")
class TestUpgrade19050(SameWordsTests, UpgradeCase):
    """A year of history, before long work was shared among hosts."""

    release = "19.0.5.0.0"


@tagged("post_install", "-at_install", "cs_promotion")
class TestUpgrade19060(SameWordsTests, UpgradeCase):
    """A year of history, before indexes went that repeated the beginning of others."""

    release = "19.0.6.0.0"

    def test_no_index_is_left_in_vain(self):
        left = self._query(
            "SELECT count(*) FROM pg_indexes WHERE indexname IN ("
            "'cs_appraisal_sheet_line__sheet_id_index', 'cs_figure__employee_id_index', "
            "'cs_award__employee_id_index', 'cs_measure__metric_id_index', "
            "'cs_pay_difference__employee_id_index', 'cs_settlement__slip_id_index', "
            "'cs_fine_taking__slip_id_index', 'cs_vacancy_candidate__vacancy_id_index')"
        )
        self.assertEqual([int(count) for (count,) in left], [0])


@tagged("post_install", "-at_install", "cs_promotion")
class TestUpgrade19070(SameWordsTests, UpgradeCase):
    """A year of history, before one's own pay was a metric."""

    release = "19.0.7.0.0"
