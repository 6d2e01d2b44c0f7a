"""What somebody means by what they write: synonyms, beginnings of words, typing errors."""

import hashlib
import time
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice, product

from rapidfuzz import process
from rapidfuzz.distance import OSA

from units.models import Synonym
from units.search.words import STOP_STEMS, STOP_WORDS, WHEN, WHO, exact_of, singular, stem, words_of
from units.source import source

MOST_WORDS, MOST_TERMS = 40, 12
MOST_PIECES = 4  # a word may be written in so many: Gen AI 4 EU
MOST_NAMES = 16
MOST_BEGUN, BEGINNINGS = 500, 12  # of so many words that begin like the last one, the most frequent
NEAREST = 3
MOST_SLIPS = 4  # so many words of a question are taken for slips
# How much a word counts that stands for the one that was written.
AS_SYNONYM, AS_BEGINNING, AS_JOINED, AS_CORRECTED = 0.9, 0.5, 0.9, 0.7


@dataclass
class Term:
    """A part of a question: what was `written`, and what it may mean.

    `meanings` is a list of (stems, weight): any of them will do; the stems of one stand together.
    `corrected` holds the words that were taken for a typing error.
    """

    written: str
    meanings: list
    corrected: tuple = ()


@dataclass
class Question:
    """What was asked, as the index can look for it. `unknown` are the words that nothing here is like."""

    terms: list
    unknown: list
    words: list

    @property
    def about_a_unit(self):
        return "unit" in self.words and not {"which", "what"}.isdisjoint(self.words)

    @property
    def about_whom(self):
        return self.about_a_unit or not WHO.isdisjoint(self.words)

    @property
    def about_a_date(self):
        return not WHEN.isdisjoint(self.words)

    @property
    def exact(self):
        """The names that it may be, as a whole, as words.exact() has them; at most MOST_NAMES."""
        ways = product(*([stems for stems, _weight in term.meanings] for term in self.terms))
        return list({exact_of(chain.from_iterable(way)) for way in islice(ways, MOST_NAMES)})

    @cached_property
    def stems(self):
        """All stems that are looked for: what is marked in the answers."""
        stems = {one for term in self.terms for stems, _weight in term.meanings for one in stems}
        return stems - STOP_STEMS or stems


def question(asked, index):
    """Return the Question that the text `asked` is to `index`."""
    words = words_of(asked)[:MOST_WORDS]
    meant = _synonyms()
    all_stop = STOP_WORDS.issuperset(words)
    terms, unknown, place = {}, {}, 0
    while place < len(words) and len(terms) < MOST_TERMS:
        used, term = _phrase(words, place, meant, index) or (1, None)
        if term is None and (all_stop or words[place] not in STOP_WORDS):
            is_last = place == len(words) - 1 and asked[-1:].isalnum()
            term = _word(words[place], index, is_last, meant, len(unknown) < MOST_SLIPS)
        if term and term.meanings:
            terms.setdefault(tuple(term.meanings), term)
        elif term:
            unknown[term.written] = True
        place += used
    return Question(list(terms.values()), list(unknown), words)


def _phrase(words, place, meant, index):
    """Return (number of words, Term) where a synonym of several words, or a word in pieces, is at `place`."""
    for length in range(min(max(meant.longest, MOST_PIECES), len(words) - place), 1, -1):
        here = words[place : place + length]
        own, joined = tuple(map(stem, here)), stem("".join(here))
        meanings = _of_synonym(here, meant, index)
        if length <= MOST_PIECES and index.has(joined):
            meanings.append(((joined,), AS_JOINED))
        if meanings:
            if all(map(index.has, own)):
                meanings.insert(0, (own, 1.0))
            return length, Term(" ".join(here), meanings)
    return None


def _of_synonym(words, meant, index):
    """Return the meanings of `words` that a synonym gives them and that `index` has."""
    phrases = meant.phrases.get(tuple(map(singular, words)), ())
    return [(phrase, AS_SYNONYM) for phrase in phrases if all(map(index.has, phrase))]


