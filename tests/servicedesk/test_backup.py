"""What a backup refuses, and how PostgreSQL's programs are found. The whole of it, there and back,
is in tests/processes/test_operation.py."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from servicedesk.backup import BackupError, archive, making, restoring, tools

KNOWN: dict[str, Any] = {
    "made_at": "2026-11-16T12:00:00+00:00",
    "server": 15,
    "dumper": 15,
    "migrations": [("people", "0001_initial")],
    "tables": {"people_user": 3},
    "left_out": ["django_session"],
    "files": 0,
    "file_bytes": 0,
    "waiting_mails": 0,
    "key": "12345678",
}


def written(path: Path, dump: bytes = b"a dump" * 1000, **changes: Any) -> Path:
    """A backup with anything for a dump."""
    with path.open("wb") as out:
        archive.write(out, iter([dump]), KNOWN | changes)
    return path


def a_program(folder: Path, name: str, version: str) -> Path:
    """One that says its version and does nothing else."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f'#!/bin/sh\necho "{name} (PostgreSQL) {version}"\n')
    path.chmod(0o755)
    return folder


def test_a_program_of_the_servers_own_version_is_taken_else_the_next_newer(tmp_path: Path) -> None:
    folders = [
        a_program(tmp_path / version, "pg_dump", f"{version}.3 (Debian {version}.3-1)")
        for version in ("14", "18", "16", "17")
    ]
    for server, taken in ((16, 16), (15, 16), (17, 17), (18, 18), (14, 14)):
        assert tools.find("pg_dump", server=server, folders=folders).major == taken
    assert tools.find("pg_dump", server=15, least=17, folders=folders).major == 17


def test_one_that_is_too_old_is_named_with_what_to_do(tmp_path: Path) -> None:
    folder = a_program(tmp_path / "old", "pg_dump", "13.9")
    with pytest.raises(BackupError, match=r"too old: that of PostgreSQL 16 is needed, .* of 13"):
        tools.find("pg_dump", server=16, folders=[folder])


def test_one_that_is_missing_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    with pytest.raises(BackupError, match=r"pg_dump is not installed.*PG_BIN"):
        tools.find("pg_dump", server=16)


def test_no_password_is_in_a_list_of_processes() -> None:
    database = connection.settings_dict | {"PASSWORD": "hunter2", "OPTIONS": {"sslmode": "prefer"}}
    address = tools.address(database)
    assert "hunter2" not in address
    assert "sslmode=prefer" in address
    assert tools.environment(database)["PGPASSWORD"] == "hunter2"


def test_what_was_written_is_read_and_checked(tmp_path: Path) -> None:
    given = archive.Archive(written(tmp_path / "desk.zip"))
    assert {name: asdict(given.manifest)[name] for name in KNOWN} == KNOWN
    restoring.check(given, io.StringIO())
    given.close()


def test_an_archive_is_written_to_a_pipe_too(tmp_path: Path) -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.taken = b""

        def writable(self) -> bool:
            return True

        def write(self, piece: Any) -> int:
            self.taken += bytes(piece)
            return len(piece)

    pipe = Pipe()
    archive.write(pipe, iter([b"one", b"two"]), KNOWN)  # type: ignore[arg-type]
    (tmp_path / "desk.zip").write_bytes(pipe.taken)
    given = archive.Archive(tmp_path / "desk.zip")
    assert b"".join(given.dump()) == b"onetwo"
    given.close()


@pytest.mark.parametrize("spoil", ["cut", "flip", "swap", "text", "other zip"])
def test_what_is_damaged_cut_short_or_no_backup_is_refused(tmp_path: Path, spoil: str) -> None:
    path = written(tmp_path / "desk.zip")
    content = path.read_bytes()
    match spoil:
        case "cut":
            path.write_bytes(content[:-100])
        case "flip":
            path.write_bytes(content.replace(b"a dump", b"a dumb", 1))
        case "swap":  # a whole archive whose manifest is of another dump
            manifest = zipfile.ZipFile(path).read(archive.MANIFEST)
            with zipfile.ZipFile(path, "w") as swapped:
                swapped.writestr(archive.DUMP, b"another dump")
                swapped.writestr(archive.MANIFEST, manifest)
        case "text":
            path.write_text("not a backup")
        case "other zip":
            with zipfile.ZipFile(path, "w") as other:
                other.writestr("holiday.txt", "pictures")
    with pytest.raises(CommandError, match="Take another copy"):
        call_command("restore", str(path), "--check", stderr=io.StringIO())


