"""An edition as one JSON document, in both directions: dump(load(document)) == document."""

from units.documents.checking import check, parse
from units.documents.dumping import dump
from units.documents.form import DocumentError, Problem, canonical, readable
from units.documents.loading import clear, load, reload
from units.documents.patching import patch
from units.documents.publishing import publish

__all__ = [
    "DocumentError",
    "Problem",
    "canonical",
    "check",
    "clear",
    "dump",
    "load",
    "parse",
    "patch",
    "publish",
    "readable",
    "reload",
]
