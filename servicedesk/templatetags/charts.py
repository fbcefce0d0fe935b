"""Charts, drawn: what servicedesk.charts has laid out, as SVG in which each mark is a link.

Drawn in Python and not by templates: a page of figures has some hundred marks, and a template
takes as long for them as the database for all figures. Every text is escaped here.
"""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from servicedesk.charts import Bar, BarChart, Cell, HeatMap, Line, LineChart, Mark

register = template.Library()


@register.simple_tag
def chart(drawing: LineChart | BarChart | HeatMap) -> SafeString:
    """Draw a chart: {% chart picture.chart %}. Colours, dashes and sizes are in chart.css."""
    if isinstance(drawing, LineChart):
        drawn = _scrolled(_lines(drawing), drawing.words, drawing.width, drawing.height)
    elif isinstance(drawing, BarChart):
        drawn = _svg(_bars(drawing), drawing.words, drawing.width, drawing.height)
    else:
        drawn = _scrolled(_cells(drawing), drawing.words, drawing.width, drawing.height, " heat")
    return mark_safe(drawn)  # noqa: S308  # escaped piece by piece  # nosec B308 B703


def _svg(pieces: Iterable[str], words: str, width: object, height: object, more: str = "") -> str:
    return (
        f'<svg class="chart{more}" viewBox="0 0 {width} {height}" role="group" '
        f'aria-label="{escape(words)}">{"".join(pieces)}</svg>'
    )


def _scrolled(
    pieces: Iterable[str], words: str, width: object, height: object, more: str = ""
) -> str:
    return f'<div class="scroll">{_svg(pieces, words, width, height, more)}</div>'


def _link(url: str, words: str, drawn: str) -> str:
    return f'<a href="{escape(url)}" aria-label="{escape(words)}">{drawn}</a>' if url else drawn


# -- Lines ---------------------------------------------------------------------------------------


def _lines(one: LineChart) -> Iterable[str]:
    yield '<g aria-hidden="true">'
    for tick in one.ticks:
        yield f'<path class="chart-grid" d="M{one.left} {tick.at}H{one.right}"/>'
        yield (
            f'<text x="{one.scale_x}" y="{tick.at}" dy="4" text-anchor="end">'
            f"{escape(tick.words)}</text>"
        )
    for column in one.columns:
        now = ' class="chart-label"' if column.now else ""
        yield (
            f'<text x="{column.at}" y="{one.foot}" text-anchor="middle"{now}>'
            f"{escape(column.words)}</text>"
        )
    for line in one.lines:
        yield from (
            f'<polyline class="chart-line chart-line-{line.place}" points="{piece}"/>'
            for piece in line.pieces
        )
        if line.marks:
            yield (
                f'<text class="chart-label" x="{one.end_x}" y="{line.end_y}">'
                f"{escape(line.end)}</text>"
            )
    yield "</g>"
    for line in one.lines:
        yield from (_mark(line, mark) for mark in line.marks)


def _mark(line: Line, mark: Mark) -> str:
    name = f"chart-point chart-point-{line.place}{' chart-point-now' if mark.now else ''}"
    shape = {
        1: f'<circle class="{name}" cx="{mark.x}" cy="{mark.y}" r="4"/>',
        2: f'<rect class="{name}" x="{mark.x}" y="{mark.y}" width="7" height="7" '
        'transform="translate(-3.5 -3.5)"/>',
    }.get(
        line.place,
        f'<path class="{name}" d="M0-5L5 3.500H-5Z" transform="translate({mark.x} {mark.y})"/>',
    )
    hit = f'<circle class="chart-hit" cx="{mark.x}" cy="{mark.y}" r="12"/>'
    return _link(mark.url, mark.words, hit + shape)


# -- Bars and cells ------------------------------------------------------------------------------


def _bars(one: BarChart) -> Iterable[str]:
    for bar in one.bars:
        yield f'<text x="0" y="{bar.text_y}" aria-hidden="true">{escape(bar.name)}</text>'
        yield _link(bar.url, bar.words, _bar(one, bar))


def _bar(one: BarChart, bar: Bar) -> str:
    tone = f' data-tone="{bar.tone}"' if bar.tone else ""
    return (
        f'<rect class="chart-hit" x="{one.start}" y="{bar.hit_top}" width="{one.hit}" '
        f'height="{one.hit_height}"/><rect class="bar-value"{tone} x="{one.start}" y="{bar.top}" '
        f'width="{bar.width}" height="{one.bar_height}" rx="3"/><text class="chart-label" '
        f'x="{bar.figure_x}" y="{bar.text_y}" aria-hidden="true">{escape(bar.figure)}</text>'
    )


def _cells(one: HeatMap) -> Iterable[str]:
    yield '<g aria-hidden="true">'
    for column in one.columns:
        yield f'<text x="{column.at}" y="14" text-anchor="middle">{escape(column.words)}</text>'
    for row in one.rows:
        yield f'<text class="heat-name" x="0" y="{row.text_y}">{escape(row.name)}</text>'
    yield "</g>"
    for row in one.rows:
        yield from (_link(cell.url, cell.words, _cell(one, cell)) for cell in row.cells)


def _cell(one: HeatMap, cell: Cell) -> str:
    tint = "heat-few" if cell.level < 0 else f"heat-{cell.level}"
    return (
        f'<rect class="{tint}" x="{cell.x}" y="{cell.y}" width="{one.cell_width}" '
        f'height="{one.cell_height}" rx="3"/><text x="{cell.text_x}" y="{cell.text_y}" '
        f'text-anchor="middle" aria-hidden="true">{escape(cell.figure)}</text>'
    )
