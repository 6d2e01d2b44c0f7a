"""Documents: the two directions, the canonical form, and what is refused."""

import json

import pytest
import rfc8785
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import LENGTH
from tests.made_up_documents import documents
from units.documents import DocumentError, canonical, check, dump, load, parse
from units.models import Edition, Milestone

generated = settings(
    max_examples=40 * LENGTH,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@generated
@given(document=documents())
def test_what_is_loaded_is_dumped_again(db, document):
    with transaction.atomic():
        assert dump(load(document)) == document
        transaction.set_rollback(True)


@given(document=documents())
@settings(generated, max_examples=25 * LENGTH)
def test_the_canonical_form_is_that_of_rfc_8785(document):
    assert canonical(document) == rfc8785.dumps(document)
    assert canonical(parse(canonical(document))) == canonical(document)


def test_the_first_edition_comes_back_as_it_was(db, first_document):
    assert dump(load(first_document)) == first_document


def test_a_quantity_of_zero_is_not_lost(db, small_document):
    statement = small_document["units"][0]["units"][0]["statements"][0]
    statement |= {"quantity": 0, "comparator": "exactly"}
    assert dump(load(small_document)) == small_document


def test_a_month_is_kept_as_its_last_day_with_its_precision(draft):
    milestone = Milestone.objects.of(draft).get(slug="rain-begins")
    assert (milestone.date.isoformat(), milestone.precision) == ("2025-03-31", "month")
    assert milestone.when == "by the end of March 2025"


def test_a_relative_date_stays_relative(draft):
    milestone = Milestone.objects.of(draft).for_display().get(slug="rain-report")
    assert (milestone.date, milestone.when) == (None, "6 months after")
    assert milestone.anchor.slug == "rain-begins"


def broken(change):
    """Return a test case: a function that breaks the small document."""
    return pytest.param(change, id=change.__name__)


def unit(document):
    return document["units"][0]["units"][0]


def null(document):
    unit(document)["purpose"] = None
    return "units[0].units[0].purpose", "null"


def unknown_key(document):
    unit(document)["colour"] = "red"
    return "units[0].units[0]", "colour"


def no_citation(document):
    unit(document)["cites"] = []
    return "units[0].units[0].cites", "less than 1 item"


def unknown_passage(document):
    unit(document)["cites"] = [{"passage": "charter#9"}]
    return "units[0].units[0].cites[0].passage", "no passage charter#9"


def slug_twice(document):
    document["units"][0]["units"][1]["slug"] = "left"
    return "units[0].units[1].slug", "there twice"


def a_fraction(document):
    document["milestones"][0]["after"]["months"] = 1.5
    return "milestones[0].after.months", "not a whole number"


def a_control_character(document):
    unit(document)["name"] = "Left\x07unit"
    return "units[0].units[0].name", "U+0007"


def half_a_character(document):
    unit(document)["name"] = "Left \ud800"
    return "units[0].units[0].name", "U+D800"


def decomposed_text(document):
    unit(document)["name"] = "Unite\u0301"
    return "units[0].units[0].name", "NFC"


def no_such_day(document):
    document["effective_on"] = "2025-02-30"
    return "effective_on", "no day 2025-02-30"


def no_such_month(document):
    document["milestones"][1]["date"] = "2025-13"
    return "milestones[1].date", "no day 2025-13"


def unknown_initiative(document):
    unit(document)["statements"][0]["about"] = {"initiative": "nothing"}
    return "units[0].units[0].statements[0].about.initiative", "no initiative “nothing”"


def milestones_in_a_circle(document):
    document["milestones"][1] = document["milestones"][0] | {
        "slug": "rain-begins",
        "after": {"milestone": "rain-report", "months": 1},
    }
    return "milestones[0].after", "rain-report → rain-begins → rain-report"


def two_roots(document):
    document["units"].append(document["units"][0]["units"].pop())
    return "units", "more than 1 item"


def passage_twice(document):
    document["sources"][0]["passages"] *= 2
    return "sources[0].passages[1].number", "charter#1 is there twice"


def number_without_comparator(document):
    unit(document)["statements"][0]["quantity"] = 3
    return "units[0].units[0].statements[0]", "comparator"


def a_number_too_large(document):
    unit(document)["statements"][0] |= {"quantity": 2**53, "comparator": "exactly"}
    return "units[0].units[0].statements[0].quantity", "larger than"


BREAKS = [
    *(null, unknown_key, no_citation, unknown_passage, slug_twice, a_fraction, a_control_character),
    *(half_a_character, decomposed_text, no_such_day, no_such_month, unknown_initiative),
    *(milestones_in_a_circle, two_roots, passage_twice, number_without_comparator, a_number_too_large),
]


@pytest.mark.parametrize("change", [broken(change) for change in BREAKS])
def test_a_broken_document_is_refused_with_the_path_of_what_is_wrong(db, small_document, change):
    path, words = change(small_document)
    with pytest.raises(DocumentError) as refused:
        load(small_document)
    assert [path] == [problem.path for problem in refused.value.problems]
    assert words in str(refused.value)
    assert not Edition.objects.exists()


def test_every_problem_is_listed_at_once(small_document):
    small_document["units"][0]["kind"] = "empire"
    small_document["units"][0]["units"][1] |= {"slug": "Not a slug", "purpose": None}
    paths = {problem.path for problem in check(small_document)}
    assert {"units[0].kind", "units[0].units[1].slug", "units[0].units[1].purpose"} <= paths


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"{", "not JSON"),
        (b"\xff", "not UTF-8"),
        (b'{"title": "a", "title": "b"}', "stands twice"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"title": ' + b"[" * 120 + b"]" * 120 + b"}", "deeper than 50 levels"),
        (b'{"title": NaN}', "not a whole number"),
        (b'{"title": ' + b"9" * 5_000 + b"}", "too many digits"),
        (b'"text"', "not of type"),
        (b"null", "null"),
    ],
)
def test_bytes_that_are_no_document_are_refused_in_a_sentence(raw, words):
    with pytest.raises(DocumentError, match=words):
        parse(raw)


def test_a_load_that_fails_half_way_leaves_nothing(db, small_document, monkeypatch):
    monkeypatch.setattr("units.documents.loading.Loader.citations", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        load(small_document)
    assert not Edition.objects.exists()


def test_the_schema_is_the_documents_own(first_document):
    reordered = json.loads(json.dumps(first_document, sort_keys=True))
    assert check(reordered) == []


@generated
@given(document=documents(), data=st.data())
def test_a_document_that_is_broken_anywhere_is_refused_and_breaks_nothing(document, data):
    holders = [holder for holder in walk(document) if holder]
    holder = data.draw(st.sampled_from(holders))
    key = data.draw(st.sampled_from(list(holder) if isinstance(holder, dict) else range(len(holder))))
    holder[key] = data.draw(
        st.sampled_from([None, 1.5, "", [], {}, [[]], [{}], [3], {"slug": 7}, "x" * 9_000])
    )
    assert all(problem.message for problem in check(document))


def walk(value):
    """Yield every object and list in `value`."""
    if isinstance(value, dict | list):
        yield value
        for item in value.values() if isinstance(value, dict) else value:
            yield from walk(item)
