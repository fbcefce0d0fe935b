"""What is true at Harbour & Pine, and may be found on its dashboards. Pure.

- Legal is the bottleneck for Sales' contracts.
- IT answers well every day, and solves poorly what is asked on Mondays.
- Facilities is quick for Finance and slow for Design.
- Finance is late with what comes around the end of a month.
"""

from __future__ import annotations

from datetime import date, timedelta

QUIET_MONDAYS = "it"
BUSY_MONTH_ENDS = "finance"
BOTTLENECK = ("legal", "contract", "sales")
FAVOURED = ("facilities", "finance")
NEGLECTED = ("facilities", "design")

_READY_IN_TIME = {
    "it": 0.97,
    "people": 0.965,
    "facilities": 0.955,
    "finance": 0.96,
    "legal": 0.83,
    "procurement": 0.955,
    "marketing": 0.95,
    "sales": 0.96,
    "design": 0.945,
    "data": 0.94,
}
_ANSWERED_IN_TIME = {"it": 0.98, "legal": 0.84, "finance": 0.94, "facilities": 0.94, "people": 0.98}


def around_month_end(day: date) -> bool:
    """The last three days of a month and the first four of the next."""
    return day.day <= 4 or (day + timedelta(days=3)).month != day.month


def ready_in_time(provider: str, service: str, client: str, asked_on: date) -> float:
    """How likely such a request is resolved within its promise."""
    if (provider, service, client) == BOTTLENECK:
        return 0.3
    if (provider, client) == NEGLECTED:
        return 0.55
    if (provider, client) == FAVOURED:
        return 0.985
    if provider == QUIET_MONDAYS and asked_on.weekday() == 0:
        return 0.6
    if provider == BUSY_MONTH_ENDS and around_month_end(asked_on):
        return 0.66
    return _READY_IN_TIME[provider]


def answered_in_time(provider: str, client: str, asked_on: date) -> float:
    """How likely its first answer comes within the promise."""
    if (provider, client) == NEGLECTED:
        return 0.8
    if provider == BUSY_MONTH_ENDS and around_month_end(asked_on):
        return 0.82
    return _ANSWERED_IN_TIME.get(provider, 0.95)


def how_often(provider: str, asked_on: date) -> float:
    """How much more is asked on that day: Finance hears from everyone at the month's end."""
    return 1.9 if provider == BUSY_MONTH_ENDS and around_month_end(asked_on) else 1.0
