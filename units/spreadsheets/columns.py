"""The columns of a table: what a shape of the API says of a thing, laid flat.

A related thing gives `x_slug` and `x_name`, a citation `source#passage`; lists are joined, an item on each
line of the cell. No column names a person.
"""

import functools
import json
from dataclasses import dataclass
from typing import Any

from rest_framework import serializers as s

from units.api import shapes

BETWEEN = "\n"  # no text of a document has a line break, so a list can be taken apart again
# Addresses of what has an identifier, and what hangs on things within things: to be had at its own address.
LEFT_OUT_WITHIN = {"url", "page", "citations"}
NO_COLUMNS = (shapes.Holder, shapes.Difference)  # people are in no table; differences are one of their own


@dataclass(frozen=True)
class Column:
    """A column: its name, the member of the answer that it is of, and how its cell is made of that."""

    name: str
    member: str
    make: Any

    def cell(self, item):
        """Return the cell of `item`, an answer: a text or a whole number; an empty text is not stated."""
        value = self.make(item[self.member])
        return "" if value is None else value


@functools.cache
def columns_of(shape):
    """Return the Columns of a `shape`, a class of units.api.shapes."""
    return [
        Column(name, member, make)
        for member, field in shape().fields.items()
        for name, make in _columns(member, field)
    ]


def _columns(name, field):
    """Yield (name of a column, what makes its cell) for the value of `field`, called `name`."""
    if isinstance(field, s.ListSerializer):
        yield from _of_many(name, field.child)
    elif isinstance(field, s.ListField):
        if isinstance(field.child, s.CharField):
            yield name, _joined
    elif isinstance(field, s.Serializer):
        for inner, each in field.fields.items():
            if inner != "url" or not _is_named(field):
                yield from _within(name, inner, each)
    elif isinstance(field, s.BooleanField):
        yield name, _yes_or_no
    elif isinstance(field, s.JSONField):
        yield name, _as_text
    else:
        yield name, lambda value: value


def _within(name, inner, field):
    for deeper, make in _columns(f"{name}_{inner}", field):
        yield deeper, lambda value, make=make: None if value is None else make(value[inner])


def _of_many(name, child):
    if isinstance(child, NO_COLUMNS):
        return
    if isinstance(child, shapes.CitationShape):
        yield name, _references
    elif isinstance(child, shapes.Alias):
        yield name, _names
        yield f"{name}_editorial", lambda values: _names(each for each in values if each["editorial"])
    else:
        for inner in child.fields:
            if inner not in LEFT_OUT_WITHIN:
                yield (
                    f"{name}_{inner}",
                    lambda values, inner=inner: _joined(str(each[inner]) for each in values),
                )


def _is_named(serializer):
    return not {"slug", "id"}.isdisjoint(serializer.fields)


def _joined(texts):
    return BETWEEN.join(texts)


def _names(things):
    return _joined(each["name"] for each in things)


def _references(citations):
    """Return where the citations lead, each once: a sentence may prove several members."""
    return _joined(dict.fromkeys(f"{each['source']['slug']}#{each['passage']}" for each in citations))


def _yes_or_no(value):
    return None if value is None else "true" if value else "false"


def _as_text(value):
    return value if isinstance(value, str) or value is None else json.dumps(value, ensure_ascii=False)
