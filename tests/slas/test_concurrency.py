"""Several at once, on real connections: nothing lost, nothing twice, no deadlock."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.db.models import Count

from catalogue.models import Service
from people.models import Department, Team, User
from requests_app import actions
from requests_app.errors import DeskError
from requests_app.kinds import FOUND_ON_CLOCKS, Via
from requests_app.lifecycle import StaleMove
from requests_app.models import Event, ServiceRequest
from slas import replay, sweep, terms
from slas.models import Agreement, Clock
from tests import factories, locks
from tests.processes.stack import wait_until
from tests.times import MONDAY_9, MONDAY_10, NEXT_MONDAY_9, TUESDAY_9, at, hours

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _versions_are_numbered_anew() -> Iterator[None]:
    terms.forget()
    yield
    terms.forget()


def at_once(*things: Callable[[], Any]) -> list[Any]:
    """Do all of them at the same time, each on a connection of its own."""
    barrier = threading.Barrier(len(things))

    def one(thing: Callable[[], Any]) -> Any:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '20s'")
            barrier.wait(timeout=20)
            return thing()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(things)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(one, it) for it in things]]


def quiet(deed: Callable[[], Any]) -> Callable[[], Any]:
    """A deed that may come too late."""

    def tried() -> Any:
        try:
            return deed()
        except (StaleMove, DeskError) as late:
            return late

    return tried


def nothing_twice() -> None:
    """Each clock was breached at most once, each threshold told once, and the deeds bear it out."""
    for clock in Clock.objects.all():
        told = Event.objects.filter(kind="breached", payload__clock_id=clock.pk).count()
        assert told == (clock.breached_at is not None)
    warned = Event.objects.filter(kind="warned").values("payload").annotate(n=Count("pk"))
    assert {row["n"] for row in warned} <= {1}
    requests = list(ServiceRequest.objects.values_list("pk", flat=True))
    assert replay.differences(requests, NEXT_MONDAY_9) == []


def many(laptop: Service, dana: User, count: int) -> list[ServiceRequest]:
    """Requests of Monday morning."""
    return [factories.make_service_request(laptop, by=dana, at=MONDAY_9) for _ in range(count)]


def test_two_sweeps_at_once_write_everything_once(laptop: Service, dana: User) -> None:
    many(laptop, dana, 40)
    results = at_once(*[lambda: sweep.sweep(TUESDAY_9, batch=7)] * 3)
    results.append(sweep.sweep(TUESDAY_9))
    assert sum(result.breached for result in results) == 40
    assert sum(result.warned for result in results) == 40
    assert [result.set_aside for result in results] == [[]] * 4
    nothing_twice()


def test_a_sweep_in_two_lanes_writes_everything_once(laptop: Service, dana: User) -> None:
    many(laptop, dana, 20)
    told: list[Any] = []
    result = sweep.sweep(TUESDAY_9, batch=3, lanes=2, wrote=told.extend)
    later = sweep.sweep(TUESDAY_9)  # a request in two pages was left to the lane that had it
    assert (result.breached + later.breached, result.warned + later.warned) == (20, 20)
    assert Counter(str(one.kind) for one in told) == {
        "warned": result.warned,
        "breached": result.breached,
        "escalated": 20,
    }
    assert result.set_aside == []
    nothing_twice()


def test_a_lane_that_cannot_go_on_is_not_passed_over_in_silence(
    laptop: Service, dana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(laptop, dana, 8)

    def gone(*_page: Any) -> None:
        raise OperationalError("the database is gone")

    monkeypatch.setattr(sweep, "_settle_page", gone)
    with pytest.raises(OperationalError):
        sweep.sweep(TUESDAY_9, batch=3, lanes=2)


def test_a_deed_that_waited_for_the_sweep_is_dated_after_what_it_found(
    laptop: Service, dana: User, omar: User
) -> None:
    (asked,) = many(laptop, dana, 1)
    found = threading.Event()

    def find() -> None:
        with transaction.atomic():
            sweep.settle([asked.pk], TUESDAY_9, Via.DESK)
            found.set()
            wait_until("somebody waits for it", locks.waiting, 20)

    def answer() -> None:
        assert found.wait(20)
        actions.perform(asked, "reply", by=omar, at=MONDAY_10, via=Via.PAGE, message="At once.")

    at_once(find, answer)
    findings = Event.objects.filter(kind__in=FOUND_ON_CLOCKS)
    assert findings.filter(at__gt=MONDAY_10).exists()
    assert Event.objects.get(kind="replied").at > max(one.at for one in findings)
    nothing_twice()


def test_a_sweep_leaves_a_held_request_to_whoever_holds_it(laptop: Service, dana: User) -> None:
    held, _free = many(laptop, dana, 2)
    taken, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            ServiceRequest.objects.lock(held.pk)
            taken.set()
            assert done.wait(20)

    def sweep_meanwhile() -> sweep.SweepResult:
        assert taken.wait(20)
        try:
            return sweep.sweep(TUESDAY_9)
        finally:
            done.set()

    _, result = at_once(hold, sweep_meanwhile)
    assert (result.breached, result.skipped) == (1, 1)
    assert not held.clocks.filter(breached_at__isnull=False).exists()
    assert sweep.sweep(TUESDAY_9).breached == 1
    nothing_twice()


def test_deeds_and_sweeps_at_once_lose_nothing_and_do_nothing_twice(
    laptop: Service, dana: User, omar: User, lena: User
) -> None:
    requests = many(laptop, dana, 12)

    def reply_to_all() -> None:
        for one in requests:
            quiet(partial(actions.reply, one, message="So.", by=omar, at=TUESDAY_9))()

    def resolve_all() -> None:
        for one in reversed(requests):
            quiet(partial(actions.resolve, one, message="So.", by=lena, at=TUESDAY_9))()

    def sweep_often() -> list[sweep.SweepResult]:
        return [sweep.sweep(TUESDAY_9 + hours(n), batch=5) for n in range(12)]

    _, _, swept = at_once(reply_to_all, resolve_all, sweep_often)
    assert all(result.set_aside == [] for result in swept)
    assert Clock.objects.filter(metric="first_response", breached_at=at(16, 14)).count() == 12
    assert Event.objects.filter(kind="breached").count() == 12
    assert ServiceRequest.objects.filter(status="resolved", ever_breached=True).count() == 12
    nothing_twice()


def test_an_answer_in_time_beats_the_sweep_that_comes_late(
    laptop: Service, dana: User, omar: User
) -> None:
    requests = many(laptop, dana, 10)

    def answer_all() -> None:
        for one in requests:
            actions.reply(one, message="Here.", by=omar, at=MONDAY_10)

    def sweep_at_ten() -> None:
        for minute in range(20):
            sweep.sweep(MONDAY_10 + timedelta(minutes=minute))

    at_once(answer_all, sweep_at_ten)
    assert sweep.sweep(TUESDAY_9) == sweep.SweepResult()
    assert not Event.objects.filter(kind__in=("warned", "breached")).exists()
    nothing_twice()


def test_two_first_requests_of_a_department_make_one_standard(db: None) -> None:
    department: Department = factories.make_department()
    team: Team = factories.make_team(department)
    services = [factories.make_service(department, team=team) for _ in range(4)]
    people = [factories.make_person() for _ in services]
    at_once(
        *[
            partial(factories.make_service_request, service, by=person, at=MONDAY_9)
            for service, person in zip(services, people, strict=True)
        ]
    )
    agreement = Agreement.objects.get(provider=department)
    assert agreement.versions.count() == 1
    assert Clock.objects.count() == 8
    nothing_twice()
