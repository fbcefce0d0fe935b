"""Calendars of departments, in immutable versions with every closed date written out."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from calendars.worktime import WorkCalendar
from people.models import Department


class Calendar(models.Model):
    """A way of working that a department may have; what it says stands in its versions."""

    department = models.ForeignKey(Department, models.PROTECT, related_name="calendars")
    name = models.CharField(_("name"), max_length=80)
    is_default = models.BooleanField(
        _("default"), default=False, help_text=_("Promises that name no calendar use this one.")
    )

    class Meta:
        ordering = ("department", "name")
        constraints = (
            models.UniqueConstraint(fields=("department", "name"), name="calendar_name_once"),
            models.UniqueConstraint(
                fields=("department",),
                condition=models.Q(is_default=True),
                name="one_default_calendar_per_department",
            ),
        )

    def __str__(self) -> str:
        return f"{self.department}: {self.name}"


class CalendarVersionQuerySet(models.QuerySet["CalendarVersion"]):
    """Words about which version counts."""

    def current(self) -> CalendarVersionQuerySet:
        """The newest version of each calendar."""
        newer = CalendarVersion.objects.filter(
            calendar=models.OuterRef("calendar"), number__gt=models.OuterRef("number")
        )
        return self.filter(~models.Exists(newer))

    def current_for(self, department: Department | int) -> CalendarVersionQuerySet:
        """The newest version of the department's default calendar: one row, or none."""
        return self.current().filter(calendar__department=department, calendar__is_default=True)


class CalendarVersion(models.Model):
    """What a calendar says from its publication on. A trigger refuses to change or delete it.

    Dates are written "2026-12-25". `closed` holds every closed date that counts, with its name:
    the public holidays of the years covered, less those removed, and the department's own days.
    `own_closed` and `removed_holidays` are kept beside it so that a next version can start from
    them. `hours` and `special` are as `WorkCalendar.to_dict` writes them.
    """

    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    zone = models.CharField(_("time zone"), max_length=64)
    hours = models.JSONField(_("weekly hours"))
    country = models.CharField(_("country"), max_length=2, blank=True)
    subdivision = models.CharField(_("subdivision"), max_length=6, blank=True)
    closed = models.JSONField(_("closed dates"), default=dict)
    own_closed = models.JSONField(_("own closed dates"), default=dict)
    removed_holidays = models.JSONField(_("holidays worked"), default=list)
    special = models.JSONField(_("special days"), default=dict)
    covers_until = models.DateField(
        _("covers until"), help_text=_("Public holidays are written out up to this date.")
    )
    created_at = models.DateTimeField(_("published"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CalendarVersionQuerySet.as_manager()

    class Meta:
        ordering = ("calendar", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("calendar", "number"), name="calendar_version_number_once"
            ),
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="calendar_version_number_from_one"
            ),
        )

    def __str__(self) -> str:
        return f"{self.calendar}, version {self.number}"

    @property
    def work_calendar(self) -> WorkCalendar:
        """The arithmetic of this version, built once in each process."""
        return _built.lately(self.pk) or _built.keep(self)

    def closed_dates(self) -> dict[date, str]:
        """Every closed date that counts, in order, with its name."""
        return {date.fromisoformat(day): name for day, name in sorted(self.closed.items())}


def current_version(department_id: int) -> CalendarVersion:
    """The newest version of a department's default calendar.

    Raises CalendarVersion.DoesNotExist where the department has none yet.
    """
    return CalendarVersion.objects.current_for(department_id).get()


def work_calendars(version_ids: set[int]) -> dict[int, WorkCalendar]:
    """The arithmetic of these versions: one query, or none when all were used lately."""
    found = {pk: built for pk in version_ids if (built := _built.lately(pk)) is not None}
    missing = version_ids - found.keys()
    if missing:
        versions = CalendarVersion.objects.filter(pk__in=missing)
        found |= {version.pk: version.work_calendar for version in versions}
    return found


class _Built:
    """The calendars used last in this process, by version: versions never change."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._calendars: OrderedDict[int, WorkCalendar] = OrderedDict()

    def lately(self, pk: int) -> WorkCalendar | None:
        with self._lock:
            if pk in self._calendars:
                self._calendars.move_to_end(pk)
            return self._calendars.get(pk)

    def keep(self, version: CalendarVersion) -> WorkCalendar:
        built = WorkCalendar.from_dict(
            {
                "zone": version.zone,
                "hours": version.hours,
                "closed": list(version.closed),
                "special": version.special,
            }
        )
        if version._state.adding:
            return built
        with self._lock:
            # Another thread may have been quicker; all share the one that has begun to fill.
            built = self._calendars.setdefault(version.pk, built)
            while len(self._calendars) > self._size:
                self._calendars.popitem(last=False)
        return built

    def forget(self) -> None:
        """For tests that reset the numbering of rows."""
        with self._lock:
            self._calendars.clear()


_built = _Built(size=256)
