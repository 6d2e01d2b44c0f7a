"""People: named only where a post is marked so, only while they hold it, and never in what is kept."""

from datetime import date

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from tests.test_pages import text_of
from units import drafts
from units.documents import canonical, dump, load, publish, readable
from units.models import Appointment, Edition, Person, PostPublicity

NAME = "Ada Example"
SOURCE = "A made-up decision of 1 January 2025"


@pytest.fixture
def appointment(office):
    person = Person.objects.create(name=NAME, page="https://institution.example/ada")
    starts, ends = date(2025, 1, 1), date(2025, 12, 31)
    return Appointment.objects.create(
        person=person, post=office.head.slug, starts_on=starts, ends_on=ends, source=SOURCE
    )


@pytest.fixture
def public(office):
    return PostPublicity.objects.create(post=office.head.slug, reason="The public elects to know")


def shown(client, query=""):
    return NAME in text_of(client.get(f"/units/ai-office/{query}"))


@pytest.mark.parametrize(
    ("holder", "words"), [("not-stated", "not stated in the source"), ("vacant", "vacant")]
)
def test_a_post_whose_holder_is_not_stated_is_not_called_vacant(client, db, small_document, holder, words):
    post = {"slug": "chief", "name": "Chief", "role": "leads", "holder": holder}
    small_document["units"][0]["posts"] = [post | {"cites": small_document["units"][0]["cites"]}]
    publish(load(small_document))
    page = text_of(client.get("/units/root/"))
    assert f"Holder: {words}" in page
    assert ("vacant" in page) == (holder == "vacant")


def test_no_post_of_the_first_edition_is_called_vacant(client, office):
    page = text_of(client.get("/units/ai-office/"))
    assert page.count("Holder: not stated in the source") == 3
    assert "vacant" not in page


def test_a_name_is_shown_with_its_source_where_the_post_is_marked_so(client, appointment, public):
    page = text_of(client.get("/units/ai-office/?on=2025-06-01"))
    assert f"Holder: {NAME} ({SOURCE})" in page
    assert page.count("Holder: not stated in the source") == 2


def test_a_name_is_not_shown_without_the_mark(client, appointment):
    assert not shown(client, "?on=2025-06-01")


@pytest.mark.parametrize(
    ("day", "expected"), [("2024-12-31", 0), ("2025-01-01", 1), ("2025-12-31", 1), ("2026-01-01", 0)]
)
def test_a_name_is_shown_from_the_first_to_the_last_day(client, appointment, public, day, expected):
    assert shown(client, f"?on={day}") == bool(expected)


@pytest.mark.parametrize(
    "unknown", [{"starts_on": None}, {"ends_on": None}, {"starts_on": None, "ends_on": None}]
)
def test_a_day_that_is_not_stated_sets_no_limit(client, appointment, public, unknown):
    Appointment.objects.update(**unknown)
    assert shown(client, "?on=2024-06-16") == ("starts_on" in unknown)
    assert shown(client, "?on=2099-01-01") == ("ends_on" in unknown)


def test_the_mark_of_one_post_shows_nobody_of_another(client, appointment, public):
    other = Person.objects.create(name="Bea Other")
    Appointment.objects.create(person=other, post="lead-scientific-adviser", source=SOURCE)
    page = text_of(client.get("/units/ai-office/?on=2025-06-01"))
    assert NAME in page
    assert "Bea Other" not in page


def test_a_name_goes_when_the_mark_is_taken_away(client, appointment, public):
    assert shown(client, "?on=2025-06-01")
    public.delete()
    assert not shown(client, "?on=2025-06-01")


def test_a_person_can_be_named_although_all_editions_are_published(client, office, appointment, public):
    before = bytes(Edition.objects.values_list("document", flat=True).get())
    appointment.person.name = "Ada Renamed"
    appointment.person.save()
    assert "Ada Renamed" in text_of(client.get("/units/ai-office/?on=2025-06-01"))
    assert bytes(Edition.objects.values_list("document", flat=True).get()) == before


def test_permanent_pages_name_nobody(client, appointment, public):
    Appointment.objects.update(ends_on=None)
    assert shown(client)
    assert NAME not in text_of(client.get("/editions/2024-06-16.1/units/ai-office/"))


def test_no_other_page_names_anybody(client, appointment, public):
    for page in ("/", "/units/european-commission/", "/units/ai-safety/", "/sources/ip-24-2982/"):
        assert NAME not in text_of(client.get(f"{page}?on=2025-06-01"))


def test_a_page_of_a_draft_names_nobody(admin_client, office, appointment, public):
    Appointment.objects.update(ends_on=None)
    draft = drafts.start(office.edition)
    assert NAME not in text_of(admin_client.get(f"/editions/{draft.identifier}/units/ai-office/"))


def test_the_admins_history_holds_no_name(admin_client, db):
    admin_client.post(reverse("admin:units_person_add"), {"name": NAME})
    person = Person.objects.get()
    admin_client.post(reverse("admin:units_person_change", args=[person.pk]), {"name": "Ada Other"})
    admin_client.post(reverse("admin:units_person_delete", args=[person.pk]), {"post": "yes"})
    entries = LogEntry.objects.values_list("object_repr", "change_message")
    assert entries.count() == 3
    assert "Ada" not in str(list(entries))


def test_an_erased_person_leaves_nothing_behind(client, appointment, public):
    appointment.person.delete()
    assert not shown(client, "?on=2025-06-01")
    assert not Appointment.objects.exists()


def test_documents_and_histories_hold_no_name(office, appointment):
    assert NAME.encode() not in canonical(dump(office.edition))
    assert NAME not in readable(dump(drafts.start(office.edition)))
    assert NAME not in f"{appointment} {appointment.person}"
