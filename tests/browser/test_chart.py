"""The chart as a tool: with a mouse, with two fingers, by keyboard alone, without scripts."""

import re
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe

DRAWN = "[...document.querySelectorAll('#canvas .node')].map(g => g.id.slice(4))"
LISTED = (
    "[...document.querySelectorAll('.nested > li a[href*=\"/units/\"]')].map(a => a.getAttribute('href'))"
)
WIDE = "+document.querySelector('#canvas > svg').getAttribute('width')"
SCROLLED = "[canvas.scrollLeft, canvas.scrollTop]"
FOCUSED = "document.activeElement.id"
# Where the middle of a box is in the window over the drawing: 0 to 1 in both directions.
PLACE = """id => {
  const frame = document.getElementById('canvas').getBoundingClientRect();
  const box = document.getElementById(id).getBoundingClientRect();
  return [(box.x + box.width / 2 - frame.x) / frame.width, (box.y + box.height / 2 - frame.y) / frame.height];
}"""
# Whether the address says which point of the chart is in the middle of the window over the drawing.
TOLD = """() => {
  const svg = document.querySelector('#canvas > svg'), inside = svg.getBoundingClientRect();
  const frame = canvas.getBoundingClientRect(), scale = svg.getAttribute('width') / svg.viewBox.baseVal.width;
  const seen = [(frame.left + canvas.clientWidth / 2 - inside.left) / scale,
    (frame.top + canvas.clientHeight / 2 - inside.top) / scale];
  const told = new URL(location.href).searchParams.get('at')?.split(',');
  return told?.every((place, i) => Math.abs(place - seen[i]) < 2);
}"""
EVERYTHING = [
    "european-commission",
    "ai-office",
    "regulation-and-compliance",
    "ai-safety",
    "excellence-in-ai-and-robotics",
    "ai-for-societal-good",
    "ai-innovation-and-policy-coordination",
]
UPPER = EVERYTHING[:2]
BRANCH = [*UPPER, "ai-safety"]


def violations(page):
    found = Axe().run(page).response["violations"]
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]


def shows(page, slugs):
    page.wait_for_function(f"slugs => JSON.stringify({DRAWN}) === JSON.stringify(slugs)", arg=slugs)
    assert page.evaluate(LISTED) == [
        page.evaluate(LISTED)[0].split("/units/")[0] + f"/units/{slug}/" for slug in slugs
    ]


@contextmanager
def without_leaving(page):
    """Fail where what happens inside loads another page."""
    page.evaluate("window.stayed = true")
    yield
    assert page.evaluate("window.stayed")


def arrives(page, query):
    """Wait for the state that `query` names; the script may have added at once which place of it is seen."""
    page.wait_for_url(lambda url: re.sub(r"[?&]at=[\d,]+$", "", url).endswith(f"/chart/{query}"))


@pytest.mark.parametrize("scripts", [True, False])
def test_branches_close_open_and_are_drawn_alone_with_and_without_scripts(visit, scripts):
    page = visit("/chart/", java_script_enabled=scripts)
    shows(page, EVERYTHING)
    page.click("#fold-ai-office")
    arrives(page, "?close=ai-office")
    shows(page, UPPER)
    page.click("#fold-ai-office")
    arrives(page, "?open=ai-office")
    shows(page, EVERYTHING)
    page.click("#close-all")
    arrives(page, "?depth=1")
    shows(page, UPPER)
    page.click("#open-all")
    arrives(page, "?depth=all")
    shows(page, EVERYTHING)
    page.click("#alone-ai-office")
    arrives(page, "?root=ai-office")
    page.click("#whole")
    arrives(page, "")
    shows(page, EVERYTHING)


