"""Time zones by name. Asking the system for them reads its files: it is done once a process."""

from __future__ import annotations

import zoneinfo
from functools import cache

_NO_PLACES = ("Etc/", "SystemV/", "US/", "posix/", "right/")


@cache
def zone_names() -> frozenset[str]:
    """Every IANA time zone that this machine knows."""
    return frozenset(zoneinfo.available_timezones())


@cache
def zones_by_place() -> tuple[str, ...]:
    """Those that are named for a place, such as Europe/Dublin, and UTC; in the alphabet's order."""
    return tuple(
        sorted(
            name
            for name in zone_names()
            if name == "UTC" or ("/" in name and not name.startswith(_NO_PLACES))
        )
    )


def zone_label(name: str) -> str:
    """A zone's name as people read it: "America/New York"."""
    return name.replace("_", " ")
