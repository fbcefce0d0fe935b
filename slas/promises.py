"""What pages show of promises: chips, lines, what a service promises, what is at risk.

Nothing here writes. Moments are said in the reader's zone (the active one), which is named where
it is not the provider's.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import get_language

from calendars.models import work_calendars
from calendars.worktime import WORKING_DAY
from catalogue.models import Service
from people.prepared import prepared
from people.translated import Say, gettext, gettext_in
from requests_app.lifecycle import Status
from requests_app.models import ServiceRequest
from slas import engine, store, terms, wording
from slas.agreements import key_of, version_for
from slas.models import Clock, Kind

Face = Literal["provider", "requester"]
ChipState = Literal["on-track", "at-risk", "late", "paused", "met", "missed", "none"]

HORIZON = timedelta(days=14)
"""For how long ahead a page knows the open hours, so that its chips count down by themselves."""


@dataclass(frozen=True, slots=True)
class PromiseChip:
    """One promise as a ring and a few words, with its story."""

    state: ChipState
    percent: int = 0
    """Of the budget used, 0 to 100."""
    words: str = ""
    title: str = ""
    story: str = ""
    due_at: datetime | None = None
    left_seconds: int | None = None
    """Business time left; negative when late; None where nothing runs."""
    budget_seconds: int | None = None
    calendar_id: int | None = None
    """The calendar version, a key of `open_intervals`."""
    warn_percent: int | None = None
    """From here on it is at risk."""
    metric: str = ""


NO_PROMISE = PromiseChip("none")


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """One promise with its name, for the request's own page."""

    metric: str
    label: str
    chip: PromiseChip
    clock: Clock


@dataclass(frozen=True, slots=True)
class Promised:
    """What a service would promise now: business time, and the moments it would be due (UTC)."""

    first_response: timedelta | None
    resolution: timedelta | None
    first_response_due: datetime | None
    resolution_due: datetime | None
    zone: str
    agreed: bool = False
    """It was agreed with the client; else it is what everyone is promised."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a service would promise a department's people, if they asked at that moment."""

    terms: engine.Terms
    agreed: bool
    at: datetime

    def promised(self, priority: str) -> Promised:
        """The same at a priority; no query."""
        said, at = self.terms, self.at
        first = said.budget(engine.Metric.FIRST_RESPONSE, priority)
        resolution = said.budget(engine.Metric.RESOLUTION, priority)
        return Promised(
            first_response=first,
            resolution=resolution,
            first_response_due=None if first is None else said.calendar.due(at, first),
            resolution_due=None if resolution is None else said.calendar.due(at, resolution),
            zone=said.calendar.zone,
            agreed=self.agreed,
        )


def chips(
    service_requests: Collection[ServiceRequest], now: datetime, *, face: Face = "provider"
) -> dict[int, PromiseChip]:
    """The chip of each request, by its id: one query for all of a page.

    The provider sees what is due next; the requester, when it will be ready.
    """
    known, reader = _values(service_requests), _reader(now)
    return {
        one.pk: _chip_of_request(one, known.get(one.pk, []), now, face, reader)
        for one in service_requests
    }


def promise_lines(
    service_request: ServiceRequest, now: datetime, face: Face = "provider"
) -> list[PromiseLine]:
    """The promises of one request, each with its chip; the provider also sees its own time."""
    latest = {
        clock.metric: (clock, value)
        for clock, value in _clocks([service_request]).get(service_request.pk, [])
    }
    lines = []
    for metric in (*engine.PROMISES, engine.Metric.HOLDING):
        if metric not in latest or (metric == engine.Metric.HOLDING and face == "requester"):
            continue
        row, value = latest[metric]
        chip = _Chip(service_request, value, now, face, _reader(now)).chip()
        lines.append(PromiseLine(str(metric), _label(metric), chip, row))
    return lines


def open_intervals(
    calendar_version_ids: Iterable[int | None], now: datetime
) -> dict[int, list[list[int]]]:
    """The open time of the next 14 days by calendar version, in milliseconds since 1970."""
    ids = {pk for pk in calendar_version_ids if pk is not None}
    return {
        pk: [
            [int(opens.timestamp() * 1000), int(closes.timestamp() * 1000)]
            for opens, closes in calendar.intervals(now, now + HORIZON)
        ]
        for pk, calendar in sorted(work_calendars(ids).items())
    }


def offer(service: Service, client_department_id: int, at: datetime) -> Offer:
    """What the service would promise the department's people at that moment; two queries."""
    version = version_for(service.department_id, client_department_id, service.pk, at)
    return Offer(terms.get(key_of(version)), version.agreement.kind == Kind.AGREEMENT, at)


