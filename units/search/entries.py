"""What of an edition is searched: an entry for each thing, and one for each thing that is said of it.

Names of people are not in documents, so they are not in here either.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from django.utils.formats import date_format

from units.documents.things import things_of
from units.models import Body, Initiative, Post, Statement, Unit
from units.search.words import exact

# The kinds of answers, in the order in which filters show them.
KINDS = ("unit", "post", "body", "initiative", "milestone", "source")

CHOICES = {"unit": Unit.Kind, "body": Body.Kind, "initiative": Initiative.Kind}

# How much an entry counts: what somebody is responsible for more than what they support.
WEIGHT = {
    "milestone": 0.8,
    "source": 0.5,
    Statement.Part.RESPONSIBLE: 1.0,
    Statement.Part.COORDINATES: 1.0,
    Statement.Part.CONTRIBUTES: 0.9,
    Statement.Part.SUPPORTS: 0.85,
    Statement.Part.COLLABORATES: 0.7,
    Statement.Part.EMPLOYS: 0.7,
}
# What the whole Office does, a unit in it does more exactly.
AS_A_WHOLE = 0.75


@dataclass(slots=True)
class Entry:
    """One entry: whose it is, and the texts in it, by how much they say about it.

    `kind` and `slug` are the thing's that is the answer; `statement` the slug of what is said of it, or
    empty where the entry is about the thing itself.
    """

    kind: str
    slug: str
    statement: str = ""
    weight: float = 1.0
    names: list = field(default_factory=list)
    aliases: list = field(default_factory=list)
    task: list = field(default_factory=list)
    owner: list = field(default_factory=list)
    detail: list = field(default_factory=list)
    around: list = field(default_factory=list)

    @property
    def exact(self):
        """The thing's names as words.exact() has them; of a unit's also without the word “unit”."""
        if not self.names:
            return []
        found = {exact(name) for name in (*self.names, *self.aliases)}
        if self.kind == "unit":
            found |= {" ".join(word for word in name.split() if word != "unit") for name in found}
        return sorted(found - {""})

    @property
    def texts(self):
        return [*self.names, *self.aliases, *self.task, *self.owner, *self.detail, *self.around]

    def digest(self):
        """Return a short hash of all that is in it."""
        text = "\n".join([self.kind, self.slug, self.statement, str(self.weight), *self.texts])
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def entries_of(document):
    """Yield the Entry of everything in `document` that can be found."""
    things = things_of(document)
    for thing in things.values():
        if thing.kind in KINDS:
            yield _of_thing(thing, things)
        elif thing.kind == "statement":
            yield _of_statement(thing, things)


@cache
def said(choices, value):
    """Return what one of `choices` (TextChoices) is called, such as “works with” for `collaborates`."""
    return str(choices(value).label)


def _of_thing(thing, things):
    values = thing.values
    entry = Entry(thing.kind, thing.slug, weight=WEIGHT.get(thing.kind, 1.0))
    if thing.kind == "milestone":
        entry.task = [values["text"]]
        entry.detail = [_when(values, things)]
        about = [things[key] for key in values.get("about", {}).items()]
        entry.around = [text for other in about for text in _stated(other.values, "description")]
    else:
        entry.names = [thing.name]
    entry.aliases = [alias["name"] for alias in values.get("aliases", ())]
    if thing.kind == "source":
        entry.aliases += _stated(values, "identifier")
        entry.detail += [*_stated(values, "publisher", "note"), _day(values["published"][:10])]
    entry.detail += _stated(values, "purpose", "description")
    entry.detail += values.get("composition", {}).get("groups", [])
    entry.around += _names_around(thing, things)
    if thing.kind == "post":
        entry.task = [f"{said(Post.Role, values['role'])} {things[thing.owner].name}"]
    entry.around += [said(CHOICES[thing.kind], value) for value in _stated(values, "kind")]
    return entry


def _of_statement(thing, things):
    values = thing.values
    owner = things[thing.owner]
    weight = WEIGHT[values["part"]]
    if owner.values.get("kind") in (Unit.Kind.OFFICE, Unit.Kind.INSTITUTION):
        weight *= AS_A_WHOLE
    entry = Entry(owner.kind, owner.slug, thing.slug, round(weight, 3))
    entry.task = [values["text"], *values.get("examples", ())]
    entry.detail = [*_stated(values, "theme", "goal", "condition"), *values.get("partners", ())]
    entry.owner = _names(owner)
    entry.around = [said(Statement.Part, values["part"]), *_names_around(thing, things)]
    if "quantity" in values:
        entry.detail.append(str(values["quantity"]))
    return entry


def _stated(values, *names):
    return [values[name] for name in names if name in values]


def _names(thing):
    return [thing.name, *(alias["name"] for alias in thing.values.get("aliases", ()))]


def _names_around(thing, things):
    """Return the names of what `thing` is about or part of."""
    around = list(thing.values.get("about", {}).items())
    around += [("initiative", slug) for slug in _stated(thing.values, "part_of")]
    around += [("source", slug) for slug in _stated(thing.values, "republishes")]
    around += [thing.owner] if thing.kind == "post" else []
    return [name for key in around for name in _names(things[key])]


def _when(values, things):
    """Return the date of a milestone in words that people search by."""
    if "after" in values:
        anchor = things["milestone", values["after"]["milestone"]]
        return f"{values['after']['months']} months after: {anchor.name}"
    return _day(values["date"])


def _day(text):
    year, month, day = (*map(int, text.split("-")), 0, 0)[:3]
    return date_format(date(year, month or 1, day or 1), "j F Y" if day else "F Y" if month else "Y")
