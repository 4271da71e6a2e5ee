import { registry } from "@web/core/registry";

import {
    click,
    forgetCalls,
    grade,
    hasTotal,
    isGraded,
    isOn,
    isReadable,
    isSaved,
    openSheet,
    press,
    submit,
    tookCalls,
} from "./cs_score_steps";

const POINTS = [5, 3, 0, 5, 5, 5, 5, 3, 3, 3, 0, 5, 5, 5, 5, 1, 3, 5, 5, 5];

registry.category("web_tour.tours").add("cs_score_superior_tour", {
    steps: () => [
        ...openSheet("Agent"),
        {
            content: "First of three sheets",
            trigger: ".o_cs_sheet_position:contains('1 of 3')",
        },
        // by keys alone: twenty keys, twenty items, and Submit has the focus
        ...POINTS.slice(0, 19).flatMap((points, index) => press(index + 1, points)),
        {
            trigger: `${grade(20, 5)}:focus`,
            run: "press 5",
        },
        {
            trigger: ".o_cs_submit:focus",
        },
        hasTotal(76),
        {
            trigger: grade(20, 5),
            run: ({ anchor }) => anchor.focus(),
        },
        // a second thought: up with the arrow, out with Delete, along with the arrow, Enter
        {
            trigger: `${grade(20, 5)}:focus`,
            run: "press ArrowUp",
        },
        {
            trigger: `${grade(19, 5)}:focus`,
            run: "press Delete",
        },
        {
            content: "What is missing is named",
            trigger: ".o_cs_scorecard_missing:contains('1 item left') .btn-link:text('19')",
            run: "click",
        },
        {
            trigger: ".o_cs_submit:disabled",
        },
        {
            trigger: `${grade(19, 5)}:focus`,
            run: "press ArrowRight",
        },
        {
            trigger: `${grade(19, 3)}:focus`,
            run: "press Enter",
        },
        isGraded(19, 3),
        hasTotal(74),
        isSaved,
        ...[
            [1, 5],
            [2, 3],
            [3, 0],
            [16, 1],
        ].map((chosen) => isReadable(...chosen)),
        forgetCalls,
        submit,
        // and on to the next one, without going back: to submit, and to read the next
        isOn("Bai"),
        tookCalls(2),
        {
            trigger: ".o_cs_sheet_position:contains('2 of 3')",
        },
        ...click(1, 0),
        {
            content: "Start from last month",
            trigger: ".o_cs_fill_last",
            run: "click",
        },
        {
            content: "There is a grade already: fill the empty items only",
            trigger: ".modal .o_cs_fill_empty",
            run: "click",
        },
        isGraded(20, 5),
        isGraded(1, 0),
        hasTotal(95),
        {
            content: "Unfold the remark",
            trigger: ".o_cs_scorecard_item[data-number='1'] .o_cs_remark_toggle",
            run: "click",
        },
        {
            trigger: ".o_cs_scorecard_item[data-number='1'] textarea",
            run: "edit Needs training && click .o_cs_scorecard_total",
        },
        isSaved,
        {
            content: "Have a look at the sheet before, and come back",
            trigger: ".o_cs_sheet_previous",
            run: "click",
        },
        isOn("Agent"),
        {
            content: "It is locked",
            trigger: `.o_cs_scorecard:not(:has(.o_cs_submit)) ${grade(19, 3)}:disabled`,
        },
        isReadable(19, 3),
        {
            trigger: ".o_cs_sheet_next",
            run: "click",
        },
        isOn("Bai"),
        submit,
        isOn("Peer"),
        {
            trigger: ".o_cs_sheet_position:contains('3 of 3')",
        },
        {
            content: "Middle word for all",
            trigger: ".o_cs_fill_middle",
            run: "click",
        },
        hasTotal(60),
        ...click(20, 5),
        hasTotal(62),
        submit,
        {
            content: "Nothing is left",
            trigger: ".o_cs_scorecard_open:contains('All are submitted')",
        },
    ],
});
