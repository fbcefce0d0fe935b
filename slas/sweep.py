"""Watching the deadlines: what fell due is written down, with the time at which it was due."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q, QuerySet

from people.prepared import prepared
from requests_app.kinds import Via
from requests_app.models import ServiceRequest
from slas import engine, store
from slas.models import Clock

log = logging.getLogger(__name__)

FIRST_BACKOFF = timedelta(minutes=1)
LONGEST_BACKOFF = timedelta(hours=1)


@dataclass(slots=True)
class SweepResult:
    """What one sweep did."""

    warned: int = 0
    breached: int = 0
    escalated: int = 0
    """Steps of escalation taken, those of the breach among them."""
    skipped: int = 0
    """Requests that someone else was just writing: they, or the next sweep, do it."""
    set_aside: list[int] = field(default_factory=list)
    """Requests that could not be written; they are tried again later."""
    wrote: Callable[[Sequence[engine.Finding]], None] | None = None
    """Told of each page's findings."""

    def add(self, findings: Sequence[engine.Finding]) -> None:
        """Count what was found."""
        if self.wrote is not None:
            self.wrote(findings)
        for finding in findings:
            match finding.kind:
                case engine.Found.WARNED:
                    self.warned += 1
                case engine.Found.BREACHED:
                    self.breached += 1
                case engine.Found.ESCALATED:
                    self.escalated += 1


def sweep(
    now: datetime,
    *,
    batch: int = 500,
    via: Via = Via.DESK,
    wrote: Callable[[Sequence[engine.Finding]], None] | None = None,
    lanes: int = 1,
) -> SweepResult:
    """Warn, breach and escalate what fell due by now, each dated when it was due and written once.

    Costs what is due, not what is open. May run any number of times, at once or late: a request
    that someone else holds is left to them. A request that fails is set aside for a while and
    reported; the rest goes on. `wrote` is told of findings as soon as they are committed.

    With more than one lane, pages are written side by side where there are several, each lane on
    a connection of its own: one prepares its rows while PostgreSQL writes those of another.
    Requires then that the caller is not inside a transaction.
    """
    result = SweepResult(wrote=wrote)
    pages = _due_pages(now, batch)
    if lanes > 1:
        first, second = next(pages, None), next(pages, None)
        pages = (page for page in chain((first, second), pages) if page is not None)
        if second is not None:
            _side_by_side(
                pages, lanes, lambda page, some: _settle_page(page, now, via, some), result
            )
            return result
    for page in pages:
        _settle_page(page, now, via, result)
    return result


def _side_by_side(
    pages: Iterator[list[int]],
    lanes: int,
    write: Callable[[list[int], SweepResult], None],
    result: SweepResult,
) -> None:
    """Let each lane take the next page until there is none.

    Two lanes may meet on a request that is due twice: whoever comes second leaves it to the first.
    Raises what stopped a lane, once all have ended.
    """
    taking, telling = threading.Lock(), threading.Lock()
    wrote = result.wrote

    def tell(findings: Sequence[engine.Finding]) -> None:
        with telling:
            if wrote is not None:
                wrote(findings)

    def lane() -> SweepResult:
        own = SweepResult(wrote=tell)
        try:
            while True:
                with taking:  # the pages are read on the connection of whoever takes one
                    page = next(pages, None)
                if page is None:
                    return own
                write(page, own)
        finally:
            connection.close()

    with ThreadPoolExecutor(lanes) as pool:
        running = [pool.submit(copy_context().run, lane) for _ in range(lanes)]
    for one in running:
        found = one.result()
        result.warned += found.warned
        result.breached += found.breached
        result.escalated += found.escalated
        result.skipped += found.skipped
        result.set_aside += found.set_aside


def settle(
    service_request_ids: Iterable[int], now: datetime, via: Via, *, batch: int = 500
) -> SweepResult:
    """Sweep these requests alone, waiting for whoever holds them; for an import or a seeded year.

    Raises what a failing request raises.
    """
    result = SweepResult()
    ids = sorted(set(service_request_ids))
    for start in range(0, len(ids), batch):
        with transaction.atomic():
            locked = ServiceRequest.objects.lock_all(ids[start : start + batch])
            result.add(_settle(locked, now, via))
    return result


