from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from catalogue import actions as catalogue_actions
from catalogue.models import Service
from people.models import Department, User
from requests_app import actions, drafts
from requests_app.figures import usual
from requests_app.models import Draft, Favourite, ServiceRequest
from tests import factories
from tests.beforehand import beforehand
from tests.portal.conftest import SetClock, SignIn
from tests.portal.reading import assert_sound, queries, words
from tests.times import MONDAY_9, TUESDAY_9, minutes

FORM = "/services/it/new-laptop/"
DRAFT = FORM + "draft/"
FIELDS: list[dict[str, Any]] = [
    {"key": "details", "kind": "long_text", "label": "What is it about?", "required": True},
    {"key": "extras", "kind": "choices", "label": "What else?", "choices": ["Bag", "Dock", "Hub"]},
    {"key": "loud", "kind": "yes_no", "label": "Is it loud?"},
]


@pytest.fixture
@beforehand
def asked(it: Department) -> Service:
    """A service that asks several things."""
    return factories.make_service(it, fields=FIELDS, name="New laptop", slug="new-laptop")


def typing(**more: Any) -> dict[str, Any]:
    """What the page sends while one types."""
    return {
        "key": str(uuid.uuid4()),
        "q_details": "It is so slow",
        "q_extras": ["Bag", "Hub"],
        "q_loud": "no",
        "urgency": "planned",
        "impact": "me",
    } | more


def initial(client: Client) -> dict[str, Any]:
    """What stands in the form when it is opened."""
    form = client.get(FORM).context["form"]
    return {name: form[name].value() for name in form.fields if name != "key"}


def test_what_was_typed_stands_there_again(
    dana: User, asked: Service, signed_in: SignIn, now_is: SetClock
) -> None:
    answer = signed_in(dana).post(DRAFT, typing(requester="lena@desk.example"))
    assert (answer.status_code, answer.content) == (200, b"Kept as you typed, 09:00")
    now_is(MONDAY_9 + minutes(100))
    client = signed_in(dana)
    assert initial(client) == {
        "q_details": "It is so slow",
        "q_extras": ["Bag", "Hub"],
        "q_loud": "no",
        "requester": "lena@desk.example",
        "urgency": "planned",
        "impact": "me",
    }
    response = client.get(FORM)
    assert "Kept as you typed: today, 09:00 Start afresh" in words(response)
    assert "It is so slow" in words(response)
    assert_sound(response)


def test_nobody_else_is_shown_what_someone_typed(
    dana: User, omar: User, asked: Service, signed_in: SignIn
) -> None:
    signed_in(dana).post(DRAFT, typing())
    assert initial(signed_in(omar))["q_details"] is None
    assert "Kept as you typed" not in words(signed_in(omar).get(FORM))


def test_the_last_that_was_typed_counts_and_an_emptied_form_is_no_draft(
    dana: User, asked: Service, signed_in: SignIn
) -> None:
    client = signed_in(dana)
    client.post(DRAFT, typing())
    client.post(DRAFT, typing(q_details="Much faster, please", q_extras=[]))
    assert initial(client)["q_details"] == "Much faster, please"
    assert initial(client)["q_extras"] is None
    emptied = client.post(DRAFT, {"key": str(uuid.uuid4()), "urgency": "now", "q_details": ""})
    assert (emptied.status_code, emptied.content) == (200, b"")
    assert Draft.objects.count() == 0


def test_starting_afresh_lets_the_draft_go(dana: User, asked: Service, signed_in: SignIn) -> None:
    client = signed_in(dana)
    client.post(DRAFT, typing())
    response = client.post(DRAFT + "forget/", follow=True)
    assert response.redirect_chain == [(FORM, 302)]
    assert "Kept as you typed" not in words(response)
    assert Draft.objects.count() == 0


def test_a_draft_ends_when_the_form_is_sent_and_does_not_come_back_late(
    dana: User, asked: Service, signed_in: SignIn
) -> None:
    client, sent = signed_in(dana), typing()
    client.post(DRAFT, sent)
    assert client.post(FORM, sent).status_code == 302
    assert ServiceRequest.objects.get().answers["details"] == "It is so slow"
    assert Draft.objects.count() == 0
    assert client.post(DRAFT, sent).content == b""
    assert Draft.objects.count() == 0
    Draft.objects.create(user=dana, service=asked, key=sent["key"], answers={}, updated_at=MONDAY_9)
    assert drafts.draft_of(dana, asked) is None


def test_a_form_that_was_refused_shows_what_was_sent_and_keeps_the_draft(
    dana: User, asked: Service, signed_in: SignIn
) -> None:
    client = signed_in(dana)
    client.post(DRAFT, typing())
    refused = client.post(FORM, typing(q_details="", q_loud="maybe"))
    assert refused.status_code == 422
    assert "Kept as you typed" not in words(refused)
    assert initial(client)["q_details"] == "It is so slow"


