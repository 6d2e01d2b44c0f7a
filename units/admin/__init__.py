"""The admin: everything that is stored, to look at; people, to edit."""

from units.admin import people, structure

__all__ = ["people", "structure"]
