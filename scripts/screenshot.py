"""Take the pictures in the README; with --all FOLDER of every page, on phone and desk, light and dark."""

import argparse
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from scripts.site import ROOT, chromium, running_site

PAGES = {
    "home": "/",
    "edition": "/editions/2024-06-16/",
    "chart": "/chart/",
    "chart-found": "/chart/?find=safety",
    "chart-branch": "/chart/?root=ai-safety",
    "chart-table": "/chart/table/",
    "chart-embed": "/chart/embed/",
    "units": "/units/",
    "office": "/units/ai-office/",
    "unit": "/units/regulation-and-compliance/",
    "posts": "/posts/",
    "post": "/posts/lead-scientific-adviser/",
    "people": "/people/",
    "bodies": "/bodies/",
    "body": "/bodies/european-artificial-intelligence-board/",
    "tasks": "/tasks/",
    "tasks-none": "/tasks/?owner=nobody",
    "initiatives": "/initiatives/",
    "initiative": "/initiatives/ai-act/",
    "timeline": "/timeline/",
    "sources": "/sources/",
    "source": "/sources/ip-24-2982/",
    "search": "/search/?q=who+supports+sandboxes",
    "search-slip": "/search/?q=sandbx",
    "search-topic": "/search/?q=ChatGPT",
    "search-empty": "/search/",
    "search-none": "/search/?q=nothing-of-that",
    "editions": "/editions/",
    "data": "/data/",
    "api": "/api/v1/docs/",
    "vocabulary": "/vocabulary",
    "about": "/about/",
    "accessibility": "/accessibility/",
    "privacy": "/privacy/",
    "before": "/?on=2024-06-15",
    "not-found": "/units/nothing/",
    "bad-request": "/?on=2024-13-45",
    "admin": "/admin/",
}
WIDTHS = [360, 768, 1280]


def main():
    """Start a site, photograph it, stop it."""
    parser = argparse.ArgumentParser(prog="python -m scripts.screenshot", description=__doc__)
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="put pictures of every kind of page there")
    folder = parser.parse_args().all
    program = chromium()
    if not program:
        sys.exit("There is no Chromium here: apt-get install chromium.")
    with running_site() as (address, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(**program)
        if folder:
            every_page(browser, address, folder)
        else:
            page = browser.new_page(viewport={"width": 1280, "height": 1060}, color_scheme="light")
            for name in ("home", "chart"):
                page.goto(address + PAGES[name])
                page.screenshot(path=ROOT / "docs" / f"{name}.png")
        browser.close()


def every_page(browser, address, folder):
    """Write a picture of each of PAGES, whole, for each width and colour scheme, into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        for scheme in ("light", "dark"):
            page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
            for name, path in PAGES.items():
                page.goto(address + path)
                page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
            page.close()


if __name__ == "__main__":
    main()
