"""Business time against a brute-force oracle that knows nothing but the definition.

The oracle goes from UTC minute to UTC minute, reads the clock on the wall, and asks whether that
reading lies inside an interval that opened on its date or on the date before. It shares no code
with `calendars.worktime`. Since every offset used here is of whole minutes, a minute is open or
closed as a whole, and so the oracle is exact to the microsecond.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, example, given
from hypothesis import strategies as st

from calendars.worktime import WorkCalendar

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
ZERO = timedelta(0)

# Zone, and local dates on which its clock did something.
ZONES: dict[str, list[date]] = {
    "UTC": [date(2026, 1, 1)],
    "Europe/Dublin": [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28)],
    "Europe/Lisbon": [date(2026, 3, 29), date(1996, 10, 27)],
    "Europe/Warsaw": [date(2026, 3, 29), date(2026, 10, 25)],
    "Europe/Moscow": [date(2011, 3, 27), date(2014, 10, 26)],
    "Atlantic/Azores": [date(2026, 3, 29), date(2026, 10, 25)],
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1), date(2050, 11, 6)],
    "America/Havana": [date(2026, 3, 8), date(2026, 11, 1)],
    "America/St_Johns": [date(2006, 4, 2), date(2006, 10, 29), date(2026, 3, 8)],
    "America/Santiago": [date(2026, 4, 4), date(2026, 9, 6)],
    "America/Caracas": [date(2007, 12, 9), date(2016, 5, 1)],
    "America/Recife": [date(2000, 10, 8), date(2000, 10, 15)],
    "America/Sao_Paulo": [date(2018, 2, 18), date(2018, 11, 4)],
    "Africa/Casablanca": [date(2026, 2, 15), date(2026, 3, 22)],
    "Africa/Cairo": [date(2026, 4, 24), date(2026, 10, 30)],
    "Asia/Beirut": [date(2026, 3, 29), date(2025, 10, 25)],
    "Asia/Tehran": [date(2022, 3, 22), date(2022, 9, 21)],
    "Asia/Kolkata": [date(2026, 6, 1)],
    "Asia/Kathmandu": [date(1985, 12, 31), date(2026, 6, 1)],
    "Asia/Pyongyang": [date(2015, 8, 15), date(2018, 5, 5)],
    "Australia/Adelaide": [date(2026, 4, 5), date(2026, 10, 4)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4)],
    "Pacific/Chatham": [date(2026, 4, 5), date(2026, 9, 27)],
    "Pacific/Apia": [date(2011, 12, 30), date(2011, 9, 24), date(2012, 4, 1)],
    "Pacific/Kiritimati": [date(1995, 1, 1)],
    "Pacific/Kwajalein": [date(1993, 8, 21)],
    "Antarctica/Troll": [date(2026, 3, 29), date(2026, 10, 25)],
}

Written = list[tuple[str, str]]


@dataclass(frozen=True)
class Desk:
    """A calendar as a person would write it down."""

    zone: str
    hours: dict[int, Written]
    closed: frozenset[date] = frozenset()
    special: dict[date, Written] = field(default_factory=dict)

    def calendar(self) -> WorkCalendar:
        return WorkCalendar(self.zone, self.hours, self.closed, self.special)


# The oracle


def opened_on(desk: Desk, day: date) -> Written:
    if day in desk.closed:
        return []
    return desk.special.get(day, desk.hours.get(day.weekday(), []))


def reads_open(desk: Desk, reading: datetime) -> bool:
    """Whether a reading of the wall clock (naive) lies inside an interval."""
    today = reading.date()
    return any(
        begin <= reading < end
        for day in (today, today - DAY)
        for opens, closes in opened_on(desk, day)
        for begin, end in [on_the_wall(day, opens, closes)]
    )


@functools.lru_cache(maxsize=4096)
def on_the_wall(day: date, opens: str, closes: str) -> tuple[datetime, datetime]:
    """An interval as readings of the wall clock. Each is asked for a thousand minutes in a row."""
    midnight = datetime.combine(day, time())
    begin = midnight + timedelta(hours=int(opens[:2]), minutes=int(opens[3:]))
    end = midnight + timedelta(hours=int(closes[:2]), minutes=int(closes[3:]))
    return begin, end if end > begin else end + DAY


def open_minutes(desk: Desk, a: datetime, b: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The parts of [a, b) minute by minute that are open; UTC."""
    zone = ZoneInfo(desk.zone)
    minute = a.replace(second=0, microsecond=0)
    while minute < b:
        begin, end = max(minute, a), min(minute + MINUTE, b)
        if begin < end and reads_open(desk, minute.astimezone(zone).replace(tzinfo=None)):
            yield begin, end
        minute += MINUTE


def oracle_elapsed(desk: Desk, a: datetime, b: datetime) -> timedelta:
    return sum((end - begin for begin, end in open_minutes(desk, a, b)), ZERO)


def oracle_due(desk: Desk, start: datetime, budget: timedelta, limit: datetime) -> datetime | None:
    """The due time, or None if it is not before or at the limit."""
    if not budget:
        return start
    for begin, end in open_minutes(desk, start, limit):
        if budget <= end - begin:
            return begin + budget
        budget -= end - begin
    return None


