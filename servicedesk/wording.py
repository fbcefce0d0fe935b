"""How moments, lengths of time and names are put into words. Pure: time and zone are arguments."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext, ngettext, pgettext

WORKING_DAY = timedelta(hours=8)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def moment(at: datetime, now: datetime, *, inside: bool = False) -> str:
    """Say when something was or will be: "Today, 09:12", "Mon 16 Nov, 09:58".

    Both are local already, in the reader's zone. `inside` is for the middle of a sentence
    ("due today, 16:00"). The year is said only where it is another one.
    """
    return gettext("%(day)s, %(time)s") % {
        "day": day(at, now, inside=inside),
        "time": at.strftime("%H:%M"),
    }


def day(at: datetime, now: datetime, *, inside: bool = False) -> str:
    """Say on which day something was or will be: "Yesterday", "Mon 16 Nov"."""
    distance = (at.date() - now.date()).days
    near = {
        -1: (gettext("Yesterday"), pgettext("inside a sentence", "yesterday")),
        0: (gettext("Today"), pgettext("inside a sentence", "today")),
        1: (gettext("Tomorrow"), pgettext("inside a sentence", "tomorrow")),
    }.get(distance)
    if near:
        return near[inside]
    return format_date(at, "D j M" if at.year == now.year else "D j M Y")


def whole_moment(at: datetime) -> str:
    """Say everything about a local moment: "Monday 16 November 2026, 09:58 (Europe/Dublin)"."""
    zone = getattr(at.tzinfo, "key", None) or at.tzname() or ""
    return f"{format_date(at, 'l j F Y, H:i')} ({zone})"


def zone_name(at: datetime) -> str:
    """Name the zone of a local moment as its clock does, such as GMT or CET."""
    return at.tzname() or ""


def duration(length: timedelta) -> str:
    """Put a length of working time into words: "40 min", "2 h 10 min", "1 day 4 h", "5 days".

    A working day has 8 hours, as in the targets. Seconds are dropped; the sign is too (whoever
    says "late by" has said it). Below a day minutes are said, from a day on hours, from five days
    on days only. Less than a minute is "under a minute".
    """
    length = abs(length)
    if length < MINUTE:
        return gettext("under a minute")
    days, rest = divmod(length, WORKING_DAY)
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


def initials(name: str) -> str:
    """Take the first letters of the first and the last word of a name: "Inês de Sá" is "IS"."""
    words = [word for word in name.split() if word[0].isalpha()]
    if not words:
        return ""
    ends = words[:1] if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in ends).upper()


def size(count: int) -> str:
    """Say how big a file is, in bytes: "12 KB", "3.4 MB"."""
    if count < 1_000_000:
        return gettext("%(count)d KB") % {"count": max(1, round(count / 1000))}
    return gettext("%(count).1f MB") % {"count": count / 1_000_000}
