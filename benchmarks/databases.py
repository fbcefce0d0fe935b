"""The databases of a benchmark: one for each size, made once, and a copy of it for each run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2

PREFIX = "bench"
GOOD_FOR = timedelta(hours=18)
"""After that what was open then is late now: the data are made anew."""


def url_of(name: str) -> str:
    """The address of a database beside that of DATABASE_URL."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def administer(*statements: str) -> list[Any]:
    """Run statements on the database that DATABASE_URL names; what the last one answers."""
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            for one in statements:
                cursor.execute(one)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def made(size: int) -> dict[str, Any] | None:
    """What was said of the data of this size when they were made; None where they must be made."""
    rows = administer(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database "  # noqa: S608
        f"WHERE datname = '{PREFIX}_{size}'"
    )
    if not rows or not rows[0][0]:
        return None
    said: dict[str, Any] = json.loads(rows[0][0])
    fresh = datetime.now(UTC) - datetime.fromisoformat(said["made_at"]) < GOOD_FOR
    return said if fresh and said["migrations"] == migrations() else None


def migrations() -> str:
    """Which migrations this code has: other ones, and the data are made anew."""
    found = subprocess.run(
        [sys.executable, "manage.py", "showmigrations", "--plan"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return str(len(found.splitlines()))


def create(name: str, *, like: str = "") -> None:
    """An empty database, or a copy of another one."""
    drop(name)
    administer(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{like}"' if like else ""))


def drop(name: str) -> None:
    """Drop it, whoever is connected."""
    administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def say(size: int, what: dict[str, Any]) -> None:
    """Keep with the database how it was made."""
    text = json.dumps({**what, "migrations": migrations()}).replace("'", "''")
    administer(f"COMMENT ON DATABASE \"{PREFIX}_{size}\" IS '{text}'")
