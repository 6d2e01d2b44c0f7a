"""Whether a document can be loaded: its text, its shape (JSON Schema) and its references."""

import functools
import itertools
import json
import re
import unicodedata
from collections import Counter, defaultdict
from datetime import date, datetime
from itertools import batched, chain
from pathlib import Path

import jsonschema_rs

from units.documents.form import DocumentError, Problem, path_of, without_collecting
from units.models.structure import DEEPEST_LEVEL

SCHEMA_FILE = Path(__file__).resolve().parent.parent / "edition.schema.json"
# Shallow enough that no parser on the way runs out of stack.
DEEPEST_NESTING = 2 * DEEPEST_LEVEL + 10
LARGEST_INTEGER = 2**53 - 1  # beyond it JSON readers disagree (RFC 8785, 3.2.2.3)
UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# More are not looked for: whoever has so many mends the first ones first, and each takes memory.
MOST_PROBLEMS = 10_000
ABOUT = ["unit", "body", "initiative"]
LINKED = {"initiative", "milestone", "source"}  # with others of their kind
LINKS = {"about", "part_of", "republishes", "after", "date", "published"}


@functools.cache
def schema():
    """Return the JSON Schema of documents as a dict."""
    return json.loads(SCHEMA_FILE.read_text())


@functools.cache
def _validator():
    # The mask stands for the value in messages: a value can be a whole tree.
    return jsonschema_rs.validator_for(schema(), mask="This")


def parse(raw):
    """Return the document in `raw` (bytes of JSON).

    Raises DocumentError with every problem where it can't be loaded.
    """
    try:
        document = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_Members)
    except UnicodeDecodeError as error:
        raise DocumentError(
            [Problem("", f"This is not UTF-8 text: byte {error.start} can't be read.")]
        ) from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise DocumentError([Problem("", f"This is not JSON: {error.msg} at {where}.")]) from None
    except RecursionError:
        raise DocumentError([Problem("", "Objects are nested too deeply.")]) from None
    except ValueError:
        raise DocumentError([Problem("", "A number has too many digits.")]) from None
    problems = check(document)
    if problems:
        raise DocumentError(problems, document)
    return document


def check(document):
    """Return every Problem of `document` (as parsed from JSON), sorted; empty where it can be loaded."""
    with without_collecting():
        return _problems(document)


def _problems(document):
    problems, can_go_on = ([], True) if _all_plain(document) else _check_values(document)
    if can_go_on:
        # What is wrong with a value in itself is said once, not again by what builds on it.
        for further in (_check_shape, _check_references):
            told = {problem.path for problem in problems}
            problems += [problem for problem in further(document) if problem.path not in told]
    return sorted(set(problems))


class _Members(dict):
    """The members of an object as it was parsed, and which of their keys stood there `twice`."""

    def __init__(self, pairs):
        super().__init__(pairs)
        self.twice = ()
        if len(self) < len(pairs):
            counted = Counter(key for key, _ in pairs)
            self.twice = sorted(key for key, times in counted.items() if times > 1)


def _all_plain(document):
    """Whether nothing is wrong with the bare values, as far as that can be told without looking at each text.

    A quarter of the time of _check_values, which says what is wrong where.
    """
    here, keys, texts = [document], set(), []
    for _depth in range(DEEPEST_NESTING + 1):
        below = []
        for value in here:
            kind = type(value)
            if kind is str:
                texts.append(value)
            elif kind is list:
                below += value
            elif kind is dict or (kind is _Members and not value.twice):
                keys.update(value)
                below += value.values()
            elif kind is not bool and (kind is not int or abs(value) > LARGEST_INTEGER):
                return False
        here = below
        if not here:
            break
    return not here and all(map(_is_plain, batched(chain(keys, texts), 10_000)))


def _is_plain(texts):
    # A space joins no letters: together they are in composed form where each of them is.
    text = " ".join(texts)
    return not UNWRITABLE.search(text) and unicodedata.is_normalized("NFC", text)


