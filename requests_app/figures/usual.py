"""How long a service usually takes, and what is asked for often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F

from requests_app.models import ServiceRequest, ServiceRequestQuerySet

PERIOD = timedelta(days=90)
FEWEST_COMPLETIONS = 30
"""Under so many completions nothing is said of how long a service usually takes."""
NEWEST = 5000
"""So many of the newest requests are counted to see what is asked for often."""


@dataclass(frozen=True, slots=True)
class UsualDuration:
    """How long requests for a service took, from asking to resolution, nights included."""

    n: int
    median: timedelta
    percentile_85: timedelta


class _Percentile(Aggregate):
    """PostgreSQL's percentile_cont over a length of time."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def usual_duration(service_id: int, now: datetime) -> UsualDuration | None:
    """Median and 85th percentile over what was resolved in the 90 days before `now`; one query.

    None under 30 completions: too few to say.
    """
    return _usual(ServiceRequest.objects.filter(service=service_id), now)


def usual_duration_of_department(department_id: int, now: datetime) -> UsualDuration | None:
    """The same over all services of a department; one query.

    A request is always one of a service of the department it is with, so the index by service
    and resolution serves here, too.
    """
    return _usual(ServiceRequest.objects.filter(service__department=department_id), now)


def _usual(requests: ServiceRequestQuerySet, now: datetime) -> UsualDuration | None:
    took = ExpressionWrapper(F("resolved_at") - F("submitted_at"), output_field=DurationField())
    found = (
        requests.filter(resolved_at__gte=now - PERIOD, resolved_at__lt=now)
        .annotate(took=took)
        .aggregate(
            n=Count("pk"),
            median=_Percentile(F("took"), fraction=0.5),
            percentile_85=_Percentile(F("took"), fraction=0.85),
        )
    )
    return UsualDuration(**found) if found["n"] >= FEWEST_COMPLETIONS else None


def asked_often(now: datetime, *, among: int = NEWEST) -> list[int]:
    """Ids of the services asked for most in the 90 days before `now`, the most asked first.

    One query that reads the newest `among` requests and no more, however many there are.
    """
    with connection.cursor() as cursor:
        # Written out: Django would read the newest once for their ids and once more by these.
        cursor.execute(
            """
            SELECT service_id
            FROM (SELECT service_id, submitted_at FROM requests_app_servicerequest
                  ORDER BY id DESC LIMIT %s) AS newest
            WHERE submitted_at >= %s
            GROUP BY service_id ORDER BY count(*) DESC, service_id
            """,
            [among, now - PERIOD],
        )
        return [service_id for (service_id,) in cursor.fetchall()]
