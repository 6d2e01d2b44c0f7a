"""Forms in the admin, over HTTP: what they change, show and refuse."""

import re

import pytest
from django.urls import reverse

from tests.editing import ask, change_address, form_of, row, save, shown, start
from tests.test_pages import text_of
from units import drafts, trees
from units.documents import dump
from units.models import Citation, Edition, Milestone, Passage, Post, Statement, Unit


def test_without_a_draft_lists_show_the_chart_in_force_with_one_button(editor):
    for model in ("unit", "post", "statement", "milestone", "source"):
        page = editor.get(reverse(f"admin:units_{model}_changelist"))
        assert "You are looking at the chart in force, edition 2025-01-01.1" in text_of(page)
        assert page.content.decode().count("Start a draft") == 1


def test_a_unit_is_changed_in_the_draft_and_not_in_public(editor):
    draft = start(editor)
    page = save(editor, row(Unit, draft, "left"), name="West unit", aliases="W\n* Wild West")
    assert "Saved to the draft; it is not public yet: Preview · What changes · Publish" in text_of(page)
    unit = row(Unit, draft, "left")
    assert unit.name == "West unit"
    assert unit.aliases == [{"name": "W"}, {"name": "Wild West", "editorial": True}]
    assert "West unit" not in text_of(editor.get("/"))
    assert "West unit" in text_of(editor.get(f"/editions/{draft.identifier}/"))


@pytest.mark.parametrize(
    ("model", "slug", "changes", "words"),
    [
        (
            Statement,
            "measure-rain",
            {"text": "Measures snow", "partners": "Farmers\nPilots"},
            "Measures snow",
        ),
        (Statement, "measure-rain", {"quantity": "3", "comparator": "about"}, "3"),
        (Milestone, "rain-begins", {"when": "2025-04", "inferred": []}, "2025-04"),
        (Milestone, "rain-report", {"offset_months": "7"}, "'months': 7"),
    ],
)
def test_other_facts_are_changed_in_forms(editor, model, slug, changes, words):
    draft = start(editor)
    save(editor, row(model, draft, slug), **changes)
    assert words in str(dump(draft))
    assert {change.slug for change in drafts.changes(draft)} == {slug}


def test_a_unit_is_added_where_the_form_says(editor):
    draft = start(editor)
    address, data = form_of(editor, reverse("admin:units_unit_add"))
    data |= {"slug": "middle", "name": "Middle unit", "kind": "unit", "below": "root", "place": "2"}
    editor.post(address, data | {"citations-0-passage": "charter#1", "_save": "1"})
    [root] = dump(draft)["units"]
    assert [unit["slug"] for unit in root["units"]] == ["left", "middle", "right"]
    assert root["units"][1]["cites"] == [{"passage": "charter#1"}]


def test_a_post_is_added_to_a_unit(editor):
    draft = start(editor)
    address, data = form_of(editor, reverse("admin:units_post_add"))
    data |= {"slug": "head", "name": "Head", "unit": "left", "role": "leads", "holder": "not-stated"}
    editor.post(address, data | {"citations-0-passage": "charter#1", "_save": "1"})
    assert row(Post, draft, "head").unit.slug == "left"


def test_citations_are_added_and_taken_away_with_their_fact(editor):
    draft = start(editor)
    unit = row(Unit, draft, "left")
    address, data = form_of(editor, change_address(unit))
    data |= {
        "citations-1-passage": "charter#1",
        "citations-1-field": "purpose",
        "citations-1-note": "By the way",
    }
    editor.post(address, data | {"_save": "1"})
    assert Citation.objects.filter(unit=unit).count() == 2
    address, data = form_of(editor, change_address(unit))
    editor.post(address, data | {"citations-1-DELETE": "on", "_save": "1"})
    assert Citation.objects.filter(unit=unit).count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"citations-0-passage": "charter#9"}, "There is no passage “charter#9” in this draft"),
        ({"citations-0-DELETE": "on"}, "Please submit at least 1"),
        ({"citations-0-passage": "charter#99999999999999999999"}, "There is no passage"),
    ],
)
def test_what_a_form_refuses_is_said_and_changes_nothing(editor, changes, words):
    draft = start(editor)
    before = dump(draft)
    page = save(editor, row(Unit, draft, "left"), **changes)
    assert words in text_of(page)
    assert dump(draft) == before


def test_a_slug_that_was_published_stays(editor):
    draft = start(editor)
    save(editor, row(Unit, draft, "left"), slug="west", name="West unit")
    assert row(Unit, draft, "left").name == "West unit"


