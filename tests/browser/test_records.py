"""An editor with files, people and the history in a real browser; axe finds nothing wrong on those pages."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from scripts.site import manage, running_site
from tests.browser.test_editing import ACCOUNT, press, start

NAME = "Zephyrine Quillfeather"


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def editor(request, chrome, filled_site):
    """A tab of somebody who is signed in at a site of their own, and a look by axe where scripts run."""
    wrong = []
    with running_site(filled_site) as (address, environment):
        manage(environment, "shell", "-c", ACCOUNT)
        context = chrome.new_context(
            base_url=address, java_script_enabled=request.param, bypass_csp=request.param
        )
        tab = context.new_page()
        tab.on("pageerror", lambda error: wrong.append(f"{tab.url}: {error}"))
        tab.on("response", lambda answer: answer.status >= 500 and wrong.append(answer.url))

        def look():
            tab.wait_for_load_state()
            tab.wait_for_selector("main h1, #content h1")
            found = Axe().run(tab).response["violations"] if request.param else []
            wrong.extend((tab.url, rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found)

        tab.goto("/admin/")
        look()
        tab.get_by_label("Username").fill("editor")
        tab.get_by_label("Password").fill("only-for-this-test")
        press(tab, "Log in")
        yield tab, look
        context.close()
    assert wrong == []


def test_a_table_a_person_and_the_history_are_used_as_an_editor_uses_them(editor, tmp_path):
    tab, look = editor
    start(tab)
    tab.goto("/admin/units/edition/2/change/")
    look()
    table = tab.context.request.get("/admin/units/edition/2/table/").text()
    file = tmp_path / "units.csv"
    for text in (table.replace(",unit,", ",circus,"), table.replace("Unit on AI safety", "Unit for safety")):
        file.write_text(text)
        tab.goto("/admin/units/edition/2/change/")
        tab.get_by_text("Units from a table").click()
        tab.get_by_label("A CSV file with the whole tree:").set_input_files(file)
        with tab.expect_navigation():
            tab.locator("details[open] button").click()
        look()
    assert "Name: from Unit on AI safety to Unit for safety" in " ".join(tab.text_content("body").split())
    tab.get_by_label("Why, for the history").fill("The mandate of 2025")
    press(tab, "Put it into the draft")
    tab.goto("/admin/units/appointment/add/")
    tab.get_by_label("Post:").fill("adviser")
    tab.get_by_label("Or somebody new: name").fill(NAME)
    tab.get_by_label("The source does not state since when").check()
    tab.get_by_label("Source:", exact=True).fill("A made-up decision")
    with tab.expect_navigation():
        press(tab, "Save")
    look()
    tab.get_by_label("Lead Scientific Adviser").check()
    with tab.expect_navigation():
        press(tab, "Save")
    look()
    assert NAME in tab.text_content("#result_list")
    tab.goto("/admin/units/person/1/delete/")
    look()
    press(tab, "Erase")
    tab.goto("/admin/units/history/")
    look()
    said = " ".join(tab.inner_text("#result_list").split())
    assert re.search(r"editor draft 2 Took over a document The mandate of 2025", said)
    assert "Removed person 1" in said
    assert NAME not in tab.content()
