"""Every task by keyboard alone, on a phone and on a desk; wherever the focus is, nothing hides it."""

import json

import pytest

from tests.browser.every_page import EARLIER
from tests.browser.test_tree_editor import TREE, says

# What has the focus: its words, whether all of it lies within the window (or begins there, where it is high)
# and something of it is on top there, and whether it is outlined.
FOCUSED = """() => {
  const e = document.activeElement, style = getComputedStyle(e);
  const box = [...e.getClientRects()].find(box => box.width && box.height) || e.getBoundingClientRect();
  const within = box.left >= -1 && box.right <= innerWidth + 1 && box.top >= -1
    && (box.bottom <= innerHeight + 1 || box.height > innerHeight / 2);
  const bottom = Math.min(box.bottom, innerHeight);
  const on_top = [[.5, .5], [.1, .1], [.9, .1], [.1, .9], [.9, .9]].some(([x, y]) => {
    const top = document.elementFromPoint(box.left + box.width * x, box.top + (bottom - box.top) * y);
    return top && e.contains(top);
  });
  const name = e.ariaLabel || e.labels?.[0]?.textContent || e.textContent || e.value || '';
  return {id: e.id, name: name.replace(/\\s+/g, ' ').trim(), html: e.outerHTML.slice(0, 160),
    tag: e.localName, seen: within && on_top,
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2};
}"""


@pytest.fixture(params=[360, 1280])
def tab(request, everything):
    """A tab at the home page."""
    tab = everything.context.new_page()
    tab.set_viewport_size({"width": request.param, "height": 800})
    tab.emulate_media(reduced_motion="reduce")  # else it would be looked at while the page still glides
    tab.goto("/")
    yield tab
    tab.close()


def tab_to(tab, words, tag=None):
    """Press Tab until what is called so, or has that id, has the focus; look at every stop on the way."""
    passed = []
    for _turn in range(300):
        tab.keyboard.press("Tab")
        stop = tab.evaluate(FOCUSED)
        if stop["tag"] != "body":
            assert (stop["seen"], stop["outlined"]) == (True, True), json.dumps(stop)
        if (words in stop["name"] or words == stop["id"]) and tag in (None, stop["tag"]):
            return
        passed.append(stop["name"][:30])
    raise AssertionError(f"{words} is not among {passed}")


def test_who_handles_a_topic_is_found(tab):
    tab_to(tab, "Whom or what are you looking for?")
    tab.keyboard.type("fines")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/search/?q=fines")
    tab_to(tab, "Regulation and Compliance Unit", "a")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/units/regulation-and-compliance/**")
    tab_to(tab, "Data", "a")  # the whole page, to its foot


def test_a_branch_is_opened_in_the_list_and_in_the_drawing(tab):
    for fold in ("list-fold-ai-office", "fold-ai-office"):
        tab.goto("/chart/?depth=1")
        tab_to(tab, fold)
        tab.keyboard.press("Enter")
        tab.wait_for_selector("#box-ai-safety")
        assert tab.evaluate("document.activeElement.id") == fold
        tab_to(tab, "Unit on AI safety", "a")


def test_two_dates_are_compared(tab):
    tab_to(tab, "Another day", "summary")
    tab.keyboard.press("Enter")
    tab_to(tab, "on")
    tab.keyboard.type("06302023")
    tab_to(tab, "Show", "button")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/?on=2023-06-30")
    assert tab.inner_text("h1").startswith("The institution")
    tab.goto("/chart/")
    tab_to(tab, "compare", "select")
    tab.keyboard.press("ArrowDown")
    tab_to(tab, "Show", "button")
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**/chart/?compare={EARLIER}.1*")
    assert tab.locator(".as-list .certainty").count()


def test_the_data_is_downloaded(tab):
    tab_to(tab, "Data", "a")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/data/")
    tab_to(tab, "JSON of edition", "a")
    with tab.expect_download() as download:
        tab.keyboard.press("Enter")
    assert json.loads(download.value.path().read_text())["effective_on"] == "2024-06-16"


@pytest.mark.parametrize("width", [360, 1280])
def test_a_unit_is_moved_in_the_admin(everything, chrome, width):
    window = {"width": width, "height": 800}
    context = chrome.new_context(base_url=everything.address, viewport=window, reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(f"/admin/login/?next={TREE}")
    tab.wait_for_function("document.activeElement.id === 'id_username'")
    for words, typed in [("Username", "editor"), ("Password", "only-for-this-test")]:
        if words == "Password":
            tab_to(tab, words)
        tab.keyboard.type(typed)
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    tab_to(tab, "Unit on AI safety", "a")
    tab.keyboard.press("Shift+ArrowDown")
    says(tab, "Unit on AI safety moved to position 3 of 5 below AI Office.")
    assert tab.evaluate(FOCUSED)["seen"]
    tab_to(tab, "Move down", "button")
    tab.keyboard.press("Enter")
    says(tab, "Unit on AI safety moved to position 4 of 5 below AI Office.")
    assert tab.evaluate(FOCUSED)["seen"]
    for place in (3, 2):
        tab.keyboard.press("Control+z")
        says(tab, f"Unit on AI safety moved to position {place} of 5 below AI Office.")
    context.close()