def _check_values(document):
    """Return the problems of the bare values, and whether the schema can be applied to them."""
    problems, can_go_on = [], True
    todo = [((), document)]
    while todo:
        if len(problems) >= MOST_PROBLEMS:
            return problems, False
        steps, value = todo.pop()

        def wrong(message, steps=steps):
            problems.append(Problem(path_of(*steps), message))

        if isinstance(value, str):
            if not value.isascii() or UNWRITABLE.search(value):
                can_go_on = _check_text(value, wrong) and can_go_on
        elif isinstance(value, (dict, list)):
            if len(steps) > DEEPEST_NESTING:
                wrong(f"Units are nested deeper than {DEEPEST_LEVEL} levels.")
                can_go_on = False
            elif isinstance(value, list):
                todo += [((*steps, i), item) for i, item in enumerate(value)]
            else:
                for key in getattr(value, "twice", ()):
                    wrong(f"The key {key!a} stands twice in this object.")
                for key, item in value.items():
                    if UNWRITABLE.search(key):
                        wrong(f"The key {key!a} has a character that can't be written.")
                        can_go_on = False
                    else:
                        todo.append(((*steps, key), item))
        elif value is None:
            wrong("null: leave the key out where something is not stated.")
        elif isinstance(value, float):
            wrong(f"{value} is not a whole number.")
        elif abs(value) > LARGEST_INTEGER:
            wrong(f"The number is larger than {LARGEST_INTEGER}.")
            can_go_on = False
    return problems, can_go_on


def _check_text(value, wrong):
    bad = UNWRITABLE.search(value)
    if bad:
        code = ord(bad[0])
        kind = "half of a character" if code >= 0xD800 else "a control character"
        wrong(f"The text has {kind} (U+{code:04X}) at position {bad.start()}.")
        return False
    if not unicodedata.is_normalized("NFC", value):
        wrong("The text is not in Unicode's composed form (NFC).")
    return True


def _check_shape(document):
    return [
        Problem(path_of(*error.instance_path), f"{error.message}.")
        for error in itertools.islice(_validator().iter_errors(document), MOST_PROBLEMS)
    ]


def check_alone(kind, item):
    """Return the Problems of one thing of a document by itself: its text, shape and days.

    `item` holds its own members; nothing in it refers to anything.
    """
    problems, can_go_on = _check_values(item)
    if can_go_on:
        told = {problem.path for problem in problems}
        problems += [
            Problem(path_of(*error.instance_path), f"{error.message}.")
            for error in _validator_of(kind).iter_errors(item)
            if error.instance_path and path_of(*error.instance_path) not in told
        ]
        for key in ("date", "published"):
            problems += _check_date(_text(item, key), key)
    return sorted(set(problems))


@functools.cache
def _validator_of(kind):
    of_kind = schema()["$defs"][kind]
    return jsonschema_rs.validator_for(
        {"$schema": schema()["$schema"], "$defs": schema()["$defs"], "properties": of_kind["properties"]},
        mask="This",
    )


def facts(document):
    """Yield every fact of a document as (kind, fact, steps) in the document's order.

    Kinds are `unit`, `post`, `statement`, `body`, `initiative`, `milestone` and `source`. Passes over what
    is not where the schema has it, so that the rest can be checked.
    """
    todo = [("units", i, unit, ()) for i, unit in _members(document, "units")]
    while todo:
        key, i, unit, above = todo.pop()
        steps = (*above, key, i)
        yield "unit", unit, steps
        for j, post in _members(unit, "posts"):
            yield "post", post, (*steps, "posts", j)
            yield from _statements(post, (*steps, "posts", j))
        yield from _statements(unit, steps)
        below = [("units", j, child, steps) for j, child in _members(unit, "units")]
        todo += reversed(below)
    for i, body in _members(document, "bodies"):
        yield "body", body, ("bodies", i)
        yield from _statements(body, ("bodies", i))
    for kind, key in [("initiative", "initiatives"), ("milestone", "milestones"), ("source", "sources")]:
        for i, fact in _members(document, key):
            yield kind, fact, (key, i)


def _statements(owner, steps):
    for i, statement in _members(owner, "statements"):
        yield "statement", statement, (*steps, "statements", i)