def at_risk(service_requests: QuerySet[ServiceRequest], now: datetime) -> QuerySet[ServiceRequest]:
    """Those with a promise past its first threshold, or late, and still open."""
    of_request = Clock.objects.promises().filter(service_request=OuterRef("pk"))
    running_late = Q(breached_at__isnull=False) | Q(due_at__lt=now)
    near = Q(state=engine.State.RUNNING) & (Q(warned__gt=0) | Q(next_check_at__lte=now))
    # Not by EXISTS: a list shows the first of them, and PostgreSQL would look for all.
    one = Subquery(of_request.open().filter(running_late | near).values("pk")[:1])
    return service_requests.alias(_at_risk=one).filter(_at_risk__isnull=False)


# Which clock


def _clocks(
    service_requests: Iterable[ServiceRequest],
) -> dict[int, list[tuple[Clock, engine.Clock]]]:
    rows = _rows_of([one.pk for one in service_requests])
    found = terms.load({(row.agreement_version_id, row.calendar_version_id) for row in rows})
    known: dict[int, list[tuple[Clock, engine.Clock]]] = {}
    for row in rows:
        value = store.value_of(row, found[row.agreement_version_id, row.calendar_version_id])
        known.setdefault(row.service_request_id, []).append((row, value))
    return known


@prepared
def _rows_of(service_request_ids: Collection[int]) -> QuerySet[Clock]:
    found = Clock.objects.filter(_SHOWN, service_request__among=service_request_ids)
    found = found.select_related("agreement_version__agreement")
    return found.order_by("cycle", "sequence", "id")


_SHOWN = ~Q(metric__in=engine.TALK) | Q(state__in=engine.OPEN)
"""Of replies and updates only those that are waited for: a long conversation has dozens."""


_COLUMNS = [field.attname for field in Clock._meta.concrete_fields]
_Columns: Any = cast("Any", namedtuple)("_Columns", _COLUMNS)
"""A row of Clock without the model: a list has hundreds."""


def _values(service_requests: Iterable[ServiceRequest]) -> dict[int, list[engine.Clock]]:
    """The clocks of many requests, as values only; one query."""
    rows = [_Columns(*row) for row in _columns_of([one.pk for one in service_requests])]
    found = terms.load({(row.agreement_version_id, row.calendar_version_id) for row in rows})
    known: dict[int, list[engine.Clock]] = {}
    for row in rows:
        value = store.value_of(row, found[row.agreement_version_id, row.calendar_version_id])
        known.setdefault(row.service_request_id, []).append(value)
    return known


@prepared
def _columns_of(service_request_ids: Collection[int]) -> QuerySet[Clock, tuple[Any, ...]]:
    found = Clock.objects.filter(_SHOWN, service_request__among=service_request_ids)
    return found.order_by("cycle", "sequence", "id").values_list(*_COLUMNS)


def _chip_of_request(
    service_request: ServiceRequest,
    clocks: Sequence[engine.Clock],
    now: datetime,
    face: Face,
    reader: _Reader,
) -> PromiseChip:
    promises = [value for value in clocks if value.metric in engine.PROMISES]
    shown = _ready(promises) if face == "requester" else _next(promises)
    return NO_PROMISE if shown is None else _Chip(service_request, shown, now, face, reader).chip()


def _ready(promises: Sequence[engine.Clock]) -> engine.Clock | None:
    found = [clock for clock in promises if clock.metric == engine.Metric.RESOLUTION]
    return found[-1] if found else None


def _next(promises: Sequence[engine.Clock]) -> engine.Clock | None:
    """What is due next; else what stands still; else how it ended."""
    live = [clock for clock in promises if clock.is_open]
    due = [clock for clock in live if clock.due_at is not None]
    if due:
        return min(due, key=lambda clock: clock.due_at or clock.started_at)
    return _ready(live) or (live[-1] if live else _ready(promises))


# What it says


def _label(metric: str) -> str:
    return {
        engine.Metric.FIRST_RESPONSE: gettext("First answer"),
        engine.Metric.NEXT_REPLY: gettext("Next answer"),
        engine.Metric.UPDATE: gettext("News"),
        engine.Metric.RESOLUTION: gettext("Ready"),
        engine.Metric.HOLDING: gettext("With us"),
    }[engine.Metric(metric)]


@dataclass(frozen=True, slots=True)
class _Reader:
    """For whom it is said: a page asks once, and says hundreds of words."""

    gettext: Say
    language: str | None
    zone: ZoneInfo
    now: datetime
    """Local."""


def _reader(now: datetime) -> _Reader:
    current = timezone.get_current_timezone()
    zone = current if isinstance(current, ZoneInfo) else ZoneInfo("UTC")
    language = get_language()
    return _Reader(gettext_in(language), language, zone, now.astimezone(zone))


