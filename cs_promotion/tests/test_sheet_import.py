"""Sheets as HR keeps them, through Odoo's import dialog: whose row, which month, what is wrong."""

from datetime import date
from io import BytesIO

from freezegun import freeze_time
from openpyxl import Workbook

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..models import sheet_cells
from .common import CsPromotionCase

FIGURES = ("employee_id", "month", "sales", "handled", "complaints")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SheetImportCase(CsPromotionCase):
    def _wizard(self, content, file_type="text/csv", model="cs.figure", user=None):
        return (
            self.env["base_import.import"]
            .with_user(user or self.user_office)
            .create({"res_model": model, "file": content, "file_type": file_type})
        )

    def _options(self, **options):
        return {"has_headers": True, "quoting": '"', "separator": ",", **options}

    def _import(self, *rows, fields=FIGURES, model="cs.figure", dryrun=False, **options):
        """What the dialog does with a CSV file."""
        text = "\n".join(",".join(map(str, row)) for row in [fields, *rows])
        wizard = self._wizard(text.encode(), model=model)
        result = wizard.execute_import(
            [*fields], [*fields], self._options(**options), dryrun=dryrun
        )
        self.env.flush_all()
        self.env.invalidate_all()
        return result

    def _told(self, result):
        return "\n".join(each["message"] for each in result["messages"])

    def _figures(self):
        figures = self.env["cs.figure"].search([("company_id", "=", self.company.id)])
        return {
            (each.employee_id.name, f"{each.month:%Y-%m}"): (
                each.sales,
                each.handled,
                each.complaints,
            )
            for each in figures
        }


