import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";

const MODEL = "cs.appraisal.sheet.line";

/**
 * @typedef Entry one item of the sheet, as shown
 * @property {number} id
 * @property {number} number
 * @property {string} name
 * @property {number} sectionId
 * @property {number | false} grade
 * @property {string} remark
 * @property {{ grade: number | false, remark: string }} saved what the server has
 * @property {number} pending saves under way
 * @property {{ grade: number | false, remark: string, message: string } | null} failed
 * @property {boolean} open the remark is unfolded
 */

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
                const saved = { grade: data.grade_id?.id || false, remark: data.remark || "" };
                return {
                    id: resId,
                    number: data.number,
                    name: data.item_id.display_name,
                    sectionId: data.section_id.id,
                    ...saved,
                    saved,
                    pending: 0,
                    failed: null,
                    open: entry ? entry.open : Boolean(saved.remark),
                };
            })
            .sort((a, b) => a.number - b.number);
    }

    get missing() {
        return this.list.filter((entry) => !entry.grade);
    }

    get failed() {
        return this.list.filter((entry) => entry.failed);
    }

    /** Show a change at once and save it in the background. */
    change(entry, values) {
        Object.assign(entry, values, { failed: null });
        entry.pending++;
        this.running++;
        this.touched = true;
        this.chain = this.chain.then(() => this.save(entry));
    }

    retry(entry) {
        const { grade, remark } = entry.failed;
        this.change(entry, { grade, remark });
    }

    /** Wait until every change so far has been answered. */
    async settle() {
        await this.chain;
    }

    async save(entry) {
        const { grade, remark } = entry;
        const values = {};
        if (grade !== entry.saved.grade) {
            values.grade_id = grade;
        }
        if (remark !== entry.saved.remark) {
            values.remark = remark;
        }
        try {
            if (Object.keys(values).length) {
                await this.orm.write(MODEL, [entry.id], values);
            }
            entry.saved = { grade, remark };
        } catch (error) {
            this.takeBack(entry, { grade, remark, message: messageOf(error) });
        }
        entry.pending--;
        this.running--;
        if (!this.running) {
            this.onIdle();
        }
    }

    takeBack(entry, failed) {
        const newest = entry.grade === failed.grade && entry.remark === failed.remark;
        if (newest) {
            entry.failed = failed;
            Object.assign(entry, entry.saved);
            this.onFailed(entry);
        }
    }
}
