"""What a calendar looks like as it is typed: a month of it, and when a promise would be due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from calendars.contents import Contents
from calendars.month import Day, Month, days_of
from calendars.worktime import CalendarNeverOpens, WorkCalendar
from servicedesk.desk.calendars.form import HoursForm
from slas import wording

PROMISE = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Look:
    """What stands beside the form."""

    promise: str
    """The sentence about a promise made now; or why there is none."""
    is_sound: bool
    month: Month
    days: list[Day]
    today: int = 0
    """The day of this month that is today, on the calendar's wall; 0: it is in none."""

    @property
    def weekdays(self) -> list[str]:
        """The heads of the columns."""
        return [str(WEEKDAYS_ABBR[day]) for day in range(7)]


def look(form: HoursForm, month: str, now: datetime) -> Look:
    """Of a judged form."""
    form.is_valid()  # what is wrong stands beside the form; the name alone hides nothing
    if form.contents is None:
        shown = Month.read(month, now.date())
        return Look(
            _("As soon as what is typed can be read, you see here what it means."),
            is_sound=False,
            month=shown,
            days=[],
        )
    return look_at(form.contents, form.contents.work_calendar(now), month, now)


def look_at(said: Contents, calendar: WorkCalendar, month: str, now: datetime) -> Look:
    """Of a calendar as it would be kept."""
    zone = ZoneInfo(said.zone)
    here = now.astimezone(zone)
    shown = Month.read(month, here.date())
    is_now = (here.year, here.month) == (shown.year, shown.number)
    return Look(
        _promise(calendar, now, zone),
        is_sound=True,
        month=shown,
        days=days_of(said, shown),
        today=here.day if is_now else 0,
    )


def _promise(calendar: WorkCalendar, now: datetime, zone: ZoneInfo) -> str:
    try:
        due = calendar.due(now, PROMISE)
    except CalendarNeverOpens:
        return _("A promise of 4 hours made now would never be due: too few hours are left.")
    return _("A promise of 4 hours made now would be due %(moment)s, %(place)s time.") % {
        "moment": wording.moment(due.astimezone(zone), now.astimezone(zone), inside=True),
        "place": wording.city(str(zone)),
    }
