"""Taking and assigning several at once: each by itself, and what could not be done is said."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.models import Service
from people.models import Department, User
from requests_app import actions
from requests_app.models import Event, Message, ServiceRequest
from tests import factories
from tests.beforehand import beforehand
from tests.desk.conftest import SignIn
from tests.portal.reading import assert_sound, words
from tests.times import MONDAY_10


@pytest.fixture
@beforehand
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


def test_several_are_handed_to_another_service(
    three: list[ServiceRequest], hr: Department, omar: User, sign_in: SignIn
) -> None:
    theirs = factories.make_service(hr, name="A contract")
    chosen = [one.reference for one in three[:2]]
    browser = sign_in(omar)
    page = browser.post("/queue/it/do/", {"act": "transfer", "selected": chosen})
    assert page.status_code == 200
    assert_sound(page)
    assert "A contract" in page.content.decode()
    given = {"act": "transfer", "selected": chosen, "sent": "1", "service": theirs.pk}
    response = browser.post("/queue/it/do/", given | {"reason": "A matter of People"})
    assert "2 requests are handed over." in _said(response)
    assert ServiceRequest.objects.filter(provider_department=hr).count() == 2
    assert (
        list(Message.objects.values_list("text", "is_public"))
        == [("A matter of People", False)] * 2
    )


def test_the_service_where_all_of_them_are_is_not_offered(
    three: list[ServiceRequest], laptop: Service, dana: User, omar: User, sign_in: SignIn
) -> None:
    other = factories.make_service(laptop.department, name="A screen")
    elsewhere = factories.make_service_request(other, by=dana, at=MONDAY_10)
    browser, here = sign_in(omar), f'<option value="{laptop.pk}"'
    chosen = [three[0].reference, three[1].reference]
    page = browser.post("/queue/it/do/", {"act": "transfer", "selected": chosen})
    assert here not in page.content.decode()
    assert "A screen" in page.content.decode()
    mixed = [*chosen, elsewhere.reference]
    page = browser.post("/queue/it/do/", {"act": "transfer", "selected": mixed})
    assert here in page.content.decode()


def test_a_refused_transfer_keeps_its_service(
    three: list[ServiceRequest], hr: Department, omar: User, sign_in: SignIn
) -> None:
    theirs = factories.make_service(hr, name="A contract")
    given = {"act": "transfer", "sent": "1", "selected": [three[0].reference]}
    page = sign_in(omar).post("/queue/it/do/", given | {"service": theirs.pk, "reason": " "})
    assert page.status_code == 422
    assert f'<option value="{theirs.pk}" selected>' in page.content.decode()


def test_several_get_another_priority_each_from_its_own_urgency(
    three: list[ServiceRequest], omar: User, lena: User, sign_in: SignIn
) -> None:
    actions.prioritise(three[0], impact="me", urgency="soon", reason="x", by=lena, at=MONDAY_10)
    given: dict[str, Any] = {
        "act": "prioritise",
        "sent": "1",
        "impact": "wide",
        "reason": "The whole floor",
    }
    given |= {"selected": [three[0].reference, three[1].reference]}
    said = _said(sign_in(omar).post("/queue/it/do/", given))
    assert "The priority of 2 requests is changed." in said
    kept = ServiceRequest.objects.order_by("pk").values_list("urgency", "priority")
    assert list(kept) == [("soon", "P2"), ("now", "P1"), ("now", "P3")]


def test_what_each_choice_would_make_of_each_is_said_first(
    three: list[ServiceRequest], omar: User, lena: User, sign_in: SignIn
) -> None:
    actions.prioritise(three[0], impact="wide", urgency="now", reason="x", by=lena, at=MONDAY_10)
    chosen = [three[0].reference, three[1].reference]
    given = {"act": "prioritise", "selected": chosen}
    agents, leads = (sign_in(one).post("/queue/it/do/", given) for one in (omar, lena))
    assert_sound(leads)
    said = words(agents)
    assert "P1 now: A department or more, or an external customer feels it. Now: work" in said
    assert "One person: P1 → P3." in said
    assert "Several people: P3 → P2." in said
    assert said.index("P1 →") < said.index("Whom do they touch?")
    assert "It can wait: P1 → P3." not in said
    assert "It can wait: P1 → P3." in words(leads)


def test_only_a_lead_changes_the_urgency_of_several(
    three: list[ServiceRequest], omar: User, lena: User, sign_in: SignIn
) -> None:
    given: dict[str, Any] = {"act": "prioritise", "sent": "1", "urgency": "planned", "reason": "x"}
    given |= {"selected": [three[0].reference]}
    refused = sign_in(omar).post("/queue/it/do/", given)
    assert refused.status_code == 422
    assert "Only a lead changes this." in words(refused)
    assert sign_in(lena).post("/queue/it/do/", given).status_code == 302
    assert ServiceRequest.objects.get(urgency="planned").pk == three[0].pk


def test_a_refused_form_keeps_the_selection_and_what_was_typed(
    three: list[ServiceRequest], omar: User, sign_in: SignIn
) -> None:
    chosen = [three[0].reference, three[2].reference, "IT-0"]
    given = {"act": "transfer", "sent": "1", "selected": chosen, "reason": "Not ours <b>"}
    page = sign_in(omar).post("/queue/it/do/", given | {"next": "/queue/it/unassigned/"})
    assert page.status_code == 422
    assert_sound(page)
    shown = page.content.decode()
    assert "Choose a service." in words(page)
    assert "Not ours &lt;b&gt;" in shown
    for reference in chosen:
        assert f'value="{reference}"' in shown
    assert f'value="{three[1].reference}"' not in shown
    assert 'name="next" value="/queue/it/unassigned/"' in shown


def test_assigning_to_nobody_asks_to_whom_and_keeps_the_selection(
    three: list[ServiceRequest], omar: User, lena: User, sign_in: SignIn
) -> None:
    given = {"act": "assign", "selected": [three[0].reference], "assignee": ""}
    page = sign_in(omar).post("/queue/it/do/", given)
    assert page.status_code == 422
    assert_sound(page)
    assert "Choose a colleague." in words(page)
    assert f'value="{three[0].reference}" checked' in page.content.decode()


def test_nothing_selected_shows_the_list_one_came_from(
    three: list[ServiceRequest], omar: User, sign_in: SignIn
) -> None:
    given = {"act": "take", "next": "/queue/it/unassigned/?priority=P1"}
    page = sign_in(omar).post("/queue/it/do/", given)
    assert page.status_code == 422
    assert "Select one request or more first." in words(page)
    assert (page.context["view"].name, page.context["filter"].priority) == ("unassigned", "P1")


def test_the_page_of_a_deed_costs_the_same_for_one_and_for_fifty(
    laptop: Service, dana: User, omar: User, sign_in: SignIn
) -> None:
    made = [factories.make_service_request(laptop, by=dana, at=MONDAY_10) for _n in range(10)]
    browser = sign_in(omar)

    def queries(count: int, act: str) -> int:
        given = {"act": act, "selected": [one.reference for one in made[:count]]}
        with CaptureQueriesContext(connection) as caught:
            assert browser.post("/queue/it/do/", given).status_code == 200
        return len(caught)

    queries(1, "transfer")
    for act in ("transfer", "prioritise"):
        assert queries(1, act) == queries(10, act) <= 20


# -- Taking back ---------------------------------------------------------------------------------


def _undo(response: Any) -> str:
    tags = [message.extra_tags for message in get_messages(response.wsgi_request)]
    return tags[0].removeprefix("undo:")


def test_what_was_taken_is_given_back(
    three: list[ServiceRequest], omar: User, lena: User, sign_in: SignIn
) -> None:
    actions.assign(three[1], assignee=lena, by=lena, at=MONDAY_10)
    chosen = [three[0].reference, three[1].reference]
    browser = sign_in(omar)
    given = {"act": "take", "selected": chosen, "next": "/queue/it/mine/"}
    response = browser.post(_undo(browser.post("/queue/it/do/", given)))
    assert response["Location"] == "/queue/it/mine/"
    assert "2 requests are as they were." in _said(response)
    kept = ServiceRequest.objects.order_by("pk").values_list("status", "assignee")
    assert list(kept) == [("new", None), ("new", lena.pk), ("new", None)]


def test_what_was_assigned_goes_back_to_whoever_had_it(
    three: list[ServiceRequest], omar: User, lena: User, sign_in: SignIn
) -> None:
    actions.take(three[0], by=omar, at=MONDAY_10)
    chosen = [three[0].reference, three[1].reference]
    browser = sign_in(lena)
    given = {"act": "assign", "assignee": lena.pk, "selected": chosen}
    browser.post(_undo(browser.post("/queue/it/do/", given)))
    kept = ServiceRequest.objects.order_by("pk").values_list("status", "assignee")
    assert list(kept)[:2] == [("in_progress", omar.pk), ("new", None)]


def test_nothing_is_taken_back_after_something_has_happened(
    three: list[ServiceRequest], omar: User, lena: User, sign_in: SignIn
) -> None:
    browser = sign_in(omar)
    chosen = [three[0].reference, three[1].reference]
    address = _undo(browser.post("/queue/it/do/", {"act": "take", "selected": chosen}))
    actions.note(three[0], message="x", by=lena, at=MONDAY_10)
    said = _said(browser.post(address))
    assert f"Not done for {three[0].reference}: something has happened since." in said
    assert f"{three[1].reference} is as it was." in said
    assert "there is nothing to take back" not in said
    assert ServiceRequest.objects.get(pk=three[0].pk).assignee == omar


def test_nobody_takes_back_what_another_did(
    three: list[ServiceRequest], omar: User, lena: User, kai: User, sign_in: SignIn
) -> None:
    given = {"act": "take", "selected": [three[0].reference]}
    address = _undo(sign_in(omar).post("/queue/it/do/", given))
    assert "there is nothing to take back" in _said(sign_in(lena).post(address))
    assert sign_in(kai).post(address).status_code == 404
    assert sign_in(omar).get(address).status_code == 405
    assert ServiceRequest.objects.get(pk=three[0].pk).assignee == omar


@pytest.mark.parametrize(
    "query", ["", "key=x", "key=x&of=", "key=%00&of=IT-1", "key=x&of=IT-1%00",
              "key=x&of=" + ",".join(["IT-1"] * 51), f"key={'x' * 90}&of=IT-1"],
)  # fmt: skip
def test_an_undo_that_makes_no_sense_is_404(
    laptop: Service, omar: User, sign_in: SignIn, query: str
) -> None:
    assert sign_in(omar).post(f"/queue/it/undo/?{query}").status_code == 404


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
        {"act": "transfer", "sent": "1", "selected": ["IT-1"], "service": "999999"},
        {"act": "transfer", "sent": "1", "selected": ["IT-1"], "service": "\x00", "reason": "x"},
        {"act": "prioritise", "sent": "1", "selected": ["IT-1"], "reason": "x"},
        {"act": "prioritise", "sent": "1", "selected": ["IT-1"], "impact": "huge", "reason": "x"},
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
