"""Stories of one request for tests of the engine: no database, plain values.

Calendars here are in UTC, Monday to Friday 09:00–17:00, so that a working day is a day. Tests that
are about hours say their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from calendars.worktime import WorkCalendar
from slas import engine
from slas.agreements import DEFAULT_TARGETS, DEFAULT_THRESHOLDS
from slas.engine import Found, Metric
from tests.times import MONDAY_9

IT, FACILITIES, LEGAL, FINANCE = 1, 2, 3, 9

NINE_TO_FIVE = WorkCalendar("UTC", {day: [("09:00", "17:00")] for day in range(5)})
ROUND_THE_CLOCK = WorkCalendar("UTC", {day: [("00:00", "24:00")] for day in range(7)})


def make_terms(
    provider: int = IT,
    *,
    calendar: WorkCalendar = NINE_TO_FIVE,
    version: int = 1,
    targets: Mapping[tuple[str, str], timedelta] | None = None,
    thresholds: Mapping[str, tuple[int, ...]] = DEFAULT_THRESHOLDS,
    pauses_for_third_party: bool = False,
    escalation: Mapping[str, tuple[engine.Escalation, ...]] | None = None,
    takes_back: bool = False,
    news: bool = False,
) -> engine.Terms:
    """A standard with the default targets; `version` tells two of one provider apart.

    Regular news are promised only where a test is about them (`news`), as are steps of escalation.
    """
    promised = {
        key: budget for key, budget in DEFAULT_TARGETS.items() if news or key[0] != Metric.UPDATE
    }
    return engine.Terms(
        agreement_version_id=provider * 100 + version,
        calendar_version_id=provider * 100 + version,
        provider_id=provider,
        calendar=calendar,
        targets={**promised, **(targets or {})},
        thresholds=thresholds,
        pauses_for_third_party=pauses_for_third_party,
        escalation=escalation or {},
        takes_back=takes_back,
    )


class Story:
    """One request, deed by deed."""

    def __init__(
        self,
        at: datetime = MONDAY_9,
        *,
        priority: str = "P3",
        terms: engine.Terms | None = None,
        client: int = FINANCE,
    ) -> None:
        self.found: list[engine.Finding] = []
        self._course: engine.Course | None = None
        terms = terms or make_terms()
        self.do(
            "submitted",
            at,
            priority=priority,
            client_id=client,
            provider_id=terms.provider_id,
            promise=terms,
        )

    @property
    def course(self) -> engine.Course:
        assert self._course is not None
        return self._course

    def do(self, kind: str, at: datetime, **given: Any) -> Story:
        """One deed."""
        deed = engine.Deed(kind=kind, at=at, **given)
        self._course, found = engine.apply(self._course, deed)
        self.found += found
        return self

    def answer_of_provider(self, kind: str, at: datetime) -> Story:
        """A deed with a public message by someone of the provider."""
        return self.do(kind, at, answers=True)

    def ask(self, kind: str, at: datetime) -> Story:
        """A deed with a public message by the requester."""
        return self.do(kind, at, asks=True)

    def hand_on(
        self, at: datetime, to: int, *, wrong: bool = False, terms: engine.Terms | None = None
    ) -> Story:
        """To another department."""
        holding = terms or make_terms(to)
        return self.do("transferred", at, provider_id=to, wrong_department=wrong, holding=holding)

    def sweep(self, now: datetime) -> Story:
        """Time passes."""
        self._course, found = engine.settle(self.course, now)
        self.found += found
        return self

    def clock(self, metric: Metric = Metric.RESOLUTION, cycle: int | None = None) -> engine.Clock:
        """The latest clock of the metric, or that of the cycle."""
        clocks = [clock for clock in self.course.clocks if clock.metric == metric]
        if cycle is not None:
            clocks = [clock for clock in clocks if clock.cycle == cycle]
        assert clocks, f"no clock for {metric} {cycle or ''}"
        return clocks[-1]

    @property
    def first(self) -> engine.Clock:
        """The first response."""
        return self.clock(Metric.FIRST_RESPONSE)

    @property
    def holding(self) -> engine.Clock:
        """The receiving department's own."""
        return self.clock(Metric.HOLDING)

    def all(self, metric: Metric) -> list[engine.Clock]:
        """Every clock of the metric, as they began."""
        return [clock for clock in self.course.clocks if clock.metric == metric]

    def steps(self, metric: Metric = Metric.RESOLUTION) -> list[tuple[int | None, datetime, str]]:
        """Steps of escalation taken, with their moments and what they do."""
        return [
            (one.threshold, one.at, " ".join(one.acts))
            for one in self.found
            if one.kind is Found.ESCALATED and one.metric == metric
        ]

    def warnings(self, metric: Metric = Metric.RESOLUTION) -> list[tuple[int | None, datetime]]:
        """Thresholds told, with their moments."""
        return [
            (one.threshold, one.at)
            for one in self.found
            if one.kind is Found.WARNED and one.metric == metric
        ]

    def breaches(self, metric: Metric = Metric.RESOLUTION) -> list[datetime]:
        """Breaches told, with their moments."""
        return [one.at for one in self.found if one.kind is Found.BREACHED and one.metric == metric]


def is_met(clock: engine.Clock) -> bool:
    """Stopped in time."""
    return clock.state is engine.State.STOPPED and clock.breached_at is None


def is_missed(clock: engine.Clock) -> bool:
    """Late, whether stopped or not."""
    return clock.breached_at is not None
