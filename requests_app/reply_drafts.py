"""Drafts of replies: what was typed on a request's page is kept until it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet

from people.prepared import prepared
from requests_app.drafts import worth_keeping
from requests_app.models import Event, ReplyDraft

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from people.models import User
    from requests_app.models import ServiceRequest

MOST_LETTERS = 60_000
"""Longer drafts are not kept; the longest message is a third of it."""


def keep(
    user: User,
    service_request: ServiceRequest,
    *,
    deed: str,
    typed: Mapping[str, Sequence[str]],
    key: uuid.UUID,
    at: datetime,
) -> ReplyDraft | None:
    """Keep what was typed, instead of what was kept before; None where there is nothing to keep.

    `key` is the form's: what comes late, after the form was sent, is not kept. Raises Refused for
    what is too long.
    """
    whole = worth_keeping(typed, MOST_LETTERS)
    sent = Event.objects.filter(service_request=service_request, key__startswith=str(key))
    if not whole or sent.exists():
        forget(user, service_request)
        return None
    found, _new = ReplyDraft.objects.update_or_create(
        user=user,
        service_request=service_request,
        defaults={"deed": deed, "typed": whole, "key": str(key), "updated_at": at},
    )
    return found


def draft_of(user: User, service_request: ServiceRequest) -> ReplyDraft | None:
    """What the person had typed, unless it was sent; one query."""
    return next(iter(_unsent(user.pk, service_request.pk)), None)


@prepared
def _unsent(user_id: int, service_request_id: int) -> QuerySet[ReplyDraft]:
    sent = Event.objects.filter(
        service_request=OuterRef("service_request"), key__startswith=OuterRef("key")
    )
    mine = ReplyDraft.objects.filter(user=user_id, service_request=service_request_id)
    return mine.filter(~Exists(sent))


def forget(user: User, service_request: ServiceRequest) -> None:
    """Let the draft go."""
    ReplyDraft.objects.filter(user=user, service_request=service_request).delete()
