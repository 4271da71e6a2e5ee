import { registry } from "@web/core/registry";

import { click, grade, hasTotal, isGraded, isSaved, openSheet, press } from "./cs_score_steps";

/** Grades from 0 to 10: a digit records its points, and what has no digit has no key. */
registry.category("web_tour.tours").add("cs_score_keys_tour", {
    steps: () => [
        ...openSheet("Agent"),
        ...press(1, 9),
        ...press(2, 2),
        ...press(3, 0),
        ...press(4, 1),
        ...click(5, 10),
        {
            content: "A key of no grade records nothing",
            trigger: `${grade(5, 10)}[aria-checked='true']`,
            run: "press x",
        },
        isGraded(5, 10),
        isSaved,
        hasTotal(22),
    ],
});
