"""The test of whether a tree is whole, and the queries that read trees."""

import random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.institutions import institution
from tests.conftest import LENGTH
from tests.made_up_documents import documents
from units import trees
from units.documents import load
from units.models import Unit

COLUMNS = ["lft", "rght", "level", "tree_id"]


@pytest.mark.parametrize("size", [1, 2, 3, 14, 200])
def test_a_tree_of_any_size_is_whole_when_it_is_loaded(db, size):
    assert trees.problems(load(institution(size))) == []


@pytest.fixture
def tree(db):
    return load(institution(25))


@given(column=st.sampled_from(COLUMNS), which=st.integers(0, 24), by=st.integers(-3, 3).filter(bool))
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_every_number_that_is_wrong_is_found(tree, column, which, by):
    unit = Unit.objects.of(tree)[which]
    value = getattr(unit, column)
    if value + by < 0:
        return
    Unit.objects.filter(pk=unit.pk).update(**{column: value + by})
    assert trees.problems(tree)
    Unit.objects.filter(pk=unit.pk).update(**{column: value})
    assert trees.problems(tree) == []


@pytest.mark.parametrize("seed", range(10))
def test_every_wrong_parent_is_found(tree, seed):
    dice = random.Random(seed)
    unit = dice.choice(Unit.objects.of(tree).exclude(parent=None))
    other = dice.choice(Unit.objects.of(tree).exclude(pk__in=[unit.pk, unit.parent_id]))
    Unit.objects.filter(pk=unit.pk).update(**{"parent": other.pk})
    assert any("parent" in problem for problem in trees.problems(tree))


quickly = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
damages = st.lists(
    st.tuples(st.sampled_from([*COLUMNS, "parent"]), st.integers(0, 6), st.integers(0, 14)),
    min_size=1,
    max_size=4,
)


def is_whole(edition):
    """Say by the definition, slowly, whether the tree is whole: number it anew from its parents."""
    below = {}
    for unit in Unit.objects.filter(edition=edition).order_by("lft"):
        below.setdefault(unit.parent_id, []).append(unit)
    seen = []

    def numbered(unit, left, level):
        right = left + 1
        for child in below.get(unit.pk, ()):
            right = numbered(child, right, level + 1) + 1
        wanted = (left, right, level, edition.tree_id)
        seen.append((unit.lft, unit.rght, unit.level, unit.tree_id) == wanted)
        return right

    for root in below.get(None, ()):
        numbered(root, 1, 0)
    # What hangs in a circle of its own is never reached.
    return all(seen) and len(seen) == sum(map(len, below.values()))


@given(size=st.integers(2, 7), damages=damages)
@settings(max_examples=100 * LENGTH, suppress_health_check=quickly, deadline=None)
def test_damage_of_any_kind_in_several_places_is_found_and_nothing_else_is(db, size, damages):
    with transaction.atomic():
        edition = load(institution(size))
        keys = list(Unit.objects.of(edition).values_list("pk", flat=True))
        for column, which, value in damages:
            value = {"parent": keys[value % size], "tree_id": edition.tree_id + value % 2}.get(column, value)
            Unit.objects.filter(pk=keys[which % size]).update(**{column: value})
        assert (trees.problems(edition) == []) == is_whole(edition)
        transaction.set_rollback(True)


@given(document=documents())
@settings(max_examples=25 * LENGTH, suppress_health_check=quickly, deadline=None)
def test_a_tree_of_any_shape_is_whole_when_it_is_loaded(db, document):
    with transaction.atomic():
        assert trees.problems(load(document)) == []
        transaction.set_rollback(True)


def test_two_units_that_changed_places_by_half_are_found(tree):
    one, other = Unit.objects.of(tree)[1:3]
    Unit.objects.filter(pk=one.pk).update(lft=other.lft)
    Unit.objects.filter(pk=other.pk).update(lft=one.lft)
    assert trees.problems(tree)


def test_a_unit_that_is_lost_in_another_tree_is_found_even_where_the_rest_is_whole(db):
    edition = load(institution(2))
    root, unit = Unit.objects.of(edition)
    Unit.objects.filter(pk=unit.pk).update(tree_id=edition.tree_id + 1)
    Unit.objects.filter(pk=root.pk).update(rght=2)
    assert any("another edition's tree" in problem for problem in trees.problems(edition))


def test_an_edition_without_any_unit_is_not_whole(tree):
    Unit.objects.of(tree).delete()
    assert trees.problems(tree) == ["There is no unit: an edition has a tree with one root."]


def test_damage_in_one_edition_is_not_reported_of_another(tree):
    other = load(institution(3))
    Unit.objects.of(other).update(level=7)
    assert trees.problems(other)
    assert trees.problems(tree) == []


def test_a_unit_that_is_missing_leaves_a_gap(tree):
    leaf = Unit.objects.of(tree).last()
    Unit.objects.filter(pk=leaf.pk).delete()
    assert trees.problems(tree)


def test_a_tree_that_is_damaged_all_over_is_told_in_twenty_sentences(tree):
    Unit.objects.of(tree).update(level=7)
    assert len(trees.problems(tree)) == trees.ENOUGH


def test_a_unit_comes_with_all_that_is_above_it(tree):
    unit = Unit.objects.of(tree).last()
    path = Unit.objects.with_ancestors(tree, unit.slug)
    assert path[-1] == unit
    assert path[0].parent_id is None
    assert [above.pk for above in path[:-1]] == [below.parent_id for below in path[1:]]


def test_a_unit_that_is_not_there_comes_with_nothing(tree):
    assert Unit.objects.with_ancestors(tree, "nothing") == []


def test_the_upper_levels_are_whole_unless_the_first_below_the_root_is_too_long(db):
    edition = load(institution(300))
    for most in (1, 30, 300):
        top = list(Unit.objects.top(edition, most))
        deepest = top and max(unit.level for unit in top)
        assert len(top) <= most
        assert len(top) == min(most, Unit.objects.of(edition).filter(level__lte=deepest).count())


def test_the_units_of_an_edition_come_in_the_order_of_its_document(db, small_document):
    load(institution(5))
    units = Unit.objects.of(load(small_document))
    assert [(unit.slug, unit.level, unit.units_below) for unit in units] == [
        ("root", 0, 2),
        ("left", 1, 0),
        ("right", 1, 0),
    ]


def test_the_units_below_one_are_those_directly_below_in_order(tree):
    everything = list(Unit.objects.of(tree))
    for unit in everything:
        below = [child for child in everything if child.parent_id == unit.pk]
        assert list(Unit.objects.children_of(unit)) == below
        path = Unit.objects.with_ancestors(tree, unit.slug)
        assert Unit.objects.with_neighbours(tree, unit.slug, slice(0, 99)) == (path, below)
        assert Unit.objects.with_neighbours(tree, unit.slug, slice(1, 3)) == (path, below[1:3])


def test_a_unit_with_all_above_it_takes_one_query_and_is_of_the_edition_asked_for(
    tree, django_assert_num_queries
):
    other = load(institution(25))
    with django_assert_num_queries(1):
        path = Unit.objects.with_ancestors(other, "unit-24")
    assert {unit.edition_id for unit in path} == {other.pk}
