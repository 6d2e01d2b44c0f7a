"""Editing in the admin, over HTTP: drafts, forms, moves, publication, and everything that is refused."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.test_pages import text_of
from units import drafts, trees
from units.documents import canonical, dump, publish
from units.models import Citation, Edition, Milestone, Post, Statement, Unit
from units.resolve import forget_editions


@pytest.fixture
def editor(client, draft):
    """A signed-in publisher, and the small edition in force."""
    publish(draft)
    forget_editions()
    user = get_user_model().objects.create_user("editor", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="units"))
    client.force_login(user)
    return client


def start(editor, **data):
    """Start a draft as the button does; return it."""
    in_force = Edition.objects.published().first()
    answer = editor.post(reverse("admin:units_edition_start"), {"from": in_force.identifier} | data)
    assert answer.status_code == 302
    return Edition.objects.drafts().first()


def row(model, draft, slug):
    return model.objects.get(edition=draft, slug=slug)


def form_of(editor, address):
    """Return the address of the form on a page and what it would send, as a browser would."""
    page = editor.get(address, follow=True)
    assert page.status_code == 200
    data = {}
    form = page.context["adminform"].form
    sets = [inline.formset for inline in page.context["inline_admin_formsets"]]
    for part in [form, *(f for s in sets for f in (s.management_form, *s.forms))]:
        for field in part:
            value = field.value()
            data[field.html_name] = "" if value is None else "on" if value is True else value
    if page.redirect_chain:
        address = page.redirect_chain[-1][0]
    return address, {name: value for name, value in data.items() if value is not False}


def change_address(obj):
    return reverse(f"admin:units_{obj._meta.model_name}_change", args=[obj.pk])


def save(editor, obj, button="_save", **changes):
    address, data = form_of(editor, change_address(obj))
    return editor.post(address, data | changes | {button: "1"}, follow=True)


def test_without_a_draft_lists_show_the_chart_in_force_with_one_button(editor):
    for model in ("unit", "post", "statement", "milestone", "source"):
        page = editor.get(reverse(f"admin:units_{model}_changelist"))
        assert "You are looking at the chart in force, edition 2025-01-01.1" in text_of(page)
        assert page.content.decode().count("Start a draft") == 1


def test_a_draft_is_started_with_one_button_and_lists_then_show_it(editor):
    draft = start(editor)
    page = text_of(editor.get(reverse("admin:units_unit_changelist")))
    assert f"Draft {draft.pk}: A small institution – not public yet" in page
    assert draft.base.identifier == "2025-01-01.1"


def test_a_unit_is_changed_in_the_draft_and_not_in_public(editor):
    draft = start(editor)
    page = save(editor, row(Unit, draft, "left"), name="West unit", aliases="W\n* Wild West")
    assert "Saved to the draft; it is not public yet: Preview · What changes · Publish" in text_of(page)
    unit = row(Unit, draft, "left")
    assert unit.name == "West unit"
    assert unit.aliases == [{"name": "W"}, {"name": "Wild West", "editorial": True}]
    assert "West unit" not in text_of(editor.get("/"))
    assert "West unit" in text_of(editor.get(f"/editions/{draft.identifier}/"))


def test_a_preview_is_for_editors_only_and_is_never_kept(editor, client):
    draft = start(editor)
    page = editor.get(f"/editions/{draft.identifier}/units/left/")
    assert "Preview of a draft, not public" in text_of(page)
    assert page.headers["Cache-Control"] == "no-store"
    client.logout()
    assert client.get(f"/editions/{draft.identifier}/").status_code == 404


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


def test_a_unit_moves_up_and_down_and_elsewhere(editor):
    draft = start(editor)
    editor.post(reverse("admin:units_unit_up", args=["right"]))
    assert [unit["slug"] for unit in dump(draft)["units"][0]["units"]] == ["right", "left"]
    editor.post(reverse("admin:units_unit_up", args=["right"]))
    editor.post(reverse("admin:units_unit_down", args=["right"]))
    assert [unit["slug"] for unit in dump(draft)["units"][0]["units"]] == ["left", "right"]
    assert editor.get(reverse("admin:units_unit_move", args=["right"])).status_code == 200
    editor.post(reverse("admin:units_unit_move", args=["right"]), {"below": "left", "place": "1"})
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
    page = editor.post(reverse("admin:units_unit_move", args=[slug]), {"below": below}, follow=True)
    assert words in text_of(page)
    assert trees.problems(draft) == []


def test_removing_a_unit_asks_what_becomes_of_what_is_below(editor):
    draft = start(editor)
    trees.move(draft, "right", "left")
    remove = reverse("admin:units_unit_remove", args=["left"])
    assert "What is below it (1)" in text_of(editor.get(remove))
    assert "Say which unit" in text_of(editor.post(remove, {"sure": "on", "fate": "move"}))
    editor.post(remove, {"sure": "on", "fate": "move", "to": "root"})
    assert list(Unit.objects.of(draft).values_list("slug", flat=True)) == ["root", "right"]
    editor.post(reverse("admin:units_unit_remove", args=["right"]), {"sure": "on"})
    assert Unit.objects.of(draft).count() == 1


def test_the_admins_own_way_of_deleting_a_unit_leads_to_ours(editor):
    draft = start(editor)
    unit = row(Unit, draft, "left")
    answer = editor.post(reverse("admin:units_unit_delete", args=[unit.pk]), {"post": "yes"})
    assert answer.url == reverse("admin:units_unit_remove", args=["left"])
    assert Unit.objects.filter(pk=unit.pk).exists()


def test_other_facts_can_be_removed_unless_something_refers_to_them(editor):
    draft = start(editor)
    statement = row(Statement, draft, "measure-rain")
    anchor = row(Milestone, draft, "rain-begins")
    editor.post(reverse("admin:units_statement_delete", args=[statement.pk]), {"post": "yes"})
    editor.post(reverse("admin:units_milestone_delete", args=[anchor.pk]), {"post": "yes"})
    assert not Statement.objects.of(draft).exists()
    assert Milestone.objects.of(draft).count() == 2


def publication(editor, draft, **changes):
    address = reverse("admin:units_edition_publish", args=[draft.pk])
    page = editor.get(address)
    initial = page.context["form"].initial | {"version": page.context["draft"].version}
    return editor.post(address, initial | changes, follow=True), page


def test_publishing_shows_the_whole_difference_and_then_publishes(editor):
    draft = start(editor)
    save(editor, row(Unit, draft, "left"), name="West unit")
    answer, page = publication(editor, draft, note="A slip was mended.")
    assert "This will be a correction of edition 2025-01-01.1" in text_of(page)
    assert "renamed unit West unit name before Left unit name after West unit" in text_of(page)
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
    assert "Look again at what changes" in text_of(editor.post(address, data))
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
    editor.post(rebase, {"onto": "2025-01-01.2", name: "theirs"})
    assert row(Unit, late, "left").name == "Theirs"
    answer, _ = publication(editor, late)
    assert "Published as edition 2025-01-01.3" in text_of(answer)


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


def test_a_draft_is_started_from_a_document_and_a_broken_one_is_told_apart(editor, small_document):
    good = SimpleUploadedFile("a.json", canonical(small_document | {"title": "Sent"}))
    editor.post(reverse("admin:units_edition_start"), {"document": good})
    assert Edition.objects.drafts().get().title == "Sent"
    bad = SimpleUploadedFile("b.json", b'{"units": []}')
    page = editor.post(reverse("admin:units_edition_start"), {"document": bad}, follow=True)
    assert "The document was not loaded" in text_of(page)
    assert Edition.objects.drafts().count() == 1


def test_an_empty_draft_has_the_root(editor):
    draft = start(editor, empty="1")
    assert Unit.objects.of(draft).count() == 1


def test_a_large_edition_is_copied_in_steps_that_go_on_from_where_they_were(editor, monkeypatch):
    for module in ("units.documents.copying", "units.admin.editions"):
        monkeypatch.setattr(f"{module}.ROWS_PER_STEP", 2)
    draft = start(editor)
    assert draft.is_being_copied
    copy = reverse("admin:units_edition_copy", args=[draft.pk])
    assert "rows are copied" in text_of(editor.get(copy))
    for _ in range(30):
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
