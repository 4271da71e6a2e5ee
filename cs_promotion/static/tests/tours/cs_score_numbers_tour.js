import { registry } from "@web/core/registry";

import { hasTotal, isGraded, isSaved, openSheet, submit } from "./cs_score_steps";

const box = (number) => `.o_cs_scorecard_item[data-number='${number}'] .o_cs_number`;

/** Type a number and go on by Enter; `next` is what has the focus then. */
function type(number, points, next) {
    return [
        {
            content: `Item ${number}: type ${points}`,
            trigger: `${box(number)}:focus`,
            run: `edit ${points}`,
        },
        {
            trigger: `${box(number)}:focus`,
            run: "press Enter",
        },
        {
            content: "On to the next item",
            trigger: next,
        },
    ];
}

/** A form of every kind: measured, numbers, grades, what adds and what lets the score fall. */
registry.category("web_tour.tours").add("cs_score_numbers_tour", {
    steps: () => [
        ...openSheet("Agent"),
        {
            content: "What is measured stands in its place, with its value and points",
            trigger:
                ".o_cs_scorecard_measured[data-number='1']:contains('262 calls'):contains('15.75')",
        },
        {
            content: "Or that nothing is known yet",
            trigger: ".o_cs_scorecard_measured[data-number='2']:contains('Nothing known yet')",
        },
        {
            content: "What the office rates is not on this sheet",
            trigger: ".o_cs_scorecard:not(:has([data-number='4']))",
        },
        ...type(3, "21", `${box(3)}:focus`),
        {
            content: "More than the item gives is refused, and nothing is saved",
            trigger: ".o_cs_item_error:contains('A number from 0 to 20.')",
        },
        {
            content: "What was typed stays to be corrected",
            trigger: `${box(3)}:value(21)`,
        },
        hasTotal(0),
        ...type(3, "12,5", ".o_cs_scorecard_item[data-number='5'] .o_cs_grade:focus"),
        {
            trigger: ".o_cs_scorecard:not(:has(.o_cs_item_error))",
        },
        hasTotal(12.5),
        {
            content: "Item 5: press 8",
            trigger: ".o_cs_scorecard_item[data-number='5'] .o_cs_grade:focus",
            run: "press 8",
        },
        isGraded(5, 8),
        hasTotal(20.5),
        ...type(6, "10", ".o_cs_scorecard_item[data-number='7'] .o_cs_grade:focus"),
        {
            content: "What adds to the score is told beside the total",
            trigger: ".o_cs_scorecard_besides:contains('Added 10')",
        },
        hasTotal(20.5),
        {
            content: "Back to the number with the arrow",
            trigger: ".o_cs_scorecard_item[data-number='7'] .o_cs_grade:focus",
            run: "press ArrowUp",
        },
        {
            trigger: `${box(6)}:focus`,
            run: "press ArrowDown",
        },
        {
            trigger: ".o_cs_scorecard_item[data-number='7'] .o_cs_grade:focus",
            run: "press 1",
        },
        isGraded(7, 1),
        {
            trigger: ".o_cs_scorecard_besides:contains('Score falls to 40')",
        },
        {
            trigger: ".o_cs_submit:focus",
        },
        isSaved,
        submit,
        {
            content: "What was given stands there, and can no longer be changed",
            trigger: `.o_notification:contains('Agent: submitted with 20.5 points')`,
        },
    ],
});
