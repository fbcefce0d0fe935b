"""The life of one clock as a strip: what was used, where it stood still, now and due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone

from calendars.worktime import WorkCalendar
from people.prepared import prepared
from people.translated import gettext as _
from requests_app.lifecycle import STATUSES, Category, Status
from requests_app.models import Event, ServiceRequest
from servicedesk import wording
from servicedesk.strip import Day, Stretch, Strip
from slas import terms

if TYPE_CHECKING:
    from slas.models import Clock

MOST_EVENTS = 200
MOST_DAYS = 6
_AFTER: dict[str, Status] = {
    "submitted": Status.NEW,
    "taken": Status.IN_PROGRESS,
    "released": Status.NEW,
    "asked": Status.WAITING_REQUESTER,
    "held": Status.WAITING_THIRD_PARTY,
    "answered": Status.IN_PROGRESS,
    "resumed": Status.IN_PROGRESS,
    "approval_asked": Status.AWAITING_APPROVAL,
    "reopened": Status.IN_PROGRESS,
}


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which the clock stood still, and for whom."""

    start: datetime
    end: datetime
    category: Category


@dataclass(frozen=True, slots=True)
class Story:
    """The strip of a clock, and the sentence that says the same."""

    strip: Strip
    words: str


def story(
    service_request: ServiceRequest, clock: Clock, now: datetime, reader_id: int | None = None
) -> Story | None:
    """The life of a clock up to now; one query. None for one that has had no time yet.

    `reader_id` is who reads it: nobody reads of themselves by name.
    """
    said = terms.get((clock.agreement_version_id, clock.calendar_version_id))
    calendar = said.calendar
    stop = clock.stopped_at or clock.voided_at
    until = min(stop or now, now)
    external = said.pauses_for_third_party
    found = pauses(_moves(service_request), clock.started_at, until, external=external)
    end = _end(clock, calendar, until, stop)
    whole = calendar.elapsed(clock.started_at, end)
    if whole <= timedelta(0):
        return None
    drawing = _Drawing(calendar, clock.started_at, end, whole)
    strip = Strip(
        stretches=drawing.stretches(found, until),
        label=_label(clock, found, calendar, end, now),
        end=_end_words(end, now) if end >= until else "",
        now=None if stop else drawing.percent(now),
        due=drawing.percent(clock.due_at) if clock.due_at and clock.due_at < end else None,
        days=drawing.days(),
    )
    return Story(strip, words_of(found, calendar, service_request, reader_id))


def pauses(
    moves: Iterable[tuple[str, datetime]], start: datetime, until: datetime, *, external: bool
) -> list[Pause]:
    """The stretches within [start, until) in which the clock stood still."""
    still = {Category.WAITING_CLIENT, Category.APPROVAL}
    still |= {Category.WAITING_EXTERNAL} if external else set()
    found: list[Pause] = []
    since: datetime | None = None
    category = Category.OPEN
    for kind, at in [*moves, ("", until)]:
        if since is not None and at > since:
            found.append(Pause(max(since, start), min(at, until), category))
        category = STATUSES[_AFTER[kind]].category if kind in _AFTER else Category.OPEN
        since = at if category in still else None
    return [one for one in found if one.end > one.start]


def words_of(
    found: Sequence[Pause],
    calendar: WorkCalendar,
    service_request: ServiceRequest,
    reader_id: int | None = None,
) -> str:
    """Why and for how long the clock stood still, or that it never did."""
    lengths: dict[Category, timedelta] = {}
    for one in found:
        lengths.setdefault(one.category, timedelta(0))
        lengths[one.category] += calendar.elapsed(one.start, one.end)
    said = [
        _reasons(service_request, reader_id)[category] % {"time": wording.duration(length)}
        for category, length in lengths.items()
        if length >= timedelta(minutes=1)
    ]
    return " ".join(said)


