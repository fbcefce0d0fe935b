"""Business time, case by case. Local moments are written as people read them off the wall."""

import pickle
import threading
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from calendars.worktime import (
    WORKING_DAY,
    BadHours,
    BadInstant,
    CalendarNeverOpens,
    WorkCalendar,
    working_days,
)

DESK_DAY = [("09:00", "12:30"), ("13:30", "17:30")]
OFFICE = dict.fromkeys(range(5), DESK_DAY)
NIGHTS = {weekday: [("22:00", "06:00")] for weekday in range(7)}
ALWAYS = {weekday: [("00:00", "24:00")] for weekday in range(7)}

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def local(text: str, zone: str = "Europe/Dublin", *, fold: int = 0) -> datetime:
    """An instant as the wall clock of a zone reads it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def dublin(**kwargs: Any) -> WorkCalendar:
    return WorkCalendar(**{"zone": "Europe/Dublin", "hours": OFFICE, **kwargs})


# An ordinary week


def test_a_promise_made_on_friday_evening_is_due_on_monday() -> None:
    assert dublin().due(local("2026-06-05 16:50"), HOUR) == local("2026-06-08 09:20")


def test_a_promise_made_at_night_counts_from_the_morning() -> None:
    assert dublin().due(local("2026-06-03 23:15"), HOUR) == local("2026-06-04 10:00")


def test_lunch_does_not_count() -> None:
    assert dublin().elapsed(local("2026-06-03 12:00"), local("2026-06-03 14:00")) == HOUR


def test_a_budget_that_ends_at_closing_time_is_due_at_closing_time() -> None:
    assert dublin().due(local("2026-06-05 16:30"), HOUR) == local("2026-06-05 17:30")
    assert dublin().due(local("2026-06-05 12:00"), HOUR / 2) == local("2026-06-05 12:30")


def test_one_microsecond_more_than_until_closing_is_due_the_next_morning() -> None:
    due = dublin().due(local("2026-06-05 16:30"), HOUR + timedelta(microseconds=1))
    assert due == local("2026-06-08 09:00:00.000001")


def test_a_budget_of_zero_is_due_at_its_start_even_when_closed() -> None:
    sunday = local("2026-06-07 03:00")
    assert dublin().due(sunday, timedelta(0)) == sunday


def test_a_negative_budget_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        dublin().due(local("2026-06-05 16:30"), -HOUR)


def test_elapsed_of_an_end_before_its_start_is_zero() -> None:
    assert dublin().elapsed(local("2026-06-04 17:00"), local("2026-06-03 09:00")) == timedelta(0)


def test_opening_belongs_to_the_day_and_closing_does_not() -> None:
    calendar = dublin()
    assert calendar.is_open(local("2026-06-03 09:00"))
    assert not calendar.is_open(local("2026-06-03 08:59:59.999999"))
    assert calendar.is_open(local("2026-06-03 17:29:59.999999"))
    assert not calendar.is_open(local("2026-06-03 17:30"))


def test_the_next_opening_is_now_while_open_and_else_the_next_interval() -> None:
    calendar = dublin()
    assert calendar.next_open(local("2026-06-03 10:00")) == local("2026-06-03 10:00")
    assert calendar.next_open(local("2026-06-03 12:30")) == local("2026-06-03 13:30")
    assert calendar.next_open(local("2026-06-05 17:30")) == local("2026-06-08 09:00")


def test_answers_are_in_utc_whatever_zone_the_question_is_in() -> None:
    calendar = dublin()
    asked = local("2026-06-05 11:50", "America/New_York")  # 16:50 in Dublin
    assert calendar.due(asked, HOUR) == utc("2026-06-08 08:20")
    assert calendar.due(asked, HOUR).tzinfo is UTC
    assert calendar.next_open(asked).tzinfo is UTC
    assert calendar.elapsed(asked, utc("2026-06-08 08:20")) == HOUR


def test_microseconds_are_kept_over_a_year() -> None:
    calendar = dublin()
    start, budget = local("2026-01-05 10:00:00.123457"), timedelta(days=60, microseconds=7)
    due = calendar.due(start, budget)
    assert calendar.elapsed(start, due) == budget
    assert calendar.elapsed(start, due - timedelta(microseconds=1)) == budget - timedelta(
        microseconds=1
    )


def test_a_full_week_of_the_office_is_37_and_a_half_hours() -> None:
    week = dublin().elapsed(local("2026-06-01 00:00"), local("2026-06-08 00:00"))
    assert week == 37.5 * HOUR


def test_intervals_are_listed_in_utc_and_clipped() -> None:
    assert dublin().intervals(local("2026-06-05 10:00"), local("2026-06-08 09:30")) == [
        (utc("2026-06-05 09:00"), utc("2026-06-05 11:30")),
        (utc("2026-06-05 12:30"), utc("2026-06-05 16:30")),
        (utc("2026-06-08 08:00"), utc("2026-06-08 08:30")),
    ]


def test_intervals_of_an_empty_or_reversed_span_are_none() -> None:
    noon = local("2026-06-05 12:00")
    assert dublin().intervals(noon, noon) == []
    assert dublin().intervals(noon, noon - 2 * HOUR) == []


def test_always_open_is_one_interval_however_long() -> None:
    calendar = WorkCalendar("Europe/Dublin", ALWAYS)
    a, b = utc("2015-02-03 04:05"), utc("2035-02-03 04:05")
    assert calendar.intervals(a, b) == [(a, b)]
    assert calendar.elapsed(a, b) == b - a


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Honolulu", "Pacific/Tongatapu"])
def test_no_night_of_ten_years_is_lost_or_cut_short(zone: str) -> None:
    """Zones ten hours behind and thirteen ahead, whose clocks did not change in these years."""
    calendar = WorkCalendar(zone, NIGHTS)
    evening = local("2018-01-01 22:00", zone).astimezone(UTC)
    nights = [evening + timedelta(days=n) for n in range(3650)]
    expected = [(night, night + 8 * HOUR) for night in nights]
    assert calendar.intervals(evening, nights[-1] + 12 * HOUR) == expected


def test_each_closing_of_ten_years_is_followed_by_the_next_opening() -> None:
    calendar = dublin(hours={2: DESK_DAY, 6: [("22:00", "06:00")]})
    found = calendar.intervals(utc("2020-01-01 00:00"), utc("2030-01-01 00:00"))
    for (_, closes), (opens, _) in pairwise(found):
        assert calendar.next_open(closes) == opens
        assert calendar.due(closes, MINUTE) == opens + MINUTE
    assert len(found) == 522 * 2 + 522


# How hours are written


def test_overlapping_and_touching_intervals_count_once() -> None:
    calendar = dublin(hours={2: [("09:00", "12:00"), ("11:00", "13:00"), ("13:00", "14:00")]})
    assert calendar.intervals(local("2026-06-03 00:00"), local("2026-06-04 00:00")) == [
        (local("2026-06-03 09:00"), local("2026-06-03 14:00"))
    ]


def test_a_night_that_reaches_into_the_next_day_merges_with_its_hours() -> None:
    calendar = dublin(hours={1: [("22:00", "10:00")], 2: [("08:00", "12:00")]})
    assert calendar.intervals(local("2026-06-02 12:00"), local("2026-06-03 23:00")) == [
        (local("2026-06-02 22:00"), local("2026-06-03 12:00"))
    ]


def test_an_interval_past_midnight_belongs_to_the_day_on_which_it_opens() -> None:
    calendar = dublin(hours={4: [("22:00", "06:00")]})
    assert calendar.is_open(local("2026-06-06 05:59"))  # Saturday morning
    assert not calendar.is_open(local("2026-06-05 05:00"))  # Friday morning: Thursday never opened


@pytest.mark.parametrize("whole", [("00:00", "24:00"), ("00:00", "00:00")])
def test_a_whole_day_can_be_written_in_two_ways(whole: tuple[str, str]) -> None:
    calendar = dublin(hours={2: [whole]})
    day = calendar.intervals(local("2026-06-01 00:00"), local("2026-06-08 00:00"))
    assert day == [(local("2026-06-03 00:00"), local("2026-06-04 00:00"))]
    assert calendar == dublin(hours={2: [("00:00", "24:00")]})


def test_closing_at_the_opening_time_is_a_full_turn_of_the_clock() -> None:
    calendar = dublin(hours={2: [("09:00", "09:00")]})
    assert calendar.intervals(local("2026-06-01 00:00"), local("2026-06-08 00:00")) == [
        (local("2026-06-03 09:00"), local("2026-06-04 09:00"))
    ]


@pytest.mark.parametrize(
    "hours",
    [
        {0: [("9:00", "12:00")]},
        {0: [("09:00", "24:30")]},
        {0: [("09:60", "12:00")]},
        {0: [("24:00", "06:00")]},
        {0: [("09:00",)]},
        {0: ["09:00-12:00"]},
        {0: "09:00"},
        {0: [(9, 12)]},
        {0: [("09:00", "12:00\n")]},
        {0: [("٠٩:00", "12:00")]},
        {7: DESK_DAY},
        {-1: DESK_DAY},
        {"0": DESK_DAY},
        {True: DESK_DAY},
    ],
)
def test_hours_that_cannot_be_read_are_refused(hours: Any) -> None:
    with pytest.raises(BadHours):
        dublin(hours=hours)


def test_the_message_of_bad_hours_names_day_and_text() -> None:
    with pytest.raises(BadHours, match=r"Tuesday: “9am” is not a time"):
        dublin(hours={1: [("9am", "12:00")]})
    with pytest.raises(BadHours, match="2026-12-24"):
        dublin(special={date(2026, 12, 24): [("09:00", "noon")]})


@pytest.mark.parametrize("zone", ["", "Dublin", "Europe", "../etc/passwd", "/etc/localtime", None])
def test_an_unknown_zone_is_refused(zone: Any) -> None:
    with pytest.raises(BadHours, match="time zone"):
        dublin(zone=zone)


@pytest.mark.parametrize("day", ["2026-12-25", datetime(2026, 12, 25), 20261225])  # noqa: DTZ001
def test_a_closed_or_special_day_must_be_a_date(day: Any) -> None:
    with pytest.raises(BadHours, match="not a date"):
        dublin(closed=[day])
    with pytest.raises(BadHours, match="not a date"):
        dublin(special={day: []})


# Closed and special days


def test_a_holiday_does_not_count() -> None:
    calendar = dublin(closed={date(2026, 6, 1)})  # the June holiday, a Monday
    assert calendar.due(local("2026-05-29 17:00"), HOUR) == local("2026-06-02 09:30")


def test_a_holiday_takes_its_night_with_it_but_not_the_night_before() -> None:
    calendar = dublin(hours=NIGHTS, closed={date(2026, 12, 25)})
    assert calendar.intervals(local("2026-12-24 12:00"), local("2026-12-27 00:00")) == [
        (local("2026-12-24 22:00"), local("2026-12-25 06:00")),
        (local("2026-12-26 22:00"), local("2026-12-27 00:00")),
    ]


def test_a_special_day_replaces_the_hours_of_its_weekday() -> None:
    calendar = dublin(special={date(2026, 12, 24): [("10:00", "12:00")]})
    thursday = calendar.intervals(local("2026-12-24 00:00"), local("2026-12-25 00:00"))
    assert thursday == [(local("2026-12-24 10:00"), local("2026-12-24 12:00"))]


def test_a_special_day_can_open_a_sunday_and_run_past_midnight() -> None:
    calendar = dublin(special={date(2026, 6, 7): [("20:00", "02:00")]})
    sunday = calendar.intervals(local("2026-06-06 00:00"), local("2026-06-08 09:00"))
    assert sunday == [(local("2026-06-07 20:00"), local("2026-06-08 02:00"))]


def test_a_special_day_replaces_the_night_that_would_open_on_it() -> None:
    calendar = dublin(hours=NIGHTS, special={date(2026, 6, 3): [("12:00", "13:00")]})
    assert calendar.intervals(local("2026-06-03 00:00"), local("2026-06-04 12:00")) == [
        (local("2026-06-03 00:00"), local("2026-06-03 06:00")),
        (local("2026-06-03 12:00"), local("2026-06-03 13:00")),
    ]


def test_a_special_day_without_hours_is_closed() -> None:
    calendar = dublin(special={date(2026, 6, 3): []})
    assert calendar.due(local("2026-06-02 17:00"), HOUR) == local("2026-06-04 09:30")


def test_a_closed_day_beats_a_special_one() -> None:
    day = date(2026, 6, 3)
    calendar = dublin(closed={day}, special={day: [("09:00", "10:00")]})
    assert not calendar.intervals(local("2026-06-03 00:00"), local("2026-06-04 00:00"))


# Both nights of daylight saving. Ireland 2026: 29 March 01:00 → 02:00, 25 October 02:00 → 01:00.


@pytest.mark.parametrize(
    ("zone", "evening", "morning", "hours"),
    [
        ("Europe/Dublin", "2026-03-28 22:00", "2026-03-29 06:00", 7),
        ("Europe/Dublin", "2026-10-24 22:00", "2026-10-25 06:00", 9),
        ("Europe/Lisbon", "2026-03-28 22:00", "2026-03-29 06:00", 7),
        ("Europe/Warsaw", "2026-10-24 22:00", "2026-10-25 06:00", 9),
        ("America/New_York", "2026-03-07 22:00", "2026-03-08 06:00", 7),
        ("America/New_York", "2026-10-31 22:00", "2026-11-01 06:00", 9),
        ("Australia/Lord_Howe", "2026-10-03 22:00", "2026-10-04 06:00", 7.5),
        ("Australia/Lord_Howe", "2026-04-04 22:00", "2026-04-05 06:00", 8.5),
        ("America/Havana", "2026-03-07 22:00", "2026-03-08 06:00", 7),
        ("America/Havana", "2026-10-31 22:00", "2026-11-01 06:00", 9),
        ("Asia/Kathmandu", "2026-03-28 22:00", "2026-03-29 06:00", 8),
        ("Asia/Kathmandu", "1985-12-31 22:00", "1986-01-01 06:00", 7.75),
    ],
)
def test_a_night_shift_is_as_long_as_for_the_people_who_work_it(
    zone: str, evening: str, morning: str, hours: float
) -> None:
    calendar = WorkCalendar(zone, NIGHTS)
    start, end = local(evening, zone), local(morning, zone)
    assert calendar.elapsed(start, end) == hours * HOUR
    assert calendar.due(start, hours * HOUR) == end
    assert calendar.intervals(start - 2 * HOUR, end + 2 * HOUR) == [(start, end)]


def test_hours_that_the_spring_change_skips_do_not_exist() -> None:
    calendar = dublin(hours={6: [("01:00", "02:00")]})
    skipped = calendar.elapsed(local("2026-03-28 12:00"), local("2026-03-29 12:00"))
    assert skipped == timedelta(0)
    assert calendar.next_open(local("2026-03-28 12:00")) == local("2026-04-05 01:00")


def test_an_opening_time_inside_the_gap_opens_when_the_clock_resumes() -> None:
    calendar = dublin(hours={6: [("01:30", "05:00")]})
    assert calendar.intervals(local("2026-03-28 12:00"), local("2026-03-29 12:00")) == [
        (utc("2026-03-29 01:00"), utc("2026-03-29 04:00"))
    ]


def test_a_closing_time_inside_the_gap_closes_when_the_clock_jumps() -> None:
    calendar = dublin(hours={5: [("22:00", "01:30")]})
    assert calendar.intervals(local("2026-03-28 12:00"), local("2026-03-29 12:00")) == [
        (utc("2026-03-28 22:00"), utc("2026-03-29 01:00"))
    ]


def test_an_hour_that_occurs_twice_counts_twice() -> None:
    calendar = dublin(hours={6: [("01:00", "02:00")]})
    start, end = local("2026-10-25 00:00"), local("2026-10-25 12:00")
    assert calendar.elapsed(start, end) == 2 * HOUR
    assert calendar.due(start, 1.5 * HOUR) == utc("2026-10-25 01:30")  # the second half past one


def test_half_of_a_repeated_hour_opens_twice() -> None:
    calendar = dublin(hours={6: [("00:30", "01:30")]})
    assert calendar.intervals(local("2026-10-24 12:00"), local("2026-10-25 12:00")) == [
        (utc("2026-10-24 23:30"), utc("2026-10-25 00:30")),
        (utc("2026-10-25 01:00"), utc("2026-10-25 01:30")),
    ]
    assert not calendar.is_open(local("2026-10-25 01:45"))
    assert calendar.is_open(local("2026-10-25 01:15", fold=1))


def test_both_readings_of_a_repeated_hour_are_told_apart() -> None:
    calendar = dublin(hours=ALWAYS)
    first, second = local("2026-10-25 01:30"), local("2026-10-25 01:30", fold=1)
    assert calendar.elapsed(first.astimezone(UTC), second.astimezone(UTC)) == HOUR
    assert calendar.elapsed(first, second) == HOUR


def test_an_evening_that_the_autumn_change_repeats_counts_twice_on_its_day() -> None:
    """In Beirut, midnight turned back to 23:00 of the day before (2025-10-26 → 25)."""
    saturday = WorkCalendar("Asia/Beirut", {5: [("22:00", "24:00")]})
    sunday = WorkCalendar("Asia/Beirut", {6: [("00:00", "01:00")]})
    start, end = utc("2025-10-25 12:00"), utc("2025-10-26 12:00")
    assert saturday.elapsed(start, end) == 3 * HOUR
    assert sunday.intervals(start, end) == [(utc("2025-10-25 22:00"), utc("2025-10-25 23:00"))]


def test_a_repeated_hour_that_crosses_midnight_is_read_with_its_own_date() -> None:
    """In St. John's of 2006, 00:01 turned back to 23:01 of the day before."""
    calendar = WorkCalendar("America/St_Johns", {5: [("23:00", "24:00")]})
    start, end = local("2006-10-28 12:00", "America/St_Johns"), utc("2006-10-29 12:00")
    opened = calendar.intervals(start, end)
    assert opened == [
        (utc("2006-10-29 01:30"), utc("2006-10-29 02:30")),  # 23:00 to 24:00
        (utc("2006-10-29 02:31"), utc("2006-10-29 03:30")),  # 23:01 to 24:00, again
    ]


