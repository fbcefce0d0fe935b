"""What a changed calendar or agreement does to one open request. Pure, no Django.

A request whose promises go by an earlier version goes by the newer one from then on, which acts
like a new target: same start, time used and pauses kept, decided clocks as they were judged.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from calendars.worktime import CalendarNeverOpens, WorkCalendar
from slas import engine

NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Named:
    """The terms that a request would go by from now on; None: as before."""

    promise: engine.Terms | None = None
    holding: engine.Terms | None = None

    def __bool__(self) -> bool:
        return self.promise is not None or self.holding is not None


class Change(Protocol):
    """What has changed."""

    @property
    def kind(self) -> str:
        """The kind of event that says so."""

    def named(self, course: engine.Course) -> Named:
        """The terms that it gives a request; none where the request does not go by it."""


@dataclass(frozen=True, slots=True)
class NewHours:
    """A calendar says something else: whatever goes by an earlier version of it is touched."""

    earlier: frozenset[int]
    """Ids of the versions that give way."""
    version_id: int
    """The newest; 0 while it is only thought of."""
    calendar: WorkCalendar

    @property
    def kind(self) -> str:
        """The kind of event that says so."""
        return "calendar_changed"

    def named(self, course: engine.Course) -> Named:
        """The same agreement, by the new hours."""
        return Named(self._of(course.promise), self._of(course.holding))

    def _of(self, terms: engine.Terms | None) -> engine.Terms | None:
        if terms is None or terms.calendar_version_id not in self.earlier:
            return None
        return replace(terms, calendar_version_id=self.version_id, calendar=self.calendar)


@dataclass(frozen=True, slots=True)
class NewVersion:
    """An agreement has a newer version, which a lead wants to hold for open requests, too."""

    terms: engine.Terms
    gives_way: frozenset[int]
    """Ids of the agreement versions in whose place it comes."""
    clients: frozenset[int] | None = None
    """The departments that it is for; None: all."""
    services: frozenset[int] | None = None
    for_holding: bool = True
    """Whether the receiving department's own time goes by it, too: a standard, that is."""

    @property
    def kind(self) -> str:
        """The kind of event that says so."""
        return "agreement_changed"

    def named(self, course: engine.Course) -> Named:
        """The new version, for what it covers."""
        holding = self.for_holding and self._is_earlier(course.holding)
        return Named(
            self.terms if self._is_earlier(course.promise) and self._covers(course) else None,
            self.terms if holding else None,
        )

    def _is_earlier(self, terms: engine.Terms | None) -> bool:
        return terms is not None and terms.agreement_version_id in self.gives_way

    def _covers(self, course: engine.Course) -> bool:
        return _within(course.client_id, self.clients) and _within(course.service_id, self.services)


def _within(one: int, some: Collection[int] | None) -> bool:
    return some is None or one in some


@dataclass(frozen=True, slots=True)
class Move:
    """One promise, and when it is due before and after."""

    metric: str
    before: datetime
    after: datetime | None
    """None: nothing is promised any more."""
    is_late: bool = False
    """It is past due at once."""

    @property
    def shift(self) -> timedelta:
        """By how much later it is due on the wall; negative: earlier; nothing where it ends."""
        return NOTHING if self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one request."""

    named: Named
    moves: tuple[Move, ...] = ()
    never: bool = field(default=False)
    """There is not so much time left in these hours as it was promised: they cannot hold."""

    @property
    def is_touched(self) -> bool:
        """It goes by what has changed, whether something moves or not."""
        return bool(self.named)

    @property
    def is_late(self) -> bool:
        """A promise is past due at once."""
        return any(move.is_late for move in self.moves)

    @property
    def is_earlier(self) -> bool:
        """A promise is due earlier than before."""
        return any(move.shift < NOTHING or move.is_late for move in self.moves)

    @property
    def is_later(self) -> bool:
        """A promise is due later or ends, and none is due earlier."""
        return bool(self.moves) and not self.is_earlier

    @property
    def first(self) -> Move | None:
        """The move by which the request is named in a list: of what is due first afterwards."""
        return min(self.moves, key=lambda move: move.after or move.before, default=None)

    @property
    def largest(self) -> timedelta:
        """How far its promise moves that moves furthest; with its sign."""
        return max((move.shift for move in self.moves), key=abs, default=NOTHING)


def outcome(course: engine.Course, change: Change, at: datetime) -> Outcome:
    """What the change would do to a request at that moment, which is not before its last deed."""
    named = change.named(course)
    if not named:
        return Outcome(named)
    before, _ = engine.settle(course, at)
    deed = engine.Deed(change.kind, at, promise=named.promise, holding=named.holding)
    try:
        after, _ = engine.apply(before, deed)
    except CalendarNeverOpens:
        return Outcome(named, never=True)
    assert after is not None
    clocks = {clock.key: clock for clock in after.clocks}
    moves = [_move(clock, clocks[clock.key]) for clock in before.clocks if clock.is_pending]
    return Outcome(named, tuple(move for move in moves if move is not None))


def _move(before: engine.Clock, after: engine.Clock) -> Move | None:
    """None where it is due as before, or stands still and so is not due."""
    if before.due_at is None:
        return None
    if after.state is engine.State.VOID:
        return Move(before.metric, before.due_at, None)
    assert after.due_at is not None
    if after.breached_at is not None:
        return Move(before.metric, before.due_at, after.due_at, is_late=True)
    if after.due_at == before.due_at:
        return None
    return Move(before.metric, before.due_at, after.due_at)
