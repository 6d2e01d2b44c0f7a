"""Changing a draft's tree: every sequence of changes leaves it as a plain tree of lists would be."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.conftest import LENGTH
from tests.reference import Refused, TreeOfLists
from units import trees
from units.documents import dump, load, publish
from units.models import PublishedEditionError, Unit

numbers = st.integers(0, 99)
places = st.none() | st.integers(0, 5)


class Editing(RuleBasedStateMachine):
    make_draft = None

    @initialize()
    def start(self):
        self.draft = type(self).make_draft()
        self.reference = TreeOfLists(dump(self.draft))
        self.made = 0

    def some(self, number):
        """Return one of the slugs there are, the root included, chosen by `number`."""
        return sorted(self.reference.below)[number % len(self.reference.below)]

    def both(self, change, change_reference):
        """Make a change on both sides; what the reference refuses has to be refused."""
        try:
            change_reference()
        except Refused:
            with pytest.raises(trees.TreeError):
                change()
        else:
            change()

    @rule(below=numbers, position=places)
    def add(self, below, position):
        self.made += 1
        slug, below = f"unit-{self.made}", self.some(below)
        self.both(
            lambda: trees.add(self.draft, below, {"slug": slug, "name": "New", "kind": "unit"}, position),
            lambda: self.reference.add(slug, "New", below, position),
        )

    @rule(slug=numbers, below=numbers, position=places)
    def move(self, slug, below, position):
        slug, below = self.some(slug), self.some(below)
        self.both(
            lambda: trees.move(self.draft, slug, below, position),
            lambda: self.reference.move(slug, below, position),
        )

    @rule(slugs=st.lists(numbers, max_size=4), parent=st.none() | numbers, below=numbers, position=places)
    def move_all(self, slugs, parent, below, position):
        """Several at once: any, in any order, or all that are below `parent`."""
        slugs = list(dict.fromkeys(self.some(slug) for slug in slugs))
        slugs = slugs if parent is None else list(self.reference.below[self.some(parent)])
        if any(inside in slugs for slug in slugs for inside in self.reference.inside(slug)[1:]):
            return
        below = self.some(below)
        self.both(
            lambda: trees.move_all(self.draft, slugs, below, position),
            lambda: self.reference.move_all(slugs, below, position),
        )

    @rule(slug=numbers, to=st.none() | numbers)
    def remove(self, slug, to):
        slug, to = self.some(slug), None if to is None else self.some(to)
        self.both(lambda: trees.remove(self.draft, slug, to), lambda: self.reference.remove(slug, to))

    @rule(slug=numbers)
    def rename(self, slug):
        slug = self.some(slug)
        self.reference.names[slug] = "Another name"
        trees.change(self.draft, slug, {"name": "Another name"})

    @invariant()
    def is_whole_and_as_the_reference(self):
        if hasattr(self, "draft"):
            assert trees.problems(self.draft) == []
            assert TreeOfLists(dump(self.draft)) == self.reference


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


def test_any_number_of_neighbours_move_with_the_same_few_queries(draft, django_assert_max_num_queries):
    for number in range(40):
        trees.add(draft, "left", {"slug": f"u{number}", "name": "U", "kind": "unit"})
    slugs = [f"u{number}" for number in range(40)]
    with django_assert_max_num_queries(12):
        trees.move_all(draft, slugs, "root", 0)
    assert [unit["slug"] for unit in dump(draft)["units"][0]["units"]] == [*slugs, "left", "right"]


def test_units_that_are_no_neighbours_come_to_stand_one_behind_the_other(draft):
    for slug, below in [("a", "left"), ("b", "left"), ("c", "right")]:
        trees.add(draft, below, {"slug": slug, "name": slug, "kind": "unit"})
    trees.move_all(draft, ["c", "b", "a"], "root", 1)
    assert [unit["slug"] for unit in dump(draft)["units"][0]["units"]] == ["left", "c", "b", "a", "right"]
    trees.move_all(draft, ["a", "left"], "root")
    assert [unit["slug"] for unit in dump(draft)["units"][0]["units"]] == ["c", "b", "right", "a", "left"]
