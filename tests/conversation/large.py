"""A request as large as they come: 1,000 messages, 50 participants, a form of 100 fields."""

from __future__ import annotations

from typing import Any

from catalogue.models import Service
from people.models import Team, User
from requests_app.models import Event, Message, Participant, ServiceRequest
from tests import factories
from tests.times import MONDAY_10, minutes

TEXT = (
    "We looked at it **again**: see the [manual](https://example.com/), page 4.\n\n- one\n- two\n"
)


def make_large(service: Any, dana: User, omar: User, *, messages: int) -> ServiceRequest:
    """Asked by the real deed; what was said since is written in bulk, as its deeds would."""
    answers = {f"q{n}": f"Answer number {n}" for n in range(90)}
    request = factories.make_service_request(service, by=dana, at=MONDAY_10, answers=answers)
    people = [
        factories.make_person(f"Person With Long Name {n}", department=dana.department)
        for n in range(50)
    ]
    Participant.objects.bulk_create(
        Participant(service_request=request, user=one, added_by=dana, at=MONDAY_10)
        for one in people
    )
    said = Message.objects.bulk_create(
        Message(
            service_request=request,
            author=omar if n % 2 else people[n % 50],
            at=MONDAY_10 + minutes(n / 100),
            is_public=n % 5 != 1,
            text=f"{TEXT}Number {n}.",
        )
        for n in range(messages)
    )
    Event.objects.bulk_create(
        Event(
            service_request=request,
            kind="replied" if one.is_public else "noted",
            at=one.at,
            actor=one.author,
            via="page",
            audience="requester" if one.is_public else "provider",
            payload={"message_id": one.pk, "by_provider": one.author_id == omar.pk},
        )
        for one in said
    )
    return request


def make_large_service(team: Team) -> Service:
    """With a form of 100 fields, ten of them the provider's own."""
    fields: list[dict[str, Any]] = [
        {
            "key": f"q{n}",
            "kind": "short_text",
            "label": f"Question number {n}, with words around it",
            "provider_only": n >= 90,
        }
        for n in range(100)
    ]
    return factories.make_service(team.department, team=team, fields=fields)
