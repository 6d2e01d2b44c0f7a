"""Where the rows of an answer come from: the primary database, or for readers its replica (replica.py)."""

from contextlib import contextmanager
from contextvars import ContextVar

PRIMARY, REPLICA = "default", "replica"
_source = ContextVar("source", default=PRIMARY)


def source():
    """Return the name of the database that is read here."""
    return _source.get()


@contextmanager
def reading(name):
    """Read from the database `name` inside the block."""
    token = _source.set(name)
    try:
        yield
    finally:
        _source.reset(token)
