"""Compare what was counted beforehand for figures with the facts, and put it right."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from servicedesk import counting


class Command(BaseCommand):
    """With --check: exits with 1 if anything differs, and changes nothing."""

    help = (
        "Compare the rows that figures are read from with the events, clocks and answers, report "
        "every difference, and put it right. docs/figures.md tells more."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What one may ask for."""
        parser.add_argument("--check", action="store_true", help="only compare")
        parser.add_argument(
            "--quiet", action="store_true", help="put it right without comparing first"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare; put right."""
        now = timezone.now()
        found = 0
        if not options["quiet"]:
            for fault in counting.faults(now):
                self.stdout.write(fault)
                found += 1
            self.stdout.write(f"{found} differences.")
        if options["check"]:
            sys.exit(1 if found else 0)
        if found or options["quiet"]:
            counting.make_anew(now)
            self.stdout.write("What figures are read from is as the facts say.")
