"""People: named only where a post is marked so, only while they hold it, and never in what is kept."""

from datetime import date

import pytest

from tests.test_pages import text_of
from units.documents import canonical, dump
from units.models import Appointment, Person, PostPublicity

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


def test_permanent_pages_name_nobody(client, appointment, public):
    Appointment.objects.update(ends_on=None)
    assert shown(client)
    assert NAME not in text_of(client.get("/editions/2024-06-16.1/units/ai-office/"))


def test_an_erased_person_leaves_nothing_behind(client, appointment, public):
    appointment.person.delete()
    assert not shown(client, "?on=2025-06-01")
    assert not Appointment.objects.exists()


def test_documents_and_histories_hold_no_name(office, appointment):
    assert NAME.encode() not in canonical(dump(office.edition))
    assert NAME not in f"{appointment} {appointment.person}"
