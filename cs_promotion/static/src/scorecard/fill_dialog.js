import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { Component } from "@odoo/owl";

/** Asks whether a starting point fills the empty items only, or replaces what is there. */
export class FillDialog extends Component {
    static template = "cs_promotion.FillDialog";
    static components = { Dialog };
    static props = {
        close: Function,
        title: { type: [String, Object] },
        open: Number,
        given: Number,
        fill: Function,
    };

    get message() {
        const { open, given } = this.props;
        return open
            ? _t("%(open)s of %(count)s items have no grade yet.", { open, count: open + given })
            : _t("All items have a grade already.");
    }

    async choose(overwrite) {
        this.props.close();
        await this.props.fill(overwrite);
    }
}
