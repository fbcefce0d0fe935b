"""Within the promise: of the clocks decided in a period, those that were kept.

Periods that are given as instants are [start, end), UTC.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q

from requests_app.reporting import Reporting
from requests_app.tally import Counted, Cut, Grain, Sums
from slas import engine
from slas.models import Clock, ClockQuerySet
from slas.tallied import TALLY, UNSWEPT

Departments = Collection[int] | None
"""Ids of the accountable departments; None is the whole organisation."""

METRICS = tuple(str(one) for one in engine.Metric)


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
class Attainments(Counted):
    """Kept and missed, by metric, period, department and the values of a cut."""

    def of(
        self,
        *,
        metric: str,
        period: date | None = None,
        department: int | None = None,
        value: int | None = None,
    ) -> Attainment:
        """Kept and missed of one of each; None stands for all together."""
        found = self.sums.of(period, department, value, str(metric))
        return Attainment(found.get("met", 0), found.get("missed", 0))

    def stopped(
        self,
        *,
        metric: str,
        period: date | None = None,
        department: int | None = None,
        value: int | None = None,
    ) -> int:
        """How many clocks ended, late or not, in the period."""
        number: int = self.sums.of(period, department, value, str(metric)).get("ended", 0)
        return number


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many, by metric, department and the values of a cut."""

    sums: Sums
    measure: str

    def of(self, *, metric: str, department: int | None = None, value: int | None = None) -> int:
        """How many of one of each; None stands for all together."""
        number: int = self.sums.of(None, department, value, str(metric)).get(self.measure, 0)
        return number


def attainments(
    departments: Departments,
    reporting: Reporting,
    *,
    grain: Grain,
    since: date,
    until: date | None = None,
    cut: Cut = Cut.WHOLE,
    metrics: Collection[str] = METRICS,
    together: bool = False,
) -> Attainments:
    """Share within the promise by day or by month, and by a cut; one query for everything.

    A clock is decided at the earlier of its stop and its due time: so each counts once, unanswered
    ones are included, swept or not, and a past figure never changes. It counts for department,
    service and priority as they were when it was decided. `since` and `until` are the first and
    the last day, or firsts of months, both included; without `until`, up to now. `Cut.ASKED`, the
    hour of the week in which the clock started, is kept by month. `together`: all periods as one.
    """
    read = TALLY.read(
        departments,
        reporting,
        grain=grain,
        cut=cut,
        since=since,
        until=until or date.max,
        keys={"metric": metrics},
        live=UNSWEPT,
        earlier_as=date.max if together else None,
    )
    return Attainments(read)


def decided_clocks(
    departments: Departments,
    metric: str,
    start: datetime,
    end: datetime,
    *,
    met: bool | None = None,
    cut: Cut = Cut.WHOLE,
    value: int = 0,
    reporting: Reporting | None = None,
) -> ClockQuerySet:
    """The clocks that `attainments` counts in [start, end), for the list behind it.

    With `reporting` those that fell due and wait for the sweep are among them.
    """
    decided = Q(decided_at__gte=start, decided_at__lt=end)
    if reporting is not None:
        decided |= Q(
            decided_at=None,
            next_check_at__lte=reporting.now,
            due_at__gte=start,
            due_at__lt=min(end, reporting.now),
        )
    clocks = of(departments, metric).filter(decided, in_figures=True)
    if met is not None:
        kept = Q(breached_at=None, decided_at__isnull=False)
        clocks = clocks.filter(kept if met else ~kept)
    return clocks.of_cut(cut, value, reporting)


def attainment(departments: Departments, metric: str, start: datetime, end: datetime) -> Attainment:
    """Share within the promise between any two moments, counted from the clocks themselves."""
    counted = of(departments, metric).decided_in(start, end).aggregate(**_VERDICTS)
    return Attainment(**counted)


def attainment_by_department(
    departments: Departments, metric: str, start: datetime, end: datetime
) -> dict[int, Attainment]:
    """The same for each accountable department that had any: one query."""
    decided = of(departments, metric).decided_in(start, end).values("department_id")
    rows: Any = decided.annotate(**_VERDICTS).order_by("department_id")
    return {row["department_id"]: Attainment(row["met"], row["missed"]) for row in rows}


def of(departments: Departments, metric: str) -> ClockQuerySet:
    """The clocks of a metric for which these departments answer."""
    clocks = Clock.objects.filter(metric=str(metric))
    return clocks if departments is None else clocks.filter(department__in=list(departments))


_VERDICTS = {
    "met": Count("pk", filter=Q(breached_at=None)),
    "missed": Count("pk", filter=Q(breached_at__isnull=False)),
}
