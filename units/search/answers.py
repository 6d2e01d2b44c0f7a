"""The answers to a question, with the rows of what was found and the reason why."""

from dataclasses import dataclass, field
from itertools import chain

from django.utils.translation import gettext as _

from units.models import Body, Initiative, Milestone, Post, Source, Statement, Unit
from units.search.entries import KINDS
from units.search.index import index_of
from units.search.meaning import question, suggested
from units.search.ranking import Hit, Ranked
from units.search.words import has_any, stems_of

SHOWN_STATEMENTS = 3
NAMED_IN_A_DRAFT = 200  # so many of each kind are looked at in a draft, which has no index
# The model of each kind, and what is read with it.
MODELS = {
    "unit": (Unit, ["parent"]),
    "post": (Post, ["unit"]),
    "body": (Body, []),
    "initiative": (Initiative, ["part_of"]),
    "milestone": (Milestone, ["anchor"]),
    "source": (Source, []),
}


@dataclass
class Answer:
    """One answer: the `fact`, a row of that `kind`, and why.

    `statements` are what is said of it that was found, at most SHOWN_STATEMENTS, `more` the number of
    others. `is_partial`: it has only some of the words.
    """

    kind: str
    fact: object
    statements: list
    more: int
    is_partial: bool


@dataclass
class Found:
    """What a search found.

    `counts` is {kind: how many}; `people` the posts whose holders have that name, each with `held_by`;
    `corrected` {what was written: the words that were taken for it}; `unknown` the words that nothing is
    like; `nearest` words to try instead, where nothing was found; `stems` what is marked.
    """

    answers: list = field(default_factory=list)
    counts: dict = field(default_factory=dict)
    people: list = field(default_factory=list)
    corrected: dict = field(default_factory=dict)
    unknown: list = field(default_factory=list)
    nearest: list = field(default_factory=list)
    stems: set = field(default_factory=set)
    kind: str = ""

    @property
    def total(self):
        """How many answers there are, of the chosen kind if one was."""
        return self.counts.get(self.kind, 0) if self.kind else sum(self.counts.values())

    @property
    def facts(self):
        """All rows that are shown."""
        return [*(answer.fact for answer in self.answers), *self.said, *self.people]

    @property
    def said(self):
        return list(chain.from_iterable(answer.statements for answer in self.answers))


def search(edition, asked, kind="", part=slice(0, 20), day=None):
    """Return the Found of the text `asked` in `edition`.

    `kind` is one of KINDS, or empty for all; `part` which of the answers are wanted, a slice; `day` (a date)
    the day whose holders of posts may be found by name, None for nobody. At most one query for each kind,
    and one for statements. A draft is searched by names only.
    """
    if edition.is_published:
        index = index_of(edition)
        meant = question(asked, index)
        ranked = Ranked(meant, index)
        found = Found(
            counts=ranked.counts(),
            corrected={term.written: list(term.corrected) for term in meant.terms if term.corrected},
            unknown=meant.unknown,
            stems=meant.stems,
            kind=kind,
        )
        hits = ranked.hits(kind, part.start, part.stop)
        if not found.counts:
            found.nearest = suggested(meant.unknown, index)
    else:
        found, hits = _in_a_draft(edition, asked, kind, part)
    _read(found, edition, hits, asked, day)
    return found


def _in_a_draft(edition, asked, kind, part):
    words = asked.split()
    hits = {}
    for each in ("unit", "post", "body", "initiative"):
        rows = MODELS[each][0].objects.of(edition).called(words, NAMED_IN_A_DRAFT)
        hits[each] = [Hit(each, row.slug, 0, False) for row in rows]
    counts = {each: len(found) for each, found in hits.items() if found}
    chosen = hits.get(kind, []) if kind else list(chain.from_iterable(hits.values()))
    return Found(counts=counts, stems=set(stems_of(asked)), kind=kind), chosen[part]


def _read(found, edition, hits, asked, day):
    """Fill `found` with the rows of `hits`."""
    slugs = {kind: [hit.slug for hit in hits if hit.kind == kind] for kind in KINDS}
    names = [word for word in asked.split() if len(word) > 1] if day else []
    rows = {}
    for kind, (model, joined) in MODELS.items():
        if kind == "post" and names:
            wanted = Post.objects.of(edition).of_slugs_or_held_by(slugs[kind], names, day)
        elif slugs[kind]:
            wanted = model.objects.of(edition).filter(slug__in=slugs[kind])
        else:
            continue
        rows |= {(kind, row.slug): row for row in (wanted.select_related(*joined) if joined else wanted)}
    shown = {slug for hit in hits for slug in hit.statements[:SHOWN_STATEMENTS]}
    statements = Statement.objects.of(edition).filter(slug__in=shown) if shown else ()
    statements = {statement.slug: statement for statement in statements}
    for hit in hits:
        fact = rows[hit.kind, hit.slug]
        said = [statements[slug] for slug in hit.statements[:SHOWN_STATEMENTS]]
        for statement in said:
            setattr(statement, hit.kind, fact)  # its owner, which is read already
        more = len(hit.statements) - len(said)
        found.answers.append(Answer(hit.kind, fact, said, more, hit.is_partial))
    found.people = [row for row in rows.values() if getattr(row, "held_by", None)]


def why(answer, stems):
    """Return the texts of the Answer's fact itself, besides its name, that have one of `stems`."""
    fact = answer.fact
    texts = [_("also: %(name)s") % alias for alias in getattr(fact, "aliases", ())]
    texts += [getattr(fact, name, "") for name in ("purpose", "description", "identifier")]
    texts += getattr(fact, "composition", {}).get("groups", ())
    return [text for text in texts if has_any(text, stems)]


def details_of(statement, stems):
    """Return the texts of `statement`, besides its text, that have one of `stems` which that lacks."""
    missing = stems - set(stems_of(statement.text))
    texts = [*statement.examples, *statement.partners, statement.theme, statement.goal, statement.condition]
    return [text for text in texts if has_any(text, missing)]
