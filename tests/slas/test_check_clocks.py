"""What is stored is what the deeds say, and the command finds it out where it is not."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from catalogue.models import Service
from people.models import Department, User
from requests_app import actions
from requests_app.kinds import FINDINGS
from requests_app.models import Event, ServiceRequest
from slas import agreements, replay, sweep
from slas.models import Clock, Course
from tests import factories
from tests.beforehand import beforehand
from tests.slas.alone import promises_alone
from tests.times import MONDAY_9, MONDAY_10, MONDAY_NOON, NEXT_MONDAY_9, TUESDAY_9, at, hours

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _it_is_monday_a_week_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NEXT_MONDAY_9)


@pytest.fixture
@beforehand
@promises_alone
def story(laptop: Service, dana: User, omar: User) -> ServiceRequest:
    """Answered late, asked back, handed on, resolved, reopened."""
    other = factories.make_service(factories.make_department("FAC"))
    request = factories.make_service_request(laptop, by=dana, at=MONDAY_9)
    request = actions.take(request, by=omar, at=MONDAY_10)
    request = actions.ask(
        request, message="Which?", look_again_on=at(30, 9).date(), by=omar, at=at(16, 15)
    )
    request = actions.answer(request, message="That.", by=dana, at=TUESDAY_9)
    request = actions.transfer(request, service=other, reason="Yours.", by=omar, at=at(17, 10))
    agent = factories.make_agent(other.team)
    request = actions.resolve(request, message="Done.", by=agent, at=at(17, 12))
    return actions.reopen(request, message="No.", by=dana, at=at(18, 12))


def check(*arguments: str) -> tuple[int, str]:
    """The exit code of the command, and what it said."""
    said = StringIO()
    try:
        call_command("check_clocks", *arguments, stdout=said)
    except SystemExit as ended:
        return int(ended.code or 0), said.getvalue()
    return 0, said.getvalue()


def test_the_command_finds_no_difference_in_a_long_story(story: ServiceRequest) -> None:
    assert check() == (0, "1 requests checked, 0 differences in 0 of them.\n")


def test_what_only_waits_for_the_sweep_is_no_difference(story: ServiceRequest) -> None:
    before = check()
    sweep.sweep(NEXT_MONDAY_9)
    assert check() == before


@pytest.mark.parametrize(
    ("metric", "tampered"),
    [
        ("first_response", {"used": hours(1)}),
        ("first_response", {"department_id": "client"}),
        ("first_response", {"warned": 0}),
        ("first_response", {"cause": "retargeted"}),
        ("first_response", {"in_figures": False}),
        ("holding", {"budget": hours(99)}),
        ("holding", {"started_at": MONDAY_9}),
        ("resolution", {"priority": "P1"}),
    ],
)
def test_the_command_finds_a_tampered_row(
    story: ServiceRequest, metric: str, tampered: dict[str, object]
) -> None:
    (column, value) = next(iter(tampered.items()))
    if value == "client":
        value = story.client_department_id
    Clock.objects.filter(metric=metric, cycle=1).update(**{column: value})
    code, said = check()
    assert code == 1
    assert f"{story.reference} {metric} 1.1: {column} is " in said


def test_the_command_finds_a_clock_that_nobody_watches(story: ServiceRequest) -> None:
    Clock.objects.filter(metric="resolution", cycle=2).update(next_check_at=at(30, 9))
    assert "resolution 2.1: next_check_at" in check()[1]


def test_the_command_finds_a_breach_that_was_none(laptop: Service, dana: User) -> None:
    factories.make_service_request(laptop, by=dana, at=NEXT_MONDAY_9 - hours(1))
    due = Clock.objects.get(metric="resolution").due_at
    Clock.objects.filter(metric="resolution").update(
        breached_at=due, decided_at=due, noticed_at=due, next_check_at=None
    )
    assert check()[0] == 1


def test_the_command_finds_a_missing_and_a_surplus_clock(story: ServiceRequest) -> None:
    holding = Clock.objects.get(metric="holding")
    Clock.objects.filter(pk=holding.pk).update(sequence=2)
    said = check()[1]
    assert "holding 1.1 is not there, by its deeds there" in said
    assert "holding 1.2 is there, by its deeds not there" in said


def test_the_command_finds_a_request_that_says_something_else(story: ServiceRequest) -> None:
    ServiceRequest.objects.update(due_at=MONDAY_9)
    Course.objects.update(stands="final")
    said = check()[1]
    assert "request: due_at is " in said
    assert "course: stands is final, by its deeds open" in said


def test_the_command_finds_a_request_without_a_course(story: ServiceRequest) -> None:
    Clock.objects.all().delete()
    Course.objects.all().delete()
    assert "course is not there, by its deeds there" in check()[1]


def test_repair_writes_what_the_deeds_say(story: ServiceRequest) -> None:
    Clock.objects.filter(metric="holding").update(budget=hours(99), sequence=2)
    Clock.objects.filter(metric="resolution", cycle=2).update(next_check_at=at(30, 9))
    ServiceRequest.objects.update(due_at=MONDAY_9, ever_breached=False)
    events = Event.objects.count()
    code, said = check("--repair")
    assert (code, said.endswith("repaired.\n")) == (1, True)
    assert check()[0] == 0
    assert Event.objects.count() == events


def test_repair_makes_clocks_where_there_are_none(story: ServiceRequest) -> None:
    count = Clock.objects.count()
    Clock.objects.all().delete()
    Course.objects.all().delete()
    check("--repair")
    assert check()[0] == 0
    assert Clock.objects.count() == count > 0


def test_repair_takes_a_breach_back_that_was_none(laptop: Service, dana: User) -> None:
    factories.make_service_request(laptop, by=dana, at=NEXT_MONDAY_9 - hours(1))
    due = Clock.objects.get(metric="resolution").due_at
    Clock.objects.filter(metric="resolution").update(
        breached_at=due, decided_at=due, noticed_at=due, next_check_at=None
    )
    check("--repair")
    assert check()[0] == 0
    assert Clock.objects.get(metric="resolution").noticed_at is None


def test_repair_knows_when_what_nobody_touches_goes_back(
    it: Department, laptop: Service, dana: User, omar: User, lena: User
) -> None:
    agreements.publish_standard(it, at=MONDAY_9, takes_back=True)
    request = factories.make_service_request(laptop, by=dana, at=MONDAY_9)
    actions.assign(request, assignee=omar, by=lena, at=MONDAY_10)
    Course.objects.update(take_back_at=None)
    assert "take_back_at" in check("--repair")[1]
    assert check()[0] == 0
    assert Course.objects.get().take_back_at == MONDAY_NOON


def test_requests_are_gone_through_in_pages(laptop: Service, dana: User) -> None:
    for _ in range(5):
        factories.make_service_request(laptop, by=dana, at=MONDAY_NOON)
    assert check("--batch", "2") == (0, "5 requests checked, 0 differences in 0 of them.\n")


def test_replay_reads_deeds_and_never_findings(story: ServiceRequest) -> None:
    sweep.sweep(NEXT_MONDAY_9)
    found_by_time = {
        "warned",
        "breached",
        "escalated",
        "breach_explained",
        "invited",
        "rated",
        "nudged",
        "look_again",
    }
    assert set(FINDINGS) == found_by_time
    before = replay.replay([story.pk])[story.pk]
    assert before.last_event_id < Event.objects.latest("id").pk
    assert {clock.key for clock in before.course.clocks} if before.course else set()
