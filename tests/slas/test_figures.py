"""Figures by their definitions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from catalogue.models import Service
from people.models import Department, User
from requests_app import actions
from requests_app.models import ServiceRequest
from slas import figures, sweep
from slas.engine import Metric
from tests import factories
from tests.beforehand import beforehand
from tests.slas.alone import promises_alone
from tests.times import (
    FRIDAY_9,
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
WEEK = (at(16, 0), at(23, 0))
NEXT_WEEK = (at(23, 0), at(30, 0))
FIRST, READY = Metric.FIRST_RESPONSE, Metric.RESOLUTION


@pytest.fixture
@beforehand
@promises_alone
def asked(laptop: Service, dana: User) -> ServiceRequest:
    """A P3 of Monday, nine o'clock: ready within three working days, Thursday 10:30."""
    return factories.make_service_request(laptop, by=dana, at=MONDAY_9)


def test_of_the_clocks_decided_the_share_met(
    asked: ServiceRequest, laptop: Service, dana: User, omar: User
) -> None:
    late = factories.make_service_request(laptop, by=dana, at=MONDAY_9)
    actions.resolve(asked, message="Done.", by=omar, at=TUESDAY_9)
    actions.resolve(late, message="Done.", by=omar, at=FRIDAY_9)
    found = figures.attainment(None, READY, *WEEK)
    assert (found.met, found.missed, found.n, found.share) == (1, 1, 2, 0.5)


def test_nothing_decided_has_no_share(db: None) -> None:
    assert figures.attainment(None, READY, *WEEK).share is None


def test_an_unanswered_request_counts_when_it_was_due(asked: ServiceRequest) -> None:
    sweep.sweep(NEXT_MONDAY_9)
    assert figures.attainment(None, READY, *WEEK) == figures.Attainment(0, 1)
    assert figures.attainment(None, READY, *NEXT_WEEK) == figures.Attainment(0, 0)


def test_a_late_end_never_changes_the_week_in_which_it_was_due(
    asked: ServiceRequest, omar: User
) -> None:
    sweep.sweep(NEXT_MONDAY_9)
    before = figures.attainment(None, READY, *WEEK)
    actions.resolve(asked, message="Done.", by=omar, at=NEXT_MONDAY_9)
    assert figures.attainment(None, READY, *WEEK) == before
    assert figures.attainment(None, READY, *NEXT_WEEK).n == 0


def test_a_clock_is_of_the_period_that_begins_with_its_moment(
    asked: ServiceRequest, omar: User
) -> None:
    actions.resolve(asked, message="Done.", by=omar, at=TUESDAY_9)
    assert figures.attainment(None, READY, MONDAY_9, TUESDAY_9).n == 0
    assert figures.attainment(None, READY, TUESDAY_9, WEDNESDAY_9).n == 1


def test_each_cycle_counts_once(asked: ServiceRequest, dana: User, omar: User) -> None:
    actions.resolve(asked, message="Done.", by=omar, at=MONDAY_10)
    actions.reopen(asked, message="No.", by=dana, at=TUESDAY_9)
    actions.resolve(asked, message="Done.", by=omar, at=WEDNESDAY_9)
    assert figures.attainment(None, READY, *WEEK) == figures.Attainment(2, 0)
    assert figures.attainment(None, FIRST, *WEEK) == figures.Attainment(1, 0)


def test_what_was_cancelled_counts_nowhere_unless_it_was_late(
    asked: ServiceRequest, dana: User
) -> None:
    actions.cancel(asked, by=dana, at=TUESDAY_9)
    assert figures.attainment(None, READY, *WEEK).n == 0
    assert figures.attainment(None, FIRST, *WEEK) == figures.Attainment(0, 1)


def test_what_a_department_does_for_itself_is_left_out(laptop: Service, lena: User) -> None:
    factories.make_service_request(laptop, by=lena, at=MONDAY_9)
    sweep.sweep(NEXT_MONDAY_9)
    assert figures.attainment(None, READY, *WEEK).n == 0
    assert figures.late_now(None, READY, NEXT_MONDAY_9) == {}


def test_each_verdict_is_of_the_department_that_answers_for_it(
    asked: ServiceRequest, it: Department, omar: User
) -> None:
    other = factories.make_service(factories.make_department("FAC"))
    actions.reply(asked, message="Hm.", by=omar, at=MONDAY_10)
    actions.transfer(asked, service=other, reason="Yours.", by=omar, at=MONDAY_NOON)
    sweep.sweep(NEXT_MONDAY_9)
    assert figures.attainment_by_department(None, FIRST, *WEEK) == {it.pk: figures.Attainment(1, 0)}
    assert figures.attainment_by_department(None, READY, *WEEK) == {
        other.department_id: figures.Attainment(0, 1)
    }
    assert figures.attainment([it.pk], READY, *WEEK).n == 0


def test_late_now_and_at_risk_are_of_open_clocks(
    asked: ServiceRequest, it: Department, omar: User
) -> None:
    assert figures.at_risk(None, FIRST, MONDAY_10) == {}
    assert figures.at_risk(None, FIRST, MONDAY_NOON) == {it.pk: 1}
    assert figures.late_now(None, FIRST, MONDAY_NOON) == {}
    assert figures.late_now(None, FIRST, TUESDAY_9) == {it.pk: 1}
    assert figures.at_risk(None, FIRST, TUESDAY_9) == {}
    sweep.sweep(TUESDAY_9)
    assert figures.late_now(None, FIRST, TUESDAY_9) == {it.pk: 1}
    assert figures.at_risk(None, FIRST, TUESDAY_9) == {}
    actions.reply(asked, message="Here.", by=omar, at=TUESDAY_9)
    assert figures.late_now(None, FIRST, TUESDAY_9) == {}


def test_time_to_resolve_is_working_time_without_pauses(
    asked: ServiceRequest, dana: User, omar: User
) -> None:
    request = actions.ask(
        asked, message="Which?", look_again_on=at(30, 9).date(), by=omar, at=MONDAY_10
    )
    actions.answer(request, message="That.", by=dana, at=TUESDAY_9)
    actions.resolve(request, message="Done.", by=omar, at=at(17, 11))
    taken = figures.time_taken(None, READY, *WEEK)
    assert (taken.n, taken.median, taken.ninetieth) == (1, hours(3), hours(3))
    assert taken.median_on_the_wall == hours(26)


def test_median_and_ninetieth_percentile_of_many(laptop: Service, dana: User, omar: User) -> None:
    for minute in range(0, 110, 10):
        one = factories.make_service_request(laptop, by=dana, at=MONDAY_9)
        actions.resolve(one, message="Done.", by=omar, at=MONDAY_9 + timedelta(minutes=minute))
    taken = figures.time_taken(None, READY, *WEEK)
    assert (taken.n, taken.median, taken.ninetieth) == (
        11, timedelta(minutes=50), timedelta(minutes=90),
    )  # fmt: skip


def test_no_time_was_taken_where_nothing_ended(db: None) -> None:
    assert figures.time_taken(None, READY, *WEEK) == figures.Time()