@tagged("post_install", "-at_install", "cs_promotion")
class TestWhoseRow(SheetImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._make_agent("Wang Wei")
        cls.second = cls._make_agent("Wang Wei", department=cls.front_desk)
        cls.first.write({"barcode": "A001", "work_email": "wei@hotline.example"})
        cls.second.write({"barcode": "A002", "work_email": "wei@desk.example"})

    def _owners(self):
        figures = self.env["cs.figure"].search([("company_id", "=", self.company.id)])
        return {figure.employee_id: figure.sales for figure in figures}

    def test_a_shared_name_is_refused_naming_both(self):
        row = ["Wang Wei", "2025-03-01", 10, 1, 0]
        for options in ({}, {"dryrun": True}, {"cs_skip_bad_rows": True}):
            with self.subTest(options):
                result = self._import(row, **options)
                told = self._told(result)
                self.assertIn("wei@hotline.example", told)
                self.assertIn("wei@desk.example", told)
                self.assertFalse(result["ids"])
                self.assertFalse(self._owners())
        result = self.env["cs.figure"].with_user(self.user_office).load([*FIGURES], [row])
        self.assertFalse(result["ids"])
        self.assertIn("wei@desk.example", self._told(result))

    def test_number_and_email_tell_who_it_is(self):
        for column, text in (
            ("employee_number", "A002"),
            ("work_email", "Wei@Desk.example"),
            ("employee_id", "A002"),
            ("employee_id", "wei@desk.example"),
            ("employee_id/.id", self.second.id),
        ):
            with self.subTest(column=column, text=text), self.env.cr.savepoint() as savepoint:
                result = self._import([text, "2025-03", 7], fields=(column, "month", "sales"))
                self.assertFalse(result["messages"])
                self.assertEqual(self._owners(), {self.second: 7})
                savepoint.rollback()

    def test_external_id_tells_who_it_is(self):
        self.env["ir.model.data"].create(
            {
                "module": "__import__",
                "name": "wei",
                "model": "hr.employee",
                "res_id": self.second.id,
            }
        )
        for text in ("wei", "__import__.wei"):
            result = self._import([text, "2025-03", 7], fields=("employee_id/id", "month", "sales"))
            self.assertFalse(result["messages"])
        self.assertEqual(self._owners(), {self.second: 7})

    def test_name_and_number_together(self):
        fields = ("employee_id", "employee_number", "month", "sales")
        result = self._import(
            ["Wang Wei", "A001", "2025-03", 1], ["Peer", "", "2025-03", 2], fields=fields
        )
        self.assertFalse(result["messages"])
        self.assertEqual(self._owners(), {self.first: 1, self.peer: 2})
        result = self._import(["Agent", "A001", "2025-03", 1], fields=fields)
        self.assertIn("not one and the same agent", self._told(result))
        result = self._import(["Agent", "A009", "2025-03", 1], fields=fields)
        self.assertIn("A009", self._told(result))

    def test_of_namesakes_the_one_employed_then(self):
        gone = self._make_agent("Li Na", hired="2024-02-01", left="2024-12-20")
        here = self._make_agent("Li Na", hired="2025-02-01")
        gone.active = False
        self._import(["Li Na", "2024-12", 1, 1, 0], ["Li Na", "2025-03", 2, 1, 0])
        self.assertEqual(self._owners(), {gone: 1, here: 2})

    def test_nobody_of_another_company(self):
        result = self._import(["Agent_b", "2025-03", 1, 1, 0])
        self.assertIn("Agent_b", self._told(result))
        row = [self.agent_b.id, "2025-03", 1]
        result = self._import(row, fields=("employee_id/.id", "month", "sales"))
        self.assertFalse(result["ids"])

    def test_all_sheets_refuse_shared_names(self):
        for model, fields, rest in (
            ("cs.award", ("employee_id", "month"), ["2025-03"]),
            ("cs.probation.test", ("employee_id", "date", "knowledge", "skills"),
             ["2025-03-01", 80, 80]),
            ("cs.violation", ("employee_id", "date", "type_id"), ["2025-03-01", "Slacking"]),
        ):  # fmt: skip
            with self.subTest(model):
                result = self._import(["Wang Wei", *rest], fields=fields, model=model)
                self.assertIn("wei@desk.example", self._told(result))
                result = self._import(
                    ["A002", *rest], fields=("employee_number", *fields[1:]), model=model
                )
                self.assertFalse(result["messages"])
                self.assertEqual(
                    self.env[model].search([("company_id", "=", self.company.id)]).employee_id,
                    self.second,
                )

    def test_a_manager_with_a_shared_name_is_refused(self):
        records = self.env["hr.employee"].with_company(self.company)
        fields = ["name", "contract_date_start", "cs_tier_id", "parent_id"]
        row = ["New", "2025年3月1日", "Junior agent", "Wang Wei"]
        result = records.load(fields, [row])
        self.assertFalse(result["ids"])
        self.assertIn(f"id {self.first.id}", self._told(result))
        self.assertIn(f"id {self.second.id}", self._told(result))
        result = records.load(fields, [[*row[:3], "Superior"]])
        self.assertFalse(result["messages"])
        employee = records.browse(result["ids"])
        self.assertEqual(employee.contract_date_start, date(2025, 3, 1))
        # a blank cell leaves tier and manager as they are
        result = records.load([".id", *fields[2:]], [[f"{employee.id}", "", ""]])
        self.assertEqual(employee.cs_tier_id.code, "junior")
        self.assertEqual(employee.parent_id, self.superior)

    def test_the_badge_is_shown_to_those_who_may_see_it(self):
        figure = self._figure(self.first, "2025-03")
        self.assertEqual(figure.employee_number, "A001")
        seen = self._as(self.user_office, figure)
        self.assertFalse(seen.employee_number)
        self.assertEqual(seen.work_email, "wei@hotline.example")


@tagged("post_install", "-at_install", "cs_promotion")
class TestSheetCells(SheetImportCase):
    MONTHS = (
        "2025-11", "2025/11", "2025年11月", "2025.11", "202511", "Nov 2025", "November 2025",
        "45962", "11/2025", "2025年11月份", "２０２５年１１月", "2025-11-15", "2025/11/5", "Nov-25",
        "2025年11月5日", "2025-11-01 00:00:00", "45980",
    )  # fmt: skip

    def test_months_as_people_write_them(self):
        for text in self.MONTHS:
            with self.subTest(text), self.env.cr.savepoint() as savepoint:
                self.assertFalse(self._import(["Agent", text, 5, 1, 0])["messages"])
                self.assertEqual(self._figures(), {("Agent", "2025-11"): (5, 1, 0)})
                savepoint.rollback()

    def test_months_whatever_the_dialog_guessed(self):
        """For 202511 the dialog guesses %Y%m%d, and that would be 1 January."""
        for text, form in (
            ("202511", "%Y%m%d"),
            ("5/11/2025", "%d/%m/%Y"),
            ("11/5/2025", "%m/%d/%Y"),
        ):
            with self.subTest(text), self.env.cr.savepoint() as savepoint:
                result = self._import(["Agent", text, 5, 1, 0], date_format=form)
                self.assertFalse(result["messages"])
                self.assertEqual(set(self._figures()), {("Agent", "2025-11")})
                savepoint.rollback()

    def test_no_months(self):
        for text in ("2025-13", "soon", "12", "202513", "13/2025"):
            result = self._import(["Agent", text, 5, 1, 0])
            self.assertIn(text, self._told(result))
            self.assertIn("Row 2", self._told(result))
        self.assertIn("Month is blank", self._told(self._import(["Agent", "", 5, 1, 0])))
        self.assertFalse(self._figures())

    def test_days_need_a_day(self):
        self.assertIsNone(sheet_cells.read_day("2025-11"))
        self.assertEqual(sheet_cells.read_day("2025年11月5日"), date(2025, 11, 5))
        self.assertEqual(sheet_cells.read_day("45966"), date(2025, 11, 5))

    def test_blank_cells_leave_what_is_stored(self):
        self._import(["Agent", "2025-03", 1000, 400, 2])
        self.assertFalse(self._import(["Agent", "2025-03", "", 500, ""])["messages"])
        self.assertEqual(self._figures()["Agent", "2025-03"], (1000, 500, 2))
        self._import(["Agent", "2025-03", 0, "", 0])
        self.assertEqual(self._figures()["Agent", "2025-03"], (0, 500, 0))

    def test_blank_cells_of_a_row_with_its_id(self):
        test = self._probation_test(self.agent, "2025-01-05", knowledge=90, skills=70)
        result = self._import(
            [test.id, "", 95, ""],
            fields=(".id", "date", "knowledge", "skills"),
            model="cs.probation.test",
        )
        self.assertFalse(result["messages"])
        self.assertEqual((test.date, test.knowledge, test.skills), (date(2025, 1, 5), 95, 70))

    def test_numbers_as_people_write_them(self):
        text = 'employee_id,month,sales,handled,complaints\nAgent,2025-03,"¥1,234.50","1,200",3.0'
        wizard = self._wizard(text.encode())
        result = wizard.execute_import([*FIGURES], [*FIGURES], self._options())
        self.assertFalse(result["messages"])
        self.assertEqual(self._figures()["Agent", "2025-03"], (1234.5, 1200, 3))
        result = self._import(["Agent", "2025-03", "many", 1, 0])
        self.assertIn("many", self._told(result))

    def test_gbk_with_a_decimal_comma(self):
        self.agent.name = "王芳"
        text = "employee_id;month;sales\n王芳;2025年3月;1234,5\n".encode("gbk")
        result = self._wizard(text).execute_import(
            [*FIGURES[:3]],
            [*FIGURES[:3]],
            self._options(
                separator=";",
                encoding="gbk",
                float_thousand_separator=".",
                float_decimal_separator=",",
            ),
        )
        self.assertFalse(result["messages"])
        self.assertEqual(self._figures()["王芳", "2025-03"], (1234.5, 0, 0))

    def test_too_much_is_refused(self):
        result = self._import(
            ["Agent", "2025-03", 98765432100, 1, 0], ["Peer", "2025-03", 1, 1000000, 0]
        )
        told = self._told(result)
        for words in ("Row 2", "Agent", "98765432100", "Row 3", "Peer", "1000000"):
            self.assertIn(words, told)
        with self.assertRaisesRegex(ValidationError, "98765432100"):
            self._figure(self.agent, "2025-03", sales=98765432100)
        self.env["ir.config_parameter"].set_param("cs_promotion.figure_max_sales", "99999999999")
        self._figure(self.agent, "2025-03", sales=98765432100)

    def test_joined_and_left_within_the_month(self):
        quick = self._make_agent("Quick", hired="2025-06-10", left="2025-06-20")
        self.assertFalse(self._import(["Quick", "2025-06", 1, 1, 0])["messages"])
        self._award(quick, "2025-06")
        for month, words in (("2025-05", "before Quick joined"), ("2025-07", "not employed")):
            self.assertIn(words, self._told(self._import(["Quick", month, 1, 1, 0])))

    @freeze_time("2025-06-15 12:00:00")
    def test_nothing_is_entered_ahead(self):
        kind = self.env.ref("cs_promotion.violation_type_slacking").id
        for model, ahead, now, values in (
            ("cs.figure", {"month": "2025-07-01"}, {"month": "2025-06-30"}, {}),
            ("cs.award", {"month": "2099-01-01"}, {"month": "2025-06-30"}, {}),
            ("cs.probation.test", {"date": "2025-06-17"}, {"date": "2025-06-15"},
             {"knowledge": 1, "skills": 1}),
            ("cs.violation", {"date": "2099-01-01"}, {"date": "2025-06-15"}, {"type_id": kind}),
        ):  # fmt: skip
            with self.subTest(model):
                records = self.env[model].with_user(self.user_office)
                given = {"employee_id": self.agent.id, **values}
                with (
                    self.assertRaisesRegex(ValidationError, "Agent: .* is still to come"),
                    self.env.cr.savepoint(),
                ):
                    records.create(given | ahead)
                record = records.create(given | now)
                with (
                    self.assertRaisesRegex(ValidationError, "is still to come"),
                    self.env.cr.savepoint(),
                ):
                    record.write(ahead)
        told = self._told(self._import(["Peer", "2099-01", 1, 1, 0]))
        self.assertIn("Row 2", told)
        self.assertIn("still to come", told)


@tagged("post_install", "-at_install", "cs_promotion")
class TestSheetFile(SheetImportCase):
    def _book(self, *sheets):
        book = Workbook()
        book.remove(book.active)
        for number, rows in enumerate(sheets, 1):
            sheet = book.create_sheet(f"Page {number}")
            for row in rows:
                sheet.append(row)
        content = BytesIO()
        book.save(content)
        return content.getvalue()

    def test_files_without_data_are_told(self):
        data = [list(FIGURES), ["Agent", 45717, 1, 1, 0]]
        for content, kind, words in (
            (b"", "text/csv", "The file is empty"),
            (b"\n\n ,\n", "text/csv", "The file is empty"),
            (b"\xef\xbb\xbf", "text/csv", "The file is empty"),
            (b"", XLSX, "The file is empty"),
            (",".join(FIGURES).encode(), "text/csv", "titles only"),
            (self._book([]), XLSX, '"Page 1" is empty, and so is all'),
            (self._book([list(FIGURES)]), XLSX, "titles only"),
            (self._book([], data), XLSX, 'the data are on the sheet "Page 2"'),
        ):
            with self.subTest(words=words, kind=kind):
                wizard = self._wizard(content, kind)
                self.assertIn(words, wizard.parse_preview(self._options())["error"])
                result = wizard.execute_import([*FIGURES], [*FIGURES], self._options())
                self.assertIn(words, result["messages"][0]["message"])
        result = self._wizard(self._book([], data), XLSX).execute_import(
            [*FIGURES], [*FIGURES], self._options(sheet="Page 2")
        )
        self.assertFalse(result["messages"])
        self.assertEqual(self._figures(), {("Agent", "2025-03"): (1, 1, 0)})

    def test_bad_rows_are_named_and_the_rest_imported_when_asked(self):
        rows = [
            ["Agent", "2025-03", 1, 1, 0],
            ["Nobody", "2025-03", 1, 1, 0],
            ["Agent", "gaga", 1, 1, 0],
            ["Agent", "2025-04", "much", 1, 0],
            ["Agent", "2025-05", 1, 1, 2],
            ["Agent", "2024-05", 1, 1, 0],
            ["Peer", "2025-03", 2, 2, 0],
        ]
        result = self._import(*rows)
        self.assertFalse(result["ids"])
        self.assertFalse(self._figures())
        for options in ({"cs_skip_bad_rows": True}, {"import_skip_records": ["employee_id"]}):
            with self.subTest(options), self.env.cr.savepoint() as savepoint:
                result = self._import(*rows, **options)
                self.assertEqual({each["type"] for each in result["messages"]}, {"warning"})
                self.assertEqual(
                    [each["rows"]["from"] for each in result["messages"]], [1, 2, 3, 4, 5]
                )
                for number, words in (
                    (3, "Nobody"),
                    (4, "gaga"),
                    (5, "much"),
                    (6, "2 complaints"),
                    (7, "before Agent"),
                ):
                    self.assertRegex(self._told(result), f"Row {number}.*{words}")
                self.assertEqual(set(self._figures()), {("Agent", "2025-03"), ("Peer", "2025-03")})
                self.assertEqual(len(result["ids"]), 2)
                savepoint.rollback()

    def test_what_only_the_database_refuses_is_named_too(self):
        """A row that is found out by trying does not take the others with it."""
        rows = [["a", "Agent", "2025-02"], ["base.b", "Peer", "2025-02"], ["c", "Peer", "2025-03"]]
        options = {"fields": ("id", "employee_id", "month"), "model": "cs.award"}
        result = self._import(*rows, **options)
        self.assertFalse(result["ids"])
        result = self._import(*rows, **options, cs_skip_bad_rows=True)
        self.assertEqual([each["rows"]["from"] for each in result["messages"]], [1])
        self.assertRegex(self._told(result), "Row 3, Peer: .*base")
        self.assertEqual(len(result["ids"]), 2)

    def test_a_month_twice_in_different_batches(self):
        rows = [
            ["Agent", "2025-03", 1, 1, 0],
            ["Peer", "2025-03", 2, 2, 0],
            ["Peer", "2025-04", 2, 2, 0],
            ["Agent", "2025年3月", 9, 9, 0],
        ]
        result = self._import(*rows, limit=2)
        self.assertIn("rows 2, 5", self._told(result))
        self.assertFalse(self._figures())
        result = self._import(*rows, limit=2, skip=2)
        self.assertEqual(result["messages"][0]["rows"], {"from": 1, "to": 1})
        self.assertIn("rows 2, 5", self._told(result))
        result = self._import(*rows, limit=2, cs_skip_bad_rows=True)
        self.assertEqual(result["nextrow"], 2)
        result = self._import(*rows, limit=2, skip=2, cs_skip_bad_rows=True)
        self.assertEqual(set(self._figures()), {("Peer", "2025-03"), ("Peer", "2025-04")})

    def test_batches_go_on_to_the_end(self):
        rows = [["Agent", f"2025-{month:02}", month, 1, 0] for month in range(1, 6)]
        first = self._import(*rows, limit=2)
        second = self._import(*rows, limit=2, skip=first["nextrow"])
        third = self._import(*rows, limit=2, skip=second["nextrow"])
        self.assertEqual([each["nextrow"] for each in (first, second, third)], [2, 4, 0])
        self.assertEqual(len(self._figures()), 5)

    def test_awards_twice_change_nothing(self):
        rows = [["Agent", "2025-03", "good"], ["Peer", "2025-03", "better"]]
        for _time in range(2):
            result = self._import(
                *rows, fields=("employee_id", "month", "reason"), model="cs.award"
            )
            self.assertFalse(result["messages"])
        self.assertEqual(
            self.env["cs.award"].search_count([("company_id", "=", self.company.id)]), 2
        )

    def test_queries_do_not_grow_with_the_rows(self):
        agents = [self._make_agent(f"Many {number}").name for number in range(40)]

        def count(names, months, *cells, fields=FIGURES, model="cs.figure"):
            rows = [[name, f"{month}", *cells] for name in names for month in months]
            self._import(rows[0], fields=fields, model=model)  # warms the caches
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            result = self._import(*rows, fields=fields, model=model)
            self.assertFalse(result["messages"])
            self.assertEqual(len(result["ids"]), len(rows))
            return self.env.cr.sql_log_count - before

        for label, cells, options in (
            ("new", (5, 100, 1), {}),
            ("corrected", (6, 90, 2), {}),
            ("tests", (80, 80), {
                "fields": ("employee_id", "date", "knowledge", "skills"),
                "model": "cs.probation.test",
            }),
            ("violations", ("Slacking",), {
                "fields": ("employee_id", "date", "type_id"), "model": "cs.violation",
            }),
        ):  # fmt: skip
            few = count(agents[:4], ["2025-01-05"], *cells, **options)
            many = count(agents, ["2025-02-05", "2025-03-05"], *cells, **options)
            self.assertLessEqual(many, few + 25, label)

    # ------------------------------------------------------------------ measured values

    def test_a_sitting_of_an_exam(self):
        """Several parts of many agents at once, told by their numbers."""
        self.agent.barcode, self.peer.barcode = "1001", "1002"
        for code in ("written", "spoken"):
            self.env["cs.metric"].create({"name": code.title(), "code": code, "grain": "event"})
        result = self._import(
            ("1001", "Written", "2025-01-10", 80),
            ("1001", "Spoken", "2025-01-10", 70.5),
            ("1002", "Written", "2025-01-10", 60),
            fields=("employee_number", "metric_id", "date", "value"),
            model="cs.measure",
        )
        self.assertFalse(result["messages"])
        measures = self.env["cs.measure"].browse(result["ids"])
        self.assertEqual(
            [(each.employee_id, each.metric_id.code, each.value) for each in measures],
            [(self.agent, "written", 80), (self.agent, "spoken", 70.5), (self.peer, "written", 60)],
        )
