"""Between rows and values: reading what is known of requests, and writing what changed, in bulk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db.models import Model, QuerySet

from people.prepared import prepared
from requests_app import many, timeline
from requests_app.kinds import ClockFinding, Escalated, Via
from requests_app.lifecycle import Category
from requests_app.models import NOTHING_DUE, STANDING_STILL, Event, ServiceRequest
from slas import engine, tallied, terms
from slas.models import Clock, Course

ONE_BY_ONE = 6
"""Up to so many rows an update each is quicker than one update for all."""


_BUT_CLOCKS = attrgetter(*(one.name for one in fields(engine.Course) if one.name != "clocks"))


@dataclass(slots=True)
class Known:
    """What is known of one request, and what is not yet written."""

    service_request: ServiceRequest
    course: engine.Course | None = None
    last_event_id: int = 0
    row: Course | None = None
    clocks: dict[tuple[str, int, int], Clock] = field(default_factory=dict)
    findings: list[tuple[engine.Finding, Via]] = field(default_factory=list)
    as_read: engine.Course | None = None
    """The value of `row` and `clocks` as they were read."""

    def untouched(self) -> set[int]:
        """Which of the course's clocks are, as values, still those that were read."""
        return set() if self.as_read is None else {id(clock) for clock in self.as_read.clocks}

    def course_is_untouched(self) -> bool:
        """Whether all but the clocks is still what was read."""
        if self.row is None or self.course is None or self.as_read is None:
            return False
        is_same = _BUT_CLOCKS(self.course) == _BUT_CLOCKS(self.as_read)
        return is_same and self.row.last_event_id == self.last_event_id

    def add(self, findings: Iterable[engine.Finding], via: Via) -> None:
        """Keep what was found until it is written."""
        self.findings += [(finding, via) for finding in findings]


def load(service_requests: Sequence[ServiceRequest]) -> dict[int, Known]:
    """What is known of these requests: two queries, however many."""
    pks = {one.pk for one in service_requests}
    rows = {row.pk: row for row in _courses(pks)}
    clocks: dict[int, list[Clock]] = {pk: [] for pk in pks}
    if rows:
        for clock in _clocks(rows):
            clocks[clock.service_request_id].append(clock)
    found = terms.load(_keys(rows.values(), clocks.values()))
    return {
        one.pk: _known(one, rows.get(one.pk), clocks[one.pk], found) for one in service_requests
    }


@prepared
def _courses(service_request_ids: Collection[int]) -> QuerySet[Course]:
    return Course.objects.filter(pk__among=service_request_ids)


@prepared
def _clocks(service_request_ids: Collection[int]) -> QuerySet[Clock]:
    return Clock.objects.filter(service_request__among=service_request_ids).order_by("id")


def write(known: Collection[Known], *, noticed_at: datetime) -> None:
    """Write what changed: clocks, courses, the requests' own columns, and then the findings."""
    _write_clocks(known, noticed_at)
    _write_courses(known)
    _write_requests(known)
    events = [_event(one, finding, via) for one in known for finding, via in one.findings]
    for one in known:
        one.findings = []
    timeline.record_many(events)


# Reading


def _keys(courses: Iterable[Course], clocks: Iterable[list[Clock]]) -> set[terms.Key]:
    keys = {
        (clock.agreement_version_id, clock.calendar_version_id) for some in clocks for clock in some
    }
    for course in courses:
        keys.add((course.promise_version_id, course.promise_calendar_id))
        if course.holding_version_id is not None and course.holding_calendar_id is not None:
            keys.add((course.holding_version_id, course.holding_calendar_id))
    return keys


