"""An edition as one JSON document, in both directions: dump(load(document)) == document."""

from units.documents.check import check, parse
from units.documents.dump import dump
from units.documents.form import DocumentError, Problem, canonical, readable
from units.documents.load import load
from units.documents.publish import publish

__all__ = ["DocumentError", "Problem", "canonical", "check", "dump", "load", "parse", "publish", "readable"]