def test_a_day_without_a_midnight_opens_when_its_clock_begins() -> None:
    """In Santiago, 2026-09-06 began at 01:00."""
    calendar = WorkCalendar("America/Santiago", {6: [("00:00", "02:00")]})
    opened = calendar.intervals(utc("2026-09-05 12:00"), utc("2026-09-06 12:00"))
    assert opened == [(utc("2026-09-06 04:00"), utc("2026-09-06 05:00"))]


def test_a_date_that_was_skipped_has_no_hours() -> None:
    """Samoa went from Thursday 29 December 2011 straight to Saturday the 31st."""
    calendar = WorkCalendar("Pacific/Apia", {3: DESK_DAY, 4: DESK_DAY, 5: DESK_DAY})
    assert calendar.intervals(utc("2011-12-29 10:00"), utc("2011-12-31 10:00")) == [
        (utc("2011-12-29 19:00"), utc("2011-12-29 22:30")),  # Thursday, ten hours behind
        (utc("2011-12-29 23:30"), utc("2011-12-30 03:30")),
        (utc("2011-12-30 19:00"), utc("2011-12-30 22:30")),  # Saturday, fourteen ahead
        (utc("2011-12-30 23:30"), utc("2011-12-31 03:30")),
    ]


def test_a_night_into_a_skipped_date_ends_when_its_clock_jumps() -> None:
    calendar = WorkCalendar("Pacific/Apia", {3: [("22:00", "06:00")], 4: [("22:00", "06:00")]})
    assert calendar.intervals(utc("2011-12-30 00:00"), utc("2011-12-31 00:00")) == [
        # Thursday's until midnight; then Friday's, which carries into Saturday though the
        # Friday itself was skipped: the wall reads Saturday 00:00, inside Friday 22:00-06:00.
        (utc("2011-12-30 08:00"), utc("2011-12-30 16:00"))
    ]


