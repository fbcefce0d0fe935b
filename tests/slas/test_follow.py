"""The follower: deeds move rows, in the deed's own transaction, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from calendars import actions as calendar_actions
from calendars.models import Calendar
from catalogue.models import Service
from people.models import Department, User
from requests_app import actions, timeline
from requests_app.kinds import Empty, Spoken, Via
from requests_app.models import NOTHING_DUE, STANDING_STILL, Event, ServiceRequest
from slas import agreements, clocks
from slas.engine import Metric, State
from slas.models import Clock, Course, Terms
from tests import factories
from tests.beforehand import beforehand
from tests.slas.alone import promises_alone
from tests.times import (
    MONDAY_9,
    MONDAY_10,
    MONDAY_NOON,
    NEXT_MONDAY_9,
    TUESDAY_9,
    WEDNESDAY_9,
    at,
    hours,
)

pytestmark = pytest.mark.django_db
LATER = at(30, 9).date()


def clock(request: ServiceRequest, metric: str = Metric.RESOLUTION) -> Clock:
    """The latest clock of that metric."""
    return request.clocks.filter(metric=str(metric)).latest("cycle", "sequence")


@pytest.fixture
@beforehand
@promises_alone
def asked(laptop: Service, dana: User) -> ServiceRequest:
    """A P3 of Monday, nine o'clock: first answer within 4 h, ready within 3 working days."""
    return factories.make_service_request(laptop, by=dana, at=MONDAY_9)


@pytest.fixture
@beforehand
def facilities(db: None) -> Service:
    """A service of another department."""
    return factories.make_service(factories.make_department("FAC", name="Facilities"))


def test_a_new_request_knows_its_nearest_due_time(asked: ServiceRequest) -> None:
    assert asked.due_at == asked.queue_at == at(16, 14)
    assert ServiceRequest.objects.get(pk=asked.pk).due_at == at(16, 14)


def test_an_answer_resumes_the_clock_where_it_stopped(
    asked: ServiceRequest, dana: User, omar: User
) -> None:
    request = actions.take(asked, by=omar, at=MONDAY_9)
    request = actions.ask(request, message="Which?", look_again_on=LATER, by=omar, at=MONDAY_10)
    assert (request.due_at, request.queue_at) == (None, STANDING_STILL)
    request = actions.answer(request, message="That.", by=dana, at=TUESDAY_9)
    assert clock(request).due_at == at(20, 9, 30)
    assert request.due_at == clock(request, "next_reply").due_at == at(17, 14)


def test_a_resolved_request_has_nothing_due(asked: ServiceRequest, omar: User) -> None:
    request = actions.resolve(asked, message="Done.", by=omar, at=MONDAY_10)
    assert (request.due_at, request.queue_at) == (None, NOTHING_DUE)
    assert {one.state for one in Clock.objects.all()} == {State.STOPPED}


def test_an_agent_who_asked_for_herself_does_not_answer_herself(
    laptop: Service, lena: User
) -> None:
    mine = factories.make_service_request(laptop, by=lena, at=MONDAY_9)
    actions.reply(mine, message="Still waiting.", by=lena, at=MONDAY_10)
    assert clock(mine, Metric.FIRST_RESPONSE).state == State.RUNNING


def test_where_an_agent_files_for_a_colleague_the_next_public_message_counts(
    laptop: Service, dana: User, omar: User
) -> None:
    request = factories.make_service_request(laptop, by=omar, requester=dana, at=MONDAY_9)
    assert clock(request, Metric.FIRST_RESPONSE).state == State.RUNNING
    actions.reply(request, message="I am on it.", by=omar, at=MONDAY_10)
    assert clock(request, Metric.FIRST_RESPONSE).stopped_at == MONDAY_10


def test_what_fell_due_before_a_deed_is_on_the_timeline_with_its_own_time(
    asked: ServiceRequest, omar: User
) -> None:
    actions.reply(asked, message="Sorry, late.", by=omar, at=TUESDAY_9)
    found = Event.objects.filter(kind__in=("warned", "breached")).order_by("at")
    assert [(one.kind, one.at, one.actor, one.via) for one in found] == [
        ("warned", MONDAY_NOON, None, Via.DESK),
        ("breached", at(16, 14), None, Via.DESK),
    ]
    late = clock(asked, Metric.FIRST_RESPONSE)
    assert (late.breached_at, late.decided_at, late.stopped_at) == (
        at(16, 14), at(16, 14), TUESDAY_9,
    )  # fmt: skip
    assert found[1].data.clock_id == late.pk


def test_a_breach_is_noticed_when_the_system_wrote_it_down(
    asked: ServiceRequest, omar: User
) -> None:
    actions.reply(asked, message="Sorry, late.", by=omar, at=TUESDAY_9)
    deed = Event.objects.get(kind="taken")
    assert clock(asked, Metric.FIRST_RESPONSE).noticed_at == deed.recorded_at


