"""The test of whether a tree is whole, and the queries that read trees."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.institutions import institution
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


def test_the_upper_levels_are_whole_and_there_is_always_one_below_the_root(db):
    edition = load(institution(300))
    for most in (1, 30, 300):
        top = list(Unit.objects.top(edition, most))
        deepest = top and max(unit.level for unit in top)
        assert len(top) == Unit.objects.of(edition).filter(level__lte=deepest).count()
        assert deepest >= 1
