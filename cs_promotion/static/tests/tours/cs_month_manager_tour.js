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

const nextMonth = () =>
    luxon.DateTime.utc().plus({ months: 1 }).startOf("month").toFormat("MM/dd/yyyy");
const lastMonth = () => luxon.DateTime.utc().minus({ months: 1 }).toFormat("LLLL yyyy");

const goToDecisions = goTo(
    "cs_promotion.cs_people_menu",
    "cs_promotion.cs_decision_menu",
    ".o_breadcrumb:contains('Decisions')",
);

/** A manager looks after the policy and decides what only a person may decide. */
registry.category("web_tour.tours").add("cs_month_manager_tour", {
    steps: () => [
        ...openApp(),
        ...goTo(
            "cs_promotion.cs_config_menu",
            "cs_promotion.cs_policy_menu",
            ".o_breadcrumb:contains('Policies')",
        ),
        ...openRow("Policy 2024-01-01"),
        turnTo("page"),
        see(".o_cs_policy .o_cs_rule[data-code='demote_senior']"),

        ...goToDecisions,
        ...openRow("Demotion"),
        isNow("Proposed"),
        press("action_approve"),
        isNow("Announced"),
        see(".o_field_widget[name='approved_by']:contains('cs_manager')"),

        ...goToDecisions,
        ...openRow("Dismissal review"),
        {
            content: "Keep the agent",
            trigger: ".o_form_view button[name='action_reject']:contains('Keep')",
            run: "click",
        },
        ...giveReason("A first slip in two years"),
        isNow("Rejected"),
        see(".o_field_widget[name='closing_reason']:contains('A first slip in two years')"),

        // what re-opening lets wait is listed before anything happens
        ...goTo(
            "cs_promotion.cs_month_menu",
            "cs_promotion.cs_cycle_menu",
            ".o_breadcrumb:contains('Months')",
        ),
        ...openRow(lastMonth()),
        isNow("Closed"),
        press("action_reopen"),
        see(".modal .alert:contains('opens again'):contains('waits for the closing: Peer')"),
        ...giveReason("A sheet was entered for the wrong agent"),
        isNow("Open"),

        ...goToDecisions,
        create,
        ...choose("employee_id", "Peer"),
        ...choose("tier_to_id", "Senior agent"),
        ...fillInDate("effective_date", nextMonth()),
        fillIn("grounds", "Saved the trade fair alone"),
        ...save(),
        press("action_approve"),
        isNow("Announced"),
        see(".o_field_widget[name='kind']:contains('Skip-level')"),
    ],
});