@pytest.mark.parametrize(
    ("zone", "opens"),
    [
        ("Asia/Kathmandu", "03:15"),
        ("Asia/Kolkata", "03:30"),
        ("Australia/Adelaide", "23:30"),
        ("Pacific/Chatham", "20:15"),
        ("Pacific/Marquesas", "18:30"),
    ],
)
def test_zones_with_parts_of_an_hour_open_at_their_own_nine_o_clock(zone: str, opens: str) -> None:
    calendar = WorkCalendar(zone, OFFICE)
    first = calendar.next_open(local("2026-06-10 07:00", zone))
    assert first == local("2026-06-10 09:00", zone)
    assert f"{first:%H:%M}" == opens


def test_a_change_of_the_zone_itself_moves_the_hours() -> None:
    """Caracas moved from UTC-4:30 to UTC-4 on 1 May 2016, a Sunday."""
    calendar = WorkCalendar("America/Caracas", {4: DESK_DAY, 0: DESK_DAY})
    assert calendar.next_open(utc("2016-04-29 00:00")) == utc("2016-04-29 13:30")
    assert calendar.next_open(utc("2016-05-01 00:00")) == utc("2016-05-02 13:00")


def test_a_summer_time_of_one_week_is_kept() -> None:
    """Recife tried it from 8 to 15 October 2000."""
    calendar = WorkCalendar("America/Recife", ALWAYS | {1: DESK_DAY})
    assert calendar.next_open(utc("2000-10-03 04:00")) == utc("2000-10-03 12:00")
    assert calendar.next_open(utc("2000-10-10 04:00")) == utc("2000-10-10 11:00")
    assert calendar.next_open(utc("2000-10-17 04:00")) == utc("2000-10-17 12:00")


