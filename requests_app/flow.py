"""The steps of requests: what comes into a department, what leaves it, and where the time went.

A step is read from the events alone, by one statement: as a follower for those just recorded, and
for all of them where the steps are made anew or compared.
"""

# ruff: noqa: S608  # the statements are made of names of our own columns

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from requests_app.models import Event, FlowChange, FlowCount, ServiceRequest, Step
from requests_app.reporting import Reporting
from requests_app.tally import Cut, Fault, Grain, Tally, keep_up, pages

STEPS = frozenset(
    {"submitted", "resolved", "reopened", "cancelled", "declined", "transferred", "prioritised"}
)
"""The kinds of events that are steps."""
_HOLDING = ("taken", "released", "assigned", "asked", "held", "answered", "resumed",
            "approval_asked", "approval_decided")  # fmt: skip
"""The kinds that say besides who has it."""
_KINDS = sorted(STEPS | set(_HOLDING))

HOLDERS = ("provider", "others", "client", "approval", "third_party", "unowned")
_MEASURES = ("asked", "resolved", "reopened", "cancelled", "declined", "handed_on", "change")
_HELD = tuple(f"held_{one}" for one in HOLDERS)

# Each event knows by counting how often something changed up to it, and by the first event of the
# same count what it changed to.
_FROM_EVENTS = """
WITH deeds AS (
    SELECT id, service_request_id AS request, kind, at, payload AS p
    FROM requests_app_event WHERE kind = ANY(%(kinds)s) AND {chosen}
), placed AS (
    SELECT id, (p->>'team_id') IS DISTINCT FROM lag(p->>'team_id') OVER w AS to_other_team
    FROM deeds WHERE kind IN ('submitted', 'transferred')
    WINDOW w AS (PARTITION BY request ORDER BY id)
), counted AS (
    SELECT deeds.*, coalesce(to_other_team, FALSE) AS to_other_team,
        lead(at) OVER w AS until,
        first_value(at) OVER w AS asked_at,
        (first_value(p->>'client_id') OVER w)::bigint AS client,
        count(*) FILTER (WHERE kind IN ('submitted', 'transferred')) OVER w AS places,
        count(*) FILTER (WHERE kind IN ('submitted', 'prioritised')) OVER w AS weights,
        count(*) FILTER (WHERE kind IN ('submitted', 'reopened')) OVER w AS stretch,
        count(*) FILTER (WHERE to_other_team OR kind IN ('taken', 'released', 'assigned'))
            OVER w AS hands,
        count(*) FILTER (WHERE kind NOT IN
            ('taken', 'released', 'assigned', 'transferred', 'prioritised')) OVER w AS standings
    FROM deeds LEFT JOIN placed USING (id)
    WINDOW w AS (PARTITION BY request ORDER BY id)
), known AS (
    SELECT *,
        (first_value(coalesce(p->>'to_provider_id', p->>'provider_id'))
            OVER place)::bigint AS here,
        (first_value(coalesce(p->>'to_service_id', p->>'service_id'))
            OVER place)::bigint AS service,
        first_value(p->>'priority') OVER (PARTITION BY request, weights ORDER BY id) AS priority,
        first_value(p->>'assignee_id') OVER (PARTITION BY request, hands ORDER BY id) AS assignee,
        first_value(kind) OVER (PARTITION BY request, standings ORDER BY id) AS stands
    FROM counted
    WINDOW place AS (PARTITION BY request, places ORDER BY id)
), held AS (
    SELECT *, CASE
        WHEN stands IN ('resolved', 'cancelled', 'declined') THEN NULL
        WHEN stands = 'asked' THEN 'client'
        WHEN stands = 'held' THEN 'third_party'
        WHEN stands = 'approval_asked' THEN 'approval'
        WHEN assignee IS NULL THEN 'unowned'
        WHEN here = max(here) FILTER (WHERE kind = 'resolved') OVER stretches THEN 'provider'
        ELSE 'others' END AS holder
    FROM known
    WINDOW stretches AS (PARTITION BY request, stretch)
), summed AS (
    SELECT *, {sums}
    FROM held
    WINDOW stretches AS (PARTITION BY request, stretch)
)
SELECT id AS event_id, request AS service_request_id, kind, at, asked_at,
    CASE WHEN leaves THEN (p->>'from_provider_id')::bigint ELSE here END AS provider_id,
    client AS client_id,
    CASE WHEN leaves THEN (p->>'from_service_id')::bigint ELSE service END AS service_id,
    CASE WHEN kind = 'prioritised' AND change = -1 THEN p->>'before' ELSE priority END AS priority,
    change,
    leaves AND (to_other_team OR p->>'from_provider_id' <> p->>'to_provider_id') AS is_handed_on,
    {held}
FROM summed
CROSS JOIN (VALUES (1), (-1)) AS side (change)
CROSS JOIN LATERAL (SELECT kind = 'transferred' AND change = -1 AS leaves) AS which
WHERE CASE kind
    WHEN 'submitted' THEN change = 1
    WHEN 'reopened' THEN change = 1
    WHEN 'resolved' THEN change = -1
    WHEN 'cancelled' THEN change = -1
    WHEN 'declined' THEN change = -1
    WHEN 'transferred' THEN TRUE
    WHEN 'prioritised' THEN p->>'before' <> p->>'priority'
    ELSE FALSE END
"""
_SUMS = ", ".join(
    f"sum(until - at) FILTER (WHERE holder = '{one}') OVER stretches AS held_{one}"
    for one in HOLDERS
)
_KEPT = ", ".join(
    f"CASE WHEN kind = 'resolved' THEN coalesce({one}, INTERVAL '0') ELSE INTERVAL '0' END AS {one}"
    for one in _HELD
)
_COLUMNS = ("event_id", "service_request_id", "kind", "at", "asked_at", "provider_id", "client_id",
            "service_id", "priority", "change", "is_handed_on", *_HELD)  # fmt: skip

