"""An answer as a table: what is in it, what it is called, and what it says of itself."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from units import conditional
from units.api.asking import MOMENT
from units.spreadsheets.columns import columns_of

LONGEST_NAME = 120


@dataclass(frozen=True)
class Table:
    """Its Columns, and the answers that are its rows; for a workbook its title, what it is of, its day."""

    columns: list
    items: Iterable
    title: str
    about: list
    day: date


def sent(view, request, body, headers, modified):
    """Return the response with `body`, the answer of `view`, as the table that `request` wants.

    304 or 412 where the request's conditions say so, before anything of the table is made.
    """
    renderer = request.accepted_renderer
    name = _name(view, request)
    headers = headers | {"Content-Disposition": f'attachment; filename="{name}.{renderer.format}"'}
    # Of no length: to say how long it is, it would have to be made.
    empty = StreamingHttpResponse((), headers=headers, content_type=renderer.content_type)
    response = conditional.finished(request, empty, headers["ETag"], modified)
    if response is not empty or request.method == "HEAD":
        return response
    columns = [column for column in columns_of(view.shape) if column.member in view.members]
    items = body.get("results", [body])
    edition = view.edition
    day = edition.effective_on if edition else view.on
    table = Table(columns, items, _resource(view, request), _about(view, request), day)
    return renderer.response(table, headers)


def _parts(view, request):
    """Return what stands between slashes in the address, from the name of the list on."""
    path = request.path.removeprefix("/api/v1")
    if edition := view.kwargs.get("edition_name"):
        path = path.removeprefix(f"/editions/{edition}")
    return path.strip("/").removesuffix(f".{request.accepted_renderer.format}").split("/")


def _resource(view, request):
    parts = _parts(view, request)
    return parts[-1] if len(parts) > 2 else parts[0]


def _filters(request):
    return [(name, value) for name, value in sorted(request.GET.items()) if name not in MOMENT]


def _name(view, request):
    """Return what the file is called where it is saved, but for its ending: with the edition and filters."""
    asked = [part for pair in _filters(request) for part in pair]
    edition = view.edition.identifier if view.edition else ""
    name = "-".join(["ai-office-directory", edition, *_parts(view, request), *asked])
    return re.sub(r"[^a-zA-Z0-9._]+", "-", name)[:LONGEST_NAME].strip("-.")


def _about(view, request):
    address = f"{settings.SITE_URL}{request.get_full_path()}"
    asked = "\n".join(f"{name}: {value}" for name, value in _filters(request))
    # What an address says that names its edition is the same on every day.
    is_of_a_day = view.moment and not view.moment.edition_name
    return [
        *about_edition(view.edition),
        *([(_("For the day"), view.on.isoformat())] if is_of_a_day else []),
        (_("Address"), address),
        (_("Filters"), asked or _("none")),
        *how_to_read(),
    ]


def about_edition(edition):
    """Return pairs of texts: which directory this is, and which edition of it."""
    site = [(_("AI Office directory"), _("Not an official website of the European Commission"))]
    if edition is None:
        return site
    return [
        *site,
        (_("Edition"), edition.identifier),
        (_("In effect from"), edition.effective_on.isoformat()),
        (_("SHA-256 of its document"), edition.sha256),
    ]


def how_to_read():
    """Return pairs of texts that say how the cells are to be read."""
    return [
        (_("An empty cell"), _("is not stated in the sources.")),
        (_("A list"), _("has an item on each line of its cell.")),
        (_("A citation"), _("names a source and the number of the sentence in it: ip-24-2982#8.")),
    ]
