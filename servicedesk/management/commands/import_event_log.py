"""Replay another desk's audit log through our own deeds, with past times."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from servicedesk import progress
from servicedesk.event_log.mapping import BadMapping, load
from servicedesk.event_log.reading import BadLog
from servicedesk.event_log.run import import_log


class Command(BaseCommand):
    """The command's shell: arguments, progress, report."""

    help = (
        "Replay another desk's audit log (one row an update of one case) through the desk's own "
        "deeds. May be run again: cases that are here are skipped. docs/import.md tells more."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE, --mapping, --report."""
        parser.add_argument("file", type=Path, help="the log, as CSV")
        parser.add_argument("--mapping", type=Path, required=True, help="how to read it, as TOML")
        parser.add_argument("--report", type=Path, help="also write the report there, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import; exit with an error where nothing could be read."""
        try:
            mapping = load(options["mapping"])
            report = import_log(
                options["file"],
                mapping,
                now=timezone.now(),
                watch=functools.partial(progress.bar, what="cases"),
            )
        except (BadMapping, BadLog) as error:
            raise CommandError(str(error)) from error
        metrics = mapping.judged.metrics
        for line in report.lines(metrics):
            self.stdout.write(line)
        if options["report"]:
            options["report"].write_text(
                json.dumps(report.as_dict(metrics), indent=2) + "\n", encoding="utf-8"
            )
        if not report.adds_up:
            raise CommandError("The report does not add up: this is a fault of the import.")
