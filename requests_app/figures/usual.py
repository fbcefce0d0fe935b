"""What is usual: how long a service takes, and what is asked for often.

Of the 90 days before today, worked out once a day.
"""

# ruff: noqa: S608  # the statements are made of names of our own columns

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import QuerySet

from people.prepared import prepared
from requests_app.models import Kept, Usual
from requests_app.reporting import Reporting, reporting

PERIOD = timedelta(days=90)
FEWEST_COMPLETIONS = 30
"""Under so many completions nothing is said of how long a service usually takes."""
SETTLED = timedelta(minutes=10)
"""So long after a day has ended it is counted: whatever was done on it is written down by then."""
NAME = "usual"


@dataclass(frozen=True, slots=True)
class UsualDuration:
    """How long requests took, from asking to resolution, nights included."""

    n: int
    median: timedelta
    percentile_85: timedelta


def usual_duration(service_id: int) -> UsualDuration | None:
    """Median and 85th percentile over what was resolved in the 90 days before today; one query.

    As it was when today began: of what was resolved in those days, for this service, and not
    reopened in them. None under 30: too few to say. Celery works it out each day, soon after
    midnight of the reporting zone.
    """
    return _said(_of_service(service_id))


def usual_duration_of_department(department_id: int) -> UsualDuration | None:
    """The same over all services of a department; one query."""
    return _said(_of_department(department_id))


_Row = tuple[int, timedelta, timedelta]


@prepared
def _of_service(service_id: int) -> QuerySet[Usual, _Row]:
    return Usual.objects.filter(service=service_id).values_list("n", "median", "percentile_85")


@prepared
def _of_department(department_id: int) -> QuerySet[Usual, _Row]:
    found = Usual.objects.filter(department=department_id)
    return found.values_list("n", "median", "percentile_85")


def _said(rows: list[_Row]) -> UsualDuration | None:
    return next((UsualDuration(*row) for row in rows if row[0] >= FEWEST_COMPLETIONS), None)


def asked_often() -> list[int]:
    """Ids of the services asked for most in these days, the most asked first; one query."""
    return _asked_often()


@prepared
def _asked_often() -> QuerySet[Usual, int]:
    found = Usual.objects.filter(service__isnull=False, asked__gt=0)
    return found.order_by("-asked", "service_id").values_list("service_id", flat=True)


# Working it out


def advance(now: datetime) -> bool:
    """Work it out where that was not done since today began; whether it was done."""
    when = reporting(now)
    if _is_done(when):
        return False
    with transaction.atomic():
        _one_at_a_time()
        if _is_done(when):
            return False
        _work_out(when)
    return True


@transaction.atomic
def work_out(when: Reporting) -> None:
    """Work it out for every department and every service."""
    _one_at_a_time()
    _work_out(when)


def _is_done(when: Reporting) -> bool:
    return Kept.objects.filter(pk=NAME, zone=when.zone.key, at=_until(when)).exists()


def _one_at_a_time() -> None:
    """Until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('usual_duration'))")


def _work_out(when: Reporting) -> None:
    until = _until(when)
    Usual.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO requests_app_usual ({_COLUMNS}) {_WORKED_OUT}", _given(when.zone, until)
        )
    Kept.objects.update_or_create(pk=NAME, defaults={"zone": when.zone.key, "at": until})


def faults() -> list[str]:
    """What was worked out and differs from the steps of its days, in words."""
    kept = Kept.objects.filter(pk=NAME).first()
    if kept is None:
        return []
    same = " AND ".join(f"t.{one} = u.{one}" for one in ("asked", "n", "median", "percentile_85"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM ({_WORKED_OUT}) AS t FULL JOIN requests_app_usual AS u"
            " ON coalesce(t.department_id, 0) = coalesce(u.department_id, 0)"
            " AND coalesce(t.service_id, 0) = coalesce(u.service_id, 0)"
            f" WHERE NOT coalesce({same}, FALSE)",
            _given(ZoneInfo(kept.zone), kept.at),
        )
        (wrong,) = cursor.fetchone()
    return [f"what is usual: {wrong} differ from the steps"] if wrong else []


def _until(when: Reporting) -> datetime:
    """When the day began up to which it is counted."""
    return when.begins(when.day_of(when.now - SETTLED))


def _given(zone: ZoneInfo, until: datetime) -> dict[str, Any]:
    of_then = Reporting(until, zone)
    return {"since": of_then.begins(of_then.today - PERIOD), "until": until}


_COLUMNS = "department_id, service_id, asked, n, median, percentile_85"
_MEASURED = ", ".join(
    f"coalesce(percentile_cont({share}) WITHIN GROUP (ORDER BY took), INTERVAL '0') AS {name}"
    for name, share in (("median", 0.5), ("percentile_85", 0.85))
)
_OF_THESE_DAYS = """
    FROM requests_app_step
    WHERE kind = ANY({kinds}) AND at >= %(since)s AND at < %(until)s
        AND provider_id IN (SELECT id FROM people_department)  -- so that an index leads there
"""
_WORKED_OUT = f"""
    SELECT CASE WHEN grouping(service_id) = 1 THEN provider_id END AS department_id, service_id,
        sum(asked) AS asked, count(took) AS n, {_MEASURED}
    FROM (
        SELECT provider_id, service_id, 1 AS asked, NULL::interval AS took
        {_OF_THESE_DAYS.format(kinds="ARRAY['submitted']")}
        UNION ALL
        SELECT provider_id, service_id, 0, took FROM (
            SELECT DISTINCT ON (service_request_id) kind, provider_id, service_id,
                at - asked_at AS took
            {_OF_THESE_DAYS.format(kinds="ARRAY['resolved', 'reopened']")}
            ORDER BY service_request_id, event_id DESC
        ) AS last WHERE kind = 'resolved'
    ) AS counted
    GROUP BY GROUPING SETS ((provider_id), (service_id))
"""
