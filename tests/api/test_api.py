"""The desk for programs: the same rules, the same refusals, in JSON."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue.models import Service
from people.models import User
from requests_app import actions
from requests_app.lifecycle import Status
from requests_app.models import Event, ServiceRequest
from tests.factories import make_service, make_service_request
from tests.times import MONDAY_9

pytestmark = pytest.mark.django_db


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def post(client: Client, address: str, given: Any) -> Any:
    return client.post(address, json.dumps(given), content_type="application/json")


def asking(**given: Any) -> dict[str, Any]:
    return {
        "key": str(uuid.uuid4()),
        "answers": {"details": "A laptop, please."},
        "impact": "me",
        "urgency": "soon",
    } | given


def test_a_program_asks_and_sees_when_it_will_be_done(laptop: Service, dana: User) -> None:
    answer = post(signed_in(dana), "/api/services/it/new-laptop/requests/", asking())
    assert answer.status_code == 201
    made = answer.json()
    assert made["priority"] == "P4"
    assert made["due_at"]
    assert ServiceRequest.objects.get().reference == made["reference"]
    assert Event.objects.get(kind="submitted").via == "api"


def test_the_same_key_returns_the_same_request(laptop: Service, dana: User) -> None:
    given = asking()
    client = signed_in(dana)
    first, second = (
        post(client, "/api/services/it/new-laptop/requests/", given).json() for _ in range(2)
    )
    assert first == second


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (asking(impact="huge"), "impact"),
        (asking(key="no key"), "key"),
        (asking(answers={"details": "x" * 20_001}), "answers.details"),
        (asking(answers={"colour": "red"}), "answers.colour"),
        (asking(answers={"details": ["not", "a text"]}), "answers.details"),
        (asking(answers="none"), "answers"),
        ({}, "key"),
    ],
)
def test_what_will_not_do_is_refused_beside_its_field(
    laptop: Service, dana: User, given: dict[str, Any], field: str
) -> None:
    answer = post(signed_in(dana), "/api/services/it/new-laptop/requests/", given)
    assert answer.status_code == 422
    assert field in {one["field"] for one in answer.json()["errors"]}
    assert not ServiceRequest.objects.exists()


def test_broken_json_is_a_400(laptop: Service, dana: User) -> None:
    client = signed_in(dana)
    address = "/api/services/it/new-laptop/requests/"
    assert client.post(address, "{", content_type="application/json").status_code == 400


def test_deeds_follow_the_table(laptop: Service, dana: User, omar: User, kai: User) -> None:
    request = make_service_request(laptop, by=dana)
    address = f"/api/requests/{request.reference}/"
    agent, requester, stranger = signed_in(omar), signed_in(dana), signed_in(kai)
    assert "take" in agent.get(address).json()["deeds"]
    assert post(agent, address + "take/", {}).json()["status"] == Status.IN_PROGRESS
    assert post(agent, address + "take/", {}).status_code == 409
    assert post(requester, address + "take/", {}).status_code == 403
    assert post(stranger, address + "take/", {}).status_code == 404
    assert stranger.get(address).status_code == 404
    assert post(agent, address + "explode/", {}).status_code == 404
    assert post(agent, address + "close/", {}).status_code == 404
    refused = post(agent, address + "resolve/", {"message": "  "})
    assert refused.status_code == 422
    assert [one["field"] for one in refused.json()["errors"]] == ["message"]
    asked = post(agent, address + "ask/", {"message": "Which?", "look_again_on": "yesterday"})
    assert asked.status_code == 422
    done = post(agent, address + "resolve/", {"message": "Here it is."})
    assert done.json()["status"] == Status.RESOLVED


def test_internal_notes_are_not_told_to_the_requester(
    laptop: Service, dana: User, omar: User
) -> None:
    request = make_service_request(laptop, by=dana)
    actions.note(request, message="Two left.", by=omar, at=MONDAY_9)
    actions.reply(request, message="On its way.", by=omar, at=MONDAY_9)
    address = f"/api/requests/{request.reference}/"

    def said(person: User) -> set[str]:
        return {one["text"] for one in signed_in(person).get(address).json()["messages"]}

    assert said(dana) == {"On its way."}
    assert said(omar) == {"On its way.", "Two left."}


def test_lists_hold_what_is_ones_own(laptop: Service, dana: User, omar: User, kai: User) -> None:
    request = make_service_request(laptop, by=dana)
    make_service_request(make_service(), by=kai)

    def listed(person: User, query: str = "") -> list[str]:
        answer = signed_in(person).get(f"/api/requests/{query}").json()
        return [one["reference"] for one in answer["results"]]

    assert listed(dana) == [request.reference]
    assert listed(omar, "?department=it") == [request.reference]
    assert listed(kai, "?department=it") == []
    assert signed_in(kai).get("/api/requests/?department=nowhere").status_code == 404


@pytest.mark.parametrize("rows", [1, 50])
def test_a_list_takes_the_same_few_queries_whatever_its_length(
    rows: int, laptop: Service, dana: User
) -> None:
    for _ in range(rows):
        make_service_request(laptop, by=dana, subject="x" * 200)
    client = signed_in(dana)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(client.get("/api/requests/").json()["results"]) == rows
    assert len(queries) == 6  # session, person, limit; the rows, people, departments
    with CaptureQueriesContext(connection) as queries:
        client.get("/api/services/")
    assert len(queries) <= 5


def test_nobody_comes_in_without_signing_in(laptop: Service) -> None:
    for address in ("services/", "requests/", "services/it/new-laptop/", "requests/IT-1/"):
        assert Client().get(f"/api/{address}").status_code == 403


def test_the_schema_describes_every_address(dana: User) -> None:
    schema = signed_in(dana).get("/api/schema/").json()
    assert "/api/requests/{reference}/{name}/" in schema["paths"]


def test_what_was_written_against_an_outdated_state_is_a_409(
    laptop: Service, dana: User, omar: User, lena: User
) -> None:
    reference = make_service_request(laptop, by=dana, at=MONDAY_9).reference
    address = f"/api/requests/{reference}/"
    agent = signed_in(omar)
    seen = agent.get(address).json()["seen"]
    said = {"message": "Hello.", "seen": seen}
    assert post(signed_in(lena), address + "reply/", said).status_code == 200
    late = post(agent, address + "reply/", said)
    assert late.status_code == 409
    assert "quicker" in late.json()["errors"][0]["message"]
    newest = agent.get(address).json()["seen"]
    assert post(agent, address + "reply/", said | {"seen": newest}).status_code == 200
