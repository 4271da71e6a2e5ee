import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const press = (name) => ({
    content: `Press ${name}`,
    trigger: `.o_statusbar_buttons button[name='${name}']:enabled, .o_form_view button[name='${name}']:enabled`,
    run: "click",
});
const isNow = (state) => ({
    content: `It is ${state} now`,
    trigger: `.o_field_statusbar .o_arrow_button_current:contains('${state}')`,
});
const openFirst = {
    content: "Open it from the list",
    trigger: ".o_data_row .o_data_cell:first",
    run: "click",
};
const giveReason = (reason) => [
    {
        content: "Write down the reason",
        trigger: ".modal .o_field_widget[name='reason'] textarea",
        run: `edit ${reason}`,
    },
    {
        trigger: ".modal footer button[name='action_take'], .modal button[name='action_take']",
        run: "click",
    },
    {
        content: "The dialog is gone",
        trigger: "body:not(:has(.modal))",
    },
];

tours.add("cs_appeal_agent_tour", {
    steps: () => [
        press("action_appeal"),
        {
            content: "Write down the grounds",
            trigger: ".o_field_widget[name='grounds'] textarea",
            run: "edit The hotel account was not mine",
        },
        press("action_submit"),
        isNow("Submitted"),
        {
            content: "The agent can take it back, and cannot answer it",
            trigger:
                ".o_statusbar_buttons:has(button[name='action_withdraw']):not(:has(button[name='action_answer']))",
        },
    ],
});

tours.add("cs_appeal_office_tour", {
    steps: () => [
        openFirst,
        {
            content: "Answer in writing",
            trigger: ".o_field_widget[name='answer'] textarea",
            run: "edit We asked the account manager",
        },
        press("action_answer"),
        isNow("Answered"),
        {
            content: "The office does not decide",
            trigger: ".o_form_view:not(:has(button[name='action_uphold']))",
        },
    ],
});

tours.add("cs_appeal_manager_tour", {
    steps: () => [
        openFirst,
        press("action_uphold"),
        ...giveReason("The account manager agrees"),
        isNow("Upheld"),
        {
            content: "The reason stands on the appeal",
            trigger: ".o_field_widget[name='reason']:contains('The account manager agrees')",
        },
    ],
});
