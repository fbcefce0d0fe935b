"""The whole desk in one file, and back: what the commands `backup` and `restore` do.

Everything is in PostgreSQL, uploaded files too, so one dump of one moment is all of it. The file is
a ZIP archive with `database.dump` (pg_dump's custom format) and, behind it, `manifest.json`: when
and from which server it was made, the migrations, rows for each table, files and bytes, checksums.
Sessions, the cache and the counts of limits are left out: who has the file cannot become somebody
with it, and whoever was signed in signs in again.
"""

from __future__ import annotations


class BackupError(Exception):
    """Says in one or two sentences what is wrong and what to do."""
