"""Moments for tests: a plain week in November 2026, in Dublin (UTC in winter)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026, UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def hours(number: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=number)


def minutes(number: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=number)


MONDAY_9 = at(16, 9)
MONDAY_10 = at(16, 10)
MONDAY_NOON = at(16, 12)
MONDAY_17 = at(16, 17)
TUESDAY_9 = at(17, 9)
WEDNESDAY_9 = at(18, 9)
THURSDAY_9 = at(19, 9)
FRIDAY_9 = at(20, 9)
FRIDAY_1650 = at(20, 16, 50)
SATURDAY_9 = at(21, 9)
NEXT_MONDAY_9 = at(23, 9)
