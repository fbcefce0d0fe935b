from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from catalogue.models import Service
from feedback import invitations
from people.models import Department, User
from requests_app import actions
from requests_app.figures import usual
from requests_app.models import ServiceRequest
from servicedesk.portal.home import greeting, sentence
from tests import factories
from tests.portal.conftest import SetClock, SignIn
from tests.portal.reading import assert_sound, queries, words
from tests.times import MONDAY_9, MONDAY_10, MONDAY_NOON, TUESDAY_9, at

LONG = "A sentence that somebody wrote into the subject because nobody told them to be brief " * 2


def asked(laptop: Service, by: User, subject: str = "") -> ServiceRequest:
    return factories.make_service_request(laptop, by=by, subject=subject or None)


def question(laptop: Service, by: User, agent: User, text: str = "Which colour?") -> ServiceRequest:
    one = asked(laptop, by, "A new laptop")
    return actions.ask(one, message=text, look_again_on=date(2026, 11, 20), by=agent, at=MONDAY_10)


def test_nobody_sees_home_without_signing_in(client: Client, db: None) -> None:
    response = client.get("/")
    assert response.status_code == 302
    assert "/accounts/login/" in response["Location"]


def test_an_employee_lands_on_home(dana: User, signed_in: SignIn) -> None:
    assert signed_in(dana).get("/landing/")["Location"] == "/"


def test_an_agent_lands_on_the_queue(omar: User, signed_in: SignIn) -> None:
    assert signed_in(omar).get("/landing/")["Location"] == "/queue/"


def test_a_manager_lands_on_the_figures(finance: Department, signed_in: SignIn) -> None:
    manager = factories.make_manager(finance, name="Marta")
    assert signed_in(manager).get("/landing/")["Location"] == "/overview/"


def test_an_agent_reaches_home_all_the_same(omar: User, signed_in: SignIn) -> None:
    assert signed_in(omar).get("/").status_code == 200


def test_home_of_someone_new_says_how_to_begin(dana: User, signed_in: SignIn) -> None:
    response = signed_in(dana).get("/")
    assert "Nothing needs you." in words(response)
    assert "Nothing is under way" in words(response)
    assert_sound(response)


@pytest.mark.parametrize(
    ("hour", "words"),
    [(3, "Hello"), (9, "Good morning"), (13, "Good afternoon"), (19, "Good evening")],
)
def test_home_greets_by_the_hour_of_the_reader(
    hour: int, words: str, dana: User, signed_in: SignIn, now_is: SetClock
) -> None:
    now_is(at(16, hour))
    assert f"{words}, Dana" in signed_in(dana).get("/").content.decode()


def test_home_greets_by_the_zone_of_the_reader(
    dana: User, signed_in: SignIn, now_is: SetClock
) -> None:
    dana.zone = "Asia/Tokyo"
    dana.save(update_fields=["zone"])
    now_is(at(16, 9))
    assert "Good evening, Dana" in signed_in(dana).get("/").content.decode()


def test_a_question_needs_the_requester_who_reads_it_on_home(
    dana: User, omar: User, laptop: Service, signed_in: SignIn
) -> None:
    one = question(laptop, dana, omar, "Is the desk made of glass?")
    response = signed_in(dana).get("/")
    assert "One thing needs you." in words(response)
    assert "IT has a question about “A new laptop”" in words(response)
    assert "Is the desk made of glass?" in words(response)
    assert f'href="{one.get_absolute_url()}#composer"' in response.content.decode()
    assert_sound(response)


def test_a_question_to_someone_else_needs_nobody_here(
    dana: User, omar: User, kai: User, laptop: Service, signed_in: SignIn
) -> None:
    question(laptop, dana, omar)
    assert "None of your own requests needs you." in words(signed_in(kai).get("/"))


