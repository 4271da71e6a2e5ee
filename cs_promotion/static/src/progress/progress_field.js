import { registry } from "@web/core/registry";
import {
    ProgressBarField,
    progressBarField,
} from "@web/views/fields/progress_bar/progress_bar_field";

import { onMounted, onWillUnmount } from "@odoo/owl";

const SECONDS = 3;

/**
 * Odoo's progress bar for work that a scheduled action does: it reads the record anew every few
 * seconds, while the field named by the option `running` holds (without it, while it is shown).
 */
export class ProgressField extends ProgressBarField {
    static props = { ...ProgressBarField.props, runningField: { type: String, optional: true } };

    setup() {
        super.setup();
        let timer;
        onMounted(() => {
            timer = setInterval(() => this.reload(), SECONDS * 1000);
        });
        onWillUnmount(() => clearInterval(timer));
    }

    /** Whole numbers: "3,500 / 10,000", not "3k / 10k". */
    formatCurrentValue() {
        return super.formatCurrentValue(false);
    }

    formatMaxValue() {
        return super.formatMaxValue(false);
    }

    async reload() {
        const { record, runningField } = this.props;
        const running = !runningField || record.data[runningField];
        if (running && record.resId && !(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("fields").add("cs_progress", {
    ...progressBarField,
    component: ProgressField,
    supportedTypes: ["integer", "float"],
    extractProps: (info, dynamicInfo) => ({
        ...progressBarField.extractProps(info, dynamicInfo),
        runningField: info.options.running,
    }),
});