def test_daylight_saving_of_years_to_come_is_known() -> None:
    calendar = dublin(hours=NIGHTS)
    night = calendar.elapsed(local("2060-03-27 22:00"), local("2060-03-28 06:00"))
    assert night == 7 * HOUR


# What is refused, and what must end


def test_a_calendar_without_hours_is_refused() -> None:
    nothing: list[dict[int, list[tuple[str, str]]]] = [{}, {0: []}]
    for hours in nothing:
        with pytest.raises(CalendarNeverOpens, match="never opens"):
            dublin(hours=hours)


def test_a_calendar_whose_only_special_day_is_closed_is_refused() -> None:
    day = date(2026, 6, 3)
    with pytest.raises(CalendarNeverOpens):
        dublin(hours={}, special={day: DESK_DAY}, closed={day})


def test_a_calendar_closed_for_five_years_is_refused_when_it_is_saved() -> None:
    start = date(2026, 1, 1)
    days = {start + timedelta(days=n) for n in range(6 * 366)}
    with pytest.raises(CalendarNeverOpens, match="next 5 years"):
        dublin(closed=days).require_opening(utc("2026-01-02 00:00"))
    dublin(closed=days).require_opening(utc("2029-01-02 00:00"))


def test_a_long_closure_delays_a_promise_and_does_not_lose_it() -> None:
    days = {date(2026, 1, 1) + timedelta(days=n) for n in range(3650)}
    due = dublin(closed=days).due(local("2026-01-01 09:00"), HOUR)
    assert due == local("2035-12-31 10:00")  # a Monday


