"""A static copy in a browser, under the headers of its own list: as sound as the site, without it."""

import pytest

from scripts.site import manage
from tests.copies import served

PAGES = ["", "units/ai-office/", "chart/", "chart/root/ai-safety/", "tasks/"]


@pytest.fixture(scope="module")
def copy(site, tmp_path_factory):
    """The address of a copy of the running site, made and served as its list says."""
    folder = tmp_path_factory.mktemp("copies") / "copy"
    manage(site[1], "export_site", str(folder), "--verbosity", "0")
    with served(folder, headers=True) as start:
        yield start


@pytest.fixture
def tab_at(chrome, copy):
    """A function that opens a page of the copy; what goes wrong, or is asked of a host but `also`, fails."""
    contexts, wrong = [], []

    def tab_at(place, also="", **options):
        hosts = tuple(filter(None, (copy, also)))
        contexts.append(chrome.new_context(viewport={"width": 1280, "height": 800}, **options))
        tab = contexts[-1].new_page()
        tab.on("pageerror", lambda error: wrong.append(f"{tab.url}: {error}"))
        tab.on("console", lambda message: wrong.append(f"{tab.url}: {message.text}"))
        tab.on("request", lambda asked: asked.url.startswith(hosts) or wrong.append(asked.url))
        tab.goto(copy + place)
        return tab

    yield tab_at
    for context in contexts:
        context.close()
    assert wrong == []


def test_pages_look_right_in_light_and_dark_and_ask_no_other_host(tab_at, copy):
    seen = set()
    for scheme in ("light", "dark"):
        tab = tab_at("", color_scheme=scheme)
        for place in PAGES:
            tab.goto(copy + place)
            seen.add((scheme, tab.evaluate("getComputedStyle(document.body).backgroundColor")))
    assert len(seen) == 2  # the style sheet is there, on every page, in both


def test_without_scripts_the_copy_is_read_by_its_links(tab_at, copy):
    tab = tab_at("", java_script_enabled=False)
    tab.get_by_role("navigation", name="Directory").get_by_role("link", name="Chart").click()
    assert tab.url == f"{copy}chart/"
    tab.locator(".as-list").get_by_role("link", name="AI Office", exact=True).first.click()
    assert tab.url == f"{copy}units/ai-office/"
    tab.get_by_role("link", name="The chart of AI Office, to open and to search").click()
    assert tab.url == f"{copy}chart/root/ai-office/"


def test_the_chart_zooms_and_folds_here_and_is_searched_at_the_site(tab_at, copy, address):
    tab = tab_at("chart/", also=address)
    before = tab.locator("#canvas svg").bounding_box()["width"]
    tab.locator("#larger").click()
    assert tab.locator("#canvas svg").bounding_box()["width"] > before
    tab.locator(".as-list summary").first.click()
    assert tab.locator(".as-list details").first.get_attribute("open") is None
    assert tab.url.startswith(f"{copy}chart/")
    tab.fill("#find", "safety")
    tab.press("#find", "Enter")
    tab.wait_for_url(f"{address}/editions/2024-06-16.1/chart/?find=safety")
    assert tab.locator("#chart-said").inner_text().endswith("1 unit found for “safety”.")


def test_a_question_goes_to_the_site(tab_at, address):
    tab = tab_at("units/", also=address)
    tab.fill("#q", "fines")
    tab.press("#q", "Enter")
    tab.wait_for_url(f"{address}/editions/2024-06-16.1/search/?q=fines")
