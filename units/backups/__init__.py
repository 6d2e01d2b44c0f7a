"""Backups: taken while the site is used, proven by hash, restored whole or not at all."""

from units.backups.manifest import BackupError, newest, read
from units.backups.restoring import drill, restore
from units.backups.taking import after_publication, take

__all__ = ["BackupError", "after_publication", "drill", "newest", "read", "restore", "take"]
