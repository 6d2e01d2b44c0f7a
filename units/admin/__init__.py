"""The admin: drafts and all that is in them, and people."""

from units.admin import citations, editions, facts, people, tree

__all__ = ["citations", "editions", "facts", "people", "tree"]
