"""May she, and which rows: both answers come from one rule and must agree."""

from __future__ import annotations

import pytest

from catalogue.models import Service
from people.access import standing
from people.models import Department, User
from requests_app import access, actions
from requests_app.lifecycle import Role, Status
from requests_app.models import ServiceRequest
from tests.beforehand import beforehand
from tests.factories import (
    make_agent,
    make_department,
    make_manager,
    make_person,
    make_service,
    make_service_request,
    make_team,
)
from tests.times import MONDAY_10

pytestmark = pytest.mark.django_db


def again(person: User) -> User:
    """The person as the next page load finds them."""
    return User.objects.get(pk=person.pk)


@pytest.fixture
@beforehand
def crowd(
    it: Department, finance: Department, dana: User, omar: User, lena: User, kai: User
) -> dict[str, User]:
    """Everyone who could be something to a request."""
    return {
        "requester": dana,
        "agent": omar,
        "lead": lena,
        "stranger": kai,
        "colleague": make_person(department=finance),
        "participant": make_person(),
        "approver": make_person(),
        "other team": make_agent(make_team(it)),
        "other team's lead": make_agent(make_team(it), is_lead=True),
        "client's lead": make_agent(make_team(finance), is_lead=True),
        "manager": make_manager(it),
        "manager of all": make_manager(None),
        "administrator": make_person(is_administrator=True),
    }


@pytest.fixture
@beforehand
def requests(crowd: dict[str, User], it: Department, laptop: Service) -> dict[str, ServiceRequest]:
    """One request of each sort."""
    secret = make_service(it, team=laptop.team, restricted=True)
    elsewhere = make_service()

    def shared(service: Service) -> ServiceRequest:
        request = make_service_request(service, by=crowd["requester"])
        actions.share(request, user=crowd["participant"], by=crowd["requester"], at=MONDAY_10)
        return actions.ask_approval(
            request, approver=crowd["approver"], by=crowd["agent"], at=MONDAY_10
        )

    def handed_on(service: Service) -> ServiceRequest:
        request = make_service_request(service, by=crowd["requester"])
        return actions.transfer(
            request, service=elsewhere, reason="Not ours.", by=crowd["agent"], at=MONDAY_10
        )

    return {
        "plain": shared(laptop),
        "restricted": shared(secret),
        "transferred": handed_on(laptop),
        "restricted and transferred": handed_on(secret),
    }


SEEN_BY = {
    "plain": {
        "requester", "agent", "lead", "participant", "approver", "other team", "other team's lead",
        "manager", "manager of all",
    },
    "restricted": {"requester", "agent", "lead", "participant", "approver"},
    "transferred": {
        "requester", "agent", "lead", "other team", "other team's lead", "manager of all",
    },
    "restricted and transferred": {"requester"},
}  # fmt: skip


@pytest.mark.parametrize("sort", sorted(SEEN_BY))
def test_a_request_is_seen_by_those_concerned_and_by_nobody_else(
    sort: str, crowd: dict[str, User], requests: dict[str, ServiceRequest]
) -> None:
    request = requests[sort]
    by_rows = {who for who, person in crowd.items() if request in access.visible_to(again(person))}
    by_roles = {who for who, person in crowd.items() if access.roles(again(person), request)}
    assert by_rows == by_roles == SEEN_BY[sort]


@pytest.mark.parametrize("sort", sorted(SEEN_BY))
def test_internal_notes_are_read_by_the_provider_alone(
    sort: str, crowd: dict[str, User], requests: dict[str, ServiceRequest]
) -> None:
    readers = {
        who
        for who, person in crowd.items()
        if access.sees_provider_side(again(person), requests[sort])
    }
    assert readers == SEEN_BY[sort] - {
        "requester",
        "participant",
        "approver",
        "manager",
        "manager of all",
    }


def test_a_manager_reads_and_does_nothing(
    crowd: dict[str, User], requests: dict[str, ServiceRequest]
) -> None:
    for who in ("manager", "manager of all"):
        held = access.roles(again(crowd[who]), requests["plain"])
        assert held == {Role.MANAGER}
        for status in Status:
            requests["plain"].status = status
            assert access.offered(held, requests["plain"]) == []


def test_a_manager_lists_what_they_cover_but_nothing_restricted(
    crowd: dict[str, User], requests: dict[str, ServiceRequest], it: Department
) -> None:
    for who in ("manager", "manager of all"):
        listed = access.covered(again(crowd[who]), it.pk)
        assert set(listed.rows) == {requests["plain"]}
        assert set(listed.left_out) == {requests["restricted"]}
    for who in ("agent", "client's lead", "administrator", "requester"):
        assert_nothing(access.covered(again(crowd[who]), it.pk))
    assert_nothing(access.covered(again(crowd["manager"]), crowd["stranger"].department_id))


def test_the_lead_of_a_client_lists_what_its_people_asked_and_opens_none_of_it(
    crowd: dict[str, User], requests: dict[str, ServiceRequest], finance: Department
) -> None:
    lead = again(crowd["client's lead"])
    listed = access.client_view(lead, finance.pk)
    assert set(listed.rows) == {requests["plain"], requests["transferred"]}
    assert set(listed.left_out) == {
        requests["restricted"],
        requests["restricted and transferred"],
    }
    assert not access.visible_to(lead).exists()
    for who in sorted(set(crowd) - {"client's lead"}):
        assert_nothing(access.client_view(again(crowd[who]), finance.pk))


def assert_nothing(listed: access.Listed) -> None:
    assert not listed.rows.exists()
    assert not listed.left_out.exists()


def test_a_queue_holds_what_one_works_on_and_no_more(
    crowd: dict[str, User], requests: dict[str, ServiceRequest], it: Department
) -> None:
    assert set(access.queue(again(crowd["agent"]), it.pk)) == {
        requests["plain"],
        requests["restricted"],
    }
    assert set(access.queue(again(crowd["other team"]), it.pk)) == {requests["plain"]}
    assert not access.queue(again(crowd["stranger"]), it.pk).exists()


def test_who_filed_it_for_a_colleague_takes_part(laptop: Service, dana: User, kai: User) -> None:
    request = make_service_request(laptop, by=kai, requester=dana)
    assert access.roles(again(kai), request) == {Role.PARTICIPANT}
    assert access.roles(again(dana), request) == {Role.REQUESTER}
    assert request.client_department == dana.department


def test_a_person_who_has_left_is_nothing_to_anything(
    laptop: Service, omar: User, dana: User
) -> None:
    request = make_service_request(laptop, by=dana)
    omar.is_active = False
    omar.save()
    assert not access.roles(again(omar), request)
    assert standing(again(omar)).agent_of == frozenset()


def test_a_manager_covers_the_departments_below(it: Department) -> None:
    below = make_department(parent=it)
    further = make_department(parent=below)
    rights = standing(again(make_manager(it)))
    assert rights.manages == {it.pk, below.pk, further.pk}
    assert not rights.manages_organisation
    assert standing(again(make_manager(None))).manages_organisation
