"""What comes in, what is done, and where the time went."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from requests_app.flow import NUMBERS, TALLY
from requests_app.models import Step, StepQuerySet
from requests_app.reporting import Reporting
from requests_app.tally import Counted, Cut, Grain


@dataclass(frozen=True, slots=True)
class Held:
    """Time by who had it, nights and weekends included; it adds up to the whole."""

    provider: timedelta = timedelta(0)
    """The department that resolved it, where somebody there had it."""
    others: timedelta = timedelta(0)
    """Somebody of the departments that had it before."""
    client: timedelta = timedelta(0)
    """Waiting for whoever asked."""
    approval: timedelta = timedelta(0)
    third_party: timedelta = timedelta(0)
    """Waiting for someone outside."""
    unowned: timedelta = timedelta(0)
    """Nobody had taken it."""

    @property
    def whole(self) -> timedelta:
        """From asking, or reopening, to resolution."""
        return sum((getattr(self, one.name) for one in fields(self)), timedelta(0))

    def share(self, name: str) -> float | None:
        """The part of one holder, 0 to 1; None of nothing."""
        part: timedelta = getattr(self, name)
        return part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Flow:
    """What happened in a period; each number counts deeds, as they were when they were done."""

    asked: int = 0
    resolved: int = 0
    reopened: int = 0
    cancelled: int = 0
    declined: int = 0
    transfers: int = 0
    """Handed on to another department or team; of the department that did so."""
    change: int = 0
    """By how much the backlog grew."""
    held: Held = Held()

    @property
    def reopen_rate(self) -> float | None:
        """Reopened over resolved; None where nothing was resolved."""
        return self.reopened / self.resolved if self.resolved else None

    @property
    def transfers_per_resolved(self) -> float | None:
        """Changes of department or team over resolved; None where nothing was resolved."""
        return self.transfers / self.resolved if self.resolved else None


@dataclass(frozen=True, slots=True)
class Flows(Counted):
    """What happened, by period, department and the values of a cut."""

    def of(
        self,
        *,
        period: date | None = None,
        department: int | None = None,
        value: int | None = None,
    ) -> Flow:
        """What happened in one of each; None stands for all together."""
        found = dict(self.sums.of(period, department, value))
        if not found:
            return Flow()
        held = Held(
            **{
                one.name: found.pop(f"held_{one.name}")
                for one in fields(Held)
                if f"held_{one.name}" in found
            }
        )
        return Flow(transfers=found.pop("handed_on"), held=held, **found)


def flows(
    departments: Collection[int] | None,
    reporting: Reporting,
    *,
    grain: Grain,
    since: date,
    until: date | None = None,
    cut: Cut = Cut.WHOLE,
    held: bool = True,
) -> Flows:
    """Asked, resolved, reopened, handed on, and where the time went; by day or by month; one query.

    `since` and `until` are the first and the last day, or firsts of months, both included; without
    `until`, up to now. Each deed counts for department, service, client and priority as they were
    when it was done: nothing that happens later changes it. Restricted requests count. Without
    `held` it does not say where the time went, and costs less.
    """
    return Flows(
        TALLY.read(
            departments,
            reporting,
            grain=grain,
            cut=cut,
            since=since,
            until=until or date.max,
            measures=None if held else NUMBERS,
        )
    )


def moved(
    departments: Collection[int] | None,
    what: str,
    start: datetime,
    end: datetime,
    *,
    cut: Cut = Cut.WHOLE,
    value: int = 0,
) -> StepQuerySet:
    """The steps of one kind that a figure counts in [start, end), for the list behind it.

    `what` is "submitted", "resolved", "reopened", "cancelled", "declined" or "transferred".
    """
    steps = of_cut(Step.objects.within(start, end).filter(kind=what), cut, value)
    if what == "transferred":
        steps = steps.filter(is_handed_on=True)
    return steps if departments is None else steps.filter(provider__in=list(departments))


def of_cut(steps: StepQuerySet, cut: Cut, value: int) -> StepQuerySet:
    """The steps of one service, client or priority."""
    match cut:
        case Cut.SERVICE:
            return steps.filter(service=value)
        case Cut.CLIENT:
            return steps.filter(client=value)
        case Cut.PRIORITY:
            return steps.filter(priority=f"P{value}")
    return steps
