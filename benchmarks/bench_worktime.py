"""What business time costs: `python -m benchmarks.bench_worktime` prints microseconds a call.

Spans and budgets of a year of business time, at random moments, once the calendar is built.
The aim is 50 µs for `due` and `elapsed`; the command fails where the median is above it.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from calendars.worktime import WorkCalendar, working_days

AIM = 50.0
CALLS = 20_000
DESK_DAY = [("09:00", "12:30"), ("13:30", "17:30")]
YEAR_OF_WORK = working_days(235)
START = datetime(2026, 1, 1, tzinfo=UTC)

CALENDARS = {
    "office, Dublin": WorkCalendar(
        "Europe/Dublin",
        dict.fromkeys(range(5), DESK_DAY),
        [date(year, 12, day) for year in range(2021, 2033) for day in (25, 26)],
        {date(year, 12, 24): [("09:00", "12:00")] for year in range(2021, 2033)},
    ),
    "nights, Lord Howe": WorkCalendar(
        "Australia/Lord_Howe", {weekday: [("22:00", "06:00")] for weekday in range(7)}
    ),
    "always, Kathmandu": WorkCalendar(
        "Asia/Kathmandu", {weekday: [("00:00", "24:00")] for weekday in range(7)}
    ),
}


def microseconds(call: Callable[[datetime], object], moments: list[datetime]) -> list[float]:
    """The sorted cost of each call."""
    costs = []
    for moment in moments:
        begin = time.perf_counter_ns()
        call(moment)
        costs.append((time.perf_counter_ns() - begin) / 1000)
    return sorted(costs)


def build_cost(calendar: WorkCalendar) -> float:
    """Milliseconds to materialise a year of a calendar nobody has asked yet."""
    fresh = WorkCalendar.from_dict(calendar.to_dict())
    begin = time.perf_counter()
    fresh.is_open(START)
    return (time.perf_counter() - begin) * 1000


def main() -> int:
    """Print the figures; 1 if the aim is missed."""
    rng = random.Random(7)  # noqa: S311 (moments, not secrets)
    moments = [START + timedelta(seconds=rng.uniform(0, 3e7)) for _ in range(CALLS)]
    missed = False
    print(f"{'calendar':20} {'call':20} {'median':>8} {'p99':>8}   µs, {CALLS} calls")
    for name, calendar in CALENDARS.items():
        calls: dict[str, Callable[[datetime], object]] = {
            "due, a year": lambda at, c=calendar: c.due(at, YEAR_OF_WORK),  # type: ignore[misc]
            "elapsed, a year": lambda at, c=calendar: c.elapsed(  # type: ignore[misc]
                at, at + timedelta(days=365)
            ),
            "due, 8 hours": lambda at, c=calendar: c.due(at, working_days(1)),  # type: ignore[misc]
            "is_open": lambda at, c=calendar: c.is_open(at),  # type: ignore[misc]
            "intervals, 14 days": lambda at, c=calendar: c.intervals(  # type: ignore[misc]
                at, at + timedelta(days=14)
            ),
        }
        for label, call in calls.items():
            call(moments[0])
            microseconds(call, moments[:500])
            costs = microseconds(call, moments)
            median = statistics.median(costs)
            missed |= label.endswith("a year") and median > AIM
            print(f"{name:20} {label:20} {median:8.1f} {costs[len(costs) * 99 // 100]:8.1f}")
        print(f"{name:20} {'build a year':20} {build_cost(calendar) * 1000:8.0f}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
