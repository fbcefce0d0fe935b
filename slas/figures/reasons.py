"""Why promises were broken: of those broken in a period, how many for which reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from requests_app.reporting import Reporting
from slas import engine
from slas.figures.verdicts import Departments
from slas.models import BreachReason, Clock, ClockQuerySet, Reason

NOT_SAID = ""
"""Instead of a reason, where none was given yet."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """How many promises were broken, by reason."""

    counts: Mapping[str, int]

    @property
    def n(self) -> int:
        """How many were broken, explained or not."""
        return sum(self.counts.values())

    def of(self, reason: str) -> int:
        """How many for this reason, or `NOT_SAID`."""
        return self.counts.get(reason, 0)

    def ranked(self) -> list[tuple[str, int]]:
        """The reasons that were given, the most frequent first; last what nobody has said."""
        given = [(one, self.of(one)) for one in Reason.values if self.of(one)]
        given.sort(key=lambda one: -one[1])
        return [*given, *([(NOT_SAID, self.of(NOT_SAID))] if self.of(NOT_SAID) else [])]


def breach_reasons(
    departments: Departments, start: datetime, end: datetime, reporting: Reporting
) -> Reasons:
    """The promises to requesters that were broken in [start, end), by the reason given: one query.

    A promise counts when it fell due, for the department that answered for it then; so how many
    were broken is the `missed` of `attainments`, and never changes once the month is over. A reason
    may still be said of one of which none was; what was said by the end of the month stands.
    """
    broken: Any = broken_clocks(departments, start, end, reporting)
    rows = broken.values("_reason").annotate(n=Count("pk")).order_by("_reason")
    return Reasons({row["_reason"]: row["n"] for row in rows})


def broken_clocks(
    departments: Departments,
    start: datetime,
    end: datetime,
    reporting: Reporting,
    *,
    reason: str | None = None,
) -> ClockQuerySet:
    """The clocks that `breach_reasons` counts, for the list behind it; of one reason, or of all.

    Those that fell due and wait for the sweep are among them.
    """
    missed = Q(breached_at__isnull=False, decided_at__gte=start, decided_at__lt=end)
    unswept = Q(
        decided_at=None,
        next_check_at__lte=reporting.now,
        due_at__gte=start,
        due_at__lt=min(end, reporting.now),
    )
    clocks = Clock.objects.filter(
        missed | unswept, in_figures=True, metric__in=[str(one) for one in engine.PROMISES]
    )
    if departments is not None:
        clocks = clocks.filter(department__in=list(departments))
    clocks = clocks.annotate(_reason=Coalesce(Subquery(_GIVEN), Value(NOT_SAID)))
    return clocks if reason is None else clocks.filter(_reason=reason)


_GIVEN = BreachReason.objects.filter(
    service_request=OuterRef("service_request"),
    metric=OuterRef("metric"),
    cycle=OuterRef("cycle"),
    sequence=OuterRef("sequence"),
).values("reason")
