"""The first edition holds what its source says, all of it, in our own words."""

import hashlib
import re
from collections import Counter

import pytest

from tests.conftest import FIRST_EDITION, ROOT
from units.documents import dump, readable
from units.models import Body, Citation, Initiative, Milestone, Passage, Post, Statement, Unit
from units.models.sources import TARGETS

# SHA-256 prefixes of every run of nine words of the press release, but for those within its title.
SOURCE_RUNS = frozenset((ROOT / "tests" / "data" / "source-runs.txt").read_text().split())


def test_the_file_is_written_as_dump_edition_writes_it(office):
    assert readable(dump(office.edition)) == FIRST_EDITION.read_text()


def test_it_takes_effect_and_was_announced_on_the_days_that_the_source_gives(office):
    assert (str(office.edition.effective_on), str(office.edition.announced_on)) == (
        "2024-06-16",
        "2024-05-29",
    )


def test_the_units_stand_in_the_sources_order(office):
    units = Unit.objects.of(office.edition).values_list("slug", "parent__slug")
    assert list(units) == [
        ("european-commission", None),
        ("ai-office", "european-commission"),
        ("regulation-and-compliance", "ai-office"),
        ("ai-safety", "ai-office"),
        ("excellence-in-ai-and-robotics", "ai-office"),
        ("ai-for-societal-good", "ai-office"),
        ("ai-innovation-and-policy-coordination", "ai-office"),
    ]


def test_the_name_that_differs_is_kept_and_ours_is_marked_as_ours(office):
    assert office.safety.name == "Unit on AI safety"
    assert office.safety.aliases == [{"name": "AI Safety Unit", "editorial": True}]


def test_three_posts_have_holders_that_are_not_stated(office):
    posts = Post.objects.of(office.edition).values_list("slug", "unit__slug", "role", "holder")
    assert list(posts) == [
        ("head-of-the-ai-office", "ai-office", "leads", "not-stated"),
        ("lead-scientific-adviser", "ai-office", "advises", "not-stated"),
        ("adviser-for-international-affairs", "ai-office", "advises", "not-stated"),
    ]


def test_the_staff_is_more_than_140_of_five_professions_in_an_open_list(office):
    number, professions = Statement.objects.of(office.edition).staff()
    assert (number.comparator, number.quantity, number.certainty) == ("more-than", 140, "planned")
    assert (len(professions.examples), professions.open) == (5, True)


def test_three_bodies_are_named_and_two_are_not(office):
    bodies = Body.objects.of(office.edition)
    assert Counter(bodies.values_list("kind", flat=True)) == {"named": 3, "class": 2}
    assert bodies.get(slug="advisory-forum").composition["open"] is True


def test_every_initiative_legal_act_and_deliverable_is_there(office):
    kinds = Counter(Initiative.objects.of(office.edition).values_list("kind", flat=True))
    assert kinds == {
        **{"initiative": 1, "network": 1, "facility": 2, "instrument": 2, "policy": 3},
        **{"legal-act": 2, "deliverable": 3, "group": 1},
    }


def test_every_date_has_the_precision_and_certainty_of_the_source(office):
    milestones = Milestone.objects.of(office.edition).for_display()
    assert [(m.slug, m.when, m.certainty, m.inferred) for m in milestones] == [
        ("ai-act-proposed", "April 2021", "actual", []),
        ("coordinated-plan-proposed", "April 2021", "actual", []),
        ("ai-act-provisionally-agreed", "December 2023", "actual", []),
        ("package-launched", "January 2024", "actual", []),
        ("decision-adopted", "January 2024", "actual", ["year", "month"]),
        ("ai-office-unveiled", "29 May 2024", "actual", []),
        ("structure-takes-effect", "16 June 2024", "planned", []),
        ("first-meeting-of-the-board", "by the end of June 2024", "expected", ["year"]),
        ("ai-act-enters-into-force", "by the end of July 2024", "expected", []),
        ("guidelines-on-the-ai-system-definition-due", "6 months after", "due", []),
        ("guidelines-on-the-prohibitions-due", "6 months after", "due", []),
        ("codes-of-practice-due", "9 months after", "due", []),
    ]


def test_the_republication_keeps_its_own_headline_and_has_no_address(office):
    republication = office.press_release.source_set.get()
    assert republication.title == "Commission establishes AI Office for AI Act"
    assert (republication.published, republication.address) == ("2024-06-03T10:43", "")


def test_passages_are_numbered_from_1_to_39_and_each_is_cited_by_some_fact(office):
    cited = Citation.objects.of(office.edition).values_list("passage__number", flat=True)
    assert sorted(Passage.objects.of(office.edition).values_list("number", flat=True)) == list(range(1, 40))
    assert set(cited) == set(range(1, 40))


def test_every_fact_cites_a_passage(office):
    for name in TARGETS:
        facts = Citation._meta.get_field(name).related_model.objects.of(office.edition)
        assert facts.exists()
        assert not facts.filter(citations=None).exists()


@pytest.mark.parametrize("number", [2, 7, 9, 10, 14, 15, 16, 21, 26, 29, 30, 37])
def test_what_the_source_leaves_open_is_noted_as_open(office, number):
    assert Passage.objects.of(office.edition).get(number=number).ambiguity


def test_no_run_of_more_than_eight_words_of_the_source_is_copied():
    texts = [*ROOT.glob("*.md"), *(ROOT / "fixtures").glob("*.json"), *(ROOT / "templates").rglob("*.html")]
    assert FIRST_EDITION in texts
    for path in texts:
        assert not copied_runs(path.read_text()), path


def test_a_copied_sentence_would_be_found():
    backwards = ["office", "ai", "the", "of", "head", "the", "by", "led", "be", "will"]
    assert len(copied_runs(" ".join(reversed(backwards)))) == 2


def copied_runs(text):
    """Return every run of nine words in `text` that is one of the source's."""
    words = re.findall(r"[a-z0-9]+", re.sub("['’]", "", text.lower()))
    runs = [" ".join(words[start : start + 9]) for start in range(len(words) - 8)]
    return [run for run in runs if hashlib.sha256(run.encode()).hexdigest()[:12] in SOURCE_RUNS]
