import { registry } from "@web/core/registry";

import {
    click,
    hasTotal,
    isGraded,
    isOn,
    isSaved,
    openSheet,
    press,
    submit,
} from "./cs_score_steps";

registry.category("web_tour.tours").add("cs_score_office_tour", {
    steps: () => [
        {
            content: "The paper form is out of reach while the office has not graded",
            trigger: ".o_list_view:not(:has(td[name='role']:contains('Direct superior')))",
        },
        ...openSheet("Clerk"),
        {
            trigger: ".o_cs_fill_middle",
            run: "click",
        },
        hasTotal(60),
        submit,
        isOn("Peer"),
        {
            content: "Back to the list",
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a",
            run: "click",
        },
        {
            content: "Who filled in the office's form does not enter the paper form as well",
            trigger: ".o_list_view .o_data_row",
        },
        {
            trigger: ".o_list_view:not(:has(.o_data_row:contains('Clerk')))",
        },
    ],
});

registry.category("web_tour.tours").add("cs_score_paper_tour", {
    steps: () => [
        ...openSheet("Clerk", "Direct superior"),
        {
            content: "The paper form is asked for",
            trigger: ".alert:contains('the office enters the paper form')",
        },
        ...press(1, 5),
        ...click(2, 3),
        {
            content: "The sheet says who entered it",
            trigger: ".alert:contains('Entered from paper by'):contains('cs_second')",
        },
        {
            trigger: ".o_cs_fill_middle",
            run: "click",
        },
        {
            content: "Replace nothing that was read from the paper",
            trigger: ".modal .o_cs_fill_empty",
            run: "click",
        },
        isGraded(1, 5),
        hasTotal(62),
        isSaved,
        submit,
        // on to the pile of the next superior without a login
        isOn("Dora"),
        {
            trigger: ".o_cs_sheet_position:contains('2 of 2')",
        },
        {
            content: "Whose form lay before this one",
            trigger: ".o_cs_sheet_previous[title='Old Hand · Clerk']",
        },
        {
            content: "What was entered is in, and the mark stays",
            trigger: ".o_cs_sheet_previous",
            run: "click",
        },
        isOn("Clerk"),
        {
            trigger:
                ".o_cs_sheet_form:not(:has(.o_cs_submit)) .alert:contains('Entered from paper by')",
        },
    ],
});