def _members(holder, key):
    """Return the objects in the list `key` of `holder` with their places; what is no list has none."""
    found = holder.get(key, ()) if isinstance(holder, dict) else ()
    return (
        [(i, item) for i, item in enumerate(found) if isinstance(item, dict)]
        if found.__class__ is list
        else ()
    )


def _text(holder, key):
    """Return the text `key` of `holder`, or None where there is none."""
    value = holder.get(key) if isinstance(holder, dict) else None
    return value if isinstance(value, str) else None


def _check_references(document):
    """Return the problems with what refers to something: slugs, citations, dates, circles."""
    problems = []
    known, linked = defaultdict(dict), []
    passages = set()
    for i, source in _members(document, "sources"):
        slug = _text(source, "slug")
        for j, passage in _members(source, "passages"):
            reference = f"{slug}#{passage.get('number')}"
            if reference in passages:
                where = path_of("sources", i, "passages", j, "number")
                problems.append(Problem(where, f"The passage {reference} is there twice."))
            passages.add(reference)

    for key in ("effective_on", "announced_on"):
        problems += _check_date(_text(document, key), key)
    for kind, fact, steps in facts(document):
        slug = _text(fact, "slug")
        if slug in known[kind]:
            wrong = f"The {kind} “{slug}” is there twice; a slug is unique in its kind."
            problems.append(Problem(path_of(*steps, "slug"), wrong))
        if slug:
            known[kind][slug] = (fact, steps) if kind in LINKED else True
        if not LINKS.isdisjoint(fact):  # which few have
            linked.append((fact, steps))
        problems += _check_citations(fact, steps, passages)
    for fact, steps in linked:
        problems += _check_links(fact, steps, known)
    problems += _check_circles(known["initiative"], "part_of", lambda fact: _text(fact, "part_of"))
    problems += _check_circles(
        known["milestone"], "after", lambda fact: _text(fact.get("after"), "milestone")
    )
    problems += _check_circles(known["source"], "republishes", lambda fact: _text(fact, "republishes"))
    return problems


def _check_citations(fact, steps, passages):
    found, cited = _members(fact, "cites"), set()
    if len(found) == 1 and _text(found[0][1], "passage") in passages:  # as of nearly all facts
        return
    for i, citation in found:
        passage, field = _text(citation, "passage"), _text(citation, "field")
        if passage and passage not in passages:
            where = path_of(*steps, "cites", i, "passage")
            yield Problem(where, f"There is no passage {passage}.")
        if (passage, field) in cited:
            yield Problem(path_of(*steps, "cites", i), f"{passage} is cited twice for the same.")
        cited.add((passage, field))


def _check_links(fact, steps, known):
    links = [(target, _text(fact.get("about"), target), ("about", target)) for target in ABOUT]
    links.append(("initiative", _text(fact, "part_of"), ("part_of",)))
    links.append(("source", _text(fact, "republishes"), ("republishes",)))
    links.append(("milestone", _text(fact.get("after"), "milestone"), ("after", "milestone")))
    for target, slug, key in links:
        if slug and slug not in known[target]:
            yield Problem(path_of(*steps, *key), f"There is no {target} “{slug}” in this document.")
    for key in ("date", "published"):
        yield from _check_date(_text(fact, key), path_of(*steps, key))


def _check_date(text, path):
    if text is None:
        return
    try:
        if "T" in text:
            datetime.fromisoformat(text)
        else:
            date.fromisoformat(text + "-01-01"[len(text) - 10 :] if len(text) < 10 else text)
    except ValueError:
        yield Problem(path, f"There is no day {text}.")


def _check_circles(known, key, above):
    """Yield a Problem for each slug whose chain of `above` comes back to itself."""
    done = set()
    for slug in known:
        chain = {}
        while slug in known and slug not in done:
            done.add(slug)
            chain[slug] = len(chain)
            slug = above(known[slug][0])
        if slug in chain:
            circle = " → ".join([*list(chain)[chain[slug] :], slug])
            yield Problem(path_of(*known[slug][1], key), f"This goes round in a circle: {circle}.")
