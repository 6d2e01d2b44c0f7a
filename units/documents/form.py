"""The written forms of a document, what is wrong with one, and which columns it is made of."""

import gc
import json
import re
from contextlib import contextmanager
from dataclasses import dataclass

from units.models import Body, Initiative, Milestone, Passage, Post, Source, Statement, Unit

# The members of each kind that are columns of the same name, in the order in which a person reads them.
# Load and dump both go by this list; what refers to something else is theirs to resolve.
PLAIN = {
    Unit: ["slug", "name", "kind", "aliases", "purpose", "replaces"],
    Post: ["slug", "name", "role", "holder", "certainty"],
    Statement: [
        *("slug", "part", "text", "certainty", "theme", "goal", "condition"),
        *("partners", "examples", "open", "quantity", "comparator"),
    ],
    Body: ["slug", "name", "kind", "aliases", "composition"],
    Initiative: ["slug", "name", "kind", "aliases", "description"],
    Milestone: ["slug", "text", "certainty", "bound", "inferred"],
    Source: ["slug", "title", "publisher", "identifier", "published", "address", "note"],
    Passage: ["number", "section", "paragraph", "sentence", "says", "starts", "ends", "ambiguity"],
}


# By which of its members a reader knows a thing.
NAMED_BY = ("name", "title", "text", "says")


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong with a document: where (`units[0].posts[1].name`) and what, in a sentence."""

    path: str
    message: str

    def __str__(self):
        return f"{self.path or 'document'}: {self.message}"


class DocumentError(Exception):
    """A document can't be used; `problems` lists every reason, `document` is what they are of, if known."""

    def __init__(self, problems, document=None):
        self.problems = problems
        self.document = document
        super().__init__("\n".join(map(str, problems)))

    def sentences(self, most=20):
        """Return up to `most` problems for somebody who sees no document but knows things by their names."""
        return [_by_name(self.document, problem) for problem in self.problems[:most]]


def _by_name(document, problem):
    """Return `problem` as `“Left unit”, slug: …` instead of `units[0].units[0].slug: …`."""
    here, name, rest = document, "", []
    for member, place in re.findall(r"([^.\[\]]+)|\[(\d+)\]", problem.path):
        try:
            here = here[int(place)] if place else here[member]
        except (IndexError, KeyError, TypeError):
            here = None
        names = [here[key] for key in NAMED_BY if key in here] if isinstance(here, dict) else []
        if names:
            name, rest = names[0], []
        elif member:
            rest.append(member.replace("_", " "))
    where = ", ".join(part for part in (name and f"“{name}”", " ".join(rest)) if part)
    return f"{where}: {problem.message}" if where else problem.message


@contextmanager
def without_collecting():
    """Let the garbage collector rest.

    A large document is millions of objects that all stay: looking through them for rubbish again and again
    while more are made takes longer than making them.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def path_of(*steps):
    """Return the steps into a document, keys and list positions, as one readable path."""
    path = ""
    for step in steps:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else str(step)
    return path


def canonical(document):
    """Return the document's one canonical form as bytes: RFC 8785.

    For what a document may hold (ASCII keys, whole numbers, text without control characters) Python's own
    encoder gives exactly that form; a test compares it with a full implementation.
    """
    return json.dumps(
        document,
        ensure_ascii=False,
        allow_nan=False,
        separators=(",", ":"),
        sort_keys=True,
        check_circular=False,
    ).encode()


LINE = 110


def readable(document):
    """Return the document as text for a person: what fits on a line of 110 characters stands on one.

    Keys keep their order. Linear in the size of the document times its depth.
    """
    return _lines(document, indent=0, lead=0) + "\n"


def _lines(value, indent, lead):
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or indent + lead + len(line) <= LINE:
        return line
    inner = " " * (indent + 2)
    if isinstance(value, dict):
        items = [
            f"{json.dumps(key)}: {_lines(item, indent + 2, len(key) + 4)}" for key, item in value.items()
        ]
    else:
        items = [_lines(item, indent + 2, 0) for item in value]
    start, end = "{}" if isinstance(value, dict) else "[]"
    return f"{start}\n{inner}" + f",\n{inner}".join(items) + f"\n{' ' * indent}{end}"
