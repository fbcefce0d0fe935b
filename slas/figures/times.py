"""How long it took: the first response, the resolution."""

# ruff: noqa: S608  # the statements are made of names of our own columns

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Aggregate, Count, DurationField, F, Max, QuerySet

from people.prepared import prepared
from requests_app.reporting import Month, Reporting, reporting
from requests_app.tally import Cut, keep_up
from slas import engine
from slas.figures.verdicts import Departments, of
from slas.models import ClockQuerySet, MonthsTimes
from slas.tallied import TALLY

METRICS = tuple(str(one) for one in engine.AT_ONCE)
CUTS = (Cut.WHOLE, Cut.SERVICE, Cut.CLIENT, Cut.PRIORITY)
OFTEN = timedelta(minutes=10)
"""The running month is worked out again at most so often."""


@dataclass(frozen=True, slots=True)
class Time:
    """How long something took: business time on the clock, and calendar time beside it."""

    n: int = 0
    median: timedelta | None = None
    ninetieth: timedelta | None = None
    median_on_the_wall: timedelta | None = None
    ninetieth_on_the_wall: timedelta | None = None


_COLUMNS = ("n", "median", "ninetieth", "median_on_the_wall", "ninetieth_on_the_wall")


@dataclass(frozen=True, slots=True)
class Times:
    """How long it took, by metric, month, department and the values of a cut."""

    found: Mapping[tuple[str, date, int | None, int], Time]
    worked_out: Mapping[date, datetime]

    def of(self, *, metric: str, month: date, department: int | None, value: int = 0) -> Time:
        """Of one of each; of no department: of the whole organisation."""
        return self.found.get((str(metric), month, department, value), Time())

    def as_of(self, month: date) -> datetime | None:
        """When a month's times were worked out; None where it has none."""
        return self.worked_out.get(month)

    @property
    def values(self) -> list[int]:
        """Values of the cut that have times."""
        return sorted({value for _metric, _month, _department, value in self.found})


def times(
    departments: Departments,
    reporting: Reporting,
    months: Sequence[Month],
    cut: Cut = Cut.WHOLE,
    metrics: Collection[str] = METRICS,
) -> Times:
    """Time to first response and to resolve, by month, of the clocks that ended in it; one query.

    Median and 90th percentile of the business time on the clock, pauses left out, with calendar
    time beside it; a reopened request counts once for each cycle. Exact for months that are over;
    the running one may be ten minutes old. The whole organisation's only where `departments` is
    None: a median is no sum.
    """
    asked = (str(cut), [one.first for one in months], [str(one) for one in metrics])
    rows = _kept_times(*asked) if departments is None else _times_of(*asked, list(departments))
    found: dict[tuple[str, date, int | None, int], Time] = {}
    worked_out: dict[date, datetime] = {}
    for metric, month, department, value, at, *measured in rows:
        found[metric, month, department, value] = Time(*measured)
        worked_out[month] = max(at, worked_out.get(month, at))
    return Times(found, worked_out)


@prepared
def _kept_times(
    cut: str, months: Collection[date], metrics: Collection[str]
) -> QuerySet[MonthsTimes, tuple[Any, ...]]:
    rows = MonthsTimes.objects.filter(cut=cut, month__among=months, metric__among=metrics)
    return rows.values_list("metric", "month", "provider_id", "value", "at", *_COLUMNS)


@prepared
def _times_of(
    cut: str, months: Collection[date], metrics: Collection[str], departments: Collection[int]
) -> QuerySet[MonthsTimes, tuple[Any, ...]]:
    rows = MonthsTimes.objects.filter(
        cut=cut, month__among=months, metric__among=metrics, provider__among=departments
    )
    return rows.values_list("metric", "month", "provider_id", "value", "at", *_COLUMNS)


def stopped_clocks(
    departments: Departments,
    metric: str,
    start: datetime,
    end: datetime,
    *,
    cut: Cut = Cut.WHOLE,
    value: int = 0,
) -> ClockQuerySet:
    """The clocks that `times` measures in [start, end), for the list behind it."""
    stopped = of(departments, metric).filter(
        stopped_at__gte=start, stopped_at__lt=end, in_figures=True
    )
    return stopped.of_cut(cut, value)


class _Percentile(Aggregate):
    """PostgreSQL's percentile_cont over lengths of time."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()

    def __init__(self, expression: Any, share: float, **extra: Any) -> None:
        super().__init__(expression, share=share, **extra)


def time_taken(departments: Departments, metric: str, start: datetime, end: datetime) -> Time:
    """Time to first response or to resolve, of the clocks stopped in the period, worked out now.

    Business time with pauses left out; a reopened request counts once for each cycle.
    """
    wall = F("stopped_at") - F("started_at")
    taken = stopped_clocks(departments, metric, start, end).aggregate(
        n=Count("pk"),
        median=_Percentile("used", 0.5),
        ninetieth=_Percentile("used", 0.9),
        median_on_the_wall=_Percentile(wall, 0.5),
        ninetieth_on_the_wall=_Percentile(wall, 0.9),
    )
    return Time(**taken)


# Working them out


def advance(now: datetime) -> int:
    """Fold verdicts into the counts and work out the times that need it; how many changes."""
    folded = keep_up(TALLY, now)
    advance_times(reporting(now))
    return folded


def advance_times(when: Reporting) -> list[date]:
    """Work out anew the months whose times are not those of their clocks; which they were."""
    renewed = [month for month in _stale(when) if _is_time(month, when)]
    for month in renewed:
        renew(when.month_of(month), when.now)
    return renewed


def renew_all(when: Reporting) -> None:
    """Work out the times of every month."""
    for first in sorted({*_counted(), *_kept()}):
        renew(when.month_of(first), when.now)


def renew(month: Month, at: datetime) -> None:
    """Work out the times of a month, for every department and every cut."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('months_times'))")
        MonthsTimes.objects.filter(month=month.first).delete()
        cursor.execute(
            f"INSERT INTO slas_monthstimes ({_EVERY}) {_WORKED_OUT}", _given(month) | {"at": at}
        )


