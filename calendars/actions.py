"""Deeds on calendars: make one, publish a version, write out holidays further ahead."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from calendars import access
from calendars.contents import Contents
from calendars.models import Calendar, CalendarVersion
from calendars.worktime import Intervals
from people import audit
from people.models import Department, User

log = logging.getLogger(__name__)

LONGEST_NAME = 80
AUDITED = (
    "number", "zone", "hours", "country", "subdivision", "own_closed", "removed_holidays",
    "special",
)  # fmt: skip
"""What the audit of a calendar tells of; the holidays themselves follow from it."""

EXTEND_YEARS_BEFORE = 4
"""Versions are renewed when holidays are written out for fewer years than this ahead."""

DEFAULT_NAME = "Office hours"
DEFAULT_HOURS: dict[int, Intervals] = {
    weekday: [("09:00", "12:30"), ("13:30", "17:30")] for weekday in range(5)
}


class StaleCalendar(Exception):
    """Someone else has changed the calendar since it was read."""


class BadName(ValueError):
    """A name that a calendar cannot have; the message says why."""


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
    said = Contents(
        zone, hours, country, subdivision, dict(own_closed or {}), frozenset(removed_holidays),
        dict(special or {}),
    )  # fmt: skip
    return publish(calendar, said, by=by, at=at)


@transaction.atomic
def publish(
    calendar: Calendar, said: Contents, *, by: User | None, at: datetime
) -> CalendarVersion:
    """Write down a new version that says this; the audit says what is different.

    Raises as `publish_version` does.
    """
    Calendar.objects.select_for_update(no_key=True).get(pk=calendar.pk)
    last = calendar.versions.order_by("-number").first()
    work_calendar = said.work_calendar(at)
    years = said.years_around(at)
    stored = work_calendar.to_dict()
    version = CalendarVersion.objects.create(
        calendar=calendar,
        number=1 if last is None else last.number + 1,
        zone=said.zone,
        hours=stored["hours"],
        country=said.country,
        subdivision=said.subdivision,
        closed=_written(said.closed(years)),
        own_closed=_written(said.own_closed),
        removed_holidays=sorted(day.isoformat() for day in said.removed_holidays),
        special=stored["special"],
        covers_until=date(years[-1], 12, 31),
        created_at=at,
        created_by=by,
    )
    if last is not None or by is not None:
        before = {} if last is None else audit.state(last, AUDITED)
        changes = audit.difference(before, audit.state(version, AUDITED))
        audit.record("changed" if last else "created", calendar, changes, by=by, at=at)
    return version


@transaction.atomic
def change(
    calendar: Calendar, said: Contents, *, seen: int, by: User | None, at: datetime
) -> CalendarVersion | None:
    """Let a calendar say something else; None where it says that already.

    `seen` is the number of the version that was read. Raises StaleCalendar if there is a newer
    one; PermissionDenied to whoever does not lead the department; else as `publish_version` does.
    """
    access.require_edit(by, calendar.department_id)
    Calendar.objects.select_for_update(no_key=True).get(pk=calendar.pk)
    last = calendar.versions.order_by("-number").first()
    if (last.number if last else 0) != seen:
        raise StaleCalendar
    wanted = said.tidy()
    if last is not None and Contents.of(last) == wanted:
        return None
    return publish(calendar, wanted, by=by, at=at)


@transaction.atomic
def create(
    department: Department, name: str, said: Contents, *, by: User | None, at: datetime
) -> Calendar:
    """Give a department one more calendar; its first one becomes the default.

    Raises BadName; PermissionDenied; else as `publish_version` does.
    """
    access.require_edit(by, department.pk)
    first = not department.calendars.filter(is_default=True).exists()
    try:
        with transaction.atomic():
            calendar = Calendar.objects.create(
                department=department, name=_named(name), is_default=first
            )
    except IntegrityError as error:
        raise _taken(name) from error
    publish(calendar, said.tidy(), by=by, at=at)
    return calendar


@transaction.atomic
def rename(calendar: Calendar, name: str, *, by: User | None, at: datetime) -> Calendar:
    """Call a calendar something else. Raises BadName, PermissionDenied."""
    access.require_edit(by, calendar.department_id)
    locked = Calendar.objects.select_for_update(no_key=True).get(pk=calendar.pk)
    before, locked.name = locked.name, _named(name)
    if locked.name != before:
        try:
            with transaction.atomic():
                locked.save(update_fields=["name"])
        except IntegrityError as error:
            raise _taken(name) from error
        audit.record("changed", locked, {"name": [before, locked.name]}, by=by, at=at)
    return locked


@transaction.atomic
def make_default(calendar: Calendar, *, by: User | None, at: datetime) -> Calendar:
    """Let this be the calendar of promises that name none. Raises PermissionDenied."""
    access.require_edit(by, calendar.department_id)
    theirs = Calendar.objects.filter(department=calendar.department_id)
    rows = list(theirs.select_for_update(no_key=True).order_by("pk"))
    for one in rows:
        if one.is_default and one.pk != calendar.pk:
            one.is_default = False
            one.save(update_fields=["is_default"])
            audit.record("changed", one, {"is_default": [True, False]}, by=by, at=at)
    chosen = next(one for one in rows if one.pk == calendar.pk)
    if not chosen.is_default:
        chosen.is_default = True
        chosen.save(update_fields=["is_default"])
        audit.record("changed", chosen, {"is_default": [False, True]}, by=by, at=at)
    return chosen


def _named(name: str) -> str:
    said = " ".join(name.replace("\x00", "").split())
    if not said:
        raise BadName(_("Give the calendar a name."))
    if len(said) > LONGEST_NAME:
        raise BadName(_("A name has %(most)d letters at most.") % {"most": LONGEST_NAME})
    return said


def _taken(name: str) -> BadName:
    return BadName(_("There is a calendar “%(name)s” already.") % {"name": " ".join(name.split())})


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
    return publish(calendar, Contents.of(current), by=by, at=at)


def extend_horizons(*, at: datetime) -> int:
    """Extend every calendar that needs it; returns how many. One that cannot be is reported."""
    extended = 0
    for calendar in Calendar.objects.order_by("pk"):
        try:
            extended += extend_horizon(calendar, at=at) is not None
        except ValueError as error:
            log.warning("Calendar %s keeps its holidays as they are: %s", calendar.pk, error)
    return extended


def _written(days: Mapping[date, str]) -> dict[str, Any]:
    return {day.isoformat(): name for day, name in sorted(days.items())}
