"""Why promises were broken, of one department: reasons, and the lists behind them."""

from __future__ import annotations

from dataclasses import dataclass

from servicedesk.dashboards.lists import UNSAID, reason_words
from servicedesk.dashboards.scope import Scope, key_of
from slas import figures

BAR = 88
"""So wide is the bar of the most frequent."""


@dataclass(frozen=True, slots=True)
class WhyBroken:
    """A reason, how often it was given, and the list behind it."""

    words: str
    n: int
    percent: int
    """Of all that were broken."""
    bar: str
    url: str
    is_said: bool


def why_broken(scope: Scope) -> list[WhyBroken]:
    """The reasons of the month, the most frequent first: one query; none for several departments.

    A reason is said by one department of its own work, so there is nothing to add up.
    """
    if scope.here is None:
        return []
    end = min(scope.month.end, scope.reporting.now)
    found = figures.breach_reasons([scope.here.pk], scope.month.start, end, scope.reporting)
    most = max(found.counts.values(), default=0)
    month = key_of(scope.month.first)
    return [
        WhyBroken(
            words=reason_words(reason),
            n=n,
            percent=round(100 * n / found.n),
            bar=f"{BAR * n / most:.1f}",
            url=scope.behind("broken", month=month, reason=reason or UNSAID),
            is_said=bool(reason),
        )
        for reason, n in found.ranked()
    ]
