"""SLA figures, each by its definition in the contract. Periods are [start, end), instants UTC.

Only clocks that are part of the figures count: what a department does for itself is left out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, DurationField, F, Q

from slas import engine
from slas.models import Clock, ClockQuerySet

Departments = Collection[int] | None
"""Ids of the accountable departments; None is the whole organisation."""


@dataclass(frozen=True, slots=True)
class Attainment:
    """Of the clocks decided in a period, those that were kept."""

    met: int = 0
    missed: int = 0

    @property
    def n(self) -> int:
        """How many were decided."""
        return self.met + self.missed

    @property
    def share(self) -> float | None:
        """Of them, the share met, 0 to 1; None of none."""
        return self.met / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Time:
    """How long something took: business time on the clock, and calendar time beside it."""

    n: int = 0
    median: timedelta | None = None
    ninetieth: timedelta | None = None
    median_on_the_wall: timedelta | None = None
    ninetieth_on_the_wall: timedelta | None = None


class _Percentile(Aggregate):
    """PostgreSQL's percentile_cont over lengths of time."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()

    def __init__(self, expression: Any, share: float, **extra: Any) -> None:
        super().__init__(expression, share=share, **extra)


def attainment(departments: Departments, metric: str, start: datetime, end: datetime) -> Attainment:
    """Share within the promise: a clock is decided at the earlier of its stop and its due time.

    So each counts once, unanswered ones are included, and a past figure never changes.
    """
    counted = _of(departments, metric).decided_in(start, end).aggregate(**_VERDICTS)
    return Attainment(**counted)


def attainment_by_department(
    departments: Departments, metric: str, start: datetime, end: datetime
) -> dict[int, Attainment]:
    """The same for each accountable department that had any: one query."""
    decided = _of(departments, metric).decided_in(start, end).values("department_id")
    rows: Any = decided.annotate(**_VERDICTS).order_by("department_id")
    return {row["department_id"]: Attainment(row["met"], row["missed"]) for row in rows}


def late_now(departments: Departments, metric: str, now: datetime) -> dict[int, int]:
    """By department: clocks open and past due at this moment."""
    return _by_department(late_clocks(departments, metric, now))


def late_clocks(departments: Departments, metric: str, now: datetime) -> ClockQuerySet:
    """What `late_now` counts: for the list behind the figure."""
    return _of(departments, metric).open().filter(in_figures=True, due_at__lt=now)


def at_risk(departments: Departments, metric: str, now: datetime) -> dict[int, int]:
    """By department: clocks running, past their first threshold, and not yet breached."""
    return _by_department(clocks_at_risk(departments, metric, now))


def clocks_at_risk(departments: Departments, metric: str, now: datetime) -> ClockQuerySet:
    """What `at_risk` counts: for the list behind the figure."""
    return _of(departments, metric).at_risk(now).filter(in_figures=True)


def time_taken(departments: Departments, metric: str, start: datetime, end: datetime) -> Time:
    """Time to first response or to resolve, of the clocks stopped in the period.

    Business time with pauses left out; a reopened request counts once for each cycle.
    """
    stopped = _of(departments, metric).filter(
        state=engine.State.STOPPED, stopped_at__gte=start, stopped_at__lt=end, in_figures=True
    )
    wall = F("stopped_at") - F("started_at")
    taken = stopped.aggregate(
        n=Count("pk"),
        median=_Percentile("used", 0.5),
        ninetieth=_Percentile("used", 0.9),
        median_on_the_wall=_Percentile(wall, 0.5),
        ninetieth_on_the_wall=_Percentile(wall, 0.9),
    )
    return Time(**taken)


_VERDICTS = {
    "met": Count("pk", filter=Q(breached_at=None)),
    "missed": Count("pk", filter=Q(breached_at__isnull=False)),
}


def _of(departments: Departments, metric: str) -> ClockQuerySet:
    clocks = Clock.objects.filter(metric=str(metric))
    return clocks if departments is None else clocks.filter(department__in=departments)


def _by_department(clocks: ClockQuerySet) -> dict[int, int]:
    rows = clocks.values("department_id").annotate(n=Count("pk")).order_by("department_id")
    return {row["department_id"]: row["n"] for row in rows}
