"""A whole edition as tables: a ZIP file of CSV, and a workbook."""

from zipfile import ZipFile

from units.api import shapes
from units.api.tables import about_edition, how_to_read
from units.linked_data.graph import said_of
from units.spreadsheets.columns import Column, columns_of
from units.spreadsheets.lines import csv_of, rows_of
from units.spreadsheets.workbook import member_of, write_workbook
from units.whole_editions import told

# By the name of the table: the kind of its rows, and their shape.
TABLES = {
    "units": ("unit", shapes.UnitShape),
    "posts": ("post", shapes.PostShape),
    "bodies": ("body", shapes.BodyShape),
    "statements": ("statement", shapes.StatementShape),
    "initiatives": ("initiative", shapes.InitiativeShape),
    "milestones": ("milestone", shapes.MilestoneShape),
    "sources": ("source", shapes.SourceShape),
    "passages": ("passage", shapes.PassageShape),
}


def write_csv(edition, path):
    """Write a ZIP file with a table of the things of each kind in `edition`, and one of itself, to `path`."""
    said = said_of(edition)
    with ZipFile(path, "w") as archive:
        of_edition = [Column(name, name, lambda value: value) for name in said]
        _write(archive, "edition", of_edition, [said])
        for name, (kind, shape) in TABLES.items():
            _write(archive, name, _columns(kind, shape), told(edition, kind))


def write_xlsx(edition, path):
    """Write a workbook with a sheet for each kind of things in `edition`, and one about it, to `path`."""
    sheets = (
        (name, rows_of(_columns(kind, shape), told(edition, kind))) for name, (kind, shape) in TABLES.items()
    )
    write_workbook(path, sheets, [*about_edition(edition), *how_to_read()], edition.effective_on)


def _columns(kind, shape):
    columns = columns_of(shape)
    # At its own address a passage is of the source that the address names.
    return [Column("source_slug", "source_slug", str), *columns] if kind == "passage" else columns


def _write(archive, name, columns, items):
    with archive.open(member_of(f"{name}.csv"), "w", force_zip64=True) as file:
        file.writelines(csv_of(columns, items))
