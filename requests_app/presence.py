"""Who else has a request's page open just now, and who is writing on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from people.models import Membership
from requests_app.models import Presence

if TYPE_CHECKING:
    from datetime import datetime

    from people.models import User
    from requests_app.models import ServiceRequest

FRESH = timedelta(seconds=30)
"""Whoever was seen within this time is still there."""
AGAIN = timedelta(seconds=10)
"""Being there is written down no more often than this."""
KEPT = timedelta(hours=1)
"""Older rows are swept."""


@dataclass(frozen=True, slots=True)
class Here:
    """A colleague who is on the request now."""

    name: str
    writes: bool


def arrive(
    user: User, service_request: ServiceRequest, *, at: datetime, writes: bool = False
) -> None:
    """Write down that the person has the page open (and is writing); at most one query and a half.

    A row that says so already is left as it is: a page that asks every few seconds writes seldom.
    """
    mine = Presence.objects.filter(user=user, service_request=service_request)
    row = mine.values_list("seen_at", "wrote_at").first()
    seen_at, wrote_at = row or (None, None)
    is_new = seen_at is None or at - seen_at >= AGAIN
    begins = writes and (wrote_at is None or at - wrote_at >= AGAIN)
    if not is_new and not begins:
        return
    values: dict[str, datetime] = {"seen_at": at}
    if writes:
        values["wrote_at"] = at
    Presence.objects.update_or_create(user=user, service_request=service_request, defaults=values)


def leave(user: User, service_request: ServiceRequest) -> None:
    """Take the person off: they say so, or have sent what they wrote."""
    Presence.objects.filter(user=user, service_request=service_request).delete()


def others(user: User, service_request: ServiceRequest, now: datetime) -> list[Here]:
    """The colleagues of the provider who are on it now, but for the person; one query.

    Only those who work on the request: whoever handed it on or asked for it is not shown.
    """
    theirs = (
        Q(team=service_request.team_id)
        if service_request.restricted
        else Q(team__department=service_request.provider_department_id)
    )
    works_here = Membership.objects.filter(theirs).values("user")
    rows = (
        Presence.objects.filter(service_request=service_request, seen_at__gt=now - FRESH)
        .filter(Q(user__in=works_here) | Q(user=service_request.assignee_id))
        .exclude(user__in=(user.pk, service_request.requester_id))
        .order_by("user__name", "user")
    )
    return [
        Here(name, wrote_at is not None and wrote_at > now - FRESH)
        for name, wrote_at in rows.values_list("user__name", "wrote_at")
    ]


def sweep(now: datetime) -> int:
    """Forget who was there long ago; returns how many rows."""
    return Presence.objects.filter(seen_at__lte=now - KEPT).delete()[0]
