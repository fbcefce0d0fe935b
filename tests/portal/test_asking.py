from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from catalogue.models import Service
from people.models import Department, User
from requests_app.models import ServiceRequest
from tests import factories
from tests.beforehand import beforehand
from tests.portal.conftest import SignIn
from tests.portal.reading import assert_sound, queries, words

ADDRESS = "/services/it/everything/"

FIELDS: list[dict[str, Any]] = [
    {"key": "name", "kind": "short_text", "label": "In a few words", "required": True},
    {"key": "story", "kind": "long_text", "label": "The story", "help": "As you like."},
    {"key": "number", "kind": "number", "label": "How many?"},
    {"key": "day", "kind": "date", "label": "When?"},
    {"key": "model", "kind": "choice", "label": "Which one?", "choices": ["Light", "Studio"]},
    {
        "key": "language", "kind": "choice", "label": "Which language?",
        "choices": ["da", "de", "en", "es", "fr", "pl", "pt"],
    },
    {
        "key": "programs", "kind": "choices", "label": "Which programs?",
        "choices": ["Draw", "Film", "Write"],
    },
    {"key": "old", "kind": "yes_no", "label": "Is there an old one?"},
    {
        "key": "old_number", "kind": "short_text", "label": "What stands on it?", "required": True,
        "shown_when": ["old", "yes"],
    },
    {"key": "boss", "kind": "person", "label": "Who pays?"},
    {"key": "owner", "kind": "department", "label": "Whose is it?"},
    {
        "key": "cost", "kind": "number", "label": "Our own cost", "provider_only": True,
        "required": True,
    },
]  # fmt: skip


@pytest.fixture
@beforehand
def everything(it: Department) -> Service:
    """A service whose form has a question of every kind."""
    return factories.make_service(
        it, slug="everything", name="Everything", fields=FIELDS, subject_field="name"
    )


def sent(**given: Any) -> dict[str, Any]:
    """What a browser sends."""
    return {
        "q_name": "A small thing", "impact": "me", "urgency": "soon", "requester": "",
        "key": str(uuid.uuid4()),
    } | given  # fmt: skip


def test_every_kind_of_question_is_on_the_form(
    dana: User, everything: Service, signed_in: SignIn
) -> None:
    response = signed_in(dana).get(ADDRESS)
    page = response.content.decode()
    assert_sound(response)
    for one in FIELDS[:-1]:
        assert f'name="q_{one["key"]}"' in page, one["key"]
        assert one["label"] in page
    assert "Our own cost" not in page
    assert 'type="date" name="q_day"' in page
    assert page.count('type="checkbox" name="q_programs"') == 3
    assert page.count('type="radio" name="q_model"') == 2
    assert '<select name="q_language"' in page
    assert 'hx-get="/people/suggest/"' in page


def test_a_question_that_depends_on_another_says_so_without_script(
    dana: User, everything: Service, signed_in: SignIn
) -> None:
    response = signed_in(dana).get(ADDRESS)
    assert "Only if you answered “Yes” to “Is there an old one?”." in words(response)
    assert 'data-when="q_old" data-answer="yes"' in response.content.decode()


def test_sending_the_form_makes_a_request_and_says_when_it_is_ready(
    dana: User, kai: User, hr: Department, everything: Service, signed_in: SignIn
) -> None:
    client = signed_in(dana)
    given = sent(
        q_story="Long.", q_number="12,5", q_day="2026-12-01", q_model="Studio", q_language="pt",
        q_programs=["Film", "Draw"], q_old="yes", q_old_number="4711", q_boss="KAI@desk.example",
        q_owner=str(hr.pk),
    )  # fmt: skip
    response = client.post(ADDRESS, given)
    one = ServiceRequest.objects.get()
    assert response.status_code == 302
    assert response["Location"] == one.get_absolute_url()
    assert (one.subject, one.requester, one.priority) == ("A small thing", dana, "P4")
    assert one.answers == {
        "name": "A small thing", "story": "Long.", "number": "12.5", "day": "2026-12-01",
        "model": "Studio", "language": "pt", "programs": ["Draw", "Film"], "old": True,
        "old_number": "4711", "boss": kai.pk, "owner": hr.pk,
    }  # fmt: skip
    told = f"IT has your request, {one.reference}: ready by Monday 23 November, 11:30."
    assert told in words(client.get("/"))


