"""Figures in words: a share with its n and its change, or that there are too few to say."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import ngettext

from feedback.figures import Csat
from people.translated import gettext as _
from slas.figures import Attainment

FEWEST = 5
"""Under so many nothing is said."""
FEWEST_TO_COMPARE = 30
"""Under so many, on either side, nothing is compared."""
BAR = 88
"""Width of a bar, in the drawing's own units."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share met, one month beside the one before."""

    now: Attainment
    before: Attainment

    @property
    def percent(self) -> int | None:
        """In whole percent; None where there are too few to say."""
        return percent_of(self.now)

    @property
    def change(self) -> int | None:
        """Points against the month before; None where either has too few to compare."""
        if min(self.now.n, self.before.n) < FEWEST_TO_COMPARE:
            return None
        return round((self.now.share or 0) * 100) - round((self.before.share or 0) * 100)

    @property
    def change_words(self) -> str:
        """The change in words."""
        if self.change is None:
            return _("too few to compare")
        return points(self.change) if self.change else _("as last month")

    @property
    def change_figure(self) -> str:
        """The change in a table, where the heading says of what: "+2"; empty: too few."""
        if self.change is None:
            return ""
        return signed(self.change)

    @property
    def bar(self) -> str:
        """How long its bar is."""
        return f"{BAR * (self.percent or 0) / 100:.1f}"

    @property
    def is_poor(self) -> bool:
        """Whether a quarter or more was missed."""
        return self.percent is not None and self.percent <= 75


def percent_of(one: Attainment) -> int | None:
    """In whole percent; None under five."""
    return round(one.share * 100) if one.share is not None and one.n >= FEWEST else None


def points(change: int) -> str:
    """Such as "+2 points"."""
    return ngettext("%(n)s point", "%(n)s points", abs(change)) % {"n": signed(change)}


def signed(change: int) -> str:
    """With its sign, and a minus as wide as the plus."""
    return f"{'+' if change > 0 else '−'}{abs(change)}" if change else "0"


@dataclass(frozen=True, slots=True)
class Satisfied:
    """The share satisfied, with its interval."""

    now: Csat
    before: Csat | None = None

    @property
    def percent(self) -> int | None:
        """In whole percent; None under five answers."""
        return None if self.now.share is None else round(self.now.share * 100)

    @property
    def low(self) -> int:
        """The lower end of its 95 % interval, in whole percent."""
        return round((self.now.wilson_low or 0) * 100)

    @property
    def high(self) -> int:
        """The upper end."""
        return round((self.now.wilson_high or 0) * 100)

    @property
    def change(self) -> str:
        """Points against the month before; nothing where either has too few to compare."""
        if self.before is None or not (self.now.is_comparable and self.before.is_comparable):
            return ""
        change = round((self.now.share or 0) * 100) - round((self.before.share or 0) * 100)
        return points(change) if change else _("as last month")

    @property
    def span(self) -> str:
        """Its interval as a stroke of a drawing 88 wide."""
        return f"M{BAR * self.low / 100:.1f} 6H{BAR * self.high / 100:.1f}"

    @property
    def dot(self) -> str:
        """Where the share lies in it."""
        return f"{BAR * (self.percent or 0) / 100:.1f}"
