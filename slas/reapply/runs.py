"""Applying a change to open requests: batch by batch, each a short transaction of its own.

What is done is kept with each batch. Interrupted anywhere, the next tick goes on; two at once, or
the same again, change nothing, for a request that goes by the newest version is left alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from calendars import actions as calendar_actions
from calendars.contents import Contents
from calendars.models import Calendar, CalendarVersion
from people.models import User
from requests_app.actions import change_promises
from requests_app.kinds import AgreementChanged, Payload
from requests_app.models import ServiceRequest
from slas import store
from slas.models import AgreementVersion, Reapplying
from slas.reapply.changes import NotInForce, change_of, new_hours, new_version, requests_that_go_by
from slas.reapply.rules import Change, NewVersion, Outcome, outcome

log = logging.getLogger(__name__)

BATCH = 100
"""Requests locked at once: a fraction of a second's work."""

LEASE = timedelta(minutes=1)


@transaction.atomic
def change_calendar(
    calendar: Calendar, said: Contents, *, seen: int, by: User | None, at: datetime
) -> tuple[CalendarVersion | None, Reapplying | None]:
    """Let a calendar say something else, and begin to apply it to open requests.

    No version where it says that already; no run where no open request goes by it. Raises as
    `calendars.actions.change` does.
    """
    version = calendar_actions.change(calendar, said, seen=seen, by=by, at=at)
    if version is None:
        return None, None
    return version, begin(version, by=by, at=at)


def begin(
    version: CalendarVersion | AgreementVersion, *, by: User | None, at: datetime
) -> Reapplying | None:
    """Begin to apply a version to the open requests that go by an earlier one; None: there is none.

    One that is under way already is handed out. The right to it is for the caller to ask. Raises
    NotInForce.
    """
    if isinstance(version, CalendarVersion):
        change: Change = new_hours(version)
        of: dict[str, CalendarVersion | AgreementVersion] = {"calendar_version": version}
    else:
        change, of = new_version(version, at), {"agreement_version": version}
    under_way = Reapplying.objects.filter(Q(**of), finished_at=None)
    to_do = requests_that_go_by(change).count()
    if not to_do:
        return under_way.first()
    try:
        with transaction.atomic():
            return Reapplying.objects.create(started_at=at, started_by=by, to_do=to_do, **of)
    except IntegrityError:
        return under_way.get()


def unfinished(now: datetime) -> list[int]:
    """The runs that nobody works on, in the order in which they began."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    rows = Reapplying.objects.filter(free, finished_at=None)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def claim(run_id: int, now: datetime) -> bool:
    """Take a run for a minute, unless someone else has it; each batch takes it for longer."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    rows = Reapplying.objects.filter(free, pk=run_id, finished_at=None)
    return bool(rows.update(claimed_until=now + LEASE))


def let_go(run_id: int) -> None:
    """Leave a run to whoever comes next."""
    Reapplying.objects.filter(pk=run_id).update(claimed_until=None)


def work(run_id: int, now: Callable[[], datetime], *, batches: int | None = None) -> bool:
    """Go on with a run, unless someone else works on it; whether it is free and not finished.

    Stops after so many batches, where that is said, and leaves the rest to whoever comes next.
    """
    if not claim(run_id, now()):
        return False
    done = 0
    while go_on(run_id, now()):
        done += 1
        if batches is not None and done >= batches:
            let_go(run_id)
            return True
    return False


def go_on(run_id: int, now: datetime) -> bool:
    """Do the next batch, if there is one; whether there may be another.

    A batch that fails is done request by request; one that cannot be written is named in the run
    and reported, and the rest goes on.
    """
    run = Reapplying.objects.select_related("calendar_version", "agreement_version").get(pk=run_id)
    if run.is_finished:
        return False
    try:
        change = change_of(run, now)
    except NotInForce:
        change = None
    rest = [] if change is None else _next(change, run.last_request_id)
    if change is None or not rest:
        return _finish(run_id, now)
    try:
        _batch(run, change, rest, now)
    except Exception:
        if not connection.in_atomic_block and not connection.is_usable():
            raise  # nothing is wrong with the requests: the next tick goes on
        log.exception("Changed promises could not be written for a batch; trying one by one.")
        _one_by_one(run, change, rest, now)
    return len(rest) == BATCH or _finish(run_id, now)


def _finish(run_id: int, now: datetime) -> bool:
    rows = Reapplying.objects.filter(pk=run_id, finished_at=None)
    rows.update(finished_at=now, claimed_until=None)
    return False


def _next(change: Change, after: int) -> list[int]:
    rows = requests_that_go_by(change).filter(pk__gt=after).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:BATCH])


def _one_by_one(run: Reapplying, change: Change, pks: Sequence[int], now: datetime) -> None:
    for pk in pks:
        run.refresh_from_db(fields=["last_request_id"])
        try:
            _batch(run, change, [pk], now)
        except Exception:
            if not connection.in_atomic_block and not connection.is_usable():
                raise
            log.exception("Request %d keeps its promises: they could not be written.", pk)
            _set_aside(run, pk)


@transaction.atomic
def _set_aside(run: Reapplying, pk: int) -> None:
    row = Reapplying.objects.select_for_update().get(pk=run.pk)
    if row.last_request_id < pk:
        row.failed = [*row.failed, pk]
        row.last_request_id = pk
        row.done += 1
        row.save(update_fields=["failed", "last_request_id", "done"])


@transaction.atomic
def _batch(run: Reapplying, change: Change, pks: Sequence[int], now: datetime) -> None:
    """Lock the requests, see again which of them go by it, write, and count; all or nothing."""
    locked = ServiceRequest.objects.lock_all(pks)
    row = Reapplying.objects.select_for_update(no_key=True).get(pk=run.pk)
    if row.last_request_id != run.last_request_id:
        return  # someone else has done this batch
    written = write(locked, change, by=run.started_by, now=now)
    row.last_request_id = pks[-1]
    row.done += len(pks)
    row.earlier += sum(found.is_earlier for found in written)
    row.later += sum(found.is_later for found in written)
    row.late += sum(found.is_late for found in written)
    row.claimed_until = now + LEASE
    row.save(update_fields=["last_request_id", "done", "earlier", "later", "late", "claimed_until"])


@dataclass(frozen=True, slots=True)
class _Touched:
    service_request: ServiceRequest
    outcome: Outcome


def write(
    locked: Sequence[ServiceRequest], change: Change, *, by: User | None, now: datetime
) -> list[Outcome]:
    """Append the event that says so to each of these requests that goes by it and is open.

    The rows are held by the caller. Hands out what became of those touched.
    """
    known = store.load(locked)
    touched: list[_Touched] = []
    for one in locked:
        course = known[one.pk].course
        if course is None or not one.is_open:
            continue
        found = outcome(course, change, one.dated(now))
        if found.is_touched:
            touched.append(_Touched(one, found))
    groups: dict[tuple[bool, bool], list[ServiceRequest]] = {}
    for each in touched:
        named = each.outcome.named
        scopes = named.promise is not None, named.holding is not None
        groups.setdefault(scopes, []).append(each.service_request)
    for scopes, some in groups.items():
        change_promises(some, change.kind, _payload(change, *scopes), by=by, at=now)
    return [each.outcome for each in touched]


def _payload(change: Change, promise: bool, holding: bool) -> Payload | None:
    if not isinstance(change, NewVersion):
        return None
    version_id = change.terms.agreement_version_id
    return AgreementChanged(version_id=version_id, promise=promise, holding=holding)
