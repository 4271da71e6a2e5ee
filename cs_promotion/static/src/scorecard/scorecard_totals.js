import { localization } from "@web/core/l10n/localization";
import { formatFloat } from "@web/core/utils/numbers";

/**
 * A total with at most two decimals, as in 12 or 63.43. Of a submitted sheet the server's
 * figure is shown, exact and rounded half up.
 *
 * @param {number} value
 * @returns {string}
 */
export function formatPoints(value) {
    return formatFloat(value, { digits: [16, 2], trailingZeros: false });
}

/**
 * A rater's running total from the points of each section.
 *
 * @param {{ points: number, maximum: number, weight: number }[]} sections
 * @param {"sum" | "weighted"} method
 * @returns {number}
 */
export function raterTotal(sections, method) {
    const part = ({ points, maximum, weight }) =>
        method === "weighted" ? (maximum ? (points / maximum) * weight : 0) : points;
    return sections.reduce((total, section) => total + part(section), 0);
}

/**
 * The largest total that {@link raterTotal} can reach.
 *
 * @param {{ maximum: number, weight: number }[]} sections
 * @param {"sum" | "weighted"} method
 * @returns {number}
 */
export function maximumTotal(sections, method) {
    return raterTotal(
        sections.map((section) => ({ ...section, points: section.maximum })),
        method,
    );
}

/**
 * What stands beside a rater's total: the sums of what would be added to the score or taken from
 * it, what the score would fall to, and the points of what is measured.
 *
 * @param {{ items: Object[], measured: Object[] }[]} sections
 */
export function effects(sections) {
    const items = sections.flatMap((section) => section.items);
    const measured = sections
        .flatMap((section) => section.measured)
        .filter(({ counts, value }) => counts && value);
    const total = (list) => list.reduce((sum, { points }) => sum + Number(points), 0);
    const of = (name) => items.filter(({ effect, points }) => effect === name && points);
    const falls = of("fails").map((item) => item.falls_to);
    return {
        adds: total(of("adds")),
        takes: total(of("takes")),
        falls: falls.length ? Math.min(...falls) : null,
        measured: measured.length ? total(measured) : null,
    };
}

/**
 * The key that picks each grade: its points, where they are a single digit. A key records what
 * it says or nothing: of a scale from 0 to 10 the 10 has none, the arrows and a click reach it.
 *
 * @param {{ points: number }[]} grades
 * @returns {string[]}
 */
export function gradeKeys(grades) {
    const isDigit = (points) => Number.isInteger(points) && points >= 0 && points < 10;
    return grades.map(({ points }) => (isDigit(points) ? String(points) : ""));
}

/**
 * The points that somebody has typed, with at most two decimals. A comma and a full stop both
 * begin the decimals: points reach no thousands.
 *
 * @param {string} text
 * @returns {number | false | null} false where nothing was typed, null of what is no number
 */
export function readPoints(text) {
    const plain = text.normalize("NFKC").trim().replace(localization.decimalPoint, ".");
    if (!plain) {
        return false;
    }
    if (!/^\d*([.,]\d*)?$/.test(plain) || !/\d/.test(plain)) {
        return null;
    }
    return Math.round(Number(plain.replace(",", ".")) * 100) / 100;
}
