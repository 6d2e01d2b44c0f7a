"""A whole edition as a file of linked data."""

from units.linked_data.graph import said_of, with_concepts
from units.linked_data.nodes import nodes_of
from units.linked_data.writing import json_ld, turtle
from units.whole_editions import KINDS, told

WRITERS = {"jsonld": json_ld, "ttl": turtle}


def write(edition, suffix, path):
    """Write all of `edition` to the file `path`, as `jsonld` or `ttl`: the same edition, the same bytes."""
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.writelines(WRITERS[suffix](with_concepts(nodes_of_edition(edition))))


def nodes_of_edition(edition):
    """Yield the nodes of all that is in `edition`, a published one, reading a few hundred rows at a time."""
    yield from nodes_of("edition", said_of(edition), edition.identifier)
    for kind in KINDS:
        for item in told(edition, kind):
            yield from nodes_of(kind, item, edition.identifier, item.get("source_slug", ""))