def time_faults(when: Reporting) -> list[str]:
    """Months whose times differ from those of their clocks, in words; the running one not."""
    faults = []
    for first in sorted({*_counted(), *_kept()} - {when.month.first}):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM ({_WORKED_OUT}) AS t FULL JOIN"
                " (SELECT * FROM slas_monthstimes WHERE month = %(month)s) AS k"
                " ON t.cut = k.cut AND t.provider_id IS NOT DISTINCT FROM k.provider_id"
                " AND t.value = k.value AND t.metric = k.metric"
                f" WHERE NOT coalesce({_SAME}, FALSE)",
                _given(when.month_of(first)) | {"at": when.now},
            )
            (wrong,) = cursor.fetchone()
        if wrong:
            faults.append(f"times: {wrong} of {first} differ from the clocks")
    return faults


def _stale(when: Reporting) -> list[date]:
    """Months with another number of clocks than were measured, or measured before their end."""
    counted, kept = _counted(), _kept()
    return sorted(
        first
        for first in counted.keys() | kept.keys()
        if first <= when.month.first
        and (
            counted.get(first) != kept.get(first, (None, None))[0]
            or _measured_early(first, kept[first][1], when)
        )
    )


def _measured_early(first: date, at: datetime, when: Reporting) -> bool:
    """Of the months that are over: since then something may have changed."""
    month = when.month_of(first)
    return at < month.end <= when.now


def _is_time(first: date, when: Reporting) -> bool:
    """The running month is left alone for a while."""
    if first != when.month.first:
        return True
    last = MonthsTimes.objects.filter(month=first).aggregate(at=Max("at"))["at"]
    return last is None or last <= when.now - OFTEN


_Numbers = dict[tuple[int, str], int]


def _counted() -> dict[date, _Numbers]:
    """By month, how many clocks ended, of each department and metric, as counted."""
    rows = TALLY.counts._default_manager.filter(
        grain="month", cut="whole", metric__in=METRICS, ended__gt=0
    ).values_list("start", "provider_id", "metric", "ended")
    found: dict[date, _Numbers] = {}
    for first, department, metric, n in rows:
        found.setdefault(first, {})[department, metric] = n
    return found


def _kept() -> dict[date, tuple[_Numbers, datetime]]:
    """The same, as measured; and when."""
    rows = MonthsTimes.objects.filter(cut="whole", provider__isnull=False).values_list(
        "month", "provider_id", "metric", "n", "at"
    )
    found: dict[date, tuple[_Numbers, datetime]] = {}
    for first, department, metric, n, at in rows:
        numbers, oldest = found.setdefault(first, ({}, at))
        numbers[department, metric] = n
        found[first] = numbers, min(at, oldest)
    return found


def _given(month: Month) -> dict[str, Any]:
    return {
        "month": month.first,
        "start": month.start,
        "end": month.end,
        "metrics": list(METRICS),
    }


_MEASURED = ", ".join(
    f"percentile_cont({share}) WITHIN GROUP (ORDER BY {length}) AS {name}"
    for name, share, length in (
        ("median", 0.5, "used"),
        ("ninetieth", 0.9, "used"),
        ("median_on_the_wall", 0.5, "wall"),
        ("ninetieth_on_the_wall", 0.9, "wall"),
    )
)
_EVERY = f"month, cut, provider_id, value, metric, at, {', '.join(_COLUMNS)}"
_SAME = " AND ".join(f"t.{one} = k.{one}" for one in _COLUMNS)
_WORKED_OUT = f"""
    SELECT %(month)s::date AS month,
        CASE WHEN grouping(service_id) = 0 THEN 'service' WHEN grouping(client_id) = 0 THEN 'client'
            WHEN grouping(priority) = 0 THEN 'priority' ELSE 'whole' END AS cut,
        provider_id,
        CASE WHEN grouping(service_id) = 0 THEN service_id WHEN grouping(client_id) = 0
            THEN client_id WHEN grouping(priority) = 0 THEN priority ELSE 0 END AS value,
        metric, %(at)s::timestamptz AS at, count(*) AS n, {_MEASURED}
    FROM (
        SELECT c.department_id AS provider_id, c.service_id, r.client_department_id AS client_id,
            right(c.priority, 1)::int AS priority, c.metric, c.used,
            c.stopped_at - c.started_at AS wall
        FROM slas_clock AS c JOIN requests_app_servicerequest AS r ON r.id = c.service_request_id
        WHERE c.in_figures AND c.metric = ANY(%(metrics)s)
            AND c.stopped_at >= %(start)s AND c.stopped_at < %(end)s
    ) AS ended
    GROUP BY GROUPING SETS ((metric), (metric, provider_id), (metric, provider_id, service_id),
        (metric, provider_id, client_id), (metric, provider_id, priority))
"""
