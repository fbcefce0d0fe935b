"""Play the demo company: three months of Harbour & Pine, or a year."""

from __future__ import annotations

import os
import sys
import time
from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from feedback import blocks, invitations
from requests_app import advance
from requests_app.kinds import Via
from servicedesk import counting
from servicedesk.demo import aftermath, founding, play
from servicedesk.demo import processes as sharing
from servicedesk.demo.company import company
from servicedesk.demo.stories import plan
from slas.sweep import sweep

DAYS_OF_A_MONTH = 30.6


class Command(BaseCommand):
    """Play it once; what was interrupted goes on where it was."""

    requires_system_checks: list[str] = []
    help = "Play the demo company by the desk's own deeds with past times."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The command line."""
        parser.add_argument("--months", type=int, default=3)
        parser.add_argument("--requests", type=int, default=1500)
        parser.add_argument("--seed", type=int, default=20261119)
        parser.add_argument("--year", action="store_true", help="twelve months, 6,000 requests")
        parser.add_argument("--processes", type=int, default=min(os.cpu_count() or 1, 2))

    def handle(self, *args: Any, **options: Any) -> None:
        """Found the company if need be, play the stories, gather opinions, open the doors."""
        months, wanted = (12, 6000) if options["year"] else (options["months"], options["requests"])
        try:
            seed_demo(
                self,
                days=round(months * DAYS_OF_A_MONTH),
                requests=wanted,
                seed=options["seed"],
                processes=options["processes"],
            )
        except founding.NotEmpty as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write("\nStopped. The same command goes on from here.")
            sys.exit(130)


def seed_demo(
    command: BaseCommand,
    *,
    days: int,
    requests: int,
    seed: int,
    processes: int = 1,
    now: datetime | None = None,
) -> None:
    """Play the company up to `now` (the present, if nothing is said), and only once.

    The same seed and the same now make the same company, but for the numbers in the references
    where several processes play. Raises NotEmpty, CommandError.
    """
    say = command.stdout.write
    founded = founding.founded_at()
    if founded is not None and founding.are_the_doors_open():
        say("The demo company is here already.")
        return
    began = time.monotonic()
    span = timedelta(days=days)
    if founded is None:
        now = now or timezone.now()
        say("Founding Harbour & Pine: ten departments, 260 people, three cities ...")
        founding.found(company(now.year - 2, now.year + 1), at=now - span)
    else:
        say("Going on where it was interrupted ...")
        now = _when_it_began(founded + span, now or timezone.now())
    stories = plan(seed, now, days=days, requests=requests)
    here = play.played()
    left = [story for story in stories if story.number not in here]
    bar = Bar(command, len(stories), done=len(here))
    for count in sharing.play_all(left, now, processes):
        bar.move(count)
    bar.end()
    say("Asking how it was ...")
    advance.advance(now, via=Via.SEED)
    for days_ago in range(days, -1, -1):  # day by day: an invitation expires two weeks after it
        invitations.advance(now - timedelta(days=days_ago), via=Via.SEED)
    opinions = play.opinions(stories, now)
    for _count in sharing.rate_all(opinions, processes):
        pass
    blocks.gather(now)
    aftermath.look_after(now)
    sweep(now, via=Via.SEED)
    for _count in sharing.explain_all(now, processes):
        pass
    counting.keep_up(now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    founding.open_the_doors()
    say(f"Harbour & Pine is ready, {time.monotonic() - began:.0f} seconds after it was founded.")


def _when_it_began(begun: datetime, now: datetime) -> datetime:
    """The moment up to which the interrupted seeding plays. Raises CommandError."""
    if abs(now - begun) > timedelta(days=7):
        raise CommandError(
            "An interrupted seeding of another length, or from long ago, is in the way. "
            "Begin anew with an empty database (make reset)."
        )
    return begun


class Bar:
    """Progress: one line that grows on a terminal, a line per tenth elsewhere."""

    def __init__(self, command: BaseCommand, total: int, *, done: int = 0) -> None:
        self.out = command.stdout
        self.total = max(total, 1)
        self.done = done
        self.began = time.monotonic()
        self.lively = sys.stdout.isatty()
        self.said = done * 10 // self.total

    def move(self, count: int) -> None:
        """So many more are done."""
        self.done += count
        seconds = time.monotonic() - self.began
        words = f"{self.done:,} of {self.total:,} requests played, {seconds:.0f} s"
        if self.lively:
            filled = self.done * 30 // self.total
            self.out.write(f"\r  [{'=' * filled}{' ' * (30 - filled)}] {words}", ending="")
            self.out.flush()
        elif self.done * 10 // self.total > self.said:
            self.said = self.done * 10 // self.total
            self.out.write(f"  {words}")
            self.out.flush()

    def end(self) -> None:
        """Leave the line."""
        if self.lively:
            self.out.write("")
