"""From events to what clocks need to know of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from requests_app.kinds import (
    ApprovalAsked,
    Assigned,
    Prioritised,
    Resumed,
    Spoken,
    Submitted,
    Transferred,
    Waiting,
)
from requests_app.lifecycle import Status
from requests_app.models import Event
from requests_app.reporting import reporting
from slas import engine
from slas.models import Scope

COUNTED = frozenset({"submitted", *engine.STEPS})
"""The kinds of deeds that may change a clock."""

_SPEAKING = frozenset({"replied", "asked", "held", "answered", "resolved", "reopened", "declined"})
"""Kinds that come with a public message by their nature."""


def deed_of(event: Event, named: Mapping[str, engine.Terms]) -> engine.Deed:
    """The event as a deed; `named` holds the terms by scope that it names, if any.

    No query, but for one that was handed on as not ours: the reporting zone.
    """
    given: dict[str, Any] = {}
    data = event.data if event.kind in COUNTED else None
    match data:
        case Submitted():
            given = {
                "priority": data.priority,
                "client_id": data.client_id,
                "provider_id": data.provider_id,
                "service_id": data.service_id,
            }
        case Assigned():
            given = {"assignee_id": data.assignee_id}
        case Prioritised():
            given = {"priority": data.priority}
        case Transferred():
            given = {
                "provider_id": data.to_provider_id,
                "service_id": data.to_service_id,
                "wrong_department": data.wrong_department,
            }
            if data.wrong_department:
                given["month_began"] = reporting(event.at).month.start
        case ApprovalAsked():
            given = {"before_work": data.interrupted == Status.NEW}
        case Spoken() | Waiting() | Resumed():
            given = _speaks(event.kind, data)
    return engine.Deed(
        kind=event.kind,
        at=event.at,
        actor_id=event.actor_id,
        promise=named.get(Scope.PROMISE),
        holding=named.get(Scope.HOLDING),
        **given,
    )


def _speaks(kind: str, data: Spoken) -> dict[str, bool]:
    """Whether it is a public message by a person of the provider who is not the requester, or by
    the requester's side.

    Imported deeds have no text where their log has none; a kind that speaks is then enough.
    """
    if data.message_id is None and kind not in _SPEAKING:
        return {}
    return {"answers": data.by_provider, "asks": data.by_requester}