def test_a_slug_that_is_there_already_is_refused(editor):
    draft = start(editor)
    address, data = form_of(editor, reverse("admin:units_unit_add"))
    data |= {"slug": "left", "name": "L", "kind": "unit", "below": "root", "citations-0-passage": "charter#1"}
    page = editor.post(address, data | {"_save": "1"})
    assert "This edition has something of that kind with that slug already" in text_of(page)
    assert Unit.objects.of(draft).count() == 3


def test_two_editors_of_the_same_thing_are_told_and_of_different_things_are_not(editor):
    draft = start(editor)
    left, right = row(Unit, draft, "left"), row(Unit, draft, "right")
    address, data = form_of(editor, change_address(left))
    save(editor, left, name="By another editor")
    save(editor, right, name="East unit")
    page = editor.post(address, data | {"name": "By me", "_save": "1"})
    assert "Somebody else has changed this since you opened it" in text_of(page)
    assert "Name: By another editor" in text_of(page)
    assert row(Unit, draft, "left").name == "By another editor"
    shown = re.search(r'name="shown" value="(\w+)"', page.content.decode())[1]
    editor.post(address, data | {"name": "By me", "shown": shown, "_save": "1"})
    assert row(Unit, draft, "left").name == "By me"


def test_other_facts_can_be_removed_unless_something_refers_to_them(editor):
    draft = start(editor)
    statement = row(Statement, draft, "measure-rain")
    anchor = row(Milestone, draft, "rain-begins")
    ask(editor, "statement_delete", statement.pk, post="yes")
    editor.post(reverse("admin:units_milestone_delete", args=[anchor.pk]), {"post": "yes"})
    assert not Statement.objects.of(draft).exists()
    assert Milestone.objects.of(draft).count() == 2


def test_whoever_removes_what_somebody_else_has_changed_is_told(editor):
    statement = row(Statement, start(editor), "measure-rain")
    address = reverse("admin:units_statement_delete", args=[statement.pk])
    seen = shown(editor.get(address))
    save(editor, statement, text="Measures snow")
    page = editor.post(address, {"shown": seen, "post": "yes"}, follow=True)
    assert "Somebody else has changed this" in text_of(page)
    assert Statement.objects.filter(pk=statement.pk).exists()


def test_a_passage_has_a_form_that_notices_others_too(editor):
    passage = Passage.objects.of(start(editor)).get()
    address, data = form_of(editor, change_address(passage))
    save(editor, passage, says="By another editor")
    page = editor.post(address, data | {"says": "By me", "_save": "1"})
    assert "It now reads: Says: By another editor" in text_of(page)
    assert Passage.objects.get(pk=passage.pk).says == "By another editor"


def test_what_a_draft_says_of_itself_is_not_overwritten_either(editor):
    draft = start(editor)
    address = reverse("admin:units_edition_details", args=[draft.pk])
    seen = shown(editor.get(reverse("admin:units_edition_change", args=[draft.pk])))
    editor.post(address, {"shown": seen, "title": "By another editor"})
    page = editor.post(address, {"shown": seen, "title": "By me"}, follow=True)
    assert "Somebody else has changed this" in text_of(page)
    assert Edition.objects.get(pk=draft.pk).title == "By another editor"


def test_suggestions_are_of_the_draft_alone(editor):
    draft = start(editor)
    trees.change(draft, "left", {"name": "West unit"})
    address = reverse("admin:units_unit_suggestions")
    assert editor.get(address, {"q": "unit"}).json() == [["left", "West unit"], ["right", "Right unit"]]
    assert editor.get(address, {"q": "Left units"}).json() == []
    passages = editor.get(reverse("admin:units_passage_suggestions"), {"q": "charter"}).json()
    assert passages == [["charter#1", "Sets it all up"]]


def test_pickers_of_djangos_own_are_of_the_draft_alone(editor):
    draft = start(editor)
    asked = {"app_label": "units", "model_name": "post", "field_name": "unit", "term": "unit"}
    found = editor.get("/admin/autocomplete/", asked).json()["results"]
    assert {int(one["id"]) for one in found} <= {unit.pk for unit in Unit.objects.of(draft)}
    assert len(found) == 2


def test_a_form_of_a_large_draft_asks_for_suggestions_and_takes_few_queries(
    editor, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("units.admin.fields.CHOICES_AT_MOST", 2)
    statement = row(Statement, start(editor), "measure-rain")
    with django_assert_max_num_queries(40):
        page = editor.get(change_address(statement))
    assert page.content.decode().count('data-ask="/admin/units/unit/suggestions/"') == 2
