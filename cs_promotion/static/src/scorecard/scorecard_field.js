import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { closestScrollableY } from "@web/core/utils/scrolling";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { useSetupAction } from "@web/search/action_hook";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import {
    Component,
    onWillStart,
    onWillUnmount,
    onWillUpdateProps,
    reactive,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";

import { FillDialog } from "./fill_dialog";
import { ScorecardEntries } from "./scorecard_entries";
import {
    effects,
    formatPoints,
    gradeKeys,
    maximumTotal,
    raterTotal,
    readPoints,
} from "./scorecard_totals";

const MODEL = "cs.appraisal.sheet";
const RELOAD_DELAY = 2000; // ms without a change until the server's marks are fetched
const SIMPLE = { source: "words", effect: "counts", note: "", grades: [] };
// where the focus comes to rest in an item
const REST = "[role=radio][tabindex='0'], .o_cs_number";

/** The scorecard as on paper: sections, items, a button a grade; saved as one goes. */
export class ScorecardField extends Component {
    static template = "cs_promotion.ScorecardField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.ui = useService("ui");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.desk = useState({ sheetId: 0, queue: [], submitting: false });
        this.entries = useState(
            reactive(
                new ScorecardEntries(this.orm, {
                    onFailed: (entry) => this.notifyFailed(entry),
                    onIdle: () => this.reloadLater(),
                }),
            ),
        );
        onWillStart(() => this.loadDesk(this.props.record.resId));
        onWillUpdateProps(({ record }) => this.loadDesk(record.resId));
        onWillUnmount(() => clearTimeout(this.reloading));
        useRecordObserver((record) => this.entries.load(record));
        useSetupAction({
            beforeLeave: () => this.leave(),
            beforeUnload: (ev) => this.entries.running && ev.preventDefault(),
        });
        useEffect(
            () => this.begin(),
            () => [this.props.record.resId],
        );
    }

    // ------------------------------------------------------------------ what is shown

    get record() {
        return this.props.record;
    }

    get form() {
        return this.record.data.scorecard_form;
    }

    get canScore() {
        return !this.props.readonly && this.record.data.can_score;
    }

    get sections() {
        return this.form.sections.map((section) => {
            const entries = this.entries.list.filter(({ sectionId }) => sectionId === section.id);
            const items = entries.map((entry) => this.itemOf(section, entry));
            const counting = items.filter(({ effect }) => effect === "counts");
            return {
                ...section,
                rows: [...items, ...section.measured].sort((a, b) => a.number - b.number),
                items,
                points: counting.reduce((total, { points }) => total + points, 0),
            };
        });
    }

    /** An item as it is shown: what the form says of it, and what was given. */
    itemOf(section, entry) {
        const item = section.items[entry.itemId] || SIMPLE;
        const grades = item.grades.length ? item.grades : section.grades;
        const keys = gradeKeys(grades);
        const chosen = grades.find(({ id }) => id === entry.grade);
        return {
            ...item,
            entry,
            number: entry.number,
            isNumber: item.source === "number",
            points: (item.source === "number" ? entry.given : chosen?.points) || 0,
            grades: grades.map((grade, index) => ({
                ...grade,
                key: keys[index],
                rank: this.rankOf(grades, grade, item.effect),
            })),
        };
    }

    /** What the items that do not count would do to the score, and what is measured. */
    get besides() {
        return effects(this.sections);
    }

    get hasWords() {
        return this.form.sections.some(({ grades, items }) =>
            [grades, ...Object.values(items).map((item) => item.grades)].some(
                (each) => each.length,
            ),
        );
    }

    get total() {
        const { total } = this.record.data;
        return formatPoints(this.canScore ? raterTotal(this.sections, this.form.method) : total);
    }

    get maximum() {
        return formatPoints(maximumTotal(this.form.sections, this.form.method));
    }

    get missingLabel() {
        const count = this.entries.missing.length;
        return count === 1 ? _t("1 item left:") : _t("%(count)s items left:", { count });
    }

    get missingShown() {
        return this.entries.missing.slice(0, this.ui.isSmall ? 6 : undefined);
    }

    get position() {
        const index = this.desk.queue.findIndex(({ id }) => id === this.record.resId);
        const open = this.desk.queue.filter(({ state }) => state === "draft").length;
        return {
            index,
            previous: this.desk.queue[index - 1],
            next: this.desk.queue[index + 1],
            label: _t("%(position)s of %(count)s", {
                position: index + 1,
                count: this.desk.queue.length,
            }),
            open: open ? _t("%(count)s to fill in", { count: open }) : _t("All are submitted"),
        };
    }

    get status() {
        if (this.entries.failed.length) {
            return { icon: "fa-exclamation-triangle", text: _t("Not saved"), tone: "danger" };
        }
        if (this.entries.running) {
            return { icon: "fa-circle-o-notch fa-spin", text: _t("Saving…"), tone: "muted" };
        }
        return this.entries.touched
            ? { icon: "fa-check", text: _t("All changes saved"), tone: "success" }
            : { icon: "fa-cloud", text: _t("Saved as you go"), tone: "muted" };
    }

    get previousLabel() {
        return this.form.kind === "quarter" ? _t("As last quarter") : _t("As last month");
    }

    rankOf(grades, grade, effect) {
        const points = grades.map((each) => each.points);
        const [best, worst] = ["takes", "fails"].includes(effect)
            ? [Math.min(...points), Math.max(...points)]
            : [Math.max(...points), Math.min(...points)];
        if (grade.points === best) {
            return "best";
        }
        return grade.points === worst ? "worst" : "middle";
    }

    formatPoints(value) {
        return formatPoints(value);
    }

    isTabStop({ entry, grades }, grade) {
        return entry.grade ? entry.grade === grade.id : grades[0].id === grade.id;
    }

    /** Paper forms lie in one pile: of whom this one is. */
    nameOf(sheet) {
        return sheet.superior ? `${sheet.superior} · ${sheet.name}` : sheet.name;
    }

    dotTitle(sheet) {
        const agent = this.nameOf(sheet);
        if (sheet.state === "submitted") {
            return _t("%(agent)s: submitted", { agent });
        }
        const { answered, items } = sheet;
        return _t("%(agent)s: %(answered)s of %(items)s", { agent, answered, items });
    }

    /** The number as it stands in its box. */
    numberOf({ given, invalid, typed }) {
        if (invalid) {
            return typed;
        }
        return given === false ? "" : this.formatPoints(given);
    }

    failedLabel(entry) {
        return _t("Not saved: %(message)s", { message: entry.failed.message });
    }

    // ------------------------------------------------------------------ grades and remarks

    pick(entry, gradeId) {
        if (this.canScore && entry.grade !== gradeId) {
            this.entries.change(entry, { grade: gradeId });
        }
    }

    /**
     * Take over the number in the box.
     *
     * @returns {boolean} whether it is one that can be
     */
    writeNumber({ entry, maximum }, input) {
        const given = readPoints(input.value);
        Object.assign(entry, { invalid: "", typed: input.value });
        if (given === null || (maximum && given > maximum)) {
            entry.invalid = maximum
                ? _t("A number from 0 to %(maximum)s.", { maximum: this.formatPoints(maximum) })
                : _t("A number from 0 on.");
            return false;
        }
        if (this.canScore && entry.given !== given) {
            this.entries.change(entry, { given });
        }
        input.value = this.numberOf(entry);
        return true;
    }

    writeRemark(entry, remark) {
        if (this.canScore && entry.remark !== remark.trim()) {
            this.entries.change(entry, { remark: remark.trim() });
        }
    }

    toggleRemark(entry) {
        entry.open = !entry.open;
        if (entry.open) {
            this.focusDrawn(`[data-line="${entry.id}"] textarea`);
        }
    }

    notifyFailed(entry) {
        this.notification.add(
            _t("Item %(number)s was not saved. %(message)s", {
                number: entry.number,
                message: entry.invalid || entry.failed.message,
            }),
            { type: "danger" },
        );
    }

    // ------------------------------------------------------------------ keyboard

    onKeydown(ev) {
        const radio = ev.target.closest("[role=radio]");
        if (!radio || ev.ctrlKey || ev.altKey || ev.metaKey) {
            return;
        }
        const entry = this.entries.list.find(({ id }) => id === Number(radio.dataset.entry));
        const section = this.form.sections.find(({ id }) => id === entry.sectionId);
        const { grades } = this.itemOf(section, entry);
        const grade = grades.find(({ key }) => key === ev.key);
        if (grade) {
            this.pick(entry, grade.id);
            this.focusAfter(entry);
        } else if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            this.focusEntry(this.neighbour(entry, ev.key === "ArrowDown" ? 1 : -1));
        } else if (ev.key === "ArrowRight" || ev.key === "ArrowLeft") {
            const next = ev.key === "ArrowRight" ? "nextElementSibling" : "previousElementSibling";
            radio[next]?.focus();
        } else if (ev.key === "Delete" || ev.key === "Backspace") {
            this.pick(entry, false);
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }

    /** A number is typed, and Enter or an arrow goes on as after a grade. */
    onNumberKeydown(ev, item) {
        const { entry } = item;
        if (ev.key === "Escape") {
            entry.invalid = "";
            ev.target.value = this.numberOf(entry);
        } else if (["Enter", "ArrowDown", "ArrowUp"].includes(ev.key)) {
            if (this.writeNumber(item, ev.target)) {
                if (ev.key === "Enter") {
                    this.focusAfter(entry);
                } else {
                    this.focusEntry(this.neighbour(entry, ev.key === "ArrowDown" ? 1 : -1));
                }
            }
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }

    /** Focus what shows, or may be used, only once the change under way is drawn. */
    focusDrawn(selector) {
        requestAnimationFrame(() =>
            setTimeout(() => this.root.el?.querySelector(selector)?.focus()),
        );
    }

    neighbour(entry, step) {
        return this.entries.list[this.entries.list.indexOf(entry) + step];
    }

    focusEntry(entry, { behavior = "auto", block = "nearest" } = {}) {
        const row = entry && this.root.el?.querySelector(`[data-line="${entry.id}"]`);
        if (row) {
            row.querySelector(REST).focus({ preventScroll: true });
            row.scrollIntoView({ behavior, block });
        }
    }

    /** After a grade: to the next item, from the last one of a complete sheet to Submit. */
    focusAfter(entry) {
        const next = this.neighbour(entry, 1);
        this.focusEntry(next || entry);
        if (!next && !this.entries.missing.length) {
            this.focusDrawn(".o_cs_submit");
        }
    }

    jump(entry) {
        this.focusEntry(entry, { behavior: "smooth", block: "center" });
    }

    /** A sheet starts at its top, at the first item without a grade. */
    begin() {
        closestScrollableY(this.root.el)?.scrollTo({ top: 0 });
        if (this.canScore && !this.ui.isSmall) {
            const entry = this.entries.missing[0] || this.entries.list[0];
            const row = entry && this.root.el.querySelector(`[data-line="${entry.id}"]`);
            row?.querySelector(REST).focus({ preventScroll: true });
        }
    }

    // ------------------------------------------------------------------ starting points

    fillLast() {
        return this.fill("action_fill_last", this.previousLabel);
    }

    fillMiddle() {
        return this.fill("action_fill_middle", _t("Middle word for all"));
    }

    async fill(method, title) {
        await this.entries.settle();
        const open = this.entries.missing.length;
        const given = this.entries.list.length - open;
        if (given) {
            this.dialog.add(FillDialog, {
                title,
                open,
                given,
                fill: (overwrite) => this.callFill(method, overwrite),
            });
        } else {
            await this.callFill(method, false);
        }
    }

    async callFill(method, overwrite) {
        await this.orm.call(MODEL, method, [[this.record.resId], overwrite]);
        this.entries.touched = true;
        await this.record.load();
    }

    // ------------------------------------------------------------------ from sheet to sheet

    /** The desk is asked for once: from sheet to sheet on it there is nothing more to fetch. */
    async loadDesk(resId) {
        if (!this.desk.queue.some(({ id }) => id === resId) && this.desk.sheetId !== resId) {
            const { queue } = await this.orm.call(MODEL, "get_desk", [[resId]]);
            Object.assign(this.desk, { sheetId: resId, queue });
        }
    }

    /** Fetch the server's total and marks, but never between a grade and what follows it. */
    reloadLater() {
        const sheet = this.desk.queue.find(({ id }) => id === this.record.resId);
        if (sheet) {
            sheet.answered = this.entries.list.length - this.entries.missing.length;
        }
        clearTimeout(this.reloading);
        this.reloading = setTimeout(() => {
            if (!this.entries.running && !this.desk.submitting) {
                this.record.load();
            }
        }, RELOAD_DELAY);
    }

    /** Wait for what is being saved; stay where something could not be saved. */
    async leave() {
        await this.entries.settle();
        clearTimeout(this.reloading);
        const [entry] = this.entries.failed;
        if (entry) {
            this.notifyFailed(entry);
            this.jump(entry);
            return false;
        }
        return true;
    }

    async open(sheet) {
        if (sheet && sheet.id !== this.record.resId && (await this.leave())) {
            const resIds = this.desk.queue.map(({ id }) => id);
            await this.record.model.load({ resId: sheet.id, resIds });
        }
    }

    async submit() {
        if (this.desk.submitting || !(await this.leave())) {
            return;
        }
        if (this.entries.missing.length) {
            this.jump(this.entries.missing[0]);
            return;
        }
        this.desk.submitting = true;
        const { resId } = this.record;
        try {
            const { queue } = await this.orm.call(MODEL, "action_submit_next", [[resId]]);
            await this.moveOn(queue);
        } catch (error) {
            // what the server says of the sheet, if it can be reached; the error is what counts
            await this.record.load().catch(() => {});
            throw error;
        } finally {
            this.desk.submitting = false;
        }
    }

    /** After a sheet is in: to the next one that is open, from here on and round again. */
    async moveOn(queue) {
        const agent = this.record.data.employee_id.display_name;
        this.notification.add(
            _t("%(agent)s: submitted with %(total)s points", { agent, total: this.total }),
            { type: "success" },
        );
        const { index } = this.position;
        this.desk.queue = queue;
        const ahead = [...queue.slice(index + 1), ...queue.slice(0, index)];
        const next = ahead.find(({ state }) => state === "draft");
        await (next ? this.open(next) : this.record.load());
    }
}

export const scorecardField = {
    component: ScorecardField,
    displayName: _t("Scorecard"),
    supportedTypes: ["one2many"],
    fieldDependencies: [
        { name: "scorecard_form", type: "json" },
        { name: "can_score", type: "boolean" },
        { name: "total", type: "float" },
        { name: "answered", type: "integer" },
        { name: "previous_name", type: "char" },
    ],
    relatedFields: [
        { name: "number", type: "integer" },
        { name: "item_id", type: "many2one", relation: "cs.scorecard.item" },
        { name: "section_id", type: "many2one", relation: "cs.scorecard.section" },
        { name: "grade_id", type: "many2one", relation: "cs.scorecard.grade", readonly: false },
        { name: "given", type: "float", readonly: false },
        { name: "is_given", type: "boolean" },
        { name: "remark", type: "char", readonly: false },
    ],
};

registry.category("fields").add("cs_scorecard", scorecardField);
