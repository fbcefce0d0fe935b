"""Writing what is known of requests: every column, new rows and old ones alike."""

from __future__ import annotations

from datetime import timedelta

import pytest

from catalogue.models import Service
from people.models import User
from requests_app import many
from slas.models import Clock
from slas.sweep import sweep
from tests import factories
from tests.times import MONDAY_9, NEXT_MONDAY_9

pytestmark = pytest.mark.django_db


def test_a_new_clock_keeps_what_the_database_has_a_default_for(laptop: Service, dana: User) -> None:
    factories.make_service_request(laptop, by=dana, at=MONDAY_9)
    clock = Clock.objects.get(metric="resolution")
    clock.pk, clock.sequence, clock.escalated = None, 2, 125
    many.insert([clock])
    assert Clock.objects.get(pk=clock.pk).escalated == 125


def test_what_is_said_by_some_rows_only_is_refused(laptop: Service, dana: User) -> None:
    request = factories.make_service_request(laptop, by=dana, at=MONDAY_9)
    told, untold = list(request.events.all()[:1]) * 2
    untold = type(told)(service_request=request, kind="noted", at=MONDAY_9, via="page")
    with pytest.raises(ValueError, match="recorded_at is given for some"):
        many.insert([told, untold])


def test_steps_of_many_requests_at_once_are_written(laptop: Service, dana: User) -> None:
    for _number in range(8):  # more than are written one by one
        factories.make_service_request(laptop, by=dana, impact="wide", urgency="now", at=MONDAY_9)
    result = sweep(NEXT_MONDAY_9 + timedelta(days=7))
    assert result.set_aside == []
    late = Clock.objects.filter(metric="resolution")
    assert [one.escalated for one in late] == [125] * 8
