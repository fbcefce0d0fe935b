from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from catalogue.models import Service
from feedback import actions as feedback_actions
from feedback import invitations
from feedback.models import Invitation
from people.folding import fold
from people.models import Department, User
from requests_app import actions
from requests_app.figures import reporting, usual
from servicedesk.portal.card import calendar_length
from servicedesk.portal.finding import Folded
from tests import factories
from tests.portal.conftest import SetClock, SignIn
from tests.portal.reading import assert_sound, queries, words
from tests.times import MONDAY_9, TUESDAY_9, at, hours, minutes

LONG = "Everything one could wish to know about what this service does for whoever asks for it " * 2


def test_services_stand_under_their_department(
    dana: User, it: Department, hr: Department, laptop: Service, signed_in: SignIn
) -> None:
    factories.make_service(hr, name="A question about pay")
    response = signed_in(dana).get("/services/")
    assert "IT New laptop What it does for you. People A question about pay" in words(response)
    assert_sound(response)


def test_what_is_not_open_to_the_reader_is_not_offered(
    dana: User, it: Department, hr: Department, signed_in: SignIn
) -> None:
    factories.make_service(it, name="In the making", life="draft")
    factories.make_service(it, name="No longer", life="retired")
    factories.make_service(it, name="For People", for_everyone=False).audience.add(hr)
    factories.make_service(it, name="For Finance", for_everyone=False).audience.add(dana.department)
    page = words(signed_in(dana).get("/services/"))
    assert "For Finance" in page
    assert [name for name in ("In the making", "No longer", "For People") if name in page] == []


@pytest.mark.parametrize("query", ["krakow", "KRAKÓW", "lodz kraków", "for łódź", "it krak"])
def test_services_are_found_whatever_the_accents(
    query: str, dana: User, it: Department, laptop: Service, signed_in: SignIn
) -> None:
    factories.make_service(it, name="Travel to Kraków", summary="Tickets for Łódź and Kraków.")
    page = words(signed_in(dana).get("/services/", {"q": query}))
    assert "Travel to Kraków" in page
    assert "New laptop" not in page


def test_letters_are_folded_in_the_database_as_they_are_in_python(dana: User) -> None:
    text = "Łódź STRASSE straße Ørsted æon Œuvre ﬁn Ångström İstanbul ½ Đà Nẵng"
    dana.name = text
    dana.save(update_fields=["name"])
    there = User.objects.annotate(folded=Folded("name")).values_list("folded", flat=True).get()
    assert there == fold(text)


def test_a_search_that_finds_nothing_says_what_to_do(
    dana: User, it: Department, signed_in: SignIn
) -> None:
    factories.make_service(it, slug="i-dont-know", name="Who knows", is_general=True)
    response = signed_in(dana).get("/services/", {"q": "xyzzy"})
    assert "No service of that name" in words(response)
    assert 'href="/services/it/i-dont-know/"' in response.content.decode()
    assert_sound(response)


@pytest.mark.parametrize("query", ["\x00", "a" * 5000, "%", "_", "'; drop table", "\\", " ", "🦕"])
def test_a_strange_search_is_only_a_search_that_finds_little(
    query: str, dana: User, laptop: Service, signed_in: SignIn
) -> None:
    assert signed_in(dana).get("/services/", {"q": query}).status_code == 200


def test_what_was_searched_for_is_shown_as_text(dana: User, signed_in: SignIn) -> None:
    response = signed_in(dana).get("/services/", {"q": '"><script>alert(1)</script>'})
    assert b"<script>alert" not in response.content


def test_many_services_are_paged_by_key_and_none_is_left_out(
    dana: User, it: Department, hr: Department, signed_in: SignIn
) -> None:
    for number in range(70):
        factories.make_service((it, hr)[number % 2], name=f"Something {number:02}")
    client = signed_in(dana)
    first = client.get("/services/")
    older = first.context["offered"].services.older
    second = client.get("/services/" + older)
    names = [s.name for page in (first, second) for s in page.context["offered"].services.rows]
    assert len(names) == 70
    assert len(set(names)) == 70
    back = client.get("/services/" + second.context["offered"].services.newer)
    assert back.context["offered"].services.rows == first.context["offered"].services.rows
    assert back.context["offered"].services.newer == ""


