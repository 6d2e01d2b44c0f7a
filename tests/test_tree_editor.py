"""The tree editor over HTTP: every step, what is said of it, what is refused, and undoing it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.institutions import institution
from tests.editing import TREE, ask_in_tree, row, start, step, undo
from tests.reading import problems_of, text_of
from units import drafts, trees
from units.admin.editor.marks import marks_of
from units.documents import dump, load, publish
from units.models import Post, Statement, Unit
from units.resolve import forget_editions

NEW = {"name": "New unit", "kind": "unit", "passage": "charter#1"}


def order(draft):
    return list(Unit.objects.of(draft).values_list("slug", flat=True))


def below(draft, slug):
    return list(
        Unit.objects.filter(edition=draft, parent__slug=slug).order_by("lft").values_list("slug", flat=True)
    )


def test_the_page_shows_the_tree_and_what_can_be_done_with_the_chosen_unit(editor):
    start(editor)
    page = editor.get(f"{TREE}?at=left&ask=remove")
    for words in ("The institution", "Right unit", "Move down", "Rename…", "Its own posts (0) and tasks (1)"):
        assert words in text_of(page)
    assert "style=" not in page.content.decode()


@pytest.mark.parametrize(
    "query", ["", "?at=left&ask=move", "?at=left&ask=remove", "?q=unit", "?at=root&ask=below"]
)
def test_the_page_is_sound(editor, query):
    start(editor)
    assert problems_of(editor.get(TREE + query).content.decode()) == []


@pytest.mark.parametrize(
    ("do", "unit", "answers", "words"),
    [
        ("down", "left", {}, "Left unit moved to position 2 of 2 below The institution."),
        ("up", "right", {}, "Right unit moved to position 1 of 2 below The institution."),
        ("in", "right", {}, "Right unit moved to position 1 of 1 below Left unit."),
        ("move", "left", {"below": "right"}, "Left unit moved to position 1 of 1 below Right unit."),
        ("drop", "right", {"below": "root", "before": "left"}, "position 1 of 2 below The institution."),
        ("rename", "left", {"name": "West unit"}, "Left unit is called West unit now."),
        ("below", "left", NEW, "New unit was added at position 1 of 1 below Left unit."),
        ("after", "left", NEW, "New unit was added at position 2 of 3 below The institution."),
        ("remove", "left", {"inside": "remove"}, "Left unit was removed."),
        ("remove", "left", {"inside": "up"}, "Left unit was removed."),
        ("remove", "left", {"inside": "to", "to": "right"}, "Left unit was removed."),
    ],
)
def test_each_step_says_what_it_did_and_undoing_it_leaves_nothing_of_it(editor, do, unit, answers, words):
    draft = start(editor)
    before = dump(draft)
    assert words in text_of(step(editor, do, unit, **answers))
    assert dump(draft) != before
    assert trees.problems(draft) == []
    undo(editor)
    assert dump(draft) == before


def test_a_unit_moves_out_behind_what_it_was_part_of(editor):
    draft = start(editor)
    step(editor, "in", "right")
    assert "position 2 of 2 below The institution" in text_of(step(editor, "out", "right"))
    assert order(draft) == ["root", "left", "right"]


def test_steps_are_undone_one_by_one_to_the_first(editor):
    draft = start(editor)
    before = dump(draft)
    for do, unit, answers in [
        ("below", "left", NEW),
        ("rename", "new-unit", {"name": "Newer"}),
        ("move", "right", {"below": "new-unit"}),
        ("remove", "left", {"units": "up", "inside": "up"}),
        ("remove", "new-unit", {"units": "to", "to": "root"}),
    ]:
        step(editor, do, unit, **answers)
    assert order(draft) == ["root", "right"]
    for _step in range(5):
        undo(editor)
    assert dump(draft) == before


def test_what_is_below_and_in_a_removed_unit_takes_its_place_or_goes_where_it_is_sent(editor):
    draft = start(editor)
    trees.move(draft, "right", "left")
    Post.objects.create(
        edition=draft,
        slug="head",
        name="Head",
        unit=row(Unit, draft, "left"),
        role="leads",
        holder="vacant",
        position=0,
    )
    step(editor, "remove", "left", units="up", inside="up")
    assert below(draft, "root") == ["right"]
    assert row(Post, draft, "head").unit.slug == "root"
    assert row(Statement, draft, "measure-rain").unit.slug == "root"
    undo(editor)
    assert row(Post, draft, "head").unit.slug == "left"
    assert "only move to a unit that stays" in text_of(
        step(editor, "remove", "left", units="to", inside="up", to="right")
    )


@pytest.mark.parametrize(
    ("do", "unit", "answers", "words"),
    [
        ("up", "left", {}, "“Left unit” is the first below The institution already"),
        ("down", "right", {}, "is the last below"),
        ("in", "left", {}, "Nothing stands before “Left unit”"),
        ("out", "left", {}, "an edition has one root"),
        ("up", "root", {}, "is the root"),
        ("remove", "root", {"units": "remove"}, "is the root"),
        ("after", "root", NEW, "an edition has one root"),
        ("move", "left", {"below": "left"}, "part of itself"),
        ("move", "left", {"below": "nowhere"}, "There is no unit “nowhere”"),
        ("move", "right", {"below": "UNIT"}, "may mean several: choose one"),
        ("drop", "left", {"below": "gone"}, "There is no unit “gone”"),
        ("drop", "left", {"below": "root", "after": "gone"}, "not below “The institution” any more"),
        ("below", "left", NEW | {"slug": "right"}, "There is a unit “right” already"),
        ("below", "left", NEW | {"slug": "Not a slug"}, "Small letters, digits and hyphens only"),
        ("below", "left", NEW | {"name": "…"}, "no letters to make a slug of"),
        ("below", "left", NEW | {"passage": "charter#9"}, "There is no passage “charter#9”"),
        ("rename", "left", {"name": " "}, "required"),
        ("rename", "left", {"name": "x" * 301}, "300"),
        ("remove", "left", {"inside": "to"}, "Say which unit"),
        ("down", "gone", {}, "There is no unit “gone”"),
    ],
)
def test_what_can_not_be_is_refused_in_a_sentence_and_changes_nothing(editor, do, unit, answers, words):
    draft = start(editor)
    before = dump(draft)
    assert words in text_of(step(editor, do, unit, **answers))
    assert dump(draft) == before


def test_a_step_that_there_is_not_is_a_bad_request(editor):
    start(editor)
    assert step(editor, "fly", "left").status_code == 400


def test_what_something_is_about_stays_and_the_question_says_what(editor):
    draft = start(editor)
    Statement.objects.filter(edition=draft).update(
        about_unit=row(Unit, draft, "right"), about_initiative=None
    )
    page = text_of(editor.get(f"{TREE}?at=right&ask=remove"))
    assert "Coordinates the measuring of rain is about Right unit" in page
    assert "can’t be removed: it is what" in text_of(step(editor, "remove", "right"))
    assert "right" in order(draft)


@pytest.mark.parametrize(
    ("theirs", "do", "answers", "words"),
    [
        (
            ("rename", "right", {"name": "East"}),
            "rename",
            {"name": "West"},
            "has renamed this unit to “East”",
        ),
        (("in", "right", {}), "up", {}, "moved it to position 1 of 1 below Left unit"),
        (("up", "right", {}), "up", {}, "moved it to position 1 of 2"),
        (
            ("in", "right", {}),
            "move",
            {"below": "root", "number": "1"},
            "not any more where this page showed it",
        ),
        (("remove", "right", {}), "up", {}, "perhaps somebody has removed it"),
        (("remove", "right", {}), "rename", {"name": "West"}, "perhaps somebody has removed it"),
        (("below", "right", NEW), "remove", {}, "or what is in it meanwhile"),
        (("rename", "right", {"name": "East"}), "remove", {}, "or what is in it meanwhile"),
        (("in", "right", {}), "remove", {}, "moved it to position 1 of 1 below Left unit"),
    ],
)
def test_who_comes_second_is_told_what_the_other_did(editor, theirs, do, answers, words):
    draft = start(editor)
    asked = ask_in_tree(editor, do, "right")
    step(editor, theirs[0], theirs[1], **theirs[2])
    after = dump(draft)
    assert words in text_of(editor.post(TREE, asked | answers, follow=True))
    assert dump(draft) == after


def test_changes_of_different_things_do_not_disturb_each_other(editor):
    draft = start(editor)
    asked = ask_in_tree(editor, "in", "right")
    renaming = ask_in_tree(editor, "rename", "right")
    step(editor, "rename", "left", name="West unit")
    step(editor, "after", "left", **NEW)
    editor.post(TREE, renaming | {"name": "East unit"})
    page = editor.post(TREE, asked, follow=True)
    assert "East unit moved to position 1 of 1 below New unit" in text_of(page)
    assert order(draft) == ["root", "left", "new-unit", "right"]


@pytest.mark.parametrize(
    ("do", "unit", "answers", "later"),
    [
        ("in", "right", {}, lambda draft: trees.move(draft, "right", "root", 0)),
        ("rename", "right", {"name": "East"}, lambda draft: trees.change(draft, "right", {"name": "South"})),
        ("below", "right", NEW, lambda draft: trees.change(draft, "new-unit", {"name": "Newer"})),
        ("below", "right", NEW, lambda draft: trees.move(draft, "left", "new-unit")),
        ("in", "right", {}, lambda draft: trees.remove(draft, "left", None)),
        (
            "remove",
            "right",
            {},
            lambda draft: trees.add(draft, "root", {"slug": "right", "name": "R", "kind": "unit"}),
        ),
    ],
)
def test_what_somebody_else_changed_meanwhile_is_not_undone(editor, do, unit, answers, later):
    draft = start(editor)
    step(editor, do, unit, **answers)
    later(draft)
    after = dump(draft)
    page = undo(editor)
    assert "errornote" in page.content.decode() or 'class="error"' in page.content.decode()
    assert dump(draft) == after


def test_a_step_sent_twice_is_done_once(editor):
    draft = start(editor)
    moves, adds = ask_in_tree(editor, "up", "right"), ask_in_tree(editor, "below", "left") | NEW
    for asked in (moves, moves, adds, adds):
        editor.post(TREE, asked)
    assert order(draft) == ["root", "right", "left", "new-unit"]
    undoing = ask_in_tree(editor, "undo", "")
    for _time in range(2):
        page = editor.post(TREE, undoing, follow=True)
    assert "was undone already" in text_of(page)
    assert order(draft) == ["root", "right", "left"]


def test_the_marks_are_those_of_the_whole_difference(editor):
    draft = start(editor)
    for do, unit, answers in [
        ("below", "left", NEW),
        ("rename", "left", {"name": "West unit"}),
        ("move", "right", {"below": "new-unit"}),
    ]:
        step(editor, do, unit, **answers)
    units = list(Unit.objects.of(draft))
    marks = marks_of(draft, units, units)
    assert marks == {
        "left": ["renamed, was “Left unit”"],
        "new-unit": ["new"],
        "right": ["moved, was below “The institution”"],
    }
    assert {change.slug for change in drafts.changes(draft) if change.kind == "unit"} == set(marks)
    step(editor, "remove", "right")
    assert "Removed since edition 2025-01-01.1 Right unit" in text_of(editor.get(TREE))


def test_a_search_shows_units_in_their_branches(editor):
    draft = start(editor)
    trees.move(draft, "right", "left")
    page = text_of(editor.get(f"{TREE}?q=RIGHT+unit"))
    assert "1 unit is called so." in page
    assert "Left unit" in page


def test_a_form_of_another_draft_or_of_what_is_published_changes_nothing(editor):
    first = start(editor)
    asked = ask_in_tree(editor, "up", "right")
    second = start(editor)
    editor.post(TREE, asked)
    assert order(first) == ["root", "right", "left"]
    assert order(second) == ["root", "left", "right"]
    publish(first)
    forget_editions()
    editor.post(TREE, asked)
    assert order(second) == ["root", "left", "right"]


def test_the_chart_in_force_is_shown_and_can_not_be_changed(editor):
    page = text_of(editor.get(f"{TREE}?at=left"))
    assert "Left unit" in page
    assert "Move up" not in page
    assert editor.post(TREE, {"do": "up", "unit": "right"}).status_code == 409
    assert Client().get(TREE).status_code == 302


def test_a_script_gets_the_parts_of_the_page_that_changed(editor):
    draft = start(editor)
    sent = ask_in_tree(editor, "in", "right")
    parts = editor.post(TREE, sent, headers={"Accept": "application/json"}).json()
    assert parts["said"] == "Right unit moved to position 1 of 1 below Left unit."
    assert [one["id"] for one in parts["swaps"]][-4:] == ["below-root", "below-left", "undo", "removed"]
    again = editor.post(TREE, sent, headers={"Accept": "application/json"}).json()
    assert "not any more where this page showed it" in again["refused"]
    branch = editor.get(
        TREE, {"branch": "left", "of": draft.identifier}, headers={"Accept": "application/json"}
    )
    assert 'id="unit-right"' in branch.json()["swaps"][0]["html"]


def test_the_page_of_a_large_tree_is_small_and_asks_little_of_the_database(editor):
    flat = institution(150)
    flat["units"][0]["units"] = [
        {key: unit[key] for key in ("slug", "name", "kind", "cites")}
        for unit in institution(12)["units"][0]["units"]
    ] + [
        {"slug": f"flat-{n}", "name": f"Flat {n}", "kind": "unit", "cites": [{"passage": "charter#1"}]}
        for n in range(250)
    ]
    load(flat)
    with CaptureQueriesContext(connection) as large:
        page = text_of(editor.get(TREE))
    assert "more of" in page
    assert "Flat 200" not in page
    assert "Flat 200" in text_of(editor.get(f"{TREE}?at=flat-200"))
    assert len(large) <= 25


def test_the_admins_own_way_of_deleting_a_unit_leads_to_the_question(editor):
    unit = row(Unit, start(editor), "left")
    answer = editor.post(reverse("admin:units_unit_delete", args=[unit.pk]), {"post": "yes"})
    assert answer.url == f"{TREE}?at=left&ask=remove"
    assert Unit.objects.filter(pk=unit.pk).exists()


def test_a_removed_branch_that_is_too_large_to_keep_says_so(editor, monkeypatch):
    draft = start(editor)
    monkeypatch.setattr("units.branches.LARGEST", 10)
    assert "so this step can’t be undone" in text_of(step(editor, "remove", "right"))
    assert order(draft) == ["root", "left"]
    assert "step" not in ask_in_tree(editor, "undo", "")
