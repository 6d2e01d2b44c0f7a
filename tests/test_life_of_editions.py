"""Editions over their whole life, in any order: edited, published, undone, rebased; over HTTP too.

Each draft is held against a plain tree of lists, each published edition against the document that it was.
"""

import contextlib
import copy
import json
from datetime import date, timedelta

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from tests.conftest import LENGTH
from tests.editing import form_of, step, undo
from tests.reference import Refused, TreeOfLists
from units import drafts, trees
from units.documents import dump, load, publish
from units.documents.merging import merge
from units.models import Citation, Edition, History, Passage, Unit
from units.resolve import forget_editions
from units.verify import verify

FIRST_DAY = date(2025, 1, 1)
numbers = st.integers(0, 99)
some_draft_is_open = precondition(lambda self: getattr(self, "open", None))


class ThroughTheModule:
    """How a draft is changed: by calling functions, which raise TreeError for what they refuse."""

    can_undo = False

    def __init__(self, draft):
        self.draft = draft
        self.tree = TreeOfLists(dump(draft))
        self.past = []  # the trees that undoing leads back to, where the way can undo

    def add(self, slug, name, below, position):
        made = trees.add(self.draft, below, {"slug": slug, "name": name, "kind": "unit"}, position)
        passage = Passage.objects.of(self.draft).get()
        Citation.objects.create(edition=self.draft, unit=made, passage=passage, position=0)

    def rename(self, slug, name):
        trees.change(self.draft, slug, {"name": name})

    def move(self, slug, below, position):
        trees.move(self.draft, slug, below, position)

    def step(self, slug, by):
        parent = Unit.objects.get(edition=self.draft, slug=slug).parent
        if parent is None:
            raise trees.TreeError
        siblings = [unit.slug for unit in Unit.objects.children_of(parent)]
        trees.move(self.draft, slug, parent.slug, max(0, siblings.index(slug) + by))

    def inwards(self, slug):
        unit = Unit.objects.get(edition=self.draft, slug=slug)
        before = Unit.objects.before(unit) if unit.parent_id else None
        trees.move(self.draft, slug, before.slug if before else slug)

    def outwards(self, slug):
        unit = Unit.objects.get(edition=self.draft, slug=slug)
        if unit.parent_id is None or unit.parent.parent_id is None:
            raise trees.TreeError
        siblings = [one.slug for one in Unit.objects.children_of(unit.parent.parent)]
        trees.move(self.draft, slug, unit.parent.parent.slug, siblings.index(unit.parent.slug) + 1)

    def remove_alone(self, slug):
        unit = Unit.objects.get(edition=self.draft, slug=slug)
        if unit.parent_id is None:
            raise trees.TreeError
        place = [one.slug for one in Unit.objects.children_of(unit.parent)].index(slug)
        for number, child in enumerate(list(Unit.objects.children_of(unit))):
            trees.move(self.draft, child.slug, unit.parent.slug, place + number)
        trees.remove(self.draft, slug)

    def remove(self, slug, to):
        trees.remove(self.draft, slug, to)

    def publish(self, day):
        drafts.publish_on(self.draft, day, title="T", note="")

    def discard(self):
        drafts.discard(self.draft)

    def rebase(self, onto):
        conflicts = drafts.rebase(self.draft, onto)
        drafts.rebase(self.draft, onto, {conflict.key: "ours" for conflict in conflicts})


