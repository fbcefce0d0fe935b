"""What was promised changes for requests that are open: other hours, or a newer agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from requests_app import many, timeline
from requests_app.kinds import Empty, Via

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from people.models import User
    from requests_app.kinds import Payload
    from requests_app.models import Event, ServiceRequest


def change_promises(
    locked: Sequence[ServiceRequest],
    kind: str,
    payload: Payload | None = None,
    *,
    by: User | None,
    at: datetime,
    via: Via = Via.DESK,
) -> list[Event]:
    """Say on each of these requests, whose rows the caller holds, that its promises change.

    `kind` is "calendar_changed" or "agreement_changed". The right to it comes from the decision
    about calendar or agreement, not from the single request. Followers are told once; the same
    instances are in the events, so they know what their rows then say.
    """
    said = payload or Empty()
    events = [timeline.event(one, kind, said, by=by, at=one.dated(at), via=via) for one in locked]
    for event in events:
        event.service_request.last_deed_at = event.at
    many.update(locked, ["last_deed_at"])
    return timeline.record_many(events)
