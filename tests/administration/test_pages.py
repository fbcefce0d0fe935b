"""Administrators keep organisation, departments, people and roles; nobody else sees the pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue.models import Service
from people import actions as people_actions
from people.models import (
    AuditEntry,
    Department,
    Management,
    Membership,
    Organisation,
    Team,
    User,
)
from requests_app import actions
from requests_app.models import ServiceRequest
from tests import factories
from tests.times import MONDAY_9, MONDAY_10, TUESDAY_9

pytestmark = pytest.mark.django_db

SHOWN = (
    "/administration/organisation/",
    "/administration/departments/",
    "/administration/departments/new/",
    "/administration/departments/{department}/",
    "/administration/teams/{team}/",
    "/administration/people/",
    "/administration/people/new/",
    "/administration/people/{person}/",
    "/administration/people/{person}/leave/",
    "/administration/directory/",
    "/administration/audit/",
    "/administration/audit/changes.csv",
)
SENT = (
    "/administration/departments/{department}/teams/",
    "/administration/teams/{team}/members/",
    "/administration/teams/{team}/remove/",
    "/administration/people/{person}/return/",
    "/administration/people/{person}/leave/",
    "/administration/people/{person}/teams/",
    "/administration/people/{person}/figures/",
    "/administration/people/{person}/administrator/",
    "/administration/people/{person}/password/",
    "/administration/people/{person}/second-factor/",
    "/administration/memberships/{membership}/lead/",
    "/administration/memberships/{membership}/remove/",
    "/administration/organisation/",
    "/administration/departments/new/",
    "/administration/people/new/",
    "/administration/directory/",
)


def _address(page: str, person: User) -> str:
    membership = Membership.objects.filter(user=person).first()
    return page.format(
        department=person.department_id,
        person=person.pk,
        team=membership.team_id if membership else 0,
        membership=membership.pk if membership else 0,
    )


def _last(kind: str) -> AuditEntry:
    entry = AuditEntry.objects.filter(kind=kind).first()
    assert entry is not None
    return entry


@pytest.mark.parametrize("page", SHOWN)
def test_the_pages_open_for_administrators_alone(
    page: str, as_ada: Client, client: Client, omar: User, lena: User, dana: User
) -> None:
    address = _address(page, omar)
    assert as_ada.get(address).status_code == 200
    assert client.get(address)["Location"].startswith("/accounts/login/")
    manager = factories.make_manager()
    for other in (dana, omar, lena, manager):
        client.force_login(other)
        assert client.get(address).status_code == 403


@pytest.mark.parametrize("page", SENT)
def test_nobody_else_changes_anything(page: str, client: Client, omar: User, lena: User) -> None:
    address = _address(page, omar)
    before = AuditEntry.objects.count()
    assert client.post(address)["Location"].startswith("/accounts/login/")
    for other in (omar, lena):
        client.force_login(other)
        assert client.post(address, {"is_administrator": "1"}).status_code == 403
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("page", ["people", "departments", "audit"])
def test_a_long_list_costs_as_many_queries_as_a_short_one(page: str, as_ada: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert as_ada.get(f"/administration/{page}/").status_code == 200
        return len(queries)

    def grow(number: int) -> None:
        ada = User.objects.get(is_administrator=True)
        for _ in range(number):
            department = people_actions.add_department(_department(), by=ada, at=MONDAY_9)
            team = people_actions.add_team(department, "Team", by=ada, at=MONDAY_9)
            person = factories.make_agent(team)
            people_actions.make_manager(person, department, by=ada, at=MONDAY_9)
            people_actions.change_person(
                person, {"department": ada.department}, by=ada, at=MONDAY_9
            )

    grow(1)
    cost()
    one = cost()
    grow(29)
    assert cost() == one
    assert one <= 14


_number = iter(range(1, 1000))


def _department(**given: Any) -> dict[str, Any]:
    number = next(_number)
    return {
        "name": f"Department {number}",
        "key": f"N{number:04}",
        "slug": f"department-{number}",
        "zone": "Europe/Lisbon",
        "country": "PT",
    } | given


# -- Organisation, departments, teams ------------------------------------------------------------


def test_the_organisation_gets_another_name(as_ada: Client, ada: User) -> None:
    given = {"name": "Pine & Harbour", "reporting_zone": "Europe/Lisbon"}
    assert as_ada.post("/administration/organisation/", given).status_code == 302
    assert Organisation.objects.get().name == "Pine & Harbour"
    entry = _last("organisation")
    assert entry.actor == ada
    assert entry.changes["name"] == ["Harbour & Pine", "Pine & Harbour"]


def test_a_new_department_meets_nobody_with_a_dead_end(as_ada: Client) -> None:
    given = _department(name="Facilities", key="FAC", slug="", icon="wrench")
    answer = as_ada.post("/administration/departments/new/", given)
    made = Department.objects.get(key="FAC")
    assert answer["Location"] == f"/administration/departments/{made.pk}/"
    assert made.slug == "facilities"
    general = Service.objects.get(department=made)
    assert (general.is_general, general.life) == (True, "published")
    assert made.teams.count() == 1
    assert _last("department").changes["key"] == [None, "FAC"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Say what the department is called"),
        ({"name": "IT"}, "already exists"),
        ({"key": "it"}, "Two to six capital letters"),
        ({"key": "IT"}, "already exists"),
        ({"slug": "it"}, "already exists"),
        ({"slug": "a b"}, "Small letters, digits and hyphens"),
        ({"zone": "Mars/Olympus"}, "Choose one of the time zones"),
        ({"country": "ZZ"}, "Choose one of the countries"),
        ({"country": "DE", "subdivision": "XX"}, "One of:"),
        ({"parent": "999999"}, "Choose one of the departments"),
        ({"name": "x" * 81}, "at most 80"),
    ],
)
def test_a_department_that_will_not_do_is_refused(
    as_ada: Client, it: Department, wrong: dict[str, str], words: str
) -> None:
    before = Department.objects.count()
    given = _department() | {"icon": "wrench"} | wrong
    answer = as_ada.post("/administration/departments/new/", given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Department.objects.count() == before


def test_a_department_is_never_part_of_itself(as_ada: Client, it: Department) -> None:
    below = factories.make_department("SUB", parent=it)
    further = factories.make_department("SUBB", parent=below)
    given = {"name": it.name, "key": "IT", "slug": "it", "zone": it.zone, "country": "IE"}
    for parent in (below, further):
        answer = as_ada.post(
            f"/administration/departments/{it.pk}/",
            given | {"icon": "laptop", "parent": str(parent.pk)},
        )
        assert answer.status_code == 422
        assert "is part of this department" in answer.content.decode()
    it.refresh_from_db()
    assert it.parent is None


def test_a_key_is_fixed_once_a_reference_bears_it(as_ada: Client, laptop: Service) -> None:
    it = laptop.department
    given = {"name": "IT", "key": "TEC", "slug": "it", "zone": it.zone, "country": "IE"}
    given["icon"] = "laptop"
    address = f"/administration/departments/{it.pk}/"
    assert as_ada.post(address, given).status_code == 302
    it.refresh_from_db()
    assert it.key == "TEC"
    assert _last("department").changes["key"] == ["IT", "TEC"]
    factories.make_service_request(laptop)
    given["key"] = "IT"
    assert as_ada.post(address, given | {"name": "Tech"}).status_code == 302
    it.refresh_from_db()
    assert (it.key, it.name) == ("TEC", "Tech")


def test_a_team_comes_is_renamed_and_goes(as_ada: Client, it: Department) -> None:
    answer = as_ada.post(f"/administration/departments/{it.pk}/teams/", {"name": "Second line"})
    team = Team.objects.get(name="Second line")
    assert answer["Location"] == f"/administration/teams/{team.pk}/"
    assert as_ada.post(f"/administration/teams/{team.pk}/", {"name": "Night"}).status_code == 302
    assert Team.objects.get(pk=team.pk).name == "Night"
    again = as_ada.post(f"/administration/departments/{it.pk}/teams/", {"name": "night"})
    assert again.status_code == 422
    as_ada.post(f"/administration/teams/{team.pk}/remove/")
    assert not Team.objects.filter(pk=team.pk).exists()
    assert [one.deed for one in AuditEntry.objects.filter(kind="team")] == [
        "deleted",
        "changed",
        "created",
    ]


def test_a_team_with_members_or_services_stays(
    as_ada: Client, omar: User, it_team: Team, laptop: Service
) -> None:
    answer = as_ada.post(f"/administration/teams/{it_team.pk}/remove/", follow=True)
    assert "Someone is still in this team" in answer.content.decode()
    Membership.objects.all().delete()
    answer = as_ada.post(f"/administration/teams/{it_team.pk}/remove/", follow=True)
    assert "Services or requests are this team" in answer.content.decode()
    assert Team.objects.filter(pk=it_team.pk).exists()


def test_a_colleague_comes_into_a_team_by_address_or_number(
    as_ada: Client, it_team: Team, dana: User
) -> None:
    address = f"/administration/teams/{it_team.pk}/members/"
    assert as_ada.post(address, {"who": "nobody@desk.example"}).status_code == 422
    assert as_ada.post(address, {"who": "DANA@desk.example"}).status_code == 302
    assert Membership.objects.get(user=dana).team == it_team
    assert as_ada.post(address, {"who": dana.employee_number}).status_code == 422  # is in it


# -- People --------------------------------------------------------------------------------------


def test_people_are_found_by_name_address_and_number(as_ada: Client, dana: User, kai: User) -> None:
    for words in ("byrne", "dana@desk", dana.employee_number):
        page = as_ada.get("/administration/people/", {"q": words}).content.decode()
        assert "Dana Byrne" in page
        assert "Kai Santos" not in page
    narrowed = as_ada.get("/administration/people/", {"department": str(kai.department_id)})
    assert "Kai Santos" in narrowed.content.decode()
    assert "Dana Byrne" not in narrowed.content.decode()
    for odd in ("\x00", "%", "_", "x" * 5000, "'"):
        assert as_ada.get("/administration/people/", {"q": odd}).status_code == 200
    assert as_ada.get("/administration/people/?department=9" + "9" * 30).status_code == 200


def test_everyone_is_reached_page_by_page(as_ada: Client, it: Department) -> None:
    for number in range(120):
        factories.make_person(f"Same Name {number % 7}", department=it)
    seen: list[str] = []
    address = "/administration/people/"
    for _ in range(5):
        answer = as_ada.get(address)
        seen += [one.employee_number for one in answer.context["page"].rows]
        if not answer.context["page"].older:
            break
        address = "/administration/people/" + answer.context["page"].older
    assert len(seen) == len(set(seen)) == User.objects.count()


def test_a_new_person_gets_in_by_the_link_of_a_mail(
    as_ada: Client, client: Client, it: Department
) -> None:
    given = {
        "name": "Nia New",
        "employee_number": "77",
        "email": "Nia@Desk.example",
        "department": str(it.pk),
    }
    answer = as_ada.post("/administration/people/new/", given)
    nia = User.objects.get(employee_number="77")
    assert answer["Location"] == f"/administration/people/{nia.pk}/"
    assert (nia.email, nia.has_usable_password()) == ("nia@desk.example", False)
    as_ada.post(f"/administration/people/{nia.pk}/password/")
    link = next(
        word for word in mail.outbox[-1].body.split() if word.startswith("http://testserver")
    )
    page = client.get(link.removeprefix("http://testserver"), follow=True)
    new = {"password1": "salt and harbours", "password2": "salt and harbours"}
    assert client.post(page.redirect_chain[-1][0], new).status_code == 302
    given = {"login": "nia@desk.example", "password": "salt and harbours"}
    assert client.post("/accounts/login/", given).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Say who it is"),
        ({"employee_number": ""}, "Enter the employee number"),
        ({"email": "nobody"}, "Write an address like"),
        ({"email": "Dana@Desk.example"}, "already exists"),
        ({"department": "0"}, "Choose one of the departments"),
        ({"name": "\x00"}, "Null characters"),
        ({"name": "x" * 121}, "at most 120"),
    ],
)
def test_a_person_who_will_not_do_is_refused(
    as_ada: Client, dana: User, wrong: dict[str, str], words: str
) -> None:
    given = {
        "name": "Nia New",
        "employee_number": "77",
        "email": "nia@desk.example",
        "department": str(dana.department_id),
    }
    before = User.objects.count()
    answer = as_ada.post("/administration/people/new/", given | wrong)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert User.objects.count() == before


def test_a_change_of_a_person_is_written_down(as_ada: Client, dana: User, it: Department) -> None:
    given = {
        "name": "Dana Byrne-Lee",
        "employee_number": dana.employee_number,
        "email": dana.email,
        "department": str(it.pk),
    }
    assert as_ada.post(f"/administration/people/{dana.pk}/", given).status_code == 302
    assert _last("user").changes == {
        "name": ["Dana Byrne", "Dana Byrne-Lee"],
        "department": [dana.department_id, it.pk],
    }


def test_who_leaves_cannot_sign_in_and_open_work_returns_to_the_queue(
    as_ada: Client, client: Client, ada: User, omar: User, dana: User, laptop: Service
) -> None:
    taken = factories.make_service_request(laptop, by=dana)
    actions.take(taken, by=omar, at=MONDAY_9)
    waiting = factories.make_service_request(laptop, by=dana)
    actions.take(waiting, by=omar, at=MONDAY_9)
    actions.ask(
        waiting, message="Which one?", look_again_on=TUESDAY_9.date(), by=omar, at=MONDAY_10
    )
    done = factories.make_service_request(laptop, by=dana)
    actions.take(done, by=omar, at=MONDAY_9)
    actions.resolve(done, message="Here it is.", by=omar, at=MONDAY_10)
    client.force_login(omar)
    assert client.get("/").status_code == 200
    asked = as_ada.get(f"/administration/people/{omar.pk}/leave/").content.decode()
    assert "2 open requests of theirs go back" in asked
    answer = as_ada.post(f"/administration/people/{omar.pk}/leave/", follow=True)
    assert "2 requests went back to the queue" in answer.content.decode()
    now = {
        one.pk: (one.status, one.assignee_id)
        for one in ServiceRequest.objects.filter(pk__in=[taken.pk, waiting.pk, done.pk])
    }
    assert now == {
        taken.pk: ("new", None),
        waiting.pk: ("waiting_requester", None),
        done.pk: ("resolved", omar.pk),
    }
    assert [one.actor for one in taken.events.filter(kind="released")] == [ada]
    assert client.get("/").status_code == 302  # signed out
    omar.refresh_from_db()
    assert not omar.is_active
    assert not Membership.objects.filter(user=omar).exists()
    assert _last("user").deed == "left"
    as_ada.post(f"/administration/people/{omar.pk}/return/")
    omar.refresh_from_db()
    assert omar.is_active


def test_roles_are_given_and_taken(as_ada: Client, dana: User, it_team: Team) -> None:
    person = f"/administration/people/{dana.pk}/"
    assert as_ada.post(f"{person}teams/", {"join-team": str(it_team.pk)}).status_code == 302
    membership = Membership.objects.get(user=dana)
    as_ada.post(f"/administration/memberships/{membership.pk}/lead/", {"is_lead": "1"})
    membership.refresh_from_db()
    assert membership.is_lead
    assert _last("membership").changes == {"is_lead": [False, True]}
    assert (
        as_ada.post(f"{person}figures/", {"manage-department": "organisation"}).status_code == 302
    )
    assert (
        as_ada.post(f"{person}figures/", {"manage-department": "organisation"}).status_code == 422
    )
    assert as_ada.post(f"{person}figures/", {"manage-department": "x"}).status_code == 422
    management = Management.objects.get(user=dana)
    assert management.department is None
    as_ada.post(f"/administration/figures/{management.pk}/remove/")
    as_ada.post(f"/administration/memberships/{membership.pk}/remove/")
    assert not Membership.objects.filter(user=dana).exists()
    assert not Management.objects.exists()
    assert (_last("membership").deed, _last("management").deed) == ("deleted", "deleted")


def test_who_leaves_the_last_team_of_a_department_leaves_its_work(
    as_ada: Client, omar: User, laptop: Service
) -> None:
    taken = factories.make_service_request(laptop)
    actions.take(taken, by=omar, at=MONDAY_9)
    membership = Membership.objects.get(user=omar)
    answer = as_ada.post(
        f"/administration/memberships/{membership.pk}/remove/", {"from": "team"}, follow=True
    )
    assert "1 request went back to the queue" in answer.content.decode()
    taken.refresh_from_db()
    assert (taken.status, taken.assignee_id) == ("new", None)


def test_the_last_administrator_stays_one(as_ada: Client, ada: User, dana: User) -> None:
    mine = f"/administration/people/{ada.pk}/"
    for deed in ("leave/", "administrator/"):
        answer = as_ada.post(f"{mine}{deed}", {"is_administrator": "0"}, follow=True)
        assert "is the only administrator" in answer.content.decode()
    ada.refresh_from_db()
    assert ada.is_administrator
    assert ada.is_active
    as_ada.post(f"/administration/people/{dana.pk}/administrator/", {"is_administrator": "1"})
    assert as_ada.post(f"{mine}administrator/", {"is_administrator": "0"}).status_code == 302
    assert list(User.objects.filter(is_administrator=True)) == [dana]
    assert as_ada.get("/administration/people/").status_code == 403


def test_departments_stand_by_name_below_what_they_are_part_of(as_ada: Client) -> None:
    zoo = factories.make_department("ZOO", name="Zoo")
    factories.make_department("CAT", name="Cats", parent=zoo)
    factories.make_department("BEE", name="Bees")
    rows = as_ada.get("/administration/departments/").context["rows"]
    assert [(one.name, one.depth) for one in rows] == [
        ("Administration", 0),
        ("Bees", 0),
        ("Zoo", 0),
        ("Cats", 1),
    ]


def test_a_shortened_address_leads_to_the_first_of_these_pages(
    as_ada: Client, client: Client, dana: User
) -> None:
    answer = as_ada.get("/administration/")
    assert (answer.status_code, answer["Location"]) == (302, "/administration/people/")
    client.force_login(dana, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/administration/").status_code == 403


def test_the_way_to_these_pages_stands_in_an_administrators_side_bar(
    as_ada: Client, client: Client, dana: User
) -> None:
    assert 'href="/administration/audit/"' in as_ada.get("/").content.decode()
    client.force_login(dana)
    assert "/administration/" not in client.get("/").content.decode()
