"""The admin: drafts and all that is in them, and people."""

from units.admin import editions, facts, people

__all__ = ["editions", "facts", "people"]
