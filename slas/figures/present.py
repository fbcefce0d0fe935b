"""What is late, and what will be: at this moment."""

# ruff: noqa: S608  # the statements are made of names of our own columns

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection
from django.db.models import Count

from requests_app.reporting import Reporting
from requests_app.tally import EVER, Cut, Grain, Sums
from slas.figures.verdicts import METRICS, Departments, Numbers, of
from slas.models import ClockQuerySet
from slas.tallied import TALLY, UNSWEPT


def late(
    departments: Departments,
    reporting: Reporting,
    cut: Cut = Cut.WHOLE,
    metrics: Collection[str] = METRICS,
) -> Numbers:
    """Clocks open and past due at this moment, swept or not; one query for all metrics."""
    read = TALLY.read(
        departments,
        reporting,
        grain=Grain.EVER,
        cut=cut,
        keys={"metric": metrics},
        live=UNSWEPT,
    )
    return Numbers(read, "late")


def risk(
    departments: Departments,
    reporting: Reporting,
    cut: Cut = Cut.WHOLE,
    metrics: Collection[str] = METRICS,
) -> Numbers:
    """Clocks running, past their first threshold and not yet breached; one query for all metrics.

    Read from the clocks: by partial indexes, what is at risk and no more.
    """
    join = "JOIN requests_app_servicerequest AS r ON r.id = c.service_request_id"
    ours = "" if departments is None else "AND c.department_id = ANY(%(departments)s)"
    counted = f"""
        SELECT c.department_id, {_VALUES[cut]}, c.metric, count(*) FROM slas_clock AS c
        {join if cut is Cut.CLIENT else ""}
        WHERE c.state = 'running' AND c.breached_at IS NULL AND c.due_at >= %(now)s
            AND c.in_figures AND c.metric = ANY(%(metrics)s) {ours}
    """
    groups = "GROUP BY 1, 2, 3"
    with connection.cursor() as cursor:
        cursor.execute(
            f"{counted} AND c.warned > 0 {groups} UNION ALL"
            f" {counted} AND c.warned = 0 AND c.next_check_at <= %(now)s {groups}",
            {
                "now": reporting.now,
                "metrics": [str(one) for one in metrics],
                "departments": list(departments or ()),
            },
        )
        rows = cursor.fetchall()
    return Numbers(Sums(("metric",), ("risk",), [(EVER, *row) for row in rows]), "risk")


_VALUES = {
    Cut.WHOLE: "0",
    Cut.SERVICE: "c.service_id",
    Cut.CLIENT: "r.client_department_id",
    Cut.PRIORITY: "right(c.priority, 1)::int",
}


def late_now(departments: Departments, metric: str, now: datetime) -> dict[int, int]:
    """By department: clocks open and past due at this moment, counted one by one."""
    return _by_department(late_clocks(departments, metric, now))


def late_the_longest(
    departments: Collection[int], metric: str, now: datetime, most: int
) -> list[int]:
    """The requests of what `late` counts, what is late the longest first; one query.

    The first of each department by an index, and what no sweep has written down yet.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _LONGEST,
            {"departments": list(departments), "metric": str(metric), "now": now, "most": most},
        )
        return [pk for (pk,) in cursor.fetchall()]


_LATE = "c.metric = %(metric)s AND c.state IN ('running', 'paused') AND c.in_figures"
_LONGEST = f"""
    SELECT service_request_id FROM (
        SELECT late.* FROM unnest(%(departments)s::bigint[]) AS d (id) CROSS JOIN LATERAL (
            SELECT c.due_at, c.service_request_id FROM slas_clock AS c
            WHERE c.department_id = d.id AND {_LATE} AND c.breached_at IS NOT NULL
                AND c.due_at < %(now)s
            ORDER BY c.due_at LIMIT %(most)s
        ) AS late
        UNION ALL
        SELECT c.due_at, c.service_request_id FROM slas_clock AS c
        WHERE c.department_id = ANY(%(departments)s) AND {_LATE} AND c.breached_at IS NULL
            AND c.next_check_at <= %(now)s AND c.due_at < %(now)s
    ) AS late ORDER BY due_at, service_request_id LIMIT %(most)s
"""


def late_clocks(
    departments: Departments, metric: str, now: datetime, *, cut: Cut = Cut.WHOLE, value: int = 0
) -> ClockQuerySet:
    """What `late` counts: for the list behind the figure."""
    late = of(departments, metric).open().filter(in_figures=True, due_at__lt=now)
    return late.of_cut(cut, value)


def at_risk(departments: Departments, metric: str, now: datetime) -> dict[int, int]:
    """By department: clocks running, past their first threshold, and not yet breached."""
    return _by_department(clocks_at_risk(departments, metric, now))


def clocks_at_risk(
    departments: Departments, metric: str, now: datetime, *, cut: Cut = Cut.WHOLE, value: int = 0
) -> ClockQuerySet:
    """What `risk` counts: for the list behind the figure."""
    return of(departments, metric).at_risk(now).filter(in_figures=True).of_cut(cut, value)


def _by_department(clocks: ClockQuerySet) -> dict[int, int]:
    rows = clocks.values("department_id").annotate(n=Count("pk")).order_by("department_id")
    return {row["department_id"]: row["n"] for row in rows}
