"""The band of a promise: moments in their order, long pauses made short, nothing on each other."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from servicedesk.band import NARROW, WIDE, Band, Drawing, Flag, Moment, Still, draw
from servicedesk.templatetags.band import band as drawn
from tests.times import FRIDAY_9, MONDAY_9, MONDAY_10, MONDAY_17, TUESDAY_9, hours

DAY = timedelta(days=1)
WEEK = Band(
    zone=ZoneInfo("Europe/Dublin"),
    start=MONDAY_9,
    end=FRIDAY_9,
    title="Ready: due Friday",
    words="Half of it is used.",
    hours=[(MONDAY_9 + n * DAY, MONDAY_17 + n * DAY) for n in range(4)],
    counted=[(MONDAY_9, MONDAY_17)],
    flags=[Flag(FRIDAY_9, "due Fri 09:00", "due"), Flag(TUESDAY_9, "now", "now")],
    marks=[Moment(MONDAY_9, 1)],
)


def _places(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(w)) for x, w in re.findall(r"M([\d.]+) [\d.]+h([\d.]+)", path)]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_calendar_time_runs_evenly_from_left_to_right(width: int) -> None:
    one = draw(WEEK, width)
    places = _places(one.hours)
    assert len(places) == 4
    apart = [b - a for (a, _), (b, _) in pairwise(places)]
    assert max(apart) - min(apart) < 0.3
    assert places[0][0] >= 0
    assert sum(places[-1]) <= width


def test_nights_of_a_long_story_are_too_narrow_to_be_drawn() -> None:
    year = replace(
        WEEK,
        end=MONDAY_9 + 365 * DAY,
        flags=(),
        hours=[(MONDAY_9 + n * DAY, MONDAY_17 + n * DAY) for n in range(365)],
    )
    assert len(_places(draw(year, NARROW).hours)) < 60


def test_a_long_pause_is_made_short_and_says_how_long_it_was() -> None:
    end = MONDAY_9 + 100 * DAY
    still = Still(TUESDAY_9, end - DAY, "waits for an answer")
    one = draw(replace(WEEK, end=end, still=[still], flags=()))
    (block,) = one.still
    assert float(block.width) < WIDE * 0.9
    assert [word.words for word in one.words_below] == ["14 weeks"]
    assert len(one.breaks) == 1


def test_what_runs_is_never_made_short() -> None:
    one = draw(replace(WEEK, end=MONDAY_9 + 100 * DAY, flags=()))
    assert not one.breaks


def test_words_that_would_lie_on_each_other_stand_in_two_lines() -> None:
    near = [Flag(FRIDAY_9, "due Fri 09:00", "due"), Flag(FRIDAY_9 - hours(1), "now", "now")]
    assert len({word.y for word in draw(replace(WEEK, flags=near)).flags}) == 2
    assert len({word.y for word in draw(WEEK).flags}) == 1


def test_no_line_of_a_flag_goes_through_the_words_of_another() -> None:
    late = FRIDAY_9 - hours(6)
    flags = [Flag(late, "was due Fri 03:00", "due"), Flag(FRIDAY_9, "ended, late Fri 09:00", "end")]
    due, ended = draw(replace(WEEK, flags=flags)).flags
    assert (due.kind, ended.kind) == ("due", "end")
    assert float(ended.y) < float(due.y)


def test_numbers_that_are_close_become_one_mark() -> None:
    marks = [Moment(MONDAY_9 + timedelta(minutes=n), n + 1, late=n == 2) for n in range(3)]
    one = draw(replace(WEEK, marks=[*marks, Moment(FRIDAY_9, 4)]))
    assert [(spot.words, spot.late) for spot in one.spots] == [("1–3", True), ("4", False)]


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (hours(2), ["09:15", "10:00"]),
        (4 * DAY, ["Tue 17"]),
        (40 * DAY, ["23 Nov"]),
        (700 * DAY, ["Jan 2027"]),
    ],
)
def test_what_stands_under_it_suits_its_length(length: timedelta, words: list[str]) -> None:
    one = draw(replace(WEEK, end=MONDAY_9 + length, flags=()))
    said = [tick.words for tick in one.ticks]
    assert set(words) <= set(said), said
    assert _apart(one)


def _apart(one: Drawing) -> bool:
    xs = [float(tick.x) for tick in one.ticks]
    return all(b - a > 30 for a, b in pairwise(xs))


@pytest.mark.parametrize(("month", "day"), [(3, 27), (10, 23)])
def test_days_are_those_of_the_reader_over_a_change_of_the_clock(month: int, day: int) -> None:
    start = datetime(2026, month, day, 9, tzinfo=ZoneInfo("Europe/Dublin"))
    one = draw(replace(WEEK, start=start, end=start + 5 * DAY, flags=(), marks=(), hours=()))
    assert len({tick.words for tick in one.ticks}) == len(one.ticks) >= 4


def test_it_is_drawn_with_a_name_a_description_and_no_style_of_its_own() -> None:
    html = drawn(replace(WEEK, title="<b>", still=[Still(MONDAY_10, MONDAY_17, "a & b")]), "x-1")
    assert "<b>" not in html
    assert "a &amp; b" in html
    assert "style=" not in html
    ids = re.findall(r'id="([^"]+)"', html)
    assert len(ids) == len(set(ids)) == 8
    assert all(f"#{one}" in html or one in html for one in re.findall(r"url\(#([^)]+)\)", html))
