"""The admin: drafts and all that is in them, people, synonyms."""

from units.admin import citations, editions, facts, people, synonyms, tree

__all__ = ["citations", "editions", "facts", "people", "synonyms", "tree"]