def test_a_question_that_was_not_asked_is_neither_missed_nor_kept(
    dana: User, everything: Service, signed_in: SignIn
) -> None:
    response = signed_in(dana).post(ADDRESS, sent(q_old="no", q_old_number="4711"))
    assert response.status_code == 302
    assert ServiceRequest.objects.get().answers == {"name": "A small thing", "old": False}


def test_a_question_that_was_asked_must_be_answered(
    dana: User, everything: Service, signed_in: SignIn
) -> None:
    response = signed_in(dana).post(ADDRESS, sent(q_old="yes"))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["q_old_number"]


def test_sending_twice_makes_one_request(
    dana: User, everything: Service, signed_in: SignIn
) -> None:
    client, given = signed_in(dana), sent()
    assert client.post(ADDRESS, given)["Location"] == client.post(ADDRESS, given)["Location"]
    assert ServiceRequest.objects.count() == 1


def test_the_form_of_someone_else_makes_no_request(
    dana: User, omar: User, everything: Service, signed_in: SignIn
) -> None:
    given = sent()
    signed_in(omar).post(ADDRESS, given)
    response = signed_in(dana).post(ADDRESS, given)
    assert response.status_code == 422
    assert "This form was sent before. Please open it anew." in words(response)
    assert given["key"] not in response.content.decode()
    assert ServiceRequest.objects.count() == 1


def test_all_errors_stand_on_top_and_beside_their_fields_and_what_was_typed_is_kept(
    dana: User, everything: Service, signed_in: SignIn
) -> None:
    given = sent(
        q_name="", q_story="Kept as typed <b>", q_number="a dozen", q_day="31/12/2026",
        q_model="Studio", q_programs=["Film"], q_old="yes", q_old_number="",
        q_boss="nobody@x.example",
    )  # fmt: skip
    response = signed_in(dana).post(ADDRESS, given)
    page = response.content.decode()
    assert response.status_code == 422
    assert_sound(response)
    assert set(response.context["form"].errors) == {
        "q_name", "q_number", "q_day", "q_old_number", "q_boss",
    }  # fmt: skip
    assert "5 things to put right" in words(response)
    for name in ("q_name", "q_number", "q_day", "q_old_number", "q_boss"):
        assert f'href="#id_{name}"' in page
        assert f'id="id_{name}_error"' in page
    assert 'value="a dozen"' in page
    assert 'value="31/12/2026"' in page
    assert 'value="nobody@x.example"' in page
    assert "Kept as typed &lt;b&gt;" in page
    assert 'value="Studio" id="id_q_model_1" checked' in page
    assert 'value="Film"' in page
    assert given["key"] in page
    assert ServiceRequest.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("q_name", "x" * 201),
        ("q_name", "a\x00b"),
        ("q_story", "x" * 20_001),
        ("q_story", "a\x00b"),
        ("q_number", "Infinity"),
        ("q_number", "1" * 400),
        ("q_day", "2026-02-30"),
        ("q_day", "\x00"),
        ("q_model", "Forged"),
        ("q_model", ["Light", "Forged"]),
        ("q_language", "xx"),
        ("q_programs", ["Film", "Forged"]),
        ("q_old", "perhaps"),
        ("q_boss", "no-such@desk.example"),
        ("q_boss", "a\x00b"),
        ("q_boss", "1"),
        ("q_owner", "987654321"),
        ("q_owner", "IT"),
        ("q_owner", "9" * 30),
        ("impact", "huge"),
        ("impact", ""),
        ("urgency", "\x00"),
        ("requester", "no-such@desk.example"),
        ("requester", "x" * 300),
        ("requester", "a\x00b"),
        ("key", "not-a-number"),
        ("key", ""),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(
    name: str, value: Any, dana: User, everything: Service, signed_in: SignIn
) -> None:
    response = signed_in(dana).post(ADDRESS, sent(**{name: value}))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [name]
    assert ServiceRequest.objects.count() == 0


def test_answers_to_questions_that_were_never_asked_are_left_out(
    dana: User, everything: Service, signed_in: SignIn
) -> None:
    response = signed_in(dana).post(ADDRESS, sent(q_cost="1", q_other="x", status="closed"))
    assert response.status_code == 302
    assert ServiceRequest.objects.get().answers == {"name": "A small thing"}


def test_an_empty_form_is_refused(dana: User, everything: Service, signed_in: SignIn) -> None:
    response = signed_in(dana).post(ADDRESS, {})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"q_name", "impact", "urgency", "key"}