# Random desks and moments


quarter = st.integers(0, 95).map(lambda n: n * 15)
opening = st.one_of(quarter, st.integers(0, 1439))
closing = st.one_of(quarter, st.integers(0, 1440), st.just(1440), st.none())


@st.composite
def intervals(draw: st.DrawFn) -> tuple[str, str]:
    """Often on the quarter hour around the times at which clocks change, or anything."""
    opens, closes = draw(opening), draw(closing)
    closes = opens if closes is None else closes  # all around the clock
    return f"{opens // 60:02}:{opens % 60:02}", f"{closes // 60:02}:{closes % 60:02}"


written = st.lists(
    st.one_of(
        st.sampled_from(
            [("09:00", "12:30"), ("13:30", "17:30"), ("22:00", "06:00"), ("00:00", "24:00")]
        ),
        intervals(),
    ),
    max_size=3,
)


# Made once: each is drawn from thousands of times.
zones = st.sampled_from(sorted(ZONES))
days = {
    zone: st.one_of(st.sampled_from(of_change), st.dates(date(1995, 1, 1), date(2060, 12, 31)))
    for zone, of_change in ZONES.items()
}
weeks = st.dictionaries(st.integers(0, 6), written, min_size=1)
near = st.integers(-4, 8)
closed_near = st.frozensets(near, max_size=3)
special_near = st.dictionaries(near, written, max_size=3)
shifts = st.one_of(
    st.integers(-48 * 4, 24 * 4).map(lambda n: n * timedelta(minutes=15)),
    st.timedeltas(-2 * DAY, DAY),
)


@st.composite
def desks_and_moments(draw: st.DrawFn) -> tuple[Desk, datetime]:
    """A desk and a UTC instant, more often than not close to where something happens."""
    zone = draw(zones)
    day = draw(days[zone])
    desk = Desk(
        zone,
        draw(weeks),
        frozenset(day + n * DAY for n in draw(closed_near)),
        {day + n * DAY: hours for n, hours in draw(special_near).items()},
    )
    assume(any(desk.hours.values()))
    return desk, datetime.combine(day, time(), UTC) + draw(shifts)


short_spans = st.one_of(
    st.integers(0, 5 * 96).map(lambda n: n * timedelta(minutes=15)), st.timedeltas(ZERO, 5 * DAY)
)
long_spans = st.timedeltas(ZERO, timedelta(days=400))
short_budgets = st.one_of(
    st.integers(0, 4 * 24).map(lambda n: n * timedelta(minutes=15)),
    st.timedeltas(ZERO, timedelta(hours=30)),
)
long_budgets = st.timedeltas(ZERO, timedelta(days=366))
half_budgets = st.timedeltas(ZERO, timedelta(days=183))


def within_a_lifetime(calendar: WorkCalendar, start: datetime, budget: timedelta) -> bool:
    """Who opens a minute a week needs centuries for a week of work: that has no due time."""
    return calendar.elapsed(start, start + timedelta(days=366)) * 20 >= budget


NIGHT_WATCH = Desk("Europe/Dublin", {n: [("22:00", "06:00")] for n in range(7)})
LORD_HOWE = Desk("Australia/Lord_Howe", {n: [("01:45", "02:15")] for n in range(7)})
APIA = Desk("Pacific/Apia", {n: [("22:00", "06:00"), ("09:00", "17:00")] for n in range(7)})


# Against the oracle


@example((NIGHT_WATCH, datetime(2026, 3, 28, 12, tzinfo=UTC)), 2 * DAY)
@example((NIGHT_WATCH, datetime(2026, 10, 24, 12, tzinfo=UTC)), 2 * DAY)
@example((LORD_HOWE, datetime(2026, 4, 4, tzinfo=UTC)), 2 * DAY)
@example((LORD_HOWE, datetime(2026, 10, 3, tzinfo=UTC)), 2 * DAY)
@example((APIA, datetime(2011, 12, 29, tzinfo=UTC)), 3 * DAY)
@given(desks_and_moments(), short_spans)
def test_elapsed_is_what_a_watcher_of_the_wall_clock_counts(
    drawn: tuple[Desk, datetime], span: timedelta
) -> None:
    desk, a = drawn
    assert desk.calendar().elapsed(a, a + span) == oracle_elapsed(desk, a, a + span)


@example((NIGHT_WATCH, datetime(2026, 3, 28, 12, tzinfo=UTC)), timedelta(hours=7))
@example((NIGHT_WATCH, datetime(2026, 10, 24, 12, tzinfo=UTC)), timedelta(hours=9))
@example((APIA, datetime(2011, 12, 29, tzinfo=UTC)), timedelta(hours=20))
@given(desks_and_moments(), short_budgets)
def test_due_is_when_a_watcher_of_the_wall_clock_has_counted_the_budget(
    drawn: tuple[Desk, datetime], budget: timedelta
) -> None:
    desk, start = drawn
    limit = start + 5 * DAY
    due, expected = desk.calendar().due(start, budget), oracle_due(desk, start, budget, limit)
    if expected is None:
        assert due > limit
    else:
        assert due == expected


