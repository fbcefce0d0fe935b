"""Behind the bell: what each person was told, and what they have looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from notices import agreements, outbox, rules, telling
from notices.models import Notice
from notices.rules import Channel
from people.prepared import prepared
from requests_app import access, many
from requests_app.models import Event

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from people.models import User
    from requests_app.models import ServiceRequest

RECOVERY = "recovery"
"""The words by which leads hear of someone who was dissatisfied."""
MANY = 100
"""The bell counts so far and no further."""


def follow(events: Sequence[Event]) -> None:
    """Tell whoever should hear of these events, by the bell and by the outbox.

    A handful of queries, whatever the number of events; nothing the second time; nothing at all
    for what was imported or seeded.
    """
    heard = rules.hearings(events)
    bell = [one for one in heard if Channel.BELL in one.rule.channels]
    if bell:
        many.insert_new(
            Notice,
            {
                "user_id": [one.user_id for one in bell],
                "event_id": [one.event.pk for one in bell],
                "service_request_id": [one.event.service_request_id for one in bell],
                "kind": [one.rule.words for one in bell],
                "created_at": [one.event.at for one in bell],
            },
        )
    to_mail = [one for one in heard if Channel.MAIL in one.rule.channels]
    if to_mail:
        outbox.put(to_mail)
    for event in events:
        if event.kind == "rated" and event.payload.get("recovery_withdrawn"):
            _take_back(event)


def _take_back(event: Event) -> None:
    """What leads heard of an answer that was since changed; a mail that has left cannot be."""
    earlier = Event.objects.filter(
        service_request=event.service_request_id, kind="rated", pk__lt=event.pk
    )
    Notice.objects.filter(event__in=earlier, kind=RECOVERY).delete()
    outbox.take_back(event, RECOVERY)


@dataclass(frozen=True, slots=True)
class Line:
    """One line behind the bell, ready to be shown."""

    id: int
    text: str
    url: str
    """Empty where the reader may no longer see the request."""
    at: datetime
    is_unread: bool
    reference: str
    kind: str
    """A key of `notices.words.WORDS`."""


def unread_count(user: User) -> int:
    """How many lines were not looked at; counts up to 100. One query."""
    return len(_unread(user.pk))


@prepared
def _unread(user_id: int) -> QuerySet[Notice, int]:
    return Notice.objects.unread().filter(user=user_id).values_list("pk", flat=True)[:MANY]


def latest(user: User, *, before: int | None = None, limit: int = 20) -> list[Line]:
    """The newest lines, or those before the line with this id; four queries (two ask what
    the reader is).

    What the reader may no longer see keeps its reference and loses its words.
    """
    rows = Notice.objects.filter(user=user)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    page = list(
        rows.select_related(
            "event__actor",
            "service_request__service",
            "service_request__requester",
            "service_request__provider_department",
            "service_request__client_department",
            "agreement_deed__agreement__provider",
            "agreement_deed__department",
            "agreement_deed__by",
        ).order_by("-pk")[:limit]
    )
    if not page:
        return []
    visible = set(
        access.visible_to(user)
        .filter(pk__in={one.service_request_id for one in page if one.service_request_id})
        .values_list("pk", flat=True)
    )
    return [_line(one, visible) for one in page]


def _line(one: Notice, visible: Collection[int]) -> Line:
    text, url, reference = "", "", ""
    if one.agreement_deed is not None:
        text, url = agreements.title(one.agreement_deed), agreements.path(one.agreement_deed)
    elif one.event is not None and one.service_request is not None:
        seen = one.service_request.pk in visible
        text = telling.title(one.kind, one.event, one.service_request, seen=seen)
        url = telling.path(one.event, one.service_request) if seen else ""
        reference = one.service_request.reference
    return Line(
        id=one.pk,
        text=text,
        url=url,
        at=one.created_at,
        is_unread=one.read_at is None,
        reference=reference,
        kind=one.kind,
    )


def mark_read(
    user: User,
    *,
    at: datetime,
    service_request: ServiceRequest | None = None,
    notice: Notice | None = None,
) -> int:
    """Take the person's lines as read: all of them, those of one request, or one; how many were
    new.
    """
    rows = Notice.objects.unread().filter(user=user)
    if service_request is not None:
        rows = rows.filter(service_request=service_request)
    if notice is not None:
        rows = rows.filter(pk=notice.pk)
    return rows.update(read_at=at)
