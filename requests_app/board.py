"""Today's board of a department: who has what, what falls due today, what has been lying.

Each figure is defined in one function, and each has the rows it counts. Restricted requests count
as all others; who may read them is decided in `requests_app.access`. Days are the reader's: their
bounds are given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from requests_app.lifecycle import Status
from requests_app.models import PastProvider, ServiceRequest, ServiceRequestQuerySet

STALE_AFTER = timedelta(days=7)
"""So long nobody has said or done anything, and it is the department's turn."""
OUR_TURN = (Status.NEW, Status.IN_PROGRESS)
"""In these statuses the department could go on."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one person has; `user_id` None is what nobody has taken yet."""

    user_id: int | None
    open: int
    late: int
    due_today: int
    waiting: int
    stale: int


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the reader's, and the moment at which it is asked about."""

    start: datetime
    end: datetime
    now: datetime


def open_here(department_id: int) -> ServiceRequestQuerySet:
    """Requests with the department and not yet resolved."""
    return ServiceRequest.objects.filter(provider_department=department_id).open()


def late(department_id: int, day: Day) -> ServiceRequestQuerySet:
    """Of these, those with a promise that is past due."""
    return open_here(department_id).filter(_late(day))


def due_today(department_id: int, day: Day) -> ServiceRequestQuerySet:
    """Of these, those whose nearest promise falls due before the day is over."""
    return open_here(department_id).filter(_due_today(day))


def unassigned(department_id: int) -> ServiceRequestQuerySet:
    """Of these, those that nobody has taken."""
    return open_here(department_id).filter(assignee=None)


def waiting(department_id: int) -> ServiceRequestQuerySet:
    """Of these, those that wait for the requester, an approval or a third party."""
    return open_here(department_id).filter(_WAITING)


def stale(department_id: int, day: Day) -> ServiceRequestQuerySet:
    """Of these, those where the department could go on and nobody has done anything for a week."""
    return open_here(department_id).filter(_stale(day))


def handed_to(department_id: int) -> ServiceRequestQuerySet:
    """Of these, those that another department handed on."""
    former = PastProvider.objects.filter(service_request=OuterRef("pk")).exclude(
        department=department_id
    )
    return open_here(department_id).filter(Exists(former))


def load(department_id: int, day: Day) -> list[Load]:
    """By assignee, who has most first; what nobody has comes as one of them. One query."""
    rows = (
        open_here(department_id)
        .order_by()
        .values("assignee_id")
        .annotate(
            open=Count("pk"),
            late=Count("pk", filter=_late(day)),
            due_today=Count("pk", filter=_due_today(day)),
            waiting=Count("pk", filter=_WAITING),
            stale=Count("pk", filter=_stale(day)),
        )
        .order_by("-open", "assignee_id")
    )
    return [
        Load(
            one["assignee_id"],
            one["open"],
            one["late"],
            one["due_today"],
            one["waiting"],
            one["stale"],
        )
        for one in rows
    ]


_WAITING = ~Q(status__in=[str(one) for one in OUR_TURN])


def _late(day: Day) -> Q:
    return Q(queue_at__lt=day.now)


def _due_today(day: Day) -> Q:
    return Q(queue_at__gte=day.now, queue_at__lt=day.end)


def _stale(day: Day) -> Q:
    return Q(status__in=[str(one) for one in OUR_TURN], last_deed_at__lt=day.now - STALE_AFTER)
