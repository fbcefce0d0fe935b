"""The pictures of the overview, each with its figures as a table, or the word that they are few."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import ngettext

from people.translated import gettext as _
from requests_app.figures import AGES, Ages, Flows, Held, Month, slot
from servicedesk import charts
from servicedesk.charts import BarChart, Datum, HeatMap, LineChart, Series
from servicedesk.dashboards.scope import Scope, key_of, name_of, short_name_of, whole_name_of
from servicedesk.dashboards.shares import FEWEST, FEWEST_TO_COMPARE, percent_of
from servicedesk.wording import duration
from slas.engine import Metric
from slas.figures import Attainment, Attainments


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a table, and the list behind it."""

    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table."""

    name: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with its table; where there is too little to draw, no chart but words."""

    name: str
    chart: LineChart | BarChart | HeatMap | None
    headings: Sequence[str]
    rows: Sequence[Row]
    few: str = ""
    note: str = ""
    marks: int = 0
    """How many links it has: over a dozen there is a way past them."""


# -- Is it getting better? -----------------------------------------------------------------------


def trend(scope: Scope, shares: Attainments) -> Picture:
    """Shares in time by month: ready, and answered first."""
    lines = [
        (Metric.RESOLUTION, _("Ready in time"), _("Ready")),
        (Metric.FIRST_RESPONSE, _("First answer in time"), _("First answer")),
    ]
    months = _since_begun(
        scope.trend, lambda one: sum(shares.of(metric=m, period=one.first).n for m, _n, _s in lines)
    )
    series = []
    for metric, name, short in lines:
        data = [_share(scope, shares, metric, name, one) for one in months]
        last = next((one.value for one in reversed(data) if one.value is not None), None)
        end = short if last is None else f"{short} {last:.0f}"
        series.append(Series(name, data, end))
    chart = charts.line_chart(
        series, [short_name_of(one) for one in months], _by_month(_("Share in time"), months)
    )
    return Picture(
        "trend",
        chart,
        [_("Month"), *(line.name for line in series)],
        [
            Row(
                whole_name_of(month),
                [
                    _share_cell(shares.of(metric=metric, period=month.first), line.data[n].url)
                    for (metric, _name, _short), line in zip(lines, series, strict=True)
                ],
            )
            for n, month in reversed(list(enumerate(months)))
        ],
        few=_("There are not two months yet with five promises decided."),
        marks=2 * len(months),
    )


def _share(scope: Scope, shares: Attainments, metric: str, name: str, month: Month) -> Datum:
    found = shares.of(metric=metric, period=month.first)
    percent = percent_of(found)
    words = _("%(name)s, %(month)s: %(share)s") % {
        "name": name,
        "month": whole_name_of(month),
        "share": _share_words(found),
    }
    url = scope.behind("decided", metric=metric, month=key_of(month.first)) if found.n else ""
    return Datum(percent, words, url)


def _share_words(one: Attainment) -> str:
    percent = percent_of(one)
    if percent is None:
        return _("%(n)s decided: too few to say") % {"n": one.n}
    return _("%(percent)s\u00a0%% of %(n)s") % {"percent": percent, "n": f"{one.n:,}"}


def _share_cell(one: Attainment, url: str) -> Cell:
    return Cell(_share_words(one), url)


# -- When do they become late? -------------------------------------------------------------------


def heat(scope: Scope, shares: Attainments) -> Picture:
    """The share that was late by weekday and hour in which it was asked, over twelve months."""
    found = {
        (day, hour): shares.of(metric=Metric.RESOLUTION, value=slot(day, hour))
        for day in range(7)
        for hour in range(24)
    }
    said = [place for place, one in found.items() if one.n >= FEWEST]
    enough = sum(one.n for one in found.values()) >= FEWEST_TO_COMPARE and len(said) > 1
    days = sorted({day for day, _hour in said}) if enough else []
    hours = _all_between([hour for _day, hour in said]) if enough else []
    period = {"since": key_of(scope.trend[0].first), "month": key_of(scope.month.first)}
    lists = scope.behind("decided", verdict="missed", **period)
    said_so, too_few = (
        _("%(day)s, %(from)s to %(to)s: %(late)s %% of %(n)s late"),
        _("%(day)s, %(from)s to %(to)s: %(n)s decided, too few to say"),
    )

    def datum(day: int, hour: int) -> Datum:
        one = found[day, hour]
        percent = percent_of(one)
        words = (too_few if percent is None else said_so) % {
            "day": names[day],
            "from": f"{hour:02}:00",
            "to": f"{(hour + 1) % 24:02}:00",
            "late": 100 - (percent or 0),
            "n": one.n,
        }
        url = f"{lists}&asked={slot(day, hour)}" if lists and one.missed else ""
        return Datum(None if percent is None else 100 - percent, words, url)

    names = {day: str(WEEKDAYS[day]) for day in days}
    cells = {day: [datum(day, hour) for hour in hours] for day in days}
    chart = charts.heat_map(
        [(str(WEEKDAYS_ABBR[day]), cells[day]) for day in days],
        [f"{hour}" for hour in hours],
        _("Share late by weekday and hour in which it was asked, in percent."),
    )
    return Picture(
        "heat",
        chart,
        [_("Asked"), *(f"{hour:02}:00" for hour in hours)],
        [
            Row(
                names[day],
                [
                    Cell("–" if one.value is None else f"{one.value:.0f}\u00a0%", one.url)
                    for one in cells[day]
                ],
            )
            for day in days
        ],
        few=_("Fewer than 30 promises were decided in these months: too few to compare hours."),
        note=_("In percent, by the hour it was asked. A dot: fewer than five, too few to say."),
        marks=len(days) * len(hours),
    )


