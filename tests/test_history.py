"""The history: every change has an entry, no entry ever changes, and none names anybody."""

import importlib
from datetime import date
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.contrib.auth import get_user_model
from django.db import connection
from django.urls import reverse

from tests.editing import ask, change_address, form_of, row, save, start
from tests.test_editions import execute, refused
from tests.test_pages import text_of
from units import drafts, trees, triggers
from units.documents import dump, load, publish
from units.models import (
    Appointment,
    Edition,
    History,
    Initiative,
    Milestone,
    Passage,
    Person,
    Post,
    PostPublicity,
    Source,
    Statement,
    Unit,
)
from units.models.history import acting, one_entry, record

LIST = "admin:units_history_changelist"


def last():
    return History.objects.first()


def dids(entry=None):
    return [step["did"] for step in (entry or last()).what]


@pytest.mark.parametrize(
    ("change", "step"),
    [
        (
            lambda draft: trees.add(draft, "left", {"slug": "n", "name": "N", "kind": "unit"}),
            {"did": "added", "slug": "n", "to": "left"},
        ),
        (
            lambda draft: trees.move(draft, "right", "left"),
            {"did": "moved", "slug": "right", "to": "left"},
        ),
        (
            lambda draft: trees.change(draft, "left", {"name": "West"}),
            {"did": "changed", "slug": "left", "fields": ["name"]},
        ),
        (lambda draft: trees.remove(draft, "left"), {"did": "removed", "slug": "left", "below": 0}),
    ],
)
def test_every_change_of_the_tree_is_one_entry(draft, change, step):
    before = History.objects.count()
    with acting(by=7, why="The mandate of 2025"):
        change(draft)
    assert History.objects.count() == before + 1
    entry = last()
    assert (entry.by, entry.edition, entry.why) == (7, draft.pk, "The mandate of 2025")
    assert entry.what == [{"what": "unit"} | step]


def test_all_that_one_lock_covers_is_one_entry(draft):
    before = History.objects.count()
    with trees.editing(draft):
        trees.change(draft, "left", {"name": "West"})
        trees.move(draft, "right", "left")
    assert History.objects.count() == before + 1
    assert dids() == ["changed", "moved"]


def test_what_is_rolled_back_leaves_no_entry(draft):
    before = History.objects.count()
    with pytest.raises(trees.TreeError):
        trees.move(draft, "root", "left")
    assert History.objects.count() == before


def test_a_row_saved_without_a_lock_has_an_entry_all_the_same(draft):
    unit = row(Unit, draft, "left")
    post = Post(edition=draft, unit=unit, slug="head", name="Head", role="leads", holder="not-stated")
    post.place_at(None)
    assert dids() == ["added"]
    post.name = "Director"
    post.save()
    assert last().what == [{"did": "changed", "what": "post", "slug": "head", "fields": ["name"]}]
    post.delete()
    assert dids() == ["removed"]


def test_the_life_of_a_draft_is_told_from_start_to_publication(draft, small_document):
    published = publish(draft, by=3)
    assert (last().kind, last().by) == ("published", 3)
    copy = drafts.start(published, by=4)
    assert (last().kind, last().by, last().edition) == ("started", 4, copy.pk)
    drafts.publish_on(copy, date(2025, 1, 1), title="T", note="A slip was mended.", by=5)
    assert (last().kind, last().by, last().why) == ("published", 5, "A slip was mended.")
    drafts.start_from(small_document, by=6)
    assert (last().kind, last().by) == ("started", 6)
    drafts.discard(Edition.objects.drafts().first())
    assert last().kind == "discarded"


def test_bringing_up_to_date_is_told_once_it_is_done(draft, small_document):
    first = publish(draft)
    late, other = drafts.start(first), drafts.start(first)
    trees.change(late, "left", {"name": "Mine"})
    trees.change(other, "left", {"name": "Theirs"})
    onto = drafts.publish_on(other, date(2025, 1, 1), title="T", note="")
    before = History.objects.count(), Edition.objects.get(pk=late.pk).version
    [conflict] = drafts.rebase(late, onto)
    assert before == (History.objects.count(), Edition.objects.get(pk=late.pk).version)
    drafts.rebase(late, onto, {conflict.key: "ours"})
    assert last().kind == "rebased"


def test_every_change_of_an_appointment_a_person_and_a_mark_has_an_entry(db):
    person = Person.objects.create(name="Ada Example")
    one = Appointment.objects.create(person=person, post="head", source="A decision")
    assert (last().appointment, dids()) == (one.pk, ["added"])
    Appointment.objects.update(ends_on=date(2025, 1, 1))
    assert (last().appointment, last().what[0]["fields"]) == (one.pk, ["ends_on"])
    PostPublicity.objects.bulk_create([PostPublicity(post="head", reason="It leads")])
    assert last().what == [{"did": "added", "what": "postpublicity", "slug": "head"}]
    Person.objects.all().delete()
    assert [(entry.kind, dids(entry)) for entry in History.objects.all()[:2]] == [("people", ["removed"])] * 2
    assert "Ada" not in str(list(History.objects.values()))


