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
 * The key that picks each grade: its points where all are single digits, else its place.
 *
 * @param {{ points: number }[]} grades
 * @returns {string[]}
 */
export function gradeKeys(grades) {
    const single = grades.every(({ points }) => Number.isInteger(points) && points < 10);
    return grades.map(({ points }, index) => String(single ? points : index + 1));
}
