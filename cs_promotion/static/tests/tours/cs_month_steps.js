import { stepUtils } from "@web_tour/tour_utils";

/** Steps that the tours of a whole month share. */

/** Open the app from the list of apps, as after logging in. */
export function openApp() {
    return [
        stepUtils.showAppsMenuItem(),
        {
            content: "Choose the app",
            trigger: ".o_app[data-menu-xmlid='cs_promotion.cs_promotion_menu_root']",
            run: "click",
        },
    ];
}

/** Go to an entry of the menu, and see that its page is open. */
export function goTo(section, entry, page) {
    return [
        {
            content: `Unfold the menu ${section}`,
            trigger: `.o_menu_sections button[data-menu-xmlid='${section}']`,
            run: "click",
        },
        {
            content: `Choose ${entry}`,
            trigger: `.o-dropdown--menu .dropdown-item[data-menu-xmlid='${entry}']`,
            run: "click",
        },
        see(page),
    ];
}

/** Wait until something is on the page. */
export function see(trigger) {
    return { content: `See ${trigger}`, trigger };
}

/** Open a row of the list by the words in it. */
export function openRow(words) {
    return [
        {
            content: `Open ${words}`,
            trigger: `.o_list_view .o_data_row:contains('${words}') .o_data_cell:not(.o_list_button):first`,
            run: "click",
        },
        see(".o_form_view"),
    ];
}

/** Make a new record from the list or the cards. */
export const create = {
    content: "Make a new one",
    trigger: ".o_list_button_add, .o-kanban-button-new",
    run: "click",
};

/** Press a button of the form. */
export function press(name) {
    return {
        content: `Press ${name}`,
        trigger: `.o_form_view button[name='${name}']:enabled`,
        run: "click",
    };
}

/** The state in the form's status bar. */
export function isNow(state) {
    return {
        content: `It is ${state} now`,
        trigger: `.o_field_statusbar .o_arrow_button_current:contains('${state}')`,
    };
}

/** Fill in a field of the form or of the dialog. */
export function fillIn(field, value, where = ".o_form_view") {
    const widget = `${where} .o_field_widget[name='${field}']`;
    return {
        content: `Write ${value} into ${field}`,
        trigger: `${widget} input, ${widget} textarea`,
        run: `edit ${value}`,
    };
}

/** Fill in a date: a button shows it until it is edited. */
export function fillInDate(field, value, where = ".o_form_view") {
    const widget = `${where} .o_field_widget[name='${field}']`;
    return [
        {
            content: `Edit ${field}`,
            trigger: `${widget} input, ${widget} button`,
            run: "click",
        },
        {
            content: `Write ${value} into ${field}`,
            trigger: `${widget} input`,
            run: `edit ${value} && press Enter`,
        },
    ];
}

/** Choose a record by its name in a many2one field. */
export function choose(field, name, where = ".o_form_view") {
    return [
        fillIn(field, name, where),
        {
            content: `Choose ${name}`,
            trigger: `.o-autocomplete--dropdown-item > a:contains('${name}')`,
            run: "click",
        },
    ];
}

/** Save the form and wait until it is saved. */
export function save() {
    return stepUtils.saveForm();
}

/** Open a page of the form's notebook. */
export function turnTo(page) {
    return {
        content: `Turn to the page ${page}`,
        trigger: `.o_notebook .nav-link[name='${page}']`,
        run: "click",
    };
}

/** Give the reason that a dialog asks for. */
export function giveReason(reason) {
    return [
        fillIn("reason", reason, ".modal"),
        {
            content: "Confirm the reason",
            trigger: ".modal button[name='action_take']",
            run: "click",
        },
        see("body:not(:has(.modal))"),
    ];
}
