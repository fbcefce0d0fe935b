"""What clocks add to the figures of the department that answers for them."""

# ruff: noqa: S608  # the statements are made of names of our own columns

from __future__ import annotations

from requests_app.tally import Cut, Grain, Tally
from slas.models import AttainmentChange, AttainmentCount

COUNTED = frozenset(
    {
        "department_id", "service_id", "in_figures", "priority", "started_at", "breached_at",
        "stopped_at", "voided_at", "decided_at",
    }
)  # fmt: skip
"""Columns of a clock that a change of may change what it adds."""

_CLOCK = """
    c.started_at AS asked_at, c.department_id AS provider_id,
    r.client_department_id AS client_id, c.service_id, right(c.priority, 1)::int AS priority,
    c.metric
"""
_ENDED = "coalesce(c.stopped_at, c.voided_at)"

# What decides stands within, not beside `only`: in a burst PostgreSQL still believes that nearly no
# clock is decided, and would go through all that are to find those that were just written.
TALLY = Tally(
    name="attainment",
    changes=AttainmentChange,
    counts=AttainmentCount,
    facts=f"""
        SELECT v.at, {_CLOCK}, v.met, v.missed, v.ended, v.late
        FROM slas_clock AS c
        JOIN requests_app_servicerequest AS r ON r.id = c.service_request_id
        CROSS JOIN LATERAL (
            SELECT c.decided_at AS at, (c.breached_at IS NULL)::int AS met,
                (c.breached_at IS NOT NULL)::int AS missed,
                (c.breached_at IS NULL)::int AS ended, (c.breached_at IS NOT NULL)::int AS late
            WHERE c.decided_at IS NOT NULL AND c.in_figures
            UNION ALL
            SELECT {_ENDED}, 0, 0, (c.stopped_at IS NOT NULL)::int, -1
            WHERE c.breached_at IS NOT NULL AND {_ENDED} IS NOT NULL AND c.in_figures
        ) AS v
        WHERE {{only}}
    """,
    only="c.id = ANY(%(ids)s)",
    measures=("met", "missed", "ended", "late"),
    kept=(
        *(
            (grain, cut)
            for grain in (Grain.DAY, Grain.MONTH, Grain.EVER)
            for cut in (Cut.WHOLE, Cut.SERVICE, Cut.CLIENT, Cut.PRIORITY)
        ),
        (Grain.MONTH, Cut.ASKED),
    ),
    keys=("metric",),
)
"""A verdict counts at the earlier of stop and due time; a late clock is late until it ends."""

UNSWEPT = f"""
    SELECT c.due_at AS at, {_CLOCK}, 0 AS met, 1 AS missed, 0 AS ended, 1 AS late
    FROM slas_clock AS c
    JOIN requests_app_servicerequest AS r ON r.id = c.service_request_id
    WHERE c.next_check_at <= %(now)s AND c.due_at < %(now)s AND c.in_figures
        AND c.breached_at IS NULL
"""
"""Clocks that fell due, and that no sweep has written down yet: late all the same."""
