"""Moving and removing units in the admin, over HTTP."""

import re

import pytest
from django.urls import reverse

from tests.editing import ask, row, shown, start
from tests.test_pages import text_of
from units import trees
from units.documents import dump
from units.models import Unit


def test_a_unit_moves_up_and_down_and_elsewhere(editor):
    draft = start(editor)
    editor.post(reverse("admin:units_unit_up", args=["right"]))
    assert [unit["slug"] for unit in dump(draft)["units"][0]["units"]] == ["right", "left"]
    editor.post(reverse("admin:units_unit_up", args=["right"]))
    editor.post(reverse("admin:units_unit_down", args=["right"]))
    assert [unit["slug"] for unit in dump(draft)["units"][0]["units"]] == ["left", "right"]
    ask(editor, "unit_move", "right", below="left", place="1")
    assert row(Unit, draft, "right").parent.slug == "left"


@pytest.mark.parametrize(
    ("slug", "below", "words"),
    [
        ("left", "left", "part of itself"),
        ("root", "left", "is the root"),
        ("left", "nowhere", "There is no unit “nowhere”"),
    ],
)
def test_a_move_that_can_not_be_is_refused_in_a_sentence(editor, slug, below, words):
    draft = start(editor)
    assert words in text_of(ask(editor, "unit_move", slug, below=below))
    assert trees.problems(draft) == []


def test_removing_a_unit_asks_what_becomes_of_what_is_below(editor):
    draft = start(editor)
    trees.move(draft, "right", "left")
    remove = reverse("admin:units_unit_remove", args=["left"])
    assert "What is below it (1)" in text_of(editor.get(remove))
    assert "Say which unit" in text_of(ask(editor, "unit_remove", "left", sure="on", fate="move"))
    ask(editor, "unit_remove", "left", sure="on", fate="move", to="root")
    assert list(Unit.objects.of(draft).values_list("slug", flat=True)) == ["root", "right"]
    ask(editor, "unit_remove", "right", sure="on")
    assert Unit.objects.of(draft).count() == 1


def test_the_admins_own_way_of_deleting_a_unit_leads_to_ours(editor):
    draft = start(editor)
    unit = row(Unit, draft, "left")
    answer = editor.post(reverse("admin:units_unit_delete", args=[unit.pk]), {"post": "yes"})
    assert answer.url == reverse("admin:units_unit_remove", args=["left"])
    assert Unit.objects.filter(pk=unit.pk).exists()


def test_some_words_of_a_name_find_the_units_to_choose_from(editor):
    draft = start(editor)
    page = ask(editor, "unit_move", "right", below="UNIT")
    assert "may mean several: choose one" in text_of(page)
    assert re.findall(r'type="radio" name="below" value="(\w+)"', page.content.decode()) == ["left", "right"]
    ask(editor, "unit_move", "right", below="Left unit")
    assert row(Unit, draft, "right").parent.slug == "left"


def test_a_choice_counts_more_than_the_words_that_found_it(editor):
    draft = start(editor)
    ask(editor, "unit_move", "right", below=["unit", "left"])
    assert row(Unit, draft, "right").parent.slug == "left"


def test_whoever_moves_what_somebody_else_has_moved_is_told(editor):
    draft = start(editor)
    address = reverse("admin:units_unit_move", args=["right"])
    seen = shown(editor.get(address))
    trees.move(draft, "right", "left")
    page = editor.post(address, {"shown": seen, "below": "root", "place": "1"}, follow=True)
    assert "Somebody else has changed or moved “Right unit” meanwhile" in text_of(page)
    assert row(Unit, draft, "right").parent.slug == "left"


def test_whoever_removes_more_than_the_page_showed_is_told(editor):
    draft = start(editor)
    address = reverse("admin:units_unit_remove", args=["left"])
    seen = shown(editor.get(address))
    trees.move(draft, "right", "left")
    answers = {"shown": seen, "sure": "on", "fate": "remove"}
    assert "Somebody else has changed" in text_of(editor.post(address, answers, follow=True))
    assert Unit.objects.of(draft).count() == 3
