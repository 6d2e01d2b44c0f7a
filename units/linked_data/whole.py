"""A whole edition as a file of linked data."""

from itertools import batched

from units.api import answers
from units.api.links import Links
from units.linked_data.graph import said_of, with_concepts
from units.linked_data.nodes import nodes_of
from units.linked_data.writing import json_ld, turtle
from units.models import Body, Citation, Initiative, Milestone, Passage, Post, Source, Statement, Unit
from units.resolve import Moment

AT_ONCE = 500  # rows whose citations are read together
WRITERS = {"jsonld": json_ld, "ttl": turtle}
TYPES = {"jsonld": "application/ld+json", "ttl": "text/turtle; charset=utf-8"}


def write(edition, suffix, path):
    """Write all of `edition` to the file `path`, as `jsonld` or `ttl`: the same edition, the same bytes."""
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.writelines(WRITERS[suffix](with_concepts(nodes_of_edition(edition))))


def nodes_of_edition(edition):
    """Yield the nodes of all that is in `edition`, a published one, reading a few hundred rows at a time."""
    links = Links(Moment(edition, edition.effective_on, {}, edition.identifier))
    yield from nodes_of("edition", said_of(edition), edition.identifier)

    for kind, rows, prepare in [
        ("unit", Unit.objects.of(edition).for_list(), posts_too),
        ("post", Post.objects.of(edition).for_list(), nobody),
        ("body", Body.objects.of(edition), None),
        ("statement", Statement.objects.of(edition).for_tasks(), None),
        ("initiative", Initiative.objects.of(edition).for_display(), None),
        ("milestone", Milestone.objects.of(edition).for_display(), None),
        ("source", Source.objects.of(edition).for_list(), None),
    ]:
        tell = getattr(answers, kind)
        for part in batched(rows.iterator(AT_ONCE), AT_ONCE):
            if prepare:
                prepare(part)
            cited = answers.citations(Citation.objects.of_facts(part).in_short(), links)
            for row in part:
                item = tell(row, links) | {"citations": cited.get((kind, row.pk), [])}
                if kind == "unit":
                    item["parent_kind"] = row.parent and row.parent.kind
                yield from nodes_of(kind, item, edition.identifier)
    for passage in Passage.objects.of(edition).for_list().iterator(AT_ONCE):
        said = answers.passage(passage, links)
        yield from nodes_of("passage", said, edition.identifier, passage.source.slug)


def posts_too(units):
    by_unit = {}
    for post in Post.objects.in_units(units):
        by_unit.setdefault(post.unit_id, []).append(post)
    for unit in units:
        unit.found_posts = by_unit.get(unit.pk, [])


def nobody(posts):
    for post in posts:
        post.appointments = None
