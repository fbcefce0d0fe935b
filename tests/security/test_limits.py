"""Who asks too much at once is asked for patience; who does not, notices nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from feedback import invitations
from feedback.models import State
from people.models import User
from servicedesk import env, limits
from servicedesk.tasks import forget
from tests import factories
from tests.portal.reading import assert_sound, words

pytestmark = pytest.mark.django_db

SEARCH, SUGGEST, WRONG = "/search/?q=a", "/people/suggest/?q=a", "/rate/no-such-token/"


def _client(person: User | None = None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _limit(settings: Any, **given: str) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, **given}


def _tally() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM servicedesk_tally")
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("address", [SEARCH, SUGGEST])
def test_searching_beyond_the_limit_waits_and_nobody_else_does(
    address: str, dana: User, kai: User, settings: Any
) -> None:
    _limit(settings, search="3/m/user", suggest="3/m/user")
    client = _client(dana)
    assert [client.get(address).status_code for _time in range(4)] == [200, 200, 200, 429]
    page = client.get(address)
    assert 0 < int(page.headers["Retry-After"]) <= 60
    assert_sound(page)
    assert "Search again in a minute." in words(page)
    assert "password" not in words(page)
    assert _client(kai).get(address).status_code == 200


def test_a_limit_ends_with_its_span(dana: User, settings: Any) -> None:
    _limit(settings, search="1/m/user")
    client = _client(dana)
    assert [client.get(SEARCH).status_code for _time in range(2)] == [200, 429]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE servicedesk_tally SET until = until - interval '61 seconds'")
    assert [client.get(SEARCH).status_code for _time in range(2)] == [200, 429]


def test_a_limit_may_have_several_spans(dana: User, settings: Any) -> None:
    _limit(settings, search="9/m/user,2/h/user")
    client = _client(dana)
    assert [client.get(SEARCH).status_code for _time in range(3)] == [200, 200, 429]
    assert int(client.get(SEARCH).headers["Retry-After"]) > 3000


def test_links_are_not_guessed_and_a_true_one_is_not_counted(settings: Any) -> None:
    _limit(settings, wrong_links="3/10m/ip")
    client = _client()
    assert [client.get(WRONG).status_code for _time in range(3)] == [404] * 3
    page = client.get(WRONG)
    assert page.status_code == 429
    assert 60 < int(page.headers["Retry-After"]) <= 600
    assert "Open the link from your mail again in 10 minutes" in words(page)
    assert client.post(WRONG, {"score": 5}).status_code == 429


def test_answers_to_true_links_count_nothing(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _limit(settings, wrong_links="2/10m/ip")
    monkeypatch.setattr("servicedesk.portal.views.rating.invitations.from_token", _expired)
    assert [client.get(WRONG).status_code for _time in range(5)] == [410] * 5
    assert _tally() == 0


def _expired(*_args: object, **_given: object) -> None:
    raise invitations.ExpiredLink(State.EXPIRED)


def test_links_for_a_new_password_are_not_guessed(client: Client, settings: Any) -> None:
    _limit(settings, wrong_links="2/10m/ip")
    tries = [client.get(f"/accounts/password/reset/key/1-{n}/").status_code for n in range(3)]
    assert tries[-1] == 429
    assert 429 not in tries[:2]


def test_a_guessed_password_is_answered_with_patience(client: Client, dana: User) -> None:
    given = {"login": dana.email, "password": "a guess"}
    answers = [client.post("/accounts/login/", given) for _time in range(6)]
    assert [one.status_code for one in answers] == [200] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) == 300
    assert "Try again in 5 minutes" in words(answers[-1])
    assert_sound(answers[-1])


def test_links_for_a_new_password_are_few_and_the_page_says_which(
    client: Client, dana: User
) -> None:
    given = {"email": dana.email}
    answers = [client.post("/accounts/password/reset/", given) for _time in range(4)]
    assert [one.status_code for one in answers] == [302, 302, 302, 429]
    assert int(answers[-1].headers["Retry-After"]) == 600
    assert "Look for a mail that has come already" in words(answers[-1])
    assert len(mail.outbox) <= 3


def test_a_program_is_told_in_its_own_way(dana: User, settings: Any) -> None:
    _limit(settings, api="2/m/user", api_signed_out="2/m/ip")
    client = _client(dana)
    answers = [client.get("/api/requests/") for _time in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[-1].headers["Content-Type"] == "application/json"
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert "throttled" in answers[-1].json()["errors"][0]["message"]
    signed_out = [_client().get("/api/schema/").status_code for _time in range(3)]
    assert signed_out == [200, 200, 429]


def test_counts_are_in_the_database_and_forgotten_when_they_are_over(
    dana: User, settings: Any
) -> None:
    assert "redis" not in str(settings.CACHES).lower()
    _client(dana).get(SEARCH)
    assert _tally() == 1
    forget()
    assert _tally() == 1
    limits.forget(timezone.now() + timedelta(hours=1))
    assert _tally() == 0


def test_sessions_whose_time_is_over_are_forgotten(
    dana: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    _client(dana)
    forget()
    assert Session.objects.exists()
    later = timezone.now() + timedelta(days=30)
    monkeypatch.setattr(timezone, "now", lambda: later)
    forget()
    assert not Session.objects.exists()


def test_an_address_that_anyone_may_write_is_not_another_address(
    client: Client, settings: Any
) -> None:
    _limit(settings, wrong_links="2/10m/ip")
    statuses = [
        client.get(WRONG, headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code for n in range(3)
    ]
    assert statuses == [404, 404, 429]


@pytest.mark.parametrize("value", ["120", "0/m/user", "5/m/office", "5/x/ip", "5/m/ip 6/h/ip"])
def test_a_limit_that_cannot_be_read_is_refused_at_the_start(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIMIT_SEARCH", value)
    with pytest.raises(env.EnvironmentVariableError, match="LIMIT_SEARCH"):
        env.limits("LIMIT_SEARCH", "120/m/user")


def test_a_full_office_behind_one_address_signs_in(client: Client, dana: User) -> None:
    for number in range(12):
        someone = factories.make_person(f"Someone {number}", password="quite-long-1")
        answer = _client().post(
            "/accounts/login/", {"login": someone.email, "password": "quite-long-1"}
        )
        assert answer.status_code == 302