def test_what_is_found_in_an_import_is_as_silent_as_the_import(
    asked: ServiceRequest, omar: User
) -> None:
    actions.resolve(asked, message="", by=omar, at=NEXT_MONDAY_9, via=Via.IMPORT)
    assert set(Event.objects.filter(kind="breached").values_list("via", flat=True)) == {"import"}


def test_the_same_event_again_changes_nothing(asked: ServiceRequest, omar: User) -> None:
    actions.reply(asked, message="On it.", by=omar, at=TUESDAY_9)
    before = list(Clock.objects.values()), list(Course.objects.values()), Event.objects.count()
    clocks.follow(list(Event.objects.order_by("id")))
    assert (
        list(Clock.objects.values()), list(Course.objects.values()), Event.objects.count()
    ) == before  # fmt: skip


def test_a_case_told_at_the_end_comes_out_as_deed_by_deed(
    laptop: Service, facilities: Service, dana: User, omar: User
) -> None:
    theirs = factories.make_agent(facilities.team)

    def play() -> ServiceRequest:
        one = factories.make_service_request(laptop, by=dana, at=MONDAY_9, via=Via.SEED)
        past: dict[str, Any] = {"message": "Words.", "via": Via.SEED}
        one = actions.ask(one, by=omar, at=MONDAY_NOON, look_again_on=None, **past)
        one = actions.answer(one, by=dana, at=TUESDAY_9, **past)
        one = actions.transfer(
            one, service=facilities, reason="Yours.", by=omar, at=at(17, 10), via=Via.SEED
        )
        one = actions.resolve(one, by=theirs, at=NEXT_MONDAY_9, **past)
        return actions.reopen(one, by=dana, at=at(24, 9), **past)

    by_deed = play()
    with transaction.atomic(), timeline.told_at_the_end():
        at_the_end = play()
    for request in (by_deed, at_the_end):
        row = ServiceRequest.objects.get(pk=request.pk)
        assert (row.due_at, row.queue_at) == (request.due_at, request.queue_at)
    own = ("id", "service_request_id", "noticed_at")
    said = [
        [
            {name: value for name, value in row.items() if name not in own}
            for row in request.clocks.order_by("metric", "cycle").values()
        ]
        for request in (by_deed, at_the_end)
    ]
    assert said[0] == said[1]
    assert (by_deed.due_at, by_deed.ever_breached) == (at_the_end.due_at, at_the_end.ever_breached)
    told = [
        list(request.events.filter(kind__in=("warned", "breached")).values_list("kind", "at"))
        for request in (by_deed, at_the_end)
    ]
    assert told[0] == told[1]
    assert len(told[0]) > 2


def test_findings_are_not_followed(asked: ServiceRequest, omar: User) -> None:
    actions.reply(asked, message="Late.", by=omar, at=TUESDAY_9)
    Course.objects.update(last_event_id=0)
    before = list(Clock.objects.values())
    clocks.follow(list(Event.objects.filter(kind__in=("warned", "breached"))))
    assert list(Clock.objects.values()) == before


