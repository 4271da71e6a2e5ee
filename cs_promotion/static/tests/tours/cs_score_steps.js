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
