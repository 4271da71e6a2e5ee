import { registry } from "@web/core/registry";

import {
    choose,
    create,
    fillIn,
    fillInDate,
    giveReason,
    goTo,
    isNow,
    openApp,
    openRow,
    press,
    save,
    see,
    turnTo,
} from "./cs_month_steps";
import { hasTotal, openSheet, submit } from "./cs_score_steps";

const MONTH = "cs_promotion.cs_month_menu";
const row = ".o_selected_row"; // of a list that is filled in place
const goToMonth = (entry, page) => goTo(MONTH, `cs_promotion.${entry}`, page);

/** A day of the month that is scored: the last complete one. */
const inMonth = (day) =>
    luxon.DateTime.utc().minus({ months: 1 }).set({ day }).toFormat("MM/dd/yyyy");

const allMeet = (agent, role) => [
    ...openSheet(agent, role),
    {
        content: "All meet requirements",
        trigger: ".o_cs_fill_middle",
        run: "click",
    },
    hasTotal(60),
    submit,
];
const toCockpit = () => [
    ...goToMonth("cs_cycle_menu", ".o_list_view .o_data_row"),
    {
        content: "Open the month",
        trigger: ".o_data_row td[name='name']",
        run: "click",
    },
    see(".o_form_view button[name='action_view_appraisals']"),
];
const close = [
    press("action_close"),
    {
        content: "Closing is explained, and confirmed",
        trigger: ".modal:contains('freezes scores and ranks') .btn-primary",
        run: "click",
    },
];

/** The office leads the month from the first reminder to the title. */
registry.category("web_tour.tours").add("cs_month_office_tour", {
    steps: () => [
        ...openApp(),
        // the app opens on the dashboard; from there to the month's cockpit
        see(".o_cs_dashboard .o_cs_pyramid"),
        {
            content: "From the dashboard to the month",
            trigger: ".o_cs_dashboard .btn-link[name='action_view_cycle']",
            run: "click",
        },
        see(".o_cs_progress_row:contains('No Login (paper, entered by the office)')"),
        see(".o_cs_progress_row:contains('Superior')"),
        press("action_remind"),
        see(".o_notification:contains('Reminded'):contains('cs_superior')"),

        // one's own sheet, and a paper form
        ...goToMonth("cs_appraisal_sheet_menu_to_score", ".o_breadcrumb:contains('To Score')"),
        ...allMeet("Agent", "Office"),
        see(".o_cs_scorecard_open:contains('All are submitted')"),
        ...goToMonth("cs_appraisal_sheet_menu_to_score", ".o_list_view .o_data_row"),
        ...allMeet("Clerk", "Direct superior"),

        // three complaints of a hundred customers
        ...goToMonth("cs_figure_menu", ".o_breadcrumb:contains('Monthly Figures')"),
        create,
        ...fillInDate("month", inMonth(1), row),
        ...choose("employee_id", "Agent", row),
        fillIn("sales", "12000", row),
        fillIn("handled", "100", row),
        fillIn("complaints", "3", row),
        {
            content: "Save the row",
            trigger: ".o_list_button_save:visible",
            run: "click",
        },
        see(".o_list_view:not(:has(.o_selected_row)) .o_data_row:contains('12,000.00')"),

        ...goToMonth("cs_probation_test_menu", ".o_breadcrumb:contains('Probation Tests')"),
        create,
        ...choose("employee_id", "Novice"),
        ...fillInDate("date", inMonth(20)),
        fillIn("knowledge", "85"),
        fillIn("skills", "78"),
        ...save(),
        see(".o_field_widget[name='passed'] input:checked"),

        // severity and a fine inside the range shown beside it
        ...goToMonth("cs_violation_menu", ".o_breadcrumb:contains('Violations')"),
        ...openRow("Peer"),
        see(".o_field_widget[name='fine_min']:contains('20.00')"),
        see(".o_field_widget[name='fine_max']:contains('100.00')"),
        {
            content: "It is a moderate one",
            trigger: ".o_field_widget[name='severity'] .o_radio_item:contains('Moderate') input",
            run: "click",
        },
        fillIn("fine", "60"),
        press("action_confirm"),
        isNow("Confirmed"),

        // refused while a sheet is missing; then the agent is left out
        ...toCockpit(),
        ...close,
        see(".modal:contains('is not complete'):contains('Lacking')"),
        {
            content: "Understood",
            trigger: ".modal:contains('is not complete') footer .btn-primary",
            run: "click",
        },
        press("action_view_appraisals"),
        ...openRow("Lacking"),
        press("action_exclude"),
        ...giveReason("Ill all month"),
        see(".o_field_widget[name='excluded_reason']:contains('Ill all month')"),
        ...toCockpit(),
        ...close,
        isNow("Closed"),
        turnTo("decisions"),
        see(".o_data_row:contains('Peer'):contains('Demotion')"),

        ...goTo("cs_promotion.cs_mine_menu", "cs_promotion.cs_board_menu", ".o_cs_board"),
        {
            content: "Award the title",
            trigger: ".o_kanban_record:contains('Clerk') button[name='action_award']",
            run: "click",
        },
        see(".o_kanban_record:contains('Clerk') .badge:contains('Excellent agent')"),
    ],
});
