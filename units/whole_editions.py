"""All that a published edition says, as the API tells it, read a few hundred rows at a time."""

from itertools import batched

from units.api import answers
from units.api.links import Links
from units.models import Body, Citation, Initiative, Milestone, Passage, Post, Source, Statement, Unit
from units.resolve import Moment

AT_ONCE = 500  # rows whose citations are read together


def _posts_too(units):
    by_unit = {}
    for post in Post.objects.in_units(units):
        by_unit.setdefault(post.unit_id, []).append(post)
    for unit in units:
        unit.found_posts = by_unit.get(unit.pk, [])


def _nobody(posts):
    for post in posts:
        post.appointments = None


# By the kind of what is told: its rows, and what they need beside them.
KINDS = {
    "unit": (lambda edition: Unit.objects.of(edition).for_list(), _posts_too),
    "post": (lambda edition: Post.objects.of(edition).for_list(), _nobody),
    "body": (lambda edition: Body.objects.of(edition), None),
    "statement": (lambda edition: Statement.objects.listed(edition), None),
    "initiative": (lambda edition: Initiative.objects.of(edition).for_display(), None),
    "milestone": (lambda edition: Milestone.objects.of(edition).for_display(), None),
    "source": (lambda edition: Source.objects.of(edition).for_list(), None),
    "passage": (lambda edition: Passage.objects.of(edition).for_list(), None),
}


def told(edition, kind):
    """Yield the answers about all of `kind`, a key of KINDS, in `edition`; their addresses name the edition.

    Nobody is named. A unit has the `parent_kind`, a passage its `source_slug` too.
    """
    links = Links(Moment(edition, edition.effective_on, {}, edition.identifier))
    rows_of, prepare = KINDS[kind]
    tell = getattr(answers, kind)
    for part in batched(rows_of(edition).iterator(AT_ONCE), AT_ONCE):
        if prepare:
            prepare(part)
        cited = {}
        if kind != "passage":
            cited = answers.citations(Citation.objects.of_facts(part).in_short(), links)
        for row in part:
            more = {"citations": cited.get((kind, row.pk), [])}
            if kind == "unit":
                more["parent_kind"] = row.parent and row.parent.kind
            if kind == "passage":
                more = {"source_slug": row.source.slug}
            yield tell(row, links) | more
