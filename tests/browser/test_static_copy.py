"""A static copy in a browser, under the headers of its own list: as sound as the site, without it."""

import shutil
import urllib.request

import pytest

from scripts.site import environment_in, manage
from tests.copies import served

PAGES = ["", "units/ai-office/", "chart/", "chart/root/ai-safety/", "tasks/"]


SITE = "http://127.0.0.1:9"  # where nothing answers: a copy does without


@pytest.fixture(scope="module")
def copy(filled_site, once):
    """The address of a copy of the first edition, served as its list says."""

    def make(folder):
        shutil.copytree(filled_site, folder / "site")
        environment = environment_in(folder / "site") | {"SITE_URL": SITE}
        manage(environment, "export_site", str(folder / "copy"), "--verbosity", "0")

    with served(once("copy", make) / "copy", headers=True) as start:
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
    tab.get_by_role("link", name="Open the chart of AI Office").click()
    assert tab.url == f"{copy}chart/root/ai-office/"


def test_the_chart_zooms_and_folds_without_the_site(tab_at, copy):
    tab = tab_at("chart/")
    before = tab.locator("#canvas svg").bounding_box()["width"]
    tab.locator("#larger").click()
    assert tab.locator("#canvas svg").bounding_box()["width"] > before
    tab.locator(".as-list summary").first.click()
    assert tab.locator(".as-list details").first.get_attribute("open") is None
    assert tab.url.startswith(f"{copy}chart/")


def test_what_is_asked_in_a_form_goes_to_the_site(tab_at, address):
    asked = {"chart/": ("#find", "chart/?find=safety"), "units/": ("#q", "search/?q=safety")}
    for place, (line, there) in asked.items():
        tab = tab_at(place, also=SITE)
        tab.route(f"{SITE}/**", lambda route: route.fulfill(body="The site"))
        tab.fill(line, "safety")
        tab.press(line, "Enter")
        tab.wait_for_url(f"{SITE}/editions/2024-06-16.1/{there}")
        assert urllib.request.urlopen(f"{address}/editions/2024-06-16.1/{there}").status == 200