def _reasons(service_request: ServiceRequest, reader_id: int | None) -> dict[Category, str]:
    name = service_request.requester.short_name
    waited = _("Stood still for %%(time)s of working time while we waited for %(name)s.") % {
        "name": name
    }
    if reader_id == service_request.requester_id:
        waited = _("Stood still for %(time)s of working time while we waited for your answer.")
    return {
        Category.WAITING_CLIENT: waited,
        Category.APPROVAL: _(
            "Stood still for %(time)s of working time while approval was awaited."
        ),
        Category.WAITING_EXTERNAL: _(
            "Stood still for %(time)s of working time while we waited for someone outside."
        ),
    }


def _moves(service_request: ServiceRequest) -> list[tuple[str, datetime]]:
    return _newest_moves(service_request.pk)[::-1]


@prepared
def _newest_moves(service_request_id: int) -> QuerySet[Event, tuple[str, datetime]]:
    kinds = [*_AFTER, "approval_decided", "resolved", "closed", "cancelled", "declined"]
    newest = Event.objects.filter(service_request=service_request_id, kind__in=kinds)
    return newest.order_by("-at", "-pk").values_list("kind", "at")[:MOST_EVENTS]


def _end(clock: Clock, calendar: WorkCalendar, until: datetime, stop: datetime | None) -> datetime:
    """Where the strip ends: its due time; its stop or now, where that is later or all there is."""
    if clock.due_at is not None:
        return max(clock.due_at, until)
    if stop is not None:
        return stop
    return calendar.due(until, max(clock.budget - clock.used, timedelta(0)))


def _end_words(end: datetime, now: datetime) -> str:
    local = timezone.localtime(end)
    return f"{local:%a} {local:%H:%M}" if abs(end - now) < timedelta(days=7) else ""


def _label(
    clock: Clock, found: Sequence[Pause], calendar: WorkCalendar, end: datetime, now: datetime
) -> str:
    here = timezone.localtime(now)
    said = _("From %(start)s to %(end)s.") % {
        "start": wording.moment(timezone.localtime(clock.started_at), here, inside=True),
        "end": wording.moment(timezone.localtime(end), here, inside=True),
    }
    still = sum((calendar.elapsed(one.start, one.end) for one in found), timedelta(0))
    if still:
        said += " " + _("The clock stood still for %(time)s.") % {"time": wording.duration(still)}
    return said


@dataclass(frozen=True, slots=True)
class _Drawing:
    calendar: WorkCalendar
    start: datetime
    end: datetime
    whole: timedelta

    def percent(self, at: datetime) -> float:
        """Where a moment stands, in percent of the strip's working time."""
        return round(100 * (self.calendar.elapsed(self.start, at) / self.whole), 2)

    def stretches(self, found: Sequence[Pause], until: datetime) -> list[Stretch]:
        """Used and paused, in turn, up to now or to its stop."""
        laid: list[Stretch] = []
        at = self.start
        for one in found:
            self._lay(laid, "used", at, one.start)
            self._lay(laid, "paused", one.start, one.end)
            at = one.end
        self._lay(laid, "used", at, until)
        return laid

    def _lay(self, laid: list[Stretch], kind: str, start: datetime, end: datetime) -> None:
        a, b = self.percent(start), self.percent(end)
        if b - a >= 0.5:
            laid.append(Stretch("used" if kind == "used" else "paused", a, b))

    def days(self) -> list[Day]:
        """The names of the days under the strip; none where they would not find room."""
        first, last = timezone.localtime(self.start), timezone.localtime(self.end)
        count = (last.date() - first.date()).days + 1
        if count > MOST_DAYS + 3:
            return []
        named = []
        for n in range(count):
            midnight = datetime.combine(first.date() + timedelta(days=n), time(), first.tzinfo)
            a = self.percent(max(self.start, midnight))
            b = self.percent(min(self.end, midnight + timedelta(days=1)))
            if b - a >= 9 and (a + b) / 2 < 72:
                named.append(Day(f"{midnight:%a}", (a + b) / 2))
        return named
