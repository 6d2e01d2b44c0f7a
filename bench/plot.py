"""The figures of `bench.site` as one SVG: a pair of bars for every address."""

from xml.sax.saxutils import escape

LEFT, FULL, MOST = 250, 520, 1.1  # where bars begin; how long that of 1 is; what is cut off
BAR, STEP, WIDTH, TOP = 7, 24, 1020, 96
INK, QUIET, COLD, WARM, PAPER, LINE = "#1b2628", "#55666a", "#c07a2c", "#1d5c63", "#ffffff", "#c9d3d2"
SHOWN = 10_000  # units


def plot(rows):
    """Return the SVG of `rows`, the figures of one run: those of SHOWN units or fewer, on one database.

    It has a light ground of its own, so that it can be read on a dark page too, and no styles.
    """
    rows = [row for row in rows if "warm" in row and row["kind"] != "memory"]
    size = max((row["units"] for row in rows if row["units"] <= SHOWN), default=0)
    rows = [row for row in rows if row["units"] == size and row["database"] == rows[0]["database"]]
    height = TOP + STEP * len(rows) + 30
    drawn = [
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
        text(20, 32, f"Every page and endpoint of an edition with {size:,} units", 17, INK),
        text(20, 54, "Requests per second, as a part of those of a Django view that does nothing", 13, QUIET),
        *(bar(20, 66, 12, WARM), text(38, 74, "answered before", 12, QUIET)),
        *(bar(150, 66, 12, COLD), text(168, 74, "made anew", 12, QUIET)),
    ]
    for part in (0, 0.25, 0.5, 0.75, 1):
        x = LEFT + part * FULL
        drawn.append(f'<path d="M{x:g} {TOP - 6}V{height - 24}" stroke="{LINE}"/>')
        drawn.append(text(x, height - 8, f"{part:g}", 12, QUIET, "middle"))
    for place, row in enumerate(rows):
        y, cold, warm = TOP + STEP * place, row["cold"]["rps"], row["warm"]["rps"]
        drawn.append(text(LEFT - 10, y + 12, row["name"], 12, INK, "end"))
        drawn.append(bar(LEFT, y, length(warm / row["nothing"]), WARM))
        drawn.append(bar(LEFT, y + BAR + 1, length(cold / row["nothing"]), COLD))
        drawn.append(text(WIDTH - 20, y + 12, f"{cold:,.0f} → {warm:,.0f} a second", 11, QUIET, "end"))
    title = f"<title>Requests per second of {len(rows)} addresses, made anew and answered before</title>"
    look = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" font-family="sans-serif"'
    inside = "\n".join([title, *drawn])
    return f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {look}>\n{inside}\n</svg>\n'


def length(part):
    return max(1, round(min(part, MOST) * FULL))


def bar(x, y, width, colour):
    return f'<rect x="{x}" y="{y}" width="{width}" height="{BAR}" fill="{colour}"/>'


def text(x, y, said, size, colour, anchor="start"):
    look = f'font-size="{size}" fill="{colour}" text-anchor="{anchor}"'
    return f'<text x="{x:g}" y="{y:g}" {look}>{escape(said)}</text>'
