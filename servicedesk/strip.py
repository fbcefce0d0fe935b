"""The strip beneath the promises: the story of one clock, drawn from numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

WIDTH = 264  # of the drawing's own units; it scales with the card it lies in
GAP = 2
ROOM_FOR_A_WORD = 15  # percent


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the clock's life, from and to in percent of the whole strip."""

    kind: Literal["used", "paused"]
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Day:
    """A day named under the strip; `at` (percent) is where its name stands in the middle."""

    name: str
    at: float


@dataclass(frozen=True, slots=True)
class Strip:
    """A clock's life from its start to its due time (or to now, when it is late).

    `label` says in a sentence what the drawing shows, for those who do not see it. `end` is the
    word under its end ("Thu 16:00"). `now` and `due` are percents or None where they are not
    within. Percents are of business time, so that nights and weekends take no room.
    """

    stretches: Sequence[Stretch]
    label: str
    end: str = ""
    now: float | None = None
    due: float | None = None
    days: Sequence[Day] = field(default_factory=tuple)

    @property
    def names_now(self) -> bool:
        """Whether "now" can be written: not where it would lie on "due"."""
        return self.due is None or self.now is None or abs(self.now - self.due) >= ROOM_FOR_A_WORD


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch, ready to be drawn."""

    kind: str
    x: float
    width: float

    @property
    def middle(self) -> float:
        """Where the sign of a pause stands."""
        return round(self.x + self.width / 2, 1)

    @property
    def has_room(self) -> bool:
        """Whether a sign fits into it."""
        return self.width >= 10


def place(percent: float) -> float:
    """Turn percent into the drawing's units, kept within its frame."""
    return round(min(max(percent, 0), 100) * WIDTH / 100, 1)


def blocks(strip: Strip) -> list[Block]:
    """Lay out the stretches with a small gap between them."""
    laid: list[Block] = []
    for stretch in strip.stretches:
        start, end = place(stretch.start), place(stretch.end)
        width = round(max(end - start - GAP, 1), 1)
        laid.append(Block(stretch.kind, start, width))
    return laid


def anchor(at: float) -> str:
    """Say how a word at this place is anchored so that it stays within the frame."""
    if at < 8:
        return "start"
    return "end" if at > 92 else "middle"
