"""Printed files of editions: made once for what is asked, and kept."""

import hashlib
import tempfile
from pathlib import Path

from units import exports


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
