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
NUMBERS = ("asked", "resolved", "reopened", "cancelled", "declined", "handed_on", "change")
_HELD = tuple(f"held_{one}" for one in HOLDERS)

# What holds from one event to the next is carried on as the greatest [id, what] so far: one window
# in the order of the events does it all.
_FROM_EVENTS = """
WITH deeds AS (
    SELECT id, service_request_id AS request, kind, at,
        coalesce(payload->>'to_provider_id', payload->>'provider_id')::bigint AS provider,
        coalesce(payload->>'to_service_id', payload->>'service_id')::bigint AS service,
        (payload->>'team_id')::bigint AS team,
        (payload->>'client_id')::bigint AS client,
        (payload->>'assignee_id')::bigint AS assignee,
        right(payload->>'priority', 1)::bigint AS priority,
        right(payload->>'before', 1)::bigint AS before,
        (payload->>'from_provider_id')::bigint AS from_provider,
        (payload->>'from_service_id')::bigint AS from_service
    FROM requests_app_event WHERE kind = ANY(%(kinds)s) AND {chosen}
), known AS (
    SELECT *,
        lead(at) OVER w AS until,
        first_value(at) OVER w AS asked_at,
        first_value(client) OVER w AS whose,
        count(*) FILTER (WHERE kind IN ('submitted', 'reopened')) OVER w AS stretch,
        max(ARRAY[id, provider, service]) FILTER (WHERE provider IS NOT NULL) OVER w AS place,
        (max(ARRAY[id, team]) FILTER (WHERE team IS NOT NULL) OVER earlier)[2] AS team_before,
        (max(ARRAY[id, priority]) FILTER (WHERE priority IS NOT NULL) OVER w)[2] AS weight,
        (max(ARRAY[id, CASE kind
            WHEN 'asked' THEN 1 WHEN 'held' THEN 2 WHEN 'approval_asked' THEN 3
            WHEN 'resolved' THEN 4 WHEN 'cancelled' THEN 4 WHEN 'declined' THEN 4 ELSE 0 END])
            FILTER (WHERE kind NOT IN
                ('taken', 'released', 'assigned', 'transferred', 'prioritised'))
            OVER w)[2] AS stands
    FROM deeds
    WINDOW w AS (PARTITION BY request ORDER BY id),
        earlier AS (PARTITION BY request ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING
            AND 1 PRECEDING)
), owned AS (
    SELECT *, place[2] AS here,
        (max(ARRAY[id, assignee]) FILTER (WHERE team <> team_before
            OR kind IN ('submitted', 'taken', 'released', 'assigned')) OVER w)[2] AS owner
    FROM known
    WINDOW w AS (PARTITION BY request ORDER BY id)
), held AS (
    SELECT *, CASE stands
        WHEN 4 THEN NULL WHEN 1 THEN 'client' WHEN 2 THEN 'third_party' WHEN 3 THEN 'approval'
        ELSE CASE WHEN owner IS NULL THEN 'unowned' WHEN here =
            max(here) FILTER (WHERE kind = 'resolved') OVER stretches THEN 'provider'
            ELSE 'others' END END AS holder
    FROM owned
    WINDOW stretches AS (PARTITION BY request, stretch)
), summed AS (
    SELECT *, {sums}
    FROM held
    WINDOW stretches AS (PARTITION BY request, stretch)
)
SELECT id AS event_id, request AS service_request_id, kind, at, asked_at,
    CASE WHEN leaves THEN from_provider ELSE here END AS provider_id,
    whose AS client_id,
    CASE WHEN leaves THEN from_service ELSE place[3] END AS service_id,
    'P' || CASE WHEN kind = 'prioritised' AND change = -1 THEN before ELSE weight END AS priority,
    change,
    leaves AND (team IS DISTINCT FROM team_before OR from_provider <> provider) AS is_handed_on,
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
    WHEN 'prioritised' THEN before <> priority
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

_BEGIN = f"""
INSERT INTO requests_app_step ({", ".join(_COLUMNS)})
SELECT id, service_request_id, kind, at, at, (payload->>'provider_id')::bigint,
    (payload->>'client_id')::bigint, (payload->>'service_id')::bigint, payload->>'priority', 1,
    FALSE, {", ".join("INTERVAL '0'" for _ in _HELD)}
FROM requests_app_event WHERE id = ANY(%(events)s)
ON CONFLICT DO NOTHING RETURNING id
"""
"""The first step of a request, which has nothing before it: the same, and cheaper to plan."""

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
    measures=(*NUMBERS, *_HELD),
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
    given = {
        "requests": sorted({event.service_request_id for event in steps}),
        "events": [event.pk for event in steps],
    }
    if all(event.kind == "submitted" for event in steps):
        written = [pk for (pk,) in _run(_BEGIN, given)]
    else:
        written = _insert(
            "service_request_id = ANY(%(requests)s)",
            given,
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
            here = Step.objects.filter(service_request__gte=a, service_request__lt=b)
            wrong = _step_faults(page) if here.exists() else []
            Step.objects.filter(event__in=[one.event_id for one in wrong]).delete()
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
