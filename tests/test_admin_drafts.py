"""The life of a draft in the admin, over HTTP: started, compared, corrected, published, discarded."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from tests.editing import change_address, form_of, publication, row, save, start
from tests.reading import text_of
from units import drafts, trees
from units.documents import dump
from units.models import Edition, Post, Unit
from units.resolve import forget_editions


def test_a_draft_is_started_with_one_button_and_lists_then_show_it(editor):
    draft = start(editor)
    page = text_of(editor.get(reverse("admin:units_unit_changelist")))
    assert f"Draft {draft.pk}: A small institution – not public yet" in page
    assert draft.base.identifier == "2025-01-01.1"


def test_a_preview_is_for_editors_only_and_is_never_kept(editor, client):
    draft = start(editor)
    page = editor.get(f"/editions/{draft.identifier}/units/left/")
    assert "Preview of a draft, not public" in text_of(page)
    assert page.headers["Cache-Control"] == "no-store"
    client.logout()
    assert client.get(f"/editions/{draft.identifier}/").status_code == 404


def test_publishing_shows_the_whole_difference_and_then_publishes(editor):
    draft = start(editor)
    save(editor, row(Unit, draft, "left"), name="West unit")
    answer, page = publication(editor, draft, note="A slip was mended.")
    assert "This will be a correction of edition 2025-01-01.1" in text_of(page)
    assert "renamed Unit West unit in The institution Name: from Left unit to West unit" in text_of(page)
    assert "Published as edition 2025-01-01.2" in text_of(answer)
    forget_editions()
    assert "West unit" in text_of(editor.get("/"))
    assert "A slip was mended." in text_of(editor.get("/"))


def test_another_date_makes_a_new_edition_also_one_to_come(editor):
    draft = start(editor)
    tomorrow = timezone.localdate() + timedelta(days=1)
    answer, _ = publication(editor, draft, effective_on=tomorrow.isoformat())
    assert f"Published as edition {tomorrow}.1" in text_of(answer)


def test_a_draft_that_changed_since_one_looked_is_shown_again(editor):
    draft = start(editor)
    address = reverse("admin:units_edition_publish", args=[draft.pk])
    seen = editor.get(address).context["draft"].version
    trees.change(draft, "left", {"name": "Meanwhile"})
    data = {"effective_on": "2025-01-01", "title": "T", "note": "", "version": seen}
    assert "Look again, then decide" in text_of(editor.post(address, data))
    assert Edition.objects.drafts().exists()


def test_a_draft_that_is_late_is_brought_up_to_date_with_a_choice(editor):
    late = start(editor)
    save(editor, row(Unit, late, "left"), name="Mine")
    other = drafts.start(late.base)
    trees.change(other, "left", {"name": "Theirs"})
    drafts.publish_on(other, date(2025, 1, 1), title=other.title, note="")
    answer, _ = publication(editor, late)
    assert "Bring it up to date first" in text_of(answer)
    rebase = reverse("admin:units_edition_rebase", args=[late.pk])
    page = editor.post(rebase, {"onto": "2025-01-01.2"})
    assert "the draft’s: Mine" in text_of(page)
    name = unescape(re.search(r'type="radio" name="([^"]+)"', page.content.decode())[1])
    version = page.context["draft"].version
    editor.post(rebase, {"onto": "2025-01-01.2", "version": version, name: "theirs"})
    assert row(Unit, late, "left").name == "Theirs"
    answer, _ = publication(editor, late)
    assert "Published as edition 2025-01-01.3" in text_of(answer)


def test_of_very_many_conflicts_the_last_are_settled_together(editor, monkeypatch):
    monkeypatch.setattr("units.admin.editions.CONFLICTS_SHOWN", 1)
    late = start(editor)
    other = drafts.start(late.base)
    for draft, name in ((late, "Mine"), (other, "Theirs")):
        trees.change(draft, "left", {"name": name})
        trees.change(draft, "right", {"name": name})
    drafts.publish_on(other, date(2025, 1, 1), title=other.title, note="")
    rebase = reverse("admin:units_edition_rebase", args=[late.pk])
    page = editor.post(rebase, {"onto": "2025-01-01.2"})
    assert "And one more conflict" in text_of(page)
    sent = {"onto": "2025-01-01.2", "version": page.context["draft"].version}
    editor.post(rebase, sent | {"unit left name": "ours", "rest": "theirs"})
    assert [row(Unit, late, slug).name for slug in ("left", "right")] == ["Mine", "Theirs"]


def test_discarding_asks_first(editor):
    draft = start(editor)
    address = reverse("admin:units_edition_discard", args=[draft.pk])
    assert "will be gone" in text_of(editor.get(address))
    assert Edition.objects.drafts().exists()
    editor.post(address)
    assert not Edition.objects.drafts().exists()
    assert editor.get(reverse("admin:units_edition_change", args=[draft.pk])).status_code == 404


def test_a_slip_is_corrected_from_its_public_page_in_three_steps(editor):
    page = editor.get("/units/left/")
    edit = re.search(r'class="edit" href="([^"]+)"', page.content.decode())[1]
    address, data = form_of(editor, edit)
    answer = editor.post(address, data | {"name": "West unit", "note_of_edition": "Mended", "_publish": "1"})
    assert answer.url == "/units/left/"
    forget_editions()
    page = text_of(editor.get("/units/left/"))
    assert "West unit" in page
    assert "revision 2" in page
    assert not Edition.objects.drafts().exists()


def test_a_correction_that_is_refused_leaves_no_draft_behind(editor):
    unit = Unit.objects.get(slug="left")
    address, data = form_of(editor, change_address(unit) + "?edit=1")
    page = editor.post(address, data | {"name": "", "_publish": "1"})
    assert "This field is required" in text_of(page)
    assert not Edition.objects.drafts().exists()


def test_saving_a_form_of_the_chart_in_force_starts_a_draft(editor):
    unit = Unit.objects.get(slug="left")
    address, data = form_of(editor, change_address(unit) + "?edit=1")
    editor.post(address, data | {"name": "West unit", "_save": "1"})
    assert row(Unit, Edition.objects.drafts().get(), "left").name == "West unit"


def test_publishing_from_a_form_while_a_draft_holds_more_shows_what_else_would_be_published(editor):
    draft = start(editor)
    address, data = form_of(editor, change_address(row(Unit, draft, "left")))
    answer = editor.post(address, data | {"name": "West unit", "_publish": "1"})
    assert answer.url == reverse("admin:units_edition_publish", args=[draft.pk])


def test_readers_see_no_edit_link(client, editor):
    client.logout()
    assert "edit" not in client.get("/units/left/").content.decode().replace("edition", "")


def test_an_empty_draft_has_the_root(editor):
    draft = start(editor, empty="1")
    assert Unit.objects.of(draft).count() == 1


def test_a_large_edition_is_copied_in_steps_that_go_on_from_where_they_were(editor, monkeypatch):
    monkeypatch.setattr("units.documents.copying.ROWS_PER_STEP", 2)
    monkeypatch.setattr("units.admin.editions.COPY_SECONDS", 0.001)
    draft = start(editor)
    assert draft.is_being_copied
    copy = reverse("admin:units_edition_copy", args=[draft.pk])
    assert "rows are copied" in text_of(editor.get(copy))
    for _ in range(50):
        if editor.post(copy).status_code == 302:
            break
    assert dump(Edition.objects.get(pk=draft.pk)) == dump(draft.base)


@pytest.mark.parametrize("name", ["use", "copy", "details", "changes", "publish", "rebase", "discard"])
def test_the_pages_of_a_draft_are_closed_to_whoever_may_not_change_it(client, editor, name):
    draft = start(editor)
    client.force_login(get_user_model().objects.create_user("guest", is_staff=True))
    address = reverse(f"admin:units_edition_{name}", args=[draft.pk])
    assert client.post(address, {"onto": "2025-01-01"}).status_code == 403


def test_whoever_may_edit_and_not_publish_does_not_publish(client, editor):
    draft = start(editor)
    user = get_user_model().objects.create_user("writer", is_staff=True)
    rights = Permission.objects.filter(content_type__app_label="units").exclude(codename="publish_edition")
    user.user_permissions.set(rights)
    client.force_login(user)
    assert client.get(reverse("admin:units_edition_publish", args=[draft.pk])).status_code == 403
    address, data = form_of(client, change_address(row(Unit, draft, "left")))
    assert client.post(address, data | {"_publish": "1"}).status_code == 403


@pytest.mark.parametrize("name", ["details", "publish", "discard", "rebase"])
def test_writing_to_a_published_edition_answers_409(editor, name):
    edition = Edition.objects.get()
    answer = editor.post(reverse(f"admin:units_edition_{name}", args=[edition.pk]), {"onto": "2025-01-01"})
    assert answer.status_code == 409
    assert "never changes" in text_of(answer)


def test_a_draft_that_was_published_meanwhile_refuses_what_comes_late(editor):
    draft = start(editor)
    address, data = form_of(editor, change_address(row(Unit, draft, "left")))
    drafts.publish_on(draft, date(2025, 1, 1), title="T", note="")
    assert editor.post(address, data | {"name": "Too late", "_save": "1"}).status_code == 409


def test_a_slip_is_corrected_in_three_steps_also_while_a_draft_is_open(editor):
    draft = start(editor)
    trees.change(draft, "right", {"name": "Half-done"})
    address, data = form_of(editor, reverse("admin:units_unit_edit", args=["left"]))
    answer = editor.post(address, data | {"name": "West unit", "_publish": "1"})
    assert answer.url == "/units/left/"
    assert list(Edition.objects.drafts()) == [draft]
    assert "Half-done" not in str(dump(Edition.objects.published().first()))
    assert row(Unit, draft, "left").name == "Left unit"


def test_after_a_quick_correction_the_editor_still_works_on_the_same_draft(editor):
    first, _second = start(editor), start(editor)
    editor.post(reverse("admin:units_edition_use", args=[first.pk]))
    address, data = form_of(editor, reverse("admin:units_unit_edit", args=["left"]))
    editor.post(address, data | {"name": "West unit", "_publish": "1"})
    assert f"Draft {first.pk}: " in text_of(editor.get(reverse("admin:units_unit_changelist")))


def test_edit_on_a_preview_leads_to_the_form_in_that_draft(editor):
    draft = start(editor)
    edit = reverse("admin:units_unit_edit", args=["left"])
    answer = editor.get(edit, {"of": draft.identifier})
    assert answer.url == change_address(row(Unit, draft, "left"))
    other = editor.get(edit, {"of": "draft-999"}, follow=True)
    assert "You are working on another draft" in text_of(other)


def test_whoever_may_not_publish_edits_the_open_draft_from_the_public_page(client, editor):
    draft = start(editor)
    user = get_user_model().objects.create_user("writer", is_staff=True)
    rights = Permission.objects.filter(content_type__app_label="units").exclude(codename="publish_edition")
    user.user_permissions.set(rights)
    client.force_login(user)
    answer = client.get(reverse("admin:units_unit_edit", args=["left"]))
    assert answer.url == change_address(row(Unit, draft, "left"))


def test_a_quick_correction_names_later_editions_that_still_hold_the_slip(editor):
    draft = start(editor)
    tomorrow = timezone.localdate() + timedelta(days=1)
    drafts.publish_on(draft, tomorrow, title="To come", note="")
    address, data = form_of(editor, reverse("admin:units_unit_edit", args=["left"]))
    page = editor.post(address, data | {"name": "West unit", "_publish": "1"}, follow=True)
    assert f"Edition {tomorrow}.1 still says what this one corrects: West unit." in text_of(page)


def test_a_new_fact_can_be_saved_and_then_published_with_all_else_in_the_draft(editor):
    draft = start(editor)
    address, data = form_of(editor, reverse("admin:units_post_add") + "?unit=left")
    assert data["unit"] == "left"
    data |= {"slug": "head", "name": "Head", "role": "leads", "holder": "not-stated"}
    answer = editor.post(address, data | {"citations-0-passage": "charter#1", "_publish": "1"})
    assert answer.url == reverse("admin:units_edition_publish", args=[draft.pk])
    assert row(Post, draft, "head").unit.slug == "left"


def test_the_difference_can_be_read_side_by_side_and_page_by_page(editor, monkeypatch):
    draft = start(editor)
    trees.move(draft, "right", "left")
    trees.change(draft, "left", {"name": "West unit"})
    monkeypatch.setattr("units.admin.editions.CHANGES_ON_A_PAGE", 1)
    address = reverse("admin:units_edition_changes", args=[draft.pk])
    first = text_of(editor.get(address, {"layout": "side-by-side"}))
    assert "renamed unit West unit in The institution – name Left unit West unit" in first
    assert "1–1 of 2 changes" in first
    second = text_of(editor.get(address, {"page": "2"}))
    assert "moved Unit Right unit from The institution to West unit" in second


@pytest.mark.parametrize(
    ("page", "kind", "field", "shown_on"),
    [
        ("/units/left/", "statement", "text", "/units/left/#statement-measure-rain"),
        ("/timeline/", "milestone", "text", "/timeline/#milestone-"),
        ("/initiatives/rain-year/", "initiative", "name", "/initiatives/rain-year/"),
        ("/sources/charter/", "source", "title", "/sources/charter/"),
        ("/sources/charter/", "passage", "says", "/sources/charter/#p1"),
    ],
)
def test_every_fact_on_a_public_page_leads_to_its_form_and_back(editor, page, kind, field, shown_on):
    edits = re.findall(r'class="edit" href="([^"]+)"', editor.get(page).content.decode())
    [edit] = [edit for edit in edits if f"/{kind}/" in edit][:1]
    address, data = form_of(editor, edit)
    answer = editor.post(address, data | {field: "A better word", "_publish": "1"})
    assert answer.url.startswith(shown_on)
    forget_editions()
    assert "A better word" in text_of(editor.get(answer.url.partition("#")[0]))


def test_only_what_is_in_force_and_drafts_can_be_edited_from_their_pages(editor):
    draft = start(editor)
    pages = ["/units/left/", f"/editions/{draft.identifier}/units/left/", "/editions/2025-01-01/units/left/"]
    found = [re.findall(r'class="edit" href="([^"]+)"', editor.get(page).content.decode()) for page in pages]
    assert [bool(edits) for edits in found] == [True, True, False]
    assert all(edit.endswith(f"?of={draft.identifier}") for edit in found[1])
