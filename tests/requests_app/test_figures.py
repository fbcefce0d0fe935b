from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from catalogue.models import Service
from people.models import User
from requests_app import actions, figures
from requests_app.figures import (
    UsualDuration,
    asked_often,
    usual,
    usual_duration,
    usual_duration_of_department,
)
from requests_app.tasks import count
from tests import factories
from tests.times import MONDAY_9, TUESDAY_9, WEDNESDAY_9, hours, minutes

MIDNIGHT = WEDNESDAY_9 - hours(9)
"""As Tuesday ends; the reporting zone is UTC."""


def finish(
    service: Service, agent: User, took: list[float] | list[int], asked: datetime = MONDAY_9
) -> None:
    for one in took:
        service_request = factories.make_service_request(service, at=asked)
        actions.resolve(service_request, message="Done.", by=agent, at=asked + hours(one))


def test_median_and_percentile_are_those_of_all_completions(laptop: Service, omar: User) -> None:
    finish(laptop, omar, list(range(1, 31)))
    assert usual_duration(laptop.pk) is None, "nobody has worked it out yet"
    usual.advance(WEDNESDAY_9)
    assert usual_duration(laptop.pk) == UsualDuration(
        30, median=hours(15.5), percentile_85=hours(25.65)
    )
    assert usual_duration_of_department(laptop.department_id) == usual_duration(laptop.pk)


def test_under_thirty_completions_nothing_is_said(laptop: Service, omar: User) -> None:
    finish(laptop, omar, [1.0] * 29)
    factories.make_service_request(laptop)
    usual.advance(WEDNESDAY_9)
    assert usual_duration(laptop.pk) is None


def test_completions_of_other_services_and_of_long_ago_do_not_count(
    laptop: Service, omar: User
) -> None:
    finish(laptop, omar, [1.0] * 15)
    finish(factories.make_service(laptop.department), omar, [1.0] * 15)
    finish(laptop, omar, [1.0] * 15, asked=MONDAY_9 - timedelta(days=91))
    usual.advance(TUESDAY_9)
    assert usual_duration(laptop.pk) is None
    of_both = usual_duration_of_department(laptop.department_id)
    assert of_both == UsualDuration(30, hours(1), hours(1))


def test_what_was_done_and_reopened_does_not_count_and_done_again_counts_from_the_asking(
    laptop: Service, omar: User
) -> None:
    finish(laptop, omar, [1.0] * 29)
    again = factories.make_service_request(laptop, at=MONDAY_9)
    actions.resolve(again, message="Done.", by=omar, at=MONDAY_9 + hours(1))
    actions.reopen(again, message="No.", by=again.requester, at=MONDAY_9 + hours(2))
    usual.advance(TUESDAY_9)
    assert usual_duration(laptop.pk) is None
    actions.resolve(again, message="Done.", by=omar, at=TUESDAY_9)
    usual.advance(WEDNESDAY_9)
    found = usual_duration(laptop.pk)
    assert found is not None
    assert (found.n, found.median, found.percentile_85) == (30, hours(1), hours(1))
    finish(laptop, omar, [24.0] * 29)
    usual.advance(WEDNESDAY_9 + hours(24))
    found = usual_duration(laptop.pk)
    assert found is not None
    assert (found.n, found.median) == (59, hours(24)), "the thirtieth of them took a day"


def test_it_is_as_of_midnight_whatever_is_done_later_in_the_day(
    laptop: Service, omar: User
) -> None:
    finish(laptop, omar, [1.0] * 30)
    assert usual.advance(MIDNIGHT + minutes(10))
    assert not usual.advance(MIDNIGHT + minutes(11)), "it is done already"
    late = factories.make_service_request(laptop, at=TUESDAY_9)
    actions.resolve(late, message="Done.", by=omar, at=MIDNIGHT + minutes(12))
    actions.reopen(late, message="No.", by=late.requester, at=MIDNIGHT + hours(1))
    actions.resolve(late, message="Done.", by=omar, at=MIDNIGHT + hours(2))
    before = usual_duration(laptop.pk)
    usual.work_out(figures.reporting(WEDNESDAY_9))
    assert usual_duration(laptop.pk) == before
    assert not usual.advance(MIDNIGHT + hours(24)), "what was done at midnight may still be written"
    assert usual.advance(MIDNIGHT + hours(24) + minutes(10))
    found = usual_duration(laptop.pk)
    assert found is not None
    assert found.n == 31


def test_celery_works_it_out(laptop: Service, omar: User, monkeypatch: pytest.MonkeyPatch) -> None:
    finish(laptop, omar, [1.0] * 30)
    monkeypatch.setattr("django.utils.timezone.now", lambda: WEDNESDAY_9)
    count()
    assert usual_duration(laptop.pk) is not None


def test_what_is_asked_for_most_stands_first(laptop: Service) -> None:
    other = factories.make_service()
    for service in (other, laptop, laptop):
        factories.make_service_request(service)
    old = factories.make_service()
    for _ in range(5):
        factories.make_service_request(old, at=MONDAY_9 - timedelta(days=91))
    assert asked_often() == []
    usual.advance(TUESDAY_9)
    assert asked_often() == [laptop.pk, other.pk]
