"""Who else is on the request, and what others did since the page was loaded."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from people.models import User
from requests_app import actions, presence
from requests_app.models import Presence, ServiceRequest
from tests import factories
from tests.conversation.conftest import SignIn
from tests.times import MONDAY_10, MONDAY_NOON, hours, minutes

SECOND = minutes(1 / 60)


def _news(browser: Client, request: ServiceRequest, since: int = 0, **more: Any) -> Any:
    tag = {"If-None-Match": more.pop("tag")} if "tag" in more else {}
    address = reverse("conversation:news", args=[request.reference])
    return browser.get(address, {"since": since, **more}, headers=tag)


def _newest(request: ServiceRequest) -> int:
    return request.events.latest("pk").pk


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets so many seconds pass."""
    now = [MONDAY_NOON]
    monkeypatch.setattr(timezone, "now", lambda: now[0])

    def pass_by(seconds: float) -> None:
        now[0] += seconds * SECOND

    return pass_by


def test_two_agents_see_each_other_and_who_is_writing(
    asked: ServiceRequest, omar: User, lena: User, sign_in: SignIn, clock: Any
) -> None:
    theirs, ours = sign_in(omar), sign_in(lena)
    _news(theirs, asked)
    assert "Omar Quinn is looking at this" in _news(ours, asked).content.decode()
    clock(4)
    _news(theirs, asked, writing="1")
    assert "Omar Quinn is writing a reply" in _news(ours, asked).content.decode()
    clock(31)
    assert "Omar" not in _news(ours, asked).content.decode()


def test_requesters_and_participants_neither_see_it_nor_are_seen(
    asked: ServiceRequest, dana: User, omar: User, kai: User, sign_in: SignIn
) -> None:
    actions.share(asked, user=kai, by=dana, at=MONDAY_10)
    _news(sign_in(omar), asked)
    for who in (dana, kai):
        assert "Omar" not in _news(sign_in(who), asked, writing="1").content.decode()
    assert set(Presence.objects.values_list("user", flat=True)) == {omar.pk}


def test_an_agent_who_asked_themselves_is_on_the_other_side(
    laptop: Any, omar: User, lena: User, sign_in: SignIn
) -> None:
    own = factories.make_service_request(laptop, by=lena, at=MONDAY_10)
    _news(sign_in(omar), own)
    assert "Omar" not in _news(sign_in(lena), own).content.decode()
    assert "Lena" not in _news(sign_in(omar), own).content.decode()


def test_of_a_restricted_request_only_its_team_is_known(
    it: Any, it_team: Any, dana: User, omar: User, lena: User, sign_in: SignIn
) -> None:
    secret = factories.make_service(it, team=it_team, restricted=True)
    request = factories.make_service_request(secret, by=dana, at=MONDAY_10)
    outsider = factories.make_agent(factories.make_team(it), "Otto Outside")
    presence.arrive(outsider, request, at=MONDAY_NOON)  # was of the team a moment ago
    assert _news(sign_in(outsider), request).status_code == 404
    assert "Otto" not in _news(sign_in(omar), request).content.decode()


def test_messages_of_others_are_counted_and_notes_only_for_the_provider(
    asked: ServiceRequest, dana: User, omar: User, lena: User, sign_in: SignIn
) -> None:
    since = _newest(asked)
    actions.reply(asked, message="One.", by=lena, at=MONDAY_10 + hours(1))
    actions.note(asked, message="Two.", by=lena, at=MONDAY_10 + hours(1))
    actions.reply(asked, message="Mine.", by=omar, at=MONDAY_10 + hours(1))
    assert "2 new messages" in _news(sign_in(omar), asked, since).content.decode()
    assert "2 new messages" in _news(sign_in(dana), asked, since).content.decode()  # two replies
    assert "new message" not in _news(sign_in(omar), asked, _newest(asked)).content.decode()


def test_the_reason_of_a_transfer_is_no_message_to_who_asked(
    asked: ServiceRequest, dana: User, lena: User, sign_in: SignIn
) -> None:
    since = _newest(asked)
    elsewhere = factories.make_service(asked.provider_department, team=asked.team)
    actions.transfer(asked, service=elsewhere, reason="Hush.", by=lena, at=MONDAY_10 + hours(1))
    assert "Something has changed" in _news(sign_in(dana), asked, since).content.decode()


def test_nothing_new_is_said_without_words(
    asked: ServiceRequest, omar: User, lena: User, sign_in: SignIn
) -> None:
    browser, since = sign_in(omar), _newest(asked)
    first = _news(browser, asked, since)
    assert first.status_code == 200
    again = _news(browser, asked, since, tag=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    actions.reply(asked, message="One.", by=lena, at=MONDAY_10 + hours(1))
    assert _news(browser, asked, since, tag=first["ETag"]).status_code == 200


@pytest.mark.parametrize("since", ["", "x", "-1", "9" * 40])
def test_what_is_no_number_meets_404(
    since: str, asked: ServiceRequest, omar: User, sign_in: SignIn
) -> None:
    address = reverse("conversation:news", args=[asked.reference])
    assert sign_in(omar).get(address, {"since": since}).status_code == 404


def test_asking_is_cheap_and_seldom_writes(
    asked: ServiceRequest, omar: User, lena: User, sign_in: SignIn, clock: Any
) -> None:
    browser = sign_in(omar)
    presence.arrive(lena, asked, at=MONDAY_NOON)
    tag = _news(browser, asked)["ETag"]
    clock(4)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert _news(browser, asked, tag=tag).status_code == 304
    said = [one["sql"] for one in queries]
    assert len(said) <= 10, said
    assert not [sql for sql in said if "presence" in sql and not sql.startswith("SELECT")]


def test_who_was_there_long_ago_is_forgotten(asked: ServiceRequest, omar: User) -> None:
    presence.arrive(omar, asked, at=MONDAY_10)
    assert presence.sweep(MONDAY_10 + minutes(59)) == 0
    assert presence.sweep(MONDAY_10 + hours(1)) == 1


def test_the_page_tells_the_script_what_it_knows(
    asked: ServiceRequest, omar: User, sign_in: SignIn
) -> None:
    page = sign_in(omar).get(asked.get_absolute_url()).content.decode()
    assert f'data-since="{_newest(asked)}"' in page
