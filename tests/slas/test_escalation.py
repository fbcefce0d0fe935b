"""Steps of escalation on the real path: rows, events, deeds. Done once, whatever runs how often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from catalogue.models import Service
from people.models import Department, User
from requests_app import actions
from requests_app.models import Event, ServiceRequest
from slas import agreements, escalation, replay, sweep
from slas.engine import Act, Escalation
from slas.models import Clock, Course
from tests import factories
from tests.times import (
    MONDAY_9,
    MONDAY_10,
    MONDAY_NOON,
    NEXT_MONDAY_9,
    THURSDAY_9,
    TUESDAY_9,
    at,
    hours,
    minutes,
)

pytestmark = pytest.mark.django_db
LEAD, MANAGER, RAISE = Act.TELL_LEAD, Act.TELL_MANAGER, Act.RAISE_PRIORITY
Asking = Callable[..., ServiceRequest]


@pytest.fixture
def asked(it: Department, laptop: Service, dana: User) -> Asking:
    """A P3 of Monday at nine, under an agreement with these steps; first answer due at 14:00."""

    def ask(*steps: tuple[int, Act], takes_back: bool = False) -> ServiceRequest:
        said = tuple(Escalation(percent, act) for percent, act in steps)
        agreements.publish_standard(
            it,
            at=MONDAY_9,
            escalation=dict.fromkeys(("P1", "P2", "P3", "P4"), said),
            takes_back=takes_back,
        )
        return factories.make_service_request(laptop, by=dana, at=MONDAY_9)

    return ask


def steps(request: ServiceRequest) -> list[tuple[str, int, object]]:
    """What was escalated, by time."""
    rows = request.events.filter(kind="escalated").order_by("at", "id")
    return [(row.data.metric, row.data.threshold, row.at) for row in rows]


def nothing_differs(request: ServiceRequest, now: object = NEXT_MONDAY_9) -> None:
    """The deeds bear out what is stored."""
    assert replay.differences([request.pk], now) == []  # type: ignore[arg-type]


def test_a_step_stands_on_the_timeline_with_its_own_time_and_once(asked: Asking) -> None:
    request = asked((100, LEAD), (150, MANAGER))
    for now in (TUESDAY_9, TUESDAY_9, TUESDAY_9 - hours(1), TUESDAY_9 + minutes(1)):
        sweep.sweep(now)
    assert steps(request) == [
        ("first_response", 100, at(16, 14)), ("first_response", 150, at(16, 16)),
    ]  # fmt: skip
    nothing_differs(request)


def test_a_late_clock_is_watched_until_its_last_step(asked: Asking) -> None:
    request = asked((100, LEAD), (150, MANAGER))
    sweep.sweep(at(16, 14, 30))
    late = request.clocks.get(metric="first_response")
    assert (late.next_check_at, late.escalated) == (at(16, 16), 0)
    sweep.sweep(at(16, 16, 30))
    late.refresh_from_db()
    assert (late.next_check_at, late.escalated) == (None, 150)


def test_a_step_whose_time_stood_still_comes_later(asked: Asking, omar: User, dana: User) -> None:
    request = asked((150, MANAGER))
    actions.reply(request, message="Soon.", by=omar, at=MONDAY_10)
    sweep.sweep(at(19, 12))
    late = request.clocks.get(metric="resolution")
    assert late.breached_at == at(19, 10, 30)
    request = actions.ask(
        request, message="Which?", look_again_on=at(30, 9).date(), by=omar, at=at(19, 13)
    )
    assert request.clocks.get(metric="resolution").next_check_at is None
    request = actions.answer(request, message="That.", by=dana, at=NEXT_MONDAY_9)
    # 12 hours after the breach: two on Thursday, the others from Monday on.
    assert request.clocks.get(metric="resolution").next_check_at == at(24, 11, 30)
    nothing_differs(request, at(25, 9))


def test_the_priority_is_raised_once_by_the_desk_after_the_sweep(asked: Asking) -> None:
    request = asked((100, RAISE))
    sweep.sweep(at(16, 15))
    assert Course.objects.get().raise_to == "P2"
    assert ServiceRequest.objects.get().priority == "P3"
    done = [escalation.advance(at(16, 15)) for _ in range(3)]
    assert done == [1, 0, 0]
    request.refresh_from_db()
    assert (request.priority, request.impact, request.urgency) == ("P2", "team", "now")
    raised = request.events.get(kind="prioritised")
    assert (raised.actor, raised.at, raised.data.before) == (None, at(16, 15), "P3")
    assert not request.messages.get(pk=raised.data.message_id).is_public
    nothing_differs(request)


def test_a_priority_is_not_raised_before_its_step_though_the_wall_clock_went_back(
    asked: Asking,
) -> None:
    request = asked((50, RAISE))
    sweep.sweep(at(16, 15))
    escalation.advance(at(16, 9))
    late_at = request.events.get(kind="breached").at
    assert request.events.get(kind="prioritised").at == late_at + timedelta(microseconds=1)
    nothing_differs(request)


def test_what_a_person_has_prioritised_meanwhile_is_not_raised(asked: Asking, lena: User) -> None:
    request = asked((100, RAISE))
    sweep.sweep(at(16, 15))
    actions.prioritise(
        request, impact="wide", urgency="now", reason="All of us.", by=lena, at=at(16, 15)
    )
    assert escalation.advance(at(16, 15)) == 0
    assert not Course.objects.exclude(raise_to="").exists()
    nothing_differs(request)


def test_what_is_assigned_and_not_touched_is_taken_back_once(
    asked: Asking, omar: User, lena: User
) -> None:
    request = asked(takes_back=True)
    request = actions.assign(request, assignee=omar, by=lena, at=MONDAY_10)
    assert escalation.advance(MONDAY_NOON - timedelta(microseconds=1)) == 0
    assert [escalation.advance(at(16, 12, 5)) for _ in range(2)] == [1, 0]
    request.refresh_from_db()
    assert (request.assignee, request.status) == (None, "new")
    back = request.events.filter(kind="assigned").latest("id")
    assert (back.actor, back.at, back.data.before_id) == (None, at(16, 12, 5), omar.pk)
    nothing_differs(request)


def test_what_was_touched_stays(asked: Asking, omar: User, lena: User) -> None:
    request = asked(takes_back=True)
    request = actions.assign(request, assignee=omar, by=lena, at=MONDAY_10)
    actions.note(request, message="Looking.", by=omar, at=at(16, 11))
    assert escalation.advance(THURSDAY_9) == 0
    nothing_differs(request)


def test_one_that_cannot_be_escalated_stops_no_other(
    asked: Asking, laptop: Service, dana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = asked((100, RAISE))
    second = factories.make_service_request(laptop, by=dana, at=MONDAY_9)
    sweep.sweep(at(16, 15))
    real = actions.raise_priority

    def fails(request: ServiceRequest, **given: object) -> object:
        if request.pk == first.pk:
            raise ValueError("a row that cannot be written")
        return real(request, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(actions, "raise_priority", fails)
    assert escalation.advance(at(16, 15)) == 1
    second.refresh_from_db()
    assert second.priority == "P2"
    monkeypatch.undo()
    assert escalation.advance(at(16, 15)) == 1


def test_versions_from_before_escalate_as_they_always_did(asked: Asking) -> None:
    request = asked((100, LEAD))
    sweep.sweep(NEXT_MONDAY_9)
    assert {percent for _, percent, _ in steps(request)} == {100}
    assert Event.objects.filter(kind="breached").count() == len(steps(request)) == 2
    assert not Clock.objects.filter(next_check_at__isnull=False).exists()


def test_nothing_to_escalate_costs_two_queries(
    asked: Asking, django_assert_num_queries: Callable[..., object]
) -> None:
    asked((100, LEAD))
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        escalation.advance(MONDAY_10)
