"""Lengths of working time and moments in words, as promises say them. Pure: time is an argument.

A working day has 8 hours, as in the targets. Pages find these words in servicedesk/wording.py,
which hands them on beside its own.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, ngettext, pgettext

from calendars.worktime import WORKING_DAY
from people.translated import gettext, gettext_in

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def duration(length: timedelta, language: str | None = None) -> str:
    """Say how long: "40 min", "2 h 10 min", "1 day 4 h", "5 days"; the sign is dropped.

    `language`, here and below, is the reader's where it is known already.
    """
    return _duration(abs(length) // MINUTE, language or get_language())


@lru_cache(maxsize=4096)
def _duration(whole_minutes: int, _language: str | None) -> str:
    if not whole_minutes:
        return gettext("under a minute")
    days, rest = divmod(whole_minutes * MINUTE, WORKING_DAY)
    hours, rest = divmod(rest, HOUR)
    minutes = rest // MINUTE
    parts: list[str] = []
    if days:
        parts.append(ngettext("%(count)d day", "%(count)d days", days) % {"count": days})
    if hours and days < 5:
        parts.append(gettext("%(count)d h") % {"count": hours})
    if minutes and not days:
        parts.append(gettext("%(count)d min") % {"count": minutes})
    return " ".join(parts)


def budget(length: timedelta, language: str | None = None) -> str:
    """Say how much is promised: "30 min", "4 h", "1 working day", "3 working days"."""
    return _budget(length, language or get_language())


@lru_cache(maxsize=1024)
def _budget(length: timedelta, language: str | None) -> str:
    days, rest = divmod(length, WORKING_DAY)
    if days and not rest:
        return ngettext("%(count)d working day", "%(count)d working days", days) % {"count": days}
    return duration(length, language)


def moment(
    at: datetime, now: datetime, *, inside: bool = False, language: str | None = None
) -> str:
    """Say when, both local already: "Today, 09:12", "Mon 16 Nov, 09:58".

    `inside` is for the middle of a sentence ("due today, 16:00").
    """
    language = language or get_language()
    return gettext_in(language)("%(day)s, %(time)s") % {
        "day": day(at, now, inside=inside, language=language),
        "time": at.strftime("%H:%M"),
    }


def day(at: datetime, now: datetime, *, inside: bool = False, language: str | None = None) -> str:
    """Say on which day: "Yesterday", "Mon 16 Nov"; the year only where it is another one."""
    language, on = language or get_language(), at.date()
    days = (on - now.date()).days
    if -1 <= days <= 1:
        return _near(days, inside, language)
    return _date_words(on, "D j M" if at.year == now.year else "D j M Y", language)


@lru_cache(maxsize=64)
def _near(days: int, inside: bool, _language: str | None) -> str:
    match days:
        case -1:
            return pgettext("inside a sentence", "yesterday") if inside else gettext("Yesterday")
        case 0:
            return pgettext("inside a sentence", "today") if inside else gettext("Today")
    return pgettext("inside a sentence", "tomorrow") if inside else gettext("Tomorrow")


def date_words(on: date, pattern: str) -> str:
    """Say a date by a pattern of Django's; a page says the same few again and again."""
    return _date_words(on, pattern, get_language())


@lru_cache(maxsize=1024)
def _date_words(on: date, pattern: str, _language: str | None) -> str:
    return format_date(on, pattern)


def city(zone: str) -> str:
    """The place by which people know a time zone: "Europe/Dublin" is Dublin."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")
