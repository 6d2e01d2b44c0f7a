"""Measure charts of made-up institutions: `python -m bench.chart 5 300 10000` prints lines for each.

The layout alone, of all units; then what a site on this machine sends, and when Chromium first paints it.
"""

import gzip
import json
import statistics
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.institutions import institution
from scripts.site import chromium, manage, running_site
from units.chart.layout import Box, lay_out

SIZES = [5, 300, 10_000]
TIMES = 7
ADDRESSES = ["/chart/?", "/chart/?depth=all&", "/chart.svg?", "/units/unit-0/?"]
ON = "on=2024-02-01"  # the day of the made-up edition: the site has the first edition too
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def layout_ms(document):
    """Return how many milliseconds the layout of all units of `document` takes, the best of some times."""
    times = []
    for _ in range(TIMES):
        root = boxes_of(document["units"][0])
        start = time.perf_counter()
        lay_out(root)
        times.append(time.perf_counter() - start)
    return 1000 * min(times)


def boxes_of(unit):
    """Return the Box of `unit` with those below it."""
    return Box(60 + len(unit["name"]) % 3 * 17, [], [boxes_of(below) for below in unit.get("units", ())])


def answer(address):
    """Return the median of the milliseconds of an answer, and its bytes as it is and after gzip."""
    times = []
    for _ in range(TIMES):
        start = time.perf_counter()
        with urllib.request.urlopen(address) as response:  # noqa: S310 (a site of our own)
            content = response.read()
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times), len(content), len(gzip.compress(content))


def first_paint(browser, address):
    """Return the median of the milliseconds until Chromium shows something of the page `address`."""
    times = []
    for _ in range(TIMES):
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(address)
        page.wait_for_function(f"() => {PAINT}")
        times.append(page.evaluate(PAINT))
        page.close()
    return statistics.median(times)


def main():
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    program = chromium()
    print(f"Charts on SQLite, median of {TIMES}; the layout is of all units, a page draws at most 200")
    print(f"{'units':>8}  {'what':<24}{'ms':>8}{'bytes':>10}{'gzip':>8}{'first paint ms':>16}")
    for size in sizes:
        document = institution(size)
        print(f"{size:>8,}  {'layout':<24}{layout_ms(document):>8.1f}", flush=True)
        with running_site() as (site, environment), tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "institution.json"
            file.write_text(json.dumps(document))
            manage(environment, "load_edition", str(file))
            with sync_playwright() as playwright:
                browser = program and playwright.chromium.launch(**program)
                for path in ADDRESSES:
                    ms, raw, packed = answer(site + path + ON)
                    # A picture alone has no paint that a page could tell of.
                    painted = browser and ".svg" not in path and first_paint(browser, site + path + ON)
                    paint = f"{painted:.0f}" if painted else "–"
                    print(f"{'':>8}  {path[:-1]:<24}{ms:>8.0f}{raw:>10,}{packed:>8,}{paint:>16}", flush=True)
                if browser:
                    browser.close()


if __name__ == "__main__":
    main()