def test_a_form_that_had_lost_its_number_gets_a_new_one(
    dana: User, everything: Service, signed_in: SignIn
) -> None:
    client = signed_in(dana)
    response = client.post(ADDRESS, sent(key="lost"))
    new = response.context["form"]["key"].value()
    assert uuid.UUID(new)
    assert client.post(ADDRESS, sent(key=new)).status_code == 302


@pytest.mark.parametrize("how", ["email", "employee_number"])
def test_one_asks_for_a_colleague_by_address_or_number(
    how: str, dana: User, kai: User, everything: Service, signed_in: SignIn
) -> None:
    signed_in(dana).post(ADDRESS, sent(requester=getattr(kai, how)))
    one = ServiceRequest.objects.get()
    assert (one.requester, one.filed_by) == (kai, dana)
    assert one.client_department_id == kai.department_id


def test_who_has_left_cannot_be_asked_for(
    dana: User, kai: User, everything: Service, signed_in: SignIn
) -> None:
    kai.is_active = False
    kai.save(update_fields=["is_active"])
    response = signed_in(dana).post(ADDRESS, sent(requester=kai.email, q_boss=kai.email))
    assert set(response.context["form"].errors) == {"requester", "q_boss"}


def test_a_colleague_who_may_not_ask_for_it_cannot_be_asked_for(
    dana: User, kai: User, everything: Service, signed_in: SignIn
) -> None:
    everything.for_everyone = False
    everything.save(update_fields=["for_everyone"])
    everything.audience.add(dana.department)
    response = signed_in(dana).post(ADDRESS, sent(requester=kai.email))
    assert response.status_code == 422
    assert "Kai Santos cannot ask for this service." in words(response)


def test_the_promise_on_a_refused_form_is_that_of_what_was_chosen(
    dana: User, everything: Service, signed_in: SignIn
) -> None:
    response = signed_in(dana).post(ADDRESS, sent(q_name="", urgency="now"))
    assert "Ready by Thursday 19 November, 10:30" in words(response)


def test_a_form_without_its_token_is_refused(dana: User, everything: Service) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(dana)
    assert client.post(ADDRESS, sent()).status_code == 403
    assert ServiceRequest.objects.count() == 0


def test_a_form_with_fifty_questions_takes_the_queries_of_one_with_one(
    dana: User, it: Department, signed_in: SignIn
) -> None:
    def fields(number: int) -> list[dict[str, Any]]:
        return [
            {"key": f"f{i}", "kind": "long_text", "label": "Question " * 9, "help": "help " * 40}
            for i in range(number)
        ]

    factories.make_service(it, slug="short", fields=fields(1))
    factories.make_service(it, slug="long", fields=fields(50))
    client = signed_in(dana)
    assert queries(client, "/services/it/short/") == queries(client, "/services/it/long/")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("kai", ["kai@desk.example"]),
        ("SANT", ["kai@desk.example"]),
        ("dana@", ["dana@desk.example"]),
        ("zofia kr", ["zofia@desk.example"]),
        ("krol", ["zofia@desk.example"]),
        ("E7", ["zofia@desk.example"]),
        ("k", []),
        ("", []),
        ("\x00\x00", []),
        ("%", []),
        ("xyzzy", []),
        ("x" * 9000, []),
    ],
)
def test_colleagues_are_offered_by_the_beginning_of_name_address_or_number(
    typed: str, found: list[str], dana: User, kai: User, signed_in: SignIn
) -> None:
    people = kai.department
    factories.make_person(
        "Zofia Król", department=people, email="zofia@desk.example", employee_number="E7"
    )
    factories.make_person("Kaito Left", department=kai.department, is_active=False)
    response = signed_in(dana).get("/people/suggest/", {"q": typed})
    offered = [person.email for person in response.context["colleagues"]]
    assert offered == found
    assert signed_in(dana).get("/people/suggest/", {"q_boss": typed}).content == response.content


def test_at_most_ten_colleagues_are_offered(dana: User, hr: Department, signed_in: SignIn) -> None:
    for _ in range(12):
        factories.make_person("Same Name", department=hr)
    response = signed_in(dana).get("/people/suggest/", {"q": "same"})
    assert response.content.decode().count("<option") == 10


def test_colleagues_are_not_told_to_strangers(db: None) -> None:
    assert Client().get("/people/suggest/", {"q": "dana"}).status_code == 302
