"""Which edition an address means."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import LENGTH
from units import resolve
from units.documents import load, publish
from units.models import Edition
from units.resolve import (
    Moment,
    NothingInForceError,
    UnknownEditionError,
    edition_named,
    forget_editions,
    in_force,
    moment_of,
    published_editions,
)

JANUARY = date(2025, 1, 1)
days = st.integers(0, 9).map(lambda number: JANUARY + timedelta(number))
editions = st.lists(
    st.builds(
        lambda day, revision, published: Edition(
            effective_on=day,
            revision=revision,
            published_at=datetime(published.year, published.month, published.day, 12, tzinfo=UTC),
        ),
        days,
        st.integers(1, 3),
        days,
    ),
    unique_by=lambda edition: (edition.effective_on, edition.revision),
)


@given(editions=editions, on=days, known=st.none() | days)
@settings(max_examples=200 * LENGTH)
def test_in_force_is_the_latest_that_has_taken_effect_and_was_known(editions, on, known):
    found = in_force(editions, on, known)
    may_be = [
        (edition.effective_on, edition.revision)
        for edition in editions
        if edition.effective_on <= on and (not known or edition.published_at.date() <= known)
    ]
    assert (found and (found.effective_on, found.revision)) == (sorted(may_be)[-1] if may_be else None)


def test_what_was_known_on_a_day_is_what_was_published_by_its_end_in_brussels():
    just_before_midnight = datetime(2025, 1, 1, 22, 59, tzinfo=UTC)
    edition = Edition(effective_on=JANUARY, revision=1, published_at=just_before_midnight)
    assert in_force([edition], JANUARY, JANUARY) == edition
    edition.published_at += timedelta(minutes=1)
    assert in_force([edition], JANUARY, JANUARY) is None


@pytest.fixture
def three(db, small_document):
    first = publish(load(small_document))
    corrected = publish(load(small_document | {"note": "Mended"}))
    later = publish(load(small_document | {"effective_on": "2025-06-01"}))
    return first, corrected, later


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("on=2025-01-01", 1),
        ("on=2025-05-31", 1),
        ("on=2025-06-01", 2),
        ("on=9999-12-31", 2),
        ("", 2),
        ("on=2025-01-01&known=2099-01-01", 1),
    ],
)
def test_a_day_is_answered_with_the_last_correction_of_what_took_effect_before(three, rf, query, number):
    assert moment_of(rf.get(f"/?{query}")).edition == three[number]


@pytest.mark.parametrize("query", ["on=2024-12-31", "on=0001-01-01", "known=2025-01-01"])
def test_before_the_first_edition_or_before_the_site_knew_it_nothing_is_in_force(three, rf, query):
    with pytest.raises(NothingInForceError) as nothing:
        moment_of(rf.get(f"/?{query}"))
    assert nothing.value.moment.edition is None


def test_what_was_corrected_later_is_shown_as_it_was_known(three):
    first, corrected, _ = three
    first.published_at -= timedelta(days=30)
    yesterday = corrected.published_at.date() - timedelta(days=1)
    assert in_force([first, corrected], JANUARY, yesterday) == first
    assert in_force([first, corrected], JANUARY) == corrected


def test_an_edition_of_the_future_is_ahead_until_its_day(db, rf, small_document):
    future = publish(load(small_document | {"effective_on": "2999-01-01"}))
    with pytest.raises(NothingInForceError):
        moment_of(rf.get("/"))
    assert moment_of(rf.get("/"), "2999-01-01").is_ahead
    there = moment_of(rf.get("/?on=2999-01-01"))
    assert (there.edition, there.is_ahead) == (future, False)


def test_links_carry_on_what_was_asked_and_permanent_addresses_their_name():
    asked = Moment(None, JANUARY, {"on": "2025-01-01"})
    assert asked.url("unit", "left") == "/units/left/?on=2025-01-01"
    named = Moment(None, JANUARY, {}, "2025-01-01.1")
    assert named.url("unit", "left") == "/editions/2025-01-01.1/units/left/"


def test_an_edition_is_named_by_its_day_or_by_its_day_and_revision(three):
    first, corrected, later = three
    assert edition_named("2025-01-01") == corrected
    assert edition_named("2025-01-01.1") == first
    assert edition_named("2025-06-01.1") == later


@pytest.mark.parametrize(
    "name",
    [
        "2025-01-02",
        "2025-01-01.3",
        "2025-01-01.0",
        "2025-01-01.01",
        "2025-1-1",
        "latest",
        "",
        "1",
        "٢٠٢٥-01-01",
    ],
)
def test_a_name_that_no_edition_has_is_refused(three, name):
    with pytest.raises(UnknownEditionError):
        edition_named(name)


def test_a_draft_is_named_only_for_those_who_ask_for_drafts(draft):
    assert edition_named(f"draft-{draft.pk}", drafts=True) == draft
    with pytest.raises(UnknownEditionError):
        edition_named(f"draft-{draft.pk}")


def test_a_published_edition_is_no_draft_any_more(draft):
    publish(draft)
    with pytest.raises(UnknownEditionError):
        edition_named(f"draft-{draft.pk}", drafts=True)


def test_the_list_of_editions_is_held_for_a_moment_and_never_holds_drafts(
    three, draft, django_assert_num_queries
):
    forget_editions()
    with django_assert_num_queries(1):
        assert [edition.is_published for edition in published_editions() + published_editions()] == [True] * 6


def test_the_list_that_is_held_is_read_anew_once_it_is_forgotten(three, small_document, monkeypatch):
    monkeypatch.setattr("units.resolve.HELD_SECONDS", 600)
    forget_editions()
    published_editions()
    newest = publish(load(small_document | {"effective_on": "2026-01-01"}))
    assert newest not in published_editions()
    forget_editions()
    assert published_editions()[0] == newest


def test_editions_that_were_being_read_when_they_were_forgotten_are_not_held(office, monkeypatch):
    def slow(manager):
        resolve.forget_editions()  # another thread, which has just read what was published meanwhile
        return []

    resolve.forget_editions()
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(type(Edition.objects), "published", slow)
        assert resolve.published_editions() == []
    assert resolve.published_editions() == [office.edition]
