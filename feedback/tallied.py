"""What answers, and what was asked, add to the figures of the department that served.

Without a name an answer counts in figures of the whole department only, and so does whether
somebody answered at all (`feedback.blocks` says why): their client and service stay empty.
"""

# ruff: noqa: S608  # the statements are made of names of our own columns

from __future__ import annotations

from datetime import datetime

from feedback.models import EDITABLE_FOR, SatisfactionChange, SatisfactionCount
from requests_app.tally import Cut, Grain, Tally, keep_up

SATISFIED = 4
"""This score and above count as satisfied."""

TALLY = Tally(
    name="satisfaction",
    changes=SatisfactionChange,
    counts=SatisfactionCount,
    facts=f"""
        SELECT r.counts_at AS at, NULL::timestamptz AS asked_at,
            i.provider_department_id AS provider_id,
            CASE WHEN NOT r.is_unnamed THEN i.client_department_id END AS client_id,
            CASE WHEN NOT r.is_unnamed THEN i.service_id END AS service_id, NULL::int AS priority,
            1 AS answers, (r.score >= {SATISFIED})::int AS satisfied, 0 AS invited, 0 AS answered
        FROM feedback_rating AS r JOIN feedback_invitation AS i ON i.id = r.invitation_id
        WHERE r.counts_at IS NOT NULL AND {{only}}
        UNION ALL
        SELECT coalesce(r.at + INTERVAL '{EDITABLE_FOR.total_seconds():.0f} s', i.expires_at), NULL,
            i.provider_department_id, NULL, NULL, NULL, 0, 0, 1, (r.id IS NOT NULL)::int
        FROM feedback_invitation AS i LEFT JOIN feedback_rating AS r ON r.invitation_id = i.id
        WHERE i.invited_at IS NOT NULL
            AND (i.withdrawn_at IS NULL OR i.withdrawn_at >= i.expires_at) AND {{only}}
    """,
    only="i.id = ANY(%(ids)s)",
    measures=("answers", "satisfied", "invited", "answered"),
    kept=tuple(
        (grain, cut)
        for grain in (Grain.DAY, Grain.MONTH)
        for cut in (Cut.WHOLE, Cut.SERVICE, Cut.CLIENT)
    ),
)


def advance(now: datetime) -> int:
    """Fold in what has begun to count; how many changes."""
    return keep_up(TALLY, now)
