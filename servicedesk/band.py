"""The band of a promise over calendar time: working hours, what counted, where it stood still.

Pure arithmetic. `{% band %}` of templatetags/band.py draws what is laid out here. Time runs from
left to right in the reader's zone; a long stretch in which nothing happens is made short, and a
sign says so. Coordinates are texts with a dot, whatever the language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import pairwise, permutations
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils.translation import ngettext

from servicedesk.wording import date_words

WIDE, NARROW = 672, 304
"""Of the drawing's own units: a page of reading, and a telephone."""

LANE = 15.0
"""Height of one line of words above the band."""
HOURS_HEIGHT, CLOCK_HEIGHT = 7.0, 24.0
MERGE = 1.3
"""Gaps narrower than that are drawn over: a night within a year."""
MARK = 18.0
"""So wide is a numbered mark; marks closer than that become one."""
LETTER = 6.2
"""About the width of a letter."""
STRONG_LETTER = 7.2
"""The same of strong ones."""
DAY = timedelta(days=1)
QUIET = timedelta(days=7)
"""A stretch is long from here on."""
SHORTEST = timedelta(days=3)
"""As long as that looks a long stretch that was made short, at least."""

Interval = tuple[datetime, datetime]
Place = Callable[[datetime], float]


@dataclass(frozen=True, slots=True)
class Still:
    """A stretch in which the clock stood still, and why in a word or two."""

    start: datetime
    end: datetime
    words: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment with its number in the table."""

    at: datetime
    number: int
    late: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """A moment with words above the band."""

    at: datetime
    words: str
    kind: Literal["due", "now", "end"]


@dataclass(frozen=True, slots=True)
class Band:
    """One clock over calendar time. Intervals are sorted and do not overlap.

    `counted` is working time that the clock ran in time, `late` what it ran after it was due,
    `ahead` what is left of it until it falls due. `title` and `words` say what the drawing shows.
    """

    zone: ZoneInfo
    start: datetime
    end: datetime
    title: str
    words: str
    hours: Sequence[Interval] = ()
    counted: Sequence[Interval] = ()
    late: Sequence[Interval] = ()
    ahead: Sequence[Interval] = ()
    still: Sequence[Still] = ()
    flags: Sequence[Flag] = ()
    thresholds: Sequence[tuple[datetime, str]] = ()
    marks: Sequence[Moment] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """Words at a place."""

    x: str
    y: str
    words: str
    anchor: Literal["start", "middle", "end"] = "middle"
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle, and what stands in it."""

    x: str
    width: str
    words: str = ""
    sign: bool = False
    middle: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A numbered mark; of several close ones, the first and the last number."""

    x: str
    left: str
    width: str
    words: str
    late: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """The band, ready to be drawn."""

    title: str
    words: str
    width: int
    height: str
    hours_y: str
    clock_y: str
    clock_end: str
    hours: str
    counted: str
    late: str
    ahead: str
    frame: Block
    still: Sequence[Block]
    flags: Sequence[Word]
    """Their lines stand at their `x`, from under the words down to the clock."""
    thresholds: Sequence[tuple[str, str]]
    spots: Sequence[Spot]
    spot_y: str
    ticks: Sequence[Word]
    tick_y: str
    breaks: Sequence[str]
    words_below: Sequence[Word] = field(default_factory=tuple)


def number(value: float) -> str:
    """A coordinate: one decimal at most."""
    return f"{round(value, 1):g}"


# -- Time to place -------------------------------------------------------------------------------


class Axis:
    """Calendar time from left to right; long stretches in which nothing counts are made short."""

    def __init__(
        self, anchors: Iterable[datetime], quiet: Sequence[Interval], width: float
    ) -> None:
        self.width = width
        points = sorted(set(anchors))
        most = max(SHORTEST, (points[-1] - points[0]) / 8)
        gaps = [after - before for before, after in pairwise(points)]
        drawn = [
            min(gap, most)
            if gap > QUIET and any(a <= before and after <= b for a, b in quiet)
            else gap
            for gap, (before, after) in zip(gaps, pairwise(points), strict=True)
        ]
        total = sum(drawn, timedelta(0)) or DAY
        self._points = points
        self._places = [0.0]
        for one in drawn:
            self._places.append(self._places[-1] + one / total * width)
        self.shortened = [
            (before, after)
            for (before, after), gap, shown in zip(pairwise(points), gaps, drawn, strict=True)
            if gap > shown * 1.5
        ]
        self.per_day = width / (total / DAY)
        """Units of an ordinary day."""

    def place(self, at: datetime) -> float:
        """Where a moment stands, within the frame."""
        if at <= self._points[0]:
            return 0.0
        for n, (before, after) in enumerate(pairwise(self._points)):
            if at <= after:
                share = (at - before) / (after - before)
                return self._places[n] + share * (self._places[n + 1] - self._places[n])
        return self.width

    def is_shortened(self, at: datetime) -> bool:
        """Whether the moment lies within a stretch that was made short."""
        return any(before < at < after for before, after in self.shortened)


# -- Laying out ----------------------------------------------------------------------------------


def draw(band: Band, width: int = WIDE) -> Drawing:
    """Lay the band out for a width."""
    inset = 10.0
    anchors = [band.start, band.end, *(one.at for one in band.flags)]
    anchors += [one.at for one in band.marks]
    anchors += [at for one in band.still for at in (one.start, one.end)]
    axis = Axis(
        (at for at in anchors if band.start <= at <= band.end),
        [(one.start, one.end) for one in band.still],
        width - 2 * inset,
    )

    def place(at: datetime) -> float:
        return inset + axis.place(at)

    flags, lanes = _flags(band.flags, place, width)
    top = lanes * LANE + 3
    clock_y = top + HOURS_HEIGHT + 3
    clock_end = clock_y + CLOCK_HEIGHT
    thresholds = _thresholds(band.thresholds, place)
    below = clock_end + (13 if thresholds else 0)
    spot_y = below + 6
    axis_y = spot_y + MARK + 6
    left, right = place(band.start), place(band.end)
    return Drawing(
        title=band.title,
        words=band.words,
        width=width,
        height=number(axis_y + 21),
        hours_y=number(top),
        clock_y=number(clock_y),
        clock_end=number(clock_end),
        hours=_path(band.hours, place, top, HOURS_HEIGHT),
        counted=_path(band.counted, place, clock_y, CLOCK_HEIGHT),
        late=_path(band.late, place, clock_y, CLOCK_HEIGHT),
        ahead=_path(band.ahead, place, clock_y + 1, CLOCK_HEIGHT - 2),
        frame=Block(number(left), number(right - left)),
        still=[_still(one, place) for one in band.still],
        flags=flags,
        thresholds=thresholds,
        spots=_spots(band.marks, place, width),
        spot_y=number(spot_y),
        ticks=_ticks(band, axis, place, axis_y + 15),
        tick_y=number(axis_y),
        breaks=[number(_break(place(a), place(b))) for a, b in axis.shortened],
        words_below=[
            Word(number(_break(place(a), place(b))), number(axis_y + 15), _span(b - a))
            for a, b in axis.shortened
        ],
    )


def _path(intervals: Iterable[Interval], place: Place, y: float, height: float) -> str:
    """All of them as one path; those that lie very close are made one."""
    merged: list[list[float]] = []
    for opens, closes in intervals:
        a, b = place(opens), place(closes)
        if merged and a - merged[-1][1] < MERGE:
            merged[-1][1] = max(merged[-1][1], b)
        else:
            merged.append([a, b])
    return "".join(
        f"M{number(a)} {number(y)}h{number(max(b - a, 0.8))}v{number(height)}"
        f"h{number(-max(b - a, 0.8))}z"
        for a, b in merged
    )


def _break(start: float, end: float) -> float:
    """Where the sign of a shortened stretch stands: beside what is written in its middle."""
    return start + (end - start) * 0.8


def _still(one: Still, place: Place) -> Block:
    a, b = place(one.start), place(one.end)
    room = b - a
    words = one.words if len(one.words) * LETTER + 12 <= room else ""
    return Block(
        number(a), number(max(room, 1.5)), words, room >= 12 and not words, number((a + b) / 2)
    )


def _flags(flags: Sequence[Flag], place: Place, width: float) -> tuple[list[Word], int]:
    """The words above the band, in as many lines as they need; and how many that are.

    Of all orders the first in which the fewest words are crossed by the line of a flag above them.
    """
    known = sorted(flags, key=lambda one: ("due", "end", "now").index(one.kind))
    ways = [_hung(order, place, width) for order in permutations(known)]
    best = min(ways, key=lambda way: (_crossed(way), max((one.lane for one in way), default=0)))
    best = sorted(best, key=lambda one: known.index(one.flag))
    words = [
        Word(
            number(one.x), number((one.lane + 1) * LANE - 3), one.flag.words, one.anchor,
            one.flag.kind,
        )
        for one in best
    ]  # fmt: skip
    return words, max((one.lane + 1 for one in best), default=1)


@dataclass(frozen=True, slots=True)
class _Hung:
    """A flag with its place: its line at `x`, its words from `start` to `end` in a lane."""

    flag: Flag
    x: float
    start: float
    end: float
    anchor: Literal["start", "middle", "end"]
    lane: int


def _hung(flags: Sequence[Flag], place: Place, width: float) -> list[_Hung]:
    """Each in the highest lane in which its words touch no others."""
    found: list[_Hung] = []
    for flag in flags:
        x, room = place(flag.at), len(flag.words) * STRONG_LETTER
        anchor, start = _anchored(x, room, width)
        end = start + room
        taken = {one.lane for one in found if start < one.end + 6 and one.start - 6 < end}
        lane = next(n for n in range(len(found) + 1) if n not in taken)
        found.append(_Hung(flag, x, start, end, anchor, lane))
    return found


def _crossed(hung: Sequence[_Hung]) -> int:
    """How many words have the line of a flag from a lane above them going through."""
    return sum(
        above.lane < below.lane and below.start < above.x < below.end
        for above in hung
        for below in hung
    )


def _anchored(
    x: float, room: float, width: float
) -> tuple[Literal["start", "middle", "end"], float]:
    """How words at a place are anchored to stay within the frame, and where they begin."""
    if x - room / 2 < 0:
        return "start", x
    if x + room / 2 > width:
        return "end", x - room
    return "middle", x - room / 2


def _thresholds(given: Iterable[tuple[datetime, str]], place: Place) -> list[tuple[str, str]]:
    found: list[tuple[float, str]] = []
    for at, words in given:
        x = place(at)
        if found and x - found[-1][0] < len(words) * LETTER + 4:
            found[-1] = (found[-1][0], "")
        found.append((x, words))
    return [(number(x), words) for x, words in found]


def _spots(marks: Sequence[Moment], place: Place, width: float) -> list[Spot]:
    groups: list[tuple[list[Moment], float, float]] = []
    for mark in marks:
        x = place(mark.at)
        if groups and x - groups[-1][2] < _room(groups[-1][0]) / 2 + MARK / 2 + 2:
            some, first, _last = groups.pop()
            groups.append(([*some, mark], first, x))
        else:
            groups.append(([mark], x, x))
    spots = []
    for some, first, last in groups:
        room = _room(some)
        middle = min(max((first + last) / 2, room / 2 + 1), width - room / 2 - 1)
        numbers = [some[0].number, some[-1].number]
        words = str(numbers[0]) if len(some) == 1 else f"{numbers[0]}–{numbers[1]}"
        spots.append(
            Spot(
                number(middle), number(middle - room / 2), number(room), words,
                any(one.late for one in some),
            )
        )  # fmt: skip
    return spots


def _room(some: Sequence[Moment]) -> float:
    if len(some) == 1 and some[0].number < 100:
        return MARK
    letters = len(f"{some[0].number}–{some[-1].number}") if len(some) > 1 else 3
    return letters * LETTER + 10


# -- The days under it ---------------------------------------------------------------------------

STEPS = (
    (timedelta(minutes=15), "H:i"),
    (timedelta(minutes=30), "H:i"),
    (timedelta(hours=1), "H:i"),
    (timedelta(hours=2), "H:i"),
    (timedelta(hours=3), "H:i"),
    (timedelta(hours=6), "H:i"),
)
DAYS = ((1, "D j"), (2, "D j"), (7, "j M"), (14, "j M"))


def _ticks(band: Band, axis: Axis, place: Place, y: float) -> list[Word]:
    moments = _hours_of(band, axis) if axis.per_day >= 4 * 48 else _days_of(band, axis)
    found: list[tuple[float, str]] = []
    taken = [_break(place(a), place(b)) for a, b in axis.shortened]
    for at, words in moments:
        x, room = place(at), len(words) * LETTER
        if not band.start <= at <= band.end or axis.is_shortened(at):
            continue
        if x - room / 2 < 0 or x + room / 2 > axis.width + 20:
            continue
        if any(abs(x - one) < room / 2 + 34 for one in taken):
            continue
        if found and x - found[-1][0] < (room + len(found[-1][1]) * LETTER) / 2 + 8:
            continue
        found.append((x, words))
    return [Word(number(x), number(y), words) for x, words in found]


def _hours_of(band: Band, axis: Axis) -> list[tuple[datetime, str]]:
    """Times of the day; midnight bears the name of the day."""
    step = next((one for one, _ in STEPS if axis.per_day * (one / DAY) >= 48), STEPS[-1][0])
    first = band.start.astimezone(band.zone).replace(minute=0, second=0, microsecond=0)
    at, found = datetime.combine(first.date(), time(), band.zone), []
    last = band.end.astimezone(band.zone).date() + DAY
    while at.date() <= last:
        name = date_words(at.date(), "D j") if at.time() == time() else f"{at:%H:%M}"
        found.append((at, name))
        later = (at.replace(tzinfo=None) + step).replace(tzinfo=band.zone)
        at = later
    return found


def _days_of(band: Band, axis: Axis) -> list[tuple[datetime, str]]:
    """Days, Mondays or first days of months, at their midnight."""
    first = band.start.astimezone(band.zone).date()
    last = band.end.astimezone(band.zone).date()
    days = [first + n * DAY for n in range((last - first).days + 1)]
    step, pattern = next(((n, p) for n, p in DAYS if axis.per_day * n >= 52), (0, "M Y"))
    if step == 0:
        days = [day for day in days if day.day == 1]
    elif step >= 7:
        days = [day for day in days if day.weekday() == 0][:: step // 7]
    else:
        days = days[::step]
    return [(datetime.combine(day, time(), band.zone), date_words(day, pattern)) for day in days]


def _span(length: timedelta) -> str:
    weeks, days = length.days // 7, length.days
    if weeks >= 3:
        return ngettext("%(n)d week", "%(n)d weeks", weeks) % {"n": weeks}
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
