"""Harbour & Pine as it is played: silently, by the desk's own rules, and never twice."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from django.test import Client

from catalogue import answers as form_answers
from feedback.models import Invitation, Rating, RatingReason
from notices.models import MailLine, Notice, OutboxMail
from people.access import standing
from people.models import Membership, User
from requests_app.kinds import Via
from requests_app.lifecycle import Status
from requests_app.models import Event, Message, ServiceRequest
from servicedesk.demo.signins import PASSWORD, SIGN_INS
from servicedesk.management.commands.seed_demo import seed_demo
from slas.models import BreachReason, Clock
from slas.replay import differences

THURSDAY_NOON = datetime(2026, 11, 19, 12, 10, tzinfo=UTC)
SIZE = 36


class Quiet(BaseCommand):
    """A command that only listens to itself."""

    def __init__(self) -> None:
        super().__init__(stdout=io.StringIO())


def seed(requests: int = SIZE, now: datetime = THURSDAY_NOON, days: int = 20) -> None:
    """Play a small company in this process and transaction."""
    seed_demo(Quiet(), days=days, requests=requests, seed=7, now=now)


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def played(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A small company on Thursday at noon, played once for all who look at it."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed()
        yield
        transaction.set_rollback(True)


def test_a_small_company_is_played_silently_and_by_the_rules(played: None) -> None:
    assert ServiceRequest.objects.filter(source="demo").count() == SIZE
    assert not Notice.objects.exists()
    assert not OutboxMail.objects.exists()
    assert not MailLine.objects.exists()
    assert set(Event.objects.values_list("via", flat=True)) == {str(Via.SEED)}
    assert not Event.objects.filter(at__gt=THURSDAY_NOON).exists()
    ids = list(ServiceRequest.objects.values_list("pk", flat=True))
    assert differences(ids, THURSDAY_NOON) == []
    assert not Invitation.objects.due(THURSDAY_NOON).exists()
    assert Rating.objects.exists()
    assert RatingReason.objects.exists()
    long_ago = THURSDAY_NOON - timedelta(days=15)
    assert not Invitation.objects.open(THURSDAY_NOON).filter(invited_at__lt=long_ago).exists()
    assert Message.objects.filter(text="").count() == 0


def test_most_of_what_was_late_has_a_reason_of_someone_who_answers_for_it(played: None) -> None:
    late = Clock.objects.promises().filter(breached_at__isnull=False)
    said = list(BreachReason.objects.select_related("by", "service_request"))
    assert late.count() * 0.5 < len(said) <= late.count()
    for one in said:
        clock = late.get(
            service_request=one.service_request,
            metric=one.metric,
            cycle=one.cycle,
            sequence=one.sequence,
        )
        assert clock.department_id in standing(one.by).agent_of
        assert clock.breached_at is not None
        assert clock.breached_at < one.at <= THURSDAY_NOON


def test_every_answer_that_was_given_passes_its_form(played: None) -> None:
    for service_request in ServiceRequest.objects.select_related("form_version"):
        spec = service_request.form_version.spec
        assert form_answers.clean(spec, service_request.answers) == service_request.answers
        assert service_request.answers


def test_one_of_each_role_can_sign_in_and_is_what_it_says(played: None) -> None:
    people = {one.role: User.objects.get(email=one.email) for one in SIGN_INS}
    assert [one.role for one in SIGN_INS] == [
        "Employee",
        "Agent",
        "Lead",
        "Manager",
        "Administrator",
    ]
    for one in SIGN_INS:
        assert people[one.role].name == one.name
        assert Client().login(username=one.email, password=PASSWORD)
    assert not Membership.objects.filter(user=people["Employee"]).exists()
    assert Membership.objects.get(user=people["Agent"]).is_lead is False
    assert Membership.objects.get(user=people["Lead"]).is_lead is True
    assert people["Manager"].managements.get().department is None
    assert people["Administrator"].is_administrator
    said = io.StringIO()
    call_command("demo_signins", stdout=said)
    assert all(one.email in said.getvalue() for one in SIGN_INS)
    assert PASSWORD in said.getvalue()


def test_the_employee_finds_a_question_an_approval_and_something_to_confirm(played: None) -> None:
    check_what_the_employee_finds()


def check_what_the_employee_finds() -> None:
    """A question, an approval and something to confirm."""
    ines = User.objects.get(email=SIGN_INS[0].email)
    own = ServiceRequest.objects.filter(requester=ines)
    assert 5 <= own.live().count() <= 8
    assert own.filter(status=Status.WAITING_REQUESTER).count() == 1
    assert own.filter(status=Status.RESOLVED).count() == 1
    assert ServiceRequest.objects.filter(approver=ines).count() == 1


def test_seeding_again_adds_nothing_and_says_so(played: None) -> None:
    before = (ServiceRequest.objects.count(), Event.objects.count(), Rating.objects.count())
    said = io.StringIO()
    call_command("seed_demo", stdout=said)
    assert "here already" in said.getvalue()
    after = (ServiceRequest.objects.count(), Event.objects.count(), Rating.objects.count())
    assert after == before
