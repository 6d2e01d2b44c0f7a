"""Data that nobody wishes for: endless names, twelve levels, forty tasks, one word as long as a line."""

import json

import pytest

from scripts.site import manage, running_site

LONG_NAME = " ".join(["Coordination", "of", "interoperability"] * 4)[:119] + "y"
LONG_WORD = "Rechtsschutzversicherungsgesellschaften" * 3
CITES = [{"passage": "charter#1"}]


def task(number):
    text = (
        LONG_WORD if number == 1 else f"Task number {number} of forty, told in as many words as a task needs"
    )
    return {
        "slug": f"task-{number}",
        "part": "responsible",
        "text": text,
        "certainty": "planned",
        "theme": LONG_NAME,
        "partners": [LONG_NAME, LONG_WORD],
        "cites": CITES,
    }


def ugly():
    """Return a document of twelve levels, each with a longer name than the last."""
    unit = None
    for level in reversed(range(12)):
        name = LONG_WORD if level == 6 else f"{LONG_NAME} {level}"
        above = {"slug": f"level-{level}", "name": name, "kind": "unit", "cites": CITES}
        unit = above | ({"units": [unit]} if unit else {"statements": [task(n) for n in range(40)]})
    return {
        "effective_on": "2025-01-01",
        "title": LONG_NAME,
        "units": [unit],
        "bodies": [{"slug": "body", "name": LONG_NAME, "kind": "named", "cites": CITES}],
        "sources": [
            {
                "slug": "charter",
                "title": LONG_NAME,
                "publisher": LONG_WORD,
                "published": "2024-12-01",
                "address": "https://institution.example/" + "a" * 200,
                "cites": CITES,
                "passages": [{"number": 1, "says": LONG_WORD}],
            }
        ],
    }


@pytest.fixture(scope="module")
def ugly_site(tmp_path_factory, filled_site):
    file = tmp_path_factory.mktemp("ugly") / "ugly.json"
    file.write_text(json.dumps(ugly()))
    with running_site(filled_site) as (address, environment):
        manage(environment, "load_edition", str(file))
        yield address


PAGES = ["/", "/units/", "/units/level-0/", "/units/level-6/", "/units/level-11/", "/tasks/", "/bodies/"]
PAGES += ["/bodies/body/", "/posts/", "/timeline/", "/initiatives/", "/sources/", "/sources/charter/"]
PAGES += ["/chart/", "/chart/?root=level-9", "/chart/table/"]
PAGES += ["/editions/", "/editions/2025-01-01/", "/editions/2024-06-16/diff/2025-01-01/", "/data/"]
PAGES += ["/editions/2024-06-16/diff/2025-01-01/?layout=side-by-side", "/search/?q=task"]


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_page_of_ugly_data_scrolls_sideways(chrome, ugly_site, width):
    context = chrome.new_context(base_url=ugly_site, viewport={"width": width, "height": 800})
    tab, wide = context.new_page(), {}
    for path in PAGES:
        assert tab.goto(path).status == 200
        scrolls = tab.evaluate("document.documentElement.scrollWidth")
        if scrolls > width:
            wide[path] = scrolls
    context.close()
    assert wide == {}
