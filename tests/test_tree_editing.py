"""Changing a draft's tree: every sequence of changes leaves it as a plain tree of lists would be."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.conftest import LENGTH
from units import trees
from units.documents import dump, load, publish
from units.models import PublishedEditionError, Unit

CITES = [{"passage": "charter#1"}]


def shape(edition):
    """Return the tree as nested (slug, [what is below])."""

    def node(unit):
        return (unit["slug"], [node(child) for child in unit.get("units", [])])

    return node(dump(edition)["units"][0])


class TreeOfLists:
    """The reference: a tree of plain lists, with the same refusals."""

    def __init__(self):
        self.below = {"root": ["left", "right"], "left": [], "right": []}

    def parent(self, slug):
        return next((above for above, below in self.below.items() if slug in below), None)

    def inside(self, slug):
        return [slug, *(found for child in self.below[slug] for found in self.inside(child))]

    def put(self, slug, below, position):
        siblings = self.below[below]
        siblings.insert(len(siblings) if position is None else min(position, len(siblings)), slug)

    def shape(self, slug="root"):
        return (slug, [self.shape(child) for child in self.below[slug]])


class Editing(RuleBasedStateMachine):
    make_draft = None

    @initialize()
    def start(self):
        self.draft = type(self).make_draft()
        self.reference = TreeOfLists()
        self.made = 0

    def some(self, number):
        """Return one of the slugs there are, the root included, chosen by `number`."""
        return sorted(self.reference.below)[number % len(self.reference.below)]

    @rule(below=st.integers(0, 99), position=st.none() | st.integers(0, 5))
    def add(self, below, position):
        self.made += 1
        slug, below = f"unit-{self.made}", self.some(below)
        trees.add(self.draft, below, {"slug": slug, "name": slug, "kind": "unit"}, position)
        self.reference.below[slug] = []
        self.reference.put(slug, below, position)

    @rule(slug=st.integers(0, 99), below=st.integers(0, 99), position=st.none() | st.integers(0, 5))
    def move(self, slug, below, position):
        slug, below = self.some(slug), self.some(below)
        if slug == "root" or below in self.reference.inside(slug):
            with pytest.raises(trees.TreeError):
                trees.move(self.draft, slug, below, position)
            return
        trees.move(self.draft, slug, below, position)
        self.reference.below[self.reference.parent(slug)].remove(slug)
        self.reference.put(slug, below, position)

    @rule(slug=st.integers(0, 99), to=st.none() | st.integers(0, 99))
    def remove(self, slug, to):
        slug, to = self.some(slug), None if to is None else self.some(to)
        children = self.reference.below[slug]
        if slug == "root" or (children and to in self.reference.inside(slug)):
            with pytest.raises(trees.TreeError):
                trees.remove(self.draft, slug, to)
            return
        trees.remove(self.draft, slug, to)
        if to is not None and to != slug:
            self.reference.below[to] += children
            self.reference.below[slug] = []
        self.reference.below[self.reference.parent(slug)].remove(slug)
        for gone in self.reference.inside(slug):
            del self.reference.below[gone]

    @rule(slug=st.integers(0, 99))
    def rename(self, slug):
        trees.change(self.draft, self.some(slug), {"name": "Another name"})

    @invariant()
    def is_whole_and_as_the_reference(self):
        if hasattr(self, "draft"):
            assert trees.problems(self.draft) == []
            assert shape(self.draft) == self.reference.shape()


def test_any_sequence_of_changes_leaves_the_tree_as_it_should_be(db, small_document):
    Editing.make_draft = staticmethod(lambda: load(small_document))
    run_state_machine_as_test(
        Editing, settings=settings(max_examples=40 * LENGTH, stateful_step_count=25, deadline=None)
    )


def test_a_published_edition_can_not_be_edited(draft):
    published = publish(draft)
    with pytest.raises(PublishedEditionError):
        trees.move(published, "left", "right")


def test_a_discarded_draft_says_so(draft):
    draft.delete()
    with pytest.raises(trees.TreeError, match="discarded"):
        trees.add(draft, "root", {"slug": "new", "name": "New", "kind": "unit"})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda draft: trees.move(draft, "root", "left"), "is the root"),
        (lambda draft: trees.move(draft, "left", "left"), "part of itself"),
        (lambda draft: trees.move(draft, "left", "nowhere"), "no unit “nowhere”"),
        (lambda draft: trees.move(draft, "nothing", "left"), "no unit “nothing”"),
        (lambda draft: trees.move(draft, "left", "root", -1), "count from 0"),
        (lambda draft: trees.remove(draft, "root"), "is the root"),
        (lambda draft: trees.add(draft, "left", {"slug": "right", "name": "R", "kind": "unit"}), "already"),
        (lambda draft: trees.change(draft, "left", {"slug": "right"}), "already"),
    ],
)
def test_what_would_break_the_tree_is_refused_and_changes_nothing(draft, change, words):
    before = dump(draft)
    with pytest.raises(trees.TreeError, match=words):
        change(draft)
    assert dump(draft) == before


def test_a_unit_that_something_is_about_can_not_be_removed(db, small_document):
    small_document["milestones"][0]["about"] = {"unit": "right"}
    draft = load(small_document)
    with pytest.raises(trees.TreeError, match="The report is out"):
        trees.remove(draft, "right")
    assert Unit.objects.of(draft).filter(slug="right").exists()


def test_the_place_of_a_unit_is_no_column_to_set(draft):
    with pytest.raises(ValueError, match="parent"):
        trees.change(draft, "left", {"parent": None})


def test_damage_that_is_there_already_is_met_with_a_refusal(draft):
    Unit.objects.filter(slug="right").update(lft=2)
    with pytest.raises(trees.TreeError, match="damaged"):
        trees.move(draft, "left", "root", 1)
