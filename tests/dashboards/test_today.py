"""Today's board: who has what, who is away, what cannot wait; for those who lead."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalogue.models import Service
from people.models import Absence, User
from requests_app import actions, board
from requests_app.board import Day
from tests import factories
from tests.portal.reading import assert_sound, words
from tests.times import MONDAY_9, MONDAY_10, MONDAY_NOON, TUESDAY_9, at, hours

BOARD = "/overview/departments/it/today/"


@pytest.fixture(autouse=True)
def _tuesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: TUESDAY_9)


def get(person: User, address: str = BOARD) -> Any:
    browser = Client()
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return browser.get(address)


def test_the_load_of_each_is_what_they_have(
    laptop: Service, dana: User, omar: User, lena: User
) -> None:
    late = factories.make_service_request(laptop, by=dana, at=MONDAY_9, impact="wide")
    actions.take(late, by=omar, at=MONDAY_10)
    today = factories.make_service_request(laptop, by=dana, at=MONDAY_NOON, impact="team")
    actions.take(today, by=omar, at=MONDAY_NOON)
    actions.reply(today, message="We are at it.", by=omar, at=MONDAY_NOON)
    actions.reply(today, message="Still at it.", by=omar, at=at(16, 16))
    waits = factories.make_service_request(laptop, by=dana, at=MONDAY_10, urgency="planned")
    actions.take(waits, by=omar, at=MONDAY_10)
    actions.ask(waits, message="Which one?", look_again_on=at(25, 9).date(), by=omar, at=MONDAY_10)
    factories.make_service_request(laptop, by=dana, at=TUESDAY_9 - hours(0.1), urgency="planned")
    page = get(lena)
    assert_sound(page)
    people = {one.name: one.load for one in page.context["people"]}
    assert people[""].open == 1
    assert page.context["free"] == ["Lena Nowak"]
    assert (people["Omar Quinn"].open, people["Omar Quinn"].late) == (3, 1)
    assert (people["Omar Quinn"].due_today, people["Omar Quinn"].waiting) == (1, 1)
    for one in page.context["people"]:
        for name, n in (
            ("with", one.load.open),
            ("board_late", one.load.late),
            ("due_today", one.load.due_today),
            ("waiting", one.load.waiting),
        ):
            shown = get(lena, one.links[name]).context["count"] if one.links[name] else 0
            assert shown == n, (one.name, name)


def test_what_lies_for_a_week_is_stale_unless_somebody_else_has_the_turn(
    laptop: Service, dana: User, omar: User
) -> None:
    now = TUESDAY_9
    lies = factories.make_service_request(laptop, by=dana, at=at(10, 8))
    fresh = factories.make_service_request(laptop, by=dana, at=at(10, 8))
    actions.reply(fresh, message="We are at it.", by=omar, at=at(12, 9))
    waits = factories.make_service_request(laptop, by=dana, at=at(10, 8))
    actions.ask(waits, message="Which?", look_again_on=at(25, 9).date(), by=omar, at=at(10, 8))
    found = board.stale(laptop.department_id, Day(now, now + hours(24), now))
    assert list(found) == [lies]


def test_what_another_department_handed_on_is_told(
    laptop: Service, dana: User, kai: User, lena: User, hr: Any
) -> None:
    theirs = factories.make_service(hr)
    request = factories.make_service_request(theirs, by=dana, at=MONDAY_9, subject="A new key")
    actions.transfer(request, service=laptop, reason="It is yours.", by=kai, at=MONDAY_10)
    page = get(lena)
    some = {one.name: one for one in page.context["lists"]}
    assert [row.subject for row, _chip in some["handed-to-us"].rows] == ["A new key"]
    assert get(lena, some["handed-to-us"].url).context["count"] == 1


def test_whoever_is_away_is_shown_with_who_stands_in(
    laptop: Service, omar: User, lena: User
) -> None:
    Absence.objects.create(
        user=omar, first_day=at(16, 9).date(), last_day=at(20, 9).date(), deputy=lena
    )
    said = words(get(lena))
    assert "away until Fri 20 Nov, Lena Nowak stands in" in said
    assert "1 of 2 is away." in said
    assert "Nothing is late, nothing more falls due today." in said


def test_what_is_restricted_counts_for_the_lead_and_shows_for_the_team_alone(
    laptop: Service, dana: User, lena: User, it: Any
) -> None:
    team = factories.make_team(it, name="Confidential")
    secret = factories.make_service(it, team=team, restricted=True)
    factories.make_service_request(secret, by=dana, at=MONDAY_9, impact="wide", subject="Hush")
    page = get(lena)
    assert next(one for one in page.context["lists"] if one.name == "board-late").count == 1
    assert "1 restricted, not shown" in words(page)
    assert "Hush" not in page.content.decode()


def test_the_board_is_for_leads(
    laptop: Service, dana: User, omar: User, kai: User, lena: User, it: Any
) -> None:
    assert get(lena).status_code == 200
    administrator = factories.make_person(is_administrator=True)
    for person in (dana, omar, kai, factories.make_manager(it), administrator):
        assert get(person).status_code == 404


def test_a_fuller_board_takes_no_more_queries(
    laptop: Service, dana: User, omar: User, lena: User
) -> None:
    browser = Client()
    browser.force_login(lena, backend="django.contrib.auth.backends.ModelBackend")
    taken = []
    for more in (1, 6):
        for _n in range(more):
            one = factories.make_service_request(laptop, by=dana, at=MONDAY_9, impact="wide")
            actions.take(one, by=factories.make_agent(laptop.team), at=MONDAY_10)
        browser.get(BOARD)
        with CaptureQueriesContext(connection) as queries:
            browser.get(BOARD)
        taken.append(len(queries))
    assert taken[0] == taken[1] <= 30
