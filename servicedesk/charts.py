"""Charts as numbers: where lines, bars and cells lie in a drawing of SVG. Pure arithmetic.

`{% chart %}` of templatetags/charts.py draws them. Coordinates are texts with a dot, whatever the
language. A figure of too few is None: it leaves a gap in a line
and an empty cell, and its words say so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, log10

WIDTH, HEIGHT = 644, 264
LEFT, TOP, RIGHT, BOTTOM = 50.0, 20.0, 116.0, 32.0
"""Around the lines: room for the scale, the first tick, the names at the ends, the months."""
APART = 16.0
"""So far apart stand two names at the ends of lines."""
FLOORS = (0, 20, 40, 50, 60, 70, 80, 90)
"""Where a scale of percents may begin."""
LEVELS = (10, 20, 30)
"""From so many percent on a cell of a heat map is tinted, more so, and most."""
FEWEST_COLUMNS = 11
"""A heat map of fewer columns is no wider: its cells do not grow."""
BARS_WIDTH, BAR_ROW, BAR_HEIGHT, BAR_LABEL = 408.0, 36.0, 18.0, 136.0
HEAT_NAME, HEAT_HEAD, CELL_WIDTH, CELL_HEIGHT, CELL_GAP = 36.0, 22.0, 33.0, 34.0, 2.0


@dataclass(frozen=True, slots=True)
class Datum:
    """One figure: its value or None (too few), the words read aloud, the list behind it."""

    value: float | None
    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """Figures of one kind, one for each column; `end` is what stands at the end of its line."""

    name: str
    data: Sequence[Datum]
    end: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure's place on a line."""

    x: str
    y: str
    words: str
    url: str
    now: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line: `place` (1, 2, …) chooses its dash and the shape of its marks."""

    place: int
    name: str
    pieces: Sequence[str]
    marks: Sequence[Mark]
    end: str
    end_y: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A word beside the scale or under a column."""

    at: str
    words: str
    now: bool = False


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines over columns, ready to be drawn."""

    words: str
    ticks: Sequence[Tick]
    columns: Sequence[Tick]
    lines: Sequence[Line]
    width: int = WIDTH
    height: int = HEIGHT
    left: str = f"{LEFT:g}"
    right: str = f"{WIDTH - RIGHT:g}"
    scale_x: str = f"{LEFT - 10:g}"
    end_x: str = f"{WIDTH - RIGHT + 10:g}"
    foot: str = f"{HEIGHT - 8}"


def number(value: float) -> str:
    """A coordinate: one decimal at most."""
    return f"{round(value, 1):g}"


def percents(lowest: float) -> tuple[int, int, int]:
    """The scale of shares, which ends at 100: it begins under the lowest one."""
    start = max(one for one in FLOORS if one <= max(0.0, lowest - 2))
    return start, (start + 100) // 2, 100


def counts(highest: float) -> tuple[int, ...]:
    """The scale of counts, which begins at 0: 1, 2 or 5 of a power of ten, twice."""
    half = max(1.0, highest / 2)
    power: float = 10 ** floor(log10(half))
    step = next(int(n * power) for n in (1, 2, 2.5, 5, 10) if n * power >= half and n * power >= 1)
    return 0, step, 2 * step


def line_chart(
    series: Sequence[Series],
    columns: Sequence[str],
    words: str,
    *,
    share: bool = True,
    so_far: bool = False,
) -> LineChart | None:
    """The chart, or None where no two neighbours have anything to draw, or all counts are zero.

    `share`: values are percents. `so_far`: the last column is not over, so that a count there is
    no fall: no line leads to it.
    """
    drawn = [one.value for line in series for one in line.data if one.value is not None]
    if len(columns) < 2 or not any(_pieces(line.data, cut=so_far) for line in series):
        return None
    if not share and not any(drawn):
        return None
    scale = percents(min(drawn)) if share else counts(max(drawn))
    low, high = scale[0], scale[-1]
    step = (WIDTH - LEFT - RIGHT) / (len(columns) - 1)

    def place(column: int, value: float) -> tuple[str, str]:
        reach = HEIGHT - TOP - BOTTOM
        return number(LEFT + column * step), number(TOP + (high - value) / (high - low) * reach)

    ends = _ends([_last(line, place) for line in series])
    last = len(columns) - 1
    return LineChart(
        words=words,
        ticks=[
            Tick(place(0, value)[1], f"{value} %" if share and value == high else f"{value:,}")
            for value in scale
        ],
        columns=[
            Tick(place(n, low)[0], name, n == last)
            for n, name in enumerate(columns)
            if len(columns) <= 14 or (last - n) % 2 == 0
        ],
        lines=[
            Line(
                place=n + 1,
                name=line.name,
                pieces=[
                    " ".join(",".join(place(column, value)) for column, value in piece)
                    for piece in _pieces(line.data, cut=so_far)
                ],
                marks=[
                    Mark(*place(column, one.value), one.words, one.url, now=column == last)
                    for column, one in enumerate(line.data)
                    if one.value is not None
                ],
                end=line.end or line.name,
                end_y=number(end + 4),
            )
            for n, (line, end) in enumerate(zip(series, ends, strict=True))
        ],
    )


def _pieces(data: Sequence[Datum], *, cut: bool) -> list[list[tuple[int, float]]]:
    """Stretches of at least two figures without a gap; `cut` leaves the last column out."""
    pieces: list[list[tuple[int, float]]] = [[]]
    for column, one in enumerate(data[:-1] if cut else data):
        if one.value is None:
            pieces.append([])
        else:
            pieces[-1].append((column, one.value))
    return [piece for piece in pieces if len(piece) > 1]


def _last(line: Series, place: Callable[[int, float], tuple[str, str]]) -> float:
    """How high the name of a line would stand: beside its last figure."""
    known = [(n, one.value) for n, one in enumerate(line.data) if one.value is not None]
    return float(place(*known[-1])[1]) if known else HEIGHT / 2


def _ends(wanted: Sequence[float]) -> list[float]:
    """The same heights, pushed apart where two names would lie on each other."""
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    placed = list(wanted)
    for above, below in pairwise(order):
        placed[below] = max(placed[below], placed[above] + APART)
    over = max([*placed, 0.0]) - (HEIGHT - BOTTOM)
    return [one - over for one in placed] if over > 0 else placed


# -- Bars ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its name before it and its figure behind it."""

    name: str
    words: str
    url: str
    figure: str
    width: str
    top: str
    hit_top: str
    text_y: str
    figure_x: str
    tone: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars below each other, ready to be drawn."""

    words: str
    bars: Sequence[Bar]
    height: str
    width: str = f"{BARS_WIDTH:g}"
    start: str = f"{BAR_LABEL:g}"
    hit: str = f"{BARS_WIDTH - BAR_LABEL:g}"
    bar_height: str = f"{BAR_HEIGHT:g}"
    hit_height: str = f"{BAR_ROW - 4:g}"


def bar_chart(
    data: Sequence[tuple[str, Datum, str]], words: str, tones: Sequence[str] = ()
) -> BarChart | None:
    """Bars of (name, figure, what stands behind it); None where there is nothing but zeros."""
    most = max((one.value or 0 for _name, one, _text in data), default=0)
    if not most:
        return None
    reach = BARS_WIDTH - BAR_LABEL - 48
    bars = []
    for n, (name, one, text) in enumerate(data):
        top, width = n * BAR_ROW, reach * (one.value or 0) / most
        bars.append(
            Bar(
                name=name,
                words=one.words,
                url=one.url,
                figure=text,
                width=number(max(width, 2.0) if one.value else 0),
                top=number(top + (BAR_ROW - BAR_HEIGHT) / 2),
                hit_top=number(top + 2),
                text_y=number(top + BAR_ROW / 2 + 4),
                figure_x=number(BAR_LABEL + width + 8),
                tone=tones[n] if n < len(tones) else "",
            )
        )
    return BarChart(words, bars, number(len(bars) * BAR_ROW))


# -- Heat map ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: `level` 0 to 3 says how dark it is, -1 that there is too little to say."""

    x: str
    y: str
    text_x: str
    text_y: str
    level: int
    figure: str
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A row with its name before it."""

    name: str
    text_y: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Rows of cells under their columns, ready to be drawn."""

    words: str
    columns: Sequence[Tick]
    rows: Sequence[HeatRow]
    width: str
    height: str
    cell_width: str
    cell_height: str = f"{CELL_HEIGHT - CELL_GAP:g}"


