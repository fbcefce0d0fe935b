"""Lists for leads of clients and for managers: what they show, and what they only count."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalogue.models import Service
from people.models import Department, User
from requests_app import actions
from tests import factories
from tests.beforehand import beforehand
from tests.portal.reading import assert_sound, words
from tests.times import MONDAY_9, MONDAY_10, TUESDAY_9

pytestmark = pytest.mark.django_db

OURS = "/manage/finance/requests/"
OPEN, LATE = "/overview/requests/open/?of=it", "/overview/requests/late/?of=it"


@pytest.fixture(autouse=True)
def _tuesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: TUESDAY_9)


@pytest.fixture
@beforehand
def head(finance: Department) -> User:
    """The lead of Finance."""
    return factories.make_agent(factories.make_team(finance), "Mira Sand", is_lead=True)


@pytest.fixture
@beforehand
def secret(laptop: Service) -> Service:
    """A restricted service of IT."""
    return factories.make_service(laptop.department, team=laptop.team, restricted=True)


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def get(person: User, address: str) -> Any:
    return browser(person).get(address)


def test_a_clients_lead_reads_where_it_stands_and_nothing_of_what_it_says(
    laptop: Service, secret: Service, dana: User, omar: User, head: User
) -> None:
    request = factories.make_service_request(laptop, by=dana, subject="Screen is violet")
    hidden = factories.make_service_request(secret, by=dana, subject="Between us")
    actions.take(request, by=omar, at=MONDAY_10)
    page = get(head, OURS)
    assert_sound(page)
    said = words(page)
    for shown in (request.reference, "New laptop", "IT", "In progress", "1 restricted, not shown"):
        assert shown in said
    for kept in ("violet", "Dana", "Omar", hidden.reference, "Between us"):
        assert kept not in page.content.decode()
    assert request.get_absolute_url() not in page.content.decode()
    assert get(head, request.get_absolute_url()).status_code == 404


def test_a_clients_lead_chooses_by_status(laptop: Service, dana: User, head: User) -> None:
    request = factories.make_service_request(laptop, by=dana)
    assert request.reference in words(get(head, OURS + "?status=new"))
    assert request.reference not in words(get(head, OURS + "?status=resolved"))
    assert request.reference in words(get(head, OURS + "?status=all"))
    assert get(head, OURS + "?status=nonsense").status_code == 404


def test_only_its_lead_reads_a_clients_list(
    dana: User, omar: User, lena: User, kai: User, finance: Department
) -> None:
    agent = factories.make_agent(factories.make_team(finance))
    administrator = factories.make_person(is_administrator=True)
    for person in (dana, omar, lena, kai, agent, administrator, factories.make_manager(None)):
        assert get(person, OURS).status_code == 404


@pytest.mark.parametrize("address", [OURS, OPEN])
def test_a_longer_list_takes_no_more_queries(
    laptop: Service, dana: User, head: User, address: str
) -> None:
    reader = browser(head if address == OURS else factories.make_manager(laptop.department))
    taken = []
    for more in (1, 8):
        for _number in range(more):
            factories.make_service_request(laptop, by=dana)
        with CaptureQueriesContext(connection) as queries:
            reader.get(address)
        taken.append(len(queries))
    assert taken[0] == taken[1]


def test_a_manager_opens_the_list_behind_a_figure_and_what_stands_in_it(
    laptop: Service, secret: Service, dana: User, omar: User, it: Department
) -> None:
    request = factories.make_service_request(laptop, by=dana, at=MONDAY_9)
    hidden = factories.make_service_request(secret, by=dana, subject="Between us", at=MONDAY_9)
    actions.reply(request, message="It is on its way.", by=omar, at=MONDAY_10)
    actions.note(request, message="Supplier is slow.", by=omar, at=MONDAY_10)
    manager = factories.make_manager(it)
    for address in (OPEN, LATE):
        page = get(manager, address)
        assert_sound(page)
        if address == OPEN:
            assert request.get_absolute_url() in page.content.decode()
            assert "1 restricted, not shown" in words(page)
        assert "Between us" not in page.content.decode()
    page = get(manager, request.get_absolute_url())
    assert_sound(page)
    assert "You read this as a manager of IT" in words(page)
    assert "It is on its way." in words(page)
    assert "Supplier is slow." not in page.content.decode()
    assert page.context["composer"] is None
    assert not page.context["others"]
    assert get(manager, hidden.get_absolute_url()).status_code == 404


def test_a_late_request_stands_behind_its_figure(
    laptop: Service, dana: User, it: Department
) -> None:
    request = factories.make_service_request(laptop, by=dana, at=MONDAY_9, impact="wide")
    manager = factories.make_manager(it)
    assert get(manager, "/overview/").context["lines"][0].late == 1
    assert f'href="{LATE}"' in get(manager, "/overview/").content.decode()
    assert request.reference in words(get(manager, LATE))


def test_the_list_behind_a_figure_is_for_its_managers_and_leads(
    laptop: Service, dana: User, omar: User, lena: User, kai: User, hr: Department
) -> None:
    administrator = factories.make_person(is_administrator=True)
    for person in (dana, omar, kai, administrator, factories.make_manager(hr)):
        assert get(person, OPEN).status_code == 404
    manager = factories.make_manager(None)
    assert get(manager, OPEN).status_code == 200
    assert get(lena, OPEN).status_code == 200
    assert get(manager, "/overview/requests/nonsense/?of=it").status_code == 404
    assert get(manager, "/overview/requests/open/?of=nowhere").status_code == 404
