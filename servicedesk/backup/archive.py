"""The file itself: a dump, and what is known of it."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from servicedesk.backup import BackupError

FORMAT = 1
DUMP, MANIFEST = "database.dump", "manifest.json"
PIECE = 1 << 20
"""Bytes that are in memory at a time."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known of a backup."""

    made_at: str
    """Of the moment whose state it is; ISO 8601, UTC."""
    server: int
    """Major version of the PostgreSQL it came from."""
    dumper: int
    """Major version of the pg_dump that wrote it."""
    migrations: list[tuple[str, str]]
    """What had been applied: app and name."""
    tables: dict[str, int]
    """Rows of each table that is in it."""
    left_out: list[str]
    """Tables that are in it without their rows."""
    files: int
    file_bytes: int
    waiting_mails: int
    key: str
    """Tells apart secret keys, and tells nothing of one."""
    bytes: int
    """Of the dump."""
    sha256: str
    format: int = FORMAT


def pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """The stream, piece by piece."""
    while piece := stream.read(PIECE):
        yield piece


def write(out: IO[bytes], dump: Iterator[bytes], known: dict[str, Any]) -> Manifest:
    """Write the archive to a stream that need not be able to go back."""
    digest, length = hashlib.sha256(), 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        with archive.open(DUMP, "w", force_zip64=True) as part:
            for piece in dump:
                part.write(piece)
                digest.update(piece)
                length += len(piece)
        manifest = Manifest(**known, bytes=length, sha256=digest.hexdigest())
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
    return manifest


class Archive:
    """A backup to be read."""

    def __init__(self, path: Path) -> None:
        """Raises BackupError if this is no backup of ours, or not a whole one."""
        try:
            self._zip = zipfile.ZipFile(path)
            given = json.loads(self._zip.read(MANIFEST))
            if given["format"] != FORMAT:
                raise BackupError(
                    f"{path} is of format {given['format']}, and this release reads {FORMAT}: "
                    "restore it with a release as new as the one that made it."
                )
            given["migrations"] = [(app, name) for app, name in given["migrations"]]
            self.manifest = Manifest(**given)
        except OSError as error:
            raise BackupError(f"{path} cannot be read: {error.strerror}.") from None
        except (zipfile.BadZipFile, KeyError, TypeError, ValueError):
            raise BackupError(
                f"{path} is not a backup of the desk, or only a part of one. Take another copy."
            ) from None

    def dump(self) -> Iterator[bytes]:
        """The dump, piece by piece."""
        try:
            with self._zip.open(DUMP) as part:
                yield from pieces(part)
        except (zipfile.BadZipFile, EOFError, KeyError):
            raise BackupError("The backup is damaged. Take another copy.") from None

    def check(self, dump: Iterator[bytes]) -> None:
        """Read all of it; raises BackupError if it is not what was written."""
        digest, length = hashlib.sha256(), 0
        for piece in dump:
            digest.update(piece)
            length += len(piece)
        if (length, digest.hexdigest()) != (self.manifest.bytes, self.manifest.sha256):
            raise BackupError("The backup is damaged: its checksum is wrong. Take another copy.")

    def close(self) -> None:
        """No more of it."""
        self._zip.close()
