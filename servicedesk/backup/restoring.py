"""From the file into a database: checked first, all or nothing, compared afterwards."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO, Any, TextIO

import psycopg2
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg2 import errors, sql

from servicedesk import progress
from servicedesk.backup import BackupError, archive, tools
from servicedesk.backup.making import FILES, TABLES, key_mark

OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
FORGET_ALL = """
DO $forget$
DECLARE what text;
BEGIN
  FOR what IN
    SELECT format('DROP %s IF EXISTS %s CASCADE', CASE relkind WHEN 'v' THEN 'VIEW'
        WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, oid::regclass)
      FROM pg_class WHERE relnamespace = current_schema()::regnamespace
        AND relkind IN ('r', 'p', 'v', 'm', 'S')
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
      ORDER BY relkind = 'S'
  LOOP EXECUTE what; END LOOP;
  FOR what IN
    SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure)
      FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
  LOOP EXECUTE what; END LOOP;
END $forget$;
"""
"""Every table, view, sequence and function of ours goes; what belongs to an extension stays."""
UNKNOWN_TO_OLDER = re.compile(rb"(?m)^SET transaction_timeout = 0;\n")
"""What newer programs write and servers before 17 refuse; in the head of a script."""
HEAD = 8192


@dataclass(slots=True)
class Restored:
    """What came of it, and what is to be done."""

    manifest: archive.Manifest
    to_migrate: int = 0
    """Migrations of this release that the backup has not seen."""
    other_key: bool = False
    differences: list[str] = field(default_factory=list)


def restore(
    given: archive.Archive,
    *,
    replace: bool = False,
    confirmed: Callable[[str], bool] = lambda _: True,
    said: TextIO | None = None,
) -> Restored:
    """Read the backup into the database of the settings, which is made if it is not there.

    The archive is read through once before anything is touched. A database with tables in it is
    refused, unless `replace`: then `confirmed` is asked with what would be lost, and all of it goes
    in the same transaction in which the backup comes, so that a failure leaves everything as it
    was. Raises BackupError.
    """
    manifest = given.manifest
    restored = Restored(
        manifest,
        to_migrate=len(_not_seen(manifest)),
        other_key=manifest.key != key_mark(),
    )
    check(given, said)
    database = connection.settings_dict
    _make_database(database)
    with closing(psycopg2.connect(**connection.get_connection_params())) as ours:
        ours.autocommit = True
        server = ours.server_version // 10_000
        if server < manifest.server:
            raise BackupError(
                f"The backup is of PostgreSQL {manifest.server}, and this server is of {server}: "
                f"restore it into {manifest.server} or newer."
            )
        with ours.cursor() as cursor:
            _refuse_unless_empty(cursor, database["NAME"], replace, confirmed)
    reader = tools.find("pg_restore", server=server, least=manifest.dumper)
    writer = tools.find("psql", server=server, least=manifest.dumper)
    _pour(given, reader, writer, database, replace, said)
    with closing(psycopg2.connect(**connection.get_connection_params())) as ours:
        ours.autocommit = True
        with ours.cursor() as cursor:
            cursor.execute("ANALYZE")
            restored.differences = list(_differences(cursor, manifest, said))
    return restored


def check(given: archive.Archive, said: TextIO | None = None) -> None:
    """Read the archive through; raises BackupError if it is damaged."""
    total = -(-given.manifest.bytes // archive.PIECE)
    given.check(progress.bar(given.dump(), total, "MB checked", said))


def _not_seen(manifest: archive.Manifest) -> set[tuple[str, str]]:
    """What this release would migrate; raises BackupError where the backup knows more than it."""
    all_of_ours = MigrationLoader(None).disk_migrations or {}
    ours = set(all_of_ours)
    replaced = {old for one in all_of_ours.values() for old in one.replaces}
    # One that stands for others, which are all still here, is done when those are.
    short_ways = {
        key for key, one in all_of_ours.items() if one.replaces and ours >= {*one.replaces}
    }
    theirs = set(manifest.migrations)
    apps = {app for app, _ in ours}
    unknown = sorted((app, name) for app, name in theirs - ours - replaced if app in apps)
    if unknown:
        raise BackupError(
            f"The backup was made by a newer release: this one does not know {'.'.join(unknown[0])}"
            f"{f' and {len(unknown) - 1} more' if len(unknown) > 1 else ''}. Install that release "
            "first, then restore."
        )
    return ours - short_ways - theirs


def _make_database(database: dict[str, Any]) -> None:
    """Make it if the server is there and only the database is not."""
    params = connection.get_connection_params()
    try:
        psycopg2.connect(**params).close()
    except psycopg2.OperationalError as error:
        if f'database "{database["NAME"]}" does not exist' not in str(error):
            raise BackupError(f"The server does not let us in: {error}") from None
        with closing(psycopg2.connect(**(params | {"dbname": "postgres"}))) as ours:
            ours.autocommit = True
            with ours.cursor() as cursor:
                name = sql.Identifier(database["NAME"])
                try:
                    cursor.execute(
                        sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(
                            name
                        )
                    )
                except errors.InsufficientPrivilege:
                    raise BackupError(
                        f"There is no database {database['NAME']}, and we may not make one."
                    ) from None


def _refuse_unless_empty(
    cursor: Any, name: str, replace: bool, confirmed: Callable[[str], bool]
) -> None:
    cursor.execute(TABLES)
    tables = len(cursor.fetchall())
    if not tables:
        return
    if not replace:
        raise BackupError(
            f"The database {name} is not empty: it has {tables} tables. Restore into an empty one, "
            "or say --replace to lose what is there."
        )
    cursor.execute(OTHERS)
    (others,) = cursor.fetchone()
    if others:
        raise BackupError(
            f"The database {name} is in use by {others} other connections: stop web, worker and "
            "beat first."
        )
    if not confirmed(f"All {tables} tables of the database {name} will be lost."):
        raise BackupError("Nothing was changed.")


def _pour(
    given: archive.Archive,
    reader: tools.Tool,
    writer: tools.Tool,
    database: dict[str, Any],
    replace: bool,
    said: TextIO | None,
) -> None:
    """Dump → pg_restore → psql, in one transaction that ends well only if pg_restore did.

    A script, not pg_restore's own connection: so what is there goes in the same transaction, and a
    newer pg_restore serves an older server.
    """
    environment = tools.environment(database)
    with TemporaryFile() as reading, TemporaryFile() as writing:
        script = subprocess.Popen(
            [str(reader.path), "--file=-", "--no-owner", "--no-privileges"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=reading,
        )
        session = subprocess.Popen(
            [
                str(writer.path), "--no-psqlrc", "--quiet", "--output=/dev/null",
                "--set=ON_ERROR_STOP=1", f"--dbname={tools.address(database)}", "--file=-",
            ],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=writing,
        )  # fmt: skip
        assert script.stdin is not None
        assert script.stdout is not None
        assert session.stdin is not None
        feeder = _Feeder(given, script.stdin, said)
        try:
            feeder.start()
            with suppress(BrokenPipeError):  # psql has stopped, and says why
                session.stdin.write(b"BEGIN;\nSET lock_timeout = '30s';\n")
                if replace:
                    session.stdin.write(FORGET_ALL.encode())
                for piece in _fit_for(archive.pieces(script.stdout)):
                    session.stdin.write(piece)
                script.stdout.close()
                whole = script.wait() == 0 and feeder.whole()
                if whole:  # else the session ends without, and nothing was
                    session.stdin.write(b"\nCOMMIT;\n")
            with suppress(BrokenPipeError):
                session.stdin.close()
            done = session.wait() == 0 and script.wait() == 0 and feeder.whole()
        finally:
            for process in (script, session):
                process.kill()
                process.wait()
            script.stdout.close()
            feeder.join()
        if not done:
            words = [word for file in (reading, writing) for word in _last_words(file)]
            raise BackupError("It did not work; nothing was changed.\n" + "\n".join(words))


class _Feeder(threading.Thread):
    """Hands the dump to pg_restore."""

    def __init__(self, given: archive.Archive, to: IO[bytes], said: TextIO | None) -> None:
        super().__init__()
        self.given, self.to, self.said = given, to, said
        self.ended = False

    def run(self) -> None:
        total = -(-self.given.manifest.bytes // archive.PIECE)
        with suppress(BrokenPipeError, BackupError):  # pg_restore has stopped, and says why
            for piece in progress.bar(self.given.dump(), total, "MB restored", self.said):
                self.to.write(piece)
            self.ended = True
        with suppress(BrokenPipeError):
            self.to.close()

    def whole(self) -> bool:
        """Whether all of it was taken."""
        self.join()
        return self.ended


def _fit_for(script: Iterator[bytes]) -> Iterator[bytes]:
    """The script without what older servers do not know; that stands in its head."""
    head = b""
    for piece in script:
        head += piece
        if len(head) >= HEAD:
            break
    yield UNKNOWN_TO_OLDER.sub(b"", head[:HEAD]) + head[HEAD:]
    yield from script


def _last_words(file: IO[bytes]) -> list[str]:
    """What a program said last; without the rows that a message may quote."""
    file.seek(0)
    lines = file.read()[-20_000:].decode(errors="replace").splitlines()
    return [line for line in lines if not line.startswith(("DETAIL:", "CONTEXT:"))][-5:]


def _differences(cursor: Any, manifest: archive.Manifest, said: TextIO | None) -> Iterator[str]:
    """What is not as the manifest says; nothing, if all is well."""
    tables = manifest.tables.items()
    for name, rows in progress.bar(tables, len(tables), "tables compared", said):
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
        (found,) = cursor.fetchone()
        if found != rows:
            yield f"{name}: {found:,} rows instead of {rows:,}"
    cursor.execute(FILES)
    files = cursor.fetchone()
    if files != (manifest.files, manifest.file_bytes):
        found, wanted = (
            f"{number:,} files with {size:,} bytes"
            for number, size in (files, (manifest.files, manifest.file_bytes))
        )
        yield f"{found} instead of {wanted}"
