"""Why this time? The promises of a request line by line, for each of its readers."""

from __future__ import annotations

import re
from itertools import permutations
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalogue.models import Service
from people.models import Department, Team, User
from requests_app import actions
from requests_app.models import ServiceRequest
from servicedesk.conversation.agreed import deciding
from slas import drafting, engine, store
from slas.sweep import sweep
from tests import factories
from tests.beforehand import beforehand
from tests.conversation.conftest import SignIn
from tests.conversation.large import make_large, make_large_service
from tests.times import (
    MONDAY_9,
    MONDAY_10,
    MONDAY_NOON,
    NEXT_MONDAY_9,
    TUESDAY_9,
    WEDNESDAY_9,
    hours,
)


def _url(request: ServiceRequest) -> str:
    return f"{request.get_absolute_url()}promises/"


def _text(page: Any) -> str:
    """What a person reads, without the markup."""
    main = page.content.decode().split("<main")[1]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


@pytest.fixture
@beforehand
def eventful(asked: ServiceRequest, dana: User, omar: User, lena: User) -> ServiceRequest:
    """Answered, asked back, answered, more urgent than thought."""
    at = MONDAY_10
    actions.reply(asked, message="On its way.", by=omar, at=at + hours(0.5))
    actions.ask(asked, message="Which?", look_again_on=TUESDAY_9.date(), by=omar, at=MONDAY_NOON)
    actions.note(asked, message="Zebra.", by=omar, at=MONDAY_NOON + hours(1))
    actions.answer(asked, message="That one.", by=dana, at=TUESDAY_9)
    actions.prioritise(
        asked, impact="team", urgency="now", reason="Secret", by=lena, at=TUESDAY_9 + hours(1)
    )
    return asked


@pytest.fixture
def _wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: WEDNESDAY_9 + hours(1))


@pytest.mark.usefixtures("_wednesday")
def test_the_requester_reads_their_promises_in_plain_words(
    eventful: ServiceRequest, dana: User, sign_in: SignIn
) -> None:
    said = _text(sign_in(dana).get(_url(eventful)))
    assert "You asked for it: ready within" in said
    assert "Omar Quinn asked; your answer is waited for." in said
    assert "You answered." in said
    assert "Lena Nowak changed how urgent it is." in said
    for internal in ("P2", "P3", "Secret", "Zebra", "75", "Warned"):
        assert internal not in said, internal


@pytest.mark.usefixtures("_wednesday")
def test_the_provider_reads_priorities_and_warnings_too(
    eventful: ServiceRequest, omar: User, sign_in: SignIn
) -> None:
    said = _text(sign_in(omar).get(_url(eventful)))
    assert "Dana Byrne asked for it: ready within 3 working days." in said
    assert "You asked; an answer from Dana is waited for." in said
    assert "Lena Nowak changed the priority from P3 to P2." in said
    assert "75 % of the time is used." in said
    assert "Secret" not in said


def test_moments_are_the_readers_and_the_providers_clock_stands_beside(
    eventful: ServiceRequest, dana: User, sign_in: SignIn
) -> None:
    dana.zone = "Asia/Kathmandu"
    dana.save()
    said = _text(sign_in(dana).get(_url(eventful)))
    assert "Today, 15:45 10:00 in Dublin Started" in said
    assert "Dublin time: 5 h 45 min behind yours." in said


def test_a_departments_own_time_is_not_the_requesters_to_read(
    asked: ServiceRequest, dana: User, omar: User, kai: User, sign_in: SignIn
) -> None:
    hr = kai.department
    team = kai.memberships.get().team
    service = factories.make_service(hr, team=team, name="Contract")
    at = MONDAY_10 + hours(1)
    actions.transfer(asked, service=service, reason="Zebra", by=omar, at=at)
    theirs, ours = (_text(sign_in(who).get(_url(asked))) for who in (dana, kai))
    assert "With us: People" in ours
    assert "With the department" not in theirs
    assert "Omar Quinn handed it from IT to People." in theirs
    assert "Zebra" not in theirs + ours


