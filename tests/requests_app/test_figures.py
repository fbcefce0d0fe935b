from __future__ import annotations

from datetime import datetime, timedelta

from catalogue.models import Service
from people.models import User
from requests_app import actions
from requests_app.figures import UsualDuration, asked_often, usual_duration
from tests import factories
from tests.times import MONDAY_9, TUESDAY_9, WEDNESDAY_9, hours


def finish(
    service: Service, agent: User, took: list[float] | list[int], asked: datetime = MONDAY_9
) -> None:
    for one in took:
        service_request = factories.make_service_request(service, at=asked)
        actions.resolve(service_request, message="Done.", by=agent, at=asked + hours(one))


def test_median_and_percentile_are_those_of_all_completions(laptop: Service, omar: User) -> None:
    finish(laptop, omar, list(range(1, 31)))
    assert usual_duration(laptop.pk, WEDNESDAY_9) == UsualDuration(
        30, median=hours(15.5), percentile_85=hours(25.65)
    )


def test_under_thirty_completions_nothing_is_said(laptop: Service, omar: User) -> None:
    finish(laptop, omar, [1.0] * 29)
    factories.make_service_request(laptop)
    assert usual_duration(laptop.pk, WEDNESDAY_9) is None


def test_completions_of_other_services_and_of_long_ago_do_not_count(
    laptop: Service, omar: User
) -> None:
    finish(laptop, omar, [1.0] * 15)
    finish(factories.make_service(laptop.department), omar, [1.0] * 15)
    finish(laptop, omar, [1.0] * 15, asked=MONDAY_9 - timedelta(days=91))
    assert usual_duration(laptop.pk, TUESDAY_9) is None


def test_what_is_asked_for_most_stands_first(laptop: Service) -> None:
    other = factories.make_service()
    for service in (other, laptop, laptop):
        factories.make_service_request(service)
    old = factories.make_service()
    for _ in range(5):
        factories.make_service_request(old, at=MONDAY_9 - timedelta(days=91))
    assert asked_often(TUESDAY_9) == [laptop.pk, other.pk]


def test_only_the_newest_requests_are_counted(laptop: Service) -> None:
    for _ in range(3):
        factories.make_service_request(laptop)
    other = factories.make_service()
    for _ in range(2):
        factories.make_service_request(other)
    assert asked_often(TUESDAY_9, among=3) == [other.pk, laptop.pk]
