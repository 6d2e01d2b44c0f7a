"""Words as the search sees them: folded (no capitals, no accents), stemmed, and marked in a text."""

import re
from functools import lru_cache

import tantivy
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import mark_safe

# What a question says besides its subject: whom it is about, or that it is about a date.
WHO = frozenset({"charge", "contact", "contacts", "handles", "responsible", "who", "whom", "whos", "whose"})
WHEN = frozenset({"date", "dates", "deadline", "deadlines", "timeline", "when"})
# Words of a question that say nothing about its subject; they count where nothing else is asked.
EMPTY_WORDS = """
    a about across am an and any anybody anyone are as ask at be by call can charge contact contacting
    contacts could deal dealing deals did do does doesn doing find for from get give go had handle
    handled handles handling has have help how i if in into is it its look looking looks many may me
    much must my need of on or other others our phone please point responsibilities responsibility
    responsible run running runs s shall should so some somebody someone t take takes tell than that the
    their them there these they this those to until up us want was we were what whats when where which
    while who whom whos whose will wish with work working works would write you your
"""
STOP_WORDS = WHO | WHEN | frozenset(EMPTY_WORDS.split())

WORD = re.compile(r"[^\W_]+")


def _analyzer(*filters):
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for each in (tantivy.Filter.lowercase(), tantivy.Filter.ascii_fold(), *filters):
        builder = builder.filter(each)
    return builder.build()


FOLDED = _analyzer()
STEMMED = _analyzer(tantivy.Filter.stemmer("english"))


def words_of(text):
    """Return the words of `text`, folded: capitals and accents are gone, signs part them."""
    return FOLDED.analyze(text)


def stems_of(text):
    """Return the stems of the words of `text`, in order: `sandboxes` and `sandbox` have the same."""
    return STEMMED.analyze(text)


@lru_cache(20_000)
def stem(word):
    """Return the stem of one folded `word`."""
    return "".join(stems_of(word))


STOP_STEMS = frozenset(map(stem, STOP_WORDS))


def singular(word):
    """Return a folded `word` as a list of synonyms has it: without the s of a plural."""
    if len(word) < 4 or word.endswith("ss") or not word.endswith("s"):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("ches", "shes", "xes", "sses")) else word[:-1]


def exact(text):
    """Return what all ways to write a name have in common: its stems, in alphabetical order."""
    return exact_of(stems_of(text))


def exact_of(stems):
    """Return the same as exact() where the stems are at hand."""
    stems = set(stems)
    return " ".join(sorted(stems - STOP_STEMS or stems))


def has_any(text, stems):
    """Return whether a word of `text` has one of `stems` (a set)."""
    return not stems.isdisjoint(stems_of(text))


def marked(text, stems):
    """Return `text` as HTML in which each word with one of `stems` (a set) stands in a <mark>."""
    pieces, end = [], 0
    for match in WORD.finditer(text):
        if not has_any(match[0], stems):
            continue
        pieces.append(conditional_escape(text[end : match.start()]))
        pieces.append(format_html_join("", "<mark>{}</mark>", [(match[0],)]))
        end = match.end()
    return mark_safe("".join([*pieces, conditional_escape(text[end:])]))  # noqa: S308 (each piece is escaped)