def _all_between(numbers: Sequence[int]) -> list[int]:
    return list(range(min(numbers), max(numbers) + 1)) if numbers else []


# -- How old is what is open? --------------------------------------------------------------------


def ages(scope: Scope, found: Ages) -> Picture:
    """What is open, by how long ago it was asked."""
    counted = found.of()
    data = []
    for age, n in zip(AGES, counted, strict=True):
        words = _("%(age)s: %(n)s open") % {"age": age.title, "n": f"{n:,}"}
        url = scope.behind("open", age=age.name) if n else ""
        data.append((str(age.title), Datum(n, words, url), f"{n:,}"))
    return Picture(
        "ages",
        charts.bar_chart(data, _("Open requests by how long ago they were asked."), _OLD),
        [_("Asked"), _("Open")],
        [Row(name, [Cell(text, one.url)]) for name, one, text in data],
        few=_("Nothing is open."),
    )


_OLD = ("", "", "", "", "warning", "late")


# -- Does more come in than is done? -------------------------------------------------------------


def flow(scope: Scope, flows: Flows, open_at_end: dict[date, int]) -> Picture:
    """What was asked and what was resolved, by month; in the table also what was left open."""
    months = _since_begun(
        scope.trend,
        lambda one: flows.of(period=one.first).asked + flows.of(period=one.first).resolved,
    )

    def data(figure: str, name: str, count: Callable[[Month], int]) -> list[Datum]:
        return [
            Datum(
                count(one),
                _("%(name)s, %(month)s: %(n)s")
                % {"name": name, "month": whole_name_of(one), "n": f"{count(one):,}"},
                scope.behind(figure, month=key_of(one.first)) if count(one) else "",
            )
            for one in months
        ]

    asked = data("asked", _("Asked"), lambda one: flows.of(period=one.first).asked)
    done = data("resolved", _("Done"), lambda one: flows.of(period=one.first).resolved)
    running = scope.is_running
    series = [
        Series(_("Asked"), asked, _end(_("Asked"), asked)),
        Series(_("Done"), done, _end(_("Done"), done)),
    ]
    chart = charts.line_chart(
        series,
        [short_name_of(one) for one in months],
        _by_month(_("Requests asked and done"), months),
        share=False,
        so_far=running,
    )
    note = _("%(month)s is not over.") % {"month": name_of(scope.month)} if running else ""
    return Picture(
        "flow",
        chart,
        [_("Month"), _("Asked"), _("Done"), _("Open at its end")],
        [
            Row(
                whole_name_of(month),
                [
                    Cell(f"{asked[n].value:,.0f}", asked[n].url),
                    Cell(f"{done[n].value:,.0f}", done[n].url),
                    Cell(f"{open_at_end[month.first]:,}"),
                ],
            )
            for n, month in reversed(list(enumerate(months)))
        ],
        few=_("Nothing was asked in two months that are over."),
        note=note,
        marks=2 * len(months),
    )


def _end(name: str, data: Sequence[Datum]) -> str:
    return f"{name} {data[-1].value:,.0f}" if data else name


# -- Where does the time go? ---------------------------------------------------------------------


def holders(scope: Scope, held: Held, n: int) -> Picture:
    """With whom what was resolved in the month had been, of the whole time from asked to done."""
    named = [
        ("provider", _("With the provider")),
        ("client", _("With whoever asked")),
        ("others", _("Another department")),
        ("approval", _("An approval")),
        ("third_party", _("A third party")),
        ("unowned", _("With nobody yet")),
    ]
    url = scope.behind("resolved", month=key_of(scope.month.first)) if n else ""
    data = []
    for name, title in named:
        percent = round((held.share(name) or 0) * 100)
        words = _("%(name)s: %(percent)s\u00a0%%") % {"name": title, "percent": percent}
        data.append((title, Datum(percent, words, url), f"{percent}\u00a0%"))
    few = n < FEWEST
    return Picture(
        "holders",
        None if few else charts.bar_chart(data, _("Of the time from asked to done, with whom.")),
        [_("With whom"), _("Share"), _("Calendar time in all")],
        []
        if few
        else [
            Row(title, [Cell(text, one.url), Cell(duration_in_days(held, name))])
            for (name, title), (_title, one, text) in zip(named, data, strict=True)
        ],
        few=ngettext(
            "%(n)s request was done: too few to say.",
            "%(n)s requests were done: too few to say.",
            n,
        )
        % {"n": n},
    )


def duration_in_days(held: Held, name: str) -> str:
    """Such as "12 days": calendar time, a day has 24 hours."""
    length = getattr(held, name)
    if length.days >= 2:
        return ngettext("%(n)s day", "%(n)s days", length.days) % {"n": f"{length.days:,}"}
    hours = round(length.total_seconds() / 3600)
    return _("%(n)s h") % {"n": hours} if hours else duration(length)


# ------------------------------------------------------------------------------------------------


def _since_begun(months: Sequence[Month], count: Callable[[Month], int]) -> list[Month]:
    """Without the months before anything was counted, but three at least."""
    kept = list(months)
    while len(kept) > 3 and not count(kept[0]):
        kept.pop(0)
    return kept


def _by_month(what: str, months: Sequence[Month]) -> str:
    return _("%(what)s by month, %(first)s to %(last)s. The same figures stand in a table.") % {
        "what": what,
        "first": whole_name_of(months[0]),
        "last": whole_name_of(months[-1]),
    }
