"""The life of a draft: started, compared, brought up to date, published, discarded."""

from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings

from bench.institutions import institution
from tests.made_up_documents import documents
from units import drafts, trees
from units.documents import DocumentError, copying, dump, load, publish
from units.models import Edition, PublishedEditionError, Statement, Unit
from units.verify import verify

NEW_YEAR = date(2025, 1, 1)


def on(day, draft, **values):
    return drafts.publish_on(draft, day, **{"title": draft.title, "note": draft.note} | values)


@pytest.fixture
def first(draft):
    """A published edition of 1 January 2025."""
    return publish(draft)


@pytest.mark.django_db
@given(document=documents())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_copy_says_the_same_as_what_it_was_copied_from(document):
    published = publish(load(document))
    draft = drafts.start(published, by=7)
    assert dump(draft) == document
    assert trees.problems(draft) == []
    assert (draft.started_by, draft.is_published) == (7, False)


def test_a_copy_in_many_steps_can_be_resumed_after_each(db, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(copying, "ROWS_PER_STEP", 7)
    document = institution(20)
    draft = drafts.begin(publish(load(document)))
    steps = 0
    while draft.is_being_copied:
        assert draft.copying["done"] <= draft.copying["total"]
        with django_assert_max_num_queries(8):
            draft = copying.copy_some(Edition.objects.get(pk=draft.pk))
        steps += 1
    assert steps > 15
    assert draft.copying["done"] == draft.copying["total"] == 123
    assert dump(draft) == document


def test_a_draft_that_is_still_being_copied_is_not_published(first):
    with pytest.raises(DocumentError, match="still being copied"):
        on(NEW_YEAR, drafts.begin(first))


def test_new_rows_do_not_meet_the_keys_that_were_set_aside_for_a_copy(first, small_document):
    draft = drafts.begin(first)
    load(small_document)
    while draft.is_being_copied:
        draft = copying.copy_some(draft)
    assert dump(draft) == small_document


def test_the_date_of_an_edition_makes_its_next_revision_and_another_a_first(first):
    assert on(NEW_YEAR, drafts.start(first), note="Mended").identifier == "2025-01-01.2"
    latest = Edition.objects.published().first()
    assert on(date(2025, 6, 1), drafts.start(latest)).identifier == "2025-06-01.1"


def test_a_draft_can_be_published_for_a_day_to_come(first):
    ahead = NEW_YEAR + timedelta(days=400)
    assert on(ahead, drafts.start(first)).effective_on == ahead


def test_a_draft_that_does_not_follow_the_last_edition_is_refused_until_it_is_brought_up_to_date(first):
    ours, theirs = drafts.start(first), drafts.start(first)
    trees.change(ours, "left", {"name": "West unit"})
    trees.change(theirs, "right", {"name": "East unit"})
    other = on(NEW_YEAR, theirs)
    with pytest.raises(drafts.NotCurrentError) as refused:
        on(NEW_YEAR, ours)
    assert refused.value.preceding == other
    assert drafts.rebase(ours, other) == []
    published = on(NEW_YEAR, ours)
    names = Unit.objects.of(published).values_list("name", flat=True)
    assert list(names) == ["The institution", "West unit", "East unit"]


def test_a_conflict_waits_for_a_choice_and_changes_nothing_till_then(first):
    ours, theirs = drafts.start(first), drafts.start(first)
    trees.change(ours, "left", {"name": "West unit"})
    trees.change(theirs, "left", {"name": "Linker unit"})
    other = on(NEW_YEAR, theirs)
    before = dump(ours)
    [conflict] = drafts.rebase(ours, other)
    assert dump(ours) == before
    drafts.rebase(ours, other, {conflict.key: "theirs"})
    assert Unit.objects.get(edition=ours, slug="left").name == "Linker unit"
    assert Edition.objects.get(pk=ours.pk).base == other


def test_publishing_an_older_state_again_undoes_a_correction(first):
    wrong = drafts.start(first)
    trees.remove(wrong, "right")
    on(NEW_YEAR, wrong)
    undone = on(NEW_YEAR, drafts.start(first))
    assert undone.revision == 3
    assert undone.sha256 == first.sha256


def test_a_publication_that_is_refused_leaves_the_draft_as_it_was(first):
    draft = drafts.start(first)
    Unit.objects.filter(edition=draft, slug="right").update(lft=2)
    with pytest.raises(DocumentError):
        on(date(2025, 6, 1), draft, title="Another")
    draft = Edition.objects.get(pk=draft.pk)
    assert (draft.effective_on, draft.title) == (NEW_YEAR, "A small institution")


def test_a_draft_from_nothing_has_the_root_and_the_sources(first):
    draft = drafts.start_empty(first)
    assert list(Unit.objects.of(draft).values_list("slug", flat=True)) == ["root"]
    assert draft.base == first
    assert not Statement.objects.of(draft).exists()


def test_a_draft_from_a_document_follows_what_is_in_force_on_its_day(first, small_document):
    draft = drafts.start_from(small_document | {"effective_on": "2025-03-01"}, by=7)
    assert (draft.base, draft.started_by) == (first, 7)


def test_what_changed_is_told_against_any_edition(first):
    draft = drafts.start(first)
    trees.move(draft, "right", "left")
    [change] = drafts.changes(draft)
    assert (change.slug, change.verb, change.after) == ("right", "moved", "Left unit")
    assert drafts.changes(draft, against=first) == [change]


def test_a_discarded_draft_is_gone_and_a_published_edition_can_not_be_discarded(first):
    draft = drafts.start(first)
    drafts.discard(draft)
    assert not Edition.objects.drafts().exists()
    with pytest.raises(PublishedEditionError):
        drafts.discard(first)


def test_after_a_correction_later_editions_with_the_old_value_are_listed(first):
    later = on(date(2025, 6, 1), drafts.start(first))
    draft = drafts.start(first)
    trees.change(draft, "left", {"name": "West unit"})
    [(edition, [change])] = drafts.still_old(on(NEW_YEAR, draft))
    assert edition == later
    assert (change.slug, change.before, change.after) == ("left", "Left unit", "West unit")
    assert drafts.still_old(later) == []


def test_what_has_been_through_all_this_is_whole(first):
    draft = drafts.start(first)
    trees.add(draft, "left", {"slug": "new", "name": "New", "kind": "unit"}, 0)
    trees.remove(draft, "new")
    on(NEW_YEAR, draft)
    assert list(verify(connection)) == []
