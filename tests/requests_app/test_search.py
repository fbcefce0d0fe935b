"""Requests are found by their words, and nobody finds a word that they may not read."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.models import Service
from people.models import User
from requests_app import access, actions, search
from requests_app.models import ServiceRequest
from requests_app.search import Wanted, find
from tests.beforehand import beforehand
from tests.factories import make_manager, make_person, make_service, make_service_request
from tests.times import MONDAY_9, MONDAY_10, TUESDAY_9

pytestmark = pytest.mark.django_db


@pytest.fixture
@beforehand
def monitor(laptop: Service, dana: User, omar: User) -> ServiceRequest:
    """A request with an answer, a reply and an internal note."""
    request = make_service_request(
        laptop,
        by=dana,
        subject="Zweiter Bildschirm für João",
        answers={"details": "the glass desk"},
    )
    actions.reply(request, message="Kraków has one in stock.", by=omar, at=MONDAY_10)
    return actions.note(request, message="Supplier invoice 4711 unpaid.", by=omar, at=MONDAY_10)


def again(person: User) -> User:
    return User.objects.get(pk=person.pk)


@pytest.mark.parametrize(
    "text",
    [
        "bildschirm",
        "BILDSCHIRM joao",
        "João",
        "glass",
        "krakow stock",
        "Kraków",
        "stoc",
        "für",
        "fur",
    ],
)
def test_words_are_found_without_regard_to_case_and_accents(
    text: str, monitor: ServiceRequest, dana: User, omar: User
) -> None:
    assert find(again(dana), Wanted(text)) == [monitor.pk]
    assert find(again(omar), Wanted(text)) == [monitor.pk]


def test_a_reference_is_found(monitor: ServiceRequest, dana: User) -> None:
    assert find(dana, Wanted(monitor.reference.lower())) == [monitor.pk]


def test_a_word_of_a_note_is_found_by_the_provider_alone(
    monitor: ServiceRequest, dana: User, omar: User, kai: User
) -> None:
    assert find(again(omar), Wanted("4711")) == [monitor.pk]
    assert find(again(dana), Wanted("4711")) == []
    assert find(again(kai), Wanted("4711")) == []
    manager = make_manager(monitor.provider_department)
    assert find(again(manager), Wanted("4711")) == []
    assert find(again(manager), Wanted("stock")) == [monitor.pk]


@pytest.mark.parametrize(
    "text",
    ["", "   ", "!!!", "'", "a' | 'b", "x:*", "nothing & | ! such", "\x00", "x" * 5_000, "🙂"],
)
def test_an_odd_query_is_no_error(text: str, monitor: ServiceRequest, dana: User) -> None:
    assert find(dana, Wanted(text)) in ([], [monitor.pk])


def test_every_word_must_be_there(monitor: ServiceRequest, dana: User) -> None:
    assert find(dana, Wanted("bildschirm absent")) == []


def test_filters_narrow(monitor: ServiceRequest, omar: User, dana: User, kai: User) -> None:
    omar = again(omar)
    assert find(omar, Wanted(person_id=dana.pk)) == [monitor.pk]
    assert find(omar, Wanted(person_id=kai.pk)) == []
    assert find(omar, Wanted(statuses=frozenset({"in_progress"}))) == [monitor.pk]
    assert find(omar, Wanted(statuses=frozenset({"closed"}))) == []
    assert find(omar, Wanted(department_id=dana.department_id)) == [monitor.pk]
    assert find(omar, Wanted(department_id=kai.department_id)) == []
    assert find(omar, Wanted(since=MONDAY_9, until=TUESDAY_9)) == [monitor.pk]
    assert find(omar, Wanted(since=TUESDAY_9)) == []


def test_what_is_found_is_what_may_be_seen(
    laptop: Service, dana: User, omar: User, lena: User, kai: User
) -> None:
    secret = make_service(laptop.department, restricted=True)
    requests = [
        make_service_request(laptop, by=dana, subject="word one"),
        make_service_request(secret, by=dana, subject="word two"),
        make_service_request(make_service(), by=kai, subject="word three"),
    ]
    actions.share(requests[0], user=kai, by=dana, at=MONDAY_10)
    actions.transfer(requests[0], service=make_service(), reason="word", by=omar, at=MONDAY_10)
    managers = make_manager(laptop.department), make_manager(None)
    for person in (dana, omar, lena, kai, make_person(), *managers):
        seen = set(access.visible_to(again(person)).values_list("pk", flat=True))
        assert set(find(again(person), Wanted("word"))) == seen & {one.pk for one in requests}


def test_the_newest_come_first_and_not_without_end(laptop: Service, dana: User) -> None:
    made = [make_service_request(laptop, by=dana, subject="same") for _ in range(5)]
    assert find(dana, Wanted("same"), most=3) == [one.pk for one in reversed(made)][:4]


def test_searching_takes_the_same_few_queries(monitor: ServiceRequest, omar: User) -> None:
    omar = again(omar)
    with CaptureQueriesContext(connection) as queries:
        find(omar, Wanted("stock"))
    assert len(queries) == 4  # two for the standing


def test_texts_of_answers_are_found_however_nested() -> None:
    answers = {"a": ["one", "two"], "b": True, "c": 3, "d": {"e": "four"}}
    assert search.texts_in(answers).split() == ["one", "two", "four"]
