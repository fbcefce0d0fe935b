"""What applying a change would do to open requests, told without writing anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from requests_app.models import ServiceRequest
from slas import store
from slas.reapply.changes import pages, requests_that_go_by
from slas.reapply.rules import Change, Outcome, outcome

MOST = 5_000
"""So many requests are looked at for a page; the rest is said to be more."""

PAGE = 500


@dataclass(frozen=True, slots=True)
class Line:
    """A request that would move."""

    service_request_id: int
    outcome: Outcome


@dataclass(slots=True)
class Preview:
    """How many requests go by it, and what would become of them."""

    requests: int = 0
    """That go by it: looked at."""
    more: bool = False
    """There are more than were looked at."""
    earlier: int = 0
    later: int = 0
    late: int = 0
    """Past due at once; counted among the earlier ones, too."""
    never: int = 0
    """For which these hours leave too little time: the change cannot hold for them."""
    lines: list[Line] = field(default_factory=list)
    """Those that move, what is due first on top."""

    @property
    def moved(self) -> int:
        """How many are due at another time."""
        return self.earlier + self.later

    @property
    def same(self) -> int:
        """How many are due as before, or stand still."""
        return self.requests - self.moved - self.never

    @property
    def most_earlier(self) -> Line | None:
        """Which would be due earlier by most."""
        some = [line for line in self.lines if line.outcome.is_earlier]
        return min(some, key=lambda line: line.outcome.largest, default=None)

    @property
    def most_later(self) -> Line | None:
        """Which would be due later by most."""
        some = [line for line in self.lines if line.outcome.is_later]
        return max(some, key=lambda line: line.outcome.largest, default=None)

    def add(self, service_request: ServiceRequest, found: Outcome) -> None:
        """Count one request."""
        if not found.is_touched:
            return
        self.requests += 1
        self.earlier += found.is_earlier
        self.later += found.is_later
        self.late += found.is_late
        self.never += found.never
        if found.moves:
            self.lines.append(Line(service_request.pk, found))


def preview(change: Change, now: datetime, *, most: int = MOST) -> Preview:
    """Look at the open requests that go by it, at most so many; three queries for every 500."""
    told, looked = Preview(), 0
    for page in pages(requests_that_go_by(change), PAGE):
        if looked >= most:
            told.more = True
            break
        looked += len(page)
        known = store.load(page)
        for one in page:
            course = known[one.pk].course
            if course is not None:
                told.add(one, outcome(course, change, one.dated(now)))
    told.lines.sort(key=_first)
    return told


def _first(line: Line) -> tuple[datetime, int]:
    move = line.outcome.first
    assert move is not None
    return move.after or move.before, line.service_request_id
