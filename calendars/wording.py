"""Hours and days in words, as the pages about calendars say them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.dateformat import format as format_date
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from calendars import holidays_source
from calendars.worktime import SEARCH_YEARS, Intervals


def hours(given: Intervals) -> str:
    """The hours of a day: "09:00–12:30, 13:30–17:30", or "closed"."""
    if not given:
        return _("closed")
    return ", ".join(f"{opens}–{closes}" for opens, closes in given)


def week(given: Mapping[int, Intervals]) -> list[tuple[str, str]]:
    """The week in as few lines as say it all: [("Mon–Fri", "09:00–17:30")]; open days only."""
    lines: list[tuple[int, int, str]] = []
    for day in range(7):
        if not (said := given.get(day, ())):
            continue
        words = hours(said)
        if lines and lines[-1][1] == day - 1 and lines[-1][2] == words:
            lines[-1] = (lines[-1][0], day, words)
        else:
            lines.append((day, day, words))
    return [(_days(first, last), words) for first, last, words in lines]


def _days(first: int, last: int) -> str:
    if first == last:
        return str(WEEKDAYS_ABBR[first])
    return f"{WEEKDAYS_ABBR[first]}–{WEEKDAYS_ABBR[last]}"


def weekday(number: int) -> str:
    """Its name; Monday is 0."""
    return str(WEEKDAYS[number])


def day(on: date) -> str:
    """A date: "Fri 25 Dec 2026"."""
    return format_date(on, "D j M Y")


def days(some: Iterable[tuple[date, str]]) -> str:
    """Some dates with their names, in one line."""
    return ", ".join(f"{day(on)} ({name})" if name else day(on) for on, name in some)


def country(code: str, subdivision: str = "") -> str:
    """The place whose public holidays count: "Germany, Bayern"; "none" where there is none."""
    if not code:
        return _("none")
    name = holidays_source.country_names().get(code, code)
    if not subdivision:
        return name
    part = holidays_source.subdivision_names(code).get(subdivision, subdivision)
    return f"{name}, {part}"


def never_opens(*, has_hours: bool) -> str:
    """Why a calendar cannot be kept: it has no hours at all, or all of them fall on closed days."""
    if not has_hours:
        return _("This calendar never opens: give at least one day its hours.")
    return _(
        "This calendar is closed for the next %(years)d years: remove closed days or add hours."
    ) % {"years": SEARCH_YEARS}
