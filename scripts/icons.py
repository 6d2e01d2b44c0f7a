"""Draw the site's mark as the PNG files that phones want of it, into units/static/units/."""

import typst

from scripts.site import ROOT

FOLDER = ROOT / "units" / "static" / "units"
SIZES = (180, 512)  # pixels
PAGE = """#set page(width: {0}pt, height: {0}pt, margin: 0pt, fill: rgb("#1d5c63"))
#image("mark.svg", width: {0}pt)"""


def drawn(size):
    """Return the mark as PNG, `size` pixels wide and high, with its corners filled: systems round them."""
    return typst.compile(PAGE.format(size).encode(), root=str(FOLDER), format="png", ppi=72)


def main():
    """Write every size."""
    for size in SIZES:
        (FOLDER / f"mark-{size}.png").write_bytes(drawn(size))


if __name__ == "__main__":
    main()
