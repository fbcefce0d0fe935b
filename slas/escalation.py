"""What steps of escalation do to requests: deeds, done when their time has come.

The engine says on the request's course what is to be done. Telling people is for the notices.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Max, QuerySet

from requests_app import actions
from requests_app.kinds import Via
from requests_app.models import Event, ServiceRequest
from slas.engine import Found
from slas.models import Course

log = logging.getLogger(__name__)


def advance(now: datetime, *, batch: int = 200, via: Via = Via.DESK) -> int:
    """Raise the priorities that steps ask for, and take back what nobody has touched.

    Returns how much was done: each in its own transaction, dated when it is done, and once. May
    run any number of times, at once or late: a request that someone else holds is left for the
    next time, and one that fails is logged and keeps none of the others waiting.
    """
    return _each(Course.objects.exclude(raise_to=""), _raise, now, batch, via) + _each(
        Course.objects.filter(take_back_at__lte=now), _take_back, now, batch, via
    )


def _each(
    courses: QuerySet[Course],
    do: Callable[[Course, datetime, Via], int],
    now: datetime,
    batch: int,
    via: Via,
) -> int:
    done = 0
    for page in _pages(courses, batch):
        for pk in page:
            try:
                done += _one(courses, pk, do, now, via)
            except Exception:
                if via != Via.DESK:
                    raise
                log.exception("Time could not go on for request %s", pk)
    return done


def _pages(courses: QuerySet[Course], batch: int) -> Iterator[list[int]]:
    """The requests to which something is to be done, read without a lock."""
    last = 0
    while True:
        page = list(courses.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:batch])
        yield page
        if len(page) < batch:
            return
        last = page[-1]


@transaction.atomic
def _one(
    courses: QuerySet[Course],
    pk: int,
    do: Callable[[Course, datetime, Via], int],
    now: datetime,
    via: Via,
) -> int:
    """Look again, now that nobody else can write it."""
    free = ServiceRequest.objects.select_for_update(no_key=True, skip_locked=True)
    if not free.filter(pk=pk).exists():
        return 0
    course = courses.select_related("service_request").filter(pk=pk).first()
    return 0 if course is None else do(course, now, via)


def _raise(course: Course, now: datetime, via: Via) -> int:
    """After all that time has found already, even where the wall clock was set back."""
    found = Event.objects.filter(service_request=course.pk, kind__in=list(Found))
    found_at = found.aggregate(at=Max("at"))["at"]
    at = now if found_at is None else max(now, found_at + datetime.resolution)
    request = course.service_request
    return actions.raise_priority(request, to=course.raise_to, at=at, via=via) is not None


def _take_back(course: Course, now: datetime, via: Via) -> int:
    assert course.untouched_by is not None
    request = course.service_request
    done = actions.take_back(request, untouched_by=course.untouched_by, at=now, via=via)
    return done is not None