class OverHttp(ThroughTheModule):
    """How a draft is changed: in the tree editor, by forms; an answer of 500 or more ends the test."""

    can_undo = True

    def __init__(self, draft):
        super().__init__(draft)
        user, _ = get_user_model().objects.get_or_create(username="e", is_staff=True, is_superuser=True)
        self.editor = Client(SERVER_NAME="127.0.0.1")
        self.editor.force_login(user)
        self.post("edition_use", draft.pk)

    def post(self, page, key, **data):
        answer = self.editor.post(reverse(f"admin:units_{page}", args=[key]), data)
        assert answer.status_code in (200, 302), answer
        return answer

    def take(self, do, unit, **answers):
        answer = step(self.editor, do, unit, **answers)
        assert answer.status_code == 200, answer

    def add(self, slug, name, below, position):
        if position is None:
            self.take("below", below, slug=slug, name=name, kind="unit", passage="charter#1")
            return
        address, data = form_of(self.editor, reverse("admin:units_unit_add"))
        data |= {"slug": slug, "name": name, "kind": "unit", "citations-0-passage": "charter#1"}
        answer = self.editor.post(address, data | {"below": below, "place": position + 1, "_save": "1"})
        assert answer.status_code in (200, 302), answer
        self.past.clear()  # not by the editor, so not to be undone there

    def rename(self, slug, name):
        self.take("rename", slug, name=name)

    def move(self, slug, below, position):
        self.take("move", slug, below=below, number="" if position is None else position + 1)

    def step(self, slug, by):
        self.take({-1: "up", 1: "down"}[by], slug)

    def inwards(self, slug):
        self.take("in", slug)

    def outwards(self, slug):
        self.take("out", slug)

    def remove_alone(self, slug):
        self.take("remove", slug, units="up", inside="remove")

    def remove(self, slug, to):
        self.take("remove", slug, units="to" if to else "remove", inside="remove", to=to or "")

    def undo(self):
        answer = undo(self.editor)
        assert answer.status_code == 200, answer

    def publish(self, day):
        version = Edition.objects.get(pk=self.draft.pk).version
        data = {"effective_on": day.isoformat(), "title": "T", "note": "", "version": version}
        self.post("edition_publish", self.draft.pk, **data)

    def discard(self):
        self.post("edition_discard", self.draft.pk)

    def rebase(self, onto):
        page = self.post("edition_rebase", self.draft.pk, onto=onto.identifier)
        if page.status_code == 200:
            choices = {conflict.key: "ours" for conflict in page.context["conflicts"]}
            choices |= {"onto": onto.identifier, "version": page.context["draft"].version}
            self.post("edition_rebase", self.draft.pk, **choices)


