import { registry } from "@web/core/registry";

import {
    choose,
    create,
    fillIn,
    fillInDate,
    isNow,
    openApp,
    press,
    save,
    see,
    turnTo,
} from "./cs_month_steps";

const step = (words) => see(`.o_cs_start:contains('${words}')`);
const toDashboard = [
    {
        content: "Back to the dashboard",
        trigger: ".o_menu_sections [data-menu-xmlid='cs_promotion.cs_dashboard_menu']",
        run: "click",
    },
    see(".o_cs_dashboard .o_cs_start"),
];
const firstOfMonth = () => luxon.DateTime.utc().startOf("month").toFormat("MM/dd/yyyy");

/** From nothing to the first open month, as the dashboard's first steps lead. */
registry.category("web_tour.tours").add("cs_month_first_day_tour", {
    steps: () => [
        ...openApp(),
        step("Still missing: take over the shipped policy"),
        step("Still missing: the departments"),
        step("Still missing: set tier and since-date"),

        press("action_take_policy"),
        isNow("Draft"),
        turnTo("page"),
        see(".o_cs_policy h2:contains('Ladder and pay')"),
        press("action_activate"),
        isNow("Active"),

        ...toDashboard,
        step("In force"),
        press("action_departments"),
        see(".o_breadcrumb:contains('Department')"),
        create,
        fillIn("name", "Service"),
        ...save(),

        ...toDashboard,
        step("Departments: 1"),
        press("action_employees"),
        create,
        fillIn("name", "First Agent"),
        ...choose("department_id", "Service"),
        turnTo("payroll_information"),
        ...fillInDate("contract_date_start", firstOfMonth()),
        turnTo("work_information"),
        ...choose("cs_tier_id", "Junior agent"),
        ...save(),

        ...toDashboard,
        step("Agents on the ladder: 1"),
        step("1 without superior"),
        {
            content: "Open the month",
            trigger: ".o_cs_start button[name='action_open_month']",
            run: "click",
        },
        isNow("Open"),
        see(".o_cs_progress_row:contains('Service'):contains('0')"),
        ...toDashboard,
        step("Still missing: sheets (2)"),
    ],
});
