"""Which things answer a question, the best first."""

from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import chain
from math import log

from tantivy import Occur, Query

from units.search.entries import KINDS
from units.search.index import FIELDS

MOST = 500  # so many entries are ranked; more answers than that nobody reads
# Names before other names, these before tasks, these before what is said about them, then what is around.
BOOSTS = {"names": 10.0, "aliases": 9.0, "task": 5.0, "owner": 4.0, "detail": 2.0, "around": 1.0}
NAMES = ("names", "aliases")
EXACT = 60.0
TOGETHER = 3.0  # words that stand together as they were written
FEW = 3  # with fewer answers than that, those with only some of the words are welcome
RARITY = 10.0
MORE_TASKS = 0.1  # what each further entry of the same thing adds to the best one
# A word that is in more than this part of all entries finds nothing beside a rarer one; where it is in more
# than that many, it is then looked for in names alone.
COMMON, FAR_TOO_MANY = 0.2, 20_000
WHOM = {"initiative": 0.1, "milestone": 0.1, "source": 0.1}
A_UNIT = {"unit": 2.0}
DATE = {"milestone": 20.0}


@dataclass
class Hit:
    """One answer: a thing by `kind` and `slug`, and the slugs of what is said of it that was found.

    `is_partial`: it has some of the words only.
    """

    kind: str
    slug: str
    is_partial: bool
    statements: list = field(default_factory=list)


def groups_of(counts, most):
    """Return the kinds in `counts` ({kind: entries}) in lists: of one kind, or of at most `most` entries.

    So all entries of those in a list are found at once; most kinds have few, and each search takes time.
    """
    groups, room = [], 0
    for kind, count in sorted(counts.items(), key=lambda item: item[1]):
        if count > room:
            groups.append([])
            room = most
        groups[-1].append(kind)
        room -= count
    return groups


