"""What is open: now, at the end of each day, and since when."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from requests_app.figures.moving import Flows
from requests_app.flow import TALLY
from requests_app.models import ServiceRequest, ServiceRequestQuerySet
from requests_app.reporting import Month, Reporting
from requests_app.tally import Counted, Cut, Grain, Sums

CHANGE = ("change",)


@dataclass(frozen=True, slots=True)
class Age:
    """How long ago something was asked for, in days of the reporting zone."""

    name: str
    title: Any
    least: int
    most: int | None
    """Included; None: without end."""

    def holds(self, days: int) -> bool:
        """Whether it is that long ago."""
        return self.least <= days and (self.most is None or days <= self.most)


AGES = (
    Age("today", _("Today"), 0, 0),
    Age("1-2", _("1 to 2 days"), 1, 2),
    Age("3-7", _("3 to 7 days"), 3, 7),
    Age("8-14", _("8 to 14 days"), 8, 14),
    Age("15-30", _("15 to 30 days"), 15, 30),
    Age("31", _("Over 30 days"), 31, None),
)


@dataclass(frozen=True, slots=True)
class Backlog(Counted):
    """How many are open, by department and the values of a cut."""

    def of(self, *, department: int | None = None, value: int | None = None) -> int:
        """How many in one of each; None stands for all together."""
        number: int = self.sums.of(None, department, value).get("change", 0)
        return number


@dataclass(frozen=True, slots=True)
class Ages:
    """How many are open, by department, the values of a cut, and age."""

    sums: Sums
    today: date

    def of(self, *, department: int | None = None, value: int | None = None) -> list[int]:
        """For each of `AGES`, how many; None stands for all together."""
        found = [0] * len(AGES)
        for asked_on, its_department, its_value, number in self.sums.rows:
            if department in (None, its_department) and value in (None, its_value):
                days = max(0, (self.today - asked_on).days)
                found[next(i for i, age in enumerate(AGES) if age.holds(days))] += number
        return found


def backlog(
    departments: Collection[int] | None, reporting: Reporting, cut: Cut = Cut.WHOLE
) -> Backlog:
    """Requests that are open now, with whom they are now; one query. Restricted ones count."""
    return Backlog(TALLY.read(departments, reporting, grain=Grain.EVER, cut=cut, measures=CHANGE))


def backlog_by_day(
    departments: Collection[int] | None,
    reporting: Reporting,
    days: Sequence[date],
    cut: Cut = Cut.WHOLE,
    value: int | None = None,
) -> dict[date, int]:
    """How many were open at the end of each of these days in a row, today: now; two queries.

    What is open now, less what came and plus what left since.
    """
    if not days:
        return {}
    number = backlog(departments, reporting, cut).of(value=value)
    changes = TALLY.read(
        departments,
        reporting,
        grain=Grain.DAY,
        cut=cut,
        since=min(days) + timedelta(days=1),
        measures=CHANGE,
    )
    found = {}
    day = reporting.today
    wanted = set(days)
    while day >= min(days):
        if day in wanted:
            found[day] = number
        number -= changes.of(day, None, value).get("change", 0)
        day -= timedelta(days=1)
    return {day: found[day] for day in days if day in found}


def backlog_by_month(opened: Backlog, flowed: Flows, months: Sequence[Month]) -> dict[date, int]:
    """How many were open at the end of each of these months in a row, the running one last: now.

    As `backlog_by_day`, of figures that were read already (`flowed` by month, from the first of
    them until now): no query.
    """
    number, found = opened.of(), {}
    for month in reversed(months):
        found[month.first] = number
        number -= flowed.of(period=month.first).change
    return found


def backlog_ages(
    departments: Collection[int] | None, reporting: Reporting, cut: Cut = Cut.WHOLE
) -> Ages:
    """Open requests by the days since the day they were asked for; one query."""
    read = TALLY.read(
        departments,
        reporting,
        grain=Grain.ASKED,
        cut=cut,
        only_where="c.change <> 0",
        measures=CHANGE,
        earlier_as=reporting.today - timedelta(days=AGES[-1].least),
    )
    return Ages(read, reporting.today)


def open_requests(
    departments: Collection[int] | None,
    reporting: Reporting,
    *,
    age: Age | None = None,
    cut: Cut = Cut.WHOLE,
    value: int = 0,
) -> ServiceRequestQuerySet:
    """The requests that `backlog` and `backlog_ages` count, for the list behind them."""
    requests = ServiceRequest.objects.open()
    if departments is not None:
        requests = requests.filter(provider_department__in=list(departments))
    if age is not None:
        if age.least > 0:
            newest = reporting.today - timedelta(days=age.least - 1)
            requests = requests.filter(submitted_at__lt=reporting.begins(newest))
        if age.most is not None:
            oldest = reporting.today - timedelta(days=age.most)
            requests = requests.filter(submitted_at__gte=reporting.begins(oldest))
    match cut:
        case Cut.SERVICE:
            requests = requests.filter(service=value)
        case Cut.CLIENT:
            requests = requests.filter(client_department=value)
        case Cut.PRIORITY:
            requests = requests.filter(priority=f"P{value}")
    return requests