def test_the_last_line_of_the_api_is_the_stored_clock(
    eventful: ServiceRequest, dana: User, omar: User, sign_in: SignIn
) -> None:
    address = f"/api/requests/{eventful.reference}/promises/"
    told = {
        (one["metric"], one["cycle"], one["sequence"]): one["lines"]
        for one in sign_in(omar).get(address).json()
    }
    course = store.load([eventful])[eventful.pk].course
    assert course is not None
    assert {clock.key for clock in course.clocks} == told.keys()
    now = timezone.now()
    for clock in course.clocks:
        last = [line for line in told[clock.key] if line["what"] != "due"][-1]
        used = clock.used_at(now) if clock.is_open else clock.used
        assert last["used_seconds"] == used.total_seconds()
        assert last["budget_seconds"] == clock.budget.total_seconds()
    mine = sign_in(dana).get(address).json()
    assert {one["metric"] for one in mine} <= set(engine.PROMISES)
    assert "P2" not in str(mine)


def test_both_faces_of_the_request_page_lead_to_it(
    asked: ServiceRequest, dana: User, omar: User, sign_in: SignIn
) -> None:
    for person in (dana, omar):
        page = sign_in(person).get(asked.get_absolute_url()).content.decode()
        assert f'href="{_url(asked)}"' in page


def test_who_may_not_see_the_request_finds_nothing(
    asked: ServiceRequest, kai: User, sign_in: SignIn
) -> None:
    assert sign_in(kai).get(_url(asked)).status_code == 404


def test_an_address_that_asks_for_nonsense_finds_nothing(
    asked: ServiceRequest, omar: User, sign_in: SignIn
) -> None:
    browser = sign_in(omar)
    for query in ("?of=resolution&before=x", "?of=nothing&before=1", "?of=resolution"):
        assert browser.get(_url(asked) + query).status_code == 404
    assert browser.get(_url(asked) + "?promise=§").status_code == 200


@pytest.mark.parametrize("who", ["dana", "omar"])
def test_a_thousand_messages_take_the_queries_of_a_few(
    who: str, it_team: Team, dana: User, omar: User, sign_in: SignIn
) -> None:
    service = make_large_service(it_team)
    browser = sign_in({"dana": dana, "omar": omar}[who])
    counted, sizes = [], []
    for messages in (10, 1000):
        request = make_large(service, dana, omar, messages=messages)
        browser.get(_url(request))
        with CaptureQueriesContext(connection) as queries:
            sizes.append(len(browser.get(_url(request)).content))
        counted.append(len(queries))
    assert counted[0] == counted[1], counted
    assert counted[0] <= 22
    assert sizes[1] < sizes[0] + 100_000


# -- By what it was promised ---------------------------------------------------------------------


@pytest.fixture
def fiona(finance: Department) -> User:
    """The lead of Finance."""
    return factories.make_agent(factories.make_team(finance), "Fiona Walsh", is_lead=True)


@pytest.fixture
def by_agreement(
    it: Department, finance: Department, laptop: Service, dana: User, lena: User, fiona: User
) -> ServiceRequest:
    """Asked by Dana of Finance, with whom IT has agreed something."""
    made = factories.propose_agreement(it, finance, by=lena, name="IT for the books")
    drafting.accept(made, revision=1, by=fiona, at=MONDAY_9)
    return factories.make_service_request(laptop, by=dana, at=MONDAY_10)


def test_request_and_promises_name_the_agreement_and_lead_there_whoever_may_read_it(
    by_agreement: ServiceRequest, omar: User, lena: User, dana: User, sign_in: SignIn
) -> None:
    agreement = by_agreement.clocks.first().agreement_version.agreement  # type: ignore[union-attr]
    link = f'href="/agreements/{agreement.pk}/versions/1/"'
    for address in (by_agreement.get_absolute_url(), _url(by_agreement)):
        leads, works, asks = (sign_in(who).get(address) for who in (lena, omar, dana))
        for one in (leads, works):
            assert "As agreed with Finance." in _text(one)
            assert "IT for the books" in _text(one)
        assert link in leads.content.decode()
        assert link not in works.content.decode()
        assert "As agreed with your department." in _text(asks)
        assert "IT for the books" not in _text(asks)
    assert sign_in(lena).get(f"/agreements/{agreement.pk}/versions/1/").status_code == 200


def test_a_lead_of_the_client_who_asks_is_led_to_the_agreement(
    by_agreement: ServiceRequest, laptop: Service, fiona: User, sign_in: SignIn
) -> None:
    own = factories.make_service_request(laptop, by=fiona, at=MONDAY_10)
    page = sign_in(fiona).get(own.get_absolute_url())
    assert "As agreed with your department. IT for the books" in _text(page)
    link = next(iter(re.findall(r'href="(/agreements/[^"]+)"', page.content.decode())))
    assert sign_in(fiona).get(link).status_code == 200