def _word(word, index, is_last, meant, may_be_slip):
    """Return the Term for one folded `word`; the last one may be a beginning, as while one types."""
    own = stem(word)
    meanings = [((own,), 1.0)] if index.has(own) else []
    meanings += _of_synonym([word], meant, index)
    may_go_on = is_last and not (meanings and word.isdigit())
    if len(word) > 1 and (may_go_on or (not meanings and len(word) > 2)):
        known = {stems for stems, _weight in meanings}
        begun = index.searcher.terms_with_prefix("words", word, limit=MOST_BEGUN)
        for other, _entries in sorted(begun, key=lambda found: -found[1])[:BEGINNINGS]:
            if (stem(other),) not in known:
                known.add((stem(other),))
                meanings.append(((stem(other),), AS_BEGINNING))
    if meanings:
        return Term(word, meanings)
    for cut in range(2, len(word) - 1):
        if _is_word(word[:cut], index) and _is_word(word[cut:], index):
            meanings.append(((stem(word[:cut]), stem(word[cut:])), AS_JOINED))
    if meanings or not may_be_slip or _slip_of_a_stop_word(word):
        return Term(word, meanings)
    corrected = nearest(word, index, meant)
    meanings = [
        (stems, AS_CORRECTED)
        for other in corrected
        for stems in [each for each, _weight in _of_synonym([other], meant, index)] or [(stem(other),)]
    ]
    return Term(word, meanings, tuple(corrected))


def nearest(word, index, meant, farthest=None):
    """Return the (at most NEAREST) words that differ least from `word`, the most frequent first.

    They are words of `index`, or have a synonym in `meant`. `farthest` is by how many letters they may differ
    (added, left out, changed, or swapped with the next); by default as many as a slip of the hand makes.
    """
    if farthest is None:
        farthest = 0 if len(word) < 4 else 1 if len(word) < 6 else 2
    found, limits = [], {"score_cutoff": farthest, "limit": NEAREST}
    for length in range(len(word) - farthest, len(word) + farthest + 1):
        for words in (index.words.get(length, {}), meant.words.get(length, {})):
            near = process.extract(word, words.keys(), scorer=OSA.distance, **limits)
            for form, distance, _place in near:
                entries, other = words[form]
                if other not in STOP_WORDS:
                    found.append((distance, form[0] != word[0], -entries, other))
    found.sort()
    least = found[0][0] if found else 0
    return list(dict.fromkeys(other for distance, *_rest, other in found if distance == least))[:NEAREST]


def suggested(unknown, index):
    """Return words to try instead of those that are `unknown`, farther from them than a slip."""
    tried = [nearest(word, index, _synonyms(), (len(word) + 1) // 2) for word in unknown[:NEAREST]]
    return list(dict.fromkeys(chain.from_iterable(tried)))[:NEAREST]


def _slip_of_a_stop_word(word):
    long_ones = (stop for stop in STOP_WORDS if len(stop) > 4)
    return len(word) > 4 and any(OSA.distance(word, stop, score_cutoff=1) <= 1 for stop in long_ones)


def _is_word(word, index):
    return index.searcher.doc_freq("words", word) > 0


@dataclass(frozen=True)
class Meant:
    """The synonyms by what is said: {words in the singular: [stems of a phrase that is meant]}.

    `longest` is the number of words of the longest; `words` are those of one word, as Index.words.
    """

    phrases: dict
    longest: int = 0
    words: dict = field(default_factory=dict)


def _synonyms():
    """Return the synonyms as Meant; read from the database at most once a second."""
    now, held = time.monotonic(), _held[source()]
    if now - held["since"] >= 1:
        rows = list(Synonym.objects.values_list("said", "meant"))
        version = hashlib.sha256(repr(rows).encode()).hexdigest()
        if version == held["version"]:
            held["since"] = now
            return held["meant"]
        phrases = {}
        for said, meant in rows:
            stems = [tuple(map(stem, words_of(phrase))) for phrase in meant.split(",")]
            phrases.setdefault(tuple(map(singular, words_of(said))), []).extend(filter(None, stems))
        words = defaultdict(dict)
        for said in phrases:
            if len(said) == 1:
                for form in (said[0], f"{said[0]}s"):
                    words[len(form)][form] = 1, form
        held.update(
            since=now,
            version=version,
            meant=Meant(phrases, max(map(len, phrases), default=0), words),
        )
    return held["meant"]


def synonyms_version():
    """Return a hash (hexadecimal) of the synonyms."""
    _synonyms()
    return _held[source()]["version"]


def forget_synonyms():
    """Read the synonyms anew at the next question (for tests, and for whoever has just changed one)."""
    for held in _held.values():
        held["since"] = float("-inf")


# By the source that they were read from.
_held = defaultdict(lambda: {"since": float("-inf"), "version": "", "meant": Meant({})})
