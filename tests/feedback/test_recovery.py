"""Who was dissatisfied by name is looked after, and what came of it is kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from catalogue.models import Service
from feedback import access, invitations, recovery
from feedback.actions import rate
from feedback.models import Invitation, RecoveryTask
from feedback.recovery import settle, take
from notices import inbox, mail
from notices.models import MailLine, Notice, OutboxMail
from people.models import Department, Team, User
from requests_app import actions
from requests_app.errors import NotAllowed, Overtaken, Refused
from requests_app.models import ServiceRequest
from tests.beforehand import beforehand
from tests.factories import make_agent, make_service, make_service_request, make_team
from tests.times import MONDAY_9, MONDAY_10, MONDAY_NOON, TUESDAY_9, hours, minutes

pytestmark = pytest.mark.django_db


def invited(service: Service, dana: User, omar: User) -> Invitation:
    """Dana was asked on Monday at 10:30."""
    request = make_service_request(service, by=dana, at=MONDAY_9)
    actions.resolve(request, message="There you are.", by=omar, at=MONDAY_10)
    invitations.advance(MONDAY_10 + minutes(30))
    return request.invitations.get()


@pytest.fixture
@beforehand
def invitation(laptop: Service, dana: User, omar: User, lena: User) -> Invitation:
    return invited(laptop, dana, omar)


@pytest.fixture
@beforehand
def task(invitation: Invitation, it: Department) -> RecoveryTask:
    """Dana was dissatisfied and said so."""
    rate(invitation.pk, score=2, at=MONDAY_NOON)
    return RecoveryTask.objects.get()


def told(kind: str = "recovery") -> list[str]:
    """Who heard, by bell and by mail alike."""
    bell = Notice.objects.filter(kind=kind).values_list("user__name", flat=True)
    mail = MailLine.objects.filter(kind=kind).values_list("recipient__name", flat=True)
    assert sorted(bell) == sorted(mail)
    return sorted(bell)


@pytest.mark.parametrize(
    ("given", "opens"),
    [
        ({"score": 1}, True),
        ({"score": 2}, True),
        ({"score": 3}, False),
        ({"score": 5}, False),
        ({"score": 1, "unnamed": True}, False),
    ],
)
def test_a_one_or_a_two_with_a_name_opens_a_task_for_the_leads(
    invitation: Invitation, it: Department, given: dict[str, Any], opens: bool
) -> None:
    rate(invitation.pk, at=MONDAY_NOON, **given)
    tasks = RecoveryTask.objects.open()
    assert [(one.department, one.opened_at) for one in tasks] == [(it, MONDAY_NOON)] * opens
    assert told() == ["Lena Nowak"] * opens


@pytest.mark.parametrize("better", [{"score": 3}, {"score": 1, "unnamed": True}])
def test_a_better_answer_or_one_without_a_name_takes_it_back(
    task: RecoveryTask, invitation: Invitation, better: dict[str, Any]
) -> None:
    rate(invitation.pk, at=MONDAY_NOON + hours(1), **better)
    task.refresh_from_db()
    assert task.withdrawn_at == MONDAY_NOON + hours(1)
    assert not RecoveryTask.objects.open().exists()
    assert told() == []


def test_a_mail_that_left_stays_and_an_empty_one_is_not_sent(
    invitation: Invitation, lena: User
) -> None:
    OutboxMail.objects.all().delete()
    rate(invitation.pk, score=1, at=MONDAY_NOON)
    assert OutboxMail.objects.get().recipient == lena
    rate(invitation.pk, score=4, at=MONDAY_NOON + minutes(1))
    assert not OutboxMail.objects.get().lines.exists()
    rate(invitation.pk, score=1, at=MONDAY_NOON + minutes(2))
    OutboxMail.objects.update(attempts=1, sent_at=MONDAY_NOON + minutes(3))
    rate(invitation.pk, score=4, at=MONDAY_NOON + minutes(4))
    assert MailLine.objects.filter(kind="recovery").count() == 1


def test_a_second_thought_opens_it_again(task: RecoveryTask, invitation: Invitation) -> None:
    rate(invitation.pk, score=4, at=MONDAY_NOON + hours(1))
    rate(invitation.pk, score=1, at=MONDAY_NOON + hours(2))
    task.refresh_from_db()
    assert (task.opened_at, task.withdrawn_at) == (MONDAY_NOON + hours(2), None)
    assert told() == ["Lena Nowak"]


def test_an_answer_still_bad_changes_nothing_about_its_task(
    task: RecoveryTask, invitation: Invitation
) -> None:
    rate(invitation.pk, score=1, comment="Worse.", at=MONDAY_NOON + hours(1))
    task.refresh_from_db()
    assert (task.opened_at, task.withdrawn_at) == (MONDAY_NOON, None)
    assert told() == ["Lena Nowak"]


def test_what_was_done_stays_done(task: RecoveryTask, invitation: Invitation, lena: User) -> None:
    settle(task.pk, outcome="spoke", note=" All well. ", by=lena, at=MONDAY_NOON + hours(1))
    rate(invitation.pk, score=5, at=MONDAY_NOON + hours(2))
    task.refresh_from_db()
    assert (task.outcome, task.note, task.done_by) == ("spoke", "All well.", lena)
    assert (task.assignee, task.withdrawn_at) == (lena, None)


def test_a_lead_takes_it_and_another_may_take_it_over(
    task: RecoveryTask, it_team: Team, lena: User
) -> None:
    other = make_agent(it_team, is_lead=True)
    assert take(task.pk, by=lena).assignee == lena
    assert take(task.pk, by=other).assignee == other


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"outcome": ""}, "outcome"),
        ({"outcome": "nonsense"}, "outcome"),
        ({"outcome": "spoke", "note": "x" * 2001}, "note"),
        ({"outcome": "spoke", "note": "a\x00b"}, "note"),
    ],
)
def test_what_is_no_outcome_is_refused(
    task: RecoveryTask, lena: User, given: dict[str, str], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        settle(task.pk, by=lena, at=TUESDAY_9, **given)
    assert refused.value.field == field
    assert RecoveryTask.objects.open().exists()


def test_what_is_over_cannot_be_done_again(
    task: RecoveryTask, invitation: Invitation, lena: User
) -> None:
    rate(invitation.pk, score=4, at=MONDAY_NOON + hours(1))
    with pytest.raises(NotAllowed):
        settle(task.pk, outcome="spoke", by=make_agent(lena.memberships.get().team), at=TUESDAY_9)
    with pytest.raises(Overtaken, match="changed"):
        settle(task.pk, outcome="spoke", by=lena, at=TUESDAY_9)
    rate(invitation.pk, score=1, at=MONDAY_NOON + hours(2))
    settle(task.pk, outcome="spoke", by=lena, at=TUESDAY_9)
    for again in (
        lambda: settle(task.pk, outcome="spoke", by=lena, at=TUESDAY_9),
        lambda: take(task.pk, by=lena),
    ):
        with pytest.raises(Overtaken, match="already"):
            again()


def test_only_leads_of_the_department_look_after_it(
    task: RecoveryTask, omar: User, kai: User, dana: User, hr: Department, lena: User
) -> None:
    elsewhere = make_agent(make_team(hr), is_lead=True)
    for person in (omar, kai, dana, elsewhere):
        with pytest.raises(NotAllowed):
            take(task.pk, by=person)
    assert list(access.recovery_of(lena, [task.department_id])) == [task]
    assert not access.recovery_of(elsewhere, [task.department_id]).exists()


def test_of_a_restricted_request_only_leads_of_the_named_team_hear_and_see(
    it: Department, it_team: Team, dana: User, omar: User, lena: User
) -> None:
    outside = make_agent(make_team(it), "Other Lead", is_lead=True)
    secret = make_service(it, team=it_team, restricted=True)
    rate(invited(secret, dana, omar).pk, score=1, at=MONDAY_NOON)
    task = RecoveryTask.objects.get()
    assert told() == ["Lena Nowak"]
    assert list(access.recovery_of(lena, [it.pk])) == [task]
    assert not access.recovery_of(outside, [it.pk]).exists()
    assert list(access.ratings_of(lena, it.pk, TUESDAY_9)) == [task.rating]
    assert not access.ratings_of(outside, it.pk, TUESDAY_9).exists()
    with pytest.raises(NotAllowed):
        settle(task.pk, outcome="spoke", by=outside, at=TUESDAY_9)


def test_the_leads_of_whoever_served_hear_though_it_was_handed_on(
    invitation: Invitation, hr: Department, dana: User, omar: User
) -> None:
    rate(invitation.pk, score=4, at=MONDAY_NOON)
    make_agent(make_team(hr), "Foreign Lead", is_lead=True)
    request = ServiceRequest.objects.get()
    actions.reopen(request, message="No.", by=dana, at=MONDAY_NOON)
    actions.transfer(request, service=make_service(hr), reason="Yours.", by=omar, at=MONDAY_NOON)
    rate(invitation.pk, score=1, at=MONDAY_NOON + hours(1))
    assert told() == ["Lena Nowak"]


def test_the_database_itself_wants_an_outcome(task: RecoveryTask) -> None:
    with pytest.raises(IntegrityError, match="recovery_done"), transaction.atomic():
        RecoveryTask.objects.update(done_at=TUESDAY_9)


def test_the_length_of_a_note_has_a_limit() -> None:
    assert recovery.LONGEST_NOTE == 2000


# -- What leads are told -------------------------------------------------------------------------


def test_the_bell_and_the_mail_lead_to_the_page_of_the_leads(
    task: RecoveryTask, lena: User, invitation: Invitation
) -> None:
    (line,) = [one for one in inbox.latest(lena) if one.kind == "recovery"]
    assert line.text.startswith("Dana Byrne was not satisfied: ")
    assert line.url == "/manage/it/feedback/"
    row = OutboxMail.objects.filter(recipient=lena, lines__kind="recovery").get()
    rendered = mail.render(row, MONDAY_NOON)
    assert rendered is not None
    for part in (rendered.text, rendered.html):
        assert "Dana Byrne from Finance was dissatisfied with how you handled" in part
        assert "/manage/it/feedback/" in part


def test_of_a_restricted_request_the_mail_says_the_reference_alone(
    it: Department, it_team: Team, dana: User, omar: User, lena: User
) -> None:
    secret = make_service(it, team=it_team, restricted=True)
    request = invited(secret, dana, omar)
    rate(request.pk, score=1, comment="Between us", at=MONDAY_NOON)
    row = OutboxMail.objects.filter(recipient=lena, lines__kind="recovery").get()
    rendered = mail.render(row, MONDAY_NOON)
    assert rendered is not None
    for part in (rendered.subject, rendered.text, rendered.html):
        assert request.service_request.reference in part
        assert "Dana" not in part
        assert "Between us" not in part
    (line,) = [one for one in inbox.latest(lena) if one.kind == "recovery"]
    assert line.text == f"News about {request.service_request.reference}"


def test_no_mail_says_what_was_answered(task: RecoveryTask, invitation: Invitation) -> None:
    rate(invitation.pk, score=1, comment="Three weeks!", at=MONDAY_NOON + minutes(1))
    for row in OutboxMail.objects.all():
        rendered = mail.render(row, MONDAY_NOON)
        assert rendered is None or "Three weeks!" not in rendered.text + rendered.html
