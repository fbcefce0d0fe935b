"""What a calendar says as a value: tidy hours, its months, what is different in another."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from calendars import wording
from calendars.changes import changes
from calendars.contents import Contents
from calendars.holidays_source import country_names, public_holidays, subdivision_names
from calendars.month import Day, Month, days_of
from calendars.worktime import BadHours, CalendarNeverOpens, merged_intervals

AT = datetime(2026, 11, 16, 9, tzinfo=UTC)
OFFICE = Contents("Europe/Dublin", {day: [("09:00", "17:30")] for day in range(5)}, "IE")
CHRISTMAS, STEPHEN = date(2026, 12, 25), date(2026, 12, 26)


# Hours


@pytest.mark.parametrize(
    ("given", "tidy"),
    [
        ([], ()),
        ([("13:00", "17:00"), ("09:00", "12:00")], (("09:00", "12:00"), ("13:00", "17:00"))),
        ([("09:00", "12:00"), ("12:00", "17:00")], (("09:00", "17:00"),)),
        ([("09:00", "15:00"), ("12:00", "14:00")], (("09:00", "15:00"),)),
        ([("22:00", "06:00"), ("20:00", "23:00")], (("20:00", "06:00"),)),
        ([("00:00", "12:00"), ("12:00", "24:00")], (("00:00", "24:00"),)),
        (
            [("00:00", "24:00"), ("22:00", "06:00")],
            (("00:00", "24:00"), ("22:00", "06:00")),
        ),  # 30 hours: nobody can write that as one
    ],
)
def test_overlapping_and_touching_hours_of_a_day_are_written_as_one(
    given: list[tuple[str, str]], tidy: tuple[tuple[str, str], ...]
) -> None:
    assert merged_intervals(given) == tidy


def test_tidy_hours_mean_the_same() -> None:
    odd = replace(OFFICE, hours={0: [("12:00", "15:00"), ("09:00", "13:00")], 6: []})
    assert odd.tidy().hours == {0: (("09:00", "15:00"),)}
    before, after = (one.work_calendar(AT) for one in (odd, odd.tidy()))
    until = datetime(2027, 11, 16, tzinfo=UTC)
    assert before.intervals(AT, until) == after.intervals(AT, until)


def test_what_cannot_hold_is_refused_before_it_is_kept() -> None:
    with pytest.raises(BadHours, match="not a time zone"):
        replace(OFFICE, zone="Europe/Nowhere").work_calendar(AT)
    with pytest.raises(CalendarNeverOpens):
        replace(OFFICE, hours={}).work_calendar(AT)


# Holidays


def test_public_holidays_come_by_country_and_subdivision() -> None:
    everywhere = public_holidays("DE", "", [2026])
    bavaria = public_holidays("DE", "BY", [2026])
    assert date(2026, 1, 6) not in everywhere
    assert bavaria[date(2026, 1, 6)] == "Epiphany"
    assert everywhere.keys() < bavaria.keys()


def test_countries_and_their_parts_are_called_by_their_names() -> None:
    assert country_names()["IE"] == "Ireland"
    assert subdivision_names("DE")["BY"] == "Bayern"
    assert subdivision_names("IE") == subdivision_names("XX") == {}
    assert wording.country("DE", "BY") == "Germany, Bayern"
    assert wording.country("") == "none"


# A month


def day(said: Contents, on: date) -> Day:
    """That day of its month."""
    return days_of(said, Month(on.year, on.month))[on.day - 1]


def test_a_month_shows_the_hours_of_each_day() -> None:
    days = days_of(OFFICE, Month(2026, 11))
    assert len(days) == 30
    assert days[0].column == 7
    assert not days[0].is_open
    assert days[1].hours == (("09:00", "17:30"),)


def test_a_month_shows_in_the_morning_until_when_the_night_before_was_worked() -> None:
    nights = Contents(
        "Europe/Dublin",
        {5: (("22:00", "06:00"),), 6: (("10:00", "24:00"),)},
        own_closed={date(2026, 11, 14): "Moved"},
    )
    days = {one.on.day: one for one in days_of(nights, Month(2026, 11))}
    assert [(n, days[n].until) for n in (7, 8, 9, 15, 22)] == [
        (7, ""), (8, "06:00"), (9, ""), (15, ""), (22, "06:00"),
    ]  # fmt: skip
    assert days[1].until == "06:00"  # of the last night of October


def test_a_month_names_holidays_own_closed_days_and_days_with_hours_of_their_own() -> None:
    said = replace(
        OFFICE,
        own_closed={date(2026, 12, 24): "Outing", date(2026, 12, 23): ""},
        special={date(2026, 12, 22): [("10:00", "12:00")], date(2026, 12, 24): [("9:00", "x")]},
    )
    assert day(said, CHRISTMAS) == Day(CHRISTMAS, (), "Christmas Day")
    own = day(said, date(2026, 12, 24))
    assert (own.hours, own.closed, own.is_special) == ((), "Outing", False)
    assert not day(said, date(2026, 12, 23)).is_open
    special = day(said, date(2026, 12, 22))
    assert (special.hours, special.is_special) == ((("10:00", "12:00"),), True)


def test_a_holiday_that_is_worked_keeps_its_name_and_its_hours() -> None:
    worked = day(replace(OFFICE, removed_holidays=frozenset({CHRISTMAS})), CHRISTMAS)
    assert (worked.hours, worked.holiday) == ((("09:00", "17:30"),), "Christmas Day")


def test_a_month_tells_when_the_clocks_change() -> None:
    assert day(OFFICE, date(2026, 3, 29)).clock == 60
    assert day(OFFICE, date(2026, 10, 25)).clock == -60
    assert day(replace(OFFICE, zone="Australia/Lord_Howe"), date(2026, 10, 4)).clock == 30
    assert day(OFFICE, date(2026, 10, 26)).clock == 0


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-0", "x-1", "9999-01", "²026-01"])
def test_what_is_no_month_is_that_of_today(text: str) -> None:
    assert Month.read(text, CHRISTMAS) == Month(2026, 12)


def test_months_follow_one_another_over_the_year() -> None:
    december = Month.read("2026-12", AT.date())
    assert (str(december.before), str(december.after)) == ("2026-11", "2027-01")


# What is different


def test_changes_are_told_in_sentences() -> None:
    after = replace(
        OFFICE,
        zone="Europe/Lisbon",
        hours={**OFFICE.hours, 4: [("09:00", "12:00")], 5: [("10:00", "12:00")]},
        own_closed={date(2026, 12, 24): "Outing"},
        removed_holidays=frozenset({CHRISTMAS}),
        special={date(2026, 12, 31): [("09:00", "12:00")]},
    )
    assert changes(OFFICE, after) == [
        "Time zone: Europe/Dublin → Europe/Lisbon",
        "Friday: 09:00–17:30 → 09:00–12:00",
        "Saturday: closed → 10:00–12:00",
        "Public holidays that are worked: Fri 25 Dec 2026 (Christmas Day)",
        "Closed: Thu 24 Dec 2026 (Outing)",
        "Thu 31 Dec 2026: as on other weekdays of its kind → 09:00–12:00",
    ]
    assert changes(after, OFFICE)[3:5] == [
        "Public holidays closed again: Fri 25 Dec 2026 (Christmas Day)",
        "No longer closed: Thu 24 Dec 2026 (Outing)",
    ]
    renamed = replace(after, own_closed={date(2026, 12, 24): "Party"}, country="PT")
    assert changes(after, renamed) == [
        "Public holidays of: Ireland → Portugal",
        "Thu 24 Dec 2026: Outing → Party",
    ]
    assert changes(after, after) == []


def test_a_week_is_told_in_as_few_lines_as_say_it_all() -> None:
    hours = {day: [("09:00", "17:00")] for day in range(4)} | {6: [("22:00", "06:00")]}
    assert wording.week(hours) == [("Mon–Thu", "09:00–17:00"), ("Sun", "22:00–06:00")]
