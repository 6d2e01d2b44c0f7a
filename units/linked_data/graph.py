"""The nodes of an answer: what it is about, and what that refers to."""

from units.linked_data.nodes import nodes_of, related_to
from units.linked_data.vocabulary import concepts


def said_of(edition):
    """Return what a graph says of an Edition: what never changes, so not what it follows."""
    return {
        "id": edition.identifier,
        "effective_on": edition.effective_on.isoformat(),
        "sha256": edition.sha256,
        "title": edition.title,
        "note": edition.note or None,
        "revision": edition.revision,
        "announced_on": edition.announced_on and edition.announced_on.isoformat(),
        "published_at": edition.published_at.isoformat(),
    }


NAMED_VALUES = ("classification", "category", "role", "holder", "part", "certainty")


def with_concepts(nodes):
    """Yield `nodes`, then the concepts that are values in them: their names, and that they are concepts."""
    used = {}
    for node in nodes:
        used |= {node[name]: None for name in NAMED_VALUES if name in node}
        yield node
    known = concepts()
    yield from (known[name] for name in used)


def graph(edition, things, of_source=""):
    """Yield the nodes of an answer of `edition` with `things`, pairs of a kind and its dict.

    Then those of what they refer to, in short, so that the answer can be read by itself. `of_source` is the
    slug of the source whose passages are among them.
    """
    described, related = set(), {}
    for kind, item in [("edition", said_of(edition)), *things]:
        for node in nodes_of(kind, item, edition.identifier, of_source):
            if node["id"] not in described:
                described.add(node["id"])
                yield node
        for node in related_to(kind, item):
            related.setdefault(node["id"], node)
    yield from (node for link, node in related.items() if link not in described)
