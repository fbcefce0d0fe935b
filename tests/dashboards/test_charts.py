"""Where lines, bars and cells lie: pure arithmetic, and drawings that say what they show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import pytest
from django.template import Context, Template
from django.utils import translation

from servicedesk.charts import (
    Datum,
    Series,
    bar_chart,
    counts,
    heat_map,
    level,
    line_chart,
    percents,
    small_line,
)


def draw(chart: object) -> str:
    return Template("{% load charts %}{% chart chart %}").render(Context({"chart": chart}))


MONTHS = ["Sep", "Oct", "Nov"]


def series(values: Sequence[float | None], name: str = "Ready") -> Series:
    return Series(name, [Datum(value, f"{name} {value}", f"/{name}/{value}") for value in values])


@pytest.mark.parametrize(
    ("lowest", "scale"),
    [(99, (90, 95, 100)), (91, (80, 90, 100)), (83, (80, 90, 100)), (61, (50, 75, 100)),
     (12, (0, 50, 100)), (0, (0, 50, 100))],
)  # fmt: skip
def test_a_scale_of_shares_ends_at_a_hundred_and_begins_under_the_lowest(
    lowest: float, scale: tuple[int, ...]
) -> None:
    assert percents(lowest) == scale


@pytest.mark.parametrize(
    ("highest", "scale"),
    [(1, (0, 1, 2)), (3, (0, 2, 4)), (9, (0, 5, 10)), (377, (0, 200, 400)), (400, (0, 200, 400)),
     (401, (0, 250, 500)), (1200, (0, 1000, 2000)), (0, (0, 1, 2))],
)  # fmt: skip
def test_a_scale_of_counts_begins_at_nothing_and_holds_the_highest(
    highest: float, scale: tuple[int, ...]
) -> None:
    assert counts(highest) == scale
    assert scale[-1] >= highest


def test_higher_shares_lie_higher_and_months_follow_each_other() -> None:
    chart = line_chart([series([80, 90, 100])], MONTHS, "Share")
    assert chart is not None
    xs = [float(mark.x) for mark in chart.lines[0].marks]
    ys = [float(mark.y) for mark in chart.lines[0].marks]
    assert xs == sorted(xs)
    assert ys == sorted(ys, reverse=True)
    assert ys[-1] == float(chart.ticks[-1].at)
    assert [tick.words for tick in chart.ticks] == ["70", "85", "100 %"]


def test_too_few_leave_a_gap_and_are_not_drawn() -> None:
    chart = line_chart([series([80, 85, None, 90, 91])], [*MONTHS, "Dec", "Jan"], "Share")
    assert chart is not None
    assert [len(piece.split()) for piece in chart.lines[0].pieces] == [2, 2]
    assert len(chart.lines[0].marks) == 4


def test_nothing_is_drawn_where_no_two_neighbours_have_a_figure() -> None:
    assert line_chart([series([80, None, 90])], MONTHS, "Share") is None
    assert line_chart([series([None, None, None])], MONTHS, "Share") is None
    assert line_chart([series([80])], ["Nov"], "Share") is None
    assert line_chart([series([0, 0, 0])], MONTHS, "Asked", share=False) is None
    assert bar_chart([("Up to a day", Datum(0, "none"), "0")], "Ages") is None
    assert heat_map([("Mon", [Datum(None, "few")])], ["9"], "Heat") is None


def test_a_month_that_is_not_over_is_no_fall_of_a_count() -> None:
    chart = line_chart([series([50, 60, 3])], MONTHS, "Asked", share=False, so_far=True)
    assert chart is not None
    assert [len(piece.split()) for piece in chart.lines[0].pieces] == [2]
    assert chart.lines[0].marks[-1].now


def test_names_at_the_ends_of_lines_do_not_lie_on_each_other() -> None:
    lines = [series([90, 90, 90], name) for name in ("One", "Two", "Three")]
    chart = line_chart(lines, MONTHS, "Share")
    assert chart is not None
    heights = sorted(float(line.end_y) for line in chart.lines)
    assert all(below - above >= 16 for above, below in pairwise(heights))
    assert heights[-1] <= chart.height


def test_lines_differ_by_more_than_colour() -> None:
    chart = line_chart([series([80, 90, 95]), series([85, 95, 99], "Answer")], MONTHS, "Share")
    drawn = draw(chart)
    assert "chart-line-1" in drawn
    assert "chart-line-2" in drawn
    assert drawn.count('<circle class="chart-point') == 3
    assert drawn.count('<rect class="chart-point') == 3


def test_the_longest_bar_is_the_most_and_nothing_has_no_bar() -> None:
    chart = bar_chart(
        [("a", Datum(10, "ten"), "10"), ("b", Datum(5, "five"), "5"), ("c", Datum(0, "none"), "0")],
        "Ages",
    )
    assert chart is not None
    first, second, third = (float(bar.width) for bar in chart.bars)
    assert first == pytest.approx(2 * second)
    assert third == 0
    assert float(chart.bars[0].figure_x) < float(chart.width)


@pytest.mark.parametrize(
    ("percent", "dark"), [(None, -1), (0, 0), (9.4, 0), (9.6, 1), (19, 1), (20, 2), (30, 3)]
)
def test_a_cell_is_tinted_by_the_figure_it_prints(percent: float | None, dark: int) -> None:
    assert level(percent) == dark


def test_a_cell_of_too_few_prints_no_figure() -> None:
    chart = heat_map([("Mon", [Datum(None, "too few"), Datum(33.3, "33 % late")])], ["9", "10"], "")
    assert chart is not None
    assert [cell.figure for cell in chart.rows[0].cells] == ["·", "33"]


@pytest.mark.parametrize("kind", ["line", "bars", "heat"])
def test_every_mark_leads_to_its_list_and_says_what_it_is(kind: str) -> None:
    one = [Datum(90, "Ready, October: 90 %", "/a"), Datum(80, "Ready, November: 80 %", "/b")]
    chart = {
        "line": line_chart([Series("Ready", one)], MONTHS[:2], "Share by month"),
        "bars": bar_chart([("x", one[0], "90"), ("y", one[1], "80")], "Share by month"),
        "heat": heat_map([("x", one)], MONTHS[:2], "Share by month"),
    }[kind]
    drawn = draw(chart)
    assert 'aria-label="Share by month"' in drawn
    for datum in one:
        assert f'<a href="{datum.url}" aria-label="{datum.words}">' in drawn
    assert "style=" not in drawn


def test_what_people_named_is_escaped() -> None:
    chart = bar_chart([("<b>", Datum(1, '"><script>', "/?a=1&b=2"), "<1>")], "<i>")
    drawn = draw(chart)
    assert "<script>" not in drawn
    assert "<b>" not in drawn
    assert 'href="/?a=1&amp;b=2"' in drawn


def test_coordinates_have_a_dot_in_every_language() -> None:
    chart = line_chart([series([81, 92.5, 97])], MONTHS, "Share")
    with translation.override("de"):
        drawn = draw(chart)
    assert not re.search(r'(?:x|y|cx|cy)="\d+,\d', drawn)


def test_a_small_line_begins_after_the_last_gap() -> None:
    assert small_line([1, None, 2, 3]) == [2, 3]
    assert small_line([1, None]) == []
