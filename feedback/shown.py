"""Answers as they stand on the page of a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet, prefetch_related_objects

from feedback.invitations import token
from feedback.models import Rating
from feedback.reasons import Reason
from people.prepared import prepared

if TYPE_CHECKING:
    from datetime import datetime

    from people.models import User
    from requests_app.models import ServiceRequest


@dataclass(frozen=True, slots=True)
class Received:
    """An answer that this reader may see."""

    rating: Rating
    is_own: bool
    is_editable: bool
    reasons: list[str]
    """In words."""

    @property
    def token(self) -> str:
        """The word in the link by which one's own is changed."""
        return token(self.rating.invitation)


def received(
    service_request: ServiceRequest, user: User, now: datetime, *, provider: bool
) -> list[Received]:
    """The answers about a request for this reader, the newest first; two queries.

    Everyone sees their own at once; whoever works on the request (`provider`) sees what can no
    longer be changed and has a name.
    """
    given = _given(service_request.pk)
    prefetch_related_objects(given, "reasons")
    return [
        Received(
            rating=one,
            is_own=one.invitation.person_id == user.pk,
            is_editable=one.is_editable(now),
            reasons=reason_words(one),
        )
        for one in given
        if one.invitation.person_id == user.pk
        or (provider and not one.is_unnamed and not one.is_editable(now))
    ]


@prepared
def _given(service_request_id: int) -> QuerySet[Rating]:
    return (
        Rating.objects.filter(invitation__service_request=service_request_id)
        .select_related("invitation__person", "invitation__provider_department")
        .order_by("-at", "-pk")
    )


def reason_words(rating: Rating) -> list[str]:
    """Why, in words; no query where `reasons` was fetched along."""
    return [str(Reason(one.reason).label) for one in rating.reasons.all()]
