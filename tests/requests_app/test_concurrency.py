"""Two people at once, on real PostgreSQL: nothing lost, nothing twice, no deadlock."""

from __future__ import annotations

import functools
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import OperationalError, connection, connections

from catalogue.models import Service
from people.models import User
from requests_app import actions
from requests_app.advance import advance
from requests_app.errors import Overtaken, Refused
from requests_app.kinds import Via
from requests_app.lifecycle import StaleMove, Status
from requests_app.models import Event, ServiceRequest
from slas.sweep import sweep
from tests.factories import make_service, make_service_request
from tests.times import MONDAY_9, MONDAY_10, NEXT_MONDAY_9, hours

pytestmark = pytest.mark.django_db(transaction=True)

Outcome = Any


def at_once(*deeds: Callable[[], object]) -> list[Outcome]:
    """Run the deeds in as many threads, released together; each one's result or exception."""
    start = threading.Barrier(len(deeds))
    outcomes: list[Outcome] = [None] * len(deeds)

    def run(number: int, deed: Callable[[], object]) -> None:
        start.wait()
        try:
            outcomes[number] = deed()
        except Exception as error:  # the test looks at it
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive(), "a deed hangs"
    deadlocks = [one for one in outcomes if isinstance(one, OperationalError)]
    assert not deadlocks
    return outcomes


def deeds_of(service_request: ServiceRequest) -> list[str]:
    findings = ["warned", "breached", "escalated"]
    return list(
        Event.objects.filter(service_request=service_request)
        .exclude(kind__in=findings)
        .order_by("id")
        .values_list("kind", flat=True)
    )


def test_of_many_who_take_a_request_at_once_one_has_it(
    laptop: Service, dana: User, omar: User, lena: User
) -> None:
    request = make_service_request(laptop, by=dana, at=MONDAY_9)
    takers = [omar, lena] * 4
    outcomes = at_once(*(lambda by=by: actions.take(request, by=by, at=MONDAY_10) for by in takers))
    assert Counter(type(one) for one in outcomes) == {ServiceRequest: 1, StaleMove: 7}
    winner = next(one for one in outcomes if isinstance(one, ServiceRequest))
    request.refresh_from_db()
    assert request.assignee_id == winner.assignee_id
    assert deeds_of(request) == ["submitted", "taken"]


def test_replies_at_once_are_all_kept(laptop: Service, dana: User, omar: User, lena: User) -> None:
    request = make_service_request(laptop, by=dana, at=MONDAY_9)
    people = [omar, lena, dana] * 3
    outcomes = at_once(
        *(
            lambda n=n, by=by: actions.reply(request, message=f"word {n}", by=by, at=MONDAY_10)
            for n, by in enumerate(people)
        )
    )
    assert all(isinstance(one, ServiceRequest) for one in outcomes)
    assert {message.text for message in request.messages.all()} == {f"word {n}" for n in range(9)}
    assert deeds_of(request).count("replied") == 9
    assert deeds_of(request).count("taken") == 1


def test_a_transfer_and_a_move_at_once_leave_one_story(
    laptop: Service, dana: User, omar: User, lena: User
) -> None:
    request = make_service_request(laptop, by=dana, at=MONDAY_9)
    actions.take(request, by=omar, at=MONDAY_9)
    elsewhere = make_service()
    outcomes = at_once(
        lambda: actions.transfer(
            request, service=elsewhere, reason="Yours.", by=lena, at=MONDAY_10
        ),
        lambda: actions.resolve(request, message="Done.", by=omar, at=MONDAY_10),
    )
    request.refresh_from_db()
    done = [one for one in outcomes if isinstance(one, ServiceRequest)]
    assert done, outcomes
    if request.provider_department_id == elsewhere.department_id:
        # whoever was second found it gone from the department, or moved on
        assert request.status == Status.NEW
        assert deeds_of(request)[-1] == "transferred"
    else:
        assert request.status == Status.RESOLVED
        assert deeds_of(request)[-1] == "resolved"


def test_two_workers_at_once_remind_once(laptop: Service, dana: User, omar: User) -> None:
    requests = [make_service_request(laptop, by=dana, at=MONDAY_9) for _ in range(6)]
    for one in requests:
        actions.ask(one, message="Which?", look_again_on=None, by=omar, at=MONDAY_9, via=Via.SEED)
    outcomes = at_once(*[lambda: advance(NEXT_MONDAY_9)] * 3)
    assert sum(outcomes) == len(requests)
    for one in requests:
        kinds = Counter(deeds_of(one))
        assert (kinds["nudged"], kinds["resolved"]) in ((2, 0), (2, 1))
    assert Event.objects.filter(kind="nudged").count() == 2 * len(requests)


