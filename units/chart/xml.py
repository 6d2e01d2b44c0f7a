"""Writing SVG: elements with presentation attributes only, and nothing that XML can't hold."""

import functools
import re
from xml.sax.saxutils import escape, quoteattr

# What no XML document may hold, escaped or not: control characters, lone surrogates, two that are none.
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
PLAIN = re.compile(r"[-\w .,:;/#?=()%+]*", re.ASCII).fullmatch  # nothing in it to escape


def text(value):
    """Return `value` as text for an element."""
    return escape(FORBIDDEN.sub("\ufffd", str(value)))


def element(name, *inside, **attributes):
    """Return the element `name` around `inside` (strings that are XML already).

    An underscore in the name of an attribute stands for a hyphen, one at its end for nothing; an attribute
    that is None is left out.
    """
    given = "".join(
        [f" {_name(key)}={_quoted(value)}" for key, value in attributes.items() if value is not None]
    )
    content = "".join(inside)
    return f"<{name}{given}>{content}</{name}>" if content else f"<{name}{given}/>"


@functools.cache
def _name(key):
    return key.rstrip("_").replace("_", "-")


def _quoted(value):
    if not isinstance(value, str) or PLAIN(value):
        return f'"{value}"'
    return quoteattr(FORBIDDEN.sub("\ufffd", value))


def lines_of_text(lines, x, y, step, **attributes):
    """Return a text element with `lines` below one another, the first one's base at (x, y)."""
    if len(lines) == 1:
        return element("text", text(lines[0]), x=x, y=y, **attributes)
    # Each line but the last ends in a space, so that it is read and copied as one text.
    spans = [
        element("tspan", text(line if i == len(lines) - 1 else f"{line} "), x=x, y=y + i * step)
        for i, line in enumerate(lines)
    ]
    return element("text", *spans, **attributes)


def path(lines, **attributes):
    """Return one path element along all `lines`, each a list of corners (x, y); nothing where none is."""
    drawn = "".join(f"M{x} {y}" + "".join(f"L{u} {v}" for u, v in rest) for (x, y), *rest in lines)
    return element("path", d=drawn, fill="none", **attributes) if drawn else ""
