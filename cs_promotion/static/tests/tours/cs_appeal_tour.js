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

tours.add("cs_transfer_agent_tour", {
    steps: () => [
        openFirst,
        press("action_apply"),
        {
            content: "The department follows the post",
            trigger: ".o_field_widget[name='department_id']:contains('Front Desk')",
        },
        {
            trigger: ".o_field_widget[name='motive'] textarea",
            run: "edit Evenings suit me",
        },
        {
            trigger: ".o_field_widget[name='date'] input, .o_field_widget[name='date'] button",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='date'] input",
            run: "edit 03/01/2035 && press Enter",
        },
        press("action_submit"),
        isNow("Submitted"),
    ],
});

tours.add("cs_transfer_superior_tour", {
    steps: () => [
        openFirst,
        {
            content: "Be in favour",
            trigger: ".o_field_widget[name='superior_opinion'] input[type='radio']:first",
            run: "click",
        },
        {
            content: "Only one's own opinion is asked for",
            trigger:
                ".o_form_view:contains('No opinion yet.'):not(:has([name='receiving_opinion'] input))",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved, .o_form_view:not(:has(.o_form_button_save:visible))",
        },
    ],
});