def test_an_answer_and_the_clock_at_once_leave_one_story(
    laptop: Service, dana: User, omar: User
) -> None:
    request = make_service_request(laptop, by=dana, at=MONDAY_9)
    actions.ask(request, message="Which?", look_again_on=None, by=omar, at=MONDAY_9, via=Via.SEED)
    late = NEXT_MONDAY_9 + hours(4)
    at_once(
        lambda: advance(late),
        lambda: actions.reply(request, message="The big one.", by=dana, at=late),
    )
    request.refresh_from_db()
    assert request.wakes_at is None
    assert deeds_of(request)[-1] in ("answered", "replied", "resolved")
    assert request.status in (Status.IN_PROGRESS, Status.RESOLVED)


def test_of_two_replies_written_against_the_same_state_one_is_held(
    laptop: Service, dana: User, omar: User, lena: User
) -> None:
    request = make_service_request(laptop, by=dana, at=MONDAY_9)
    actions.take(request, by=omar, at=MONDAY_9)
    seen = request.events.latest("pk").pk
    outcomes = at_once(
        *(
            lambda by=by: actions.perform(
                request,
                "reply",
                message=f"From {by}.",
                by=by,
                at=MONDAY_10,
                via=Via.PAGE,
                seen=seen,
            )
            for by in (omar, lena)
        )
    )
    assert Counter(type(one) for one in outcomes) == {ServiceRequest: 1, Overtaken: 1}
    assert deeds_of(request).count("replied") == 1
    assert request.messages.count() == 1


def test_a_double_click_makes_one_request(laptop: Service, dana: User) -> None:
    key = uuid.uuid4()
    outcomes = at_once(
        *(lambda: make_service_request(laptop, by=dana, key=key, at=MONDAY_9) for _ in range(6))
    )
    assert {one.pk for one in outcomes if isinstance(one, ServiceRequest)} == {
        ServiceRequest.objects.get().pk
    }
    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert Event.objects.filter(kind="submitted").count() == 1


def test_a_deed_sent_twice_at_once_is_done_once(laptop: Service, dana: User, omar: User) -> None:
    request = make_service_request(laptop, by=dana, at=MONDAY_9)
    key = str(uuid.uuid4())
    outcomes = at_once(
        *(
            lambda: actions.reply(request, message="Once.", by=omar, at=MONDAY_10, key=key)
            for _ in range(5)
        )
    )
    assert all(isinstance(one, ServiceRequest) for one in outcomes)
    assert request.messages.count() == 1


def test_references_are_never_given_twice(laptop: Service, dana: User) -> None:
    outcomes = at_once(
        *(lambda: make_service_request(laptop, by=dana, at=MONDAY_9) for _ in range(8))
    )
    assert len({one.reference for one in outcomes}) == 8


def _sweeps_against(deeds: Sequence[Callable[[], object]]) -> list[Outcome]:
    late = NEXT_MONDAY_9 + hours(24 * 14)
    return at_once(*deeds, *(lambda: sweep(late, via=Via.DESK) for _ in range(3)))


def test_the_sweep_and_deeds_at_once_lose_nothing_and_write_nothing_twice(
    laptop: Service, dana: User, omar: User
) -> None:
    requests = [make_service_request(laptop, by=dana, at=MONDAY_9) for _ in range(12)]
    late = NEXT_MONDAY_9 + hours(24 * 14)
    outcomes = _sweeps_against(
        [
            functools.partial(actions.resolve, one, message="At last.", by=omar, at=late)
            for one in requests[:5]
        ]
    )
    errors = [one for one in outcomes if isinstance(one, Exception)]
    assert not errors
    sweep(late)  # what a deed held is left to the next sweep
    for request in requests:
        breaches = Event.objects.filter(service_request=request, kind="breached")
        assert Counter(event.data.metric for event in breaches) == {
            "first_response": 1,
            "resolution": 1,
        }
        request.refresh_from_db()
        assert request.ever_breached
    assert ServiceRequest.objects.filter(status=Status.RESOLVED).count() == 5


def test_two_who_decide_differently_at_once_leave_one_decision(
    laptop: Service, dana: User, omar: User, kai: User
) -> None:
    request = make_service_request(laptop, by=dana, at=MONDAY_9)
    actions.ask_approval(request, approver=kai, by=omar, at=MONDAY_9)
    outcomes = at_once(
        lambda: actions.decide(request, approved=True, by=kai, at=MONDAY_10),
        lambda: actions.decide(request, approved=False, message="No.", by=kai, at=MONDAY_10),
    )
    refused = [one for one in outcomes if isinstance(one, Exception)]
    assert len(refused) == 1
    assert not isinstance(refused[0], Refused)
    assert deeds_of(request).count("approval_decided") == 1


def test_the_tests_run_on_postgresql() -> None:
    assert connection.vendor == "postgresql"
