"""A month of a calendar, day by day: what a page draws of it. Pure."""

from __future__ import annotations

import calendar as weeks
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from calendars.contents import Contents, Hours
from calendars.worktime import merged_intervals

FIRST_YEAR, LAST_YEAR = 1970, 2150
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Month:
    """A year and a month of it."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @classmethod
    def read(cls, text: str, otherwise: date) -> Month:
        """From "2026-12"; that of another date where it is no month that can be shown."""
        year, _sign, number = text.partition("-")
        if all(part.isascii() and part.isdigit() and len(part) <= 4 for part in (year, number)):
            found = cls(int(year), int(number))
            if FIRST_YEAR <= found.year <= LAST_YEAR and 1 <= found.number <= 12:
                return found
        return cls(otherwise.year, otherwise.month)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def before(self) -> Month:
        """The month before."""
        return self._of(self.first - timedelta(days=1))

    @property
    def after(self) -> Month:
        """The month after."""
        return self._of(self.first + timedelta(days=31))

    @staticmethod
    def _of(day: date) -> Month:
        return Month(day.year, day.month)

    def dates(self) -> list[date]:
        """Its days."""
        last = weeks.monthrange(self.year, self.number)[1]
        return [date(self.year, self.number, number) for number in range(1, last + 1)]


@dataclass(frozen=True, slots=True)
class Day:
    """What one date looks like."""

    on: date
    hours: Hours
    holiday: str = ""
    """The public holiday's name, whether closed or worked."""
    closed: str = ""
    """The name of the department's own closed day."""
    is_special: bool = False
    """It has hours of its own."""
    until: str = ""
    """When the night that opened the day before ends on it; empty where none did."""
    clock: int = 0
    """By how many minutes its clock goes forward (or back, negative) on this date."""

    @property
    def is_open(self) -> bool:
        """Something opens on it."""
        return bool(self.hours)

    @property
    def column(self) -> int:
        """Monday is 1."""
        return self.on.isoweekday()


def days_of(said: Contents, month: Month) -> list[Day]:
    """The days of a month as the calendar has them. Raises UnknownCountry."""
    dates = month.dates()
    public = said.public_holidays({dates[0].year, (dates[0] - DAY).year})
    night = _night_after(_hours(said, public, dates[0] - DAY))
    days = []
    for on in dates:
        hours = _hours(said, public, on)
        days.append(_day(said, public, on, hours, night))
        night = _night_after(hours)
    return days


def _day(said: Contents, public: dict[date, str], on: date, hours: Hours, night: str) -> Day:
    return Day(
        on,
        hours,
        public.get(on, ""),
        said.own_closed.get(on, ""),
        on in said.special and not _is_closed(said, public, on),
        night,
        _clock_change(said.zone, on),
    )


def _hours(said: Contents, public: dict[date, str], on: date) -> Hours:
    if _is_closed(said, public, on):
        return ()
    return merged_intervals(said.special.get(on, said.hours.get(on.weekday(), ())))


def _is_closed(said: Contents, public: dict[date, str], on: date) -> bool:
    return on in said.own_closed or (on in public and on not in said.removed_holidays)


def _night_after(hours: Hours) -> str:
    """When the last of these hours ends on the next day."""
    return max((closes for opens, closes in hours if closes <= opens), default="")


def _clock_change(zone: str, on: date) -> int:
    """The offset at the end of a local day less that at its beginning, in minutes."""
    place = ZoneInfo(zone)
    begins, ends = (
        datetime.combine(day, time(), place).astimezone(UTC).astimezone(place).utcoffset()
        for day in (on, on + timedelta(days=1))
    )
    assert begins is not None
    assert ends is not None
    return int((ends - begins).total_seconds()) // 60
