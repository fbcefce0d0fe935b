"""Time zones and countries as choices, by the names people know."""

from __future__ import annotations

import zoneinfo
from functools import cache

from holidays.registry import COUNTRIES

from calendars.holidays_source import countries

_ELSEWHERE = ("Etc/", "SystemV/", "US/", "posix/", "right/")


@cache
def zone_choices() -> list[tuple[str, str]]:
    """Zones by the names of places: ("Europe/Dublin", "Europe/Dublin")."""
    names = {
        name
        for name in zoneinfo.available_timezones()
        if name == "UTC" or ("/" in name and not name.startswith(_ELSEWHERE))
    }
    return [(name, name.replace("_", " ")) for name in sorted(names)]


@cache
def country_choices() -> list[tuple[str, str]]:
    """Countries whose public holidays the desk knows: ("IE", "Ireland (IE)")."""
    known = countries()
    names = {entry[1]: module.replace("_", " ").title() for module, entry in COUNTRIES.items()}
    named = [(code, f"{names.get(code, code)} ({code})") for code in known if len(code) == 2]
    return sorted(named, key=lambda choice: choice[1])
