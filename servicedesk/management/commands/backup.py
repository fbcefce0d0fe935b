"""`manage.py backup PATH`: the whole desk in one file."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from servicedesk.backup import BackupError
from servicedesk.backup.making import back_up


class Command(BaseCommand):
    help = (
        "Writes all of the desk, uploaded files too, into one file; the desk goes on working "
        "meanwhile. Keep the file as you keep the database: it holds everything that people wrote."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", help="a file, a folder, or - for standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it beside, then put it in place: what has the name is always whole."""
        said = cast(TextIO, vars(self.stderr)["_out"])  # unwrapped: a bar draws over itself
        if options["path"] == "-":
            if sys.stdout.isatty():
                raise CommandError("That would be for your eyes: send it into a file.")
            with _told_plainly():
                back_up(sys.stdout.buffer, said=said)
            return
        path = Path(options["path"])
        if path.is_dir():
            path /= f"desk-{timezone.now():%Y%m%d-%H%M%S}.zip"
        if path.exists():
            raise CommandError(f"{path} is there already; nothing was written.")
        beside = path.with_name(f".{path.name}.part")
        try:
            with _told_plainly():
                descriptor = os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
                with os.fdopen(descriptor, "wb") as out:
                    manifest = back_up(out, said=said)
                    out.flush()
                    os.fsync(out.fileno())
                beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        self.stdout.write(
            f"{path}: {sum(manifest.tables.values()):,} rows of {len(manifest.tables)} tables and "
            f"{manifest.files:,} files, {path.stat().st_size / 1e6:,.1f} MB.\n"
            "Not in it: who is signed in, and SECRET_KEY, which second factors and mailed links "
            "need: keep that elsewhere."
        )


class _told_plainly:  # noqa: N801 (a context manager)
    """What goes wrong in one sentence instead of a traceback."""

    def __enter__(self) -> None:
        """Nothing to do yet."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, BackupError):
            raise CommandError(str(error)) from None
        if isinstance(error, OSError):
            raise CommandError(f"{error.filename or 'The file'}: {error.strerror}.") from None
