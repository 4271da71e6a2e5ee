"""What the bench tells: a table, and a plot of how the stages grow."""

from xml.sax.saxutils import escape

TITLES = {
    "open": "Open a month",
    "close": "Close it",
    "judge": "Judge everyone",
    "apply": "Apply the decisions",
    "payslips": "Compute payslips",
    "example": "Example payslips",
    "arrears": "Check for arrears",
    "pages": "Load the pages",
    "tell": "Tell everyone",
    "confirm": "Confirm payslips",
}
COLUMNS = ("seconds", "per 1,000", "queries", "peak MB", "yardstick", "ratio")
COLOURS = (
    "#3366cc",
    "#dc3912",
    "#ff9900",
    "#109618",
    "#990099",
    "#0099c6",
    "#795548",
    "#dd4477",
    "#607d8b",
)
WIDTH, HEIGHT, MARGIN = 640, 420, 60


def format_table(count, stages, pages):
    """The table of one run: a line for each stage, and one for each page."""
    lines = [f"{count:,} agents", f"{'stage':<22}" + "".join(f"{name:>11}" for name in COLUMNS)]
    rows = [(TITLES[name], row) for name, row in stages.items()]
    rows += [(f"  {name}", row) for name, row in pages.items()]
    for title, row in rows:
        cells = [
            f"{row['seconds']:.3f}",
            f"{row['seconds'] / count * 1000:.3f}",
            f"{row['queries']:,}",
            f"{row['peak_mb']:.0f}",
            "" if row["ratio"] is None else f"{row['yardstick_seconds']:.3f}",
            "" if row["ratio"] is None else f"{row['ratio']:.2f}",
        ]
        lines.append(f"{title:<22}" + "".join(f"{cell:>11}" for cell in cells))
    return "\n".join(lines)


def format_workers(count, measured, rows):
    """The table of the steps that workers shared: a line for each, and what it waited for.

    :param measured, rows: as of :mod:`.workers`
    """
    heads = ("one", "two", "ratio", "busy one", "busy two", "WAL MB")
    title = f"{count:,} agents, workers"
    lines = [f"{title:<22}" + "".join(f"{head:>11}" for head in heads)]
    for name, row in rows.items():
        one, two = (found[-1] for found in measured[name].values())
        cells = [
            f"{row['one_seconds']:.2f}",
            f"{row['two_seconds']:.2f}",
            f"{row['ratio']:.2f}",
            f"{one.busy:.0%}",
            f"{two.busy:.0%}",
            f"{two.wal_mb:.0f}",
        ]
        lines.append(f"{TITLES[name]:<22}" + "".join(f"{cell:>11}" for cell in cells))
    for name, found in measured.items():
        two = [*found.values()][-1][-1]
        whole = two.waits.total()
        waits = ", ".join(f"{wait} {many / whole:.0%}" for wait, many in two.waits.most_common(5))
        lines.append(f"{TITLES[name]}: PostgreSQL at work waited for {waits or 'none'}")
    return "\n".join(lines)


def format_sizes(count, added):
    """The table of what a month left: a line for each table of :func:`~.sizes.get_added`."""
    heads = ("rows", "MB", "indexes MB")
    title = f"{count:,} agents, a month"
    lines = [f"{title:<38}" + "".join(f"{head:>12}" for head in heads)]
    for name, size in added.items():
        cells = f"{size.rows:,}", f"{size.table / 2**20:.1f}", f"{size.indexes / 2**20:.1f}"
        lines.append(f"{name:<38}" + "".join(f"{cell:>12}" for cell in cells))
    return "\n".join(lines)


def format_growth(counts, growth):
    """How many times as long each stage takes with more agents."""
    first, *others = counts
    heads = "".join(f"{f'{count:,}':>11}" for count in others)
    lines = [f"{f'times {first:,} agents':<22}{heads}"]
    for name, factors in growth.items():
        lines.append(f"{TITLES[name]:<22}" + "".join(f"{factor:>11.2f}" for factor in factors))
    return "\n".join(lines)


def draw_growth(counts, growth):
    """The growth as an SVG: a line for each stage, and a dashed one for growing as N."""
    most = max(counts[-1] / counts[0], *(max(factors) for factors in growth.values()))

    def place(count, factor):
        left = MARGIN + (count - counts[0]) / (counts[-1] - counts[0]) * (WIDTH - 4 * MARGIN)
        top = HEIGHT - MARGIN - factor / most * (HEIGHT - 2 * MARGIN)
        return f"{left:.1f},{top:.1f}"

    def line(factors, style):
        points = " ".join(map(place, counts, factors))
        return f'<polyline points="{points}" fill="none" {style}/>'

    def text(at, words, more=""):
        left, top = at.split(",")
        return f'<text x="{left}" y="{top}" {more}>{escape(words)}</text>'

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">',
        "<style>text { font: 12px sans-serif }</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        text(f"{MARGIN},{MARGIN / 2}", f"Time with more agents, times that with {counts[0]:,}"),
        line([count / counts[0] for count in counts], 'stroke="#999" stroke-dasharray="6 4"'),
    ]
    for factor in range(int(most) + 1):
        left, top = place(counts[0], factor).split(",")
        parts.append(text(f"{float(left) - 12},{top}", str(factor), 'text-anchor="end"'))
    for count in counts:
        left, top = place(count, 0).split(",")
        parts.append(text(f"{left},{float(top) + 20}", f"{count:,}", 'text-anchor="middle"'))
    ends = sorted(growth, key=lambda name: growth[name][-1], reverse=True)
    for number, name in enumerate(ends):
        colour = COLOURS[list(TITLES).index(name)]
        parts.append(line([1, *growth[name]], f'stroke="{colour}" stroke-width="2"'))
        words = f"{TITLES[name]}: {growth[name][-1]:.1f}"
        at = f"{WIDTH - 3 * MARGIN + 8},{MARGIN + 20 * number}"
        parts.append(text(at, words, f'fill="{colour}"'))
    return "\n".join([*parts, "</svg>", ""])
