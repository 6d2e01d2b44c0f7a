"""A real browser and a real server, for as long as the tests in this folder run.

playwright keeps an event loop running in its thread, in which Django refuses queries: no test here may use
the database itself, and the browser is gone before other tests go on.
"""

import json
import os
import urllib.request

import pytest
from playwright.sync_api import sync_playwright

from scripts.site import chromium, running_site
from tests.browser.every_page import sign_in, site_with_everything
from tests.reading import links_of

# Pages that no link leads to; the last three answer 404, 404 and 400.
UNLINKED = [
    "/tasks/?owner=ai-safety&part=responsible",
    "/tasks/?owner=nobody",
    "/search/?q=who+supports+sandboxes",
    "/search/?q=sandbx",
    "/search/?q=nothing-of-that",
    "/search/",
    "/chart/?root=ai-office&find=safety&zoom=67",
    "/?on=2024-06-15",
    "/units/nothing/",
    "/?on=2024-13-45",
]
REFUSED = UNLINKED[-3:]
# Below it the same pages stand again, and look the same.
PERMANENT = "/editions/2024-06-16.1/"


@pytest.fixture(scope="package")
def site(filled_site):
    """The address of a running site with the first edition, and its environment."""
    with running_site(filled_site) as running:
        yield running


@pytest.fixture(scope="package")
def address(site):
    """The running site's address, without a slash at its end."""
    return site[0]


@pytest.fixture(scope="package")
def chrome():
    """The browser; without one the tests are skipped, and fail where CI is true."""
    program = chromium()
    if not program:
        message = "there is no Chromium on this machine"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**program)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def everything(chrome, filled_site, tmp_path_factory):
    """A site with every kind of page (every_page.py): its address, and an editor's context with a draft."""
    with site_with_everything(filled_site, tmp_path_factory.mktemp("everything")) as site:
        site.context = chrome.new_context(base_url=site.address, bypass_csp=True)
        sign_in(site.context)
        yield site
        site.context.close()


@pytest.fixture(scope="package")
def pages(address, once):
    """The paths of all public pages: those that links lead to from the home page, and UNLINKED."""
    return json.loads(
        once("pages.json", lambda file: file.write_text(json.dumps(found(address)))).read_text()
    )


def found(address):
    """Return the paths of the pages that links lead to from the home page of the site, and UNLINKED."""
    pages, waiting, seen = [], ["/"], {"/"}
    while waiting:
        path = waiting.pop(0)
        with urllib.request.urlopen(address + path) as answer:
            if answer.headers.get_content_type() != "text/html":
                continue
            html = answer.read().decode()
        pages.append(path)
        links = dict.fromkeys(link.split("#")[0] for link in links_of(path, html))
        new = [link for link in links if link not in seen]
        waiting += [link for link in new if link == PERMANENT or not link.startswith(PERMANENT)]
        seen.update(links)
    return pages + UNLINKED


@pytest.fixture
def open_tab(chrome, address):
    """A function that opens an empty tab; what goes wrong on the pages shown in it fails the test."""
    contexts, wrong = [], []

    def requested(request):
        if not request.url.startswith((address + "/", "data:")):
            wrong.append(f"asks for {request.url}")

    def said(message):
        refused = "status of 4" in message.text and message.location["url"] in [address + p for p in REFUSED]
        if not refused:
            wrong.append(f"{message.location['url']}: {message.text}")

    def open_tab(width=1280, **options):
        contexts.append(chrome.new_context(viewport={"width": width, "height": 800}, **options))
        tab = contexts[-1].new_page()
        tab.on("pageerror", lambda error: wrong.append(f"{tab.url}: {error}"))
        tab.on("request", requested)
        tab.on("console", said)
        return tab

    yield open_tab
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def visit(open_tab, address):
    """A function that opens a path in a new tab."""

    def visit(path, width=1280, **options):
        tab = open_tab(width, **options)
        tab.goto(address + path)
        return tab

    return visit


@pytest.fixture
def tour(open_tab, address, pages):
    """A function that shows every page in turn in one tab, and gives (path, tab) for each."""

    def tour(width=1280, **options):
        tab = open_tab(width, **options)
        for path in pages:
            tab.goto(address + path)
            yield path, tab

    return tour
