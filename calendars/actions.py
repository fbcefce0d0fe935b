"""Deeds on calendars: make one, publish a version, write out holidays further ahead."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from calendars import holidays_source
from calendars.models import Calendar, CalendarVersion
from calendars.worktime import Intervals, WorkCalendar
from people.models import Department, User

log = logging.getLogger(__name__)

YEARS_BACK = 5
YEARS_AHEAD = 6
EXTEND_YEARS_BEFORE = 4
"""Versions are renewed when holidays are written out for fewer years than this ahead."""

DEFAULT_NAME = "Office hours"
DEFAULT_HOURS: dict[int, Intervals] = {
    weekday: [("09:00", "12:30"), ("13:30", "17:30")] for weekday in range(5)
}


@transaction.atomic
def publish_version(
    calendar: Calendar,
    *,
    zone: str,
    hours: Mapping[int, Intervals],
    country: str = "",
    subdivision: str = "",
    own_closed: Mapping[date, str] | None = None,
    removed_holidays: Collection[date] = (),
    special: Mapping[date, Intervals] | None = None,
    by: User | None,
    at: datetime,
) -> CalendarVersion:
    """Write down a new version of a calendar, with the public holidays of the years around `at`.

    `own_closed` gives the department's own closed dates with their names and beats everything;
    `removed_holidays` are public holidays on which it works all the same. To work special hours
    on a public holiday, name it in both `removed_holidays` and `special`.

    Raises BadHours, UnknownCountry, or CalendarNeverOpens if it stays closed for five years; each
    is a ValueError whose message can be shown.
    """
    Calendar.objects.select_for_update(no_key=True).get(pk=calendar.pk)
    own = dict(own_closed or {})
    own_only = WorkCalendar(zone, hours, own, special)
    year = at.astimezone(ZoneInfo(own_only.zone)).year
    years = range(year - YEARS_BACK, year + YEARS_AHEAD + 1)
    holidays = holidays_source.public_holidays(country, subdivision, years)
    closed = {day: name for day, name in holidays.items() if day not in removed_holidays} | own
    work_calendar = WorkCalendar(zone, hours, closed, special)
    work_calendar.require_opening(at)
    stored = work_calendar.to_dict()
    return CalendarVersion.objects.create(
        calendar=calendar,
        number=_next_number(calendar),
        zone=zone,
        hours=stored["hours"],
        country=country,
        subdivision=subdivision,
        closed=_written(closed),
        own_closed=_written(own),
        removed_holidays=sorted(day.isoformat() for day in set(removed_holidays)),
        special=stored["special"],
        covers_until=date(years[-1], 12, 31),
        created_at=at,
        created_by=by,
    )


def create_default(department: Department, *, at: datetime, by: User | None = None) -> Calendar:
    """Give a department its default calendar, with a first version; the one it has if it has one.

    Monday to Friday 09:00–12:30 and 13:30–17:30 in its zone, public holidays of its country.
    Raises as `publish_version` does.
    """
    try:
        with transaction.atomic():
            calendar = Calendar.objects.create(
                department=department, name=DEFAULT_NAME, is_default=True
            )
            publish_version(
                calendar,
                zone=department.zone,
                hours=DEFAULT_HOURS,
                country=department.country,
                subdivision=department.subdivision,
                by=by,
                at=at,
            )
    except IntegrityError:
        return Calendar.objects.get(department=department, is_default=True)
    return calendar


@transaction.atomic
def extend_horizon(
    calendar: Calendar, *, at: datetime, by: User | None = None
) -> CalendarVersion | None:
    """Publish the calendar's current version again once its written-out holidays run short.

    Nothing else changes: same hours, same own days. Returns None while enough years are left, or
    if it has no version. What was promised before keeps its version, which still reaches further
    than any promise.
    """
    Calendar.objects.select_for_update(no_key=True).get(pk=calendar.pk)
    current = calendar.versions.current().first()
    if current is None or current.covers_until.year >= at.year + EXTEND_YEARS_BEFORE:
        return None
    kept = WorkCalendar.from_dict(
        {"zone": current.zone, "hours": current.hours, "special": current.special}
    )
    return publish_version(
        calendar,
        zone=current.zone,
        hours=kept.hours,
        country=current.country,
        subdivision=current.subdivision,
        own_closed={date.fromisoformat(day): name for day, name in current.own_closed.items()},
        removed_holidays=[date.fromisoformat(day) for day in current.removed_holidays],
        special=kept.special,
        by=by,
        at=at,
    )


def extend_horizons(*, at: datetime) -> int:
    """Extend every calendar that needs it; returns how many. One that cannot be is reported."""
    extended = 0
    for calendar in Calendar.objects.order_by("pk"):
        try:
            extended += extend_horizon(calendar, at=at) is not None
        except ValueError as error:
            log.warning("Calendar %s keeps its holidays as they are: %s", calendar.pk, error)
    return extended


def _next_number(calendar: Calendar) -> int:
    """The number after the last; the caller holds the calendar's row."""
    last = calendar.versions.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def _written(days: Mapping[date, str]) -> dict[str, Any]:
    return {day.isoformat(): name for day, name in sorted(days.items())}
