"""A fresh desk leads everyone to its set-up, which only who holds the token may do, and once."""

from __future__ import annotations

import logging
import threading
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from catalogue.models import Service
from people.actions import AlreadySetUpError
from people.models import AuditEntry, Department, Membership, Organisation, User
from servicedesk.administration import beginning, first_run
from tests import factories

GIVEN = {
    "organisation": "Harbour & Pine",
    "department": "Administration",
    "zone": "Europe/Dublin",
    "country": "IE",
    "reporting_zone": "",
    "name": "Ada Admin",
    "email": "Ada@desk.example",
    "password": "a long enough password",
    "password_again": "a long enough password",
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(settings: Any) -> None:
    settings.FIRST_RUN = True


@pytest.fixture
def guarded(settings: Any) -> str:
    """As in production; gives the token."""
    settings.SETUP_TOKEN_REQUIRED = True
    settings.SETUP_TOKEN = ""
    return first_run.token()


@pytest.mark.parametrize("page", ["/", "/accounts/login/", "/services/", "/nowhere/", "/queue/"])
def test_every_page_of_a_fresh_desk_leads_to_its_set_up(client: Client, page: str) -> None:
    answer = client.get(page)
    assert (answer.status_code, answer["Location"]) == (302, "/set-up/")


def test_a_probe_is_not_led_away(client: Client) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code in (200, 503)


def test_the_page_makes_the_desk_and_signs_its_administrator_in(client: Client) -> None:
    assert client.get("/set-up/").status_code == 200
    answer = client.post("/set-up/", GIVEN, follow=True)
    assert answer.redirect_chain[-1][0] == "/administration/departments/"
    assert "The desk is yours" in answer.content.decode()
    ada = User.objects.get()
    assert (ada.email, ada.is_administrator) == ("ada@desk.example", True)
    assert Organisation.objects.get().reporting_zone == "Europe/Dublin"
    assert Membership.objects.get(user=ada).is_lead
    assert sorted(Service.objects.values_list("name", flat=True)) == [
        "General request",
        "I don’t know who does this",
    ]
    assert {"organisation", "department", "user"} <= set(
        AuditEntry.objects.filter(deed="created").values_list("kind", flat=True)
    )


def test_a_desk_that_is_set_up_has_no_such_page(client: Client) -> None:
    factories.make_organisation()
    assert client.get("/set-up/").status_code == 404
    assert client.post("/set-up/", GIVEN).status_code == 404
    assert client.get("/")["Location"].startswith("/accounts/login/")


def test_a_stranger_without_the_token_sets_nothing_up(client: Client, guarded: str) -> None:
    for wrong in ("", "not it", guarded[:-1], guarded.upper()):
        answer = client.post("/set-up/", GIVEN | {"token": wrong})
        assert answer.status_code == 422
        assert "token" in answer.content.decode()
    assert not Organisation.objects.exists()
    assert client.post("/set-up/", GIVEN | {"token": guarded}).status_code == 302


def test_the_token_of_the_environment_counts(client: Client, settings: Any) -> None:
    settings.SETUP_TOKEN_REQUIRED = True
    settings.SETUP_TOKEN = "open sesame, and then some"
    assert first_run.token() == "open sesame, and then some"
    assert client.post("/set-up/", GIVEN | {"token": settings.SETUP_TOKEN}).status_code == 302


def test_who_guesses_tokens_is_told_to_wait(client: Client, guarded: str) -> None:
    answers = [client.post("/set-up/", GIVEN | {"token": "guess"}) for _ in range(11)]
    assert [one.status_code for one in answers] == [422] * 10 + [429]
    assert "Too many tries" in answers[-1].content.decode()


def test_the_command_prints_the_token_and_the_server_logs_it_once(
    client: Client, guarded: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = StringIO()
    call_command("set_up_token", stdout=out)
    assert out.getvalue().strip() == guarded
    monkeypatch.setattr(first_run, "_announced", False)
    with caplog.at_level(logging.WARNING):
        client.get("/")
        client.get("/")
    assert [guarded in one.getMessage() for one in caplog.records if "set up" in one.msg] == [True]
    factories.make_organisation()
    with pytest.raises(CommandError, match="already"):
        call_command("set_up_token")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"organisation": ""}, "Say what the organisation is called"),
        ({"zone": "Europe/Atlantis"}, "Choose one of the time zones"),
        ({"country": "XX"}, "Choose one of the countries"),
        ({"email": "no address"}, "Write an address like"),
        ({"password": "short", "password_again": "short"}, "too short"),
        ({"password_again": "another one entirely"}, "not the same"),
        ({"name": "Ada\x00Admin"}, "Null characters are not allowed"),
    ],
)
def test_what_will_not_do_is_said_beside_its_field(
    client: Client, wrong: dict[str, str], words: str
) -> None:
    answer = client.post("/set-up/", GIVEN | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert 'value="Administration"' in page  # what was typed is kept
    assert not Organisation.objects.exists()
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_sets_the_desk_up(settings: Any) -> None:
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def go(name: str) -> None:
        facts = {key: value for key, value in GIVEN.items() if key != "password_again"}
        try:
            start.wait()
            beginning.set_up(**(facts | {"organisation": name}), at=timezone.now())
            outcomes.append("made")
        except AlreadySetUpError:
            outcomes.append("too late")
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(name,)) for name in ("One", "Two")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["made", "too late"]
    assert (Organisation.objects.count(), User.objects.count()) == (1, 1)
    assert Department.objects.count() == 1
