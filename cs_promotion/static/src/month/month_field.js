import { registry } from "@web/core/registry";
import { DateTimeField, dateField } from "@web/views/fields/datetime/datetime_field";

/** A date that stands for its month: shown by the month's name, chosen month by month. */
export class MonthField extends DateTimeField {
    getFormattedValue(index) {
        const value = this.values[index];
        return value ? value.toLocaleString({ year: "numeric", month: "long" }) : "";
    }
}

export const monthField = {
    ...dateField,
    component: MonthField,
    extractProps: (fieldInfo, dynamicInfo) => ({
        ...dateField.extractProps(fieldInfo, dynamicInfo),
        minPrecision: "months",
        maxPrecision: "years",
    }),
    listViewWidth: [110, 140],
};

registry.category("fields").add("cs_month", monthField);
