import { registry } from "@web/core/registry";

import { choose, create, fillIn, goTo, isNow, openApp, openRow, save, see } from "./cs_month_steps";
import { click, hasTotal, isOn, openSheet, submit } from "./cs_score_steps";

const MONTH = "cs_promotion.cs_month_menu";
const PEOPLE = "cs_promotion.cs_people_menu";

const fillMiddle = {
    content: "All meet requirements",
    trigger: ".o_cs_fill_middle",
    run: "click",
};
const filterMyTeam = [
    {
        content: "Unfold the filters",
        trigger: ".o_searchview_dropdown_toggler",
        run: "click",
    },
    {
        content: "Show one's team",
        trigger: ".o_filter_menu .o_menu_item:contains('My Team')",
        run: "click",
    },
    see(".o_searchview_facet:contains('My Team')"),
    {
        content: "Fold the filters",
        trigger: ".o_searchview_dropdown_toggler",
        run: "click",
    },
];

/** A superior scores two agents, looks at the team, reports a violation, gives an opinion. */
registry.category("web_tour.tours").add("cs_month_superior_tour", {
    steps: () => [
        ...openApp(),
        // no agent, so the app opens on the sheets to score
        see(".o_breadcrumb:contains('To Score')"),
        ...openSheet("Agent"),
        fillMiddle,
        hasTotal(60),
        ...click(1, 5),
        hasTotal(62),
        submit,
        isOn("Peer"),
        fillMiddle,
        hasTotal(60),
        submit,
        see(".o_cs_scorecard_open:contains('All are submitted')"),

        ...goTo(PEOPLE, "cs_promotion.cs_path_menu", ".o_data_row:contains('Peer')"),
        ...filterMyTeam,
        see(".o_list_view:has(.o_data_row:contains('Agent')):not(:contains('Elsewhere'))"),
        ...openRow("Peer"),
        see(".o_cs_ladder .o_cs_own:contains('Junior agent')"),

        ...goTo(MONTH, "cs_promotion.cs_violation_menu", ".o_breadcrumb:contains('Violations')"),
        create,
        ...choose("employee_id", "Peer"),
        ...choose("type_id", "Slacking"),
        fillIn("description", "Did not take a call all morning"),
        ...save(),
        isNow("Reported"),
        see(".o_form_view:not(:has(button[name='action_confirm']))"),
    ],
});
