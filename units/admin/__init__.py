"""The admin: drafts and all that is in them, and people."""

from units.admin import accounts, citations, editions, facts, history, people, tree

__all__ = ["accounts", "citations", "editions", "facts", "history", "people", "tree"]