def test_a_file_that_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"cannot be read: No such file"):
        call_command("restore", str(tmp_path / "nothing.zip"))


def test_a_backup_of_a_newer_format_asks_for_a_newer_release(tmp_path: Path) -> None:
    path = tmp_path / "desk.zip"
    with zipfile.ZipFile(path, "w") as newer:
        newer.writestr(archive.MANIFEST, json.dumps({"format": 2}))
    with pytest.raises(BackupError, match="as new as the one that made it"):
        archive.Archive(path)


def test_a_backup_by_a_newer_release_is_refused_before_anything_is_touched(tmp_path: Path) -> None:
    path = written(tmp_path / "desk.zip", migrations=[("people", "0999_of_the_future")])
    with pytest.raises(CommandError, match=r"newer release.*people\.0999_of_the_future"):
        call_command("restore", str(path), stderr=io.StringIO())


@pytest.mark.django_db
def test_a_database_with_something_in_it_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "desk.zip")
    with pytest.raises(CommandError, match=r"is not empty: .* --replace"):
        call_command("restore", str(path), stderr=io.StringIO())


@pytest.mark.django_db
def test_an_older_server_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "desk.zip", server=99)
    with pytest.raises(CommandError, match="restore it into 99 or newer"):
        call_command("restore", str(path), stderr=io.StringIO())


@pytest.mark.django_db
def test_what_is_newer_than_the_backup_is_counted_for_migrate(tmp_path: Path) -> None:
    applied = sorted(MigrationRecorder(connection).applied_migrations())
    given = archive.Archive(written(tmp_path / "desk.zip", migrations=applied[:-2]))
    assert restoring._not_seen(given.manifest) == set(applied[-2:])
    given.close()


@pytest.mark.django_db
def test_a_migration_that_stands_for_others_is_done_where_they_are(tmp_path: Path) -> None:
    one_by_one = [
        key
        for key, each in (MigrationLoader(None).disk_migrations or {}).items()
        if not each.replaces
    ]
    given = archive.Archive(written(tmp_path / "desk.zip", migrations=one_by_one))
    assert restoring._not_seen(given.manifest) == set()
    given.close()


def test_a_backup_overwrites_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "desk.zip")
    before = path.read_bytes()
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", str(path))
    assert path.read_bytes() == before


@pytest.mark.django_db
def test_a_backup_that_fails_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_program(tmp_path / "bin", "pg_dump", "99.1")  # says its version, and writes that as a dump
    (tmp_path / "bin" / "pg_dump").write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo "pg_dump (PostgreSQL) 99.1" && exit\n'
        'printf half; echo "pg_dump: error: no more room" >&2; exit 1\n'
    )
    monkeypatch.setenv("PG_BIN", str(tmp_path / "bin"))
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(CommandError, match=r"(?s)pg_dump gave up.*no more room"):
        call_command("backup", str(out), stderr=io.StringIO())
    assert list(out.iterdir()) == []


def test_what_a_server_before_17_does_not_know_is_left_out_of_the_head_alone() -> None:
    head = b"SET statement_timeout = 0;\nSET transaction_timeout = 0;\nSET x = 1;\n"
    rows = b"x" * 10_000 + b"\nSET transaction_timeout = 0;\n"
    fit = b"".join(restoring._fit_for(iter([head, rows])))
    assert fit == head.replace(b"SET transaction_timeout = 0;\n", b"") + rows


def test_the_mark_of_a_key_tells_it_apart_and_tells_nothing_of_it(settings: Any) -> None:
    first = making.key_mark()
    settings.SECRET_KEY = "another key, of which nobody knows anything at all"
    assert making.key_mark() != first
    assert len(first) == 8
