import { registry } from "@web/core/registry";

const SECONDS = 20000; // it reads anew every three

registry.category("web_tour.tours").add("cs_progress_tour", {
    steps: () => [
        {
            content: "Bring the month up to date",
            trigger: "button[name=action_open]",
            run: "click",
        },
        {
            content: "It tells how far it is",
            trigger:
                ".alert:contains('Making the sheets') .o_progress[aria-valuenow='0'][aria-valuemax='2']",
        },
        {
            content: "The buttons wait",
            trigger: ".o_form_view:not(:has(button[name=action_close]))",
        },
        {
            content: "It goes on by itself",
            trigger:
                ".alert:contains('Making the sheets') .o_progress[aria-valuenow='1'][aria-valuemax='2']",
            timeout: SECONDS,
        },
        {
            content: "And is done",
            trigger: ".o_form_view:not(:has([name=work])) button[name=action_close]",
            timeout: SECONDS,
        },
    ],
});