def test_without_an_agreement_it_is_what_the_department_promises_everyone(
    asked: ServiceRequest, dana: User, omar: User, sign_in: SignIn
) -> None:
    for who in (dana, omar):
        for address in (asked.get_absolute_url(), _url(asked)):
            assert "What IT promises everyone." in _text(sign_in(who).get(address))


# -- Why it was late -----------------------------------------------------------------------------


@pytest.fixture
def late(
    asked: ServiceRequest, omar: User, lena: User, monkeypatch: pytest.MonkeyPatch
) -> ServiceRequest:
    """Nobody has answered for a week."""
    monkeypatch.setattr(timezone, "now", lambda: NEXT_MONDAY_9)
    sweep(NEXT_MONDAY_9)
    return asked


def _say(browser: Client, request: ServiceRequest, **given: str) -> Any:
    return browser.post(
        f"{_url(request)}late/", {"promise": "resolution-1-1", "reason": "supplier"} | given
    )


def test_the_provider_is_asked_on_the_request_page_and_the_requester_is_not(
    late: ServiceRequest, dana: User, omar: User, sign_in: SignIn
) -> None:
    ours, theirs = (sign_in(one).get(late.get_absolute_url()) for one in (omar, dana))
    assert "Why was “Ready” late?" in ours.content.decode()
    assert "Why was “First answer” late?" in ours.content.decode()
    assert "Choose a reason" not in theirs.content.decode()


def test_a_reason_is_given_and_asked_no_more(
    late: ServiceRequest, omar: User, dana: User, sign_in: SignIn
) -> None:
    browser = sign_in(omar)
    assert _say(browser, late, note="Out of stock.").status_code == 302
    page = browser.get(late.get_absolute_url()).content.decode()
    assert "Why was “Ready” late?" not in page
    assert "Omar Quinn says why “Ready” was late: We waited for a supplier" in page
    assert "Out of stock." in _text(browser.get(_url(late)))
    theirs = sign_in(dana)
    for address in (late.get_absolute_url(), _url(late)):
        said = theirs.get(address).content.decode()
        assert "supplier" not in said
        assert "Out of stock." not in said


def test_a_refused_reason_keeps_what_was_typed(
    late: ServiceRequest, omar: User, sign_in: SignIn
) -> None:
    answer = _say(sign_in(omar), late, reason="weather", note="Rain.")
    assert answer.status_code == 422
    assert "Choose one of these reasons." in answer.content.decode()
    assert "Rain." in answer.content.decode()


def test_what_was_said_is_changed_on_a_page_of_its_own(
    late: ServiceRequest, omar: User, lena: User, sign_in: SignIn
) -> None:
    _say(sign_in(omar), late)
    browser = sign_in(lena)
    assert "Change it" in browser.get(_url(late)).content.decode()
    form = browser.get(f"{_url(late)}late/?promise=resolution-1-1").content.decode()
    assert re.search(r'value="supplier"[^>]*checked', form)
    _say(browser, late, reason="forgotten")
    assert late.breach_reasons.get().reason == "forgotten"


@pytest.mark.parametrize(
    "promise", ["", "resolution", "resolution-9-1", "resolution-1-x", "§-1-1", "-", "x" * 50]
)
def test_a_promise_that_is_none_is_not_found(
    promise: str, late: ServiceRequest, omar: User, sign_in: SignIn
) -> None:
    assert _say(sign_in(omar), late, promise=promise).status_code == 404


def test_only_the_provider_says_why(
    late: ServiceRequest, dana: User, kai: User, sign_in: SignIn
) -> None:
    assert _say(sign_in(dana), late).status_code == 403
    assert _say(sign_in(kai), late).status_code == 404


def test_request_and_promises_go_by_the_same_promise_in_whatever_order_they_are_read() -> None:
    def clock(metric: str, *, is_open: bool, cycle: int = 1) -> SimpleNamespace:
        return SimpleNamespace(metric=metric, is_open=is_open, cycle=cycle, sequence=1)

    first = clock("first_response", is_open=False)
    ready = clock("resolution", is_open=False)
    again = clock("resolution", is_open=False, cycle=2)
    update = clock("update", is_open=True)
    holding = clock("holding", is_open=True)
    for order in permutations([first, ready, again, holding]):
        assert deciding(order) is again
    assert deciding([again, update, holding]) is update
    assert deciding([holding]) is None