def test_special_days_alone_open_and_then_no_more() -> None:
    calendar = dublin(hours={}, special={date(2026, 6, 3): [("09:00", "10:00")]})
    start = utc("2026-01-01 00:00")
    assert calendar.due(start, HOUR) == local("2026-06-03 10:00")
    with pytest.raises(CalendarNeverOpens):
        calendar.due(start, HOUR + MINUTE)
    with pytest.raises(CalendarNeverOpens):
        calendar.next_open(utc("2026-06-04 00:00"))
    with pytest.raises(CalendarNeverOpens):
        calendar.require_opening(utc("2026-06-04 00:00"))
    assert calendar.elapsed(start, utc("2190-01-01 00:00")) == HOUR


def test_a_budget_of_a_thousand_years_is_refused_and_does_not_run_for_ever() -> None:
    with pytest.raises(CalendarNeverOpens):
        dublin().due(utc("2026-01-01 00:00"), timedelta(days=365_000))


def test_naive_datetimes_are_refused() -> None:
    naive, aware = datetime(2026, 6, 3, 9), utc("2026-06-03 09:00")  # noqa: DTZ001
    calendar = dublin()
    for ask in (
        lambda: calendar.elapsed(naive, aware),
        lambda: calendar.elapsed(aware, naive),
        lambda: calendar.due(naive, HOUR),
        lambda: calendar.is_open(naive),
        lambda: calendar.next_open(naive),
        lambda: calendar.intervals(naive, aware),
    ):
        with pytest.raises(BadInstant, match="time zone"):
            ask()


