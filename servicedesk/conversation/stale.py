"""When someone was quicker: who, what they did, and what this reader had typed."""

from __future__ import annotations

from typing import Any

from people.models import User
from requests_app import access
from requests_app.access import FULL_VIEW
from requests_app.models import ServiceRequest
from servicedesk.conversation import deeds
from servicedesk.conversation.forms import DeedForm
from servicedesk.conversation.timeline import last_moves


def stale_page(user: User, service_request: ServiceRequest, form: DeedForm) -> dict[str, Any]:
    """What happened meanwhile; the text may still go into whatever is possible now."""
    held = access.roles(user, service_request)
    provider = bool(held & FULL_VIEW)
    face = "provider" if provider else "requester"
    possible = access.offered(held, service_request)
    return {
        "service_request": service_request,
        "offer": deeds.OFFERS[form.deed.name],
        "moves": last_moves(service_request, provider=provider),
        "typed": form.data.get("message", "") if form.is_bound else "",
        "staged": form.staged,
        "key": form.initial["key"],
        "tabs": [
            offer
            for offer in deeds.tabs(face, possible)
            if offer.name in ("reply", "note", "answer")
        ],
    }
