"""Search over one edition: who handles what, who is who, what is when.

`meaning` reads a question, `ranking` finds and ranks what answers it in an `index` of the `entries` of an
edition, `answers` reads the rows of what was found. Names of people are never in an index.
"""

from units.search.answers import MODELS, SHOWN_STATEMENTS, Answer, Found, search, search_names
from units.search.entries import KINDS
from units.search.index import NotThereYetError, make_ready

__all__ = [
    "KINDS",
    "MODELS",
    "SHOWN_STATEMENTS",
    "Answer",
    "Found",
    "NotThereYetError",
    "make_ready",
    "search",
    "search_names",
]
