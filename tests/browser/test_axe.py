"""axe-core finds nothing wrong on any page, in light and in dark, on a phone and on a desk."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.test_pages import OPEN
from tests.conftest import LENGTH


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "light"), (1280, "dark")])
def test_axe_finds_no_violation_on_any_page(tour, width, scheme):
    # The slowest rule by far. At a desk in the light the tours of test_pages.py measure every text's colours.
    contrast = LENGTH > 1 or (width, scheme) != (1280, "light")
    options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": contrast}}}
    for path, page in tour(width, color_scheme=scheme, bypass_csp=True):
        page.evaluate(OPEN)
        found = Axe().run(page, options=options).response["violations"]
        wrong = [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]
        assert wrong == [], path
