"""Figures counted by hand from the events, one request at a time, sharing no code with them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from feedback.models import Invitation
from requests_app.models import Event
from slas import engine, replay

ZONE = ZoneInfo("Europe/Dublin")
HALF_A_DAY = timedelta(hours=12)
OPENS, CLOSES = ("submitted", "reopened"), ("resolved", "cancelled", "declined")

Key = tuple[str, str, date, int, int]
"""Grain, cut, period, department, value."""


@dataclass
class Place:
    """Where a request is, as its events tell it."""

    provider: int
    service: int
    team: int
    client: int
    priority: str
    asked: datetime
    assignee: int | None = None
    stands: str = "open"
    since: datetime | None = None
    went: list[tuple[str, int, timedelta]] = field(default_factory=list)
    """Since it was opened last: who had it, in which department, how long."""

    def passes(self, until: datetime) -> None:
        """Time goes by."""
        if self.since is not None:
            holder = self.stands
            if holder == "open":
                holder = "owned" if self.assignee is not None else "unowned"
            if holder != "over":
                self.went.append((holder, self.provider, until - self.since))
        self.since = until


@dataclass
class Counted:
    """What came of all events."""

    flow: dict[str, Counter[Key]] = field(default_factory=lambda: defaultdict(Counter))
    held: dict[str, dict[Key, timedelta]] = field(default_factory=lambda: defaultdict(dict))
    open_spans: list[tuple[datetime, datetime | None, Place]] = field(default_factory=list)
    """From when to when something was open, and where."""


def usual(
    since: datetime, until: datetime
) -> tuple[Counter[tuple[str, int]], dict[tuple[str, int], list[timedelta]]]:
    """By department and by service: what was asked for in [since, until), and how long it took
    until what was done in it.

    What was reopened in that time was not done.
    """
    asked: Counter[tuple[str, int]] = Counter()
    by_request: dict[int, list[Event]] = defaultdict(list)
    for event in Event.objects.filter(at__lt=until).order_by("pk"):
        by_request[event.service_request_id].append(event)
    found: dict[tuple[str, int], list[timedelta]] = defaultdict(list)
    for events in by_request.values():
        provider, service = events[0].payload["provider_id"], events[0].payload["service_id"]
        if events[0].at >= since:
            asked.update([("department", provider), ("service", service)])
        done: tuple[datetime, int, int] | None = None
        for event in events:
            if event.kind == "transferred":
                provider, service = event.payload["to_provider_id"], event.payload["to_service_id"]
            elif event.kind == "resolved":
                done = event.at, provider, service
            elif event.kind == "reopened":
                done = None
        if done and done[0] >= since:
            found["department", done[1]].append(done[0] - events[0].at)
            found["service", done[2]].append(done[0] - events[0].at)
    return asked, found


def percentile(lengths: list[timedelta], share: float) -> timedelta:
    """Between the two that lie nearest, as PostgreSQL does it."""
    ordered, place = sorted(lengths), share * (len(lengths) - 1)
    low = ordered[int(place)]
    high = ordered[min(int(place) + 1, len(ordered) - 1)]
    return low + (high - low) * (place - int(place))


def local(at: datetime) -> date:
    return at.astimezone(ZONE).date()


def periods(at: datetime) -> list[tuple[str, date]]:
    """The day and the month."""
    return [("day", local(at)), ("month", local(at).replace(day=1))]


def cuts(place: Place) -> list[tuple[str, int]]:
    return [
        ("whole", 0), ("service", place.service), ("client", place.client),
        ("priority", int(place.priority[1])),
    ]  # fmt: skip


def count(until: datetime) -> Counted:
    """All events up to a moment."""
    counted = Counted()
    by_request: dict[int, list[Event]] = defaultdict(list)
    for event in Event.objects.filter(at__lte=until).order_by("pk"):
        if not event.is_finding:
            by_request[event.service_request_id].append(event)
    for events in by_request.values():
        _count_request(events, counted)
    return counted


def _count_request(events: list[Event], counted: Counted) -> None:  # noqa: C901  # one story
    first = events[0].payload
    place = Place(
        first["provider_id"], first["service_id"], first["team_id"], first["client_id"],
        first["priority"], events[0].at,
    )  # fmt: skip
    opened: datetime | None = None

    def add(what: str, at: datetime, n: int = 1) -> None:
        for grain, period in periods(at):
            for cut, value in cuts(place):
                counted.flow[what][grain, cut, period, place.provider, value] += n

    def leave(at: datetime) -> None:
        nonlocal opened
        add("change", at, -1)
        assert opened is not None
        counted.open_spans.append((opened, at, _copy(place)))
        opened = None

    def come(at: datetime) -> None:
        nonlocal opened
        add("change", at)
        opened = at

    for event in events:
        kind, data, at = event.kind, event.payload, event.at
        place.passes(at)
        if kind in OPENS:
            place.stands, place.went = "open", []
            add({"submitted": "asked", "reopened": "reopened"}[kind], at)
            come(at)
        elif kind in CLOSES:
            add(kind, at)
            if kind == "resolved":
                _add_held(counted, place, at)
            leave(at)
            place.stands = "over"
        elif kind == "transferred":
            if (data["to_provider_id"], data["team_id"]) != (place.provider, place.team):
                add("transfers", at)
            leave(at)
            if data["team_id"] != place.team:
                place.assignee = None
            place.provider, place.service = data["to_provider_id"], data["to_service_id"]
            place.team = data["team_id"]
            come(at)
        elif kind == "prioritised":
            if data["priority"] != place.priority:
                leave(at)
                place.priority = data["priority"]
                come(at)
        elif kind in ("taken", "assigned"):
            place.assignee = data.get("assignee_id")
        elif kind == "released":
            place.assignee = None
        elif kind in ("asked", "held", "approval_asked"):
            place.stands = {"asked": "client", "held": "third_party"}.get(kind, "approval")
        elif kind in ("answered", "resumed", "approval_decided"):
            place.stands = "open"
    if opened is not None:
        counted.open_spans.append((opened, None, _copy(place)))


def _copy(place: Place) -> Place:
    return Place(
        place.provider, place.service, place.team, place.client, place.priority, place.asked
    )


def _add_held(counted: Counted, place: Place, at: datetime) -> None:
    for holder, department, took in place.went:
        name = holder
        if holder == "owned":
            name = "provider" if department == place.provider else "others"
        for grain, period in periods(at):
            for cut, value in cuts(place):
                key = (grain, cut, period, place.provider, value)
                held = counted.held[name]
                held[key] = held.get(key, timedelta(0)) + took


@dataclass
class Verdict:
    """A promise as the deeds alone decide it."""

    clock: engine.Clock
    client: int
    service: int

    @property
    def cuts(self) -> list[tuple[str, int]]:
        return [
            ("whole", 0), ("service", self.service), ("client", self.client),
            ("priority", int(self.clock.priority[1])),
        ]  # fmt: skip


def decided(until: datetime, metric: str) -> dict[str, Counter[Key]]:
    """How many clocks were met, were missed, ended; how long those took is in `took`."""
    found: dict[str, Counter[Key]] = defaultdict(Counter)
    for one in verdicts(until):
        clock = one.clock
        if clock.metric != metric:
            continue
        if clock.decided_at is not None:
            what = "met" if clock.breached_at is None else "missed"
            _add(found[what], one, clock.decided_at)
        if clock.stopped_at is not None:
            _add(found["ended"], one, clock.stopped_at)
    return found


def _add(counter: Counter[Key], one: Verdict, at: datetime) -> None:
    for grain, period in periods(at):
        for cut, value in one.cuts:
            counter[grain, cut, period, one.clock.department_id, value] += 1
    asked = one.clock.started_at.astimezone(ZONE)
    week = asked.weekday() * 24 + asked.hour
    counter["month", "asked", local(at).replace(day=1), one.clock.department_id, week] += 1


def verdicts(until: datetime) -> list[Verdict]:
    """All clocks, replayed from the deeds; those of a department's own requests not."""
    found = []
    ids = sorted(set(Event.objects.values_list("service_request_id", flat=True)))
    for pk, one in replay.replay(ids).items():
        assert one.course is not None
        course, _findings = engine.settle(one.course, until)
        found += [
            Verdict(clock, course.client_id, _service(pk, clock))
            for clock in course.clocks
            if clock.department_id != course.client_id
        ]
    return found


