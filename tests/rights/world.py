"""Someone of every role and one request of every kind, made once by the real deeds."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings as django_settings
from django.test import Client
from django.test.client import ClientHandler
from django.urls import reverse

from notices.models import Notice
from people.models import Department, Management, Membership, User
from requests_app import actions, canned, files, saved_views
from requests_app.models import Attachment, Event, ServiceRequest
from slas import agreements, drafting
from slas.conditions import Conditions
from slas.drafting import Wanted
from slas.models import Agreement, AgreementVersion, Reapplying
from tests import factories
from tests.rights.rules import KINDS, RULES, SIGNED_OUT
from tests.rights.table import Cell
from tests.times import MONDAY_9, MONDAY_10


@dataclass
class World:
    """The people, their browsers, the requests."""

    people: dict[str, User]
    requests: dict[str, ServiceRequest]
    parts: dict[str, Any]
    sessions: dict[str, str]
    """Made once: what a cell does to the database is taken back, and its session with it."""
    events: int
    """How many there are before anyone tries anything."""
    handler: ClientHandler = field(default_factory=lambda: Client().handler)
    """One for all browsers: the middleware is set up once."""

    def subject(self, kind: str) -> str:
        """What is read by whoever sees the request, and by nobody else."""
        return self.requests[kind].subject

    def browser(self, who: str) -> Client:
        """A fresh browser in which that person is signed in."""
        client = Client(raise_request_exception=False)
        client.handler = self.handler
        if who != SIGNED_OUT:
            client.cookies[django_settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return client

    def address(self, cell: Cell) -> str:
        """Where the cell leads."""
        rule = RULES[cell.name]
        given = {name: self.parts.get(part, part) for name, part in rule.given.items()}
        if cell.kind:
            given["reference"] = self.requests[cell.kind].reference
            if "pk" in given:
                given["pk"] = self.parts[f"file of the {cell.kind} one"]
        if cell.deed:
            given["name"] = cell.deed
        return reverse(cell.name, kwargs=given) + rule.query


def make() -> World:
    """The whole of it."""
    it = factories.make_department("IT", name="IT", slug="it")
    finance = factories.make_department("FIN", name="Finance", slug="finance")
    former = factories.make_department("OLD", name="Former", slug="former")
    factories.make_organisation()
    people = _people(it, finance, former)
    team = people["agent of the team"].memberships.get().team
    laptop = factories.make_service(it, team=team, name="New laptop", slug="new-laptop")
    secret = factories.make_service(it, team=team, restricted=True)
    elsewhere = factories.make_service(former)
    hidden_elsewhere = factories.make_service(former, restricted=True)
    requests = {
        "plain": _asked(laptop, people, people["agent of the team"]),
        "restricted": _asked(secret, people, people["agent of the team"]),
    }
    for kind, begun, goes_to in (
        ("transferred", elsewhere, laptop),
        ("restricted and transferred", hidden_elsewhere, laptop),
    ):
        agent = people["agent of the former provider"]
        request = _asked(begun, people, agent)
        requests[kind] = actions.transfer(
            request, service=goes_to, reason="zebra note: not ours", by=agent, at=MONDAY_10
        )
    for kind in KINDS:
        ServiceRequest.objects.filter(pk=requests[kind].pk).update(subject=f"zebra {kind} matter")
        requests[kind].refresh_from_db()
    parts = _parts(people, it)
    for kind, request in requests.items():
        for public in (True, False):
            name = f"{'file' if public else 'note file'} of the {kind} one"
            parts[name] = _file(request, people["requester"], is_public=public)
    return World(people, requests, parts, _sessions(people), Event.objects.count())


def _file(request: ServiceRequest, by: User, *, is_public: bool) -> int:
    staged = files.stage(io.BytesIO(b"zebra\n"), "zebra.txt", by=by, at=MONDAY_10)
    Attachment.objects.filter(pk=staged.pk).update(service_request=request, is_public=is_public)
    return staged.pk


def _sessions(people: dict[str, User]) -> dict[str, str]:
    sessions = {}
    for who, person in people.items():
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        sessions[who] = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    return sessions


def _people(it: Department, finance: Department, former: Department) -> dict[str, User]:
    team = factories.make_team(it)
    return {
        "requester": factories.make_person(department=finance),
        "colleague of the requester": factories.make_person(department=finance),
        "participant": factories.make_person(),
        "approver": factories.make_person(),
        "agent of the team": factories.make_agent(team),
        "agent of another team": factories.make_agent(factories.make_team(it)),
        "lead": factories.make_agent(team, is_lead=True),
        "lead of the client": factories.make_agent(factories.make_team(finance), is_lead=True),
        "agent of another department": factories.make_agent(
            factories.make_team(factories.make_department())
        ),
        "agent of the former provider": factories.make_agent(factories.make_team(former)),
        "manager of the provider": factories.make_manager(it),
        "manager of the former provider": factories.make_manager(former),
        "manager of all": factories.make_manager(None),
        "administrator": factories.make_person(is_administrator=True),
    }


def _asked(service: Any, people: dict[str, User], agent: User) -> ServiceRequest:
    request = factories.make_service_request(service, by=people["requester"], at=MONDAY_9)
    actions.note(request, message="zebra note: between us", by=agent, at=MONDAY_9)
    actions.share(request, user=people["participant"], by=people["requester"], at=MONDAY_9)
    return actions.ask_approval(request, approver=people["approver"], by=agent, at=MONDAY_9)


def _parts(people: dict[str, User], it: Department) -> dict[str, Any]:
    notice = Notice.objects.filter(user=people["requester"]).first()
    agreement = _agreed(people, it)
    team = people["agent of another team"].memberships.get()
    reply = canned.keep(it, name="Hello", text="Hello {requester}", by=people["lead"], at=MONDAY_9)
    view = saved_views.keep(
        it, name="All", view="open", query="", is_shared=True, by=people["agent of the team"],
        at=MONDAY_9,
    )  # fmt: skip
    office = it.calendars.get(is_default=True)
    hours = office.versions.get()
    run = Reapplying.objects.create(
        calendar_version=hours, started_at=MONDAY_10, to_do=0, finished_at=MONDAY_10
    )
    promised = AgreementVersion.objects.get(agreement__provider=it, agreement__kind="standard")
    return {
        "calendar": office.pk,
        "agreement version": promised.pk,
        "run": run.pk,
        "reply": reply.pk,
        "agreement": agreement.pk,
        "shared view": view.pk,
        "nothing": 2**40,
        "one": 1,
        "notice": notice.pk if notice else 0,
        "department": it.pk,
        "person": people["colleague of the requester"].pk,
        "team": team.team_id,
        "membership": Membership.objects.get(user=people["lead of the client"]).pk,
        "management": Management.objects.get(user=people["manager of all"]).pk,
    }


def _agreed(people: dict[str, User], it: Department) -> Agreement:
    """What IT promises Finance: in force, and a next version that waits for Finance."""
    said = replace(
        Conditions.of(agreements.standard_version(it.pk, MONDAY_9)),
        clients=(people["requester"].department_id,),
    )
    wanted = Wanted(name="IT for Finance", said=said)
    agreement = drafting.create(it, wanted, by=people["lead"], at=MONDAY_9)
    drafting.propose(agreement, revision=1, by=people["lead"], at=MONDAY_9)
    drafting.accept(agreement, revision=1, by=people["lead of the client"], at=MONDAY_9)
    drafting.change(agreement, wanted, revision=0, by=people["lead"], at=MONDAY_10)
    drafting.propose(agreement, revision=1, by=people["lead"], at=MONDAY_10)
    return agreement
