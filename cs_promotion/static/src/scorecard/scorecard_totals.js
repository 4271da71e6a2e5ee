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
