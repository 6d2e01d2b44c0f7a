"""A real browser and a real server, for as long as the tests in this folder run.

playwright keeps an event loop running in its thread, in which Django refuses queries: no test here may use
the database itself, and the browser is gone before other tests go on.
"""

import os

import pytest
from playwright.sync_api import sync_playwright

from scripts.site import chromium, running_site


@pytest.fixture(scope="package")
def site():
    """The address of a running site with the first edition, and its environment."""
    with running_site() as running:
        yield running


@pytest.fixture(scope="package")
def address(site):
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


@pytest.fixture
def visit(chrome, address):
    """A function that opens a path in a new tab; what goes wrong there fails the test."""
    contexts, wrong = [], []

    def visit(path, width=1280, **options):
        context = chrome.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"{path}: {error}"))
        page.on("request", lambda r: r.url.startswith(address) or wrong.append(f"{path} asks for {r.url}"))
        page.on(
            "console", lambda m: wrong.append(f"{path}: {m.text}") if "status of 4" not in m.text else None
        )
        page.goto(address + path)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert wrong == []
