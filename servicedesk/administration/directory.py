"""Taking a directory in: the one way for the command and the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from calendars.holidays_source import countries
from catalogue.actions import ensure_general
from people import directory
from people.models import User
from requests_app.kinds import Via
from servicedesk.administration import leaving
from servicedesk.sign_in import forget_other_addresses


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was planned, and what was done of it: nothing, on a dry run."""

    plan: directory.Plan
    applied: directory.Applied | None = None
    returned: int = 0
    """Requests that went back to the queue."""


def look(content: bytes, *, leavers: bool) -> directory.Plan:
    """What this file would change. Raises BadDirectory, also for what only people can put right."""
    rows, unknown = directory.read(content)
    made = directory.plan(
        rows, leavers=leavers, countries=countries().keys(), unknown_columns=unknown
    )
    if made.problems:
        raise directory.BadDirectory(made.problems)
    return made


@transaction.atomic
def take_in(
    content: bytes,
    *,
    leavers: bool,
    by: User | None,
    at: datetime,
    shown: str | None = None,
    via: Via = Via.PAGE,
) -> Outcome:
    """Apply the file, all of it or nothing.

    `shown` is the digest of the plan that was agreed to. Raises BadDirectory; PlanChanged where it
    would do something else by now; IntegrityError where somebody was quicker;
    Organisation.DoesNotExist while the desk is not set up.
    """
    directory.hold()
    plan = look(content, leavers=leavers)
    if shown is not None and plan.digest != shown:
        raise directory.PlanChanged
    applied = directory.apply(plan, by=by, at=at)
    for department in applied.departments:
        ensure_general(department, by=by, at=at)
    forget_other_addresses(applied.readdressed)
    gone = [one.pk for one in applied.left]
    returned = leaving.return_work_of(gone, by=by, at=at, via=via) if gone else 0
    return Outcome(plan, applied, returned)
