"""Every kind of page in every state: axe-core finds nothing wrong, and nothing of the page is lost.

axe-core looks at each page in one state, at the next in the next; `make trust` lets it look at all in all.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe

from scripts.site import running_site
from tests.browser.every_page import ADMIN, PUBLIC, STATES, enter
from tests.conftest import LENGTH

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "experimental", "wcag2aaa"]
# Text whose end is hidden; what lies beside the window where nobody can scroll to it.
LOST = """() => {
  const style = e => getComputedStyle(e), wide = document.documentElement.clientWidth;
  const said = e => [...e.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
  const scrolls = e => e && (/auto|scroll/.test(style(e).overflowX) || scrolls(e.parentElement));
  const seen = [...document.body.querySelectorAll('*')].filter(e => e.checkVisibility()
    && !e.closest('.unseen, .visually-hidden, .skip, .skip-to-content-link, svg, input, select, thead'));
  const cut = seen.filter(e => /hidden|clip/.test(style(e).overflow)
    && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1));
  const beside = seen.filter(e => said(e) && !scrolls(e.parentElement)).filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && (box.left < -1 || box.right > wide + 1);
  });
  return [...cut, ...beside].map(e => e.outerHTML.slice(0, 160));
}"""


# Not ours to choose: Django's colours, whose contrast is 4.5 or more, and the head of its tables of inlines.
OF_DJANGO = ["color-contrast-enhanced", "td-has-header"]
CONTRAST = ["color-contrast", "color-contrast-enhanced"]


def faults_of(tab, state, without=()):
    """Return what axe-core finds wrong in what `tab` shows in `state`, leaving some rules out."""
    # The names in a list of answers are no headings, though they are bold. Contrast is the slowest rule by
    # far; test_pages.py measures the colours of every text, and in forced ones none is ours.
    without = ["p-as-heading", *without, *(CONTRAST if LENGTH == 1 or state == "forced colours" else [])]
    options = {
        "runOnly": {"type": "tag", "values": TAGS},
        "rules": {rule: {"enabled": False} for rule in without},
        "resultTypes": ["violations"],
    }
    found = Axe().run(tab, options=options).response["violations"]
    return [
        (rule["id"], node["html"][:160], node["failureSummary"]) for rule in found for node in rule["nodes"]
    ]


def lost_in(tab, state):
    """Return what is cut off or sticks out of the window."""
    wide = tab.evaluate("document.documentElement.scrollWidth")
    return tab.evaluate(LOST) + ([f"{wide} px wide"] if wide > STATES[state]["width"] else [])


def faults_in_all_states(tab, pages, without=()):
    """Return {(page, state): faults}: what is lost, in every state, and what axe-core finds, in some."""
    wrong, names = {}, list(STATES)
    for number, (name, path) in enumerate(pages.items()):
        tab.goto(path)
        for place, state in enumerate(names):
            enter(tab, state)
            faults = lost_in(tab, state)
            if LENGTH > 1 or number % len(names) == place:
                faults += faults_of(tab, state, without)
            if faults:
                wrong[name, state] = faults
    return wrong


def test_no_page_has_a_fault_in_any_state(everything):
    assert faults_in_all_states(everything.context.new_page(), PUBLIC) == {}


def test_no_page_of_the_admin_has_a_fault_in_any_state(everything):
    assert faults_in_all_states(everything.context.new_page(), ADMIN, OF_DJANGO) == {}


@pytest.mark.skipif(LENGTH == 1, reason="All pages are more of the same kinds: for `make trust`.")
def test_axe_finds_no_fault_on_any_page_that_links_lead_to(tour):
    wrong = {path: faults_of(page, "dark") for path, page in tour(color_scheme="dark", bypass_csp=True)}
    assert {path: faults for path, faults in wrong.items() if faults} == {}


def test_a_page_without_scripts_has_no_fault(chrome, everything):
    # axe-core is a script too: so it is ours that do not come.
    context = chrome.new_context(base_url=everything.address, bypass_csp=True)
    context.route("**/*.js", lambda route: route.abort())
    tab, wrong = context.new_page(), {}
    for path in ("/", "/chart/", "/search/?q=sandboxes"):
        tab.goto(path)
        wrong[path] = lost_in(tab, "light") + faults_of(tab, "light")
    context.close()
    assert not any(wrong.values()), wrong


def test_an_outage_has_no_fault(chrome, filled_site):
    with running_site(filled_site, KEPT_ANSWERS="200") as (address, environment):
        context = chrome.new_context(base_url=address, bypass_csp=True)
        tab = context.new_page()
        tab.goto("/")
        database = environment["DATABASE_URL"].removeprefix("sqlite:///")
        with open(database, "r+b") as file:
            file.write(b"no database any more" * 1_000)
        # Not at once: connections have pages of it in their memory. What has a parameter unknown is not kept.
        assert any(tab.goto("/units/?new=1").status == 503 for _ in range(1_000))
        assert faults_of(tab, "light") + lost_in(tab, "light") == []
        context.close()


def test_a_fault_would_be_found(everything):
    tab = everything.context.new_page()
    tab.goto("/about/")
    enter(tab, "phone")
    tab.evaluate(
        "document.querySelector('h1').outerHTML = '<p style=\"inline-size: 900px\">Wide <img src=x></p>'"
    )
    assert {"image-alt", "page-has-heading-one"} <= {fault[0] for fault in faults_of(tab, "phone")}
    assert len(lost_in(tab, "phone")) >= 2
