"""Times, hours and dates as people write them. Pure."""

from __future__ import annotations

import re
from datetime import date

from calendars.contents import Hours

_TIME = re.compile(r"(\d{1,2})(?:[:.h ]?(\d{2}))?h?", re.ASCII)
_BETWEEN = re.compile(r"\s*(?:–|—|-|\bto\b)\s*")
_AND = re.compile(r"\s*(?:[,;\n]|\band\b)\s*")


def read_time(text: str) -> str:
    """ "9", "9:30", "09.30" or "0930" as "09:00" and so on; "" where it is no time of a day."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return ""
    hour, minute = int(found[1]), int(found[2] or 0)
    if (hour, minute) == (24, 0):
        return "24:00"
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else ""


def read_hours(text: str) -> Hours | None:
    """Some intervals in one line, such as "9–12:30, 13:30 to 17"; None where one cannot be read."""
    found = []
    for part in _AND.split(text.strip()):
        if not part:
            continue
        ends = _BETWEEN.split(part.strip())
        if len(ends) != 2:
            return None
        opens, closes = map(read_time, ends)
        if not opens or not closes or opens == "24:00":
            return None
        found.append((opens, closes))
    return tuple(found)


def write_hours(given: Hours) -> str:
    """Intervals in one line, as they can be read again."""
    return ", ".join(f"{opens}–{closes}" for opens, closes in given)


def read_date(text: str) -> date | None:
    """A date such as 2026-12-24, or 24.12.2026, or 24/12/2026; None where it is none."""
    said = text.strip()
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", said, re.ASCII):
        parts = (found[1], found[2], found[3])
    elif found := re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", said, re.ASCII):
        parts = (found[3], found[2], found[1])
    else:
        return None
    try:
        return date(*map(int, parts))
    except ValueError:
        return None
