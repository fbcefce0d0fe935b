"""The whole path, deed to row, against the simulator: random histories on the database."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from calendars import actions as calendar_actions
from calendars.models import Calendar
from calendars.worktime import WorkCalendar
from people.models import User
from requests_app import actions
from requests_app.kinds import Via
from requests_app.lifecycle import Status
from requests_app.models import Event, ServiceRequest
from slas import agreements, engine, escalation, replay, store, sweep
from slas.engine import Found
from tests import factories
from tests.slas.playing import Party, Play, escalation_of, targets_of

WEIGHTS = {
    "P1": ("wide", "now"),
    "P2": ("team", "now"),
    "P3": ("me", "now"),
    "P4": ("me", "planned"),
}
SOMEDAY = date(2027, 1, 4)


class DatabasePlay(Play):
    """Real deeds, the real follower, sweeps now and then; each example is rolled back."""

    def __init__(self) -> None:
        super().__init__()
        self._atomic = transaction.atomic()
        self._atomic.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._atomic.__exit__(None, None, None)

    def open_case(self, at: datetime, parties: list[Party], priority: str, client: int) -> None:
        self.departments = [factories.make_department() for _ in parties]
        self.services, self.agents = [], []
        for department, party in zip(self.departments, parties, strict=True):
            team = factories.make_team(department)
            self.agents.append(factories.make_agent(team))
            self.services.append(factories.make_service(department, team=team))
            wanted = () if party.rules.update is None else ("update",)
            agreements.publish_standard(
                department,
                at=at,
                targets=targets_of(party.rules),
                thresholds={p: tuple(warn) for p, warn in party.rules.warn.items()},
                escalation=escalation_of(party.rules),
                metrics=("first_response", "next_reply", *wanted, "resolution"),
                pauses_for_third_party=party.rules.third_party,
                calendar=self._calendar(department.pk, party.terms.calendar, at),
            )
        self.approver = factories.make_person(department=self.departments[0])
        self.requester = factories.make_person(department=self.departments[client])
        impact, urgency = WEIGHTS[priority]
        self.request = actions.submit(
            self.services[0],
            by=self.requester,
            at=at,
            answers={},
            impact=impact,
            urgency=urgency,
            key=uuid.uuid4(),
            via=Via.SEED,
        )

    def _calendar(self, department_id: int, hours: WorkCalendar, at: datetime) -> Calendar:
        calendar = Calendar.objects.create(department_id=department_id, name="Hours")
        calendar_actions.publish_version(
            calendar,
            zone=hours.zone,
            hours=hours.hours,
            own_closed=dict.fromkeys(hours.closed, "closed"),
            by=None,
            at=at,
        )
        return calendar

    @property
    def agent(self) -> User:
        return self.agents[self.holder_before]

    def _deed(self, wait: int, kind: str, simulate: Callable[[], None], **given: Any) -> None:
        self.holder_before = self.desk.holder
        super()._deed(wait, kind, simulate, **given)

    def may_be_before_work(self, wished: bool) -> bool:
        return self.request.status == Status.NEW

    def told(self, kind: str, at: datetime, **given: Any) -> None:
        said = {"message": "Words.", "look_again_on": SOMEDAY}
        if kind == "raised":
            assert escalation.advance(at, via=Via.SEED) == 1
            self.request.refresh_from_db()
            return
        speaks = self.requester if given.get("asks") else self.agent
        word = {"message": "Words."} if given.get("answers") else {}
        deeds: dict[str, tuple[str, User, dict[str, Any]]] = {
            "replied": ("reply", speaks, {"message": "Words."}),
            "noted": ("note", self.agent, {"message": "Words."}),
            "asked": ("ask", self.agent, said),
            "held": ("hold", self.agent, said | {"third_party": "Northgate"}),
            "answered": ("answer", self.requester, {"message": "Words."}),
            "resumed": ("resume", self.agent, word),
            "approval_asked": ("ask_approval", self.agent, {"approver": self.approver}),
            "approval_decided": ("approve", self.approver, {}),
            "resolved": ("resolve", self.agent, {"message": "Words."}),
            "reopened": ("reopen", speaks, {"message": "Words."}),
            "cancelled": ("cancel", self.requester, {}),
            "declined": ("decline", self.agent, {"message": "Words."}),
            "prioritised": ("prioritise", self.agent, self._weight(given)),
            "transferred": ("transfer", self.agent, self._service(given)),
        }
        name, by, more = deeds[kind]
        self.request = actions.perform(self.request, name, by=by, at=at, via=Via.SEED, **more)

    def _weight(self, given: dict[str, Any]) -> dict[str, Any]:
        impact, urgency = WEIGHTS[given.get("priority", "P1")]
        return {"impact": impact, "urgency": urgency, "reason": "Reason."}

    def _service(self, given: dict[str, Any]) -> dict[str, Any]:
        return {
            "service": self.services[given.get("provider_id", 0)],
            "reason": "Reason.",
            "wrong_department": given.get("wrong_department", False),
        }

    def waited(self, now: datetime) -> None:
        sweep.sweep(now)
        self.request.refresh_from_db()

    def clocks(self, now: datetime) -> list[engine.Clock]:
        assert replay.differences([self.request.pk], now) == []
        self._the_instance_knows_what_the_row_says()
        known = store.load([self.request])[self.request.pk]
        assert known.course is not None
        settled, self.unswept = engine.settle(known.course, now)
        self.settled = settled
        numbers = {department.pk: number for number, department in enumerate(self.departments)}
        return [
            replace(clock, department_id=numbers[clock.department_id]) for clock in settled.clocks
        ]

    def _the_instance_knows_what_the_row_says(self) -> None:
        row = ServiceRequest.objects.get(pk=self.request.pk)
        for column in ("due_at", "queue_at", "ever_breached"):
            assert getattr(self.request, column) == getattr(row, column)

    def wanted(self) -> str:
        return self.settled.raise_to

    def told_findings(self, kind: Found) -> list[tuple[tuple[str, int, int], int, datetime]]:
        rows = Event.objects.filter(service_request=self.request, kind=kind)
        told = [
            ((row.data.metric, row.data.cycle, row.data.sequence), row.data.threshold, row.at)
            for row in rows
        ]
        return told + [
            ((str(one.metric), one.cycle, one.sequence), one.threshold or 0, one.at)
            for one in self.unswept
            if one.kind is kind
        ]


@pytest.mark.django_db
def test_the_stored_clocks_say_what_the_simulator_says() -> None:
    examples = max(12, settings().max_examples // 20)
    fewer = settings(max_examples=examples, stateful_step_count=20)
    run_state_machine_as_test(DatabasePlay, settings=fewer)
