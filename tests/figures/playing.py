"""A desk at work, from a seed: requests, transfers, waiting, reopening, ratings, by real deeds."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from feedback import actions as feedback_actions
from feedback import blocks, invitations
from feedback import tallied as answers
from feedback.models import EDITABLE_FOR, Invitation
from people.models import Department, User
from requests_app import actions, flow, lifecycle
from requests_app.kinds import Via
from requests_app.models import ServiceRequest
from slas import figures as sla_figures
from slas import sweep
from tests import factories
from tests.times import at as november

WEIGHTS = [("wide", "now"), ("team", "now"), ("me", "now"), ("me", "planned")]
DEEDS = {
    "take": 3, "release": 1, "ask": 4, "hold": 3, "answer": 5, "resume": 1, "ask_approval": 4,
    "approve": 5, "refuse": 2, "resolve": 7, "reopen": 3, "confirm": 1, "close": 1, "cancel": 1,
    "decline": 1, "transfer": 3, "assign": 1, "prioritise": 3, "reply": 2,
}  # fmt: skip
"""How likely each is, where it is possible."""


@dataclass
class Desk:
    """Three departments that serve each other, and time."""

    seed: int
    now: datetime = field(default_factory=lambda: november(1, 0) - timedelta(days=30))
    requests: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        factories.make_organisation(reporting_zone="Europe/Dublin")
        self.departments: list[Department] = []
        self.services = []
        self.agents: dict[int, list[User]] = {}
        self.people: list[User] = []
        for _ in range(3):
            department = factories.make_department()
            self.departments.append(department)
            self.agents[department.pk] = []
            for _ in range(2):
                team = factories.make_team(department)
                self.agents[department.pk].append(factories.make_agent(team))
                self.services.append(factories.make_service(department, team=team))
            self.people += [factories.make_person(department=department) for _ in range(3)]

    def play(self, deeds: int, *, most: timedelta = timedelta(hours=9)) -> None:
        """So many deeds on any requests, with ratings, sweeps and folding in between."""
        for _ in range(deeds):
            self.pass_time(most)
            if not self.requests or self.chance.random() < 0.16:
                self._ask()
            else:
                self._go_on()

    def pass_time(self, most: timedelta) -> None:
        """Time passes; whatever Celery does by itself happens at times, or late."""
        self.now += timedelta(minutes=self.chance.randint(1, round(most / timedelta(minutes=1))))
        if self.chance.random() < 0.3:
            sweep.sweep(self.now, via=Via.SEED)
        if self.chance.random() < 0.3:
            self._opinions()
        if self.chance.random() < 0.1:
            self.fold()

    def fold(self) -> None:
        """What Celery does each minute."""
        flow.advance(self.now)
        sla_figures.advance(self.now)
        answers.advance(self.now)

    def _ask(self) -> None:
        impact, urgency = self.chance.choice(WEIGHTS)
        request = factories.make_service_request(
            self.chance.choice(self.services),
            by=self.chance.choice(self.people),
            at=self.now,
            impact=impact,
            urgency=urgency,
            via=Via.SEED,
        )
        self.requests.append(request.pk)

    def _go_on(self) -> None:
        newest = self.requests[-9:]
        request = ServiceRequest.objects.get(pk=self.chance.choice(newest))
        possible = [one.name for one in lifecycle.possible(request.status) if one.name in DEEDS]
        if not possible:
            return self._ask()
        name = self.chance.choices(possible, [DEEDS[one] for one in possible])[0]
        return self.do(request, name)

    def do(self, request: ServiceRequest, name: str, **given: Any) -> None:
        """A deed, with whatever it needs; nothing where it would change nothing."""
        agent = self.chance.choice(self.agents[request.provider_department_id])
        by: User | None = agent
        if name in ("answer", "reopen", "confirm", "cancel"):
            by = request.requester
        elif name in ("approve", "refuse"):
            by = request.approver
        elif name == "close":
            by = None
        wanted = self._given(request, name) | given
        if wanted.get("service") is not None and wanted["service"].pk == request.service_id:
            return
        if (wanted.get("impact"), wanted.get("urgency")) == (request.impact, request.urgency):
            return
        actions.perform(request, name, by=by, at=self.now, via=Via.SEED, **wanted)

    def _given(self, request: ServiceRequest, name: str) -> dict[str, Any]:
        impact, urgency = self.chance.choice(WEIGHTS)
        agents = self.agents[request.provider_department_id]
        needs: dict[str, dict[str, Any]] = {
            "take": {},
            "release": {},
            "resume": {},
            "approve": {},
            "confirm": {},
            "close": {},
            "ask": {"look_again_on": None},
            "hold": {"look_again_on": None, "third_party": "Northgate"},
            "ask_approval": {"approver": self.chance.choice(agents)},
            "transfer": {
                "service": self.chance.choice(self.services),
                "reason": "",
                "wrong_department": self.chance.random() < 0.4,
            },
            "assign": {"assignee": self.chance.choice([None, *agents])},
            "prioritise": {"impact": impact, "urgency": urgency, "reason": ""},
        }
        given = needs.get(name, {})
        if name in needs and name not in ("ask", "hold"):
            return given
        return given | {"message": "Words."}

    def _opinions(self) -> None:
        """Those who were asked say how it was, now and then, and may think better of it."""
        invitations.advance(self.now, via=Via.SEED)
        blocks.gather(self.now)
        asked = Invitation.objects.sent().filter(expires_at__gt=self.now).select_related("rating")
        for one in asked.order_by("pk"):
            rating = getattr(one, "rating", None)
            is_open = rating is None or self.now < rating.at + EDITABLE_FOR
            if is_open and self.chance.random() < (0.4 if rating is None else 0.3):
                feedback_actions.rate(
                    one.pk,
                    score=self.chance.randint(1, 5),
                    unnamed=self.chance.random() < 0.5,
                    at=self.now,
                    via=Via.SEED,
                )
