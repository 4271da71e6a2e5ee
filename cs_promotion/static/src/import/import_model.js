import { BaseImportModel } from "@base_import/import_model";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

/** Models of customer service can import what is right and name the rows that are not. */
patch(BaseImportModel.prototype, {
    setResModel(resModel) {
        super.setResModel(...arguments);
        if (resModel === "hr.employee" || resModel.startsWith("cs.")) {
            this.importOptionsValues.cs_skip_bad_rows = { value: false };
        }
    },

    async executeImport(isTest = false) {
        this.csLeftOut = [];
        const result = await super.executeImport(...arguments);
        if (this.csLeftOut.length) {
            const title = isTest
                ? _t("These rows would be left out; the others are right:")
                : _t("These rows were left out; the others are imported:");
            this._addMessage("warning", [title, ...this.csLeftOut]);
            if (!isTest) {
                // the list of what was imported comes next: what was not has to stay readable
                this.env.services.notification.add(this.csLeftOut.join("\n"), {
                    title,
                    type: "warning",
                    sticky: true,
                });
            }
        }
        return result;
    },

    async _callImport() {
        const result = await super._callImport(...arguments);
        const leftOut = (result.messages || []).filter((message) => message.cs_left_out);
        if (leftOut.length) {
            // no errors: Odoo would stop at them
            this.csLeftOut.push(...leftOut.map((message) => message.message));
            result.messages = result.messages.filter((message) => !message.cs_left_out);
        }
        return result;
    },
});
