/** Steps that the scoring tours share. */

const item = (number) => `.o_cs_scorecard_item[data-number='${number}']`;

export const grade = (number, points) => `${item(number)} .o_cs_grade[data-points='${points}']`;

/** Open the sheet of one agent from the list. */
export function openSheet(agent, role) {
    const cell = role ? `:has(td[name='role']:contains('${role}'))` : "";
    return [
        {
            content: `Open the sheet of ${agent}`,
            trigger: `.o_data_row${cell} td[name='employee_id']:contains('${agent}')`,
            run: "click",
        },
        isOn(agent),
    ];
}

export function isOn(agent) {
    return {
        content: `The sheet of ${agent} is shown`,
        trigger: `.o_cs_sheet_agent:contains('${agent}')`,
    };
}

/** Grade an item by a click. */
export function click(number, points) {
    return [
        {
            content: `Item ${number}: click ${points}`,
            trigger: `${grade(number, points)}:enabled`,
            run: "click",
        },
        isGraded(number, points),
    ];
}

/** Grade an item by the points' key; the next item has the focus then. */
export function press(number, points, next = number + 1) {
    return [
        {
            content: `Item ${number}: press ${points}`,
            trigger: `${item(number)} .o_cs_grade:focus`,
            run: `press ${points}`,
        },
        isGraded(number, points),
        {
            content: `Item ${next} has the focus`,
            trigger: `${item(next)} .o_cs_grade:focus`,
        },
    ];
}

export function isGraded(number, points) {
    return {
        content: `Item ${number} has ${points}`,
        trigger: `${grade(number, points)}[aria-checked='true']`,
    };
}

export function hasTotal(total) {
    return {
        content: `The total is ${total}`,
        trigger: `.o_cs_total:text('${total}')`,
    };
}

export const isSaved = {
    content: "All is saved",
    trigger: ".o_cs_scorecard_status:contains('All changes saved')",
};

export const submit = {
    content: "Submit",
    trigger: ".o_cs_submit:enabled",
    run: "click",
};

/** Calls about sheets since the last `forgetCalls`, as the browser has counted them. */
const calls = () =>
    performance
        .getEntriesByType("resource")
        .map(({ name }) => name)
        .filter((name) => name.includes("/call_kw/cs.appraisal.sheet"));

export const forgetCalls = {
    content: "Count the calls from here",
    trigger: ".o_cs_submit:enabled",
    run: () => performance.clearResourceTimings(),
};

export function tookCalls(maximum) {
    return {
        content: `That took ${maximum} calls at most`,
        trigger: ".o_cs_scorecard",
        run: () => {
            if (calls().length > maximum) {
                throw new Error(`Too many calls: ${calls().join(", ")}`);
            }
        },
    };
}

/** Relative luminance (WCAG 2) of a colour like `rgb(27, 116, 48)`. */
function luminance(colour) {
    const [red, green, blue] = colour
        .match(/[\d.]+/g)
        .slice(0, 3)
        .map((value) => value / 255)
        .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The words of a chosen grade can be read by everyone: 4.5 : 1 (WCAG AA). */
export function isReadable(number, points) {
    return {
        content: `The chosen grade ${points} has enough contrast`,
        // the item, not the grade: a submitted sheet's grades are disabled
        trigger: `${item(number)}:has(.o_cs_grade[data-points='${points}'][aria-checked='true'])`,
        run: ({ anchor }) => {
            const chosen = anchor.querySelector(`.o_cs_grade[data-points='${points}']`);
            const { color, backgroundColor } = getComputedStyle(chosen);
            const [light, dark] = [luminance(color), luminance(backgroundColor)];
            const ratio = (Math.max(light, dark) + 0.05) / (Math.min(light, dark) + 0.05);
            if (ratio < 4.5) {
                throw new Error(`${color} on ${backgroundColor}: ${ratio}`);
            }
        },
    };
}
