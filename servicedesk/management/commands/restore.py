"""`manage.py restore PATH`: a backup into an empty server."""

from __future__ import annotations

from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError

from servicedesk.backup import BackupError, restoring
from servicedesk.backup.archive import Archive


class Command(BaseCommand):
    help = (
        "Reads a backup into the database of DATABASE_URL, which must be empty; it is made if it "
        "is not there. The file is checked first, and all of it comes or nothing does."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--check", action="store_true", help="read and check the file only")
        parser.add_argument(
            "--replace", action="store_true", help="lose what is in the database now"
        )
        parser.add_argument(
            "--no-input", action="store_false", dest="interactive", help="do not ask before that"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check or restore, and say what to do now."""
        self.asks = options["interactive"]
        said = cast(TextIO, vars(self.stderr)["_out"])  # unwrapped: a bar draws over itself
        try:
            with closing(Archive(options["path"])) as given:
                if options["check"]:
                    restoring.check(given, said)
                    self.stdout.write(f"The backup of {given.manifest.made_at} is whole.")
                    return
                done = restoring.restore(
                    given, replace=options["replace"], confirmed=self._confirmed, said=said
                )
        except BackupError as error:
            raise CommandError(str(error)) from None
        self.stdout.write("\n".join(_words(done)))
        if done.differences:
            raise CommandError("It is not what was backed up:\n" + "\n".join(done.differences))

    def _confirmed(self, loss: str) -> bool:
        if not self.asks:
            return True
        return input(f"{loss} Type yes to go on: ").strip().lower() == "yes"


def _words(done: restoring.Restored) -> list[str]:
    manifest = done.manifest
    rows = f"{sum(manifest.tables.values()):,} rows of {len(manifest.tables)} tables"
    words = [
        f"The desk of {manifest.made_at} is back: {rows} and {manifest.files:,} files.",
        "Now:",
    ]
    if done.to_migrate:
        words.append(f"- python manage.py migrate ({done.to_migrate} migrations are newer)")
    if done.other_key:
        words.append(
            "- SECRET_KEY is not the one of the backup: set that one again (or add it to "
            "SECRET_KEY_FALLBACKS), or second factors and links in mails no longer work."
        )
    words.append("- python manage.py check_clocks (every promise against the timeline)")
    if manifest.waiting_mails:
        words.append(
            f"- {manifest.waiting_mails} mails wait in the outbox and leave as soon as a worker "
            "runs. For a drill set "
            "EMAIL_BACKEND=django.core.mail.backends.dummy.EmailBackend first."
        )
    words.append("- start web, worker and beat; everyone signs in again; look at /readyz")
    return words
