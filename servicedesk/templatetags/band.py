"""The band of a promise, drawn: what servicedesk.band has laid out, as SVG.

Drawn twice, for a page and for a telephone; the sheet shows one of them. Every text is escaped
here; colours and hatchings are in band.css, so that no part is known by its colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from servicedesk.band import CLOCK_HEIGHT, MARK, NARROW, WIDE, Band, Block, Drawing, draw

register = template.Library()


@register.simple_tag
def band(picture: Band, name: str) -> SafeString:
    """Draw a band: {% band picture "resolution-1-1" %}; the name is unique on the page."""
    drawn = "".join(
        _svg(draw(picture, width), f"{name}-{kind}", kind)
        for kind, width in (("wide", WIDE), ("narrow", NARROW))
    )
    return mark_safe(drawn)  # noqa: S308  # escaped piece by piece  # nosec B308 B703


def _svg(one: Drawing, name: str, kind: str) -> str:
    name = escape(name)
    return (
        f'<svg class="band band-{kind} {kind}-only" viewBox="0 0 {one.width} {one.height}" '
        f'role="img" aria-labelledby="{name}-title" aria-describedby="{name}-desc">'
        f'<title id="{name}-title">{escape(one.title)}</title>'
        f'<desc id="{name}-desc">{escape(one.words)}</desc>'
        f"{_hatchings(name)}{''.join(_pieces(one, name))}</svg>"
    )


def _hatchings(name: str) -> str:
    return (
        f'<defs><pattern id="{name}-still" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect class="band-still-ground" width="6" height="6"/>'
        '<path class="band-still-line" d="M0 0V6"/></pattern>'
        f'<pattern id="{name}-late" width="5" height="5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(-45)"><rect class="band-late-ground" width="5" height="5"/>'
        '<path class="band-late-line" d="M0 0V5"/></pattern></defs>'
    )


def _pieces(one: Drawing, name: str) -> Iterable[str]:
    y, height = one.clock_y, f"{CLOCK_HEIGHT:g}"
    frame = one.frame
    yield f'<path class="band-hours" d="{one.hours}"/>'
    yield (
        f'<rect class="band-frame" x="{frame.x}" y="{y}" width="{frame.width}" '
        f'height="{height}" rx="3"/>'
    )
    yield from (_still(block, one, name) for block in one.still)
    if one.ahead:
        yield f'<path class="band-ahead" d="{one.ahead}"/>'
    yield f'<path class="band-counted" d="{one.counted}"/>'
    if one.late:
        yield f'<path class="band-late" fill="url(#{name}-late)" d="{one.late}"/>'
    for at in one.breaks:
        yield (
            f'<path class="band-break" d="M0 0l-4 {float(one.tick_y) - float(y):g}" '
            f'transform="translate({at} {y})"/><path class="band-break" '
            f'd="M5 0l-4 {float(one.tick_y) - float(y):g}" transform="translate({at} {y})"/>'
        )
    for x, words in one.thresholds:
        yield f'<path class="band-threshold" d="M{x} {one.clock_end}l-3.500 5h7z"/>'
        if words:
            yield (
                f'<text class="band-small" x="{x}" y="{float(one.clock_end) + 14:g}" '
                f'text-anchor="middle">{escape(words)}</text>'
            )
    yield from _flags(one)
    yield from _marks(one)
    yield f'<path class="band-axis" d="M0 {one.tick_y}H{one.width}"/>'
    for tick in one.ticks:
        yield (
            f'<path class="band-axis" d="M{tick.x} {one.tick_y}v4"/>'
            f'<text x="{tick.x}" y="{tick.y}" text-anchor="middle">{escape(tick.words)}</text>'
        )
    for word in one.words_below:
        yield (
            f'<text class="band-small" x="{word.x}" y="{word.y}" text-anchor="middle">'
            f"{escape(word.words)}</text>"
        )


def _still(block: Block, one: Drawing, name: str) -> str:
    middle = float(one.clock_y) + CLOCK_HEIGHT / 2
    drawn = (
        f'<rect class="band-still" fill="url(#{name}-still)" x="{block.x}" y="{one.clock_y}" '
        f'width="{block.width}" height="{CLOCK_HEIGHT:g}"/>'
    )
    if block.words:
        return drawn + (
            f'<text class="band-inside" x="{block.middle}" y="{middle:g}" dy="4" '
            f'text-anchor="middle">{escape(block.words)}</text>'
        )
    if block.sign:
        return drawn + (
            f'<path class="band-sign" d="M-2.500 -4v8m5-8v8" '
            f'transform="translate({block.middle} {middle:g})"/>'
        )
    return drawn


def _flags(one: Drawing) -> Iterable[str]:
    low = f"{float(one.clock_end) + 3:g}"
    for word in one.flags:
        yield (
            f'<path class="band-flag band-flag-{word.kind}" d="M{word.x} {float(word.y) + 3:g}'
            f'V{low}"/><text class="band-flag-words" x="{word.x}" y="{word.y}" '
            f'text-anchor="{word.anchor}">{escape(word.words)}</text>'
        )


def _marks(one: Drawing) -> Iterable[str]:
    for spot in one.spots:
        late = " band-spot-late" if spot.late else ""
        middle = float(one.spot_y) + MARK / 2
        yield (
            f'<rect class="band-spot{late}" x="{spot.left}" y="{one.spot_y}" '
            f'width="{spot.width}" height="{MARK:g}" rx="9"/><text class="band-number{late}" '
            f'x="{spot.x}" y="{middle:g}" dy="4" text-anchor="middle">{escape(spot.words)}</text>'
        )
