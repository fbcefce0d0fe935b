"""The timeline is the memory: written once, in the transaction of the change, told to followers."""

from __future__ import annotations

import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from catalogue.models import Service
from people.models import User
from requests_app import actions, timeline
from requests_app.errors import Refused
from requests_app.kinds import KINDS, Assigned, Audience, Empty, Payload, Spoken, Via
from requests_app.lifecycle import DEEDS
from requests_app.models import Event, ServiceRequest
from tests.factories import make_service_request
from tests.times import MONDAY_9, MONDAY_10, hours

pytestmark = pytest.mark.django_db


def test_every_deed_appends_its_event_with_who_when_and_how(
    laptop: Service, dana: User, omar: User
) -> None:
    request = make_service_request(laptop, by=dana, at=MONDAY_9)
    actions.take(request, by=omar, at=MONDAY_10, via=Via.API)
    events = list(request.events.exclude(kind__in=["warned", "breached", "escalated"]))
    assert [(event.kind, event.actor, event.at, event.via) for event in events] == [
        ("submitted", dana, MONDAY_9, "page"),
        ("taken", omar, MONDAY_10, "api"),
    ]


def test_an_event_can_be_neither_changed_nor_deleted(laptop: Service, dana: User) -> None:
    event = make_service_request(laptop, by=dana).events.get(kind="submitted")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(kind="closed")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.filter(pk=event.pk)._raw_delete("default")


def test_only_the_transaction_local_setting_passes_the_guard(laptop: Service, dana: User) -> None:
    event = make_service_request(laptop, by=dana).events.get(kind="submitted")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL servicedesk.erasing = 'on'")
        Event.objects.filter(pk=event.pk).update(actor=None)
        cursor.execute("SET LOCAL servicedesk.erasing = 'off'")
    event.refresh_from_db()
    assert event.actor is None


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused(laptop: Service, dana: User) -> None:
    request = make_service_request(laptop, by=dana)
    with pytest.raises(RuntimeError, match="transaction"):
        timeline.record(request, "taken", Assigned(), by=dana, at=MONDAY_10, via=Via.PAGE)


def test_a_payload_of_another_kind_is_refused(laptop: Service, dana: User) -> None:
    request = make_service_request(laptop, by=dana)
    with pytest.raises(TypeError, match="Assigned"):
        timeline.event(request, "taken", Empty(), by=dana, at=MONDAY_10, via=Via.PAGE)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_payloads_carry_no_text(name: str) -> None:
    values = {
        "impact",
        "urgency",
        "priority",
        "before",
        "was",
        "interrupted",
        "back_to",
        "metric",
        "reason",
    }
    texts = {
        key
        for key, annotation in KINDS[name].payload.__annotations__.items()
        if "str" in str(annotation)
    }
    keys = {"questions", "acts"}
    assert texts - values - keys <= {"look_again_on", "cause"}


def test_every_deed_names_a_kind_of_event_that_exists() -> None:
    assert {deed.event for deed in DEEDS.values()} <= set(KINDS)


def test_a_stored_payload_with_a_strange_key_is_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        Spoken.load({"colour": "red"})
    assert Payload.load({}) == Payload()


def test_a_live_deed_is_never_dated_before_the_last_one(
    laptop: Service, dana: User, omar: User
) -> None:
    request = make_service_request(laptop, by=dana, at=MONDAY_10)
    actions.take(request, by=omar, at=MONDAY_9)
    assert request.events.get(kind="taken").at == MONDAY_10


def test_a_past_deed_out_of_order_is_refused(laptop: Service, dana: User, omar: User) -> None:
    request = make_service_request(laptop, by=dana, at=MONDAY_10, via=Via.IMPORT)
    with pytest.raises(Refused, match="before"):
        actions.take(request, by=omar, at=MONDAY_9, via=Via.IMPORT)


def test_the_same_key_does_the_same_deed_once(laptop: Service, dana: User, omar: User) -> None:
    request = make_service_request(laptop, by=dana)
    key = str(uuid.uuid4())
    for _ in range(3):
        actions.reply(request, message="On its way.", by=omar, at=MONDAY_10, key=key)
    assert request.messages.count() == 1
    assert request.events.filter(kind="replied").count() == 1


def test_the_same_form_sent_twice_makes_one_request(laptop: Service, dana: User) -> None:
    key = uuid.uuid4()
    first = make_service_request(laptop, by=dana, key=key)
    again = make_service_request(laptop, by=dana, key=key, at=MONDAY_9 + hours(1))
    assert first == again
    assert ServiceRequest.objects.count() == 1
    assert first.events.filter(kind="submitted").count() == 1


def test_the_key_of_someone_elses_form_is_refused(laptop: Service, dana: User, omar: User) -> None:
    key = uuid.uuid4()
    make_service_request(laptop, by=dana, key=key)
    with pytest.raises(Refused):
        make_service_request(laptop, by=omar, key=key)


def test_internal_notes_are_for_the_provider_alone(laptop: Service, dana: User, omar: User) -> None:
    request = make_service_request(laptop, by=dana)
    actions.note(request, message="Two left in the cupboard.", by=omar, at=MONDAY_10)
    assert request.events.get(kind="noted").audience == Audience.PROVIDER
    assert not request.messages.get().is_public
