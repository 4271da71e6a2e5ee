"""Every preset's demo plays a month and its payslips; some figures were worked out by hand."""

from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install", "cs_promotion")
@freeze_time("2026-01-12")
class TestDemo(TransactionCase):
    def _play(self, name):
        """Play a demo as ``script/demo`` does, and close its December."""
        replay = self.env["cs.replay"].with_context(tracking_disable=True)
        replay._load_demo(name)
        [(self.month, _decisions)] = replay._close_demo()
        self.assertEqual(str(self.month.date_start), "2025-12-01")
        self.company = self.env.ref("base.main_company")
        self.pay = replay._get_payslips(self.company, [self.month.date_start])

    def _score(self, name):
        [appraisal] = self.month.appraisal_ids.filtered(lambda one: name in one.employee_id.name)
        return appraisal.score

    def _lines(self, name):
        """The lines of the payslip of December that are not 0."""
        [employee] = self.month.appraisal_ids.employee_id.filtered(lambda one: name in one.name)
        [lines] = self.pay[employee.id].values()
        return {code: amount for code, amount in lines.items() if amount}

    def _decisions(self, state):
        """Of the month and its quarter: first name -> outcome, of those in a state."""
        decisions = self.env["cs.decision"].search(
            [
                ("company_id", "=", self.company.id),
                ("effective_date", "=", "2026-01-01"),
                ("state", "=", state),
            ]
        )
        return {each.employee_id.name.split()[0]: each.outcome for each in decisions}

    def _check_team(self, agents):
        """Two departments with superiors who log in, and this month's sheets in part filled in."""
        on_ladder = self.month.appraisal_ids.employee_id
        self.assertEqual(len(on_ladder), agents)
        self.assertEqual(len(on_ladder.department_id), 2)
        for login in ("superior", "superior2", "office", "agent"):
            self.assertTrue(self.env["res.users"].search([("login", "=", login)]), login)
        self.assertTrue(all(each.parent_id.user_id for each in on_ladder))
        current = self.env["cs.cycle"].search(
            [("company_id", "=", self.company.id), ("state", "=", "open")]
        )
        self.assertEqual(str(current.date_start), "2026-01-01")
        states = set(current.appraisal_ids.sheet_ids.mapped("state"))
        self.assertEqual(states, {"draft", "submitted"})

    def test_furniture(self):
        self._play("furniture")
        # 20 grades of 5: the superior gave a 3 and a 1, the office a 3; (94 + 98) / 2
        self.assertEqual(self._score("Lin Xiaoyu"), 96)
        # senior: 96 % of 400, 0.5 % of 73,330
        lines = {"BASE": 2000, "APPRAISAL": 384, "COMMISSION": 366.65}
        total = {"GROSS": 2750.65, "NET": 2750.65}
        self.assertEqual(self._lines("Lin Xiaoyu"), lines | total)

    def test_hotline(self):
        """The paper's worked examples, in December."""
        self._play("hotline")
        self._check_team(14)
        self.assertEqual(
            self.env["cs.policy"]._get_in_force(self.company, self.month.date_start).name, "Hotline"
        )
        scores = {name: self._score(name) for name in ("Fu Lei", "Gao Jun", "He Ping")}
        self.assertEqual(scores, {"Fu Lei": 97.0, "Gao Jun": 64.23, "He Ping": 32.1})
        self.assertEqual(
            self._lines("Fu Lei"),
            {
                "BASE": 2200,
                "PIECE": 2000,
                "STARS": 1040,
                "NIGHT": 90,
                "ATTENDANCE": 100,
                "SENIORITY": 150,
                "GROSS": 5580,
                "NET": 5580,
            },
        )
        self.assertEqual(self._lines("Gao Jun")["GROSS"], 4702)
        self.assertEqual(self._lines("He Ping")["GROSS"], 3574)
        # base, piece-rate and stars of the day shift: 5240, 4172, 3514, 4932, 4550, 4556;
        # their mean of 4494 times 1.2, and the post allowance
        self.assertEqual(
            self._lines("Zhou Min"),
            {"LEADING": 5392.8, "POST": 300, "GROSS": 5692.8, "NET": 5692.8},
        )
        # 85.31, 87.50 and 97.00 with an exam of 86; 65.82 and 59.68
        self.assertEqual(self._decisions("applied"), {"Fu": "promote", "Luo": "demote"})

    def test_support(self):
        self._play("support")
        self._check_team(12)
        # 20 for 28 s; 46 of 50 are 92 %: 17.6; 57 of both raters; 0.7 x 2 + 0.3 x 1 added
        self.assertEqual(self._score("Emma"), 96.3)
        # 16 for 55 s; no ratings: left out; 0.7 x 51 + 0.3 x 48 = 50.1; 66.1 of 80
        self.assertEqual(self._score("Aisha"), 82.63)
        self.assertEqual(self._score("Olga"), 0, "she broke data protection")
        self.assertEqual(self._lines("Emma"), {"BASE": 3600, "GROSS": 3600, "NET": 3600})
        # four quarters of 85 and over; waits for a manager's approval. Two quarters below 70
        self.assertEqual(
            self._decisions("proposed"), {"Emma": "promote", "Noah": "dismissal_review"}
        )
