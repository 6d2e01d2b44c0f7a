"""The answers to a question, with the rows of what was found and the reason why."""

import unicodedata
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from units.models import Appointment, Body, Citation, Initiative, Milestone, Post, Source, Unit
from units.search.entries import KINDS
from units.search.index import index_of
from units.search.meaning import question, suggested
from units.search.ranking import Ranked
from units.search.words import STOP_WORDS, WORD, has_any, stems_of, words_of

SHOWN_STATEMENTS = 3
MOST_NAMED = 200  # so many of each kind are looked at where there is no index
MOST_PEOPLE = 20
MODELS = {
    "unit": Unit,
    "post": Post,
    "body": Body,
    "initiative": Initiative,
    "milestone": Milestone,
    "source": Source,
}
KINDS_BY_NAME = ["unit", "post", "body", "initiative"]


@dataclass
class Answer:
    """One answer: the `fact`, a row of that `kind`, and why.

    `statements` are what is said of it that was found, the first few, `more` the number of
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

    `citations` are those of all that is in the `answers`. `counts` is {kind: how many}; `people` (name, Post)
    of those with that name; `corrected` {what was written: the words it was taken
    for}; `unknown` the words that nothing is like; `nearest` words to try instead, where nothing was found;
    `stems` what is marked; `more` whether more fits than was ranked.
    """

    answers: list
    citations: list
    counts: dict
    kind: str = ""
    people: list = field(default_factory=list)
    corrected: dict = field(default_factory=dict)
    unknown: list = field(default_factory=list)
    nearest: list = field(default_factory=list)
    stems: set = field(default_factory=set)
    more: bool = False

    @property
    def total(self):
        """How many answers there are, of the chosen kind if one was."""
        return self.counts.get(self.kind, 0) if self.kind else sum(self.counts.values())


def search(edition, asked, kind="", part=slice(0, 20), day=None, shown=SHOWN_STATEMENTS, passages=True):
    """Return the Found of the text `asked` in `edition`.

    `kind` is one of KINDS, or empty for all; `part` which of the answers are wanted, a slice; `day` (a date)
    the day whose holders of posts may be found by name, None for nobody; `shown` how many statements an
    answer has at most, `passages` whether its citations are read with theirs. At most five queries, whatever
    is found. A draft is searched by names only.
    Raises NotThereYetError where the index of a large edition has still to be made.
    """
    if not edition.is_published:
        return search_names(edition, asked, kind, part)
    index = index_of(edition)
    meant = question(asked, index)
    ranked = Ranked(meant, index)
    counts = ranked.counts()
    answers, citations = _read(edition, ranked.hits(kind, part.start, part.stop), shown, passages)
    return Found(
        answers=answers,
        citations=citations,
        counts=counts,
        kind=kind,
        people=_people(edition, asked, day, index) if day and not kind and part.start == 0 else [],
        corrected={term.written: list(term.corrected) for term in meant.terms if term.corrected},
        unknown=meant.unknown,
        nearest=[] if counts else suggested(meant.unknown, index),
        stems=meant.stems,
        more=ranked.more,
    )


def search_names(edition, asked, kind="", part=slice(0, 20)):
    """Return the Found of what has every word of `asked` in a name, for which no index is needed."""
    words, rows = WORD.findall(asked), {}
    for each in KINDS_BY_NAME if words else ():
        found = MODELS[each].objects.of(edition).called(words, MOST_NAMED)
        rows |= {(each, row.slug): row for row in found}
    kinds = [each for each, _slug in rows]
    counts = {each: kinds.count(each) for each in KINDS_BY_NAME if each in kinds}
    answers = [Answer(each, row, [], 0, False) for (each, _slug), row in rows.items()]
    chosen = [answer for answer in answers if kind in ("", answer.kind)][part]
    citations = Citation.objects.of_facts([answer.fact for answer in chosen]).for_display()
    more = MOST_NAMED in counts.values()  # of a kind no more than that are looked for
    return Found(chosen, list(citations), counts, kind=kind, stems=set(stems_of(asked)), more=more)


def _read(edition, hits, shown, passages):
    """Return the answers that `hits` of `edition` are, each with `shown` statements, and the citations."""
    slugs = {kind: {hit.slug for hit in hits if hit.kind == kind} for kind in KINDS}
    slugs["statement"] = {slug for hit in hits for slug in hit.statements[:shown]}
    citations = Citation.objects.of_slugs(edition, slugs, passages)
    rows = {(citation.target_kind, citation.target.slug): citation.target for citation in citations}
    answers = []
    for hit in hits:
        fact = rows.get((hit.kind, hit.slug))
        if fact is None:
            continue  # the index holds something else than the edition: `verify` tells
        found = [rows.get(("statement", slug)) for slug in hit.statements[:shown]]
        said = [statement for statement in found if statement]
        for statement in said:
            setattr(statement, hit.kind, fact)  # its owner, which is read already
        answers.append(Answer(hit.kind, fact, said, len(hit.statements) - len(said), hit.is_partial))
    return answers, citations


def _people(edition, asked, day, index):
    """Return (name, post) of whoever holds a post of `edition` on `day` and has the names that are asked for.

    Those are the words that the edition itself doesn't have, or all, if it has them all.
    """
    words = [word for word in WORD.findall(asked) if word.casefold() not in STOP_WORDS and len(word) > 1]
    names = [word for word in words if not all(map(index.has, stems_of(word)))] or words
    if not names:
        return []
    asked = [_folded(name) for name in names]
    held = Appointment.objects.public(day).values_list("person__name", "post")
    held = [(name, post) for name, post in held if all(word in _folded(name) for word in asked)]
    held = sorted(held, key=lambda one: _folded(one[0]))[:MOST_PEOPLE]
    posts = Post.objects.of(edition).for_list().of_slugs({slug for _name, slug in held}) if held else ()
    posts = {post.slug: post for post in posts}
    return [(name, posts[slug]) for name, slug in held if slug in posts]


def _folded(name):
    return " ".join(words_of(unicodedata.normalize("NFC", name)))


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
