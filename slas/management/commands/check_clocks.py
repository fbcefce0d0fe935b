"""Compare every stored clock with what its request's deeds say."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from requests_app.models import ServiceRequest
from slas import replay


class Command(BaseCommand):
    """Exits with 1 if anything differs."""

    help = (
        "Recompute the clocks of all requests from their deeds and report every difference to "
        "what is stored. There must be none."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What one may ask for."""
        parser.add_argument("--repair", action="store_true", help="write what the deeds say")
        parser.add_argument("--batch", type=int, default=500, help="requests read at once")

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through all requests in pages by id."""
        now = timezone.now()
        checked, differing, found = 0, set[int](), 0
        for page in _pages(options["batch"]):
            for difference in replay.differences(page, now):
                self.stdout.write(str(difference))
                differing.add(difference.service_request_id)
                found += 1
            checked += len(page)
        if options["repair"]:
            for pk in sorted(differing):
                replay.repair(pk, now)
        self.stdout.write(
            f"{checked} requests checked, {found} differences in {len(differing)} of them"
            + (", repaired." if options["repair"] and differing else ".")
        )
        if differing:
            sys.exit(1)


def _pages(size: int) -> Iterator[list[int]]:
    last = 0
    while True:
        page = list(
            ServiceRequest.objects.filter(pk__gt=last)
            .order_by("pk")
            .values_list("pk", flat=True)[:size]
        )
        if not page:
            return
        yield page
        last = page[-1]
