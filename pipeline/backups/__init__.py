"""Backups: the whole database and its secret key in one file, which either kind of database can be restored from.

A gzipped tar: `manifest.json` first, then the secret key, a file of JSON lines for each table, and `checksums.json`.
"""

from pipeline.backups.archive import Manifest, examine
from pipeline.backups.restoring import restore
from pipeline.backups.writing import write

__all__ = ["Manifest", "examine", "restore", "write"]
