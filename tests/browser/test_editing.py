"""An editor at work in a real browser, with and without scripts: a slip, a reorganisation, a removal."""

import re

import pytest

from scripts.site import manage, running_site

ACCOUNT = """
from django.contrib.auth import get_user_model
get_user_model().objects.create_superuser("editor", password="only-for-this-test")
"""

days = iter(["2099-01-01", "2098-01-01"])  # the second before the first, so that it follows what is in force


@pytest.fixture(scope="module")
def own_site(filled_site):
    """A site of its own, since what is published here stays."""
    with running_site(filled_site) as (address, environment):
        manage(environment, "shell", "-c", ACCOUNT)
        yield address


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def editor(request, chrome, own_site):
    """A tab of somebody who is signed in; anything that the browser complains of fails the test."""
    wrong = []
    context = chrome.new_context(
        base_url=own_site, java_script_enabled=request.param, viewport={"width": 1280, "height": 900}
    )
    tab = context.new_page()
    tab.on("pageerror", lambda error: wrong.append(f"{tab.url}: {error}"))
    tab.on("console", lambda message: wrong.append(f"{tab.url}: {message.text}"))
    tab.on("response", lambda answer: answer.status >= 500 and wrong.append(f"{answer.url}: {answer.status}"))
    tab.goto("/admin/")
    tab.get_by_label("Username").fill("editor")
    tab.get_by_label("Password").fill("only-for-this-test")
    tab.get_by_role("button", name="Log in").click()
    yield tab
    context.close()
    assert wrong == []


def press(tab, name):
    tab.get_by_role("button", name=name, exact=True).first.click()


def follow(tab, name):
    tab.get_by_role("link", name=name, exact=True).first.click()


def start(tab):
    tab.goto("/admin/units/unit/")
    press(tab, "Start a draft")


def discard(tab):
    follow(tab, "The draft")
    follow(tab, "Discard this draft…")
    press(tab, "Discard")
    assert "The draft has been discarded" in tab.text_content("body")


def test_a_slip_is_corrected_from_its_public_page_in_three_steps(editor):
    editor.goto("/units/ai-for-societal-good/")
    before = editor.text_content("h1")
    editor.locator("a.edit").first.click()
    editor.get_by_label("Name:", exact=True).fill("Unit for Societal Good")
    editor.get_by_label("Note of the edition").fill("A slip in a name was mended.")
    press(editor, "Save and publish")
    assert re.search(r"/units/ai-for-societal-good/$", editor.url)
    assert "Unit for Societal Good" in editor.text_content("h1")
    assert "revision" in editor.text_content(".moment")
    editor.locator("a.edit").first.click()
    editor.get_by_label("Name:", exact=True).fill(re.sub(r"\d+$", "", before.strip()))
    press(editor, "Save and publish")


def test_a_reorganisation_is_prepared_seen_and_published(editor):
    start(editor)
    follow(editor, "Units")
    follow(editor, "— — Unit on AI safety")
    editor.get_by_label("Name:", exact=True).fill("Safety and Evaluation Unit")
    press(editor, "Save to draft")
    assert "it is not public yet: Preview · What changes · Publish" in editor.text_content("body")
    follow(editor, "— — Safety and Evaluation Unit")
    follow(editor, "Its place in the tree")
    press(editor, "Move up")
    editor.get_by_text("Safety and Evaluation Unit moved to position 1 of 5").first.wait_for()
    follow(editor, "Move to…")
    editor.get_by_label("Make it part of").fill("robotics unit")
    press(editor, "Move")
    editor.get_by_label("Excellence in AI and Robotics Unit excellence-in-ai-and-robotics").check()
    press(editor, "Move")
    editor.get_by_text("position 1 of 1 below Excellence in AI and Robotics Unit").first.wait_for()
    follow(editor, "Preview")
    assert "Preview of a draft, not public" in editor.text_content("body")
    assert "Safety and Evaluation Unit" in editor.text_content("body")
    follow(editor, "Back to the draft")
    follow(editor, "What changes")
    said = " ".join(editor.text_content(".changes").split())
    assert "from AI Office to Excellence in AI and Robotics Unit" in said
    assert "Name: from Unit on AI safety to Safety and Evaluation Unit" in said
    follow(editor, "Side by side")
    assert "Safety and Evaluation Unit" in editor.text_content(".changes-table")
    follow(editor, "Publish")
    day = next(days)
    editor.get_by_label("Takes effect on").fill(day)
    editor.get_by_label("Title").fill("A structure to come")
    press(editor, "Publish")
    assert f"Published as edition {day}.1" in editor.text_content("body")
    follow(editor, "Its public page")
    assert "Announced, not yet in effect" in editor.text_content("body")
    editor.goto("/units/ai-safety/")
    assert "Unit on AI safety" in editor.text_content("h1")


def test_a_unit_that_something_is_about_stays_and_the_page_says_why(editor):
    start(editor)
    editor.goto("/admin/units/unit/tree/?at=ai-office&ask=remove")
    assert "is about AI Office" in editor.text_content(".referring")
    editor.get_by_role("group", name="The units below it").get_by_label("are removed too").check()
    editor.get_by_role("group", name="Its own posts").get_by_label("are removed too").check()
    press(editor, "Remove")
    editor.get_by_text("“AI Office” can’t be removed: it is what").wait_for()
    discard(editor)


def test_a_new_unit_is_added_below_another(editor):
    start(editor)
    follow(editor, "Units")
    follow(editor, "— AI Office")
    follow(editor, "a unit below")
    editor.get_by_label("Name:", exact=True).fill("A New Unit")
    editor.get_by_label("Kind:").select_option("unit")
    editor.get_by_label("Source:").fill("ip-24-2982#8")
    press(editor, "Add")
    editor.get_by_text("A New Unit was added at position 6 of 6 below AI Office").first.wait_for()
    discard(editor)
