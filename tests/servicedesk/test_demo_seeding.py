"""Harbour & Pine as it is played anew: the same each time, and never twice."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from calendars.models import CalendarVersion
from catalogue.models import Service
from feedback.models import Invitation
from people.models import Department
from requests_app import timeline
from requests_app.models import Event, Message, ServiceRequest
from servicedesk.demo import founding, play
from servicedesk.demo.company import DEPARTMENTS, company
from servicedesk.demo.offers import OFFERS
from servicedesk.demo.stories import plan
from servicedesk.management.commands.seed_demo import seed_demo
from slas.models import BreachReason, Clock
from tests import factories
from tests.beforehand import beforehand
from tests.servicedesk.test_demo_seeded import check_what_the_employee_finds

THURSDAY_NOON = datetime(2026, 11, 19, 12, 10, tzinfo=UTC)
SATURDAY_NIGHT = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
SIZE = 45


class Quiet(BaseCommand):
    """A command that only listens to itself."""

    def __init__(self) -> None:
        super().__init__(stdout=io.StringIO())


def seed(requests: int = SIZE, now: datetime = THURSDAY_NOON, days: int = 20) -> None:
    """Play a small company in this process and transaction."""
    seed_demo(Quiet(), days=days, requests=requests, seed=7, now=now)


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """Nothing of what happens within stays."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
@beforehand
def founded(db: None) -> None:
    """Departments, people and services, twenty days ago; nobody has asked for anything."""
    founding.found(company(2024, 2027), at=THURSDAY_NOON - timedelta(days=20))


@pytest.mark.django_db
def test_followers_told_at_the_end_of_a_case_make_what_they_make_at_each_deed(
    founded: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with undone():
        at_the_end = _clocks_of_a_small_company()
    monkeypatch.setattr(timeline, "told_at_the_end", contextlib.nullcontext)
    assert _clocks_of_a_small_company() == at_the_end


def _clocks_of_a_small_company() -> list[Any]:
    cast = play.Cast.gather()
    for story in plan(7, THURSDAY_NOON, days=20, requests=28):
        play.play(story, cast, THURSDAY_NOON)
    fields = ("metric", "cycle", "sequence", "priority", "budget", "used", "state", "running_since",
              "due_at", "next_check_at", "warned", "breached_at")  # fmt: skip
    clocks = Clock.objects.order_by("service_request__source_case", "metric", "cycle", "sequence")
    findings = Event.objects.filter(kind__in=("warned", "breached", "escalated")).order_by(
        "at", "kind"
    )
    return [
        list(clocks.values_list("service_request__source_case", *fields)),
        list(findings.values_list("service_request__source_case", "kind", "at")),
        list(ServiceRequest.objects.order_by("source_case").values_list("due_at", "queue_at")),
        Invitation.objects.filter(withdrawn_at=None).count(),
    ]


@pytest.mark.django_db
def test_two_seedings_of_the_same_moment_are_the_same() -> None:
    with undone():
        seed(28)
        first = _everything()
    seed(28)
    assert _everything() == first


def _everything() -> list[Any]:
    requests = ServiceRequest.objects.order_by("submitted_at", "source_case")
    events = Event.objects.order_by("service_request__source_case", "at", "kind", "actor__email")
    return [
        list(requests.values_list("source_case", "subject", "status", "due_at", "ever_breached")),
        list(events.values_list("service_request__source_case", "kind", "at", "actor__email")),
        list(Message.objects.order_by("at", "text").values_list("at", "author__email", "text")),
        list(
            BreachReason.objects.order_by("at", "reason").values_list(
                "at", "by__email", "reason", "note"
            )
        ),
    ]


@pytest.mark.django_db
def test_an_interrupted_seeding_goes_on_without_playing_anything_twice(founded: None) -> None:
    cast = play.Cast.gather()
    told = plan(7, THURSDAY_NOON, days=20, requests=SIZE)
    for story in told[:25]:
        play.play(story, cast, THURSDAY_NOON)
    seed(now=THURSDAY_NOON + timedelta(hours=3))
    cases = ServiceRequest.objects.values_list("source_case", flat=True)
    assert sorted(map(int, cases)) == list(range(1, SIZE + 1))
    assert founding.are_the_doors_open()


@pytest.mark.django_db
def test_another_companys_database_is_left_alone() -> None:
    factories.make_department("IT", slug="it")
    with pytest.raises(CommandError, match="one of its own"):
        call_command("seed_demo", processes=1, stdout=io.StringIO())
    assert not ServiceRequest.objects.exists()


@pytest.mark.django_db
def test_the_employee_finds_the_same_on_a_saturday_night() -> None:
    seed(30, now=SATURDAY_NIGHT)
    check_what_the_employee_finds()


@pytest.mark.django_db
def test_departments_keep_their_own_hours_and_holidays(founded: None) -> None:
    versions = {one.calendar.department.slug: one for one in CalendarVersion.objects.all()}
    assert set(versions) == {plan_.slug for plan_ in DEPARTMENTS}
    assert "2026-11-11" in versions["design"].closed  # Poland's independence
    assert "2026-12-08" in versions["legal"].closed  # Portugal
    assert "2027-02-01" in versions["it"].closed  # Saint Brigid's
    staff = company(2025, 2028)
    for slug, version in versions.items():
        told = staff.calendars[slug]
        for day in (THURSDAY_NOON + timedelta(days=shift) for shift in range(0, 200, 3)):
            assert version.work_calendar.is_open(day) == told.is_open(day)
    assert Department.objects.count() == 10
    assert Service.objects.published().count() == len(OFFERS)
