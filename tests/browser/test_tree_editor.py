"""The tree editor in real browsers: a reorganisation by mouse, by keyboard, without a script; two editors."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from scripts.site import manage, running_site
from tests.browser.test_editing import ACCOUNT

expect.set_options(timeout=15_000)  # a busy machine takes its time

TREE = "/admin/units/unit/tree/"
SLUGS = "[...document.querySelectorAll('#tree li.tree-unit')].map(unit => unit.dataset.slug)"
AT_FIRST = [
    *("european-commission", "ai-office", "regulation-and-compliance", "ai-safety"),
    *("excellence-in-ai-and-robotics", "ai-for-societal-good", "ai-innovation-and-policy-coordination"),
]
REORGANISED = [
    *("european-commission", "ai-office", "ai-safety", "excellence-in-ai-and-robotics"),
    *("regulation-and-compliance", "ai-for-societal-good", "new-unit"),
]


@pytest.fixture(scope="module")
def own_site(filled_site):
    """A site of its own, with one draft for each test."""
    with running_site(filled_site) as (address, environment):
        manage(environment, "shell", "-c", ACCOUNT)
        yield address


@pytest.fixture
def sign_in(chrome, own_site):
    """A function that gives a tab of an editor with the tree open; what the browser complains of fails."""
    contexts, wrong = [], []

    def sign_in(path=TREE, start=True, **options):
        options = {"viewport": {"width": 1280, "height": 900}} | options
        contexts.append(chrome.new_context(base_url=own_site, **options))
        tab = contexts[-1].new_page()
        tab.on("pageerror", lambda error: wrong.append(f"{tab.url}: {error}"))
        tab.on("console", lambda message: wrong.append(f"{tab.url}: {message.text}"))
        tab.on(
            "response", lambda answer: answer.status >= 400 and wrong.append(f"{answer.url}: {answer.status}")
        )
        tab.goto("/admin/")
        tab.get_by_label("Username").fill("editor")
        tab.get_by_label("Password").fill("only-for-this-test")
        tab.get_by_role("button", name="Log in").click()
        if start:
            tab.goto("/admin/units/edition/")
            tab.get_by_role("button", name="Start a draft").first.click()
        tab.goto(path)
        return tab

    yield sign_in
    for context in contexts:
        context.close()
    assert wrong == []


def says(tab, words):
    expect(tab.locator(".tree-said, .messagelist").filter(has_text=words).first).to_be_visible()


def slugs(tab):
    return tab.evaluate(SLUGS)


def card(tab, slug):
    return tab.locator(f"#unit-{slug} > .card")


def choose(tab, slug):
    card(tab, slug).locator(".name").click()
    tab.locator(f"#unit-{slug} > .panel").wait_for()


def press(tab, name):
    tab.get_by_role("button", name=name, exact=True).first.click()


def drag(tab, slug, onto, part, drop=True):
    """Drag a unit by the mouse to the height `part` (0 to 1) of the card of `onto`."""
    tab.wait_for_timeout(60)
    start, end = card(tab, slug).bounding_box(), card(tab, onto).bounding_box()
    tab.mouse.move(start["x"] + start["width"] - 60, start["y"] + start["height"] / 2)
    tab.mouse.down()
    tab.mouse.move(end["x"] + 300, end["y"] + end["height"] * part, steps=4)
    if drop:
        tab.mouse.up()


def rename(tab, name):
    tab.locator("#ask-name").fill(name)
    tab.locator("#ask-name").press("Enter")
    says(tab, f"is called {name} now")


def add(tab, name):
    tab.locator("#ask-name").fill(name)
    tab.locator("#ask-passage").fill("ip-24-2982#8")
    press(tab, "Add")
    says(tab, f"{name} was added at position")


def undo_all(tab):
    while tab.get_by_role("button", name="Undo").count():
        before = tab.locator("#undo input[name=step]").input_value()
        tab.get_by_role("button", name="Undo").click()
        expect(tab.locator(f"#undo input[value='{before}']")).to_have_count(0)
    assert slugs(tab) == AT_FIRST
    assert tab.locator(".mark").count() == 0


def test_a_reorganisation_by_mouse(sign_in):
    tab = sign_in()
    drag(tab, "regulation-and-compliance", "excellence-in-ai-and-robotics", 0.5)
    says(
        tab,
        "Regulation and Compliance Unit moved to position 1 of 1 below Excellence in AI and Robotics Unit.",
    )
    drag(tab, "ai-for-societal-good", "regulation-and-compliance", 0.9)
    says(tab, "AI for Societal Good Unit moved to position 2 of 2 below Excellence")
    choose(tab, "ai-safety")
    tab.get_by_role("link", name="Rename…").click()
    rename(tab, "Safety Unit")
    choose(tab, "excellence-in-ai-and-robotics")
    tab.get_by_role("link", name="Add below…").click()
    add(tab, "New unit")
    choose(tab, "ai-innovation-and-policy-coordination")
    tab.get_by_role("link", name="Remove…").click()
    tab.get_by_label("are removed too").check()
    press(tab, "Remove")
    says(tab, "AI Innovation and Policy Coordination Unit was removed.")
    assert slugs(tab) == REORGANISED
    assert "renamed, was “Unit on AI safety”" in card(tab, "ai-safety").text_content()
    assert "moved, was below “AI Office”" in card(tab, "ai-for-societal-good").text_content()
    assert "Removed since edition 2024-06-16.1" in tab.text_content("#removed")
    tab.reload()
    assert slugs(tab) == REORGANISED
    undo_all(tab)


def test_a_drag_can_be_seen_cancelled_and_goes_nowhere_that_it_can_not(sign_in):
    tab = sign_in()
    drag(tab, "ai-safety", "regulation-and-compliance", 0.1, drop=False)
    expect(tab.locator(".ghost")).to_have_text("Unit on AI safety")
    expect(tab.locator("#unit-regulation-and-compliance")).to_have_class(re.compile("drop-before"))
    tab.keyboard.press("Escape")
    says(tab, "Moving was cancelled")
    tab.mouse.up()
    drag(tab, "ai-office", "ai-safety", 0.5)
    says(tab, "Moving was cancelled")
    assert slugs(tab) == AT_FIRST


def test_a_closed_branch_opens_while_a_unit_is_held_over_it(sign_in):
    tab = sign_in()
    drag(tab, "ai-safety", "ai-for-societal-good", 0.5)
    says(tab, "below AI for Societal Good Unit")
    tab.locator("#unit-ai-for-societal-good > .card > .toggle").click()
    expect(card(tab, "ai-safety")).to_be_hidden()
    drag(tab, "regulation-and-compliance", "ai-for-societal-good", 0.5, drop=False)
    expect(card(tab, "ai-safety")).to_be_visible()
    tab.mouse.up()
    says(tab, "position 2 of 2 below AI for Societal Good Unit")


def test_a_reorganisation_by_keyboard(sign_in):
    tab = sign_in()
    card(tab, "european-commission").locator(".name").focus()
    for key in ("ArrowRight", "ArrowRight"):
        tab.keyboard.press(key)
    for key in ("Shift+ArrowDown", "Shift+ArrowDown"):
        tab.keyboard.press(key)
    says(tab, "Regulation and Compliance Unit moved to position 3 of 5 below AI Office.")
    tab.keyboard.press("Shift+ArrowRight")
    says(
        tab,
        "Regulation and Compliance Unit moved to position 1 of 1 below Excellence in AI and Robotics Unit.",
    )
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Shift+ArrowRight")
    says(tab, "AI for Societal Good Unit moved to position 2 of 2 below Excellence")
    card(tab, "ai-safety").locator(".name").focus()
    tab.keyboard.press("F2")
    rename(tab, "Safety Unit")
    expect(card(tab, "ai-safety").locator(".name")).to_be_focused()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    tab.locator("#unit-excellence-in-ai-and-robotics .panel").wait_for()
    tab.get_by_role("link", name="Add below…").press("Enter")
    expect(tab.locator("#ask-name")).to_be_focused()
    add(tab, "New unit")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Delete")
    tab.get_by_label("are removed too").press("Space")
    tab.get_by_role("button", name="Remove", exact=True).press("Enter")
    says(tab, "Coordination Unit was removed.")
    assert slugs(tab) == REORGANISED
    tab.keyboard.press("Control+z")
    says(tab, "Coordination Unit is back at position 3 of 3 below AI Office.")
    undo_all(tab)


def test_a_reorganisation_without_a_script(sign_in):
    tab = sign_in(java_script_enabled=False)
    choose(tab, "regulation-and-compliance")
    for _time in range(2):
        press(tab, "Move down")
    press(tab, "Move in")
    says(
        tab,
        "Regulation and Compliance Unit moved to position 1 of 1 below Excellence in AI and Robotics Unit.",
    )
    tab.get_by_label("Find units").fill("SOCIETAL good")
    press(tab, "Find")
    tab.get_by_role("link", name="AI for Societal Good Unit", exact=True).click()
    tab.get_by_role("link", name="Move to…").click()
    tab.get_by_label("Make it part of").fill("robotics")
    press(tab, "Move")
    tab.get_by_label("Excellence in AI and Robotics Unit excellence-in-ai-and-robotics").check()
    press(tab, "Move")
    says(tab, "AI for Societal Good Unit moved to position 2 of 2 below Excellence")
    choose(tab, "ai-safety")
    tab.get_by_role("link", name="Rename…").click()
    rename(tab, "Safety Unit")
    choose(tab, "excellence-in-ai-and-robotics")
    tab.get_by_role("link", name="Add below…").click()
    add(tab, "New unit")
    choose(tab, "ai-innovation-and-policy-coordination")
    tab.get_by_role("link", name="Remove…").click()
    tab.get_by_label("are removed too").check()
    press(tab, "Remove")
    says(tab, "AI Innovation and Policy Coordination Unit was removed.")
    assert slugs(tab) == REORGANISED
    undo_all(tab)


def test_two_editors_at_once(sign_in):
    one = sign_in()
    two = sign_in(start=False)
    for tab in (one, two):
        choose(tab, "ai-safety")
        tab.get_by_role("link", name="Rename…").click()
        tab.locator("#ask-name").wait_for()
    rename(one, "Safety Unit")
    two.locator("#ask-name").fill("Security Unit")
    press(two, "Rename")
    says(two, "Somebody else has renamed this unit to “Safety Unit” meanwhile")
    expect(card(two, "ai-safety").locator(".name")).to_have_text("Safety Unit")
    # Another unit of the same branch: no matter.
    drag(two, "regulation-and-compliance", "ai-for-societal-good", 0.5)
    says(two, "Regulation and Compliance Unit moved to position 1 of 1 below AI for Societal Good Unit.")
    # The same unit: who comes second is told, and sees where it is.
    drag(one, "regulation-and-compliance", "excellence-in-ai-and-robotics", 0.5)
    says(one, "somebody has moved it to position 1 of 1 below AI for Societal Good Unit")
    drag(two, "ai-innovation-and-policy-coordination", "ai-safety", 0.5)
    says(two, "below Safety Unit")
    choose(two, "excellence-in-ai-and-robotics")
    two.get_by_role("link", name="Remove…").click()
    two.get_by_label("are removed too").check()
    press(two, "Remove")
    says(two, "Excellence in AI and Robotics Unit was removed.")
    drag(one, "excellence-in-ai-and-robotics", "ai-for-societal-good", 0.5)
    says(one, "perhaps somebody has removed it")
    expect(card(one, "excellence-in-ai-and-robotics")).to_have_count(0)


@pytest.mark.parametrize(
    ("width", "scheme", "colours"),
    [(360, "light", "none"), (1280, "dark", "none"), (1280, "light", "active")],
)
def test_axe_finds_no_violation_in_any_state_and_all_can_be_hit(sign_in, width, scheme, colours):
    phone = {"has_touch": True, "viewport": {"width": width, "height": 800}} if width == 360 else {}
    tab = sign_in(color_scheme=scheme, bypass_csp=True, forced_colors=colours, **phone)

    def check(state):
        found = Axe().run(tab, options={"rules": {"color-contrast": {"enabled": colours == "none"}}})
        wrong = [
            (rule["id"], [node["html"][:200] for node in rule["nodes"]])
            for rule in found.response["violations"]
        ]
        assert wrong == [], state
        assert tab.evaluate("document.documentElement.scrollWidth") <= max(width, 360), state
        least = 44 if width == 360 else 24
        small = tab.evaluate(
            "[...document.querySelectorAll('.tree-editor :is(a, button, .handle)')]"
            ".filter(e => e.checkVisibility()).filter(e => !e.closest('.referring, .submit-row'))"
            ".map(e => [e.outerHTML.slice(0, 120), e.getBoundingClientRect()])"
            f".filter(([, box]) => box.height < {least} - 0.5).map(([html, box]) => [html, box.height])"
        )
        assert small == [], state

    check("closed")
    choose(tab, "ai-safety")
    check("chosen")
    for question in ("Rename…", "Add below…", "Move to…", "Remove…"):
        tab.get_by_role("link", name=question).click()
        tab.locator("#ask").wait_for()
    check("asked whether to remove")
    drag(tab, "regulation-and-compliance", "ai-office", 0.5, drop=False)
    check("dragging")
    tab.keyboard.press("Escape")
    tab.mouse.up()
    tab.goto(f"{TREE}?q=unit")
    check("searched")


def test_a_finger_moves_a_unit_by_its_handle(sign_in):
    tab = sign_in(has_touch=True, viewport={"width": 360, "height": 800})
    tab.evaluate("scrollTo(0, 350)")
    handle = card(tab, "ai-safety").locator(".handle").bounding_box()
    end = card(tab, "ai-for-societal-good").bounding_box()
    touch = tab.context.new_cdp_session(tab)

    def send(kind, x=None, y=None):
        points = [] if x is None else [{"x": x, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    send("touchStart", handle["x"] + 20, handle["y"] + 20)
    for part in (0.3, 0.7, 1):
        y = handle["y"] + 20 + part * (end["y"] + end["height"] / 2 - handle["y"] - 20)
        send("touchMove", handle["x"] + 15, y)
    send("touchEnd")
    says(tab, "Unit on AI safety moved to position 1 of 1 below AI for Societal Good Unit.")