def _service(request: int, clock: engine.Clock) -> int:
    """What was asked for when it was decided; of a misdirected one, where it was handed to."""
    moves = [
        (event.at, event.payload.get("to_provider_id", event.payload.get("provider_id")),
         event.payload.get("to_service_id", event.payload.get("service_id")))
        for event in Event.objects.filter(
            service_request=request, kind__in=["submitted", "transferred"]
        ).order_by("pk")
    ]  # fmt: skip
    moment = clock.decided_at or clock.voided_at
    before = [move for move in moves if moment is None or move[0] <= moment]
    if clock.metric == "holding" or before[-1][1] == clock.department_id:
        if clock.metric == "holding" and before[-1][1] != clock.department_id:
            before = [move for move in before if move[1] == clock.department_id]
        service: int = before[-1][2]
        return service
    later = [move for move in moves if moment is not None and move[0] > moment]
    return _first(move[2] for move in later if move[1] == clock.department_id)


def _first(services: Iterator[int]) -> int:
    return next(services)


def answers(until: datetime) -> dict[str, Counter[Key]]:  # noqa: C901  # one story
    """How many answers, satisfied, invited, answered."""
    found: dict[str, Counter[Key]] = defaultdict(Counter)
    said: dict[int, list[Event]] = defaultdict(list)
    for event in Event.objects.filter(kind="rated").order_by("pk"):
        said[event.payload["rating_id"]].append(event)
    unnamed: dict[int, list[tuple[datetime, int, int]]] = defaultdict(list)

    def add(what: str, at: datetime, department: int, cut: str, value: int, n: int = 1) -> None:
        if at <= until:
            for grain, period in periods(at):
                found[what][grain, cut, period, department, value] += n

    for one in Invitation.objects.select_related("rating").order_by("pk"):
        department = one.provider_department_id
        events = said[one.rating.pk] if hasattr(one, "rating") else []
        if one.invited_at is None or (one.withdrawn_at and one.withdrawn_at < one.expires_at):
            continue
        known = events[0].at + HALF_A_DAY if events else one.expires_at
        add("invited", known, department, "whole", 0)
        if not events:
            continue
        add("answered", known, department, "whole", 0)
        score, named = events[-1].payload["score"], events[-1].actor_id is not None
        if not named:
            unnamed[department].append((events[0].at, one.pk, score))
            continue
        for cut, value in [
            ("whole", 0), ("service", one.service_id), ("client", one.client_department_id),
        ]:  # fmt: skip
            add("answers", known, department, cut, value)
            add("satisfied", known, department, cut, value, int(score >= 4))
    for department, given in unnamed.items():
        waiting = sorted(one for one in given if one[0] + HALF_A_DAY <= until)
        for start in range(0, len(waiting) - 4, 5):
            block = waiting[start : start + 5]
            at = block[-1][0] + HALF_A_DAY
            for _at, _pk, score in block:
                add("answers", at, department, "whole", 0)
                add("satisfied", at, department, "whole", 0, int(score >= 4))
    return found