TALLY = Tally(
    name="flow",
    changes=FlowChange,
    counts=FlowCount,
    facts=f"""
        SELECT at, asked_at, provider_id, client_id, service_id,
            right(priority, 1)::int AS priority,
            (kind = 'submitted')::int AS asked, (kind = 'resolved')::int AS resolved,
            (kind = 'reopened')::int AS reopened, (kind = 'cancelled')::int AS cancelled,
            (kind = 'declined')::int AS declined, is_handed_on::int AS handed_on, change,
            {", ".join(_HELD)}
        FROM requests_app_step WHERE {{only}}
    """,
    only="id = ANY(%(ids)s)",
    measures=(*_MEASURES, *_HELD),
    kept=tuple(
        (grain, cut)
        for grain in Grain
        for cut in (Cut.WHOLE, Cut.SERVICE, Cut.CLIENT, Cut.PRIORITY)
    ),
)


def follow(events: Sequence[Event]) -> None:
    """Write the steps that these events are, and what they change; nothing the second time."""
    steps = [event for event in events if event.kind in STEPS]
    if not steps:
        return
    written = _insert(
        "service_request_id = ANY(%(requests)s)",
        {
            "requests": sorted({event.service_request_id for event in steps}),
            "events": [event.pk for event in steps],
        },
        among="WHERE event_id = ANY(%(events)s)",
    )
    TALLY.add(written)


def advance(now: datetime) -> int:
    """Fold the changes in; the first time, read all steps from the events. How many changes."""
    return keep_up(TALLY, now, first=write_all)


# The steps and the events


@dataclass(frozen=True, slots=True)
class StepFault:
    """A step that the events do not bear out, or one that is missing."""

    event_id: int
    change: int
    what: str

    def __str__(self) -> str:
        return f"steps: {self.change:+} of event {self.event_id} {self.what}"


def write_all() -> int:
    """Write the steps of all events that have none; how many. In pages of requests."""
    return sum(len(_insert(_PAGE, {"from": a, "to": b})) for a, b in pages(ServiceRequest))


def faults(reporting: Reporting) -> Iterator[StepFault | Fault]:
    """Steps that differ from the events, and then counts that differ from the steps."""
    for a, b in pages(ServiceRequest):
        yield from _step_faults({"from": a, "to": b})
    yield from TALLY.faults(reporting)


def mend(reporting: Reporting) -> None:
    """Write steps and counts as the events say."""
    for a, b in pages(ServiceRequest):
        page = {"from": a, "to": b}
        with transaction.atomic():
            wrong = [fault.event_id for fault in _step_faults(page) if fault.what != "is missing"]
            if wrong:
                Step.objects.filter(event__in=wrong).delete()
            _insert(_PAGE, page)
    TALLY.mend(reporting)


_PAGE = "service_request_id >= %(from)s AND service_request_id < %(to)s"


def _step_faults(page: dict[str, Any]) -> list[StepFault]:
    same = " AND ".join(f"s.{one} = t.{one}" for one in _COLUMNS)
    rows = _run(
        f"SELECT coalesce(t.event_id, s.event_id), coalesce(t.change, s.change), CASE"
        " WHEN s.event_id IS NULL THEN 'is missing' WHEN t.event_id IS NULL THEN 'is too much'"
        " ELSE 'is another' END"
        f" FROM ({_from_events(_PAGE)}) AS t"
        f" FULL JOIN (SELECT * FROM requests_app_step WHERE {_PAGE}) AS s"
        " ON s.event_id = t.event_id AND s.change = t.change"
        f" WHERE NOT coalesce({same}, FALSE) ORDER BY 1, 2",
        page,
    )
    return [StepFault(*row) for row in rows]


def _insert(chosen: str, given: dict[str, Any], *, among: str = "") -> list[int]:
    columns = ", ".join(_COLUMNS)
    rows = _run(
        f"INSERT INTO requests_app_step ({columns}) SELECT {columns}"
        f" FROM ({_from_events(chosen)}) AS t {among} ON CONFLICT DO NOTHING RETURNING id",
        given,
    )
    return [pk for (pk,) in rows]


def _from_events(chosen: str) -> str:
    return _FROM_EVENTS.format(chosen=chosen, sums=_SUMS, held=_KEPT)


def _run(sql: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The statements are made of our own columns; every value is a parameter."""
    with connection.cursor() as cursor:
        cursor.execute(sql, given | {"kinds": _KINDS})
        return cursor.fetchall() if cursor.description else []
