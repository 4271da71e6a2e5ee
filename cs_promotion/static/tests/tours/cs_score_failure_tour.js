import { registry } from "@web/core/registry";

import { grade, hasTotal, isGraded, isSaved, openSheet } from "./cs_score_steps";

registry.category("web_tour.tours").add("cs_score_failure_tour", {
    steps: () => [
        ...openSheet("Agent"),
        {
            content: "The server refuses this one",
            trigger: `${grade(1, 5)}:enabled`,
            run: "click",
        },
        {
            content: "The failure is shown, the click taken back",
            trigger: `.o_cs_item_failed:contains('No luck today'):has(${grade(1, 5)}[aria-checked='false'])`,
        },
        {
            trigger: ".o_cs_scorecard_status:contains('Not saved')",
        },
        hasTotal(0),
        {
            content: "Try again",
            trigger: ".o_cs_retry",
            run: "click",
        },
        isGraded(1, 5),
        isSaved,
        hasTotal(5),
        {
            trigger: ".o_cs_scorecard:not(:has(.o_cs_item_failed))",
        },
    ],
});
