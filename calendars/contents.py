"""What a calendar says: all that one version keeps, as a plain value. No query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from calendars import holidays_source
from calendars.worktime import BadHours, Intervals, WorkCalendar, merged_intervals

if TYPE_CHECKING:
    from calendars.models import CalendarVersion

YEARS_BACK = 5
YEARS_AHEAD = 6

Hours = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """Zone, weekly hours, holidays of which country, own closed days, special days."""

    zone: str
    hours: Mapping[int, Intervals]
    """Weekday (Monday is 0) to intervals, as `WorkCalendar` takes them."""
    country: str = ""
    subdivision: str = ""
    own_closed: Mapping[date, str] = field(default_factory=dict)
    removed_holidays: frozenset[date] = frozenset()
    """Public holidays on which it works all the same."""
    special: Mapping[date, Intervals] = field(default_factory=dict)

    @classmethod
    def of(cls, version: CalendarVersion) -> Contents:
        """What that version says."""
        return cls(
            zone=version.zone,
            hours={int(day): _tidy(given) for day, given in version.hours.items()},
            country=version.country,
            subdivision=version.subdivision,
            own_closed={
                date.fromisoformat(day): name for day, name in sorted(version.own_closed.items())
            },
            removed_holidays=frozenset(map(date.fromisoformat, version.removed_holidays)),
            special={
                date.fromisoformat(day): _tidy(given)
                for day, given in sorted(version.special.items())
            },
        )

    def tidy(self) -> Contents:
        """The same with every day's hours in order, overlapping and touching ones made one.

        Raises BadHours.
        """
        return Contents(
            self.zone,
            {day: _tidy(given) for day, given in sorted(self.hours.items()) if given},
            self.country,
            self.subdivision,
            dict(sorted(self.own_closed.items())),
            frozenset(self.removed_holidays),
            {day: _tidy(given) for day, given in sorted(self.special.items())},
        )

    def public_holidays(self, years: Iterable[int]) -> dict[date, str]:
        """All public holidays of these years, worked or not. Raises UnknownCountry."""
        return holidays_source.public_holidays(self.country, self.subdivision, years)

    def closed(self, years: Iterable[int]) -> dict[date, str]:
        """Every closed date that counts, with its name. Raises UnknownCountry."""
        public = self.public_holidays(years)
        kept = {day: name for day, name in public.items() if day not in self.removed_holidays}
        return kept | dict(self.own_closed)

    def years_around(self, at: datetime) -> range:
        """For which years holidays are written out at that moment. Raises BadHours."""
        try:
            year = at.astimezone(ZoneInfo(self.zone)).year
        except (LookupError, ValueError, OSError, TypeError) as error:
            raise BadHours(
                f"“{self.zone}” is not a time zone; use a name such as Europe/Dublin."
            ) from error
        return range(year - YEARS_BACK, year + YEARS_AHEAD + 1)

    def work_calendar(self, at: datetime) -> WorkCalendar:
        """The arithmetic, as a version published at that moment has it.

        Raises BadHours, UnknownCountry, or CalendarNeverOpens if it stays closed for five years.
        """
        # What was typed is judged before the country is asked for anything.
        WorkCalendar(self.zone, self.hours, self.own_closed, self.special)
        closed = self.closed(self.years_around(at))
        built = WorkCalendar(self.zone, self.hours, closed, self.special)
        built.require_opening(at)
        return built


def _tidy(given: Intervals) -> Hours:
    return merged_intervals(given)