def oldest_unswept(now: datetime) -> timedelta | None:
    """How long the sweep is behind: the age of the oldest clock that waits for it, or None."""
    oldest = (
        Clock.objects.filter(next_check_at__lt=now)
        .order_by("next_check_at")
        .values_list("next_check_at", flat=True)
        .first()
    )
    return None if oldest is None else now - oldest


def unswept(now: datetime) -> int:
    """How many clocks wait for the sweep; costs what waits."""
    return Clock.objects.filter(next_check_at__lt=now).count()


def _due_pages(now: datetime, batch: int) -> Iterator[list[int]]:
    """The requests of due clocks, in pages along the partial index, read without a lock."""
    due = Clock.objects.due_to_be_looked_at(now).order_by("next_check_at", "id")
    after: tuple[datetime, int] | None = None
    while True:
        rest = due if after is None else due.filter(_after(*after))
        page = list(rest.values_list("next_check_at", "id", "service_request_id")[:batch])
        if not page:
            return
        last_check, last_id, _ = page[-1]
        assert last_check is not None
        after = last_check, last_id
        yield sorted({service_request_id for _, _, service_request_id in page})
        if len(page) < batch:
            return


def _after(next_check_at: datetime, pk: int) -> Q:
    return Q(next_check_at__gte=next_check_at) & (Q(next_check_at__gt=next_check_at) | Q(pk__gt=pk))


def _settle_page(page: Sequence[int], now: datetime, via: Via, result: SweepResult) -> None:
    """One short transaction for the page; where it fails, one for each request of it."""
    try:
        found, locked = _settle_some(page, now, via)
    except Exception:
        _raise_if_the_database_is_gone()
        log.exception("A page of %d requests could not be swept; trying them singly.", len(page))
        for pk in page:
            _settle_single(pk, now, via, result)
        return
    result.add(found)
    result.skipped += len(page) - locked


def _settle_single(pk: int, now: datetime, via: Via, result: SweepResult) -> None:
    try:
        found, locked = _settle_some([pk], now, via)
    except Exception:
        _raise_if_the_database_is_gone()
        log.exception("Request %d could not be swept; it is set aside.", pk)
        result.set_aside.append(pk)
        _set_aside(pk, now)
        return
    result.add(found)
    result.skipped += 1 - locked


@transaction.atomic
def _settle_some(pks: Sequence[int], now: datetime, via: Via) -> tuple[list[engine.Finding], int]:
    locked = _not_held_by_others(pks)
    return _settle(locked, now, via), len(locked)


@prepared
def _not_held_by_others(pks: Collection[int]) -> QuerySet[ServiceRequest]:
    rows = ServiceRequest.objects.select_for_update(no_key=True, skip_locked=True)
    return rows.filter(pk__among=pks).order_by("pk")


def _settle(locked: Sequence[ServiceRequest], now: datetime, via: Via) -> list[engine.Finding]:
    """Read the clocks again, now that nobody else can write them, and write what fell due."""
    known = store.load(locked)
    found: list[engine.Finding] = []
    for one in known.values():
        if one.course is None:
            continue
        one.course, findings = engine.settle(one.course, now)
        one.add(findings, via)
        found += findings
    store.write([one for one in known.values() if one.findings], noticed_at=now)
    return found


def _raise_if_the_database_is_gone() -> None:
    """Nothing is wrong with the requests then: the next tick does it all."""
    if not connection.in_atomic_block and not connection.is_usable():
        raise  # noqa: PLE0704  called while an exception is handled


def _set_aside(pk: int, now: datetime) -> None:
    """Leave the due clocks of a request alone for a while: longer with each failure."""
    due = Clock.objects.due_to_be_looked_at(now).filter(service_request=pk)
    try:
        for clock in due.only("failures"):
            backoff = min(FIRST_BACKOFF * 2 ** min(clock.failures, 10), LONGEST_BACKOFF)
            Clock.objects.filter(pk=clock.pk).update(
                failures=F("failures") + 1, set_aside_until=now + backoff
            )
    except DatabaseError:
        log.exception("Request %d could not be set aside; the next sweep meets it again.", pk)
