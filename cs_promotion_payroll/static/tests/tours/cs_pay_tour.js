import {
    create,
    fillIn,
    isNow,
    openRow,
    press,
    save,
    see,
    turnTo,
} from "@cs_promotion/../tests/tours/cs_month_steps";
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const lastMonth = () => luxon.DateTime.utc().minus({ months: 1 });
const fillInDay = (field, day) => [
    {
        content: `Edit ${field}`,
        trigger: `.o_field_daterange [data-field='${field}']`,
        run: "click",
    },
    {
        content: `Write ${day.toFormat("MM/dd/yyyy")} into ${field}`,
        trigger: `.o_field_daterange input[data-field='${field}']`,
        run: `edit ${day.toFormat("MM/dd/yyyy")} && press Enter`,
    },
];
const tick = (agent) => ({
    content: `Choose ${agent}`,
    trigger: `.modal .o_data_row:contains('${agent}') .o_list_record_selector input`,
    run: "click",
});
const goToMenu = (entry, page) => [
    {
        content: `Go to ${entry}`,
        trigger: `.o_menu_sections [data-menu-xmlid='payroll.${entry}']`,
        run: "click",
    },
    see(page),
];
const line = (code, total) =>
    see(
        `.o_field_widget[name='dynamic_filtered_payslip_lines'] ` +
            `.o_data_row:has(td[name='code']:text('${code}')) td[name='total']:contains('${total}')`,
    );

/** Payroll pays the month by the standard batch. */
registry.category("web_tour.tours").add("cs_pay_tour", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open payroll",
            trigger: ".o_app[data-menu-xmlid='payroll.payroll_menu_root']",
            run: "click",
        },
        ...goToMenu("hr_payslip_run_menu", ".o_breadcrumb:contains('Batches')"),
        create,
        fillIn("name", "Last month"),
        ...fillInDay("date_start", lastMonth().startOf("month")),
        ...fillInDay("date_end", lastMonth().endOf("month")),
        ...save(),
        {
            content: "Generate payslips",
            trigger: ".o_form_view button:contains('Generate Payslips')",
            run: "click",
        },
        {
            content: "For these employees",
            trigger: ".modal .o_field_widget[name='employee_ids'] .o_field_x2many_list_row_add a",
            run: "click",
        },
        tick("Agent"),
        tick("Peer"),
        {
            content: "Take them",
            trigger: ".modal .o_select_button:enabled",
            run: "click",
        },
        see(".modal .o_field_widget[name='employee_ids'] .o_data_row:contains('Peer')"),
        {
            content: "Generate",
            trigger: ".modal button[name='compute_sheet']",
            run: "click",
        },
        see(".o_form_view .o_field_widget[name='slip_ids'] .o_data_row:contains('Agent')"),

        ...goToMenu("hr_payslip_menu", ".o_breadcrumb:contains('Payslips')"),
        ...openRow("Agent"),
        turnTo("computation"),
        line("BASE", "1,700.00"),
        line("APPRAISAL", "182.00"),
        line("COMMISSION", "12.00"),
        line("GROSS", "1,894.00"),
        line("FINE", "-60.00"),
        line("NET", "1,834.00"),
        turnTo("cs_promotion"),
        see(".o_field_widget[name='cs_taking_ids'] .o_data_row:contains('Slacking')"),
        see(".o_form_view:not(:has(.alert:contains('score')))"),
        press("action_payslip_done"),
        isNow("Done"),

        ...goToMenu("hr_payslip_menu", ".o_breadcrumb:contains('Payslips')"),
        ...openRow("Peer"),
        see(".alert-warning .o_field_widget[name='cs_warning']:contains('score')"),
        press("action_payslip_done"),
        see(".modal .o_data_row:contains('Peer') td[name='warning']:contains('score')"),
        {
            content: "Tick the name",
            trigger: ".modal .o_data_row:contains('Peer') td[name='seen']",
            run: "click",
        },
        {
            content: "It is ticked",
            trigger: ".modal .o_data_row td[name='seen'] input:checked",
        },
        {
            content: "Confirm",
            trigger: ".modal-footer button[name='action_confirm']",
            run: "click",
        },
        isNow("Done"),
    ],
});
