from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from catalogue.models import Service
from people.models import Department, User
from requests_app import actions
from requests_app import search as request_search
from tests import factories
from tests.portal.conftest import SignIn
from tests.portal.reading import assert_sound, queries, words
from tests.times import MONDAY_9, minutes


def found(client: Any, **asked: str) -> list[str]:
    """Subjects of the requests that the page shows, in their order."""
    rows = client.get("/search/", asked).context["found"].requests.rows.rows
    return [row.service_request.subject for row in rows]


def test_the_search_of_every_page_leads_to_services_people_and_requests(
    dana: User, omar: User, laptop: Service, signed_in: SignIn
) -> None:
    factories.make_service(laptop.department, name="Quinn's mailing list")
    factories.make_service_request(laptop, by=dana, subject="Laptop for Quinn")
    client = signed_in(dana)
    assert 'action="/search/"' in client.get("/").content.decode()
    assert 'action="/search/"' in client.get("/requests/").content.decode()
    response = client.get("/search/", {"q": "quinn"})
    page = words(response)
    assert "Services Quinn's mailing list" in page
    assert "People OQ Omar Quinn IT · omar@desk.example" in page
    assert "1 found Laptop for Quinn" in page
    assert_sound(response)


def test_before_anything_is_typed_the_page_says_what_it_finds(
    dana: User, laptop: Service, signed_in: SignIn
) -> None:
    factories.make_service_request(laptop, by=dana, subject="Something")
    response = signed_in(dana).get("/search/")
    assert "What are you looking for?" in words(response)
    assert "Something" not in words(response)
    assert_sound(response)


def test_a_search_that_finds_nothing_offers_whoever_finds_out(
    dana: User, it: Department, signed_in: SignIn
) -> None:
    factories.make_service(it, name="Unclear", slug="i-dont-know", is_general=True)
    response = signed_in(dana).get("/search/", {"q": "xyzzy"})
    assert "Nothing found" in words(response)
    assert 'href="/services/it/i-dont-know/"' in response.content.decode()


@pytest.mark.parametrize("typed", ["", "%", "_", "'", "\\", "\x00", "' OR 1", ":*", "a" * 9000])
def test_a_strange_search_finds_little_and_harms_nothing(
    typed: str, dana: User, laptop: Service, signed_in: SignIn
) -> None:
    factories.make_service_request(laptop, by=dana, subject="Something")
    assert found(signed_in(dana), q=typed) == []


def test_people_are_found_by_any_words_of_their_name_by_address_and_by_number(
    dana: User, omar: User, signed_in: SignIn
) -> None:
    client = signed_in(dana)
    for typed in ("qui om", "OMAR", "omar@desk", omar.employee_number.lower()):
        people = client.get("/search/", {"q": typed}).context["found"].people
        assert people == [omar], typed
    omar.is_active = False
    omar.save(update_fields=["is_active"])
    assert client.get("/search/", {"q": "omar"}).context["found"].people == []


def test_a_reference_that_is_typed_whole_comes_first(
    dana: User, laptop: Service, signed_in: SignIn
) -> None:
    first = factories.make_service_request(laptop, by=dana, subject="The old one")
    later = factories.make_service_request(laptop, by=dana, subject=f"Like {first.reference}")
    factories.make_service_request(laptop, by=dana, subject="Another")
    client = signed_in(dana)
    assert found(client, q=first.reference.lower()) == ["The old one", later.subject]
    page = words(client.get("/search/", {"q": first.reference}))
    assert "2 found, the newest first The old one" in page


def test_nobody_finds_what_they_may_not_see(
    dana: User, omar: User, lena: User, kai: User, it: Department, signed_in: SignIn
) -> None:
    team = factories.make_team(it, name="Investigations")
    inside = factories.make_agent(team, "Ines Moss")
    open_service = factories.make_service(it, name="A thing", slug="thing")
    secret = factories.make_service(it, team=team, restricted=True, slug="secret")
    plain = factories.make_service_request(open_service, by=dana, subject="Zebra in the hall")
    hidden = factories.make_service_request(secret, by=dana, subject="Zebra in the cellar")
    actions.note(plain, by=omar, at=MONDAY_9 + minutes(1), message="The okapi did it.")
    other = factories.make_person("Olga Other")
    expected: dict[User, list[str]] = {
        dana: [hidden.subject, plain.subject],
        omar: [plain.subject],
        lena: [plain.subject],
        inside: [hidden.subject, plain.subject],
        kai: [],
        other: [],
    }
    for reader, subjects in expected.items():
        client = signed_in(reader)
        assert found(client, q="zebra") == subjects, reader
        assert found(client, person=dana.email) == subjects, reader
        assert found(client, department="it") == subjects, reader
        assert found(client, status="open") == subjects, reader
        for one in (plain, hidden):
            seen = one.subject in subjects
            assert (one.subject in found(client, q=one.reference)) is seen, (reader, one)
    readers_of_notes = [one for one in expected if found(signed_in(one), q="okapi")]
    assert readers_of_notes == [omar, lena, inside]