class Life(RuleBasedStateMachine):
    make_first = None
    way = None

    def __init__(self):
        super().__init__()
        self.example = transaction.atomic()  # so that one example leaves nothing to the next
        self.example.__enter__()

    def teardown(self):
        try:
            self.nothing_published_has_changed_and_all_is_whole()
            self.every_end_of_a_draft_has_one_too()
        finally:
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)

    @initialize()
    def start(self):
        self.kept = {}  # each published edition's document, as it was when it was published
        self.open = []  # how each of the drafts is changed
        self.made = 0
        self.keep(type(self).make_first())

    def keep(self, edition):
        self.kept[edition.pk] = drafts.document_of_edition(edition)

    def some(self, things, number):
        return things[number % len(things)]

    @rule(number=numbers)
    def start_a_draft_from_any_edition(self, number):
        """From the last one it goes on, from an older one it undoes what came after."""
        if len(self.open) < 3:
            edition = Edition.objects.get(pk=self.some(sorted(self.kept), number))
            self.open.append(type(self).way(drafts.start(edition)))

    def change(self, way, name, *arguments):
        """Make a change in the draft and in its reference; what that refuses changes nothing."""
        before = copy.deepcopy(way.tree)
        with contextlib.suppress(Refused):
            getattr(way.tree, name)(*arguments)
        with contextlib.suppress(trees.TreeError):
            way.past += [before] if way.can_undo and way.tree != before else []
            getattr(way, name)(*arguments)

    @some_draft_is_open
    @rule(which=numbers)
    def undo(self, which):
        way = self.some(self.open, which)
        if way.past:
            way.tree = way.past.pop()
            way.undo()

    @some_draft_is_open
    @rule(which=numbers, slug=numbers, how=st.sampled_from(["inwards", "outwards", "remove_alone"]))
    def change_alone(self, which, slug, how):
        way = self.some(self.open, which)
        self.change(way, how, self.some(sorted(way.tree.below), slug))

    @some_draft_is_open
    @rule(which=numbers, below=numbers, position=st.none() | st.integers(0, 4))
    def add(self, which, below, position):
        way = self.some(self.open, which)
        self.made += 1
        name = f"u{self.made}"
        self.change(way, "add", name, f"Unit {name}", self.some(sorted(way.tree.below), below), position)

    @some_draft_is_open
    @rule(which=numbers, slug=numbers)
    def rename(self, which, slug):
        way = self.some(self.open, which)
        slug = self.some(sorted(way.tree.below), slug)
        self.made += 1
        self.change(way, "rename", slug, f"Name {self.made}")

    @some_draft_is_open
    @rule(which=numbers, slug=numbers, below=numbers, position=st.none() | st.integers(0, 4))
    def move(self, which, slug, below, position):
        way = self.some(self.open, which)
        slugs = sorted(way.tree.below)
        self.change(way, "move", self.some(slugs, slug), self.some(slugs, below), position)

    @some_draft_is_open
    @rule(which=numbers, slug=numbers, by=st.sampled_from([-1, 1]))
    def reorder(self, which, slug, by):
        way = self.some(self.open, which)
        slug = self.some(sorted(way.tree.below), slug)
        if slug != way.tree.root:
            self.change(way, "step", slug, by)

    @some_draft_is_open
    @rule(which=numbers, slug=numbers, to=st.none() | numbers)
    def remove(self, which, slug, to):
        way = self.some(self.open, which)
        slugs = sorted(way.tree.below)
        self.change(way, "remove", self.some(slugs, slug), None if to is None else self.some(slugs, to))

    @some_draft_is_open
    @rule(which=numbers, days=st.integers(0, 3))
    def publish_one(self, which, days):
        way = self.some(self.open, which)
        day = FIRST_DAY + timedelta(days)
        before = drafts.preceding(day)
        draft = Edition.objects.get(pk=way.draft.pk)
        if before != draft.base:
            self.rebase(way, draft, before)
        way.publish(day)
        edition = Edition.objects.get(pk=draft.pk)
        assert edition.is_published
        assert edition.effective_on == day
        self.keep(edition)
        self.open.remove(way)
        assert TreeOfLists(self.kept[edition.pk]) == way.tree
        self.nothing_published_has_changed_and_all_is_whole()

    def rebase(self, way, draft, onto):
        sides = drafts.document_of_edition(draft.base), dump(draft), drafts.document_of_edition(onto)
        merged, _conflicts = merge(*sides)
        way.rebase(onto)
        assert dump(Edition.objects.get(pk=draft.pk)) == merged
        way.tree = TreeOfLists(merged)
        way.past.clear()

    @some_draft_is_open
    @rule(which=numbers)
    def discard_one(self, which):
        way = self.some(self.open, which)
        way.discard()
        self.open.remove(way)

    @invariant()
    def every_draft_is_as_its_reference_and_whatever_changed_it_has_an_entry_in_the_history(self):
        for way in getattr(self, "open", ()):
            assert trees.problems(way.draft) == []
            now = dump(way.draft), History.objects.filter(edition=way.draft.pk).count()
            assert TreeOfLists(now[0]) == way.tree
            before = getattr(way, "before", (None, 0))
            assert now[0] == before[0] or now[1] > before[1]
            way.before = now

    def every_end_of_a_draft_has_one_too(self):
        ends = History.objects.filter(kind__in=["published", "discarded"])
        open_now = Edition.objects.drafts().values("pk")
        started = History.objects.filter(kind="started").exclude(edition__in=open_now)
        assert sorted(ends.values_list("edition")) == sorted(started.values_list("edition"))

    def nothing_published_has_changed_and_all_is_whole(self):
        for key, document in getattr(self, "kept", {}).items():
            edition = Edition.objects.get(pk=key)
            assert dump(edition) == document
            assert json.loads(bytes(edition.document)) == document
        assert list(verify(connection)) == []
        forget_editions()


def test_any_life_of_editions_is_as_the_reference_has_it(db, small_document):
    Life.make_first = staticmethod(lambda: publish(load(small_document)))
    Life.way = ThroughTheModule
    run(Life, settings=settings(max_examples=10 * LENGTH, stateful_step_count=25, deadline=None))


def test_any_life_of_editions_over_http_is_as_the_reference_has_it(db, small_document):
    Life.make_first = staticmethod(lambda: publish(load(small_document)))
    Life.way = OverHttp
    run(Life, settings=settings(max_examples=6 * LENGTH, stateful_step_count=20, deadline=None))
