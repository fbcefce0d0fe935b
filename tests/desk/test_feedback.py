"""The lead's page: who waits for a word, figures that name nobody, what was said by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalogue.models import Service
from feedback import blocks, invitations
from feedback.actions import rate
from feedback.models import Rating, RecoveryTask
from people.models import Department, Team, User
from requests_app import actions
from requests_app.kinds import Via
from tests import factories
from tests.portal.reading import assert_sound, queries, words
from tests.times import MONDAY_NOON, TUESDAY_9, WEDNESDAY_9, hours, minutes

pytestmark = pytest.mark.django_db

PAGE = "/manage/it/feedback/"
SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: WEDNESDAY_9)


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def said(
    service: Service,
    agent: User,
    score: int,
    *,
    by: User | None = None,
    at: datetime = MONDAY_NOON,
    **given: Any,
) -> Rating:
    """Someone asked, was served, was asked, and said this at that moment."""
    by = by or factories.make_person(department=agent.department)
    request = factories.make_service_request(
        service, by=by, at=at - minutes(90), via=Via.SEED, subject="A violet screen"
    )
    actions.resolve(request, message="", by=agent, at=at - minutes(60), via=Via.SEED)
    invitations.advance(at, via=Via.SEED, service_request_ids=[request.pk])
    return rate(request.invitations.get().pk, score=score, at=at, via=Via.SEED, **given)


def task_of(rating: Rating) -> RecoveryTask:
    return RecoveryTask.objects.get(rating=rating)


# -- Who may -------------------------------------------------------------------------------------


def test_the_page_is_for_the_leads_of_the_department_alone(
    laptop: Service, dana: User, omar: User, lena: User, kai: User, it: Department, hr: Department
) -> None:
    task = task_of(said(laptop, omar, 1, by=dana))
    foreign = factories.make_agent(factories.make_team(hr), is_lead=True)
    managers = factories.make_manager(it), factories.make_manager(None)
    administrator = factories.make_person(is_administrator=True)
    for person in (dana, omar, kai, foreign, *managers, administrator):
        assert browser(person).get(PAGE).status_code == 404
        for end in ("", "take/"):
            answer = browser(person).post(f"{PAGE}{task.pk}/{end}", _sent(task, "spoke"))
            assert answer.status_code == 404
    assert browser(lena).get(PAGE).status_code == 200
    assert browser(foreign).post(f"/manage/{hr.slug}/feedback/{task.pk}/take/").status_code == 404
    assert RecoveryTask.objects.open().get().assignee is None


@pytest.mark.parametrize("query", ["?score=6", "?score=x", "?service=nowhere", "?score=%00"])
def test_a_filter_that_is_none_leads_nowhere(lena: User, query: str) -> None:
    assert browser(lena).get(PAGE + query).status_code == 404


def test_an_empty_page_says_what_will_be_here(lena: User) -> None:
    page = browser(lena).get(PAGE)
    assert_sound(page)
    assert "Nothing was said yet" in words(page)
    assert "0 answers: too few to say" in words(page)
    assert "wait for a word" not in words(page)


# -- Recovery ------------------------------------------------------------------------------------


def test_who_was_dissatisfied_stands_on_top_at_once(
    laptop: Service, dana: User, omar: User, lena: User
) -> None:
    said(
        laptop,
        omar,
        2,
        by=dana,
        at=WEDNESDAY_9 - minutes(5),
        comment="Three weeks!",
        reasons=["too_long"],
        lost_time="day",
    )
    page = browser(lena).get(PAGE)
    assert_sound(page)
    for shown in (
        "1 person waits for a word",
        "Dana Byrne",
        "Three weeks!",
        "It took too long",
        "Working time lost: Half a day to a day",
        "A violet screen",
    ):
        assert shown in words(page)
    assert page.context["answers"] == [], "not yet released"
    side = [link for one in page.context["side"] for link in one.links if link.url == PAGE]
    assert [(one.count, one.current) for one in side] == [(1, True)]


def _sent(task: RecoveryTask, outcome: str, note: str = "") -> dict[str, str]:
    return {f"t{task.pk}-outcome": outcome, f"t{task.pk}-note": note}


def test_a_lead_takes_it_and_says_what_came_of_it(
    laptop: Service, dana: User, omar: User, lena: User
) -> None:
    task = task_of(said(laptop, omar, 1, by=dana))
    reader = browser(lena)
    assert "You look after it" in words(reader.post(f"{PAGE}{task.pk}/take/", follow=True))
    page = reader.post(f"{PAGE}{task.pk}/", _sent(task, "put_right", " New one. "), follow=True)
    assert "Kept: Put right." in words(page)
    assert "Put right, by Lena Nowak" in words(page)
    task.refresh_from_db()
    assert (task.outcome, task.note, task.done_by, task.done_at) == (
        "put_right",
        "New one.",
        lena,
        WEDNESDAY_9,
    )
    assert page.context["waiting"] == []


@pytest.mark.parametrize(
    ("outcome", "note"), [("", "I called"), ("x", "I called"), ("spoke", "I called" + "x" * 2001)]
)
def test_a_form_that_is_refused_keeps_what_was_typed(
    laptop: Service, omar: User, lena: User, outcome: str, note: str
) -> None:
    task, other = task_of(said(laptop, omar, 1)), task_of(said(laptop, omar, 1))
    page = browser(lena).post(f"{PAGE}{task.pk}/", _sent(task, outcome, note))
    assert page.status_code == 422
    assert_sound(page)
    assert "One thing to put right" in words(page)
    assert page.content.decode().count("I called") == 1
    assert [bool(one.form.errors) for one in page.context["waiting"]] == [True, False]
    assert RecoveryTask.objects.open().count() == 2
    assert other.outcome == ""


def test_what_someone_else_has_done_is_said_and_what_was_typed_is_shown(
    laptop: Service, omar: User, lena: User, it_team: Team
) -> None:
    task = task_of(said(laptop, omar, 1))
    other = factories.make_agent(it_team, is_lead=True)
    browser(other).post(f"{PAGE}{task.pk}/", _sent(task, "spoke"))
    page = browser(lena).post(f"{PAGE}{task.pk}/", _sent(task, "explained", "I called"))
    assert page.status_code == 409
    assert_sound(page)
    assert "Someone has looked after this already." in words(page)
    assert "I called" in words(page)
    assert browser(lena).post(f"{PAGE}{task.pk}/take/").status_code == 302
    task.refresh_from_db()
    assert (task.outcome, task.done_by) == ("spoke", other)


def test_restricted_ones_are_for_the_leads_of_the_named_team(
    it: Department, it_team: Team, dana: User, omar: User, lena: User
) -> None:
    outside = factories.make_agent(factories.make_team(it), is_lead=True)
    secret = factories.make_service(it, team=it_team, restricted=True)
    task = task_of(said(secret, omar, 1, by=dana, comment="Between us"))
    assert "Between us" in words(browser(lena).get(PAGE))
    assert "Between us" not in words(browser(outside).get(PAGE))
    assert "Dana" not in words(browser(outside).get(PAGE))
    assert browser(outside).post(f"{PAGE}{task.pk}/", _sent(task, "spoke")).status_code == 404


# -- What is shown, and when ---------------------------------------------------------------------


def test_an_answer_stands_here_once_it_is_released(laptop: Service, omar: User, lena: User) -> None:
    said(laptop, omar, 5, comment="Released", at=WEDNESDAY_9 - hours(12))
    said(laptop, omar, 5, comment="Fresh", at=WEDNESDAY_9 - hours(12) + minutes(1))
    page = browser(lena).get(PAGE)
    assert "Released" in words(page)
    assert "Fresh" not in words(page)


def test_the_filters_narrow_what_is_listed(
    laptop: Service, omar: User, lena: User, it_team: Team
) -> None:
    other = factories.make_service(it_team.department, team=it_team, slug="other")
    said(laptop, omar, 5, comment="Five for the laptop")
    said(laptop, omar, 4, comment="Four for the laptop")
    said(other, omar, 5, comment="Five for the other")
    reader = browser(lena)
    assert len(reader.get(PAGE).context["answers"]) == 3
    assert len(reader.get(PAGE + "?score=5").context["answers"]) == 2
    assert len(reader.get(PAGE + "?service=new-laptop").context["answers"]) == 2
    both = reader.get(PAGE + "?service=new-laptop&score=5")
    assert "Five for the laptop" in words(both)
    assert len(both.context["answers"]) == 1
    none = reader.get(PAGE + "?service=other&score=1")
    assert "Nobody has said this by name." in words(none)
    assert_sound(none)


def test_the_list_is_paged_by_key(laptop: Service, omar: User, lena: User) -> None:
    for number in range(27):
        said(laptop, omar, 4, comment=f"Answer {number}.", at=MONDAY_NOON + minutes(number))
    reader = browser(lena)
    first = reader.get(PAGE)
    assert "Answer 26." in words(first)
    second = reader.get(PAGE + first.context["page"].older)
    assert [one.rating.comment for one in second.context["answers"]] == ["Answer 1.", "Answer 0."]


# -- Without a name ------------------------------------------------------------------------------


def test_no_answer_without_a_name_stands_anywhere_a_provider_reads(
    laptop: Service, dana: User, omar: User, lena: User, it: Department
) -> None:
    rating = said(
        laptop, omar, 1, by=dana, unnamed=True, comment="Hush, between us", reasons=["unfriendly"]
    )
    fresh = said(laptop, omar, 5, comment="Hush, between us", at=WEDNESDAY_9 - hours(1))
    readers = [omar, lena, factories.make_manager(it), factories.make_manager(None)]
    for one in (rating, fresh):
        request = one.invitation.service_request
        places = [
            request.get_absolute_url(),
            f"/api/requests/{request.reference}/",
            f"/queue/it/show/{request.reference}/",
            PAGE,
            f"{PAGE}?score={one.score}",
            f"{PAGE}?service=new-laptop&score={one.score}",
            "/search/?q=hush",
            "/notices/",
            "/overview/",
            "/queue/it/open/",
            "/services/it/",
            "/services/it/new-laptop/",
        ]
        for person in readers:
            for place in places:
                text = browser(person).get(place).content.decode()
                assert "between us" not in text, (person, place)
                assert "unfriendly" not in text, (person, place)
                assert "Very " not in text or place.startswith(PAGE), (person, place)
            page = browser(person).get(PAGE)
            if page.status_code == 200:
                assert (page.context["answers"], page.context["waiting"]) == ([], [])
                assert page.context["said"].csat.n == 0


def test_not_even_a_number_says_that_someone_has_answered(
    laptop: Service, dana: User, omar: User, lena: User
) -> None:
    request = factories.make_service_request(laptop, by=dana, at=MONDAY_NOON)
    actions.resolve(request, message="Done.", by=omar, at=MONDAY_NOON)
    invitations.advance(TUESDAY_9)
    places = (
        f"/api/requests/{request.reference}/",
        request.get_absolute_url(),
        "/queue/it/open/",
        "/api/requests/",
    )

    def read(person: User) -> list[str]:
        pages = [browser(person).get(place).content.decode() for place in places]
        # What is made anew for each page: keys of forms, and the page's own moment.
        return [
            re.sub(r'[0-9a-f]{8}-[0-9a-f-]{27}|csrf[^>]*>|"/?[^"]{60,}"', "", one) for one in pages
        ]

    before = {person: read(person) for person in (omar, lena)}
    for score, unnamed in ((5, False), (1, True)):
        at = WEDNESDAY_9 - hours(1)
        rate(request.invitations.get().pk, score=score, unnamed=unnamed, at=at)
        for person in (omar, lena):
            assert read(person) == before[person]


def test_a_released_answer_with_a_name_stands_on_its_request_for_the_provider_alone(
    laptop: Service, dana: User, omar: User, lena: User
) -> None:
    rating = said(laptop, omar, 5, by=dana, comment="Quick and kind", reasons=["quick"])
    address = rating.invitation.service_request.get_absolute_url()
    for person in (omar, lena):
        page = browser(person).get(address)
        assert_sound(page)
        for shown in ("How it was received", "Very satisfied", "Quick and kind", "It was quick"):
            assert shown in words(page)
    actions.share(
        rating.invitation.service_request,
        user=(along := factories.make_person()),
        by=dana,
        at=TUESDAY_9,
    )
    assert "Quick and kind" not in words(browser(along).get(address))


def test_everyone_sees_their_own_answer_at_once_and_may_change_it(
    laptop: Service, dana: User, omar: User
) -> None:
    at = WEDNESDAY_9 - hours(1)
    rating = said(laptop, omar, 2, by=dana, unnamed=True, comment="Hush", at=at)
    page = browser(dana).get(rating.invitation.service_request.get_absolute_url())
    assert_sound(page)
    for shown in ("Your answer", "Dissatisfied", "Hush", "only you see this", "Change it"):
        assert shown in words(page)


def test_figures_hold_no_fewer_than_five_answers_without_a_name(
    laptop: Service, omar: User, lena: User, it: Department, it_team: Team
) -> None:
    other = factories.make_service(it, team=it_team, slug="other")
    for score in (5, 5, 5, 4, 4):
        said(laptop, omar, score)
    for service in (laptop, laptop, other, other):
        said(service, omar, 1, unnamed=True, reasons=["unfriendly"])
    blocks.gather(WEDNESDAY_9)
    reader = browser(lena)
    addresses = [PAGE] + [
        f"{PAGE}?service={slug}&score={score}"
        for slug in ("", "new-laptop", "other")
        for score in ("", "1", "5")
    ]
    seen = {reader.get(address).context["said"].csat.n for address in addresses}
    assert seen == {0, 5}
    assert "unfriendly" not in words(reader.get(PAGE))
    said(other, omar, 1, unnamed=True, reasons=["unfriendly"], at=MONDAY_NOON + minutes(1))
    blocks.gather(WEDNESDAY_9)
    page = reader.get(PAGE)
    assert page.context["said"].csat.n == 10
    assert "It was unfriendly 5" in words(page)
    assert "50 % 5 of 10 answers; with 95 % certainty between 24 and 76 %" in words(page)
    seen = {reader.get(address).context["said"].csat.n for address in addresses}
    assert seen == {0, 5, 10}
    assert_sound(page)


def test_a_service_says_nothing_of_how_many_answered(
    laptop: Service, omar: User, lena: User
) -> None:
    for _number in range(5):
        said(laptop, omar, 5)
    whole, one = (browser(lena).get(PAGE + query) for query in ("", "?service=new-laptop"))
    assert "5 of 5 who were asked" in words(whole)
    assert "who were asked" not in words(one)


# -- Speed ---------------------------------------------------------------------------------------


def test_fifty_answers_take_as_many_queries_as_one(laptop: Service, omar: User, lena: User) -> None:
    said(laptop, omar, 1, reasons=["too_long"])
    reader = browser(lena)
    few = queries(reader, PAGE)
    for number in range(49):
        said(
            laptop,
            omar,
            1 + number % 5,
            reasons=["too_long"] if number % 5 < 3 else ["quick"],
            lost_time="hours",
            at=MONDAY_NOON + timedelta(minutes=number),
        )
    many = queries(reader, PAGE)
    # Under five answers the reasons and the lost time are not asked for: two queries fewer.
    assert many - few == 2
    assert many <= 28