@example((APIA, datetime(2011, 12, 29, tzinfo=UTC)), 3 * DAY)
@example((NIGHT_WATCH, datetime(2026, 2, 15, 0, 0, 0, 1, tzinfo=UTC)), ZERO)
@given(desks_and_moments(), short_spans)
def test_intervals_are_the_open_minutes_joined(
    drawn: tuple[Desk, datetime], span: timedelta
) -> None:
    desk, a = drawn
    joined: list[tuple[datetime, datetime]] = []
    for begin, end in open_minutes(desk, a, a + span):
        if joined and joined[-1][1] == begin:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((begin, end))
    assert desk.calendar().intervals(a, a + span) == joined


@given(desks_and_moments())
def test_open_and_next_open_agree_with_the_wall_clock(drawn: tuple[Desk, datetime]) -> None:
    desk, at = drawn
    calendar, limit = desk.calendar(), at + 4 * DAY
    reading = at.astimezone(ZoneInfo(desk.zone)).replace(tzinfo=None)
    assert calendar.is_open(at) == reads_open(desk, reading)
    first = next((begin for begin, _ in open_minutes(desk, at, limit)), None)
    if first is None:
        assert calendar.next_open(at) >= limit
    else:
        assert calendar.next_open(at) == first


# Laws, over a year and more


@given(desks_and_moments(), long_spans, long_spans)
def test_elapsed_is_additive(
    drawn: tuple[Desk, datetime], first: timedelta, second: timedelta
) -> None:
    desk, a = drawn
    calendar, b, c = desk.calendar(), a + first, a + first + second
    assert calendar.elapsed(a, c) == calendar.elapsed(a, b) + calendar.elapsed(b, c)


@given(desks_and_moments(), long_spans, long_spans)
def test_elapsed_never_shrinks_and_never_outruns_the_clock(
    drawn: tuple[Desk, datetime], first: timedelta, second: timedelta
) -> None:
    desk, a = drawn
    calendar, b, c = desk.calendar(), a + first, a + first + second
    assert ZERO <= calendar.elapsed(a, b) <= calendar.elapsed(a, c) <= c - a
    assert calendar.elapsed(b, c) <= calendar.elapsed(a, c)
    assert calendar.elapsed(c, a) == ZERO or a == c


@given(desks_and_moments(), long_spans)
def test_elapsed_is_the_length_of_the_intervals(
    drawn: tuple[Desk, datetime], span: timedelta
) -> None:
    desk, a = drawn
    calendar, b = desk.calendar(), a + span
    found = calendar.intervals(a, b)
    assert calendar.elapsed(a, b) == sum((end - begin for begin, end in found), ZERO)
    edges = [edge for interval in found for edge in interval]
    assert edges == sorted(set(edges))  # disjoint, apart, none empty
    assert all(a <= edge <= b for edge in edges)


@example(
    (Desk("Asia/Kolkata", {0: [("00:00", "00:01")]}), datetime(2026, 6, 1, tzinfo=UTC)),
    timedelta(minutes=50),
)
@given(desks_and_moments(), long_budgets)
def test_due_and_elapsed_are_inverse(drawn: tuple[Desk, datetime], budget: timedelta) -> None:
    desk, start = drawn
    calendar = desk.calendar()
    assume(within_a_lifetime(calendar, start, budget))
    due = calendar.due(start, budget)
    assert due >= start
    assert calendar.elapsed(start, due) == budget
    if budget:
        just_before = due - timedelta(microseconds=1)
        assert calendar.elapsed(start, just_before) == budget - timedelta(microseconds=1)


@given(desks_and_moments(), long_spans)
def test_elapsed_time_is_due_no_later_than_it_was_measured(
    drawn: tuple[Desk, datetime], span: timedelta
) -> None:
    desk, a = drawn
    calendar, b = desk.calendar(), a + span
    due = calendar.due(a, calendar.elapsed(a, b))
    assert due <= b
    assert calendar.elapsed(due, b) == ZERO


@given(desks_and_moments(), half_budgets, half_budgets)
def test_budgets_add_up_along_the_way(
    drawn: tuple[Desk, datetime], first: timedelta, second: timedelta
) -> None:
    """A pause that takes no time changes no due time."""
    desk, start = drawn
    calendar = desk.calendar()
    assume(within_a_lifetime(calendar, start, first + second))
    whole = calendar.due(start, first + second)
    halfway = calendar.due(start, first)
    assert calendar.due(halfway, second) == whole
    assert halfway <= whole


@given(desks_and_moments())
def test_a_stored_calendar_means_the_same(drawn: tuple[Desk, datetime]) -> None:
    desk, at = drawn
    calendar = desk.calendar()
    stored = WorkCalendar.from_dict(calendar.to_dict())
    assert stored == calendar
    assert hash(stored) == hash(calendar)
    assert stored.intervals(at, at + 9 * DAY) == calendar.intervals(at, at + 9 * DAY)
