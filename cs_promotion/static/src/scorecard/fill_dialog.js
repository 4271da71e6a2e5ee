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
        return this.props.open
            ? _t("%(given)s items have a grade already, %(open)s are empty.", {
                  given: this.props.given,
                  open: this.props.open,
              })
            : _t("All items have a grade already.");
    }

    async choose(overwrite) {
        this.props.close();
        await this.props.fill(overwrite);
    }
}
