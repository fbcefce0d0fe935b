"""The sweep: what fell due is written down once, with its true time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from catalogue.models import Service
from people.models import User
from requests_app import actions
from requests_app.kinds import Via
from requests_app.models import Event, ServiceRequest
from slas import replay, store, sweep, tasks
from slas.engine import Metric
from slas.models import Clock
from tests import factories
from tests.beforehand import beforehand
from tests.slas.alone import promises_alone
from tests.times import (
    MONDAY_9,
    MONDAY_10,
    MONDAY_NOON,
    NEXT_MONDAY_9,
    TUESDAY_9,
    at,
    hours,
)

pytestmark = pytest.mark.django_db
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
@beforehand
@promises_alone
def asked(laptop: Service, dana: User) -> ServiceRequest:
    """A P3 of Monday, nine o'clock: first answer due at 14:00, warned of at noon."""
    return factories.make_service_request(laptop, by=dana, at=MONDAY_9)


def found() -> list[tuple[str, object]]:
    """Findings on the timeline, by time."""
    rows = Event.objects.filter(kind__in=("warned", "breached")).order_by("at", "id")
    return [(row.kind, row.at) for row in rows]


def test_nothing_due_is_nothing_done(asked: ServiceRequest) -> None:
    assert sweep.sweep(MONDAY_NOON - MICROSECOND) == sweep.SweepResult()
    assert found() == []


def test_a_warning_is_given_when_its_time_has_come(asked: ServiceRequest) -> None:
    assert sweep.sweep(MONDAY_NOON).warned == 1
    assert found() == [("warned", MONDAY_NOON)]
    row = Event.objects.get(kind="warned")
    assert (row.data.threshold, row.data.metric, row.via) == (75, "first_response", Via.DESK)


def test_a_clock_is_due_strictly_after_its_due_time(asked: ServiceRequest) -> None:
    assert sweep.sweep(at(16, 14)).breached == 0
    assert sweep.sweep(at(16, 14) + MICROSECOND).breached == 1


def test_a_late_sweep_gives_true_times_and_says_when_it_noticed(asked: ServiceRequest) -> None:
    result = sweep.sweep(TUESDAY_9)
    assert (result.warned, result.breached) == (1, 1)
    assert found() == [("warned", MONDAY_NOON), ("breached", at(16, 14))]
    late = Clock.objects.get(metric="first_response")
    assert (late.breached_at, late.noticed_at) == (at(16, 14), TUESDAY_9)
    asked.refresh_from_db()
    assert (asked.ever_breached, asked.due_at, asked.queue_at) == (True, at(16, 14), at(16, 14))


def test_the_same_tick_twice_writes_nothing_twice(asked: ServiceRequest) -> None:
    sweep.sweep(NEXT_MONDAY_9)
    before = found()
    assert sweep.sweep(NEXT_MONDAY_9) == sweep.SweepResult()
    assert found() == before
    assert len(before) == len(set(before)) == 4


def test_the_clock_set_back_an_hour_takes_nothing_back(asked: ServiceRequest) -> None:
    sweep.sweep(TUESDAY_9)
    before = found()
    assert sweep.sweep(TUESDAY_9 - hours(1)) == sweep.SweepResult()
    assert found() == before


def test_what_was_answered_in_time_is_not_found_late(asked: ServiceRequest, omar: User) -> None:
    actions.resolve(asked, message="Done.", by=omar, at=MONDAY_10)
    assert sweep.sweep(NEXT_MONDAY_9) == sweep.SweepResult()


def test_pages_come_one_after_another_until_all_is_done(laptop: Service, dana: User) -> None:
    for _ in range(7):
        factories.make_service_request(laptop, by=dana, at=MONDAY_9)
    assert sweep.sweep(NEXT_MONDAY_9, batch=2).breached == 14
    assert Clock.objects.filter(breached_at=None).count() == 0