@dataclass(slots=True)
class _Chip:
    """The words of one clock for one face, at one moment."""

    service_request: ServiceRequest
    clock: engine.Clock
    now: datetime
    face: Face
    reader: _Reader

    def chip(self) -> PromiseChip:
        self.clock, _ = self.clock.settled(self.now)
        clock, state = self.clock, self._state()
        if state == "none":
            return NO_PROMISE
        left = self._left(state)
        return PromiseChip(
            state=state,
            percent=self._percent(state),
            words=self._words(state, left),
            title=self._title(state),
            story=" ".join(part for part in self._story(state) if part),
            due_at=clock.due_at,
            left_seconds=None if left is None else int(left.total_seconds()),
            budget_seconds=int(clock.budget.total_seconds()),
            calendar_id=clock.terms.calendar_version_id,
            warn_percent=min(clock.terms.thresholds[clock.priority], default=None),
            metric=str(clock.metric),
        )

    def _state(self) -> ChipState:
        clock = self.clock
        if clock.breached_at is not None:
            return "late" if clock.is_open else "missed"
        if clock.state is engine.State.STOPPED:
            return "met"
        if clock.state is engine.State.VOID:
            return "none"
        if clock.state is engine.State.PAUSED:
            return "paused"
        return "at-risk" if clock.warned else "on-track"

    def _percent(self, state: ChipState) -> int:
        if state in ("late", "met", "missed"):
            return 100
        return max(0, min(100, int(self._used() * 100 / self.clock.budget)))

    def _used(self) -> timedelta:
        return self.clock.used_at(self.now) if self.clock.is_open else self.clock.used

    def _left(self, state: ChipState) -> timedelta | None:
        """Business time left, or since it was due (negative)."""
        clock, calendar = self.clock, self.clock.terms.calendar
        if state in ("late", "missed"):
            assert clock.due_at is not None
            return -calendar.elapsed(clock.due_at, clock.stopped_at or clock.voided_at or self.now)
        if state == "met":
            return None
        return max(engine.NOTHING, clock.budget - self._used())

    def _words(self, state: ChipState, left: timedelta | None) -> str:
        if state == "met" or left is None:
            return (
                self.reader.gettext("in time")
                if self.face == "requester"
                else self.reader.gettext("met")
            )
        time = {"time": self._length(left)}
        if state == "late":
            return (
                self.reader.gettext("late")
                if -left < wording.MINUTE
                else self.reader.gettext("late by %(time)s") % time
            )
        if state == "missed":
            return self.reader.gettext("was late by %(time)s") % time
        if state == "paused":
            return self.reader.gettext("paused, %(time)s left") % time
        if self.face == "requester" and self.clock.due_at is not None:
            return self.reader.gettext("due %(moment)s") % {
                "moment": self._moment(self.clock.due_at)
            }
        if left <= WORKING_DAY and (due := self._due_another_day()) is not None:
            # Without the zone's name: a list has no room for it, and the title bears it.
            return self.reader.gettext("due %(moment)s") % {"moment": self._moment_here(due)}
        return self.reader.gettext("%(time)s left") % time

    def _due_another_day(self) -> datetime | None:
        """When it is due, if not today: then the minutes that are left are not those of a clock."""
        due, zone = self.clock.due_at, self.reader.zone
        if due is None or due.astimezone(zone).date() <= self.now.astimezone(zone).date():
            return None
        return due

    def _title(self, state: ChipState) -> str:
        clock = self.clock
        if state == "paused":
            return self._standing_title()
        if state in ("met", "missed"):
            ended = clock.stopped_at or clock.voided_at
            return self._ended(ended) if ended else ""
        assert clock.due_at is not None
        at = {"moment": self._moment(clock.due_at)}
        if state == "late":
            return self.reader.gettext("Was due %(moment)s") % at
        if self.face == "provider":
            return self.reader.gettext("Due %(moment)s") % at
        if clock.metric == engine.Metric.FIRST_RESPONSE:
            return self.reader.gettext("First answer by %(moment)s") % at
        if clock.metric == engine.Metric.NEXT_REPLY:
            return self.reader.gettext("Next answer by %(moment)s") % at
        if clock.metric == engine.Metric.UPDATE:
            return self.reader.gettext("News by %(moment)s") % at
        return self.reader.gettext("Ready by %(moment)s") % at

    def _ended(self, at: datetime) -> str:
        given = {"moment": self._moment(at)}
        if self.clock.state is engine.State.VOID:
            return self.reader.gettext("Ended %(moment)s") % given
        if self.clock.metric in (engine.Metric.FIRST_RESPONSE, *engine.TALK):
            return self.reader.gettext("Answered %(moment)s") % given
        if self.clock.metric == engine.Metric.HOLDING:
            return self.reader.gettext("Done here %(moment)s") % given
        return self.reader.gettext("Ready %(moment)s") % given

    def _standing_title(self) -> str:
        given = {"moment": self._day(self.clock.paused_since or self.now)}
        if self.face == "requester":
            return self.reader.gettext("The clock stands still")
        match self.service_request.status:
            case Status.WAITING_REQUESTER:
                return self.reader.gettext("Waiting for the requester since %(moment)s") % given
            case Status.WAITING_THIRD_PARTY:
                vendor = self.service_request.third_party or self.reader.gettext("someone outside")
                return self.reader.gettext("Waiting for %(name)s since %(moment)s") % {
                    "name": vendor,
                    **given,
                }
            case Status.AWAITING_APPROVAL:
                return self.reader.gettext("Waiting for approval since %(moment)s") % given
        return self.reader.gettext("The clock stands still")

    def _story(self, state: ChipState) -> list[str]:
        if state == "paused":
            return [self._goes_on_when(), self._within()]
        return [self._within(), self._stood_still(), self._margin(state)]

    def _goes_on_when(self) -> str:
        mine = self.face == "requester"
        match self.service_request.status:
            case Status.WAITING_REQUESTER:
                goes_on = (
                    self.reader.gettext("It goes on as soon as you answer.")
                    if mine
                    else self.reader.gettext("The clock goes on with the answer.")
                )
            case Status.WAITING_THIRD_PARTY:
                goes_on = self.reader.gettext("The clock goes on when the work does.")
            case _:
                goes_on = self.reader.gettext("The clock goes on when that is decided.")
        again = self.service_request.look_again_on
        if again is None or mine:
            return goes_on
        at = datetime(again.year, again.month, again.day, tzinfo=self.reader.zone)
        look = self.reader.gettext("Look again %(day)s.") % {"day": self._day(at)}
        return f"{goes_on} {look}"

    def _within(self) -> str:
        given = {
            "budget": wording.budget(self.clock.budget, self.reader.language),
            "place": wording.city(self.clock.terms.calendar.zone),
        }
        if self.clock.metric == engine.Metric.FIRST_RESPONSE:
            return self.reader.gettext("First answer within %(budget)s, %(place)s hours.") % given
        if self.clock.metric == engine.Metric.NEXT_REPLY:
            return self.reader.gettext("Next answer within %(budget)s, %(place)s hours.") % given
        if self.clock.metric == engine.Metric.UPDATE:
            return self.reader.gettext("News within %(budget)s, %(place)s hours.") % given
        if self.clock.metric == engine.Metric.HOLDING:
            return self.reader.gettext("Done here within %(budget)s, %(place)s hours.") % given
        if self.clock.cycle > 1:
            return self.reader.gettext("Ready again within %(budget)s, %(place)s hours.") % given
        return self.reader.gettext("Ready within %(budget)s, %(place)s hours.") % given

    def _stood_still(self) -> str:
        """Working time that passed on the wall and not on the clock."""
        clock = self.clock
        end = clock.stopped_at or clock.voided_at or self.now
        still = clock.terms.calendar.elapsed(clock.started_at, end) - self._used()
        if still < wording.MINUTE:
            return ""
        return self.reader.gettext("The clock stood still for %(time)s.") % {
            "time": self._length(still)
        }

    def _margin(self, state: ChipState) -> str:
        clock = self.clock
        if clock.due_at is None or clock.stopped_at is None:
            return ""
        calendar = clock.terms.calendar
        if state == "met":
            early = calendar.elapsed(clock.stopped_at, clock.due_at)
            if early < wording.MINUTE:
                return self.reader.gettext("Just when it was due.")
            time = {"time": self._length(early)}
            return self.reader.gettext("That was %(time)s before it was due.") % time
        late = {"time": self._length(calendar.elapsed(clock.due_at, clock.stopped_at))}
        return self.reader.gettext("That was %(time)s after it was due.") % late

    # Lengths, and moments in the reader's zone

    def _length(self, time: timedelta) -> str:
        return wording.duration(time, self.reader.language)

    def _moment(self, at: datetime) -> str:
        words, local = self._moment_here(at), at.astimezone(self.reader.zone)
        theirs = at.astimezone(ZoneInfo(self.clock.terms.calendar.zone))
        return words if local.utcoffset() == theirs.utcoffset() else f"{words} {local.tzname()}"

    def _moment_here(self, at: datetime) -> str:
        reader = self.reader
        local = at.astimezone(reader.zone)
        return wording.moment(local, reader.now, inside=True, language=reader.language)

    def _day(self, at: datetime) -> str:
        reader = self.reader
        local = at.astimezone(reader.zone)
        return wording.day(local, reader.now, inside=True, language=reader.language)
