"""When someone was quicker: who, what they did, and what this reader had typed; nothing is lost."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from people.models import User
from requests_app import access, seen
from requests_app.access import FULL_VIEW
from requests_app.models import ServiceRequest
from servicedesk.conversation import deeds
from servicedesk.conversation.forms import DeedForm
from servicedesk.conversation.timeline import last_moves, newest_event, since

SHOWN_ANEW = frozenset(
    {"csrfmiddlewaretoken", "seen", "message", "files-kept", "act", "key", "bring-in"}
)
"""What the page that holds a form up makes itself; the rest it carries along unseen."""


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
        "seen": newest_event(service_request, provider=provider),
        "tabs": [
            offer
            for offer in deeds.tabs(face, possible)
            if offer.name in ("reply", "note", "answer")
        ],
    }


def held_page(user: User, service_request: ServiceRequest, form: DeedForm) -> dict[str, Any]:
    """What others did since the form was made, and the form itself, to be sent all the same."""
    provider = access.sees_provider_side(user, service_request)
    known = form.seen or 0
    face = "provider" if provider else "requester"
    return _again(form) | {
        "service_request": service_request,
        "who": _who(service_request, known, user),
        "items": since(service_request, known, provider=provider, but=user),
        "seen": newest_event(service_request, provider=provider),
        "in_composer": form.deed.name in deeds.COMPOSER[face],
    }


def asks_page(
    service_request: ServiceRequest, form: DeedForm, people: list[User]
) -> dict[str, Any]:
    """Who would see the request by being named, and the form itself, to be sent all the same."""
    return _again(form) | {
        "service_request": service_request,
        "people": people,
        "seen": form.seen,
        "in_composer": True,
    }


def _who(service_request: ServiceRequest, known: int, user: User) -> list[str]:
    """The names of those who were quicker, each once."""
    events = seen.since(service_request, known, user).select_related("actor")
    return list(dict.fromkeys(one.actor.name for one in events if one.actor))


def _again(form: DeedForm) -> dict[str, Any]:
    data = form.data if isinstance(form.data, QueryDict) else QueryDict()
    return {
        "offer": deeds.OFFERS[form.deed.name],
        "form": form,
        "typed": data.get("message", ""),
        "staged": form.staged,
        "key": form.cleaned_data.get("key") or form.initial["key"],
        "carried": [
            (name, text)
            for name, texts in data.lists()
            if name not in SHOWN_ANEW
            for text in texts
            if isinstance(text, str)
        ],
    }
