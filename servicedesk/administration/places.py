"""Time zones and countries as choices, by the names people know."""

from __future__ import annotations

from functools import cache

from holidays.registry import COUNTRIES

from calendars.holidays_source import countries
from people.zones import zone_label, zones_by_place


@cache
def zone_choices() -> list[tuple[str, str]]:
    """Zones by the names of places: ("Europe/Dublin", "Europe/Dublin")."""
    return [(name, zone_label(name)) for name in zones_by_place()]


@cache
def country_choices() -> list[tuple[str, str]]:
    """Countries whose public holidays the desk knows: ("IE", "Ireland (IE)")."""
    known = countries()
    names = {entry[1]: module.replace("_", " ").title() for module, entry in COUNTRIES.items()}
    named = [(code, f"{names.get(code, code)} ({code})") for code in known if len(code) == 2]
    return sorted(named, key=lambda choice: choice[1])