def _known(
    service_request: ServiceRequest,
    row: Course | None,
    clocks: list[Clock],
    found: dict[terms.Key, engine.Terms],
) -> Known:
    if row is None:
        return Known(service_request)
    holding = None
    if row.holding_version_id is not None and row.holding_calendar_id is not None:
        holding = found[row.holding_version_id, row.holding_calendar_id]
    course = engine.Course(
        client_id=row.client_id,
        priority=row.priority,
        promise=found[row.promise_version_id, row.promise_calendar_id],
        holder_id=row.holder_id,
        arrived_at=row.arrived_at,
        accountable_since=row.accountable_since,
        service_id=row.service_id,
        holding=holding,
        stands=Category(row.stands),
        before_work=row.before_work,
        untouched_by=row.untouched_by,
        untouched_since=row.untouched_since,
        untouched_for=row.untouched_for,
        raise_to=row.raise_to,
        clocks=tuple(
            value_of(clock, found[clock.agreement_version_id, clock.calendar_version_id])
            for clock in clocks
        ),
    )
    return Known(
        service_request,
        course,
        row.last_event_id,
        row,
        {(clock.metric, clock.cycle, clock.sequence): clock for clock in clocks},
        as_read=course,
    )


def value_of(clock: Clock, its_terms: engine.Terms) -> engine.Clock:
    """The row as a value."""
    return engine.Clock(
        metric=clock.metric,
        cycle=clock.cycle,
        sequence=clock.sequence,
        terms=its_terms,
        priority=clock.priority,
        budget=clock.budget,
        started_at=clock.started_at,
        department_id=clock.department_id,
        service_id=clock.service_id,
        spent_before=clock.spent_before,
        used=clock.used,
        state=engine.State(clock.state),
        running_since=clock.running_since,
        paused_since=clock.paused_since,
        due_at=clock.due_at,
        warned=clock.warned,
        escalated=clock.escalated,
        breached_at=clock.breached_at,
        cause=engine.Cause(clock.cause) if clock.cause else None,
        stopped_at=clock.stopped_at,
        voided_at=clock.voided_at,
    )


# Writing


def clock_columns(clock: engine.Clock, client_id: int) -> dict[str, Any]:
    """The value as columns; what identifies the row, and when it was noticed, is not among them."""
    return {
        "department_id": clock.department_id,
        "service_id": clock.service_id,
        "in_figures": engine.counts(clock, client_id),
        "agreement_version_id": clock.terms.agreement_version_id,
        "calendar_version_id": clock.terms.calendar_version_id,
        "priority": str(clock.priority),
        "budget": clock.budget,
        "spent_before": clock.spent_before,
        "used": clock.used,
        "started_at": clock.started_at,
        "state": str(clock.state),
        "running_since": clock.running_since,
        "paused_since": clock.paused_since,
        "due_at": clock.due_at,
        "next_check_at": clock.next_check_at,
        "warned": clock.warned,
        "escalated": clock.escalated,
        "breached_at": clock.breached_at,
        "cause": str(clock.cause or ""),
        "stopped_at": clock.stopped_at,
        "voided_at": clock.voided_at,
        "decided_at": clock.decided_at,
    }


def course_columns(course: engine.Course, last_event_id: int) -> dict[str, Any]:
    """The course as columns, without its clocks."""
    holding = course.holding
    return {
        "last_event_id": last_event_id,
        "stands": str(course.stands),
        "before_work": course.before_work,
        "priority": str(course.priority),
        "client_id": course.client_id,
        "holder_id": course.holder_id,
        "service_id": course.service_id,
        "arrived_at": course.arrived_at,
        "accountable_since": course.accountable_since,
        "promise_version_id": course.promise.agreement_version_id,
        "promise_calendar_id": course.promise.calendar_version_id,
        "holding_version_id": None if holding is None else holding.agreement_version_id,
        "holding_calendar_id": None if holding is None else holding.calendar_version_id,
        "untouched_by": course.untouched_by,
        "untouched_since": course.untouched_since,
        "untouched_for": course.untouched_for,
        "take_back_at": course.take_back_at,
        "raise_to": course.raise_to,
    }


def request_columns(course: engine.Course) -> dict[str, Any]:
    """What lists read of the promises, on the request itself."""
    if course.stands == Category.FINAL or not course.has_open_promise:
        due_at, queue_at = None, NOTHING_DUE
    else:
        due_at = course.due_at
        queue_at = due_at or STANDING_STILL
    return {"due_at": due_at, "queue_at": queue_at, "ever_breached": course.ever_breached}


_UNREAD = object()
"""Stands for what was not fetched; whatever it should be, it differs."""


