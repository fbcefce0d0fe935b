"""Business time: how long a department has worked, and when a promise falls due.

Pure Python, without Django. A calendar defines a set of instants by the clock on the wall: an
instant belongs to it exactly when its local reading lies inside an opening interval. Everything
here follows from that one sentence; daylight saving needs no rule of its own.

Readings are turned into UTC intervals once for each stretch of 52 weeks, on demand, and kept as
sorted integers (microseconds since 1970) with running sums, so that every question is a bisection.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

WORKING_DAY = timedelta(hours=8)
"""What a promise counts as one working day, whatever the opening hours."""

SEARCH_YEARS = 5
"""A calendar that does not open within so many years is refused where it is saved."""

Intervals = Sequence[Sequence[str]]
"""Openings and closings of a day, as people write them: [("09:00", "12:30"), …]."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)
_MINUTE = 60_000_000
_DAY = 24 * 60 * _MINUTE
_CHUNK = 364 * _DAY
_EARLIEST = (datetime(1900, 1, 1, tzinfo=UTC) - _EPOCH) // _MICROSECOND
_LATEST = (datetime(2200, 1, 1, tzinfo=UTC) - _EPOCH) // _MICROSECOND
# A zone's offset is looked at this often. The closest two changes in the whole time zone database
# are almost four days apart, so none is missed.
_PROBE = _DAY // 2
_SECOND = 1_000_000

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00", re.ASCII)
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class BadHours(ValueError):
    """Hours, dates or a zone that cannot be read; the message says which and why."""


class CalendarNeverOpens(ValueError):
    """No opening hours at all, or none within the time that can be searched."""


class BadInstant(ValueError):
    """A datetime without a zone, or outside 1900–2199, where no promise can fall."""


def working_days(n: float) -> timedelta:
    """Business time of n working days, as promises count them (8 hours each)."""
    return n * WORKING_DAY


def merged_intervals(given: Intervals) -> tuple[tuple[str, str], ...]:
    """The intervals of one day in order, overlapping and touching ones made one.

    Those that together last longer than a day, which nobody can write as one, stay two. Raises
    BadHours.
    """
    merged: list[_Span] = []
    for span in _read_intervals("Hours", given):
        if merged and span.opens <= merged[-1].opens + merged[-1].lasts:
            before = merged[-1]
            lasts = max(before.opens + before.lasts, span.opens + span.lasts) - before.opens
            if lasts <= 24 * 60:
                merged[-1] = _Span(before.opens, lasts)
                continue
        merged.append(span)
    return _written(merged)


class _Span(NamedTuple):
    """An interval as written: minutes after midnight, and its length in minutes."""

    opens: int
    lasts: int


class _Chunk(NamedTuple):
    """The open UTC intervals of 52 weeks: sorted, disjoint, apart; µs since 1970."""

    opens: list[int]
    closes: list[int]
    sums: list[int]  # open time up to the end of each interval
    total: int

    def used_before(self, instant: int) -> int:
        """Open microseconds of this chunk before an instant within it."""
        after = bisect_right(self.opens, instant)
        if not after:
            return 0
        return self.sums[after - 1] - max(0, self.closes[after - 1] - instant)


