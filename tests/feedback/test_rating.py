"""Rating: once, editable for half a day, in bounds, and remembered on the timeline."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from catalogue.models import Service
from feedback import invitations
from feedback.actions import LONGEST_COMMENT, rate
from feedback.models import Invitation, Rating, RatingReason, State
from feedback.reasons import LostTime, Reason, suiting
from people.models import User
from requests_app import actions
from requests_app.errors import Refused
from requests_app.kinds import Audience, Via
from requests_app.models import Event
from tests.beforehand import beforehand
from tests.factories import make_service_request
from tests.times import MONDAY_9, MONDAY_10, MONDAY_NOON, hours, minutes

pytestmark = pytest.mark.django_db


@pytest.fixture
@beforehand
def invitation(laptop: Service, dana: User, omar: User) -> Invitation:
    """Dana was asked on Monday at 10:30."""
    request = make_service_request(laptop, by=dana, at=MONDAY_9)
    actions.resolve(request, message="There you are.", by=omar, at=MONDAY_10)
    invitations.advance(MONDAY_10 + minutes(30))
    return Invitation.objects.get()


def test_a_rating_stands_and_is_remembered(invitation: Invitation, dana: User) -> None:
    rating = rate(invitation.pk, score=4, comment=" Quick! ", at=MONDAY_NOON)
    assert (rating.score, rating.comment, rating.at) == (4, "Quick!", MONDAY_NOON)
    event = invitation.service_request.events.get(kind="rated")
    assert (event.actor, event.at, event.via) == (dana, MONDAY_NOON, Via.PAGE)
    assert (event.data.rating_id, event.data.score) == (rating.pk, 4)
    assert "Quick" not in str(event.payload)


def test_the_same_answer_twice_is_one(invitation: Invitation) -> None:
    rate(invitation.pk, score=4, comment="Quick!", at=MONDAY_NOON)
    rate(invitation.pk, score=4, comment="Quick!", at=MONDAY_NOON + minutes(1))
    rating = Rating.objects.get()
    assert rating.changed_at is None
    assert Event.objects.filter(kind="rated").count() == 1


def test_a_key_seen_before_changes_nothing(invitation: Invitation) -> None:
    rate(invitation.pk, score=4, at=MONDAY_NOON, key="once")
    rate(invitation.pk, score=1, at=MONDAY_NOON, key="once")
    assert Rating.objects.get().score == 4


def test_a_rating_can_be_changed_for_twelve_hours(invitation: Invitation) -> None:
    rate(invitation.pk, score=4, at=MONDAY_NOON)
    last_moment = MONDAY_NOON + hours(12) - timedelta(microseconds=1)
    rate(invitation.pk, score=2, comment="Broke again.", at=last_moment)
    rating = Rating.objects.get()
    assert (rating.score, rating.comment) == (2, "Broke again.")
    assert (rating.at, rating.changed_at) == (MONDAY_NOON, last_moment)
    scores = [event.data.score for event in Event.objects.filter(kind="rated")]
    assert scores == [4, 2]


def test_after_twelve_hours_it_stays_as_it_is(invitation: Invitation) -> None:
    rate(invitation.pk, score=4, at=MONDAY_NOON)
    with pytest.raises(Refused, match="over"):
        rate(invitation.pk, score=1, at=MONDAY_NOON + hours(12))
    assert Rating.objects.get().score == 4
    invitation.refresh_from_db()
    assert invitation.state(MONDAY_NOON + hours(12)) == State.SETTLED


@pytest.mark.parametrize("score", [0, 6, -1, 10**12, True, None, "5", 4.0, 4.5])
def test_a_score_that_is_none_is_refused(invitation: Invitation, score: Any) -> None:
    with pytest.raises(Refused) as refused:
        rate(invitation.pk, score=score, at=MONDAY_NOON)
    assert refused.value.field == "score"
    assert not Rating.objects.exists()


@pytest.mark.parametrize("comment", ["x" * (LONGEST_COMMENT + 1), "a\x00b"])
def test_a_comment_that_cannot_be_kept_is_refused(invitation: Invitation, comment: str) -> None:
    with pytest.raises(Refused) as refused:
        rate(invitation.pk, score=3, comment=comment, at=MONDAY_NOON)
    assert refused.value.field == "comment"
    assert not Rating.objects.exists()


def test_the_database_itself_refuses_a_score_of_six(invitation: Invitation) -> None:
    with pytest.raises(IntegrityError, match="rating_is_1_to_5"), transaction.atomic():
        Rating.objects.create(invitation=invitation, score=6, at=MONDAY_NOON)


def test_nobody_rates_before_being_asked(laptop: Service, dana: User, omar: User) -> None:
    request = make_service_request(laptop, by=dana, at=MONDAY_9)
    actions.resolve(request, message="There you are.", by=omar, at=MONDAY_10)
    with pytest.raises(Refused, match="yet"):
        rate(Invitation.objects.get().pk, score=5, at=MONDAY_10)


def test_nobody_rates_what_was_reopened(invitation: Invitation, dana: User) -> None:
    actions.reopen(invitation.service_request, message="Not yet.", by=dana, at=MONDAY_NOON)
    with pytest.raises(Refused, match="reopened"):
        rate(invitation.pk, score=5, at=MONDAY_NOON)


def test_nobody_rates_after_fourteen_days(invitation: Invitation) -> None:
    with pytest.raises(Refused, match="over"):
        rate(invitation.pk, score=5, at=invitation.expires_at)


def test_an_invitation_that_is_none_cannot_be_rated() -> None:
    with pytest.raises(Invitation.DoesNotExist):
        rate(987654321, score=5, at=MONDAY_NOON)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_rating(invitation: Invitation) -> None:
    gate = threading.Barrier(2)
    failures: list[BaseException] = []

    def click(score: int) -> None:
        try:
            gate.wait(20)
            rate(invitation.pk, score=score, at=MONDAY_NOON)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=click, args=(score,)) for score in (4, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    rating = Rating.objects.get()
    scores = [event.data.score for event in Event.objects.filter(kind="rated").order_by("pk")]
    assert sorted(scores) == [4, 5]
    assert rating.score == scores[-1]


# -- Why, what it cost, and without a name -------------------------------------------------------


def test_an_answer_has_up_to_three_reasons_that_suit_it(invitation: Invitation) -> None:
    rating = rate(
        invitation.pk,
        score=2,
        reasons=["too_long", "not_solved", "unfriendly", "too_long"],
        lost_time="hours",
        at=MONDAY_NOON,
    )
    assert {one.reason for one in rating.reasons.all()} == {"too_long", "not_solved", "unfriendly"}
    assert rating.lost_time == LostTime.HOURS


def test_every_reason_suits_either_low_scores_or_high_ones() -> None:
    low, high = {*suiting(1)}, {*suiting(5)}
    assert [{*suiting(score)} for score in range(1, 6)] == [low, low, low, high, high]
    assert low | high == set(Reason)
    assert not low & high


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"score": 2, "reasons": ["quick"]}, "reasons"),
        ({"score": 4, "reasons": ["too_long"]}, "reasons"),
        ({"score": 3, "reasons": ["nonsense"]}, "reasons"),
        ({"score": 3, "reasons": ["a\x00b"]}, "reasons"),
        (
            {"score": 1, "reasons": ["too_long", "not_solved", "unfriendly", "in_the_dark"]},
            "reasons",
        ),
        ({"score": 3, "lost_time": "ages"}, "lost_time"),
    ],
)
def test_what_is_no_reason_is_refused_beside_its_field(
    invitation: Invitation, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        rate(invitation.pk, at=MONDAY_NOON, **given)
    assert refused.value.field == field
    assert not Rating.objects.exists()


def test_a_changed_answer_is_the_whole_answer(invitation: Invitation) -> None:
    rate(invitation.pk, score=2, reasons=["too_long"], lost_time="day", at=MONDAY_NOON)
    rate(invitation.pk, score=4, reasons=["quick", "clear"], at=MONDAY_NOON + hours(1))
    rating = Rating.objects.get()
    assert [one.reason for one in rating.reasons.all()] == ["quick", "clear"]
    assert rating.lost_time == ""
    again = rate(invitation.pk, score=4, reasons=["clear", "quick"], at=MONDAY_NOON + hours(2))
    assert again.changed_at == MONDAY_NOON + hours(1)


def test_the_database_itself_refuses_what_is_no_reason(invitation: Invitation) -> None:
    rating = rate(invitation.pk, score=2, at=MONDAY_NOON)
    with pytest.raises(IntegrityError, match="rating_reason_is_known"), transaction.atomic():
        RatingReason.objects.create(rating=rating, reason="nonsense")
    with pytest.raises(IntegrityError, match="rating_lost_time_is_known"), transaction.atomic():
        Rating.objects.update(lost_time="ages")


def test_the_event_of_an_answer_is_for_nobody_and_without_a_name_has_no_actor(
    invitation: Invitation, dana: User
) -> None:
    rate(invitation.pk, score=4, at=MONDAY_NOON)
    rate(invitation.pk, score=4, unnamed=True, at=MONDAY_NOON + hours(1))
    first, second = Event.objects.filter(kind="rated").order_by("pk")
    assert (first.audience, first.actor) == (Audience.NOBODY, dana)
    assert (second.audience, second.actor) == (Audience.NOBODY, None)


def test_an_answer_counts_once_it_can_no_longer_be_changed(invitation: Invitation) -> None:
    rate(invitation.pk, score=4, at=MONDAY_NOON)
    assert Rating.objects.get().counts_at == MONDAY_NOON + hours(12)
    rate(invitation.pk, score=4, unnamed=True, at=MONDAY_NOON + hours(1))
    assert Rating.objects.get().counts_at is None
    rate(invitation.pk, score=4, at=MONDAY_NOON + hours(2))
    assert Rating.objects.get().counts_at == MONDAY_NOON + hours(12)
