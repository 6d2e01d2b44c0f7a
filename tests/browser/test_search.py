"""The search box: suggestions by keyboard, mouse and ear, and a plain form without a script."""

import pytest
from axe_playwright_python.sync_playwright import Axe

SUGGESTED = ".suggestions:not([hidden])"


@pytest.fixture(params=[360, 1280])
def tab(request, chrome, address):
    """A tab at the home page whose box has suggestions for `sandb`, on a phone and on a desk."""
    page = chrome.new_page(viewport={"width": request.param, "height": 900})
    page.faults = []
    page.on("console", lambda message: page.faults.append(message.text))
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto(address)
    box = page.get_by_role("combobox", name="Whom or what are you looking for?")
    box.press_sequentially("sandb")
    page.wait_for_selector(SUGGESTED)
    page.box = box
    yield page
    assert page.faults == []
    page.close()


def test_the_keyboard_chooses_a_suggestion_and_goes_there(tab):
    assert tab.box.get_attribute("aria-expanded") == "true"
    assert tab.locator(f"{SUGGESTED} [role=option]").first.inner_text().startswith("Regulatory sandboxes")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowDown")
    chosen = tab.locator("[role=option][aria-selected=true]")
    assert chosen.inner_text().startswith("AI Innovation and Policy Coordination Unit")
    assert tab.box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    tab.keyboard.press("ArrowUp")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/initiatives/regulatory-sandboxes/")


def test_arrows_go_round_and_what_was_typed_stays(tab):
    tab.keyboard.press("ArrowUp")
    assert tab.locator("[role=option]").last.get_attribute("aria-selected") == "true"
    tab.keyboard.press("ArrowDown")
    assert tab.box.get_attribute("aria-activedescendant") is None
    tab.keyboard.press("Escape")
    assert tab.box.get_attribute("aria-expanded") == "false"
    assert tab.box.input_value() == "sandb"
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/search/?q=sandb")


def test_a_click_goes_there_and_leaving_the_box_closes_the_list(tab):
    tab.keyboard.press("Tab")
    assert tab.locator(SUGGESTED).count() == 0
    tab.box.fill("sandbox")
    tab.wait_for_selector(SUGGESTED)
    tab.locator("[role=option]", has_text="Innovation").click()
    tab.wait_for_url("**/units/ai-innovation-and-policy-coordination/")


def test_a_screen_reader_hears_how_many_there_are_and_axe_finds_no_barrier(tab):
    assert tab.locator(".search [role=status]").inner_text() == "Arrow keys choose among these answers: 3"
    tab.keyboard.press("ArrowDown")
    assert Axe().run(tab).response["violations"] == []


def test_what_was_chosen_for_other_words_is_not_gone_to(tab):
    tab.keyboard.press("ArrowDown")
    tab.box.press_sequentially("oxes cancer")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/search/?q=sandboxes+cancer")


def test_an_answer_that_comes_too_late_opens_nothing(chrome, address):
    page = chrome.new_page()
    page.goto(address)
    page.route("**/api/v1/search/**", lambda route: page.wait_for_timeout(300) or route.continue_())
    page.get_by_role("combobox").press_sequentially("sandb")
    page.wait_for_timeout(150)
    page.keyboard.press("Tab")
    page.wait_for_timeout(600)
    assert page.locator(SUGGESTED).count() == 0
    page.close()


def test_an_old_day_is_kept_in_suggestions(chrome, address):
    page = chrome.new_page()
    page.goto(f"{address}/units/?on=2024-06-20")
    page.get_by_role("combobox").press_sequentially("cancer")
    page.wait_for_selector(SUGGESTED)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/units/ai-for-societal-good/?on=2024-06-20")
    page.close()


def test_without_a_script_it_is_a_plain_form(chrome, address):
    context = chrome.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("searchbox", name="Whom or what are you looking for?").fill("who handles fines")
    page.get_by_role("button", name="Search").first.click()
    assert page.url.endswith("/search/?q=who+handles+fines")
    assert page.locator(".answer").first.inner_text().startswith("Regulation and Compliance Unit")
    page.get_by_role("link", name="Units").last.click()
    context.close()
