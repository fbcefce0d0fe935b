"""What time alone does."""

from __future__ import annotations

import pytest

from catalogue.models import Service
from people.models import User
from requests_app import actions
from requests_app.advance import advance
from requests_app.lifecycle import Status
from requests_app.models import ServiceRequest
from tests.beforehand import beforehand
from tests.factories import make_service_request
from tests.times import MONDAY_10, NEXT_MONDAY_9, at, hours, minutes

pytestmark = pytest.mark.django_db


@pytest.fixture
@beforehand
def resolved(laptop: Service, dana: User, omar: User) -> ServiceRequest:
    request = make_service_request(laptop, by=dana)
    return actions.resolve(request, message="Here it is.", by=omar, at=MONDAY_10)


def test_a_resolved_request_closes_after_five_working_days(resolved: ServiceRequest) -> None:
    # a working day is eight working hours; this calendar has seven and a half of them a day
    closes = at(23, 12, 30)
    assert resolved.closes_at == closes
    assert advance(closes - minutes(1)) == 0
    assert advance(NEXT_MONDAY_9 + hours(30)) == 1
    resolved.refresh_from_db()
    assert resolved.status == Status.CLOSED
    closed = resolved.events.get(kind="closed")
    assert closed.actor is None
    assert not closed.data.confirmed
    assert closed.at == closes, "dated when it was to close, not when noticed"


def test_closing_twice_changes_nothing(resolved: ServiceRequest) -> None:
    assert advance(at(30, 9)) == 1
    assert advance(at(30, 9)) == 0
    assert resolved.events.filter(kind="closed").count() == 1


def test_a_reopened_request_does_not_close_by_itself(resolved: ServiceRequest, dana: User) -> None:
    reopened = actions.reopen(resolved, message="It is still dark.", by=dana, at=MONDAY_10)
    assert reopened.closes_at is None
    assert reopened.resolved_at is None
    assert advance(at(30, 9)) == 0
