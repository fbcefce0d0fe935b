"""Taking and assigning several at once: each by itself, and what could not be done is said."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages import get_messages

from catalogue.models import Service
from people.models import User
from requests_app import actions
from requests_app.models import Event, ServiceRequest
from tests import factories
from tests.desk.conftest import SignIn
from tests.times import MONDAY_10


@pytest.fixture
def three(laptop: Service, dana: User) -> list[ServiceRequest]:
    return [factories.make_service_request(laptop, by=dana, at=MONDAY_10) for _n in range(3)]


def _said(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_several_are_taken_at_once(
    three: list[ServiceRequest], omar: User, sign_in: SignIn
) -> None:
    chosen = [one.reference for one in three]
    response = sign_in(omar).post("/queue/it/do/", {"act": "take", "selected": chosen})
    assert response.status_code == 302
    assert ServiceRequest.objects.filter(assignee=omar).count() == 3
    assert "You took 3 requests." in _said(response)


def test_several_are_assigned_at_once(
    three: list[ServiceRequest], omar: User, lena: User, sign_in: SignIn
) -> None:
    given = {"act": "assign", "assignee": lena.pk, "selected": [three[0].reference]}
    response = sign_in(omar).post("/queue/it/do/", given)
    assert f"{three[0].reference} is assigned." in _said(response)
    assert ServiceRequest.objects.get(assignee=lena).pk == three[0].pk


def test_what_could_not_be_taken_is_said_and_the_rest_is(
    three: list[ServiceRequest], omar: User, lena: User, sign_in: SignIn
) -> None:
    actions.take(three[0], by=lena, at=MONDAY_10)
    chosen = [three[0].reference, three[1].reference, "IT-0"]
    said = _said(sign_in(omar).post("/queue/it/do/", {"act": "take", "selected": chosen}))
    assert f"You took {three[1].reference}." in said
    assert f"Not done for {three[0].reference}: someone was quicker." in said
    assert "Not done for IT-0: it is not in this queue." in said


def test_requests_of_other_queues_stay_as_they_are(
    three: list[ServiceRequest], kai: User, sign_in: SignIn
) -> None:
    chosen = [one.reference for one in three]
    sign_in(kai).post("/queue/people/do/", {"act": "take", "selected": chosen})
    assert not ServiceRequest.objects.exclude(assignee=None).exists()


@pytest.mark.parametrize(
    "given",
    [
        {"act": "take"},
        {"act": "take", "selected": []},
        {"act": "burn", "selected": ["IT-1"]},
        {"selected": ["IT-1"]},
        {"act": "assign", "selected": ["IT-1"]},
        {"act": "assign", "selected": ["IT-1"], "assignee": "999999"},
        {"act": "assign", "selected": ["IT-1"], "assignee": "x"},
        {"act": "assign", "selected": ["IT-1"], "assignee": "9" * 40},
        {"act": "take", "selected": ["x" * 300]},
        {"act": "take", "selected": ["IT-1\x00"]},
        {"act": "take", "selected": ["IT-1"] * 51},
        {"act": "take", "selected": ["IT-1"], "next": "/" + "x" * 600},
    ],
)
def test_a_selection_that_makes_no_sense_is_refused_without_a_trace(
    three: list[ServiceRequest], omar: User, sign_in: SignIn, given: dict[str, Any]
) -> None:
    before = Event.objects.count()
    assert sign_in(omar).post("/queue/it/do/", given).status_code == 422
    assert Event.objects.count() == before


def test_nobody_from_elsewhere_is_offered_or_taken_as_assignee(
    three: list[ServiceRequest], omar: User, kai: User, sign_in: SignIn
) -> None:
    given = {"act": "assign", "assignee": kai.pk, "selected": [three[0].reference]}
    assert sign_in(omar).post("/queue/it/do/", given).status_code == 422


def test_one_returns_to_the_list_one_came_from_and_nowhere_else(
    three: list[ServiceRequest], omar: User, sign_in: SignIn
) -> None:
    given = {"act": "take", "selected": [three[0].reference], "next": "/queue/it/unassigned/"}
    assert sign_in(omar).post("/queue/it/do/", given)["Location"] == "/queue/it/unassigned/"
    given |= {"selected": [three[1].reference], "next": "https://evil.example/"}
    assert sign_in(omar).post("/queue/it/do/", given)["Location"] == "/queue/it/open/"
