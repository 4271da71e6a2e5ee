import { registry } from "@web/core/registry";

const SECONDS = 20000; // it reads anew every three

const at = (work, done) => ({
    content: `${work}: ${done} of 2`,
    trigger: `.alert:contains('${work}') .o_progress[aria-valuenow='${done}'][aria-valuemax='2']`,
    timeout: SECONDS,
});

registry.category("web_tour.tours").add("cs_pay_progress_tour", {
    steps: () => [
        at("Making the payslips", 0),
        {
            content: "The buttons wait",
            trigger: ".o_form_view:not(:has(button[name=close_payslip_run]))",
        },
        at("Making the payslips", 1),
        {
            content: "Confirm, once all are made",
            trigger: "button[name=action_cs_confirm]",
            timeout: SECONDS,
            run: "click",
        },
        {
            content: "Yes",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "Tick all",
            trigger: ".modal button[name=action_tick_all]",
            run: "click",
        },
        {
            content: "All are ticked",
            trigger: ".modal .o_data_row td[name=seen] input:checked",
        },
        {
            content: "Confirm them",
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "It tells how far it is",
            trigger: ".alert:contains('Confirming the payslips') .o_progress[aria-valuemax='2']",
            timeout: SECONDS,
        },
        {
            content: "And is done",
            trigger: ".o_form_view:not(:has([name=cs_work])) button[name=close_payslip_run]",
            timeout: SECONDS,
        },
    ],
});
