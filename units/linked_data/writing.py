"""Nodes as JSON-LD and as Turtle, one after the other, so that what is long can be streamed.

By hand, because a library takes the whole graph into memory and sorts it before it writes a byte (at 10,000
units: see docs/linked-data.md). Both writers take the same nodes, dicts with the members of TERMS, so both
hold the same triples; a test reads them back with a library and compares.
"""

import json
import re

from django.conf import settings

from units.linked_data.terms import DATED, FLAG, LINK, NUMBER, PLAIN, TERMS, WORDS, prefixes

# What can't stand in a quoted text of Turtle as it is.
SPECIAL = re.compile(r'["\\\x00-\x1f\x7f]')
ESCAPES = {'"': r"\"", "\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"}


def json_ld(nodes):
    """Yield the JSON-LD of `nodes` in parts: a flat graph with a node on each line."""
    yield f'{{"@context":{json.dumps(f"{settings.SITE_URL}/context.jsonld")},"@graph":[\n'
    between = ""
    for node in nodes:
        yield between + json.dumps(node, ensure_ascii=False, separators=(",", ":"))
        between = ",\n"
    yield "\n]}\n"


def turtle(nodes):
    """Yield the Turtle of `nodes` in parts: the prefixes, then each node with a line for each member."""
    base = f"{settings.SITE_URL}/"
    yield f"@base <{base}> .\n"
    for prefix, namespace in sorted(prefixes().items()):
        yield f"@prefix {prefix}: <{namespace}> .\n"
    for node in nodes:
        lines = [f"a {', '.join(node['type'])}"] if "type" in node else []
        for name, value in node.items():
            if name in ("id", "type"):
                continue
            prop, how = TERMS[name]
            values = value if isinstance(value, list) else [value]
            lines.append(f"{prop} {', '.join(_written(each, how, base) for each in values)}")
        yield f"\n{_link(node['id'], base)}\n  " + " ;\n  ".join(lines) + " .\n"


def _link(value, base):
    if value.startswith(base):
        return f"<{value[len(base) :]}>"
    return value if value.partition(":")[0] in ALL_PREFIXES else f"<{value}>"


ALL_PREFIXES = {*prefixes()}


def _written(value, how, base):
    if how == LINK:
        return _link(value, base)
    if how == NUMBER:
        return str(value)
    if how == FLAG:
        return "true" if value else "false"
    if how == WORDS:
        return f"{_quoted(value)}@en"
    if how == PLAIN:
        return _quoted(value)
    if how == DATED:
        return f"{_quoted(value['@value'])}^^{value['@type']}"
    return f"{_quoted(value)}^^{how}"


def _quoted(text):
    return f'"{SPECIAL.sub(_escaped, text)}"'


def _escaped(match):
    return ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}"
