"""What leads of the demo company have made of those who were dissatisfied."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from catalogue.models import Service
from feedback import invitations
from feedback.actions import rate
from feedback.models import RecoveryTask
from feedback.reasons import LostTime, suiting
from people.models import User
from requests_app import actions
from requests_app.kinds import Via
from servicedesk.demo import opinions
from servicedesk.demo.aftermath import LEFT_OPEN, look_after
from tests.factories import make_person, make_service_request
from tests.times import MONDAY_9, MONDAY_10, MONDAY_NOON, minutes


@pytest.mark.django_db
def test_leads_look_after_all_but_the_newest_and_a_few(
    laptop: Service, omar: User, lena: User
) -> None:
    for number in (1, 9, 10):
        request = make_service_request(
            laptop,
            by=make_person(),
            at=MONDAY_9,
            via=Via.SEED,
            source="demo",
            source_case=str(number),
        )
        actions.resolve(request, message="", by=omar, at=MONDAY_10, via=Via.SEED)
        invitations.advance(MONDAY_10 + minutes(30), via=Via.SEED)
        at = MONDAY_NOON + timedelta(days=2 if number == 10 else 0)
        rate(request.invitations.get().pk, score=1, at=at, via=Via.SEED)
    assert look_after(MONDAY_NOON + LEFT_OPEN + minutes(1)) == 1
    (done,) = RecoveryTask.objects.filter(done_at__isnull=False)
    assert done.rating.invitation.service_request.source_case == "1"
    assert (done.done_by, done.opened_at < (done.done_at or done.opened_at)) == (lena, True)
    assert RecoveryTask.objects.open().count() == 2


def test_what_stands_behind_an_opinion_can_be_said() -> None:
    for number in range(300):
        dice, score = random.Random(number), 1 + number % 5
        given = opinions.reasons(dice, score)
        assert set(given) <= {one.value for one in suiting(score)}
        assert len(given) <= 3
        assert opinions.lost_time(dice, score) in ("", *LostTime.values)
    unnamed = [opinions.is_unnamed(random.Random(number), 5) for number in range(300)]
    assert 0 < sum(unnamed) < 60
