"""Makers of things for tests: plain functions with keyword overrides."""

from __future__ import annotations

import itertools
import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from catalogue import actions as catalogue_actions
from catalogue.models import Life, Service
from people.models import Department, Management, Membership, Organisation, Team, User
from requests_app import actions
from requests_app.kinds import Via
from requests_app.models import ServiceRequest
from slas import agreements, drafting
from slas.conditions import Conditions
from slas.models import Agreement
from tests.times import MONDAY_9

_numbers = itertools.count(1)


def make_organisation(**given: Any) -> Organisation:
    """The organisation's one row."""
    given = {"name": "Harbour & Pine", "reporting_zone": "Europe/Dublin"} | given
    return Organisation.objects.update_or_create(pk=1, defaults=given)[0]


def make_department(key: str = "", **given: Any) -> Department:
    """A department in Dublin."""
    key = key or f"D{next(_numbers)}"
    given = {
        "key": key,
        "slug": key.lower(),
        "name": f"{key} department",
        "zone": "Europe/Dublin",
        "country": "IE",
    } | given
    return Department.objects.create(**given)


def make_team(department: Department, **given: Any) -> Team:
    """A team of the department."""
    return Team.objects.create(
        department=department, **({"name": f"Team {next(_numbers)}"} | given)
    )


def make_person(name: str = "", *, department: Department | None = None, **given: Any) -> User:
    """Someone who works in the department."""
    number = next(_numbers)
    name = name or f"Person {number}"
    whole: dict[str, Any] = {
        "employee_number": f"E{number:05}",
        "email": f"{name.lower().replace(' ', '.')}.{number}@desk.example",
        "name": name,
        "department": department or make_department(),
    } | given
    return User.objects.create_user(**whole)


def make_agent(team: Team, name: str = "", *, is_lead: bool = False, **given: Any) -> User:
    """Someone who works on the team's requests."""
    person = make_person(name, department=team.department, **given)
    Membership.objects.create(team=team, user=person, is_lead=is_lead)
    return person


def make_manager(department: Department | None = None, **given: Any) -> User:
    """Someone who reads the figures of the department, or of the organisation."""
    person = make_person(department=department or make_department(), **given)
    Management.objects.create(user=person, department=department)
    return person


DETAILS = {"key": "details", "kind": "long_text", "label": "What is it about?"}


def make_service(
    department: Department | None = None,
    *,
    fields: list[dict[str, Any]] | None = None,
    subject_field: str = "",
    **given: Any,
) -> Service:
    """A published service with a form of one question."""
    department = department or make_department()
    number = next(_numbers)
    team = given.pop("team", None) or department.teams.first() or make_team(department)
    given = {
        "slug": f"service-{number}",
        "name": f"Service {number}",
        "summary": "What it does for you.",
    } | given
    life = given.pop("life", Life.PUBLISHED)
    service = Service.objects.create(department=department, team=team, **given)
    catalogue_actions.publish_form(
        service,
        [DETAILS] if fields is None else fields,
        subject_field=subject_field,
        by=None,
        at=MONDAY_9,
    )
    service.life = life
    service.save(update_fields=["life"])
    return service


def make_service_request(
    service: Service | None = None, *, by: User | None = None, at: datetime = MONDAY_9, **given: Any
) -> ServiceRequest:
    """A request, asked through the real deed."""
    whole: dict[str, Any] = {
        "answers": {},
        "impact": "me",
        "urgency": "now",
        "key": uuid.uuid4(),
        "via": Via.PAGE,
    } | given
    service = service or make_service()
    return actions.submit(service, by=by or make_person(), at=at, **whole)


def propose_agreement(
    provider: Department,
    *clients: Department,
    by: User,
    at: datetime = MONDAY_9,
    name: str = "",
    message: str = "",
    **said: Any,
) -> Agreement:
    """What the provider promises everyone, but for what is `said`, proposed to these clients."""
    standard = Conditions.of(agreements.standard_version(provider.pk, at))
    values = replace(standard, clients=tuple(one.pk for one in clients), **said)
    wanted = drafting.Wanted(name=name or f"Agreement {next(_numbers)}", said=values)
    agreement = drafting.create(provider, wanted, by=by, at=at)
    drafting.propose(agreement, revision=1, message=message, by=by, at=at)
    return agreement
