"""Take in a directory of people from a CSV file; see docs/directory.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError
from django.utils import timezone

from people import directory
from people.models import Organisation
from requests_app.kinds import Via
from servicedesk.administration.directory import Outcome, look, take_in

MOST_LINES = 50


class Command(BaseCommand):
    """`manage.py import_directory FILE.csv [--dry-run] [--leavers]`"""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and whether to do it."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, change nothing"
        )
        parser.add_argument(
            "--leavers",
            action="store_true",
            help="who is not in the file leaves (administrators never do)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, plan, say, and unless it is a dry run, apply."""
        content = self._content(options["file"])
        leavers = options["leavers"]
        try:
            if options["dry_run"]:
                outcome = Outcome(look(content, leavers=leavers))
            else:
                at = timezone.now()
                outcome = take_in(content, leavers=leavers, by=None, at=at, via=Via.DESK)
        except directory.BadDirectory as error:
            for one in error.problems:
                self.stderr.write(_line(one))
            raise CommandError(f"{error}: nothing was changed.") from error
        except Organisation.DoesNotExist as error:
            raise CommandError("Set up the desk first: manage.py set_up.") from error
        except IntegrityError as error:
            raise CommandError("People were changed meanwhile: run it again.") from error
        self._say(outcome, verbose=options["verbosity"] > 1)

    def _content(self, path: Path) -> bytes:
        try:
            with path.open("rb") as file:
                return file.read(directory.LARGEST + 1)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error

    def _say(self, outcome: Outcome, *, verbose: bool) -> None:
        plan = outcome.plan
        if plan.unknown_columns:
            self.stdout.write(f"Columns not used: {', '.join(plan.unknown_columns)}")
        lines = [f"+ department {one.name} ({one.key})" for one in plan.departments]
        lines += [f"+ team {department}: {name}" for department, name in plan.teams]
        lines += [f"+ {one.employee_number} {one.name}" for one in plan.new]
        lines += [
            f"~ {one.person.employee_number} {one.person.name}: {name} {before} → {after}"
            for one in plan.changed
            for name, (before, after) in one.fields.items()
        ]
        lines += [f"~ {one.employee_number} {one.name}: {one.role}" for one in plan.roles]
        lines += [f"- {one.employee_number} {one.name} leaves" for one in plan.leaving]
        lines += [f"! {one.employee_number} {one.name}: administrator, stays" for one in plan.kept]
        for line in lines if verbose else lines[:MOST_LINES]:
            self.stdout.write(line)
        if not verbose and len(lines) > MOST_LINES:
            self.stdout.write(f"… and {len(lines) - MOST_LINES} more (--verbosity 2 for all)")
        self.stdout.write(
            f"{len(plan.new)} new, {len(plan.changed)} changed, {plan.same} as they are, "
            f"{len(plan.leaving)} leaving, {plan.absent} not in the file and staying"
        )
        if outcome.applied is None:
            self.stdout.write("A dry run: nothing was changed.")
        elif outcome.returned:
            self.stdout.write(f"{outcome.returned} requests went back to the queue.")


def _line(problem: directory.Problem) -> str:
    where = f"row {problem.row}" if problem.row else "file"
    column = f", {problem.column}" if problem.column else ""
    return f"{where}{column}: {problem.text}"
