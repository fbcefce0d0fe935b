"""What is typed, as rows that come and go; the names of the controls say of which row each is.

"opens-0-1" is when Monday's second interval opens, "closed-3" the fourth closed day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from calendars.contents import Contents
from calendars.worktime import Intervals
from servicedesk.desk.calendars.reading import write_hours

MOST_A_DAY = 12
MOST_ROWS = 200

Typed = dict[str, str]
"""What stands in each control, by its name."""

_ROW = re.compile(r"(?:opens|closes)-([0-6])-(\d{1,2})", re.ASCII)
_NUMBERED = re.compile(r"(closed|special)-(\d{1,4})", re.ASCII)


def typed_of(contents: Contents, *, name: str, seen: int) -> Typed:
    """The controls of a calendar as it is kept."""
    typed = {
        "name": name,
        "zone": contents.zone,
        "country": contents.country,
        "subdivision": contents.subdivision,
        "seen": str(seen),
    }
    for day in range(7):
        typed |= _typed_hours(day, contents.hours.get(day, ()))
    for row, (first, last, words) in enumerate(_runs(contents.own_closed)):
        until = last.isoformat() if last > first else ""
        typed |= {f"closed-{row}": first.isoformat(), f"until-{row}": until, f"named-{row}": words}
    for row, (on, given) in enumerate(sorted(contents.special.items())):
        hours = tuple((opens, closes) for opens, closes in given)
        typed |= {f"special-{row}": on.isoformat(), f"at-{row}": write_hours(hours)}
    return typed | {f"worked-{on.isoformat()}": "on" for on in sorted(contents.removed_holidays)}


def _typed_hours(day: int, given: Intervals) -> Typed:
    typed: Typed = {}
    for row, (opens, closes) in enumerate(given):
        typed |= {f"opens-{day}-{row}": opens, f"closes-{day}-{row}": closes}
    return typed


def _runs(closed: Mapping[date, str]) -> list[tuple[date, date, str]]:
    """Closed days that follow each other with the same name, as one: (first, last, name)."""
    runs: list[tuple[date, date, str]] = []
    for on, name in sorted(closed.items()):
        if runs and runs[-1][2] == name and on - runs[-1][1] == timedelta(days=1):
            runs[-1] = (runs[-1][0], on, name)
        else:
            runs.append((on, on, name))
    return runs


def edited(typed: Typed, add: str, remove: str, copy: str) -> tuple[Typed, str]:
    """The controls with a row more, or less, or one day's hours copied; and where to go on.

    That is a control's name; or, after a row is gone, the button that adds one there.
    """
    if add.startswith("hours-") and add[6:] in "0123456" and len(add) == 7:
        day = int(add[6:])
        rows = rows_of(typed, day)
        if len(rows) < MOST_A_DAY:
            new = max(rows, default=-1) + 1
            return typed | {
                f"opens-{day}-{new}": "",
                f"closes-{day}-{new}": "",
            }, f"opens-{day}-{new}"
    if add in ("closed", "special"):
        rows = numbers(typed, add)
        if len(rows) < MOST_ROWS:
            new = max(rows, default=-1) + 1
            parts = ("closed", "until", "named") if add == "closed" else ("special", "at")
            return typed | {f"{part}-{new}": "" for part in parts}, f"{add}-{new}"
    if remove:
        which, _sign, rest = remove.partition("-")
        of_kind: dict[str, tuple[str, ...]] = {
            "hours": ("opens", "closes"),
            "closed": ("closed", "until", "named"),
            "special": ("special", "at"),
        }
        gone = {f"{part}-{rest}" for part in of_kind.get(which, ())}
        beside = rest.partition("-")[0] if which == "hours" else f"add-{which}"
        return {name: value for name, value in typed.items() if name not in gone}, beside
    if copy == "0":
        return _with_monday_copied(typed), ""
    return typed, ""


def _with_monday_copied(typed: Typed) -> Typed:
    """Tuesday to Friday as Monday."""
    kept = {
        name: value
        for name, value in typed.items()
        if not (match := _ROW.fullmatch(name)) or match[1] not in "1234"
    }
    for place, row in enumerate(rows_of(typed, 0)):
        for day in range(1, 5):
            for which in ("opens", "closes"):
                kept[f"{which}-{day}-{place}"] = typed.get(f"{which}-0-{row}", "")
    return kept


def rows_of(typed: Mapping[str, str], day: int) -> list[int]:
    """The numbers of a weekday's rows, in order."""
    found = {
        int(match[2]) for name in typed if (match := _ROW.fullmatch(name)) and int(match[1]) == day
    }
    return sorted(found)[:MOST_A_DAY]


def numbers(typed: Mapping[str, str], which: str) -> list[int]:
    """The numbers of the rows of closed or special days, in order."""
    found = {
        int(match[2])
        for name in typed
        if (match := _NUMBERED.fullmatch(name)) and match[1] == which
    }
    return sorted(found)[:MOST_ROWS]
