"""What an editor can't have meant, or somebody else made stale: answered in a sentence, nothing is lost."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.editing import TREE, ask_in_tree, change_address, form_of, publication, row, save, start
from tests.reading import text_of
from units import drafts, trees
from units.documents import dump
from units.documents.copying import start_copy
from units.models import Citation, Edition, Milestone, Post, Source, Statement, Unit
from units.verify import verify

LINE_BREAKS = "First line.\r\n\r\nSecond line."
FIRST_DAY = date(2025, 1, 1)


def publish_again(edition, **changes):
    """Publish a correction of `edition` in which the units named are called otherwise."""
    other = drafts.start(edition)
    for slug, name in changes.items():
        trees.change(other, slug, {"name": name})
    return drafts.publish_on(other, FIRST_DAY, title=other.title, note="")


@pytest.mark.parametrize(
    ("model", "slug", "changes", "words"),
    [
        (Milestone, "rain-begins", {"when": ""}, "A milestone has a date with precision and bound"),
        (Milestone, "rain-begins", {"anchor": "rain-report", "offset_months": "1"}, "A milestone has a date"),
        (Milestone, "rain-report", {"anchor": "rain-report"}, "round in a circle"),
        (Source, "charter", {"published": "tomorrow"}, "does not match"),
        (Source, "charter", {"published": "2025-13-45"}, "There is no day"),
        (Unit, "left", {"name": "With\0 NUL"}, "Null characters are not allowed"),
        (Unit, "left", {"aliases": "With\0 NUL"}, "can’t be printed"),
        (Unit, "left", {"purpose": "With\x1b escape"}, "can’t be printed"),
        (Unit, "left", {"name": "x" * 301}, "at most 300"),
        (Unit, "left", {"replaces": "Not a slug"}, "does not match"),
        (Unit, "left", {"citations-0-passage": "charter#" + "9" * 5000}, "There is no passage"),
        (Unit, "left", {"citations-0-passage": "char\0ter#1"}, "can’t be printed"),
        (Statement, "measure-rain", {"unit": "le\0ft"}, "can’t be printed"),
        (Statement, "measure-rain", {"quantity": "9" * 25, "comparator": "about"}, "Quantity"),
    ],
)
def test_a_form_refuses_what_no_edition_can_hold(editor, model, slug, changes, words):
    draft = start(editor)
    before = dump(draft)
    page = save(editor, row(model, draft, slug), **changes)
    assert page.status_code == 200
    assert words in text_of(page)
    assert dump(draft) == before


def test_a_slug_is_refused_before_it_can_be_in_an_address(editor):
    start(editor)
    address, data = form_of(editor, reverse("admin:units_unit_add"))
    data |= {"slug": "Upper_Case", "name": "New", "kind": "unit", "below": "root"}
    page = editor.post(address, data | {"citations-0-passage": "charter#1", "_save": "1"})
    assert "Small letters, digits and hyphens only" in text_of(page)


def test_line_breaks_and_letters_in_two_parts_are_written_as_a_document_takes_them(editor):
    draft = start(editor)
    save(editor, row(Unit, draft, "left"), name="Cafe\u0301 unit", purpose=LINE_BREAKS)
    assert row(Unit, draft, "left").name == "Caf\u00e9 unit"
    assert row(Unit, draft, "left").purpose == "First line. Second line."
    answer, _ = publication(editor, draft, note=LINE_BREAKS)
    assert "Published as edition 2025-01-01.2" in text_of(answer)


def test_a_passage_cited_twice_for_the_same_is_refused(editor):
    unit = row(Unit, start(editor), "left")
    page = save(editor, unit, **{"citations-1-passage": "charter#1"})
    assert "A passage is cited twice for the same" in text_of(page)
    assert Citation.objects.filter(unit=unit).count() == 1


@pytest.mark.parametrize("button", ["_publish", "_save"])
def test_a_correction_is_refused_where_another_was_published_meanwhile(editor, button):
    address, data = form_of(editor, reverse("admin:units_unit_edit", args=["left"]))
    data |= {"of": "2025-01-01.1", "name": "West unit", button: "1"}
    publish_again(Edition.objects.get(), right="By a colleague")
    page = editor.post(address, data, follow=True)
    assert "Edition 2025-01-01.2 was published since you opened this page" in text_of(page)
    assert Edition.objects.published().count() == 2
    assert not Edition.objects.drafts().exists()


def test_a_correction_follows_what_it_corrects_and_undoes_nothing(editor):
    correction = drafts.start_correction(Edition.objects.get())
    publish_again(correction.base)
    with pytest.raises(drafts.NotCurrentError):
        drafts.publish_on(correction, FIRST_DAY, title="T", note="")


def test_a_draft_from_the_chart_in_force_is_from_what_is_in_force_when_it_is_started(editor):
    second = publish_again(Edition.objects.get())
    editor.post(reverse("admin:units_edition_start"), {"from": "in-force"})
    assert Edition.objects.drafts().get().copied_from == second


def test_a_draft_of_an_older_state_says_what_its_publication_takes_back(editor):
    first = Edition.objects.get()
    publish_again(first)
    draft = drafts.start(first)
    page = text_of(editor.get(reverse("admin:units_edition_change", args=[draft.pk])))
    assert "takes back what 2025-01-01.2 changed" in page


def test_a_draft_can_be_published_for_a_day_before_the_first_edition(editor):
    answer, _page = publication(editor, start(editor), effective_on="2020-01-01")
    assert "Published as edition 2020-01-01.1" in text_of(answer)


def test_an_edition_of_the_first_century_has_an_address_too(editor):
    edition = drafts.publish_on(start(editor), date(33, 4, 3), title="T", note="")
    assert edition.identifier == "0033-04-03.1"


def test_a_form_changes_the_draft_that_it_was_shown_for(editor):
    first = start(editor)
    address, data = form_of(editor, reverse("admin:units_post_add"))
    asked = ask_in_tree(editor, "remove", "right")
    second = start(editor)
    data |= {"slug": "head", "name": "Head", "unit": "left", "role": "leads", "holder": "not-stated"}
    data |= {"of": first.identifier, "citations-0-passage": "charter#1", "_save": "1"}
    editor.post(address, data)
    editor.post(TREE, asked)
    assert Post.objects.get().edition == first
    assert [Unit.objects.of(draft).count() for draft in (first, second)] == [2, 3]


@pytest.mark.parametrize("end", ["discard", "publish"])
def test_a_form_of_a_draft_that_is_gone_changes_no_other(editor, end):
    other, draft = start(editor), start(editor)
    address, data = form_of(editor, reverse("admin:units_unit_add"))
    data |= {"slug": "new", "name": "New", "kind": "unit", "below": "root", "of": draft.identifier}
    if end == "discard":
        drafts.discard(draft)
    else:
        drafts.publish_on(draft, date(2025, 2, 2), title="T", note="")
    page = editor.post(address, data | {"citations-0-passage": "charter#1", "_save": "1"}, follow=True)
    assert "The draft that this page was about is gone" in text_of(page)
    assert not Unit.objects.filter(slug="new").exists()
    assert Edition.objects.drafts().get() == other


@pytest.mark.parametrize("page", ["details", "copy", "publish", "rebase", "discard", "use", "changes"])
def test_the_pages_of_a_draft_that_is_gone_answer(editor, page):
    draft = start(editor)
    address = reverse(f"admin:units_edition_{page}", args=[draft.pk])
    drafts.discard(draft)
    assert editor.post(address).status_code == 404


def test_a_draft_that_is_half_copied_is_copied_first(editor):
    draft = start_copy(Edition.objects.get(), Edition.objects.get())
    for page in ("publish", "changes", "details"):
        answer = editor.get(reverse(f"admin:units_edition_{page}", args=[draft.pk]))
        assert answer.url == reverse("admin:units_edition_copy", args=[draft.pk])
    assert editor.get(f"/editions/{draft.identifier}/").status_code == 404
    assert list(verify(connection)) == []


def test_what_was_added_to_a_unit_since_its_removal_was_asked_for_is_not_lost(editor):
    draft = start(editor)
    asked = ask_in_tree(editor, "remove", "left") | {"inside": "remove"}
    save(editor, row(Statement, draft, "measure-rain"), text="Measures snow")
    page = editor.post(TREE, asked, follow=True)
    assert "Somebody else has changed" in text_of(page)
    assert Statement.objects.of(draft).exists()


def test_a_choice_made_about_another_state_of_the_draft_is_asked_again(editor):
    late = start(editor)
    save(editor, row(Unit, late, "left"), name="Mine")
    publish_again(late.base, left="Theirs")
    address = reverse("admin:units_edition_rebase", args=[late.pk])
    version = editor.post(address, {"onto": "2025-01-01.2"}).context["draft"].version
    trees.change(late, "left", {"name": "Mine, rewritten"})
    page = editor.post(address, {"onto": "2025-01-01.2", "version": version, "unit left name": "theirs"})
    assert "The draft has changed since you looked at it" in text_of(page)
    assert "the draft’s: Mine, rewritten" in text_of(page)
    assert row(Unit, late, "left").name == "Mine, rewritten"


def test_what_is_said_of_a_refusal_is_all_that_is_said(editor):
    address, data = form_of(editor, reverse("admin:units_unit_edit", args=["left"]))
    data |= {"name": "West unit", "note_of_edition": "\0", "_publish": "1"}
    page = text_of(editor.post(address, data, follow=True))
    assert "can’t be printed" in page
    assert "Saved to the draft" not in page
    assert not Edition.objects.drafts().exists()


def test_a_new_fact_is_not_added_to_what_is_in_force(editor):
    data = {"slug": "head", "name": "Head", "_publish": "1"}
    assert editor.post(reverse("admin:units_post_add"), data).status_code == 409
    assert Edition.objects.count() == 1


def test_a_popup_is_no_way_around(editor):
    unit = row(Unit, start(editor), "left")
    address, data = form_of(editor, change_address(unit))
    assert editor.post(address, data | {"name": "Other", "_popup": "1", "_save": "1"}).status_code == 400
    assert row(Unit, unit.edition, "left").name == "Left unit"


@pytest.mark.parametrize("page", ["delete", "change", "history"])
def test_a_citation_is_changed_with_its_fact_only(editor, page):
    citation = Citation.objects.of(start(editor)).first()
    address = reverse(f"admin:units_citation_{page}", args=[citation.pk])
    assert editor.get(address).status_code in (200, 403)
    assert editor.post(address, {"post": "yes"}).status_code in (200, 403, 405)
    assert Citation.objects.filter(pk=citation.pk).exists()


def writer(*without):
    """Return the client of somebody who has all rights but those `without`."""
    user = get_user_model().objects.create_user("writer", is_staff=True)
    rights = Permission.objects.filter(content_type__app_label="units").exclude(codename__in=without)
    user.user_permissions.set(rights)
    client = Client()
    client.force_login(user)
    return client


def test_removing_a_unit_takes_the_right_to_delete(editor):
    draft = start(editor)
    asked, client = ask_in_tree(editor, "remove", "left"), writer("delete_unit")
    assert client.get(f"{TREE}?at=left&ask=remove").status_code == 403
    assert client.post(TREE, asked | {"inside": "remove"}).status_code == 403
    assert Unit.objects.of(draft).count() == 3


def test_starting_a_correction_takes_the_right_to_change_editions(editor):
    address, data = form_of(editor, reverse("admin:units_unit_edit", args=["left"]))
    assert writer("change_edition").post(address, data | {"name": "X", "_save": "1"}).status_code == 403
    assert not Edition.objects.drafts().exists()


def test_a_position_is_among_the_neighbours(editor):
    draft = start(editor)
    save(editor, row(Milestone, draft, "rain-report"), position="1")
    found = [(milestone.slug, milestone.position) for milestone in Milestone.objects.of(draft)]
    assert found == [("rain-begins", 0), ("rain-report", 1)]


@pytest.mark.parametrize("page", ["edition_discard", "statement_delete", "unit_tree", "edition_details"])
def test_a_draft_that_is_discarded_while_a_request_waits_for_it_gets_a_sentence(editor, monkeypatch, page):
    draft = start(editor)
    keys = {"statement_delete": [row(Statement, draft, "measure-rain").pk], "unit_tree": []}
    editing = trees.editing

    def after_a_colleague(edition):
        monkeypatch.setattr(trees, "editing", editing)
        drafts.discard(draft)
        return editing(edition)

    monkeypatch.setattr(trees, "editing", after_a_colleague)
    address = reverse(f"admin:units_{page}", args=keys.get(page, [draft.pk]))
    sent = {"post": "yes", "of": draft.identifier, "do": "up", "unit": "right"}
    answer = editor.post(address, sent, follow=True)
    assert "This draft has been discarded" in text_of(answer)
