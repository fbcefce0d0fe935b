"""The views of a department's queue: which requests, in which order, a page at a time by key."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from people.access import Standing, standing, whoever
from people.models import User
from people.prepared import Prepared, prepared
from requests_app import access
from requests_app.lifecycle import Status
from requests_app.models import Event, ServiceRequest
from servicedesk.paging import LARGEST_KEY
from slas import promises

PAGE = 50
MOST = 99
"""Counts go no further: above it they say "99+"."""
OVERLAP = 500
MOST_ARRIVALS = 5_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Rows = QuerySet[ServiceRequest]


@dataclass(frozen=True, slots=True)
class View:
    """One view of a queue."""

    name: str
    label: Any
    icon: str
    choose: Callable[[Rows, User, datetime], Rows]
    title: Any = ""
    tone: str = ""
    empty: Any = ""
    section: str = "queue"


def _open(rows: Rows, _user: User, _now: datetime) -> Rows:
    return rows.live()  # type: ignore[attr-defined, no-any-return]


def _at_risk(rows: Rows, _user: User, now: datetime) -> Rows:
    return promises.at_risk(rows.open(), now)  # type: ignore[attr-defined]


def _unassigned(rows: Rows, _user: User, _now: datetime) -> Rows:
    return rows.open().filter(assignee=None)  # type: ignore[attr-defined, no-any-return]


def _mine(rows: Rows, user: User, _now: datetime) -> Rows:
    return rows.live().filter(assignee=user)  # type: ignore[attr-defined, no-any-return]


def _standing(status: Status) -> Callable[[Rows, User, datetime], Rows]:
    return lambda rows, _user, _now: rows.filter(status=status)


def _waiting(rows: Rows, _user: User, _now: datetime) -> Rows:
    return rows.filter(
        status__in=[
            Status.WAITING_REQUESTER,
            Status.WAITING_THIRD_PARTY,
            Status.AWAITING_APPROVAL,
        ]
    )


VIEWS: dict[str, View] = {
    view.name: view
    for view in (
        View(
            "at-risk",
            _("At risk"),
            "timer",
            _at_risk,
            tone="warning",
            empty=_("No promise is in danger. What comes near its due time shows up here."),
        ),
        View(
            "open",
            _("All open"),
            "inbox",
            _open,
            empty=_("Nothing is waiting. What colleagues ask for arrives here."),
        ),
        View(
            "unassigned",
            _("Unassigned"),
            "user",
            _unassigned,
            empty=_("Everything has found someone."),
        ),
        View(
            "mine",
            _("Mine"),
            "bookmark",
            _mine,
            empty=_("You have nothing under way. Take something from the open ones."),
        ),
        View(
            "waiting",
            _("Waiting"),
            "pause",
            _waiting,
            section="none",
            empty=_("Nothing stands still."),
        ),
        View(
            "waiting-requester",
            _("The requester"),
            "reply",
            _standing(Status.WAITING_REQUESTER),
            _("Waiting for the requester"),
            section="waiting",
            empty=_("No question is open."),
        ),
        View(
            "waiting-third-party",
            _("A third party"),
            "building-2",
            _standing(Status.WAITING_THIRD_PARTY),
            _("Waiting for a third party"),
            section="waiting",
            empty=_("Nobody outside is waited for."),
        ),
        View(
            "waiting-approval",
            _("An approval"),
            "file-check",
            _standing(Status.AWAITING_APPROVAL),
            _("Waiting for an approval"),
            section="waiting",
            empty=_("No approval is awaited."),
        ),
    )
}


def rows_of(view: View, user: User, department_id: int, now: datetime) -> Rows:
    """The requests of a view that this person works on."""
    return view.choose(access.queue(user, department_id), user, now)


# -- Counting ------------------------------------------------------------------------------------


def capped_counts(wanted: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """How many rows each queryset has, counted no further than 100; one query for all."""
    return Counts.of(wanted).at(SOME_TIME)


SOME_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands for "now" where counts are made ready."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Capped counts made ready: a page asks the same ones again and again.

    What Django makes of a dozen querysets costs more than to count their rows.
    """

    names: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    params: tuple[Any, ...] = ()

    @classmethod
    def of(cls, wanted: Mapping[str, QuerySet[Any]]) -> Counts:
        """Make them ready."""
        parts: list[str] = []
        params: list[Any] = []
        for rows in wanted.values():
            limited = rows.values("pk")[: MOST + 1]
            if limited.query.is_empty():
                parts.append("0")
                continue
            sql, given = limited.query.sql_with_params()
            parts.append(f"(SELECT COUNT(*) FROM ({sql}) counted)")  # noqa: S608  # Django's own
            params += given
        return cls(tuple(wanted), tuple(parts), tuple(params))

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.names + other.names, self.parts + other.parts, self.params + other.params
        )

    def at(self, now: datetime) -> dict[str, int]:
        """Count, as of that moment; one query."""
        if not self.names:
            return {}
        given = [now if one == SOME_TIME else one for one in self.params]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(self.parts)}", given)
            return dict(zip(self.names, cursor.fetchone(), strict=True))


def counts_of_views(user: User, department_id: int, names: Sequence[str]) -> Counts:
    """The counts of these views for this person: made ready once for what they are."""
    return _counts_of_views(standing(user), department_id, tuple(names))


