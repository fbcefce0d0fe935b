"""How long a service usually takes, and what is asked for often."""

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
NEWEST = 5000
"""So many of the newest requests are counted to see what is asked for often."""


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
    same = " AND ".join(f"t.{one} = u.{one}" for one in ("n", "median", "percentile_85"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM ({_WORKED_OUT}) AS t FULL JOIN requests_app_usual AS u"
            " ON coalesce(t.department_id, 0) = coalesce(u.department_id, 0)"
            " AND coalesce(t.service_id, 0) = coalesce(u.service_id, 0)"
            f" WHERE NOT coalesce({same}, FALSE)",
            _given(ZoneInfo(kept.zone), kept.at),
        )
        (wrong,) = cursor.fetchone()
    return [f"usual duration: {wrong} differ from the steps"] if wrong else []


def _until(when: Reporting) -> datetime:
    """When the day began up to which it is counted."""
    return when.begins(when.day_of(when.now - SETTLED))


def _given(zone: ZoneInfo, until: datetime) -> dict[str, Any]:
    of_then = Reporting(until, zone)
    return {"since": of_then.begins(of_then.today - PERIOD), "until": until}


_COLUMNS = "department_id, service_id, n, median, percentile_85"
_MEASURED = ", ".join(
    f"percentile_cont({share}) WITHIN GROUP (ORDER BY took) AS {name}"
    for name, share in (("median", 0.5), ("percentile_85", 0.85))
)
_WORKED_OUT = f"""
    SELECT CASE WHEN grouping(service_id) = 1 THEN provider_id END AS department_id, service_id,
        count(*) AS n, {_MEASURED}
    FROM (
        SELECT DISTINCT ON (service_request_id) kind, provider_id, service_id,
            at - asked_at AS took
        FROM requests_app_step
        WHERE kind IN ('resolved', 'reopened') AND at >= %(since)s AND at < %(until)s
            AND provider_id IN (SELECT id FROM people_department)  -- so that an index leads there
        ORDER BY service_request_id, event_id DESC
    ) AS last
    WHERE kind = 'resolved'
    GROUP BY GROUPING SETS ((provider_id), (service_id))
"""


# What is asked for often


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