@pytest.mark.parametrize("place", ["0", "-1", "x", "99999999999999999999", "987654321", "1e3"])
def test_a_page_that_was_never_there_starts_the_list_anew(
    place: str, dana: User, laptop: Service, signed_in: SignIn
) -> None:
    for name in ("after", "before"):
        assert "New laptop" in words(signed_in(dana).get("/services/", {name: place}))


def test_services_take_the_same_queries_for_one_and_for_fifty(
    dana: User, it: Department, signed_in: SignIn
) -> None:
    client = signed_in(dana)
    factories.make_service(it, name="Only one", summary=LONG)
    few = queries(client, "/services/")
    for number in range(49):
        factories.make_service(it, name=f"One of many, {number}" + "x" * 50, summary=LONG)
    assert queries(client, "/services/") == few <= 12


def test_a_department_says_what_it_does_and_offers(
    dana: User, it: Department, hr: Department, laptop: Service, signed_in: SignIn
) -> None:
    it.description = "Laptops and accounts."
    it.save(update_fields=["description"])
    response = signed_in(dana).get("/services/it/")
    assert "IT Laptops and accounts. New laptop" in words(response)
    assert_sound(response)
    empty = signed_in(dana).get("/services/people/")
    assert "Nothing to ask for here" in words(empty)
    assert_sound(empty)


@pytest.mark.parametrize("address", ["/services/x/", "/services/it/x/", "/services/it%00/"])
def test_an_unknown_address_is_not_found(
    address: str, dana: User, laptop: Service, signed_in: SignIn
) -> None:
    assert signed_in(dana).get(address).status_code == 404


@pytest.mark.parametrize("given", [{"life": "draft"}, {"life": "retired"}, {"for_everyone": False}])
@pytest.mark.parametrize("what", ["", "promise/?impact=me&urgency=now"])
def test_a_service_that_is_not_open_to_the_reader_is_not_found(
    given: dict[str, Any], what: str, dana: User, it: Department, signed_in: SignIn
) -> None:
    factories.make_service(it, slug="hidden", **given)
    assert signed_in(dana).get(f"/services/it/hidden/{what}").status_code == 404
    assert signed_in(dana).post("/services/it/hidden/").status_code in (404, 405)


def test_a_card_says_what_one_gets_and_what_is_promised(
    dana: User, laptop: Service, signed_in: SignIn
) -> None:
    laptop.what_you_get = "A laptop\n\n A charger "
    laptop.what_we_need = "Where it shall go"
    laptop.description = "We order **twice** a week.<script>alert(1)</script>"
    laptop.save()
    response = signed_in(dana).get("/services/it/new-laptop/")
    page = words(response)
    assert "Promised Ready within 5 working days first answer within 1 working day" in page
    assert "What you get A laptop A charger" in page
    assert "What we need from you Where it shall go" in page
    assert "<strong>twice</strong>" in response.content.decode()
    assert b"<script>alert" not in response.content
    assert "Usually" not in page
    assert "How it was" not in page
    assert_sound(response)


def finish(laptop: Service, omar: User, number: int, *, score: int | None = None) -> None:
    for _ in range(number):
        one = factories.make_service_request(laptop, at=MONDAY_9)
        actions.resolve(one, message="Done.", by=omar, at=TUESDAY_9)
    if score is not None:
        invitations.advance(TUESDAY_9 + hours(1))
        for invitation in Invitation.objects.open(TUESDAY_9 + hours(1)):
            # Given so early that by Wednesday morning it can no longer be changed.
            feedback_actions.rate(invitation.pk, score=score, at=TUESDAY_9 + hours(2))


def test_how_long_it_usually_takes_is_said_from_thirty_completions_on_for_ninety_days(
    dana: User, omar: User, laptop: Service, signed_in: SignIn, now_is: SetClock
) -> None:
    now_is(at(18, 9))
    finish(laptop, omar, 29)
    usual.work_out(reporting(at(18, 9)))
    assert "Usually" not in words(signed_in(dana).get("/services/it/new-laptop/"))
    finish(laptop, omar, 1)
    usual.work_out(reporting(at(18, 9)))
    page = words(signed_in(dana).get("/services/it/new-laptop/"))
    assert "Usually 24 hours 17 of 20 within 24 hours; 30 done in 90 days" in page
    usual.advance(TUESDAY_9 + timedelta(days=91))
    assert "Usually" not in words(signed_in(dana).get("/services/it/new-laptop/"))


