"""The people, departments, teams and services that a log speaks of, made when first met."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.text import slugify

from calendars.actions import DEFAULT_HOURS, create_default, publish_version
from calendars.models import Calendar
from catalogue import actions as catalogue_actions
from catalogue.models import Life, Service
from people.models import Department, Membership, Team, User
from servicedesk.event_log.mapping import BadMapping, Mapping
from slas.agreements import publish_standard
from slas.models import AgreementVersion


@dataclass
class Cast:
    """Looks up, and where needed makes, whom and what the log names; each once."""

    mapping: Mapping
    begins: datetime
    """The first moment of the log: calendars and agreements hold from before it on."""
    _services: dict[str, Service] = field(default_factory=dict)
    _clients: dict[str, Department] = field(default_factory=dict)
    _people: dict[str, User] = field(default_factory=dict)
    _memberships: set[tuple[int, int]] = field(default_factory=set)

    @transaction.atomic
    def prepare(self) -> None:
        """Make the provider departments, with calendar and standard. Raises BadMapping."""
        for provider in self.mapping.providers:
            department = self._department(provider.key, provider.name)
            if not AgreementVersion.objects.filter(agreement__provider=department).exists():
                calendar = self._calendar(department)
                publish_standard(
                    department,
                    at=self.begins - timedelta(days=1),
                    metrics=self.mapping.judged.metrics,
                    calendar=calendar,
                )
        for theirs, number in self.mapping.people.items():
            person = User.objects.filter(employee_number=number).first()
            if person is None:
                raise BadMapping(f"[people] {theirs!r}: nobody has the employee number {number!r}")
            self._people[theirs] = person

    def forget(self) -> None:
        """Forget what a transaction that was rolled back had made."""
        self._services.clear()
        self._clients.clear()
        self._people.clear()
        self._memberships.clear()
        self.prepare()

    def _calendar(self, department: Department) -> Calendar:
        try:
            calendar = create_default(department, at=self.begins)
        except ValueError as error:
            raise BadMapping(f"[calendar]: {error}") from error
        if self.mapping.hours or self.mapping.country:
            try:
                publish_version(
                    calendar,
                    zone=self.mapping.zone.key,
                    hours=self.mapping.hours or DEFAULT_HOURS,
                    country=self.mapping.country,
                    subdivision=self.mapping.subdivision,
                    by=None,
                    at=self.begins,
                )
            except ValueError as error:  # bad hours, an unknown country, never open
                raise BadMapping(f"[calendar]: {error}") from error
        return calendar

    def _department(self, key: str, name: str) -> Department:
        found = Department.objects.filter(name=name).first()
        if found is not None:
            return found
        return Department.objects.create(
            key=key,
            slug=slugify(name)[:50],
            name=name,
            zone=self.mapping.zone.key,
            country=self.mapping.country or "IE",
            subdivision=self.mapping.subdivision,
        )

    def service(self, group: str) -> Service:
        """The service of the group's team, in the department that takes the group over."""
        if group not in self._services:
            self._services[group] = self._make_service(group)
        return self._services[group]

    def _make_service(self, group: str) -> Service:
        provider = self.mapping.provider_of(group)
        if provider is None:
            raise BadMapping(f"[groups] when_missing: {group!r} belongs to no [[departments]]")
        department = Department.objects.get(name=provider.name)
        name = self.mapping.service_name.format(group=group)[:80]
        team, _is_new = Team.objects.get_or_create(department=department, name=group[:80])
        service, is_new = Service.objects.select_related(
            "department", "form_version"
        ).get_or_create(
            department=department,
            slug=slugify(name)[:60],
            defaults={
                "name": name,
                "summary": f"Taken over from {self.mapping.source}.",
                "team": team,
                "for_everyone": False,
            },
        )
        if is_new:
            catalogue_actions.publish_form(service, [], by=None, at=self.begins)
            service.life = Life.RETIRED  # it keeps what came and takes nothing new
            service.save(update_fields=["life"])
        return service

    def client(self, theirs: str) -> Department:
        """The department that asked."""
        name = (
            self.mapping.client_name.format(client=theirs)[:80]
            if theirs
            else (self.mapping.client_when_missing)
        )
        if name not in self._clients:
            self._clients[name] = self._department(_key(name), name)
        return self._clients[name]

    def person(self, theirs: str, home: Department) -> User:
        """The person of that name; made without a way to sign in where nobody is known by it."""
        if theirs not in self._people:
            number = f"{self.mapping.source}:{theirs}"[:40]
            self._people[theirs] = User.objects.get_or_create(
                employee_number=number,
                defaults={
                    "email": f"{_digest(number)}@imported.invalid",
                    "name": theirs[:120],
                    "department": home,
                    "is_active": False,
                    "password": "!",
                },
            )[0]
        return self._people[theirs]

    def worker(self, theirs: str, service: Service) -> User:
        """The person as an agent of the service's team."""
        person = self.person(theirs, service.department)
        pair = (person.pk, service.team_id)
        if pair not in self._memberships:
            Membership.objects.get_or_create(user=person, team_id=service.team_id)
            self._memberships.add(pair)
        return person


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _key(name: str) -> str:
    """A department key that no other name is likely to have: a letter and what tells it apart."""
    letters = re.sub(r"[^A-Z]", "", name.upper())[:1] or "C"
    return letters + _digest(name).upper()[:5]
