"""The canned replies that the box of a request offers to whoever speaks for the provider."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from requests_app import canned
from servicedesk.signed_in import SignedInRequest
from slas.engine import Metric

TABS = ("reply", "ask", "resolve")
"""Where one is chosen."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A canned reply, filled in for this request."""

    pk: int
    name: str
    text: str


def add(request: SignedInRequest, shown: MutableMapping[str, Any], now: datetime) -> None:
    """Put the replies beside the composer of a page; one query, none for the requester's side.

    The one that the address names (`?canned=<id>`) stands in the box already.
    """
    shown["canned"] = offered = _offered(request, shown, now)
    wanted = request.GET.get("canned", "")
    chosen = next((one for one in offered if str(one.pk) == wanted), None)
    if chosen and not shown["composer"].form.is_bound:
        shown["composer"].form.initial["message"] = chosen.text


def _offered(request: SignedInRequest, shown: Mapping[str, Any], now: datetime) -> list[Offered]:
    box = shown["composer"]
    if box is None or not shown["is_agent"] or not any(tab.name in TABS for tab in box.tabs):
        return []
    service_request = shown["service_request"]
    replies = canned.offered_list(request.user, service_request)
    if not replies:
        return []
    lines = {line.metric: line.clock for line in shown["lines"]}
    ready = lines.get(str(Metric.RESOLUTION))
    values = canned.values_for(
        service_request, by=request.user, now=now, ready_by=ready.due_at if ready else None
    )
    return [Offered(one.pk, one.name, canned.fill(one.text, values)) for one in replies]