@pytest.mark.parametrize("scripts", [True, False])
def test_searching_marks_the_hit_with_and_without_scripts(visit, scripts):
    page = visit("/chart/?depth=1", java_script_enabled=scripts)
    page.fill("#find", "safety")
    page.press("#find", "Enter")
    page.wait_for_url("**/chart/?*find=safety*")
    shows(page, EVERYTHING)
    assert page.locator(".sought").count() == 2  # in the drawing and in its legend
    assert "found" in page.locator("#box-ai-safety").text_content()
    page.click(".found-list a")
    x, y = page.evaluate(PLACE, "box-ai-safety")
    assert 0 < x < 1
    assert 0 < y < 1


def test_without_scripts_the_drawing_is_enlarged_by_links(visit):
    page = visit("/chart/", java_script_enabled=False)
    width = page.locator("#canvas > svg").bounding_box()["width"]
    page.click("#larger")
    arrives(page, "?zoom=125")
    assert page.locator("#canvas > svg").bounding_box()["width"] == pytest.approx(width * 1.25, abs=2)
    assert page.locator("#fit:visible, #full:visible").count() == 0


def test_with_scripts_every_state_is_reached_without_leaving_the_page_and_back(visit):
    page = visit("/chart/")
    with without_leaving(page):
        page.click("#fold-ai-office")
        shows(page, UPPER)
        arrives(page, "?close=ai-office")
        assert page.locator("#chart-status").inner_text() == "2 units drawn; the others open on demand."
        page.click("#list-fold-ai-office")
        shows(page, EVERYTHING)
        page.click("#list-fold-ai-office")
        shows(page, UPPER)
        page.go_back()
        shows(page, EVERYTHING)
        page.go_back()
        shows(page, UPPER)
        page.go_back()
        shows(page, EVERYTHING)


def test_what_was_clicked_stays_in_its_place_and_keeps_the_focus(visit):
    page = visit("/chart/", 500)
    before = page.evaluate(PLACE, "fold-ai-office")
    page.focus("#fold-ai-office")
    page.keyboard.press("Enter")
    shows(page, UPPER)
    after = page.evaluate(PLACE, "fold-ai-office")
    assert page.evaluate(FOCUSED) == "fold-ai-office"
    assert after[1] == pytest.approx(before[1], abs=0.05)


def test_everything_works_by_keyboard_alone(visit):
    page = visit("/chart/", 600)

    def tab_to(id):
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate(FOCUSED) == id:
                return
        raise AssertionError(id)

    tab_to("find")
    page.keyboard.type("safety")
    page.keyboard.press("Enter")
    page.wait_for_selector(".found-list a")
    tab_to("smaller")
    wide = page.evaluate(WIDE)
    page.keyboard.press("Enter")
    assert page.evaluate(WIDE) < wide
    tab_to("canvas")
    for key, larger in [("+", True), ("-", False), ("+", True), ("+", True), ("0", False)]:
        wide = page.evaluate(WIDE)
        page.keyboard.press(key)
        assert (page.evaluate(WIDE) > wide) is larger, key
    for _ in range(4):
        page.keyboard.press("+")
    before = page.evaluate(SCROLLED)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.wait_for_function(f"before => {SCROLLED}.every((place, i) => place > before[i])", arg=before)
    tab_to("alone-ai-office")
    page.keyboard.press("Enter")
    page.wait_for_url("**root=ai-office*")
    tab_to("fold-ai-office")
    page.keyboard.press("Enter")
    shows(page, UPPER)
    tab_to("list-fold-ai-office")
    page.keyboard.press("Enter")
    shows(page, EVERYTHING)


def test_full_screen_begins_and_ends_by_its_button_and_every_tool_works_in_it(visit):
    page = visit("/chart/", bypass_csp=True)
    page.focus("#full")
    page.keyboard.press("Enter")
    page.wait_for_function("document.fullscreenElement?.id === 'chart-view'")
    assert page.get_attribute("#full", "aria-pressed") == "true"
    page.click("#fold-ai-office")
    shows(page, UPPER)
    assert page.evaluate("document.fullscreenElement?.id") == "chart-view"
    assert violations(page) == []
    page.click("#full")
    page.wait_for_function("!document.fullscreenElement")
    page.wait_for_function("document.getElementById('full').ariaPressed === 'false'")


