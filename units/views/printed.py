"""The chart as a picture and the directory for printing: made once for an edition, and kept."""

from django.conf import settings
from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from units.chart.state import State
from units.chart.svg import Drawing
from units.chart.tree import UnknownUnitError, chart_of
from units.conditional import etag_of, has_it, not_modified
from units.exports import BusyError
from units.models import Unit
from units.printing import files
from units.printing.card import write_card
from units.printing.directory import write_directory
from units.printing.picture import write_picture
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


@of_an_edition
def card(request, moment, slug=""):
    """Answer with the picture that networks show of a link to the edition, or to the page of a unit.

    There is one for each unit, so these take no room on the disk: they are kept as pages are.
    """
    state = State(root=slug)
    return _file(request, moment, state, "card.png", "image/png", _write_card, is_filed=not slug)


def _write_picture(edition, state, before, path):
    write_picture(drawing_of(edition, state, before, LastingLinks(edition)), path)


def _write_pdf(edition, state, before, path):
    write_directory(edition, state, path, before)


def _write_card(edition, state, before, path):
    drawing = Drawing(chart_of(edition, state), LastingLinks(edition), has_legend=False)
    name = drawing.chart.root.unit.name if state.root else _("AI Office directory")
    day = {"day": date_format(edition.effective_on, "j F Y")}
    said = _("In effect from %(day)s") if edition.is_published else _("Draft of %(day)s, not public")
    site = _("AI Office directory · %(host)s · not an official website of the European Commission")
    write_card(drawing, name, [said % day, site % {"host": settings.SITE.netloc}], path)


def _file(request, moment, state, ending, content_type, write, is_filed=True):
    """Answer with what `write` makes, a file that is kept, or else made for this answer (`is_filed`).

    Answers with 304 before any work where it is known already.
    """
    edition, before = moment.edition, compared(state)
    headers = {"Content-Disposition": f'inline; filename="{_name(edition, state, ending)}"'}
    try:
        if not edition.is_published:
            made = files.passing(lambda path: write(edition, state, before, path))
            return HttpResponse(made, headers=headers, content_type=content_type)
        name = files.name_of(state, before, ending)
        headers["ETag"] = etag_of(edition.identifier, edition.sha256, name)
        if ending.endswith("png"):  # to be shown in pages of others
            headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if has_it(request, headers["ETag"]):
            return not_modified(headers)
        if is_filed:
            filed = files.kept(
                edition, state, before, ending, lambda path: write(edition, state, before, path)
            )
            made = filed.path.read_bytes()
        else:
            made = files.passing(lambda path: write(edition, state, before, path))
    except UnknownUnitError:
        return not_here(request, moment, Unit, state.root)
    except BusyError as busy:
        return errors.busy(request, busy)
    return HttpResponse(made, headers=headers, content_type=content_type)


def _name(edition, state, ending):
    """Return how the file is called where it is saved."""
    return "-".join(filter(None, ["ai-office-directory", edition.identifier, state.root])) + f".{ending}"
