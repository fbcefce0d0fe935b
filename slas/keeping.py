"""How both sides kept an agreement in a month: the provider's targets, the client's answers.

Both columns are about the same requests: those with a promise under the agreement that was
decided in the month, for which its provider is accountable and which stand in the figures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from calendars.models import work_calendars
from requests_app.models import Event
from slas.conditions import METRICS
from slas.figures.verdicts import Attainment
from slas.models import Agreement, Clock

_ASKING, _ANSWERING = "asked", "answered"
_ENDING = frozenset(
    {_ANSWERING, "resumed", "resolved", "cancelled", "declined", "transferred", "held"}
)
MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Answer:
    """One question to the client's people that was answered."""

    service_request_id: int
    client_id: int
    asked_at: datetime
    answered_at: datetime
    took: timedelta
    """Working time of the calendar by which the request's promises are counted."""
    allowed: timedelta | None
    """What the agreement says; None where it asks for nothing."""

    @property
    def is_late(self) -> bool:
        """Later than the agreement says; exactly then is in time."""
        return self.allowed is not None and self.took > self.allowed


@dataclass(frozen=True, slots=True)
class Breach:
    """One promise of the month that was not kept."""

    service_request_id: int
    reference: str
    service: str
    """Its name."""
    metric: str
    priority: str
    due_at: datetime
    after_late_answer: bool
    restricted: bool


@dataclass(slots=True)
class Kept:
    """One month of an agreement."""

    promises: dict[str, Attainment] = field(default_factory=dict)
    """By metric, those that were decided at all."""
    by_priority: dict[tuple[str, str], Attainment] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    breaches: list[Breach] = field(default_factory=list)
    requests: int = 0

    @property
    def judged(self) -> Sequence[Answer]:
        """The answers for which the agreement says how soon."""
        return [one for one in self.answers if one.allowed is not None]

    @property
    def late(self) -> Sequence[Answer]:
        """Those that came later than it says."""
        return [one for one in self.answers if one.is_late]

    @property
    def after_late_answers(self) -> Sequence[Breach]:
        """The breaches that followed a late answer of the client."""
        return [one for one in self.breaches if one.after_late_answer]


def kept(agreement: Agreement, start: datetime, end: datetime) -> Kept:
    """How the agreement was kept in [start, end): three queries, and the calendars' own.

    A breach followed a late answer where the client's people had answered a question on that
    request later than agreed, after the promise had begun and before it fell due: a next reply is
    promised from that answer on, and was not held up by it.
    """
    clocks = list(
        Clock.objects.filter(
            department=agreement.provider_id,
            metric__in=METRICS,
            decided_at__gte=start,
            decided_at__lt=end,
            in_figures=True,
            agreement_version__agreement=agreement,
        )
        .select_related("service_request__service", "agreement_version")
        .order_by("due_at", "pk")
    )
    found = Kept(requests=len({one.service_request_id for one in clocks}))
    found.promises = _counted((one.metric, one) for one in clocks)
    found.by_priority = _counted(((one.metric, one.priority), one) for one in clocks)
    found.answers = _answers(clocks, end)
    late: dict[int, list[datetime]] = defaultdict(list)
    for answer in found.late:
        late[answer.service_request_id].append(answer.answered_at)
    found.breaches = [
        Breach(
            service_request_id=one.service_request_id,
            reference=one.service_request.reference,
            service=one.service_request.service.name,
            metric=one.metric,
            priority=one.priority,
            due_at=one.breached_at,
            after_late_answer=any(
                one.started_at < at < one.breached_at for at in late[one.service_request_id]
            ),
            restricted=one.service_request.restricted,
        )
        for one in clocks
        if one.breached_at is not None
    ]
    return found


def _counted(clocks: Iterable[tuple[Any, Clock]]) -> dict[Any, Attainment]:
    counts: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for key, clock in clocks:
        counts[key][clock.breached_at is not None] += 1
    return {key: Attainment(met, missed) for key, (met, missed) in counts.items()}


def _answers(clocks: Sequence[Clock], end: datetime) -> list[Answer]:
    """The questions of these requests that were answered before the month was over, in order."""
    by_request: Mapping[int, Clock] = {one.service_request_id: one for one in clocks}
    if not by_request:
        return []
    events = Event.objects.filter(
        service_request__in=by_request, kind__in={_ASKING, *_ENDING}, at__lt=end
    )
    calendars = work_calendars({one.calendar_version_id for one in clocks})
    found: list[Answer] = []
    asked: dict[int, datetime] = {}
    rows = events.order_by("service_request_id", "id").values_list(
        "service_request_id", "kind", "at"
    )
    for pk, kind, at in rows:
        if kind == _ASKING:
            asked.setdefault(pk, at)
            continue
        began = asked.pop(pk, None)
        if began is None or kind != _ANSWERING:
            continue
        clock = by_request[pk]
        seconds = clock.agreement_version.answer_within_seconds
        found.append(
            Answer(
                service_request_id=pk,
                client_id=clock.service_request.client_department_id,
                asked_at=began,
                answered_at=at,
                took=calendars[clock.calendar_version_id].elapsed(began, at),
                allowed=None if seconds is None else timedelta(seconds=seconds),
            )
        )
    return found