def test_a_request_speaks_in_the_words_of_the_readers_side(
    dana: User, omar: User, laptop: Service, signed_in: SignIn
) -> None:
    factories.make_service_request(laptop, by=dana, subject="Zebra")
    factories.make_service_request(laptop, by=omar, subject="Zebra of omar")
    assert "IT · Received" in words(signed_in(dana).get("/search/", {"q": "zebra"}))
    assert "Dana Byrne · IT · New" in words(signed_in(omar).get("/search/", {"q": "zebra"}))


def test_requests_are_narrowed_by_department_status_person_and_dates(
    dana: User, omar: User, kai: User, hr: Department, laptop: Service, signed_in: SignIn
) -> None:
    pay = factories.make_service(hr, name="Pay")
    client = signed_in(dana)
    old = factories.make_service_request(
        laptop, by=dana, subject="Old laptop", at=MONDAY_9 - timedelta(days=10)
    )
    factories.make_service_request(laptop, by=dana, subject="Laptop")
    factories.make_service_request(pay, by=dana, subject="Pay")
    actions.take(old, by=omar, at=MONDAY_9)
    assert found(client, department="people") == ["Pay"]
    assert found(client, department="finance") == ["Pay", "Laptop", "Old laptop"]
    assert found(client, status="in_progress") == ["Old laptop"]
    assert found(client, status="open", q="laptop") == ["Laptop", "Old laptop"]
    assert found(client, status="closed") == []
    for someone in ("omar@desk.example", "OMAR QUINN", omar.employee_number):
        assert found(client, person=someone) == ["Old laptop"], someone
    assert found(client, until="2026-11-06") == ["Old laptop"]
    assert found(client, until="2026-11-05") == []
    assert found(client, since="2026-11-16") == ["Pay", "Laptop"]
    assert found(client, since="2026-11-06", until="2026-11-16", status="in_progress", q="old")
    response = client.get("/search/", {"status": "open", "since": "2026-11-16", "q": "laptop"})
    assert "1 found: all that are open, since 16 November 2026" in words(response)
    assert "Services" not in [
        section for section in words(response).split() if section == "Service"
    ]
    assert response.context["found"].services == []
    assert_sound(response)


def test_a_filter_that_cannot_be_is_said_beside_its_field_and_finds_nothing(
    dana: User, laptop: Service, signed_in: SignIn
) -> None:
    factories.make_service_request(laptop, by=dana, subject="Laptop")
    client = signed_in(dana)
    for wrong, said in [
        ({"person": "nobody@desk.example"}, "We know nobody with this address, number or name."),
        ({"since": "yesterday"}, "Enter a valid date."),
        ({"since": "2026-11-20", "until": "2026-11-01"}, "This day comes before the other."),
        ({"department": "atlantis"}, "Select a valid choice."),
    ]:
        response = client.get("/search/", wrong)
        assert said in words(response)
        assert "Please put the filter right" in words(response)
        assert found(client, **wrong) == []
        assert_sound(response)
    assert found(client, until="9999-12-31") == ["Laptop"]
    assert found(client, since="0001-01-01") == ["Laptop"]


def test_more_than_two_hundred_are_not_counted_and_none_is_shown_twice(
    dana: User, laptop: Service, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [factories.make_service_request(laptop, by=dana, subject=f"Z{n}") for n in range(60)]
    client = signed_in(dana)
    asked = {"q": "z", "status": "open"}
    first = client.get("/search/", asked).context["found"].requests
    assert first.count == "60"
    rest = client.get("/search/" + first.page.older).context["found"].requests
    shown = [row.service_request for row in [*first.rows.rows, *rest.rows.rows]]
    assert shown == made[::-1]
    monkeypatch.setattr(request_search, "MOST", 40)
    monkeypatch.setattr(request_search.find, "__kwdefaults__", {"most": 40})
    many = client.get("/search/", asked).context["found"].requests
    assert (many.count, len(many.rows.rows)) == ("40+", 40)


@pytest.mark.parametrize("reader", ["dana", "omar"])
def test_a_search_takes_the_same_queries_for_one_and_for_thirty(
    reader: str, request: Any, dana: User, omar: User, laptop: Service, signed_in: SignIn
) -> None:
    client = signed_in(request.getfixturevalue(reader))
    factories.make_service_request(laptop, by=dana, subject="Zebra laptop")
    few = queries(client, "/search/?q=laptop")
    for number in range(30):
        factories.make_service_request(laptop, by=dana, subject=f"Zebra laptop {number}")
        factories.make_service(laptop.department, name=f"Laptop {number}")
        factories.make_person(f"Laptop {number}", department=laptop.department)
    assert (
        queries(client, "/search/?q=laptop") == few <= 23
    )  # one of them counts how often one searches


def test_one_person_cannot_search_without_end(
    dana: User, laptop: Service, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.RATE_LIMITS, "search", "2/m/user")
    client = signed_in(dana)
    statuses = [client.get("/search/", {"q": "laptop"}).status_code for _time in range(3)]
    assert statuses == [200, 200, 429]
