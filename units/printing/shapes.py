"""A drawing as plain shapes, for Typst to draw: rectangles, lines, text and links, each at its place."""

import re
from xml.etree import ElementTree

from units.printing.letters import printable

SVG = "{http://www.w3.org/2000/svg}"
STEPS = re.compile(r"([MLhvz])([-\d. ]*)")


def shapes_of(svg):
    """Return (width, height, shapes) of `svg`, a drawing of ours; a shape is a dict with its `kind`.

    The order is that of the drawing. A link (kind "link") has the rectangle `x`, `y`, `width`, `height` of
    its face, and the shapes `inside` it at their places in that rectangle.
    """
    root = ElementTree.fromstring(svg)  # noqa: S314 (our own)
    shapes = []
    _walk(root, 0, 0, {}, shapes)
    return int(root.get("width")), int(root.get("height")), shapes


def moved(shapes, x, y):
    """Return `shapes` moved to the right by `x` and down by `y`."""
    found = []
    for shape in shapes:
        if shape["kind"] == "lines":
            parts = [[[across + x, down + y] for across, down in part] for part in shape["parts"]]
            found.append(shape | {"parts": parts})
        else:
            found.append(shape | {"x": shape["x"] + x, "y": shape["y"] + y})
    return found


def _walk(parent, x, y, inherited, shapes):
    for element in parent:
        name = element.tag.removeprefix(SVG)
        look = inherited | {
            key: element.get(key)
            for key in ("fill", "font-size", "font-weight", "text-anchor")
            if element.get(key)
        }
        if name == "g":
            dx, dy = _offset(element.get("transform"))
            _walk(element, x + dx, y + dy, look, shapes)
        elif name == "a":
            inside = []
            _walk(element, x, y, look, inside)
            place = {key: inside[0][key] for key in ("x", "y", "width", "height")}  # it begins with its face
            inside = moved(inside, -place["x"], -place["y"])
            shapes.append({"kind": "link", "to": element.get("href"), "inside": inside, **place})
        elif name == "rect":
            shapes.append(_box(element, x, y))
        elif name == "path":
            shapes.append(_path(element, x, y))
        elif name == "text":
            shapes += _texts(element, x, y, look)


def _offset(transform):
    x, y = re.fullmatch(r"translate\((-?\d+) (-?\d+)\)", transform).groups() if transform else (0, 0)
    return int(x), int(y)


def _line(element):
    stroke = element.get("stroke")
    if not stroke:
        return None
    dash = [float(part) for part in element.get("stroke-dasharray", "").split()]
    line = {"paint": stroke, "thickness": float(element.get("stroke-width", 1)), "dash": dash}
    return line | {"is_round": element.get("stroke-linecap") == "round"}


def _box(element, x, y):
    fill = element.get("fill")
    return {
        "kind": "box",
        "x": x + float(element.get("x")),
        "y": y + float(element.get("y")),
        "width": float(element.get("width")),
        "height": float(element.get("height")),
        "radius": float(element.get("rx", 0)),
        "fill": None if fill == "none" else fill,
        "line": _line(element),
    }


def _path(element, x, y):
    """Return a path as lists of corners; `z` closes it by its first one."""
    parts = []
    for step, numbers in STEPS.findall(element.get("d")):
        given = [float(number) for number in numbers.split()]
        if step == "M":
            parts.append([[x + given[0], y + given[1]]])
        elif step == "L":
            parts[-1].append([x + given[0], y + given[1]])
        elif step == "h":
            parts[-1].append([parts[-1][-1][0] + given[0], parts[-1][-1][1]])
        elif step == "v":
            parts[-1].append([parts[-1][-1][0], parts[-1][-1][1] + given[0]])
        else:
            parts[-1].append(parts[-1][0])
    return {"kind": "lines", "parts": parts, "line": _line(element)}


def _texts(element, x, y, look):
    spans = list(element) or [element]
    if spans == [element] and element.get("x") is None:
        return []  # a name of blanks has no lines
    return [
        {
            "kind": "text",
            "x": x + float(span.get("x")),
            "y": y + float(span.get("y")),
            "size": float(look.get("font-size", 12)),
            "weight": int(look.get("font-weight", 400)),
            "fill": look.get("fill", "#1b2628"),
            "anchor": look.get("text-anchor", "start"),
            "text": printable(span.text or "", is_broken=False),
        }
        for span in spans
    ]
