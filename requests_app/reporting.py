"""Days and months of the organisation's reporting zone: those of every figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from people.models import Organisation
from people.prepared import prepared


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month of the reporting zone."""

    first: date
    """Its first day; what results are filed under."""
    start: datetime
    """UTC, as `end`; the month is [start, end)."""
    end: datetime

    @property
    def next(self) -> date:
        """The first day of the month after it."""
        return _months_on(self.first, 1)


@dataclass(frozen=True, slots=True)
class Reporting:
    """A present moment, and the zone in which it has a day and a month."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The day it is there."""
        return self.now.astimezone(self.zone).date()

    @property
    def month(self) -> Month:
        """The month that it is there: the running one."""
        return self.month_of(self.today)

    @property
    def last_month(self) -> Month:
        """The month before the running one."""
        return self.month_of(_months_on(self.today.replace(day=1), -1))

    def month_of(self, day: date) -> Month:
        """The month that holds a day."""
        first = day.replace(day=1)
        return Month(first, self.begins(first), self.begins(_months_on(first, 1)))

    def months(self, n: int = 13) -> list[Month]:
        """The last `n` months, the oldest first, the running one at the end."""
        first = self.today.replace(day=1)
        return [self.month_of(_months_on(first, -back)) for back in range(n - 1, -1, -1)]

    def days(self, n: int = 90) -> list[date]:
        """The last `n` days, the oldest first, today at the end."""
        return [self.today - timedelta(days=back) for back in range(n - 1, -1, -1)]

    def begins(self, day: date) -> datetime:
        """When a day begins there, in UTC."""
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)

    def bounds(self, day: date) -> tuple[datetime, datetime]:
        """A day as [start, end), in UTC; 23 or 25 hours where the clocks change."""
        return self.begins(day), self.begins(day + timedelta(days=1))

    def day_of(self, at: datetime) -> date:
        """The day there of a moment."""
        return at.astimezone(self.zone).date()


def reporting(now: datetime) -> Reporting:
    """The reporting zone at `now`; one query. UTC where there is no organisation yet."""
    return Reporting(now, ZoneInfo(next(iter(_zones()), "") or "UTC"))


@prepared
def _zones() -> QuerySet[Organisation, str]:
    return Organisation.objects.filter(pk=1).values_list("reporting_zone", flat=True)


def _months_on(first: date, n: int) -> date:
    months = first.year * 12 + first.month - 1 + n
    return date(months // 12, months % 12 + 1, 1)
