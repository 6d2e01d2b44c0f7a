"""axe-core finds nothing wrong on any page, in light and in dark, on a phone and on a desk."""

import pytest
from axe_playwright_python.sync_playwright import Axe


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "light"), (1280, "dark")])
def test_axe_finds_no_violation_on_any_page(tour, width, scheme):
    for path, page in tour(width, color_scheme=scheme, bypass_csp=True):
        page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
        found = Axe().run(page).response["violations"]
        wrong = [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]
        assert wrong == [], path
