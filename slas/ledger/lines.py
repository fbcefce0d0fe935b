"""The ledger of a promise: what moved its clock, line by line. Pure Python, no Django.

The deeds of a request are replayed with `engine.apply`, one by one; what differs before and after
is a line. A deed that moves no clock writes none, so a ledger is as long as its clock was eventful.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from requests_app.lifecycle import Category
from slas import engine
from slas.engine import Clock, Course, Deed, Finding, Found, State

NOTHING = timedelta(0)

Key = tuple[str, int, int]
"""(metric, cycle, sequence): what makes a clock one of its kind on its request."""


class What(StrEnum):
    """What a line says."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    RETARGETED = "retargeted"
    """Other hours, another priority, another service: the same start, a new due time."""
    HANDED_ON = "handed_on"
    """Another department answers for it."""
    WARNED = "warned"
    ESCALATED = "escalated"
    BREACHED = "breached"
    MET = "met"
    ENDED = "ended"
    """Stopped after it was late."""
    VOIDED = "voided"
    """Ended without a verdict."""
    NOW = "now"
    """Where an open clock stands at this moment."""
    DUE = "due"
    """When it falls due if nothing changes: the only line that lies ahead."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A deed, and the event that records it."""

    deed: Deed
    event_id: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what happened when, because of what, and how the clock stood after it."""

    what: What
    at: datetime
    clock: Clock
    """As the line left it; a finding on the way to a deed sees the clock before that deed."""
    used: timedelta
    """Business time used in this cycle, up to the line."""
    stands: Category
    """What the request waited for after it."""
    kind: str = ""
    """Of the deed that caused it; empty: time alone."""
    event_id: int | None = None
    before: Clock | None = None
    """The clock until then, where the line changed its target or who answers for it."""
    threshold: int | None = None
    """Percent of the budget, of a warning or a step of escalation."""
    acts: tuple[str, ...] = ()
    """What a step of escalation does."""

    @property
    def budget(self) -> timedelta:
        """What was promised, after the line."""
        return self.clock.budget

    @property
    def left(self) -> timedelta:
        """What is left of the budget; negative once more was used than promised."""
        return self.clock.budget - self.used

    @property
    def due_at(self) -> datetime | None:
        """When it is due, after the line; None while it stands still in time."""
        return self.clock.due_at

    @property
    def is_late(self) -> bool:
        """Whether the promise is broken by the time of the line."""
        breached_at = self.clock.breached_at
        return breached_at is not None and breached_at <= self.at

    @property
    def late_by(self) -> timedelta:
        """Business time since it was due; zero while it is not late."""
        if not self.is_late or self.clock.due_at is None:
            return NOTHING
        return self.clock.terms.calendar.elapsed(self.clock.due_at, self.at)

    @property
    def runs(self) -> bool:
        """Whether the clock runs from here on."""
        return self.clock.state is State.RUNNING


@dataclass(frozen=True, slots=True)
class Ledger:
    """All lines of one clock, the oldest first."""

    key: Key
    lines: tuple[Line, ...]
    clock: Clock
    """As it stands now."""
    now: datetime

    @property
    def metric(self) -> str:
        """What was promised."""
        return self.key[0]

    @property
    def cycle(self) -> int:
        """1, and one more each time it began anew."""
        return self.key[1]

    @property
    def sequence(self) -> int:
        """1, and one more for each department that received it."""
        return self.key[2]

    @property
    def started_at(self) -> datetime:
        """When the clock began."""
        return self.clock.started_at

    @property
    def ended_at(self) -> datetime | None:
        """When it stopped or ended void; None while it is open."""
        return self.clock.stopped_at or self.clock.voided_at

    @property
    def is_open(self) -> bool:
        """Whether something is still to be kept, late or not."""
        return self.clock.is_open

    def past(self) -> tuple[Line, ...]:
        """The lines up to now, without the one that lies ahead."""
        return tuple(line for line in self.lines if line.what is not What.DUE)

    def pauses(self) -> list[tuple[datetime, datetime, Category]]:
        """The stretches in which it stood still, up to its end or now, and what was waited for."""
        found: list[tuple[datetime, datetime, Category]] = []
        since: datetime | None = None
        stands = Category.OPEN
        for line in self.past():
            still = line.clock.state is State.PAUSED and line.what is not What.NOW
            if since is not None and line.at > since and (not still or line.stands != stands):
                found.append((since, line.at, stands))
            if not still:
                since = None
            elif since is None or line.stands != stands:
                since, stands = line.at, line.stands
        return found


def ledgers(entries: Iterable[Entry], now: datetime) -> list[Ledger]:
    """The ledger of every clock of one request, in the order in which the clocks began.

    `entries` are its deeds in their order, with the terms that they name. `now` is at or after the
    last of them; what falls due up to then stands in the ledger, swept or not.
    """
    books = _Books()
    for entry in entries:
        books.enter(entry)
    return books.closed(now)


AT_HAND = 6
"""So many clocks are replayed at once; of more, those that are over are laid aside."""


class _Books:
    """The lines of all clocks of a request, while its deeds are replayed.

    What is promised again with each message has hundreds of clocks in a long conversation. Those
    that are over, and not the last of their kind, no deed touches any more, but for a request
    handed on as not ours; so they are laid aside until then, or until the books are closed.
    """

    def __init__(self) -> None:
        self.course: Course | None = None
        self.lines: dict[Key, list[Line]] = {}
        self.aside: dict[Key, Clock] = {}

    def enter(self, entry: Entry) -> None:
        """What one deed did; before it, what time had done."""
        deed = entry.deed
        if deed.wrong_department:
            self._take_up()
        if self.course is not None:
            self._settle(deed.at)
        before = self.course
        self.course, findings = engine.apply(before, deed)
        if self.course is None:
            return
        known = {} if before is None else {clock.key: clock for clock in before.clocks}
        for clock in self.course.clocks:
            found = [one for one in findings if _key(one) == clock.key]
            if known.get(clock.key) is not clock or found:
                changed = list(_changes(known.get(clock.key), clock, entry, self.course, found))
                self.lines.setdefault(clock.key, []).extend(changed)
        self._lay_aside()

    def _lay_aside(self) -> None:
        assert self.course is not None
        clocks = self.course.clocks
        if len(clocks) <= AT_HAND:
            return
        last = {clock.metric: clock.key for clock in clocks}
        kept = [one for one in clocks if one.is_open or one.key == last[one.metric]]
        hand = {one.key for one in kept}
        self.aside |= {one.key: one for one in clocks if one.key not in hand}
        self.course = replace(self.course, clocks=tuple(kept))

    def _take_up(self) -> None:
        if self.course is None or not self.aside:
            return
        known = self.aside | {clock.key: clock for clock in self.course.clocks}
        clocks = tuple(known[key] for key in self.lines)
        self.course, self.aside = replace(self.course, clocks=clocks), {}

    def _settle(self, now: datetime) -> None:
        assert self.course is not None
        clocks = {clock.key: clock for clock in self.course.clocks}
        self.course, findings = engine.settle(self.course, now)
        for finding in findings:
            line = _found(finding, clocks[_key(finding)], self.course)
            clocks[_key(finding)] = line.clock
            self.lines[_key(finding)].append(line)

    def closed(self, now: datetime) -> list[Ledger]:
        """The books as they are at `now`."""
        if self.course is None:
            return []
        self._take_up()
        self._settle(now)
        made = []
        for clock in self.course.clocks:
            lines = [*self.lines[clock.key], *_standing(clock, self.course, now)]
            made.append(Ledger(clock.key, tuple(lines), clock, now))
        return made


def _key(finding: Finding) -> Key:
    return finding.metric, finding.cycle, finding.sequence


def _found(finding: Finding, clock: Clock, course: Course) -> Line:
    """What time alone brought about; the clock was running when it did."""
    used = clock.used_at(finding.at)
    late = finding.kind == Found.BREACHED
    return Line(
        _of_finding(finding),
        finding.at,
        replace(clock, breached_at=finding.at, due_at=finding.at) if late else clock,
        used,
        course.stands,
        threshold=finding.threshold,
        acts=tuple(str(one) for one in finding.acts),
    )


def _of_finding(finding: Finding) -> What:
    known = {str(Found.WARNED): What.WARNED, str(Found.BREACHED): What.BREACHED}
    return known.get(str(finding.kind), What.ESCALATED)


def _changes(
    before: Clock | None, clock: Clock, entry: Entry, course: Course, findings: Sequence[Finding]
) -> Iterator[Line]:
    """The lines that a deed writes for one clock, in the order in which they make sense."""
    at = entry.deed.at
    used = clock.used_at(at) if clock.is_open else clock.used

    def line(what: What, finding: Finding | None = None, after: Clock = clock) -> Line:
        changed = what in (What.RETARGETED, What.HANDED_ON)
        return Line(
            what, at, after, used, course.stands, entry.deed.kind, entry.event_id,
            before if changed else None,
            None if finding is None else finding.threshold,
            () if finding is None else tuple(str(one) for one in finding.acts),
        )  # fmt: skip

    if before is None:
        begun = replace(clock, state=State.RUNNING, paused_since=None, running_since=at)
        yield line(What.STARTED, after=begun if clock.state is State.PAUSED else clock)
    elif _target(before) != _target(clock):
        yield line(What.RETARGETED)
    if before is not None and before.department_id != clock.department_id:
        yield line(What.HANDED_ON)
    was = State.RUNNING if before is None else before.state
    if clock.state is State.PAUSED and was is not State.PAUSED:
        yield line(What.PAUSED)
    elif clock.state is State.RUNNING and was is State.PAUSED:
        yield line(What.RESUMED)
    for finding in findings:
        yield line(_of_finding(finding), finding)
    if clock.state is State.STOPPED and was is not State.STOPPED:
        yield line(What.MET if clock.breached_at is None else What.ENDED)
    elif clock.state is State.VOID and was is not State.VOID:
        yield line(What.VOIDED)


def _target(clock: Clock) -> tuple[object, ...]:
    return clock.terms.key, clock.priority, clock.budget


def _standing(clock: Clock, course: Course, now: datetime) -> Iterator[Line]:
    """Where an open clock stands now, and when it falls due if nothing changes."""
    if not clock.is_open:
        return
    yield Line(What.NOW, now, clock, clock.used_at(now), course.stands)
    if clock.state is State.RUNNING and clock.breached_at is None and clock.due_at is not None:
        yield Line(What.DUE, clock.due_at, clock, clock.budget, course.stands)
