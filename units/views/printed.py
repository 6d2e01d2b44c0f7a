"""The chart as a picture and the directory for printing: made once for an edition, and kept."""

import hashlib

from django.http import HttpResponse
from django.utils.http import parse_etags, quote_etag

from units.chart.tree import UnknownUnitError
from units.exports import BusyError
from units.models import Unit
from units.printing import files
from units.printing.directory import write_directory
from units.printing.picture import write_picture
from units.version import code_version
from units.views import errors
from units.views.chart_asking import LastingLinks, compared, state_asked
from units.views.chart_files import drawing_of
from units.views.frame import not_here, of_an_edition


@of_an_edition
def png(request, moment, slug=""):
    """Answer with the picture of the chart that is asked for, the same as `.svg` draws."""
    return _file(request, moment, state_asked(request, slug).drawn, "png", "image/png", _write_picture)


@of_an_edition
def pdf(request, moment, slug=""):
    """Answer with the directory for printing: the chart, then unit by unit."""
    return _file(request, moment, state_asked(request, slug).drawn, "pdf", "application/pdf", _write_pdf)


def _write_picture(edition, state, before, path):
    write_picture(drawing_of(edition, state, before, LastingLinks(edition)), path)


def _write_pdf(edition, state, before, path):
    write_directory(edition, state, path, before)


def _file(request, moment, state, ending, content_type, write):
    """Answer with the file that `write` makes; with 304 before any work where it is known already."""
    edition, before = moment.edition, compared(state)
    headers = {"Content-Disposition": f'inline; filename="{_name(edition, state, ending)}"'}
    try:
        if not edition.is_published:
            made = files.passing(lambda path: write(edition, state, before, path))
            return HttpResponse(made, headers=headers, content_type=content_type)
        name = files.name_of(state, before, ending)
        known = "\n".join([code_version(), edition.identifier, edition.sha256, name])
        headers["ETag"] = quote_etag(hashlib.sha256(known.encode()).hexdigest()[:40])
        if ending == "png":  # to be shown in pages of others
            headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if headers["ETag"] in parse_etags(request.headers.get("If-None-Match", "")):
            return HttpResponse(status=304, headers=headers)
        made = files.kept(edition, state, before, ending, lambda path: write(edition, state, before, path))
    except UnknownUnitError:
        return not_here(request, moment, Unit, state.root)
    except BusyError as busy:
        return errors.busy(request, busy)
    return HttpResponse(made.path.read_bytes(), headers=headers, content_type=content_type)


def _name(edition, state, ending):
    """Return how the file is called where it is saved."""
    return "-".join(filter(None, ["ai-office-directory", edition.identifier, state.root])) + f".{ending}"
