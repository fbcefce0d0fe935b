"""Apply a changed calendar or agreement to open requests."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from calendars.models import CalendarVersion
from requests_app.models import ServiceRequest
from slas.models import AgreementVersion, Reapplying
from slas.reapply import runs
from slas.reapply.changes import NotInForce, in_force, new_hours, new_version, newest_of
from slas.reapply.preview import Preview, preview

SHOWN = 20


class Command(BaseCommand):
    """The same as the page does; may be run any number of times."""

    help = (
        "Apply the newest version of a calendar, or the version of an agreement that is in force, "
        "to the open requests that go by an earlier one. Decided promises stay as they were judged."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What one may ask for."""
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--calendar", type=int, metavar="ID", help="a calendar")
        which.add_argument("--agreement", type=int, metavar="ID", help="an agreement")
        parser.add_argument(
            "--preview", action="store_true", help="only say what would change; write nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what would change, or do it."""
        now = timezone.now()
        version = _version(options["calendar"], options["agreement"])
        try:
            change = (
                new_hours(version)
                if isinstance(version, CalendarVersion)
                else new_version(version, now)
            )
            if options["preview"]:
                self._say(preview(change, now, most=10**9))
                return
            run = runs.begin(version, by=None, at=now)
        except NotInForce as refusal:
            raise CommandError(str(refusal)) from refusal
        if run is None:
            self.stdout.write("No open request goes by an earlier version: nothing to do.")
            return
        runs.work(run.pk, timezone.now)
        run.refresh_from_db()
        if not run.is_finished:
            raise CommandError("Someone else is at work on it. Run this again in a minute.")
        self._done(run)

    def _say(self, told: Preview) -> None:
        names = ServiceRequest.objects.in_bulk(
            [line.service_request_id for line in told.lines[:SHOWN]]
        )
        for line in told.lines[:SHOWN]:
            for move in line.outcome.moves:
                after = "nothing promised" if move.after is None else move.after.isoformat()
                late = ", late at once" if move.is_late else ""
                reference = names[line.service_request_id].reference
                self.stdout.write(
                    f"{reference} {move.metric}: {move.before.isoformat()} → {after}{late}"
                )
        if len(told.lines) > SHOWN:
            self.stdout.write(f"… and {len(told.lines) - SHOWN} more.")
        self.stdout.write(
            f"{told.requests} open requests go by an earlier version: {told.earlier} would be due "
            f"earlier ({told.late} of them late at once), {told.later} later, {told.same} as before"
            + (f", {told.never} could not be kept in these hours." if told.never else ".")
        )

    def _done(self, run: Reapplying) -> None:
        self.stdout.write(
            f"{run.done} requests done: {run.earlier} due earlier ({run.late} of them late at "
            f"once), {run.later} later, {run.done - run.earlier - run.later} as before."
        )
        if run.failed:
            raise CommandError(f"{len(run.failed)} could not be written: {run.failed[:20]}")


def _version(calendar: int | None, agreement: int | None) -> CalendarVersion | AgreementVersion:
    """The version to apply. Raises CommandError where there is none."""
    try:
        if calendar is not None:
            return newest_of(calendar)
        assert agreement is not None
        return in_force(agreement, timezone.now())
    except (CalendarVersion.DoesNotExist, AgreementVersion.DoesNotExist) as error:
        raise CommandError("There is none of this number, or it says nothing yet.") from error
