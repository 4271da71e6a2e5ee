import { registry } from "@web/core/registry";

import { goTo, openApp, openRow, see, turnTo } from "./cs_month_steps";

const ME = "cs_promotion.cs_mine_menu";
const goToMine = (entry, page) => goTo(ME, `cs_promotion.${entry}`, page);

/** An agent looks up everything that concerns them. */
registry.category("web_tour.tours").add("cs_month_agent_tour", {
    steps: () => [
        ...openApp(),
        // the app opens on one's own path
        see(".o_cs_ladder .o_cs_own:contains('Intermediate agent'):contains('You are here')"),
        see(".o_field_widget[name='upwards_html'] .o_cs_outlook:contains('Still missing')"),
        see(".o_field_widget[name='upwards_html'] td:contains('Excellent agent'):contains('1')"),
        see(".o_field_widget[name='downwards_html'] .o_cs_card:contains('Any one of these')"),
        see(".o_cs_chart .o_cs_rank:contains('#1')"),
        turnTo("violations"),
        see(".o_field_widget[name='violation_ids'] .o_data_row:contains('Slacking')"),
        turnTo("awards"),
        see(".o_field_widget[name='award_ids'] .o_data_row"),

        ...goToMine("cs_appraisal_menu_mine", ".o_breadcrumb:contains('My Results')"),
        see(".o_data_row td[name='score']:contains('96.00')"),
        see(".o_list_view:not(:contains('Peer'))"),

        ...goToMine("cs_board_menu", ".o_cs_board .o_kanban_record:contains('Peer')"),
        see(".o_kanban_record:contains('Agent'):contains('Excellent agent')"),
        see(".o_cs_board:not(:has(button[name='action_award']))"),

        ...goToMine("cs_policy_menu_page", ".o_cs_policy h2:contains('Ladder and pay')"),
        see(".o_cs_rule[data-code='promote_intermediate'] li:contains('91')"),

        // a decision about oneself explains itself
        ...goTo("cs_promotion.cs_people_menu", "cs_promotion.cs_decision_menu", ".o_list_view"),
        ...openRow("Promotion"),
        see(".o_cs_evidence tr:contains('91') a:contains('96')"),
        see(".o_form_view:not(:has(button[name='action_approve'], button[name='action_apply']))"),

        ...goTo("cs_promotion.cs_month_menu", "cs_promotion.cs_violation_menu", ".o_list_view"),
        ...openRow("Slacking"),
        see(".o_field_widget[name='fine']:contains('60.00')"),
        see(".o_form_view:not(:has(button[name='action_withdraw']))"),
    ],
});

/** The same pages in Chinese. */
registry.category("web_tour.tours").add("cs_month_agent_chinese_tour", {
    steps: () => [
        ...openApp(),
        see(".o_cs_ladder .o_cs_own:contains('中级客服')"),
        see(".o_field_widget[name='upwards_html']:contains('优秀客服')"),
        see(".o_form_view h3:contains('晋升')"),
        ...goToMine("cs_appraisal_menu_mine", ".o_list_view th[data-name='score']:contains('分')"),
        ...goToMine("cs_board_menu", ".o_cs_board .o_kanban_record:contains('优秀客服')"),
        ...goToMine("cs_policy_menu_page", ".o_cs_policy td:contains('新客服(试用期)')"),
        ...goTo(
            "cs_promotion.cs_people_menu",
            "cs_promotion.cs_decision_menu",
            ".o_data_row:contains('晋升')",
        ),
        ...goTo(
            "cs_promotion.cs_month_menu",
            "cs_promotion.cs_violation_menu",
            ".o_data_row:contains('消极怠工')",
        ),
    ],
});
