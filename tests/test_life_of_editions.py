"""Editions over their whole life, in any order: edited, published, undone, rebased; over HTTP too."""

import contextlib
import json
from datetime import date, timedelta

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from tests.conftest import LENGTH
from units import drafts, trees
from units.documents import dump, load, publish
from units.models import Citation, Edition, Passage, Unit
from units.resolve import forget_editions
from units.verify import verify

FIRST_DAY = date(2025, 1, 1)


class ThroughTheModule:
    """How the draft is changed: by calling functions."""

    def __init__(self, draft):
        self.draft = draft

    def rename(self, slug, name):
        trees.change(self.draft, slug, {"name": name})

    def move(self, slug, below):
        trees.move(self.draft, slug, below)

    def remove(self, slug, to):
        trees.remove(self.draft, slug, to)

    def publish(self, day):
        drafts.publish_on(self.draft, day, title="T", note="")

    def rebase(self, onto):
        conflicts = drafts.rebase(self.draft, onto)
        drafts.rebase(self.draft, onto, {conflict.key: "ours" for conflict in conflicts})


class OverHttp(ThroughTheModule):
    """How the draft is changed: by sending forms; an answer of 500 or more ends the test."""

    def __init__(self, draft):
        super().__init__(draft)
        user, _ = get_user_model().objects.get_or_create(username="e", is_staff=True, is_superuser=True)
        self.client = Client(SERVER_NAME="127.0.0.1")
        self.client.force_login(user)
        self.post("edition_use", draft.pk, {})

    def post(self, page, key, data):
        answer = self.client.post(reverse(f"admin:units_{page}", args=[key]), data)
        assert answer.status_code in (200, 302), answer
        return answer

    def rename(self, slug, name):
        unit = Unit.objects.get(edition=self.draft, slug=slug)
        page = self.client.get(reverse("admin:units_unit_change", args=[unit.pk]))
        form = page.context["adminform"].form
        data = {field.html_name: field.value() or "" for field in form} | {"name": name}
        [formset] = page.context["inline_admin_formsets"]
        for part in (formset.formset.management_form, *formset.formset.forms):
            data |= {
                field.html_name: "" if field.value() in (None, False) else field.value() for field in part
            }
            data = {key: value for key, value in data.items() if not key.endswith("DELETE")}
        self.post("unit_change", unit.pk, data | {"_save": "1"})

    def move(self, slug, below):
        self.post("unit_move", slug, {"below": below})

    def remove(self, slug, to):
        self.post("unit_remove", slug, {"sure": "on", "fate": "move" if to else "remove", "to": to or ""})

    def publish(self, day):
        draft = Edition.objects.get(pk=self.draft.pk)
        data = {"effective_on": day.isoformat(), "title": "T", "note": "", "version": draft.version}
        self.post("edition_publish", draft.pk, data)

    def rebase(self, onto):
        page = self.post("edition_rebase", self.draft.pk, {"onto": onto.identifier})
        if page.status_code == 200:
            choices = {conflict.key: "ours" for conflict in page.context["conflicts"]}
            self.post("edition_rebase", self.draft.pk, choices | {"onto": onto.identifier})


class Life(RuleBasedStateMachine):
    make_first = None
    way = None

    @initialize()
    def start(self):
        self.kept = {}  # each published edition's document, as it was when it was published
        self.open = []  # drafts, each with how it is changed
        self.made = 0
        self.keep(type(self).make_first())

    def keep(self, edition):
        self.kept[edition.pk] = drafts.document_of_edition(edition)

    def some(self, things, number):
        return things[number % len(things)]

    def units(self, way):
        return list(Unit.objects.of(way.draft).exclude(parent=None).values_list("slug", flat=True))

    @rule(number=st.integers(0, 99))
    def start_a_draft_from_any_edition(self, number):
        if len(self.open) < 3:
            edition = Edition.objects.get(pk=self.some(sorted(self.kept), number))
            self.open.append(type(self).way(drafts.start(edition)))

    @precondition(lambda self: getattr(self, "open", None))
    @rule(
        which=st.integers(0, 9),
        what=st.sampled_from(["add", "rename", "move", "remove"]),
        a=st.integers(0, 99),
        b=st.integers(0, 99),
    )
    def edit(self, which, what, a, b):
        way = self.some(self.open, which)
        slugs = self.units(way)
        self.made += 1
        if what == "add":
            made = trees.add(way.draft, "root", {"slug": f"u{self.made}", "name": "New", "kind": "unit"})
            passage = Passage.objects.of(way.draft).get()
            Citation.objects.create(edition=way.draft, unit=made, passage=passage, position=0)
        elif slugs:
            slug, other = self.some(slugs, a), self.some([*slugs, "root"], b)
            with contextlib.suppress(trees.TreeError):
                if what == "rename":
                    way.rename(slug, f"Name {self.made}")
                elif what == "move":
                    way.move(slug, other)
                else:
                    way.remove(slug, other if b % 2 else None)

    @precondition(lambda self: getattr(self, "open", None))
    @rule(which=st.integers(0, 9), days=st.integers(0, 3))
    def publish_one(self, which, days):
        way = self.some(self.open, which)
        day = FIRST_DAY + timedelta(days)
        before = drafts.preceding(day)
        draft = Edition.objects.get(pk=way.draft.pk)
        if before != draft.base:
            way.rebase(before)
        way.publish(day)
        edition = Edition.objects.get(pk=draft.pk)
        assert edition.is_published
        self.keep(edition)
        self.open.remove(way)

    @precondition(lambda self: getattr(self, "open", None))
    @rule(which=st.integers(0, 9))
    def discard_one(self, which):
        way = self.some(self.open, which)
        drafts.discard(way.draft)
        self.open.remove(way)

    @invariant()
    def all_is_whole_and_nothing_published_has_changed(self):
        for key, document in getattr(self, "kept", {}).items():
            edition = Edition.objects.get(pk=key)
            assert dump(edition) == document
            assert json.loads(bytes(edition.document)) == document
        assert list(verify(connection)) == []
        forget_editions()


def test_any_life_of_editions_leaves_every_published_one_as_it_was(db, small_document):
    Life.make_first = staticmethod(lambda: publish(load(small_document)))
    Life.way = ThroughTheModule
    run(Life, settings=settings(max_examples=15 * LENGTH, stateful_step_count=20, deadline=None))


def test_any_life_of_editions_over_http_leaves_every_published_one_as_it_was(db, small_document):
    Life.make_first = staticmethod(lambda: publish(load(small_document)))
    Life.way = OverHttp
    run(Life, settings=settings(max_examples=8 * LENGTH, stateful_step_count=15, deadline=None))
