"""What came in between: whether somebody else was quicker than a reply that is being written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from requests_app import access, timeline
from requests_app.errors import Overtaken
from requests_app.lifecycle import PROVIDER_SIDE, Role
from requests_app.models import Event, ServiceRequest

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from people.models import User

SAID_OR_DECIDED = frozenset(
    {
        "replied", "asked", "held", "answered", "approval_decided", "resolved", "reopened",
        "closed", "cancelled", "declined",
    }
)  # fmt: skip
"""Public messages and moves that change what anyone would write."""
HANDED_AROUND = frozenset({"taken", "released", "assigned", "resumed", "transferred"})
"""Moves that matter to whoever speaks for the provider."""


def since(service_request: ServiceRequest, seen: int, by: User) -> QuerySet[Event]:
    """What others did after the event `seen` that matters to a reply of this person, in order.

    Ids of one request's events grow in the order in which they were done: its row was locked.
    """
    held = access.roles(by, service_request)
    speaks_for_provider = held & PROVIDER_SIDE and Role.REQUESTER not in held
    kinds = SAID_OR_DECIDED | HANDED_AROUND if speaks_for_provider else SAID_OR_DECIDED
    return (
        service_request.events.filter(pk__gt=seen, kind__in=kinds)
        .exclude(actor=by)
        .exclude(kind__in=("taken", "assigned"), payload__assignee_id=by.pk)
        .order_by("pk")
    )


def require_current(
    service_request: ServiceRequest, seen: int, *, by: User, key: str | None
) -> None:
    """Refuse what was written against an outdated state; within the deed's transaction.

    Takes the request's row: of two who reply at once one is first, and the other learns of it. A
    deed that was done before (the same `key`) is no news. Raises Overtaken.
    """
    locked = ServiceRequest.objects.lock(service_request.pk)
    if key is not None and timeline.is_done(locked.pk, key):
        return
    if since(locked, seen, by).exists():
        raise Overtaken(_("Somebody else was quicker. Look at what came in between."))
