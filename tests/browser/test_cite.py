"""The link and the citation of a page: copied by the keyboard, told politely, there without a script."""

import pytest
from axe_playwright_python.sync_playwright import Axe

PATH = "/units/ai-safety/"
LASTING = "/editions/2024-06-16.1/units/ai-safety/"


@pytest.mark.parametrize("width", [360, 1280])
def test_the_keyboard_copies_the_link_and_a_screen_reader_hears_of_it(visit, address, width):
    tab = visit(PATH, width, permissions=["clipboard-read", "clipboard-write"])
    tab.locator(".cite summary").focus()
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.locator(".cite [role=status]", has_text="Copy link: Copied.").wait_for(state="attached")
    assert tab.evaluate("navigator.clipboard.readText()") == address + LASTING
    assert Axe().run(tab, ".cite").violations_count == 0
    assert tab.evaluate("document.documentElement.scrollWidth") == width


def test_what_can_not_be_copied_is_said(visit):
    tab = visit(PATH)
    tab.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    tab.locator(".cite summary").click()
    tab.get_by_role("button", name="Copy citation").click()
    tab.locator(".cite [role=status]", has_text="Select the text instead").wait_for(state="attached")


def test_without_a_script_the_texts_are_there_to_be_selected(visit, address):
    tab = visit("/chart/", java_script_enabled=False)
    tab.locator(".cite summary").click()
    assert tab.locator(".cite .to-copy").first.inner_text() == f"{address}/editions/2024-06-16.1/chart/"
    assert tab.locator(".cite button").count() == 0
