"""Setting up Harbour & Pine: departments, hours, promises, people and services."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from calendars.actions import DEFAULT_NAME, publish_version
from calendars.models import Calendar, CalendarVersion
from catalogue import actions as catalogue_actions
from catalogue.models import Service
from people.models import Department, Management, Membership, Organisation, Team, User
from servicedesk.demo import queue_tools
from servicedesk.demo.agreeing import agree
from servicedesk.demo.company import (
    DEPARTMENTS,
    NAME,
    OFFICES,
    REPORTING_ZONE,
    Company,
    DepartmentPlan,
    PersonPlan,
    hours_of,
    special_days,
)
from servicedesk.demo.offers import OFFERS, Offer
from servicedesk.demo.signins import PASSWORD
from servicedesk.demo.telling import NEWS, PAUSING
from slas.agreements import publish_standard
from slas.engine import Metric


class NotEmpty(Exception):
    """The database holds a company already, and another one."""


def founded_at() -> datetime | None:
    """When the company here was founded; None where there is none yet. Raises NotEmpty."""
    if not Department.objects.exists():
        return None
    known = set(Department.objects.values_list("slug", flat=True))
    organisation = Organisation.objects.filter(pk=1).first()
    if organisation is None or organisation.name != NAME or known != {p.slug for p in DEPARTMENTS}:
        raise NotEmpty("This database holds other departments; the demo needs one of its own.")
    return CalendarVersion.objects.earliest("created_at").created_at


@transaction.atomic
def found(company: Company, *, at: datetime) -> None:
    """Set up everything that there is before the first request, as of that moment."""
    Organisation.objects.create(pk=1, name=NAME, reporting_zone=REPORTING_ZONE)
    departments = {plan.slug: _department(plan, at) for plan in DEPARTMENTS}
    people = _people(company, departments, at)
    teams = {
        (plan.slug, name): Team.objects.create(department=departments[plan.slug], name=name)
        for plan in DEPARTMENTS
        for name in plan.teams
    }
    Membership.objects.bulk_create(
        Membership(team=teams[one.department, one.team], user=people[one.email], is_lead=lead)
        for one, lead in _agents(company)
    )
    Management.objects.bulk_create(
        Management(
            user=people[one.email],
            department=None if one.manages == "*" else departments[one.manages],
        )
        for one in company.people
        if one.manages
    )
    for one in OFFERS:
        owner = people[company.lead(one.department).email]
        _service(one, departments, teams[one.department, one.team], owner, at)
    queue_tools.equip(departments, lambda slug: people[company.lead(slug).email], at)
    agree(departments, lambda slug: people[company.lead(slug).email], at)


def open_the_doors() -> None:
    """Let everyone sign in, with the demo's one password: the last thing, when all is there."""
    User.objects.filter(password="").update(password=make_password(PASSWORD))


def are_the_doors_open() -> bool:
    """Whether the company is there with all that happened in it."""
    return User.objects.exists() and not User.objects.filter(password="").exists()


def _department(plan: DepartmentPlan, at: datetime) -> Department:
    office = OFFICES[plan.office]
    department = Department.objects.create(
        key=plan.key,
        slug=plan.slug,
        name=plan.name,
        description=plan.does,
        zone=office.zone,
        country=office.country,
        icon=plan.icon,
    )
    calendar = Calendar.objects.create(department=department, name=DEFAULT_NAME, is_default=True)
    publish_version(
        calendar,
        zone=office.zone,
        country=office.country,
        hours=hours_of(plan),
        special=special_days(plan, range(at.year - 1, at.year + 4)),
        by=None,
        at=at,
    )
    publish_standard(
        department,
        at=at,
        calendar=calendar,
        metrics=[one for one in Metric if one != Metric.UPDATE or plan.slug in NEWS],
        pauses_for_third_party=plan.slug in PAUSING,
    )
    return department


def _people(company: Company, departments: dict[str, Department], at: datetime) -> dict[str, User]:
    created = User.objects.bulk_create(
        User(
            employee_number=one.employee_number,
            email=one.email,
            name=one.name,
            department=departments[one.department],
            zone="" if one.zone == departments[one.department].zone else one.zone,
            is_administrator=one.is_administrator,
            is_superuser=one.is_administrator,
            date_joined=at,
        )
        for one in company.people
    )
    return {user.email: user for user in created}


def _agents(company: Company) -> list[tuple[PersonPlan, bool]]:
    return [(one, one.is_lead) for one in company.people if one.team]


def _service(
    plan: Offer, departments: dict[str, Department], team: Team, owner: User, at: datetime
) -> None:
    service = Service.objects.create(
        department=departments[plan.department],
        slug=plan.slug,
        name=plan.name,
        summary=plan.summary,
        description=plan.description,
        what_you_get="\n".join(plan.gets),
        what_we_need="\n".join(plan.needs),
        category=plan.category,
        icon=plan.icon,
        for_everyone=not plan.audience,
        owner=owner,
        team=team,
        restricted=plan.restricted,
        is_general=plan.is_general,
    )
    service.audience.set(departments[slug] for slug in plan.audience)
    catalogue_actions.publish_form(
        service, plan.fields, subject_field=plan.subject_field, by=owner, at=at
    )
    catalogue_actions.publish(service, by=owner, at=at)
