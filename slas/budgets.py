"""Lengths of working time as people type them: "30 min", "4 h", "2 days". Pure.

A day is a working day of 8 hours, as in the targets. What is written reads back as the same.
"""

from __future__ import annotations

import re
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calendars.worktime import WORKING_DAY

_UNITS: dict[str, timedelta] = {
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), timedelta(minutes=1)),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), timedelta(hours=1)),
    **dict.fromkeys(("d", "wd", "day", "days"), WORKING_DAY),
    **dict.fromkeys(("w", "week", "weeks"), 5 * WORKING_DAY),
}
_PART = re.compile(r"(\d{1,5})(?:[.,](\d))?\s*([a-z]+)\s*(?:,|and)?\s*")


class BadBudget(ValueError):
    """It cannot be read as a length of time; the message says how to write one."""


def read(text: str) -> timedelta:
    """The length that was typed. Raises BadBudget.

    "90 min", "1 h 30 min", "1.5 h", "2 days", "3 working days", "1 week".
    """
    rest = re.sub(r"\bworking\b|\bbusiness\b", " ", text.strip().lower())
    rest = " ".join(rest.split())
    total, place = timedelta(0), 0
    while place < len(rest):
        part = _PART.match(rest, place)
        if part is None or part[3] not in _UNITS:
            raise BadBudget(_unread())
        whole, tenth, unit = part.groups()
        total += _UNITS[unit] * int(whole) + _UNITS[unit] * int(tenth or 0) / 10
        place = part.end()
    if not place:
        raise BadBudget(_unread())
    return total


def _unread() -> str:
    return _("Write it like “30 min”, “4 h” or “2 days”.")


def write(length: timedelta) -> str:
    """The length as it is typed: "30 min", "1 h 30 min", "2 days 4 h"; exact to the minute."""
    days, rest = divmod(length, WORKING_DAY)
    hours, rest = divmod(rest, timedelta(hours=1))
    minutes = rest // timedelta(minutes=1)
    parts = []
    if days:
        parts.append(ngettext("%(count)d day", "%(count)d days", days) % {"count": days})
    if hours:
        parts.append(_("%(count)d h") % {"count": hours})
    if minutes or not parts:
        parts.append(_("%(count)d min") % {"count": minutes})
    return " ".join(parts)