@lru_cache(maxsize=512)
def _counts_of_views(rights: Standing, department_id: int, names: tuple[str, ...]) -> Counts:
    user = whoever(rights)
    views = {name: rows_of(VIEWS[name], user, department_id, SOME_TIME) for name in names}
    return Counts.of({name: as_listed(rows) for name, rows in views.items()})


def as_listed(rows: Rows) -> Rows:
    """In the order of the list: what leads to its first page leads to its count."""
    return rows.due_first()  # type: ignore[attr-defined, no-any-return]


def in_words(count: int) -> str:
    """A count for the reader: "14" or "99+"."""
    return str(count) if count <= MOST else f"{MOST}+"


def hidden(user: User, department_id: int) -> Rows:
    """Live restricted requests of the department that this person may not see."""
    here = ServiceRequest.objects.filter(provider_department=department_id, restricted=True).live()
    seen = access.queue(user, department_id).filter(restricted=True).live()
    return here.exclude(pk__in=seen.values("pk"))


def newest_event() -> int:
    """The id of the event that was written last anywhere; 0 where there is none. One query."""
    return next(iter(_newest()), 0)


@prepared
def _newest() -> QuerySet[Event, int]:
    return Event.objects.order_by("-pk").values_list("pk", flat=True)[:1]


def arrived_since(rows: Rows, since: datetime, event_id: int) -> Rows:
    """Those of the view that were asked, or handed to the department, after that moment.

    `event_id` is the newest event of that moment: only those after it are read, and a few before
    it, which may have been written at the same time.
    """
    arrivals = Event.objects.filter(
        pk__gt=event_id - OVERLAP, kind__in=("submitted", "transferred"), at__gt=since
    ).order_by("pk")
    return rows.filter(pk__in=arrivals.values("service_request")[:MOST_ARRIVALS])


# -- Paging by key -------------------------------------------------------------------------------


class BadPlace(ValueError):
    """A place in the list that does not exist."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list, and the place where the next one begins."""

    rows: Sequence[ServiceRequest]
    next_place: str
    is_first: bool


def batches(rows: Rows, order: str, size: int) -> Iterator[Sequence[ServiceRequest]]:
    """All rows in this order, so many at a time, each read by key: one query for each."""
    place = ""
    while True:
        page = page_of(rows, order, place, size)
        if page.rows:
            yield page.rows
        if not page.next_place:
            return
        place = page.next_place


def page_of(rows: Rows, order: str, place: str, size: int = PAGE) -> Page:
    """At most so many rows after `place`. Raises BadPlace."""
    return _page(list(_after(rows.for_list(), order, place, size)), order, place, size)  # type: ignore[attr-defined]


def page_as_before(
    rights: Standing, department_id: int, view: str, chosen: Hashable, narrow: Narrow, place: str
) -> Page:
    """The same for a view and a filter that do not hang on the time, by a question made ready.

    `narrow` leaves of the view's rows what `chosen` says. Raises BadPlace.
    """
    order = getattr(chosen, "order", "due")
    read = _ready(rights, department_id, view, chosen, narrow)
    return _page(read(*_parse(order, place)), order, place, PAGE)


Narrow = Callable[[Rows, Any, User, datetime], Rows]


@lru_cache(maxsize=128)  # of 50 kB each
def _ready(
    rights: Standing, department_id: int, view: str, chosen: Any, narrow: Narrow
) -> Prepared[Any, ServiceRequest]:
    user = whoever(rights)
    rows = narrow(rows_of(VIEWS[view], user, department_id, SOME_TIME), chosen, user, SOME_TIME)

    def newest(below: int) -> QuerySet[ServiceRequest]:
        return _beyond(rows.for_list(), "newest", (below,))[: PAGE + 1]  # type: ignore[attr-defined]

    def due(at: datetime, pk: int) -> QuerySet[ServiceRequest]:
        return _beyond(rows.for_list(), "due", (at, pk))[: PAGE + 1]  # type: ignore[attr-defined]

    return prepared(newest) if chosen.order == "newest" else prepared(due)


def _page(found: Sequence[ServiceRequest], order: str, place: str, size: int) -> Page:
    more = len(found) > size
    found = found[:size]
    return Page(found, _place(found[-1], order) if more else "", not place)


def _after(rows: Rows, order: str, place: str, size: int) -> Rows:
    return _beyond(rows, order, _parse(order, place))[: size + 1]


def _beyond(rows: Rows, order: str, place: tuple[Any, ...]) -> Rows:
    """What comes after a place, in its order."""
    if order == "newest":
        return rows.filter(pk__lt=place[0]).newest_first()  # type: ignore[attr-defined, no-any-return]
    at, pk = place
    rows = rows.filter(queue_at__gte=at).exclude(queue_at=at, pk__lte=pk)
    return rows.due_first()  # type: ignore[attr-defined, no-any-return]


def _parse(order: str, place: str) -> tuple[Any, ...]:
    """The place of an address; without one, that before all rows. Raises BadPlace."""
    if order == "newest":
        return (_number(place) if place else LARGEST_KEY,)
    if not place:
        return _EPOCH, 0
    micros, _dot, pk = place.partition(".")
    try:
        return _EPOCH + timedelta(microseconds=_number(micros)), _number(pk)
    except OverflowError:
        raise BadPlace from None


def _place(row: ServiceRequest, order: str) -> str:
    if order == "newest":
        return str(row.pk)
    return f"{(row.queue_at - _EPOCH) // timedelta(microseconds=1)}.{row.pk}"


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise BadPlace
    return int(text)