def test_what_a_newer_form_asks_no_longer_is_left_out(
    dana: User, asked: Service, signed_in: SignIn
) -> None:
    client = signed_in(dana)
    client.post(DRAFT, typing(q_never="asked", csrfmiddlewaretoken="x"))
    assert set(Draft.objects.get().answers) == {
        "q_details", "q_extras", "q_loud", "urgency", "impact",
    }  # fmt: skip
    catalogue_actions.publish_form(asked, FIELDS[:1], by=None, at=MONDAY_9)
    assert set(initial(client)) == {"q_details", "requester", "urgency", "impact"}
    assert "It is so slow" in words(client.get(FORM))


def test_who_is_signed_out_is_told_so_and_nothing_is_kept(asked: Service) -> None:
    assert Client().post(DRAFT, typing()).status_code == 403
    assert Client().post(DRAFT + "forget/").status_code == 302
    assert Draft.objects.count() == 0


@pytest.mark.parametrize(
    "wrong", [{"key": ""}, {"key": "7"}, {"q_details": "x" * (drafts.MOST_LETTERS + 1)}]
)
def test_what_cannot_be_kept_is_refused(
    wrong: dict[str, str], dana: User, asked: Service, signed_in: SignIn
) -> None:
    assert signed_in(dana).post(DRAFT, typing(**wrong)).status_code == 422
    assert Draft.objects.count() == 0


def test_a_sign_that_no_database_keeps_is_left_out(
    dana: User, asked: Service, signed_in: SignIn
) -> None:
    client = signed_in(dana)
    assert client.post(DRAFT, typing(q_details="a\x00b")).status_code == 200
    assert initial(client)["q_details"] == "ab"


@pytest.mark.parametrize("what", ["draft/", "draft/forget/", "favourite/"])
def test_only_a_service_that_one_may_ask_for_is_kept(
    what: str, dana: User, hr: Department, it: Department, signed_in: SignIn
) -> None:
    factories.make_service(it, slug="theirs", for_everyone=False).audience.add(hr)
    client = signed_in(dana)
    assert client.post(f"/services/it/theirs/{what}", typing(on="1")).status_code == 404
    assert client.get(FORM + what).status_code == 405
    assert (Draft.objects.count(), Favourite.objects.count()) == (0, 0)


def test_ones_own_open_requests_for_the_same_stand_above_the_form(
    dana: User, omar: User, it: Department, asked: Service, signed_in: SignIn, now_is: SetClock
) -> None:
    mine = factories.make_service_request(asked, by=dana, answers={"details": "x"}, subject="Mine")
    over = factories.make_service_request(asked, by=dana, answers={"details": "x"}, subject="Over")
    actions.cancel(over, by=dana, at=MONDAY_9)
    other = factories.make_service(it)
    factories.make_service_request(other, by=dana, subject="Another service")
    factories.make_service_request(asked, by=omar, answers={"details": "x"}, subject="Of omar")
    now_is(TUESDAY_9)
    response = signed_in(dana).get(FORM)
    page = words(response)
    assert f"You have asked for this already Mine IT · Received · {mine.reference}" in page
    assert "yesterday" in page
    assert [one for one in ("Over", "Another service", "Of omar") if one in page] == []
    assert_sound(response)
    assert "You have asked for this already" not in words(
        signed_in(factories.make_person()).get(FORM)
    )


def test_a_service_is_kept_at_hand_on_home(
    dana: User, omar: User, asked: Service, signed_in: SignIn
) -> None:
    client = signed_in(dana)
    assert "Keep at hand" in words(client.get(FORM))
    for _twice in range(2):
        response = client.post(FORM + "favourite/", {"on": "1"}, follow=True)
    assert "At hand on Home" in words(response)
    assert "At hand New laptop IT" in words(client.get("/"))
    assert_sound(client.get("/"))
    assert "At hand" not in words(signed_in(omar).get("/"))
    client.post(FORM + "favourite/", {"on": "0"})
    assert "At hand" not in words(client.get("/"))


def test_what_is_at_hand_is_not_named_again_and_goes_when_it_is_retired(
    dana: User, asked: Service, signed_in: SignIn
) -> None:
    client = signed_in(dana)
    factories.make_service_request(asked, by=dana, answers={"details": "x"})
    usual.advance(TUESDAY_9)
    assert [one.name for one in client.get("/").context["home"].often] == ["New laptop"]
    client.post(FORM + "favourite/", {"on": "1"})
    home = client.get("/").context["home"]
    assert ([one.name for one in home.at_hand], home.often) == (["New laptop"], [])
    asked.life = "retired"
    asked.save(update_fields=["life"])
    assert client.get("/").context["home"].at_hand == []


def test_the_form_takes_the_same_queries_with_a_draft_and_many_requests(
    dana: User, asked: Service, signed_in: SignIn
) -> None:
    client = signed_in(dana)
    factories.make_service_request(asked, by=dana, answers={"details": "x"})
    few = queries(client, FORM)
    client.post(DRAFT, typing())
    for _number in range(5):
        factories.make_service_request(asked, by=dana, answers={"details": "x"})
    assert queries(client, FORM) == few <= 20