@pytest.mark.parametrize("statement", ["UPDATE units_history SET why = 'other'", "DELETE FROM units_history"])
def test_an_entry_never_changes(draft, statement):
    assert History.objects.exists()
    refused(lambda: execute(statement))
    refused(lambda: History.objects.all().update(why="other"))
    refused(lambda: History.objects.all().delete())


def test_the_history_is_read_by_who_and_edition_and_day(editor):
    draft = start(editor)
    save(editor, row(Unit, draft, "left"), name="West unit", why="As decided on Monday")
    page = text_of(editor.get(reverse(LIST), {"edition": draft.pk}))
    assert "Changed unit left: name As decided on Monday" in page
    assert f"editor draft {draft.pk} Started a draft as a copy of edition 2025-01-01.1" in page
    user = get_user_model().objects.get()
    told = "Changed unit left"
    assert told in text_of(editor.get(reverse(LIST), {"by": user.pk, "at__year": last().at.year}))
    assert told not in text_of(editor.get(reverse(LIST), {"by": "none"}))
    assert editor.get(reverse(LIST), {"by": "x", "edition": "9" * 30}).status_code < 500


def test_a_history_of_many_steps_stays_small(draft):
    with one_entry(draft.pk):
        for _ in range(150):
            trees.change(draft, "left", {"purpose": "x"})
            trees.change(draft, "left", {"purpose": "y"})
    assert len(last().what) == 101
    assert last().what[-1] == {"did": "more", "count": 200}


def test_saving_without_a_difference_says_so(editor):
    draft = start(editor)
    address, data = form_of(editor, change_address(row(Unit, draft, "left")))
    editor.post(address, data | {"_save": "1"})
    assert last().what == []
    assert "Saved without a difference" in text_of(editor.get(reverse(LIST)))


def test_a_draft_of_a_document_is_one_entry(db, small_document):
    before = History.objects.count()
    draft = load(small_document)
    assert History.objects.count() == before + 1
    drafts.put(draft, dump(draft) | {"title": "Another"})
    assert History.objects.count() == before + 2
    assert last().kind == "imported"


def test_a_reason_that_names_somebody_is_refused_because_it_would_stay(editor):
    Person.objects.create(name="Ada Example")
    draft = start(editor)
    data = {"why": "As example, ADA asked"}
    answer = editor.post(reverse("admin:units_edition_discard", args=[draft.pk]), data)
    assert answer.status_code == 400
    assert Edition.objects.drafts().get() == draft
    editor.post(reverse("admin:units_edition_discard", args=[draft.pk]), {"why": "For example"})
    assert (last().kind, last().why) == ("discarded", "For example")


@pytest.mark.parametrize(
    ("model", "field"),
    [
        *((Unit, "name"), (Statement, "text"), (Initiative, "name")),
        *((Milestone, "text"), (Source, "title"), (Passage, "says")),
    ],
)
def test_every_form_of_a_draft_leaves_an_entry_of_what_and_by_whom(editor, model, field):
    draft = start(editor)
    changed = model._base_manager.filter(edition=draft).last()
    save(editor, changed, **{field: "Another word"})
    assert last().by == get_user_model().objects.get().pk
    [step] = last().what
    assert (step["did"], step["what"]) == ("changed", model._meta.model_name)
    assert step["fields"] == [field]
    assert "Another word" not in str(step)


def test_removing_through_a_form_and_the_details_of_a_draft_leave_entries(editor):
    draft = start(editor)
    ask(editor, "milestone_delete", row(Milestone, draft, "rain-report").pk, post="yes")
    assert "removed" in dids()
    details = editor.get(change_address(draft)).context["details"]
    sent = {"title": "Another title", "note": "", "shown": details.initial["shown"]}
    editor.post(reverse("admin:units_edition_details", args=[draft.pk]), sent)
    assert last().what[0]["fields"] == ["title"]


def test_no_name_is_ever_searched_for_by_an_address():
    assert site.get_model_admin(Person).search_fields == ()
    assert site.get_model_admin(Appointment).search_fields == ()


def test_a_name_that_somebody_wrote_into_a_draft_is_nowhere_in_its_history(draft):
    name = "Zephyrine Quillfeather"
    trees.change(draft, "left", {"name": f"Unit of {name}"})
    unit = row(Unit, draft, "left")
    Post(edition=draft, unit=unit, slug="head", name=name, role="leads", holder="not-stated").place_at(None)
    trees.add(draft, "left", {"slug": "n", "name": name, "kind": "unit"})
    trees.move(draft, "right", "n")
    trees.remove(draft, "n", "left")
    Post.objects.all().delete()
    drafts.put(draft, dump(draft) | {"title": name})
    draft = Edition.objects.get(pk=draft.pk)
    draft.title = f"By {name}"
    draft.save()
    drafts.discard(draft)
    assert "Quillfeather" not in str(list(History.objects.values()))


def test_entries_that_hold_texts_from_before_lose_them(db):
    step = {"did": "moved", "what": "unit", "slug": "left"}
    record("changed", [step | {"name": "Unit of Ada", "to": "Ada’s", "before": "Ada"}, {"did": "more"}])
    triggers.remove(connection)  # as `manage.py migrate` does
    migration = importlib.import_module("units.migrations.0005_history_without_texts")
    migration.leave_out_texts(apps, SimpleNamespace(connection=connection))
    triggers.install(connection)
    assert last().what == [step, {"did": "more"}]
