"""The admin: drafts and all that is in them, people, synonyms."""

from units.admin import accounts, citations, editions, facts, history, people, synonyms, tree

__all__ = ["accounts", "citations", "editions", "facts", "history", "people", "synonyms", "tree"]