def test_a_sweep_costs_what_is_due_and_not_what_is_open(
    laptop: Service, dana: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        factories.make_service_request(laptop, by=dana, at=at(17 if number else 16, 9))
    with django_assert_num_queries(1):
        sweep.sweep(MONDAY_10)


def test_the_index_serves_the_sweep() -> None:
    plan = Clock.objects.due_to_be_looked_at(MONDAY_9).order_by("next_check_at", "id")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    assert "clock_to_be_looked_at" in plan.explain()


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, pk: int) -> Iterator[None]:
    """Writing anything of this request fails."""
    real = store.write

    def write(known: list[store.Known], **given: object) -> None:
        if any(one.service_request.pk == pk for one in known):
            raise ValueError("a row that cannot be written")
        real(known, **given)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(store, "write", write)
        yield


def test_a_request_that_fails_is_set_aside_and_the_rest_goes_on(
    laptop: Service, dana: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    requests = [factories.make_service_request(laptop, by=dana, at=MONDAY_9) for _ in range(3)]
    bad = requests[1].pk
    with failing(monkeypatch, bad):
        result = sweep.sweep(TUESDAY_9)
        assert (result.breached, result.set_aside) == (2, [bad])
        assert f"Request {bad} could not be swept" in caplog.text
        assert sweep.sweep(TUESDAY_9) == sweep.SweepResult()
        later = TUESDAY_9 + sweep.FIRST_BACKOFF
        assert sweep.sweep(later).set_aside == [bad]
        assert sweep.sweep(later + sweep.FIRST_BACKOFF).set_aside == []
    result = sweep.sweep(TUESDAY_9 + hours(2))
    assert result.breached == 1
    late = Clock.objects.get(service_request=bad, metric="first_response")
    assert (late.breached_at, late.failures, late.set_aside_until) == (at(16, 14), 0, None)


def test_the_backoff_grows_and_has_an_end(
    asked: ServiceRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = TUESDAY_9
    waits = []
    with failing(monkeypatch, asked.pk):
        for _ in range(9):
            sweep.sweep(now)
            until = Clock.objects.get(metric="first_response").set_aside_until
            assert until is not None
            waits.append(until - now)
            now = until
    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert waits[-1] == sweep.LONGEST_BACKOFF


def test_how_far_the_sweep_is_behind_is_known(asked: ServiceRequest) -> None:
    assert sweep.oldest_unswept(MONDAY_NOON) is None
    assert sweep.oldest_unswept(MONDAY_NOON + hours(1)) == hours(1)
    sweep.sweep(MONDAY_NOON + hours(1))
    assert sweep.oldest_unswept(MONDAY_NOON + hours(1)) is None


def test_a_clock_set_aside_still_counts_as_behind(
    asked: ServiceRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    with failing(monkeypatch, asked.pk):
        sweep.sweep(TUESDAY_9)
    assert sweep.oldest_unswept(TUESDAY_9) == TUESDAY_9 - MONDAY_NOON


def test_settling_looks_at_the_given_requests_alone(laptop: Service, dana: User) -> None:
    first, second = (factories.make_service_request(laptop, by=dana, at=MONDAY_9) for _ in "ab")
    result = sweep.settle([second.pk], TUESDAY_9, Via.SEED)
    assert (result.warned, result.breached) == (1, 1)
    assert not Clock.objects.filter(service_request=first, breached_at__isnull=False).exists()
    assert set(Event.objects.filter(kind="breached").values_list("via", flat=True)) == {"seed"}


def test_the_task_sweeps_at_the_present_moment(
    asked: ServiceRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks.timezone, "now", lambda: TUESDAY_9)
    tasks.sweep()
    assert Clock.objects.get(metric=Metric.FIRST_RESPONSE).noticed_at == TUESDAY_9


def test_a_deed_done_while_the_clock_is_set_back_does_not_undo_what_was_found(
    asked: ServiceRequest, omar: User
) -> None:
    sweep.sweep(TUESDAY_9)
    breach = asked.events.get(kind="breached")
    actions.resolve(asked, message="Done.", by=omar, at=MONDAY_10)
    assert asked.events.get(kind="resolved").at == breach.at + MICROSECOND
    assert replay.differences([asked.pk], TUESDAY_9) == []
