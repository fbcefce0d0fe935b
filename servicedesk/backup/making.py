"""From the database into the file."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC
from typing import IO, Any, TextIO

import psycopg2
from django.db import connection
from django.utils.crypto import salted_hmac
from psycopg2 import sql

from servicedesk import progress
from servicedesk.backup import BackupError, archive, tools

LEFT_OUT = ("django_session", "servicedesk_cache", "servicedesk_tally")
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
FILES = """
SELECT (SELECT count(*) FROM requests_app_attachment),
       (SELECT coalesce(sum(octet_length(data)), 0)::bigint FROM requests_app_filechunk)
"""
MAILS = "SELECT count(*) FROM notices_outboxmail WHERE sent_at IS NULL AND gave_up_at IS NULL"
DUMPING = "dumping contents of table"


def key_mark() -> str:
    """Eight letters made from the secret key: whether it is the same can be told, nothing else."""
    return salted_hmac("servicedesk.backup", "key", algorithm="sha256").hexdigest()[:8]


def back_up(out: IO[bytes], *, said: TextIO | None = None) -> archive.Manifest:
    """Write all of the desk, as it is at this moment, to `out`; others go on working meanwhile.

    The figures of the manifest are of the same moment: of the snapshot that pg_dump reads. `said`
    gets the progress. Raises BackupError.
    """
    database = connection.settings_dict
    with closing(psycopg2.connect(**connection.get_connection_params())) as reader:
        reader.set_session(isolation_level="REPEATABLE READ", readonly=True)
        server = reader.server_version // 10_000
        tool = tools.find("pg_dump", server=server)
        with reader.cursor() as cursor:
            known = _known(cursor, said) | {"server": server, "dumper": tool.major}
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone() or ("",)
        command = [
            str(tool.path), "--format=custom", "--no-owner", "--no-privileges", "--verbose",
            f"--snapshot={snapshot}", f"--dbname={tools.address(database)}",
            *(f"--exclude-table-data={table}" for table in LEFT_OUT),
        ]  # fmt: skip
        dump = _dump(command, tools.environment(database), len(known["tables"]), said)
        return archive.write(out, dump, known)


def _known(cursor: Any, said: TextIO | None) -> dict[str, Any]:
    cursor.execute("SELECT now()")
    known: dict[str, Any] = {"made_at": cursor.fetchone()[0].astimezone(UTC).isoformat()}
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
    known["migrations"] = cursor.fetchall()
    cursor.execute(TABLES)
    names = [name for (name,) in cursor.fetchall() if name not in LEFT_OUT]
    known["tables"] = {}
    for name in progress.bar(names, len(names), "tables counted", said):
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
        known["tables"][name] = cursor.fetchone()[0]
    cursor.execute(FILES)
    known["files"], known["file_bytes"] = cursor.fetchone()
    cursor.execute(MAILS)
    (known["waiting_mails"],) = cursor.fetchone()
    return known | {"left_out": list(LEFT_OUT), "key": key_mark()}


def _dump(
    command: list[str], environment: dict[str, str], tables: int, said: TextIO | None
) -> Iterator[bytes]:
    """What pg_dump writes; meanwhile a thread reads what it says."""
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    words: list[str] = []
    listener = threading.Thread(target=_listen, args=(process.stderr, words, tables, said))
    listener.start()
    try:
        yield from archive.pieces(process.stdout)
        status = process.wait()
    finally:
        process.kill()
        process.wait()
        listener.join()
        process.stdout.close()
        process.stderr.close()
    if status != 0:
        raise BackupError("pg_dump gave up:\n" + "\n".join(words[-5:]))


def _listen(stream: IO[bytes], words: list[str], tables: int, said: TextIO | None) -> None:
    def begun() -> Iterator[None]:
        for line in stream:
            text = line.decode(errors="replace").strip()
            if DUMPING in text:
                yield
            else:
                words.append(text)
                del words[:-20]

    for _ in progress.bar(begun(), tables, "tables written", said):
        pass