def heat_map(
    rows: Sequence[tuple[str, Sequence[Datum]]],
    columns: Sequence[str],
    words: str,
    *,
    name_width: float = HEAT_NAME,
    cell_width: float = CELL_WIDTH,
) -> HeatMap | None:
    """Shares in percent by row and column; None where there is too little for any of them."""
    if not any(one.value is not None for _name, data in rows for one in data):
        return None
    made = []
    for n, (name, data) in enumerate(rows):
        top = HEAT_HEAD + n * CELL_HEIGHT
        text_y = number(top + (CELL_HEIGHT - CELL_GAP) / 2 + 4)
        cells = [
            Cell(
                x=number(name_width + column * cell_width),
                y=number(top),
                text_x=number(name_width + column * cell_width + (cell_width - CELL_GAP) / 2),
                text_y=text_y,
                level=level(one.value),
                figure="·" if one.value is None else f"{round(one.value)}",
                words=one.words,
                url=one.url,
            )
            for column, one in enumerate(data)
        ]
        made.append(HeatRow(name, text_y, cells))
    return HeatMap(
        words=words,
        columns=[
            Tick(number(name_width + n * cell_width + (cell_width - CELL_GAP) / 2), name)
            for n, name in enumerate(columns)
        ],
        rows=made,
        width=number(name_width + max(len(columns), FEWEST_COLUMNS) * cell_width),
        height=number(HEAT_HEAD + len(rows) * CELL_HEIGHT),
        cell_width=number(cell_width - CELL_GAP),
    )


def level(percent: float | None) -> int:
    """How dark a cell of so many percent is: 0 to 3; -1 where there is no figure."""
    return -1 if percent is None else sum(round(percent) >= one for one in LEVELS)


# -- Small line ----------------------------------------------------------------------------------


def small_line(values: Sequence[float | None]) -> list[float]:
    """What a sparkline draws: the figures since the last gap."""
    kept: list[float] = []
    for value in values:
        kept = [] if value is None else [*kept, value]
    return kept
