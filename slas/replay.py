"""Clocks recomputed from the deeds alone, and compared with those that are stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from requests_app.kinds import FINDINGS
from requests_app.models import Event, ServiceRequest
from slas import engine, store, tallied, terms
from slas.deeds import deed_of
from slas.models import Clock, ClockQuerySet, Course, Terms


@dataclass(frozen=True, slots=True)
class Difference:
    """Something stored that the deeds do not bear out."""

    service_request_id: int
    reference: str
    what: str
    """A clock ("resolution 1.1"), "course" or "request"."""
    column: str
    """Empty where the whole row is missing or too much."""
    stored: Any
    replayed: Any

    def __str__(self) -> str:
        which = f"{self.what}: {self.column}" if self.column else self.what
        return f"{self.reference} {which} is {self.stored}, by its deeds {self.replayed}"


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the deeds of one request say, up to its last one."""

    course: engine.Course | None
    last_event_id: int


def replay(service_request_ids: Iterable[int]) -> dict[int, Replayed]:
    """Recompute requests from their deeds and the versions these name: three queries for all.

    Findings are not read; what fell due since the last deed is for `engine.settle`.
    """
    ids = sorted(set(service_request_ids))
    named = _named(ids)
    found = {pk: Replayed(None, 0) for pk in ids}
    deeds = Event.objects.filter(service_request__in=ids).exclude(kind__in=FINDINGS)
    for event in deeds.order_by("service_request_id", "id"):
        before = found[event.service_request_id]
        course, _ = engine.apply(before.course, deed_of(event, named.get(event.pk, {})))
        last = before.last_event_id
        if course is not None and engine.matters(before.course, event.kind):
            last = event.pk
        found[event.service_request_id] = Replayed(course, last)
    return found


def differences(service_request_ids: Sequence[int], now: datetime) -> list[Difference]:
    """What is stored and not borne out by the deeds; what only waits for the sweep is neither.

    Reads without a lock first. Where something seems to differ the request is locked and looked
    at again, so that a deed in between is no difference.
    """
    suspects = {one.service_request_id for one in _compare(service_request_ids, now)}
    found: list[Difference] = []
    for pk in sorted(suspects):
        with transaction.atomic():
            ServiceRequest.objects.lock(pk)
            found += _compare([pk], now)
    return found


@transaction.atomic
def repair(service_request_id: int, now: datetime) -> list[Difference]:
    """Write what the deeds say over what is stored; returns what differed.

    Findings on the timeline stay as they were told.
    """
    service_request = ServiceRequest.objects.lock(service_request_id)
    found = _compare([service_request_id], now)
    if not found:
        return []
    known = store.load([service_request])[service_request_id]
    replayed = replay([service_request_id])[service_request_id]
    if replayed.course is None:
        _forget(Clock.objects.filter(service_request=service_request))
        if known.row is not None:
            known.row.delete()
        return found
    known.course, _ = engine.settle(replayed.course, now)
    known.last_event_id = replayed.last_event_id
    known.as_read = None  # so that every column is compared, those worked out of others too
    keys = {clock.key for clock in known.course.clocks}
    too_many = [known.clocks.pop(key).pk for key in known.clocks.keys() - keys]
    _forget(Clock.objects.filter(pk__in=too_many))
    store.write([known], noticed_at=now)
    return found


def _forget(clocks: ClockQuerySet) -> None:
    tallied.TALLY.take_back(list(clocks.values_list("pk", flat=True)))
    clocks.delete()


def _named(ids: Sequence[int]) -> dict[int, dict[str, engine.Terms]]:
    rows = list(Terms.objects.filter(service_request__in=ids))
    loaded = terms.load({(row.agreement_version_id, row.calendar_version_id) for row in rows})
    named: dict[int, dict[str, engine.Terms]] = {}
    for row in rows:
        key = row.agreement_version_id, row.calendar_version_id
        named.setdefault(row.event_id, {})[row.scope] = loaded[key]
    return named


def _compare(ids: Sequence[int], now: datetime) -> list[Difference]:
    requests = list(ServiceRequest.objects.filter(pk__in=ids).order_by("pk"))
    stored = store.load(requests)
    replayed = replay(ids)
    found: list[Difference] = []
    for request in requests:
        found += _Comparison(request, stored[request.pk], replayed[request.pk], now).all()
    return found


@dataclass(slots=True)
class _Comparison:
    """One request, as stored and as its deeds say, both settled up to the same moment."""

    service_request: ServiceRequest
    stored: store.Known
    replayed: Replayed
    now: datetime

    def all(self) -> Iterator[Difference]:
        course = self.replayed.course
        if course is None or self.stored.row is None or self.stored.course is None:
            if (course is None) != (self.stored.row is None):
                yield self._row("course", self.stored.row is not None)
            return
        stored = self.stored.course
        unswept = {clock.key: clock for clock in stored.clocks}
        have, want = (engine.settle(one, self.now)[0] for one in (stored, course))
        yield from self._clocks(unswept, have, want)
        yield from self._course(self.stored.row, stored, have, want)
        as_stored = store.request_columns(stored)
        yield from self._columns("request", self.service_request, as_stored)

    def _course(
        self, row: Course, stored: engine.Course, swept: engine.Course, replayed: engine.Course
    ) -> Iterator[Difference]:
        """The row in itself, and then what it says once both are swept."""
        last = self.replayed.last_event_id
        yield from self._columns("course", row, store.course_columns(stored, last))
        have, want = (store.course_columns(one, last) for one in (swept, replayed))
        for column, value in want.items():
            if have[column] != value:
                yield self._difference("course", column, have[column], value)

    def _clocks(
        self,
        unswept: dict[tuple[str, int, int], engine.Clock],
        swept_course: engine.Course,
        replayed: engine.Course,
    ) -> Iterator[Difference]:
        """The rows in themselves, and then what they say once both are swept."""
        have = {clock.key: clock for clock in swept_course.clocks}
        want = {clock.key: clock for clock in replayed.clocks}
        client_id = replayed.client_id
        for key in sorted(have.keys() | want.keys()):
            name = f"{key[0]} {key[1]}.{key[2]}"
            if key not in have or key not in want:
                yield self._row(name, key in have)
                continue
            in_itself = store.clock_columns(unswept[key], client_id)
            yield from self._columns(name, self.stored.clocks[key], in_itself)
            swept = store.clock_columns(have[key], client_id)
            for column, value in store.clock_columns(want[key], client_id).items():
                if swept[column] != value:
                    yield self._difference(name, column, swept[column], value)

    def _columns(self, what: str, row: Any, values: dict[str, Any]) -> Iterator[Difference]:
        for column, value in values.items():
            if getattr(row, column) != value:
                yield self._difference(what, column, getattr(row, column), value)

    def _row(self, what: str, is_stored: bool) -> Difference:
        words = {True: "there", False: "not there"}
        return self._difference(what, "", words[is_stored], words[not is_stored])

    def _difference(self, what: str, column: str, stored: Any, replayed: Any) -> Difference:
        request = self.service_request
        return Difference(request.pk, request.reference, what, column, stored, replayed)