def test_an_approval_needs_the_approver(
    dana: User, omar: User, kai: User, laptop: Service, signed_in: SignIn
) -> None:
    one = asked(laptop, dana, "A new laptop")
    actions.ask_approval(one, approver=kai, by=omar, at=MONDAY_10)
    assert "Dana Byrne asks for “A new laptop”" in words(signed_in(kai).get("/"))


def test_what_is_done_is_confirmed_from_home_in_one_click(
    dana: User, omar: User, laptop: Service, signed_in: SignIn, now_is: SetClock
) -> None:
    one = asked(laptop, dana, "A new laptop")
    actions.resolve(one, message="It stands on your desk.", by=omar, at=MONDAY_10)
    now_is(MONDAY_NOON)
    client = signed_in(dana)
    page = client.get("/")
    assert "Done: A new laptop It stands on your desk." in words(page)
    address = f"/requests/{one.reference}/do/confirm/"
    assert f'action="{address}"' in page.content.decode()
    response = client.post(address, {"next": "/"})
    one.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, "/")
    assert one.status == "closed"


def test_what_is_not_done_leads_to_the_form_that_says_so(
    dana: User, omar: User, laptop: Service, signed_in: SignIn
) -> None:
    one = asked(laptop, dana)
    actions.resolve(one, message="Done.", by=omar, at=MONDAY_10)
    client = signed_in(dana)
    address = f"/requests/{one.reference}/do/reopen/?next=/"
    assert f'href="{address}"' in client.get("/").content.decode()
    assert client.get(address).status_code == 200


def test_a_rating_is_asked_for_once_the_request_is_confirmed(
    dana: User, omar: User, laptop: Service, signed_in: SignIn, now_is: SetClock
) -> None:
    one = asked(laptop, dana, "A new laptop")
    actions.resolve(one, message="Done.", by=omar, at=MONDAY_10)
    invitations.advance(MONDAY_NOON)
    now_is(MONDAY_NOON)
    client = signed_in(dana)
    assert "How was it?" not in words(client.get("/"))
    actions.confirm(one, by=dana, at=MONDAY_NOON)
    page = client.get("/")
    assert "How was it? A new laptop" in words(page)
    assert 'href="/rate/' in page.content.decode()


def test_home_shows_whose_turn_it_is_and_when_it_is_due(
    dana: User, omar: User, laptop: Service, signed_in: SignIn
) -> None:
    one = asked(laptop, dana, "A new laptop")
    actions.take(one, by=omar, at=MONDAY_10)
    page = words(signed_in(dana).get("/"))
    assert f"A new laptop IT · Omar is working on it · {one.reference}" in page
    assert "due Thu 19 Nov, 10:30" in page


def test_home_does_not_say_that_all_is_well_while_something_is_late(
    dana: User, laptop: Service, signed_in: SignIn, now_is: SetClock
) -> None:
    asked(laptop, dana)
    client = signed_in(dana)
    assert "Your requests are on their way." in words(client.get("/"))
    now_is(at(23, 12))
    assert "on their way" not in words(client.get("/"))


def test_home_offers_what_is_often_asked_for_and_open_to_the_reader(
    dana: User, it: Department, hr: Department, laptop: Service, signed_in: SignIn
) -> None:
    hidden = factories.make_service(it, name="Only for People", for_everyone=False)
    hidden.audience.add(hr)
    retired = factories.make_service(it, name="No longer")
    person = factories.make_person(department=hr)
    for service in (hidden, hidden, hidden, retired, retired, laptop):
        factories.make_service_request(service, by=person)
    Service.objects.filter(pk=retired.pk).update(life="retired")
    usual.advance(TUESDAY_9)
    page = words(signed_in(dana).get("/"))
    assert "Often asked for New laptop IT" in page
    assert "Only for People" not in page
    assert "No longer" not in page


