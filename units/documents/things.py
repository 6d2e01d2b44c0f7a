"""A document taken apart into its things, by kind and slug, and put together again."""

from dataclasses import dataclass, field

from units.documents.form import NAMED_BY

# The lists in which things are nested, and the kind that each holds.
KIND_IN = {
    "statements": "statement",
    "posts": "post",
    "units": "unit",
    "bodies": "body",
    "initiatives": "initiative",
    "milestones": "milestone",
    "sources": "source",
    "passages": "passage",
}
LIST_OF = {kind: name for name, kind in KIND_IN.items()}
EDITION = ("edition", "")


@dataclass(frozen=True)
class Thing:
    """One thing of a document without what is nested in it.

    `owner` is the key, (kind, slug), of what it is nested in; None for the edition itself. `values` are
    its own members. `inside` are the lists of what is nested in it, where that was left out.
    """

    kind: str
    slug: str
    owner: tuple | None
    values: dict
    inside: dict | None = field(default=None, compare=False)

    @property
    def key(self):
        return self.kind, self.slug

    @property
    def name(self):
        """What a reader knows it by."""
        return next(self.values[key] for key in NAMED_BY if key in self.values)


def things_of(document, closed=()):
    """Return {key: Thing} of `document`, in its order: what is nested follows its owner.

    A passage's slug is how it is cited: `ip-24-2982#8`. What is in the objects whose id() is in `closed` is
    left out.
    """
    found = {}
    todo = [("edition", "", None, document)]
    while todo:
        kind, slug, owner, item = todo.pop()
        values = {key: value for key, value in item.items() if key not in KIND_IN}
        if id(item) in closed:
            inside = {name: item[name] for name in KIND_IN if name in item}
            found[kind, slug] = Thing(kind, slug, owner, values, inside)
            continue
        found[kind, slug] = Thing(kind, slug, owner, values)
        inside = []
        for name, nested in KIND_IN.items():
            for other in item.get(name, ()):
                # A passage has a number where others have a slug.
                slug_inside = other["slug"] if "slug" in other else f"{slug}#{other['number']}"
                inside.append((nested, slug_inside, (kind, slug), other))
        todo += reversed(inside)
    return found


def same_in(*documents):
    """Return the id() of each object of the documents that is the same in all, at the same place.

    Only of the uppermost: what is inside them is not looked at again. Whole branches are compared at once, so
    this takes a fraction of the time that comparing thing by thing takes.
    """
    found = set()
    todo = [documents]
    while todo:
        first, *rest = todo.pop()
        for name in KIND_IN:
            others = [{_place(item): item for item in other.get(name, ())} for other in rest]
            for item in first.get(name, ()):
                there = [items.get(_place(item)) for items in others]
                if all(other == item for other in there):
                    found |= {id(item), *map(id, there)}
                elif all(there):
                    todo.append((item, *there))
    return found


def _place(item):
    return item["slug"] if "slug" in item else item["number"]


def document_of(things):
    """Return the document that `things` ({key: Thing}) make; siblings stand in the order of the mapping.

    The opposite of things_of. What hangs on nothing that reaches the edition is not in the document.
    """
    made = {key: thing.values | (thing.inside or {}) for key, thing in things.items()}
    for key, thing in things.items():
        if thing.owner in made:
            made[thing.owner].setdefault(LIST_OF[thing.kind], []).append(made[key])
    return made[EDITION]