@pytest.mark.parametrize("moment", ["1899-12-31 23:59", "2200-01-01 00:00", "9999-12-31 23:59"])
def test_moments_far_outside_any_promise_are_refused(moment: str) -> None:
    with pytest.raises(BadInstant, match="1900 to 2199"):
        dublin().is_open(utc(moment))


# The value


def test_calendars_are_equal_by_content() -> None:
    one = dublin(closed={date(2026, 1, 1)}, special={date(2026, 12, 24): [("09:00", "12:00")]})
    other = WorkCalendar(
        "Europe/Dublin",
        {**{n: list(reversed(DESK_DAY)) for n in reversed(range(5))}, 5: []},
        [date(2026, 1, 1), date(2026, 1, 1)],
        {date(2026, 12, 24): [["09:00", "12:00"]]},
    )
    assert one == other
    assert hash(one) == hash(other)
    assert one != dublin()
    assert dublin() != dublin(zone="Europe/London")
    assert dublin() != "a calendar"


def test_a_calendar_survives_storage() -> None:
    calendar = dublin(
        hours={**OFFICE, 5: [("22:00", "06:00")], 6: [("00:00", "24:00"), ("09:00", "09:00")]},
        closed={date(2026, 12, 25)},
        special={date(2026, 12, 24): [("09:00", "12:00")], date(2026, 12, 31): []},
    )
    assert WorkCalendar.from_dict(calendar.to_dict()) == calendar
    assert pickle.loads(pickle.dumps(calendar)) == calendar  # noqa: S301
    assert calendar.to_dict()["closed"] == ["2026-12-25"]
    assert calendar.to_dict()["special"] == {
        "2026-12-24": [["09:00", "12:00"]],
        "2026-12-31": [],
    }


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"zone": "Europe/Dublin", "hours": None},
        {"zone": "Europe/Dublin", "hours": {"Monday": []}},
        {"zone": "Europe/Dublin", "hours": {"0": [["09:00", "10:00"]]}, "closed": ["yesterday"]},
    ],
)
def test_stored_data_that_cannot_be_read_are_refused(data: Any) -> None:
    with pytest.raises(BadHours):
        WorkCalendar.from_dict(data)


def test_changing_what_was_given_does_not_change_the_calendar() -> None:
    hours: dict[int, list[tuple[str, str]]] = {2: [("09:00", "10:00")]}
    calendar = dublin(hours=hours)
    hours[2].append(("10:00", "20:00"))
    wednesday = calendar.elapsed(local("2026-06-03 00:00"), local("2026-06-04 00:00"))
    assert wednesday == HOUR
    with pytest.raises(TypeError):
        calendar.hours[3] = (("09:00", "10:00"),)  # type: ignore[index]


def test_many_threads_may_ask_one_calendar_at_once() -> None:
    calendar, answers = dublin(), []
    start, budget = utc("2001-01-01 00:00"), timedelta(days=1000)
    gate = threading.Barrier(8)

    def ask() -> None:
        gate.wait()
        answers.append(calendar.due(start, budget))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert set(answers) == {dublin().due(start, budget)}


def test_a_working_day_of_a_promise_is_eight_hours() -> None:
    assert WORKING_DAY == 8 * HOUR
    assert working_days(3) == 24 * HOUR
    assert working_days(0.5) == 4 * HOUR