def test_who_does_not_know_whom_to_ask_is_led_to_the_general_service(
    dana: User, it: Department, signed_in: SignIn
) -> None:
    client = signed_in(dana)
    assert 'href="/services/"' in client.get("/").content.decode()
    factories.make_service(it, slug="i-dont-know", is_general=True)
    assert 'href="/services/it/i-dont-know/"' in client.get("/").content.decode()


def test_who_works_on_requests_is_told_of_their_own_only(
    omar: User, laptop: Service, finance: Department, signed_in: SignIn
) -> None:
    asked(laptop, omar)
    manager = factories.make_manager(finance)
    for person in (omar, manager):
        page = words(signed_in(person).get("/"))
        assert "None of your own requests needs you." in page
        assert "Nothing needs you" not in page
        assert "on their way" not in page
    assert "Nothing of yours is under way" in words(signed_in(manager).get("/"))


def test_what_is_over_is_not_said_to_be_on_its_way(
    dana: User, laptop: Service, signed_in: SignIn
) -> None:
    actions.cancel(asked(laptop, dana), by=dana, at=MONDAY_10)
    page = words(signed_in(dana).get("/"))
    assert "Nothing needs you." in page
    assert "on their way" not in page
    assert "All 1" in page
    assert "Nothing of yours is under way" in page


@pytest.mark.parametrize(
    ("needs", "all_well", "words"),
    [
        (0, True, "Nothing needs you. Your requests are on their way."),
        (0, False, "Nothing needs you."),
        (1, True, "One thing needs you. Everything else is on its way."),
        (3, False, "Three things need you."),
        (9, False, "Nine things need you."),
        (12, True, "12 things need you. Everything else is on its way."),
    ],
)
def test_the_sentence_counts_what_needs_the_reader(needs: int, all_well: bool, words: str) -> None:
    assert sentence(needs, more=False, all_well=all_well) == words


def test_a_person_without_a_family_name_is_greeted_too(dana: User) -> None:
    dana.name = "Dana"
    assert greeting(dana, MONDAY_9) == "Good morning, Dana"


def one_of_each(laptop: Service, dana: User, omar: User, kai: User) -> None:
    question(laptop, dana, omar, LONG * 3)
    theirs = asked(laptop, kai, LONG)
    actions.ask_approval(theirs, approver=dana, by=omar, at=MONDAY_10)
    done = asked(laptop, dana, LONG)
    actions.resolve(done, message=LONG, by=omar, at=MONDAY_10)
    service = factories.make_service()
    agent = factories.make_agent(service.team)
    rated = asked(service, dana, LONG)
    actions.resolve(rated, message="Done.", by=agent, at=MONDAY_10)
    actions.confirm(rated, by=dana, at=MONDAY_NOON)


def test_home_takes_the_same_queries_with_one_of_each_and_with_many(
    dana: User, omar: User, kai: User, laptop: Service, signed_in: SignIn, now_is: SetClock
) -> None:
    client = signed_in(dana)
    now_is(MONDAY_NOON)
    one_of_each(laptop, dana, omar, kai)
    invitations.advance(MONDAY_NOON)
    few = queries(client, "/")
    for _ in range(10):
        one_of_each(laptop, dana, omar, kai)
    invitations.advance(MONDAY_NOON)
    page = client.get("/")
    assert_sound(page)
    assert "More than 40 things need you." in words(page)
    assert queries(client, "/") == few <= 20


def test_home_of_a_lead_takes_the_same_queries_however_much_is_proposed(
    it: Department, finance: Department, lena: User, signed_in: SignIn
) -> None:
    fiona = factories.make_agent(factories.make_team(finance), is_lead=True)
    client = signed_in(fiona)
    few = queries(client, "/")
    for number in range(12):
        factories.propose_agreement(it, finance, name=f"Number {number}", by=lena, at=MONDAY_9)
    page = client.get("/")
    assert_sound(page)
    assert "More than 10 things need you." in words(page)
    assert "IT proposes “Number 0”" in words(page)
    assert queries(client, "/") == few <= 24