def change(row: Any, values: dict[str, Any]) -> list[str]:
    """Set what differs; the names of the columns that did."""
    held = row.__dict__
    changed = [name for name, value in values.items() if held.get(name, _UNREAD) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed


def _write_clocks(known: Collection[Known], noticed_at: datetime) -> None:
    new: list[Clock] = []
    changed: list[tuple[Clock, list[str]]] = []
    counted: list[int] = []
    for one in known:
        if one.course is None:
            continue
        untouched = one.untouched()
        for clock in one.course.clocks:
            row = one.clocks.get(clock.key)
            if id(clock) in untouched and row is not None and not row.failures:
                continue
            values = clock_columns(clock, one.course.client_id)
            if clock.breached_at is None:
                values["noticed_at"] = None
            elif row is None or row.noticed_at is None:
                values["noticed_at"] = noticed_at
            if row is None:
                metric, cycle, sequence = clock.key
                row = Clock(
                    service_request=one.service_request,
                    metric=str(metric),
                    cycle=cycle,
                    sequence=sequence,
                    **values,
                )
                one.clocks[clock.key] = row
                new.append(row)
                continue
            was_decided = row.decided_at is not None
            if names := change(row, values | {"failures": 0, "set_aside_until": None}):
                changed.append((row, names))
                if was_decided and not tallied.COUNTED.isdisjoint(names):
                    counted.append(row.pk)
    tallied.TALLY.take_back(counted)
    if new:
        many.insert(new)
    _update(Clock, changed)
    tallied.TALLY.add(
        [row.pk for row in new if row.decided_at is not None]
        + [
            row.pk
            for row, names in changed
            if row.decided_at is not None and not tallied.COUNTED.isdisjoint(names)
        ]
    )


def _write_courses(known: Collection[Known]) -> None:
    new: list[Course] = []
    changed: list[tuple[Course, list[str]]] = []
    for one in known:
        if one.course is None or one.course_is_untouched():
            continue
        values = course_columns(one.course, one.last_event_id)
        if one.row is None:
            one.row = Course(service_request=one.service_request, **values)
            new.append(one.row)
        elif names := change(one.row, values):
            changed.append((one.row, names))
    if new:
        many.insert(new)
    _update(Course, changed)


def _write_requests(known: Collection[Known]) -> None:
    changed: list[tuple[ServiceRequest, list[str]]] = []
    for one in known:
        if one.course is None:
            continue
        if names := change(one.service_request, request_columns(one.course)):
            changed.append((one.service_request, names))
    _update(ServiceRequest, changed)


def _update(model: type[Model], changed: list[tuple[Any, list[str]]]) -> None:
    """One update each for a few rows, one for all of many."""
    if len(changed) > ONE_BY_ONE:
        names = sorted({name for _, some in changed for name in some})
        many.update([row for row, _ in changed], names)
        return
    for row, names in changed:
        values = {name: getattr(row, name) for name in names}
        model._default_manager.filter(pk=row.pk).update(**values)


def _event(known: Known, finding: engine.Finding, via: Via) -> Event:
    clock = known.clocks[finding.clock]
    stamp = int(finding.at.timestamp() * 1_000_000)
    about: dict[str, Any] = {
        "clock_id": clock.pk,
        "metric": str(finding.metric),
        "cycle": finding.cycle,
        "sequence": finding.sequence,
    }
    payload: ClockFinding | Escalated
    if finding.kind is engine.Found.ESCALATED:
        assert finding.threshold is not None
        acts = [str(one) for one in finding.acts]
        payload = Escalated(**about, threshold=finding.threshold, acts=acts)
    else:
        payload = ClockFinding(
            **about,
            threshold=finding.threshold,
            cause=None if finding.cause is None else str(finding.cause),
        )
    return timeline.event(
        known.service_request,
        str(finding.kind),
        payload,
        by=None,
        at=finding.at,
        via=via,
        key=_key(finding, stamp),
    )


def _key(finding: engine.Finding, stamp: int) -> str:
    """What can be found once: a breach of a clock, a threshold of one target of it."""
    which = f"{finding.kind}:{finding.metric}:{finding.cycle}:{finding.sequence}"
    if finding.kind is engine.Found.BREACHED:
        return which
    return f"{which}:{finding.threshold}:{stamp}"