class WorkCalendar:
    """When a department works. An immutable value: equal by content, hashable, safe to share.

    zone:    IANA name of the zone on whose wall the clock hangs.
    hours:   weekday (Monday is 0) to intervals of ("HH:MM", "HH:MM"); "24:00" may close. A closing
             at or before its opening runs past midnight and belongs to the day that opened.
    closed:  whole local dates; nothing opens on them, special or not.
    special: date to intervals of its own, instead of the weekday's; an empty list is a closed day.

    Raises BadHours for what cannot be read, CalendarNeverOpens if nothing is ever open. Instants
    given must be aware (any zone) and lie in 1900–2199, else BadInstant; instants returned are UTC.
    """

    __slots__ = ("_chunks", "_end", "_hash", "_key", "closed", "hours", "special", "zone")

    zone: str
    hours: Mapping[int, tuple[tuple[str, str], ...]]
    closed: frozenset[date]
    special: Mapping[date, tuple[tuple[str, str], ...]]

    def __init__(
        self,
        zone: str,
        hours: Mapping[int, Intervals],
        closed: Collection[date] = (),
        special: Mapping[date, Intervals] | None = None,
    ) -> None:
        _zone(zone)
        spans = _read_weekdays(hours)
        special_spans = {day: _read_intervals(str(day), given) for day, given in _dates(special)}
        self.zone = zone
        self.closed = frozenset(day for day, _ in _dates(dict.fromkeys(closed)))
        self.hours = MappingProxyType(
            {weekday: _written(given) for weekday, given in spans.items() if given}
        )
        self.special = MappingProxyType(
            {day: _written(given) for day, given in sorted(special_spans.items())}
        )
        self._key = (
            zone,
            tuple(spans.get(weekday, ()) for weekday in range(7)),
            self.closed,
            tuple(sorted(special_spans.items())),
        )
        self._hash = hash(self._key)
        self._chunks: dict[int, _Chunk] = {}
        self._end = _LATEST if self.hours else self._end_of_special_days(special_spans)

    def _end_of_special_days(self, spans: Mapping[date, tuple[_Span, ...]]) -> int:
        """An instant after which a calendar without weekly hours is closed for good."""
        opening = [day for day, given in spans.items() if given and day not in self.closed]
        if not opening:
            raise CalendarNeverOpens("This calendar never opens: give at least one day its hours.")
        return min(_LATEST, _midnight(max(opening)) + 4 * _DAY)

    # Questions

    def elapsed(self, a: datetime, b: datetime) -> timedelta:
        """Business time in [a, b), exact to the microsecond; zero if b is before a."""
        start, end = _instant(a), _instant(b)
        if end <= start:
            return timedelta(0)
        first, last = start // _CHUNK, end // _CHUNK
        used = self._chunk(last).used_before(end) - self._chunk(first).used_before(start)
        for index in range(first, last):
            used += self._chunk(index).total
        return timedelta(microseconds=used)

    def due(self, start: datetime, budget: timedelta) -> datetime:
        """The earliest instant t >= start (UTC) with elapsed(start, t) == budget.

        A budget that ends exactly at closing time is due at closing time. Raises ValueError for a
        negative budget, CalendarNeverOpens if there is not so much business time left.
        """
        at, wanted = _instant(start), budget // _MICROSECOND
        if wanted < 0:
            raise ValueError("A budget cannot be negative.")
        if not wanted:
            return _datetime(at)
        index = at // _CHUNK
        wanted += self._chunk(index).used_before(at)
        while wanted > self._chunk(index).total:
            wanted -= self._chunk(index).total
            index += 1
            self._require_reachable(index)
        chunk = self._chunk(index)
        last = bisect_left(chunk.sums, wanted)
        return _datetime(chunk.closes[last] - (chunk.sums[last] - wanted))

    def is_open(self, at: datetime) -> bool:
        """Whether this instant is business time."""
        instant = _instant(at)
        chunk = self._chunk(instant // _CHUNK)
        after = bisect_right(chunk.opens, instant)
        return bool(after) and instant < chunk.closes[after - 1]

    def next_open(self, at: datetime) -> datetime:
        """The first instant of business time from here on (UTC): `at` itself if it is open."""
        instant = _instant(at)
        index = instant // _CHUNK
        while True:
            chunk = self._chunk(index)
            after = bisect_right(chunk.closes, instant)
            if after < len(chunk.opens):
                return _datetime(max(instant, chunk.opens[after]))
            index += 1
            self._require_reachable(index)

    def intervals(self, a: datetime, b: datetime) -> list[tuple[datetime, datetime]]:
        """The open intervals within [a, b), clipped to it: sorted, disjoint, not touching; UTC."""
        start, end = _instant(a), _instant(b)
        found: list[tuple[int, int]] = []
        if end <= start:
            return []
        for index in range(start // _CHUNK, end // _CHUNK + 1):
            chunk = self._chunk(index)
            for position in range(bisect_right(chunk.closes, start), len(chunk.opens)):
                if chunk.opens[position] >= end:
                    break
                opens = max(start, chunk.opens[position])
                found.append((opens, min(end, chunk.closes[position])))
        return [(_datetime(opens), _datetime(closes)) for opens, closes in _merged(found)]

    def require_opening(self, at: datetime) -> None:
        """Raise CalendarNeverOpens unless this calendar opens within five years of `at`."""
        limit = at + timedelta(days=SEARCH_YEARS * 366)
        if self.next_open(at) >= limit:
            raise CalendarNeverOpens(
                f"This calendar is closed for the next {SEARCH_YEARS} years: "
                "remove closed days or add hours."
            )

    # Value

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON data from which `from_dict` makes an equal calendar."""
        return {
            "zone": self.zone,
            "hours": {str(day): _listed(given) for day, given in self.hours.items()},
            "closed": sorted(day.isoformat() for day in self.closed),
            "special": {day.isoformat(): _listed(given) for day, given in self.special.items()},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> WorkCalendar:
        """The calendar that `to_dict` wrote. Raises as the constructor does."""
        try:
            return cls(
                zone=data["zone"],
                hours={int(day): given for day, given in data["hours"].items()},
                closed=[date.fromisoformat(day) for day in data.get("closed", ())],
                special={
                    date.fromisoformat(day): given for day, given in data.get("special", {}).items()
                },
            )
        except (BadHours, CalendarNeverOpens):
            raise
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise BadHours(f"This is not a stored calendar: {error}.") from error

    def __eq__(self, other: object) -> bool:
        return self._key == other._key if isinstance(other, WorkCalendar) else NotImplemented

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        days = f"{len(self.closed)} closed, {len(self.special)} special"
        return f"<WorkCalendar {self.zone}: {len(self.hours)} weekdays, {days}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return WorkCalendar.from_dict, (self.to_dict(),)

    # From readings to instants

    def _require_reachable(self, index: int) -> None:
        """Keep every search finite."""
        if index * _CHUNK > self._end:
            raise CalendarNeverOpens(
                "This calendar has no more opening hours in the time that counts."
            )

    def _chunk(self, index: int) -> _Chunk:
        chunk = self._chunks.get(index)
        if chunk is None:
            # Two threads may both build it; the results are equal and either may stay.
            chunk = self._chunks[index] = self._build(index)
        return chunk

    def _build(self, index: int) -> _Chunk:
        """Materialise one chunk: on a stretch of constant offset, readings only shift."""
        readings = self._readings(index)
        closings = [closes for _, closes in readings]
        found: list[tuple[int, int]] = []
        for start, end, offset in _stretches(self.zone, index):
            local_start, local_end = start + offset, end + offset
            for position in range(bisect_right(closings, local_start), len(readings)):
                opens, closes = readings[position]
                if opens >= local_end:
                    break
                found.append((max(opens, local_start) - offset, min(closes, local_end) - offset))
        intervals = _merged(found)
        sums, total = [], 0
        for opens, closes in intervals:
            total += closes - opens
            sums.append(total)
        return _Chunk([o for o, _ in intervals], [c for _, c in intervals], sums, total)

    def _readings(self, index: int) -> list[tuple[int, int]]:
        """Open wall-clock readings of a chunk and three days either side, merged.

        Three days, for a zone may be a day from UTC and a night begins the day before.
        """
        weekly, special = self._key[1], dict(self._key[3])
        found = []
        for number in range(index * 364 - 3, (index + 1) * 364 + 3):
            day = _EPOCH_DAY + timedelta(days=number)
            if day in self.closed:
                continue
            spans = special[day] if day in special else weekly[day.weekday()]
            for span in spans:
                opens = number * _DAY + span.opens * _MINUTE
                found.append((opens, opens + span.lasts * _MINUTE))
        return _merged(sorted(found))


def _merged(intervals: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted intervals with overlapping and touching ones made one."""
    merged: list[tuple[int, int]] = []
    for opens, closes in intervals:
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(closes, merged[-1][1]))
        else:
            merged.append((opens, closes))
    return merged


# Zones


@cache
def _zone(zone: str) -> ZoneInfo:
    """The zone by its name; BadHours if there is none."""
    try:
        return ZoneInfo(zone)
    except (LookupError, ValueError, OSError, TypeError, AttributeError) as error:
        raise BadHours(f"“{zone}” is not a time zone; use a name such as Europe/Dublin.") from error


@lru_cache(maxsize=1024)
def _stretches(zone: str, index: int) -> tuple[tuple[int, int, int], ...]:
    """A chunk cut where the zone's offset changes: (from, until, offset), all in µs."""
    found, start = [], index * _CHUNK
    end = start + _CHUNK
    offset = _offset(zone, start)
    for probe in range(start + _PROBE, end + 1, _PROBE):
        after = _offset(zone, probe)
        if after != offset:
            change = _change_between(zone, probe - _PROBE, probe, offset)
            found.append((start, change, offset))
            start, offset = change, after
    if start < end:
        found.append((start, end, offset))
    return tuple(found)


def _change_between(zone: str, before: int, after: int, offset: int) -> int:
    """The instant at which the offset ceases to be `offset`; zones change on whole seconds."""
    while after - before > _SECOND:
        middle = (before + after) // 2 // _SECOND * _SECOND
        if _offset(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: str, instant: int) -> int:
    offset = _datetime(instant).astimezone(_zone(zone)).utcoffset()
    assert offset is not None
    return offset // _MICROSECOND


# Instants


def _instant(moment: datetime) -> int:
    """Microseconds since 1970 of an aware datetime."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise BadInstant("This moment names no time zone; business time needs aware datetimes.")
    instant = (moment - _EPOCH) // _MICROSECOND
    if not _EARLIEST <= instant < _LATEST:
        raise BadInstant("This moment lies outside the years 1900 to 2199.")
    return instant


def _datetime(instant: int) -> datetime:
    return _EPOCH + timedelta(microseconds=instant)


def _midnight(day: date) -> int:
    return (day - _EPOCH_DAY).days * _DAY


# Reading what people write


def _read_weekdays(hours: Mapping[int, Intervals]) -> dict[int, tuple[_Span, ...]]:
    for weekday in hours:
        if isinstance(weekday, bool) or not isinstance(weekday, int) or not 0 <= weekday <= 6:
            raise BadHours(f"{weekday!r} is not a weekday; Monday is 0 and Sunday is 6.")
    return {day: _read_intervals(_DAY_NAMES[day], hours[day]) for day in sorted(hours)}


def _dates(days: Mapping[date, Any] | None) -> Iterable[tuple[date, Any]]:
    for day, value in (days or {}).items():
        if isinstance(day, datetime) or not isinstance(day, date):
            raise BadHours(f"{day!r} is not a date.")
        yield day, value


def _read_intervals(where: str, given: Intervals) -> tuple[_Span, ...]:
    """Intervals in order, without repetition."""
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise BadHours(f"{where}: hours are a list of openings and closings.")
    return tuple(sorted({_read_interval(where, interval) for interval in given}))


def _read_interval(where: str, interval: Sequence[str]) -> _Span:
    if isinstance(interval, str) or not isinstance(interval, Sequence) or len(interval) != 2:
        raise BadHours(f"{where}: {interval!r} is not an opening and a closing time.")
    opens, closes = (_read_time(where, text) for text in interval)
    if opens == 24 * 60:
        raise BadHours(f"{where}: nothing opens at 24:00; open the next day at 00:00.")
    return _Span(opens, closes - opens if closes > opens else closes - opens + 24 * 60)


def _read_time(where: str, text: object) -> int:
    """Minutes after midnight of "HH:MM"."""
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        raise BadHours(f"{where}: “{text}” is not a time; write 09:00, or 24:00 for midnight.")
    return int(text[:2]) * 60 + int(text[3:])


def _written(spans: Iterable[_Span]) -> tuple[tuple[str, str], ...]:
    return tuple((_clock(span.opens), _closing(span)) for span in spans)


def _closing(span: _Span) -> str:
    closes = span.opens + span.lasts
    return "24:00" if closes == 24 * 60 else _clock(closes % (24 * 60))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _listed(intervals: Iterable[tuple[str, str]]) -> list[list[str]]:
    return [[opens, closes] for opens, closes in intervals]
