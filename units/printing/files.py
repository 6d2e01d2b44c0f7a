"""Printed files of editions: made once for what is asked, and kept."""

import hashlib
import tempfile
from pathlib import Path

from units import exports
from units.chart.state import State
from units.printing.directory import write_directory


def whole(edition):
    """Return the Export with the printed directory of all of `edition`, a published one.

    It is the file that `/editions/{id}/chart.pdf` answers with. Raises TooMuchError and BusyError.
    """
    return directory(edition, State())


def whole_if_made(edition):
    """Return the same as whole() if it has been made already, else None; takes no time."""
    return exports.found(edition, name_of(State(), None, "pdf"))


def directory(edition, state, before=None):
    """Return the Export with what the State `state` asks of the printed directory of `edition`.

    Its chart is compared with the edition `before`. Raises UnknownUnitError, TooMuchError and BusyError.
    """
    return kept(edition, state, before, "pdf", lambda path: write_directory(edition, state, path, before))


def kept(edition, state, before, ending, write):
    """Return the Export that `write(path)` makes, or has made, of `edition` in `state`."""
    return exports.export(edition, name_of(state, before, ending), write)


def passing(write):
    """Return the bytes that `write(path)` makes of a draft; nothing of it is kept."""
    with exports.turn(), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "draft"
        write(path)
        return path.read_bytes()


def name_of(state, before, ending):
    """Return under which name a file is kept: with all that it depends on besides its edition."""
    compared = f"{before.identifier} {before.sha256}" if before else ""
    known = f"{state.query}\n{compared}"
    return f"chart-{hashlib.sha256(known.encode()).hexdigest()[:32]}.{ending}"
