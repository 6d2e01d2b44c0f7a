"""Whole editions in every format: which there are, and their files, made once and kept."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from units import exports
from units.chart.state import State
from units.linked_data import whole as linked_data
from units.models import Edition
from units.printing.directory import write_directory
from units.printing.files import name_of
from units.spreadsheets import whole as spreadsheets

LARGEST = 15_000_000  # bytes of a document up to which files of an edition are made on request


@dataclass(frozen=True)
class Format:
    """A format: the ending of its addresses, what it is called, what it is for, and `write(edition, path)`.

    The document itself is stored with its edition, and not written.
    """

    suffix: str
    label: str
    about: str
    media_type: str
    write: Callable | None = None

    def file_name(self, edition):
        """Return what its file of `edition` is called where it is kept."""
        if self.suffix == "pdf":
            return name_of(State(), None, "pdf")  # the same that /chart.pdf has
        # They say when it was published, which the hash of an edition does not hold.
        return f"document-{edition.published_at:%Y%m%dT%H%M%S%f}.{self.suffix}"


def _write_pdf(edition, path):
    write_directory(edition, State(), path)


def _write_json_ld(edition, path):
    linked_data.write(edition, "jsonld", path)


def _write_turtle(edition, path):
    linked_data.write(edition, "ttl", path)


FORMATS = {
    each.suffix: each
    for each in [
        Format("json", "JSON", _("the document itself, which the hash is of"), "application/json"),
        Format("jsonld", "JSON-LD", _("linked data, for programs"), "application/ld+json", _write_json_ld),
        Format(
            "ttl", "Turtle", _("linked data, for triple stores"), "text/turtle; charset=utf-8", _write_turtle
        ),
        Format(
            "csv.zip",
            "CSV",
            _("a table for each kind of thing, packed"),
            "application/zip",
            spreadsheets.write_csv,
        ),
        Format(
            "xlsx",
            "XLSX",
            _("the same tables as one workbook"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            spreadsheets.write_xlsx,
        ),
        Format("pdf", "PDF", _("for reading and printing"), "application/pdf", _write_pdf),
    ]
}


def made(edition, suffix):
    """Return the Export that there is already of `edition`, one of with_size(); None where there is none."""
    if suffix == "json":
        return exports.Export(None, edition.size, edition.sha256)
    return exports.found(edition, FORMATS[suffix].file_name(edition), is_wanted=False)


def is_made_on_request(edition):
    """Return whether `edition`, one of with_size(), is small enough for its files to be made on request."""
    return edition.size <= LARGEST


def file_of(edition, suffix, is_patient=False):
    """Return the Export of `edition` in a format other than JSON; make it where it is not made.

    Raises BusyError where it can't be made at once, without `is_patient` also because the edition is large,
    and TooMuchError where this format can't hold so much.
    """
    form = FORMATS[suffix]

    def make(path):
        if not (is_patient or is_made_on_request(Edition.objects.with_size().get(pk=edition.pk))):
            raise exports.NotMadeError
        form.write(edition, path)

    return exports.export(edition, form.file_name(edition), make)
