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