def test_how_it_was_is_said_from_five_answers_on(
    dana: User, omar: User, laptop: Service, signed_in: SignIn, now_is: SetClock
) -> None:
    now_is(at(18, 9))
    finish(laptop, omar, 4, score=5)
    assert "How it was" not in words(signed_in(dana).get("/services/it/new-laptop/"))
    finish(laptop, omar, 1, score=2)
    page = words(signed_in(dana).get("/services/it/new-laptop/"))
    assert "How it was 80 % satisfied 4 of 5 who answered" in page
    assert "with 95 % certainty between 38 and 96 %" in page


def test_a_department_says_how_it_usually_is(
    dana: User, omar: User, laptop: Service, it: Department, signed_in: SignIn, now_is: SetClock
) -> None:
    now_is(at(18, 9))
    other = factories.make_service(it, team=laptop.team)
    finish(laptop, omar, 3, score=5)
    finish(other, omar, 1, score=1)
    page = words(signed_in(dana).get("/services/it/"))
    assert "Usually" not in page
    assert "How it was" not in page
    finish(laptop, omar, 1, score=5)
    finish(other, omar, 25)
    usual.advance(at(18, 9))
    response = signed_in(dana).get("/services/it/")
    page = words(response)
    assert "Usually 24 hours 17 of 20 within 24 hours; 30 done in 90 days" in page
    assert "How it was 80 % satisfied 4 of 5 who answered" in page
    assert "with 95 % certainty between 38 and 96 %" in page
    assert_sound(response)


def test_a_restricted_service_says_who_reads_it(
    dana: User, hr: Department, signed_in: SignIn
) -> None:
    factories.make_service(hr, slug="pay", restricted=True)
    assert "Only you and the team" in words(signed_in(dana).get("/services/people/pay/"))


def test_the_form_says_beforehand_when_it_will_be_ready(
    dana: User, laptop: Service, signed_in: SignIn
) -> None:
    page = words(signed_in(dana).get("/services/it/new-laptop/"))
    assert "Ready by Monday 23 November, 11:30" in page
    assert "You hear from us by tomorrow, 09:30." in page


@pytest.mark.parametrize(
    ("impact", "urgency", "said"),
    [
        ("me", "soon", "Ready by Monday 23 November, 11:30"),
        ("me", "now", "Ready by Thursday 19 November, 10:30"),
        ("team", "now", "Ready by tomorrow, 09:30"),
        ("wide", "now", "Ready by today, 14:00 You hear from us by today, 09:30."),
    ],
)
def test_the_promise_follows_what_is_chosen(
    impact: str, urgency: str, said: str, dana: User, laptop: Service, signed_in: SignIn
) -> None:
    chosen = {"impact": impact, "urgency": urgency}
    assert said in words(signed_in(dana).get("/services/it/new-laptop/promise/", chosen))


@pytest.mark.parametrize("impact", ["", "huge", "\x00"])
def test_a_promise_for_an_unknown_impact_is_refused(
    impact: str, dana: User, laptop: Service, signed_in: SignIn
) -> None:
    chosen = {"impact": impact, "urgency": "now"}
    assert signed_in(dana).get("/services/it/new-laptop/promise/", chosen).status_code == 422


def test_a_promise_names_the_zone_where_the_reader_is_elsewhere(
    dana: User, laptop: Service, signed_in: SignIn
) -> None:
    dana.zone = "Europe/Warsaw"
    dana.save(update_fields=["zone"])
    page = words(signed_in(dana).get("/services/it/new-laptop/"))
    assert "Ready by Monday 23 November, 12:30 CET" in page


def test_a_card_takes_the_same_queries_however_often_it_was_asked_for(
    dana: User, omar: User, laptop: Service, signed_in: SignIn, now_is: SetClock
) -> None:
    now_is(at(18, 9))
    client = signed_in(dana)
    few = queries(client, "/services/it/new-laptop/")
    finish(laptop, omar, 30, score=4)
    usual.advance(at(18, 9))
    assert queries(client, "/services/it/new-laptop/") == few <= 18


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (minutes(0), "1 minute"),
        (minutes(39.5), "40 minutes"),
        (hours(1), "1 hour"),
        (hours(23.5), "24 hours"),
        (hours(40), "2 days"),
        (hours(24 * 3), "3 days"),
        (hours(24 * 3 + 1), "4 days"),
    ],
)
def test_a_length_of_time_is_said_as_one_lives_through_it(length: timedelta, said: str) -> None:
    assert calendar_length(length) == said