class Ranked:
    """The answers to a question, ranked; which thing each is, is read when it is shown."""

    def __init__(self, question, index):
        """Take a meaning.Question and the Index that it is put to."""
        self._index, self._question = index, question
        entries = {kind: index.searcher.doc_freq("kind", place) for place, kind in enumerate(KINDS)}
        # The kinds that can be crowded out: whatever fills half of the edition has its best in any list.
        few = {kind: count for kind, count in entries.items() if 0 < count < index.searcher.num_docs / 2}
        self._few = groups_of(few, MOST)
        self._things = {}  # {number of a thing: (score, kind, is_partial, [addresses])}
        self.more = False  # whether more fits than is ranked
        if not question.terms:
            return
        self._rare = [term for term in question.terms if not self._is_common(term)] or question.terms
        self._collect(self._all(), is_partial=False)
        for enough in sorted({(len(self._rare) + 1) // 2, 1}, reverse=True):
            if len(question.terms) > 1 and len(self._things) < FEW:
                self._collect(self._some(enough), is_partial=True)

    def counts(self):
        """Return {kind: how many answers are of it}, in the order of KINDS."""
        kinds = [kind for _score, kind, *_rest in self._things.values()]
        return {kind: kinds.count(kind) for kind in KINDS if kind in kinds}

    def hits(self, kind, start, stop):
        """Return the Hits from place `start` to `stop`, of one `kind` or, where that is empty, of all."""
        chosen = [
            (is_partial, -score, number)
            for number, (score, of, is_partial, _addresses) in self._things.items()
            if kind in ("", of)
        ]
        return [self._hit(number) for *_score, number in nsmallest(stop, chosen)[start:]]

    def _hit(self, number):
        _score, kind, is_partial, addresses = self._things[number]
        entries = [self._index.searcher.doc(address) for address in addresses]
        statements = [slug for entry in entries if (slug := entry.get_first("statement"))]
        return Hit(kind, entries[0].get_first("slug"), is_partial, statements)

    def _collect(self, query, is_partial):
        found = self._search(query)
        if len(found) == MOST:
            # More than can be ranked: the best of each kind, so that none of them is left out.
            self.more = True
            found += chain.from_iterable(self._search(self._of_kinds(query, kinds)) for kinds in self._few)
        addresses = [address for _score, address in found]
        column = self._index.searcher.fast_field_values
        columns = [column(name, addresses) for name in ("thing", "kind", "weight")]
        factors = self._factors()
        by_kind = [factors.get(kind, 1.0) for kind in KINDS]
        new, seen, known = {}, set(), self._things
        for (score, address), number, kind, weight in zip(found, *columns, strict=True):
            if number in known:
                continue
            if self.more:  # found among all, and again among those of its kind
                place = address.segment_ord, address.doc
                if place in seen:
                    continue
                seen.add(place)
            entry = (score * (weight * by_kind[kind]), address)
            if number in new:
                new[number][1].append(entry)
            else:
                new[number] = (KINDS[kind], [entry])
        for number, (kind, entries) in new.items():
            best = entries[0][0]
            if len(entries) > 1:
                entries.sort(key=_highest_first)
                best = entries[0][0] + MORE_TASKS * sum(score for score, _address in entries[1:4])
            known[number] = (best, kind, is_partial, [address for _score, address in entries])

    def _search(self, query):
        return self._index.searcher.search(query, limit=MOST, count=False).hits

    def _of_kinds(self, query, kinds):
        of_kinds = Query.term_set_query(self._index.schema, "kind", [KINDS.index(kind) for kind in kinds])
        must = [(Occur.Must, query), (Occur.Must, Query.const_score_query(of_kinds, 0.0))]
        return Query.boolean_query(must)

    def _factors(self):
        """Return {kind: by how much it counts more, or less, for this question}."""
        asked = self._question
        factors = dict(WHOM) if asked.about_whom else {}
        factors |= A_UNIT if asked.about_a_unit else {}
        return factors | (DATE if asked.about_a_date else {})

    def _all(self):
        terms = [
            (Occur.Must if term in self._rare else Occur.Should, self._term(term))
            for term in self._question.terms
        ]
        return Query.boolean_query(terms + self._bonus())

    def _some(self, enough):
        any_of = []
        for term in self._rare:
            # A rare word found counts more than a common one found in a better place.
            rarity = log(1 + self._index.searcher.num_docs / (1 + self._often(term)))
            found = self._term(term)
            any_of.append((Occur.Should, Query.const_score_query(found, RARITY * rarity)))
            any_of.append((Occur.Should, found))
        # Each word is in it twice.
        return Query.boolean_query(any_of, minimum_number_should_match=2 * enough)

    def _is_common(self, term):
        return self._often(term) > COMMON * self._index.searcher.num_docs

    def _often(self, term, fields=FIELDS):
        stems = {one for meant, _weight in term.meanings for one in meant}
        return max(self._index.searcher.doc_freq(name, one) for name in fields for one in stems)

    def _term(self, term):
        # A word that is nearly everywhere only tells which names to prefer; but if it is all that was asked
        # for, and no name has it, it is looked for everywhere.
        is_told = term not in self._rare or self._often(term, NAMES)
        fields = NAMES if is_told and self._often(term) > FAR_TOO_MANY else FIELDS
        return Query.disjunction_max_query(
            [Query.boost_query(self._meaning(stems, fields), weight) for stems, weight in term.meanings]
        )

    def _meaning(self, stems, fields):
        return Query.disjunction_max_query(
            [Query.boost_query(self._in_field(name, stems), BOOSTS[name]) for name in fields], 0.1
        )

    def _in_field(self, name, stems):
        if len(stems) == 1:
            return Query.term_query(self._index.schema, name, stems[0])
        return Query.phrase_query(self._index.schema, name, list(stems), slop=1)

    def _bonus(self):
        """Return what lifts an entry: its name is all that was asked; the words stand together."""
        schema = self._index.schema
        names = Query.term_set_query(schema, "exact", self._question.exact)
        bonus = [(Occur.Should, Query.const_score_query(names, EXACT))]
        firsts = [term.meanings[0][0] for term in self._question.terms]
        flat = [one for stems in firsts for one in stems]
        if len(flat) > 1:
            for name in ("names", "aliases", "task"):
                phrase = Query.phrase_query(schema, name, flat, slop=2)
                bonus.append((Occur.Should, Query.boost_query(phrase, TOGETHER)))
        return bonus


def _highest_first(entry):
    return -entry[0]
