"""What a screen reader is told of the chart, a unit and the search: compared with files to be read.

After a change that is meant: `SNAPSHOTS=write make test ARGS=tests/browser/test_snapshots.py` writes them.
"""

import os

import pytest

from tests.conftest import ROOT

FOLDER = ROOT / "tests" / "data" / "heard"
PAGES = {
    "chart": "/editions/2024-06-16.1/chart/?root=ai-office&depth=1",
    "unit": "/editions/2024-06-16.1/units/ai-safety/",
    "search": "/editions/2024-06-16.1/search/?q=sandboxes",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_screen_reader_is_told_the_same_as_before(visit, address, name):
    told = visit(PAGES[name]).locator("main").aria_snapshot().splitlines()
    heard = "".join(f"{line}\n" for line in told if "- /url:" not in line).replace(address, "")
    file = FOLDER / f"{name}.yaml"
    if os.environ.get("SNAPSHOTS") == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_text(heard)
    assert heard == file.read_text()
