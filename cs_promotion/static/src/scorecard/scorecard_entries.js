import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";

const MODEL = "cs.appraisal.sheet.line";

/**
 * @typedef Entry one item of the sheet, as shown
 * @property {number} id
 * @property {number} number
 * @property {string} name
 * @property {number} itemId
 * @property {number} sectionId
 * @property {number | false} grade
 * @property {number | false} given points given as a number, where there are no words
 * @property {string} remark
 * @property {Answer} saved what the server has
 * @property {number} pending saves under way
 * @property {(Answer & { message: string }) | null} failed
 * @property {string} typed the number as it was typed
 * @property {string} invalid what is wrong with it
 * @property {boolean} open the remark is unfolded
 *
 * @typedef {{ grade: number | false, given: number | false, remark: string }} Answer
 */

/** The part of an entry that is written, by the name of its field. */
const FIELDS = { grade: "grade_id", given: "given", remark: "remark" };

/** @returns {Answer} */
function answerOf({ grade, given, remark }) {
    return { grade, given, remark };
}

/** What the server said, or that it could not be reached. */
function messageOf(error) {
    if (error instanceof ConnectionLostError) {
        return _t("There is no connection to the server.");
    }
    return error.data?.message || error.message;
}

/**
 * The items of one sheet. A change is shown at once and saved in the background, one request
 * after the other; what cannot be saved is taken back, and kept to be tried again.
 */
export class ScorecardEntries {
    /**
     * @param {import("@web/core/orm_service").ORM} orm
     * @param {Object} callbacks
     * @param {(entry: Entry) => void} callbacks.onFailed
     * @param {() => void} callbacks.onIdle all changes have been answered
     */
    constructor(orm, { onFailed, onIdle }) {
        this.orm = orm;
        this.onFailed = onFailed;
        this.onIdle = onIdle;
        /** @type {Entry[]} */
        this.list = [];
        this.sheetId = false;
        this.running = 0;
        this.touched = false;
        this.chain = Promise.resolve();
    }

    /**
     * Take over what the server sent, but for items with a change of their own under way.
     *
     * @param {import("@web/model/relational_model/record").Record} record
     */
    load(record) {
        const known = this.sheetId === record.resId ? this.list : [];
        if (this.sheetId !== record.resId) {
            this.touched = false;
        }
        this.sheetId = record.resId;
        this.list = record.data.line_ids.records
            .map(({ resId, data }) => {
                const entry = known.find(({ id }) => id === resId);
                if (entry && (entry.pending || entry.failed)) {
                    return entry;
                }
                const saved = {
                    grade: data.grade_id?.id || false,
                    given: data.is_given ? data.given : false,
                    remark: data.remark || "",
                };
                return {
                    id: resId,
                    number: data.number,
                    name: data.item_id.display_name,
                    itemId: data.item_id.id,
                    sectionId: data.section_id.id,
                    ...saved,
                    saved,
                    pending: 0,
                    failed: null,
                    typed: entry ? entry.typed : "",
                    invalid: entry ? entry.invalid : "",
                    open: entry ? entry.open : Boolean(saved.remark),
                };
            })
            .sort((a, b) => a.number - b.number);
    }

    get missing() {
        return this.list.filter((entry) => !this.isAnswered(entry));
    }

    get failed() {
        return this.list.filter((entry) => entry.failed || entry.invalid);
    }

    /** Nought is an answer; a number that cannot be is none. */
    isAnswered({ grade, given, invalid }) {
        return !invalid && Boolean(grade || given !== false);
    }

    /** Show a change at once and save it in the background. */
    change(entry, values) {
        Object.assign(entry, values, { failed: null, invalid: "" });
        entry.pending++;
        this.running++;
        this.touched = true;
        this.chain = this.chain.then(() => this.save(entry));
    }

    retry(entry) {
        this.change(entry, answerOf(entry.failed));
    }

    /** Wait until every change so far has been answered. */
    async settle() {
        await this.chain;
    }

    async save(entry) {
        const answer = answerOf(entry);
        const changed = Object.keys(FIELDS).filter((key) => answer[key] !== entry.saved[key]);
        try {
            if (changed.length) {
                const values = changed.map((key) => [FIELDS[key], answer[key]]);
                await this.orm.write(MODEL, [entry.id], Object.fromEntries(values));
            }
            entry.saved = answer;
        } catch (error) {
            this.takeBack(entry, { ...answer, message: messageOf(error) });
        }
        entry.pending--;
        this.running--;
        if (!this.running) {
            this.onIdle();
        }
    }

    takeBack(entry, failed) {
        const newest = Object.keys(FIELDS).every((key) => entry[key] === failed[key]);
        if (newest) {
            entry.failed = failed;
            Object.assign(entry, entry.saved);
            this.onFailed(entry);
        }
    }
}