def test_a_chain_of_events_is_at_most_two_deep(
    asked: ServiceRequest, omar: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    depth, deepest = 0, 0
    real = timeline.followers

    def counted() -> tuple[timeline.Follower, ...]:
        def wrap(follow: timeline.Follower) -> timeline.Follower:
            def deeper(events: list[Event]) -> None:
                nonlocal depth, deepest
                depth += 1
                deepest = max(deepest, depth)
                follow(events)
                depth -= 1

            return deeper  # type: ignore[return-value]

        return tuple(wrap(follow) for follow in real())

    monkeypatch.setattr(timeline, "followers", counted)
    actions.resolve(asked, message="Late.", by=omar, at=NEXT_MONDAY_9)
    assert deepest == 2


def test_a_submission_names_its_versions(asked: ServiceRequest) -> None:
    named = Terms.objects.get(service_request=asked)
    assert (named.scope, named.event.kind) == ("promise", "submitted")
    assert {one.agreement_version_id for one in asked.clocks.all()} == {named.agreement_version_id}


def test_a_request_keeps_the_version_in_force_when_it_was_submitted(
    asked: ServiceRequest, it: Department, laptop: Service, dana: User, lena: User
) -> None:
    agreements.publish_standard(
        it, at=MONDAY_10, targets={(Metric.RESOLUTION, "P2"): timedelta(hours=2)}
    )
    request = actions.prioritise(
        asked, impact="team", urgency="now", reason="All of us.", by=lena, at=MONDAY_NOON
    )
    assert clock(request).budget == hours(8)
    newer = factories.make_service_request(laptop, by=dana, at=MONDAY_NOON, impact="team")
    assert clock(newer).budget == hours(2)


def test_a_transfer_names_the_receivers_standard_and_starts_its_own_clock(
    asked: ServiceRequest, facilities: Service, omar: User
) -> None:
    actions.transfer(asked, service=facilities, reason="Yours.", by=omar, at=MONDAY_10)
    holding = clock(asked, Metric.HOLDING)
    assert (holding.department, holding.started_at) == (facilities.department, MONDAY_10)
    assert holding.agreement_version.agreement.provider == facilities.department
    assert clock(asked).department == facilities.department
    assert clock(asked).agreement_version.agreement.provider != facilities.department


def test_another_service_of_the_same_department_starts_no_holding_clock(
    asked: ServiceRequest, it: Department, omar: User
) -> None:
    other = factories.make_service(it)
    actions.transfer(asked, service=other, reason="Rather this.", by=omar, at=MONDAY_10)
    assert not Clock.objects.filter(metric="holding").exists()
    assert clock(asked).due_at == at(19, 10, 30)


def test_changed_hours_move_what_is_open_by_an_event(asked: ServiceRequest) -> None:
    calendar = Calendar.objects.get()
    calendar_actions.publish_version(
        calendar,
        zone="Europe/Dublin",
        hours={day: [("09:00", "13:00")] for day in range(5)},
        by=None,
        at=MONDAY_10,
    )
    request = ServiceRequest.objects.lock(asked.pk)
    timeline.record(request, "calendar_changed", Empty(), by=None, at=MONDAY_10, via=Via.DESK)
    assert clock(request, Metric.FIRST_RESPONSE).due_at == at(16, 13)
    assert request.due_at == at(16, 13)
    assert clock(request).due_at == at(23, 13)
    assert Terms.objects.filter(event__kind="calendar_changed").count() == 1


def test_reopening_starts_a_second_row(asked: ServiceRequest, dana: User, omar: User) -> None:
    actions.resolve(asked, message="Done.", by=omar, at=MONDAY_10)
    request = actions.reopen(asked, message="Not quite.", by=dana, at=WEDNESDAY_9)
    assert list(
        Clock.objects.filter(metric="resolution").values_list("cycle", "state").order_by("cycle")
    ) == [(1, "stopped"), (2, "running")]
    assert clock(request).due_at == at(23, 9, 30)
    assert request.due_at == clock(request, "next_reply").due_at == at(18, 14)


def test_ever_breached_is_kept_beside_the_last_cycle(
    asked: ServiceRequest, dana: User, omar: User
) -> None:
    request = actions.resolve(asked, message="Late.", by=omar, at=NEXT_MONDAY_9)
    assert request.ever_breached
    request = actions.reopen(asked, message="No.", by=dana, at=NEXT_MONDAY_9)
    request = actions.resolve(asked, message="Now.", by=omar, at=NEXT_MONDAY_9)
    assert request.ever_breached
    assert clock(request).is_met


def test_what_a_department_asks_of_itself_stays_out_of_the_figures(
    laptop: Service, lena: User, dana: User
) -> None:
    own = factories.make_service_request(laptop, by=lena, at=MONDAY_9)
    other = factories.make_service_request(laptop, by=dana, at=MONDAY_9)
    assert not clock(own).in_figures
    assert clock(other).in_figures


def test_events_of_many_requests_are_followed_with_as_many_queries_as_of_two(
    laptop: Service, dana: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (10, 20):
        requests = [
            factories.make_service_request(laptop, by=dana, at=MONDAY_9) for _ in range(count)
        ]
        events = [
            timeline.event(one, "noted", Spoken(), by=None, at=MONDAY_10, via=Via.DESK)
            for one in requests
        ]
        with django_assert_num_queries(3):
            timeline.record_many(events)


def test_a_deed_costs_the_promises_few_queries(asked: ServiceRequest, omar: User) -> None:
    request = actions.take(asked, by=omar, at=MONDAY_9)
    for deed, most in (("note", 2), ("reply", 6), ("reply", 6)):
        with CaptureQueriesContext(connection) as captured:
            actions.perform(request, deed, message="Words.", by=omar, at=MONDAY_10, via=Via.PAGE)
        ours = [query for query in captured.captured_queries if '"slas_' in query["sql"]]
        assert len(ours) == most, deed


def test_a_follower_changes_nothing_when_the_deed_is_rolled_back(
    asked: ServiceRequest, omar: User
) -> None:
    before = list(Clock.objects.values())
    with transaction.atomic():
        actions.resolve(asked, message="Done.", by=omar, at=MONDAY_10)
        transaction.set_rollback(True)
    assert list(Clock.objects.values()) == before