def test_the_wheel_zooms_with_control_around_the_pointer_and_else_scrolls(visit):
    page = visit("/chart/?zoom=200")
    box = page.locator("#canvas").bounding_box()
    at = box["x"] + 300, box["y"] + 200
    page.mouse.move(*at)
    point = "([x, y]) => { const s = document.querySelector('#canvas > svg').getBoundingClientRect();"
    point += f" return [(x - s.x) / {WIDE}, (y - s.y) / {WIDE}]; }}"
    before, wide = page.evaluate(point, at), page.evaluate(WIDE)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -150)
    page.keyboard.up("Control")
    page.wait_for_function(f"wide => {WIDE} > wide * 1.2", arg=wide)
    assert page.evaluate(point, at) == pytest.approx(before, abs=0.01)
    scrolled = page.evaluate(SCROLLED)
    page.mouse.wheel(0, 100)
    page.wait_for_function(f"before => {SCROLLED}[1] > before[1]", arg=scrolled)


def test_the_mouse_takes_hold_of_the_paper(visit):
    page = visit("/chart/?zoom=200")
    box = page.locator("#canvas").bounding_box()
    before = page.evaluate(SCROLLED)
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] - 60, box["y"] - 10)
    page.mouse.up()
    assert page.evaluate(SCROLLED) == [before[0] + 100, before[1] + 50]


def test_two_fingers_zoom(visit):
    page = visit("/chart/?zoom=150", 700, has_touch=True)
    page.locator("#canvas").scroll_into_view_if_needed()
    box, wide = page.locator("#canvas").bounding_box(), page.evaluate(WIDE)
    x, y = box["x"] + 200, box["y"] + 100
    session = page.context.new_cdp_session(page)

    def touch(kind, apart):
        points = [{"x": x - apart, "y": y, "id": 0}, {"x": x + apart, "y": y, "id": 1}] if apart else []
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 40)
    for apart in (50, 60, 80):
        touch("touchMove", apart)
    touch("touchEnd", 0)
    assert page.evaluate(WIDE) == pytest.approx(wide * 2, rel=0.02)


def test_fitting_shows_the_whole_drawing(visit):
    page = visit("/chart/?zoom=300")
    page.click("#fit")
    inside = "canvas.scrollWidth <= canvas.clientWidth && canvas.scrollHeight <= canvas.clientHeight"
    assert page.evaluate(inside)


def test_zoom_and_place_are_in_the_address_and_come_back_from_it(visit):
    page = visit("/chart/?zoom=200")
    page.evaluate("canvas.scrollTo(333, 222)")
    page.wait_for_function(TOLD)  # not what was in the middle before
    place = page.evaluate(PLACE, "box-ai-safety")
    assert page.get_attribute("#this", "href") == page.url
    page.reload()
    assert page.evaluate(PLACE, "box-ai-safety") == pytest.approx(place, abs=0.01)
    with without_leaving(page):
        page.click("#fold-ai-office")
        shows(page, UPPER)
        assert page.evaluate(WIDE) > 700


def test_a_hit_is_brought_into_the_middle_and_focused_from_the_list_of_hits(visit):
    page = visit("/chart/?zoom=300")
    page.fill("#find", "safety")
    with without_leaving(page):
        page.press("#find", "Enter")
        page.wait_for_selector(".found-list a")
        page.click(".found-list a")
    assert page.evaluate("document.activeElement.closest('.node').id") == "box-ai-safety"
    x, y = page.evaluate(PLACE, "box-ai-safety")
    assert 0.2 < x < 0.8
    assert 0.2 < y < 0.8


@pytest.mark.parametrize(("width", "list_first"), [(360, True), (599, True), (600, False), (1280, False)])
def test_below_600_pixels_the_list_comes_first(visit, width, list_first):
    page = visit("/chart/", width)
    tops = [page.locator(part).bounding_box()["y"] for part in (".as-list", ".drawing")]
    assert (tops[0] < tops[1]) is list_first
    assert page.locator("[role=tree]").count() == 0
