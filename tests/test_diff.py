"""Comparing two documents, and merging three."""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.institutions import institution
from tests.conftest import LENGTH, ROOT
from tests.made_up_documents import documents
from units.diff import FIELDS, KINDS, diff
from units.documents import canonical
from units.documents.merging import _Merge, merge
from units.documents.things import KIND_IN, document_of, things_of

pytestmark = pytest.mark.any_database
generated = settings(max_examples=60 * LENGTH, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def changes(before, after):
    return [(c.kind, c.slug, c.verb, c.field) for c in diff(before, after)]


@pytest.fixture
def changed(small_document):
    return copy.deepcopy(small_document)


@generated
@given(document=documents())
def test_a_document_taken_apart_is_put_together_again(document):
    assert document_of(things_of(document)) == document


@generated
@given(document=documents(), other=documents())
def test_there_is_a_difference_exactly_where_documents_differ(document, other):
    assert diff(document, copy.deepcopy(document)) == []
    assert bool(diff(document, other)) == (canonical(document) != canonical(other))


@generated
@given(before=documents(), after=documents())
def test_a_difference_read_backwards_has_the_same_things(before, after):
    opposite = {"added": "removed", "removed": "added"}
    there, back = changes(before, after), changes(after, before)
    assert {(*c[:2], opposite.get(c[2], c[2])) for c in there if c[2] != "reordered"} == {
        c[:3] for c in back if c[2] != "reordered"
    }


@generated
@given(base=documents(), changed=documents())
def test_a_merge_with_one_side_unchanged_is_the_other_side(base, changed):
    assert merge(base, changed, base) == (changed, [])
    merged, conflicts = merge(base, base, changed)
    assert merged == changed | {"effective_on": base["effective_on"]}
    assert conflicts == []


@generated
@given(base=documents(), changed=documents())
def test_a_merge_of_the_same_change_twice_is_that_change(base, changed):
    assert merge(base, changed, copy.deepcopy(changed)) == (changed, [])


@generated
@given(order=st.permutations(range(6)))
def test_the_fewest_units_are_called_reordered(order):
    def with_units(numbers):
        units = [{"slug": f"u{n}", "name": f"U{n}", "kind": "unit", "cites": []} for n in numbers]
        return {
            "effective_on": "2025-01-01",
            "title": "T",
            "units": [{"slug": "r", "name": "R", "units": units}],
        }

    found = changes(with_units(range(6)), with_units(order))
    rising = max(
        sum(1 for _ in chosen)
        for mask in range(64)
        if (chosen := [n for i, n in enumerate(order) if mask >> i & 1]) == sorted(chosen)
    )
    assert len(found) == 6 - rising
    assert {verb for _, _, verb, _ in found} <= {"reordered"}


def left(document):
    return document["units"][0]["units"][0]


def right(document):
    return document["units"][0]["units"][1]


def test_each_kind_of_change_has_its_word(small_document, changed):
    left(changed)["name"] = "West unit"
    left(changed)["units"] = [changed["units"][0]["units"].pop()]
    left(changed)["statements"][0]["certainty"] = "actual"
    changed["milestones"].reverse()
    del changed["initiatives"]
    assert changes(small_document, changed) == [
        ("unit", "left", "renamed", "name"),
        ("statement", "measure-rain", "changed", "certainty"),
        ("unit", "right", "moved", "place"),
        ("milestone", "rain-begins", "reordered", "place"),
        ("initiative", "rain-year", "removed", ""),
    ]


def test_changes_to_different_fields_are_both_made(small_document, changed):
    theirs = copy.deepcopy(small_document)
    left(changed)["name"] = "West unit"
    left(theirs)["purpose"] = "To measure"
    merged, conflicts = merge(small_document, changed, theirs)
    assert (left(merged)["name"], left(merged)["purpose"], conflicts) == ("West unit", "To measure", [])


def test_changes_to_the_same_field_conflict_until_somebody_chooses(small_document, changed):
    theirs = copy.deepcopy(small_document)
    left(changed)["name"], left(theirs)["name"] = "West unit", "Linker unit"
    merged, [conflict] = merge(small_document, changed, theirs)
    assert (left(merged)["name"], conflict.ours, conflict.theirs) == ("West unit", "West unit", "Linker unit")
    merged, _ = merge(small_document, changed, theirs, {"unit left name": "theirs"})
    assert left(merged)["name"] == "Linker unit"


def test_a_unit_that_one_side_removed_and_the_other_filled_comes_back(small_document, changed):
    theirs = copy.deepcopy(small_document)
    right(changed)["units"] = [{"slug": "new", "name": "New", "kind": "unit", "cites": left(theirs)["cites"]}]
    del theirs["units"][0]["units"][1]
    merged, [conflict] = merge(small_document, changed, theirs)
    assert right(merged)["units"][0]["slug"] == "new"
    assert (conflict.slug, conflict.field) == ("right", "exists")
    merged, [conflict] = merge(small_document, changed, theirs, {"unit right exists": "theirs"})
    assert things_of(merged).keys() == things_of(theirs).keys()


def test_a_unit_that_is_kept_is_kept_with_all_that_is_in_it(small_document, changed):
    theirs = copy.deepcopy(small_document)
    del changed["units"][0]["units"][0]
    left(theirs)["name"] = "West unit"
    merged, _ = merge(small_document, changed, theirs, {"unit left exists": "theirs"})
    assert left(merged) == left(theirs)
    merged, _ = merge(small_document, changed, theirs)
    assert merged == changed


def test_what_was_moved_into_a_unit_that_goes_stays_where_it_was(small_document, changed):
    theirs = copy.deepcopy(small_document)
    left(changed)["units"] = [changed["units"][0]["units"].pop(1)]
    del theirs["units"][0]["units"][0]
    merged, [conflict] = merge(small_document, changed, theirs, {"unit left exists": "theirs"})
    assert (merged["units"], conflict.slug) == (theirs["units"], "left")
    merged, _ = merge(small_document, changed, theirs)
    assert merged["units"] == changed["units"]


@generated
@given(base=documents(), ours=documents(), theirs=documents(), chosen=st.sampled_from(["ours", "theirs"]))
def test_whatever_is_merged_and_chosen_nothing_hangs_in_the_air(base, ours, theirs, chosen):
    for document in (base, ours, theirs):
        document["units"][0]["slug"] = "root"
    _, conflicts = merge(base, ours, theirs)
    choices = {conflict.key: chosen for conflict in conflicts}
    merging = _Merge(base, ours, theirs, choices)
    merged, _ = merging.run()
    assert things_of(merged).keys() >= merging.merged.keys()
    assert len(merged["units"]) == 1


@pytest.mark.parametrize("choice", [None, "ours", "theirs"])
def test_of_two_moves_that_would_make_a_circle_the_chosen_one_stands(small_document, changed, choice):
    theirs = copy.deepcopy(small_document)
    left(changed)["units"] = [changed["units"][0]["units"].pop(1)]
    right_of_theirs = right(theirs)
    right_of_theirs["units"] = [theirs["units"][0]["units"].pop(0)]
    choices = {"unit right place": choice} if choice else {}
    merged, [conflict] = merge(small_document, changed, theirs, choices)
    assert merged["units"] == (theirs if choice == "theirs" else changed)["units"]
    assert (conflict.slug, conflict.field) == ("right", "place")


def test_units_that_both_sides_added_stand_where_each_had_them(small_document, changed):
    theirs = copy.deepcopy(small_document)
    cites = left(theirs)["cites"]
    changed["units"][0]["units"].insert(1, {"slug": "ours", "name": "Ours", "kind": "unit", "cites": cites})
    theirs["units"][0]["units"].append({"slug": "theirs", "name": "Theirs", "kind": "unit", "cites": cites})
    merged, _ = merge(small_document, changed, theirs)
    assert [unit["slug"] for unit in merged["units"][0]["units"]] == ["left", "ours", "right", "theirs"]


def test_every_member_and_kind_of_a_document_has_its_word():
    schema = json.loads((ROOT / "units" / "edition.schema.json").read_text())
    members = {name for part in (schema, *schema["$defs"].values()) for name in part.get("properties", {})}
    parts_of_others = {"unit", "body", "initiative", "milestone", "passage", "field", "editorial", "groups"}
    assert members - set(KIND_IN) - parts_of_others - {"months"} <= set(FIELDS)
    assert set(KIND_IN.values()) | {"edition"} == set(KINDS)


def edited(document, dice):
    """Return a copy of `document` that a few random steps have changed."""
    document = copy.deepcopy(document)
    for number in range(dice.randint(1, 4)):
        everything = list(walk(document["units"][0]))
        unit, above = dice.choice(everything[1:])
        what = dice.choice(["rename", "remove", "move", "reorder", "add"])
        if what == "rename":
            unit["name"] = f"Name {dice.randint(0, 2)}"
        elif what in ("remove", "move"):
            inside = {id(below) for below, _above in walk(unit)}
            others = [other for other, _above in everything if id(other) not in inside]
            above["units"].remove(unit)
            if not above["units"]:
                del above["units"]
            if what == "move":
                dice.choice(others).setdefault("units", []).append(unit)
        elif what == "reorder":
            dice.shuffle(above.get("units", []))
        else:
            unit.setdefault("units", []).append(
                {"slug": f"new-{dice.randint(0, 5)}-{number}", "name": "New", "kind": "unit", "cites": []}
            )
    return document


def walk(unit, above=None):
    """Yield (unit, the unit around it) for `unit` and all that are below it."""
    yield unit, above
    for below in unit.get("units", ()):
        yield from walk(below, unit)


@generated
@given(dice=st.randoms(use_true_random=False))
def test_leaving_out_what_is_the_same_everywhere_changes_no_merge(dice):
    base = institution(12)
    ours, theirs = edited(base, dice), edited(base, dice)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("units.documents.merging.same_in", lambda *documents: set())
        whole = merge(base, ours, theirs)
    short = merge(base, ours, theirs)
    assert canonical(short[0]) == canonical(whole[0])
    assert {conflict.key: conflict for conflict in short[1]} == {c.key: c for c in whole[1]}
