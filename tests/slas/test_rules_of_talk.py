"""The rules of the next reply and of updates, one test each. A day is 09:00–17:00 UTC here."""

from __future__ import annotations

from datetime import timedelta

import pytest

from slas.engine import Metric, State
from tests.slas.stories import FACILITIES, Story, is_met, is_missed, make_terms
from tests.times import (
    FRIDAY_9,
    MONDAY_9,
    MONDAY_10,
    MONDAY_17,
    MONDAY_NOON,
    NEXT_MONDAY_9,
    THURSDAY_9,
    TUESDAY_9,
    WEDNESDAY_9,
    at,
    hours,
    minutes,
)

MICROSECOND = timedelta(microseconds=1)
REPLY, UPDATE = Metric.NEXT_REPLY, Metric.UPDATE


def answered(priority: str = "P3", **given: object) -> Story:
    """Asked on Monday at nine, answered first at ten; with promised news only if so given."""
    terms = make_terms(**given)  # type: ignore[arg-type]
    return Story(priority=priority, terms=terms).answer_of_provider("replied", MONDAY_10)


# Next reply


def test_a_next_reply_starts_at_the_message_of_the_requester() -> None:
    story = answered().ask("replied", MONDAY_NOON)
    clock = story.clock(REPLY)
    assert (clock.started_at, clock.state, clock.key) == (
        MONDAY_NOON, State.RUNNING, (REPLY, 1, 1),
    )  # fmt: skip


def test_a_next_reply_without_a_target_of_its_own_has_that_of_first_response() -> None:
    assert answered("P3").ask("replied", MONDAY_NOON).clock(REPLY).budget == hours(4)
    own = {(REPLY, "P3"): hours(2)}
    assert answered(targets=own).ask("replied", MONDAY_NOON).clock(REPLY).budget == hours(2)


def test_before_the_first_response_no_next_reply_is_due() -> None:
    story = Story().ask("replied", MONDAY_10).answer_of_provider("replied", MONDAY_NOON)
    assert story.all(REPLY) == []


def test_further_messages_do_not_restart_the_next_reply() -> None:
    story = answered().ask("replied", at(16, 11)).ask("replied", MONDAY_NOON)
    assert [clock.started_at for clock in story.all(REPLY)] == [at(16, 11)]
    assert story.clock(REPLY).due_at == at(16, 15)


def test_the_next_public_reply_of_the_provider_stops_it() -> None:
    story = answered().ask("replied", at(16, 11)).answer_of_provider("replied", at(16, 15))
    assert is_met(story.clock(REPLY))
    story = answered().ask("replied", at(16, 11)).answer_of_provider("replied", at(16, 15, 1))
    assert is_missed(story.clock(REPLY))
    assert story.breaches(REPLY) == [at(16, 15)]


@pytest.mark.parametrize("kind", ["replied", "asked", "held", "resolved", "declined"])
def test_whatever_the_provider_says_publicly_answers_the_requester(kind: str) -> None:
    story = answered().ask("replied", at(16, 11)).answer_of_provider(kind, MONDAY_NOON)
    assert story.clock(REPLY).stopped_at == MONDAY_NOON


def test_a_resolution_stops_the_next_reply_whoever_does_it() -> None:
    story = answered().ask("replied", at(16, 11)).do("resolved", MONDAY_NOON)
    assert is_met(story.clock(REPLY))


@pytest.mark.parametrize("kind", ["noted", "taken", "assigned", "approval_asked", "resumed"])
def test_an_automatic_message_or_a_note_is_no_reply(kind: str) -> None:
    story = answered().ask("replied", at(16, 11)).do(kind, MONDAY_NOON)
    assert story.clock(REPLY).is_open


def test_the_message_after_a_reply_is_the_next_in_sequence() -> None:
    story = answered().ask("replied", at(16, 11)).answer_of_provider("replied", MONDAY_NOON)
    story.ask("replied", at(16, 13))
    assert [clock.key for clock in story.all(REPLY)] == [(REPLY, 1, 1), (REPLY, 1, 2)]
    assert story.clock(REPLY).due_at == at(16, 17)


def test_the_requesters_answer_to_a_question_waits_for_a_reply() -> None:
    story = answered().answer_of_provider("asked", at(16, 11)).ask("answered", TUESDAY_9)
    assert (story.clock(REPLY).started_at, story.clock(REPLY).due_at) == (TUESDAY_9, at(17, 13))


def test_a_thank_you_after_the_resolution_waits_for_nothing() -> None:
    story = answered().answer_of_provider("resolved", MONDAY_NOON).ask("replied", MONDAY_17)
    assert story.all(REPLY) == []


def test_a_message_that_reopens_starts_next_reply() -> None:
    story = answered().answer_of_provider("resolved", MONDAY_NOON).ask("reopened", TUESDAY_9)
    assert (story.clock(REPLY).started_at, story.clock(REPLY).state) == (TUESDAY_9, State.RUNNING)


def test_what_the_provider_reopens_waits_for_no_reply() -> None:
    story = answered(news=True).answer_of_provider("resolved", MONDAY_NOON)
    story.answer_of_provider("reopened", TUESDAY_9)
    assert story.all(REPLY) == []
    assert story.clock(UPDATE).started_at == TUESDAY_9


def test_the_next_reply_stands_still_while_an_approval_is_awaited() -> None:
    story = answered().ask("replied", at(16, 11)).do("approval_asked", MONDAY_NOON)
    assert (story.clock(REPLY).state, story.clock(REPLY).used) == (State.PAUSED, hours(1))
    story.do("approval_decided", TUESDAY_9)
    assert story.clock(REPLY).due_at == at(17, 12)


def test_a_message_while_an_approval_is_awaited_begins_standing_still() -> None:
    story = answered().do("approval_asked", at(16, 11)).ask("replied", MONDAY_NOON)
    assert (story.clock(REPLY).state, story.clock(REPLY).due_at) == (State.PAUSED, None)
    story.do("approval_decided", TUESDAY_9)
    assert story.clock(REPLY).due_at == at(17, 13)


def test_the_next_reply_stands_still_for_a_third_party_only_if_the_agreement_says_so() -> None:
    for pauses, state in ((False, State.RUNNING), (True, State.PAUSED)):
        story = answered(pauses_for_third_party=pauses).answer_of_provider("held", at(16, 11))
        assert story.ask("replied", MONDAY_NOON).clock(REPLY).state is state


def test_a_new_priority_is_a_new_target_for_the_next_reply() -> None:
    story = answered("P3").ask("replied", at(16, 11)).do("prioritised", MONDAY_NOON, priority="P1")
    assert story.clock(REPLY).breached_at == MONDAY_NOON
    story = (
        answered("P3").ask("replied", at(16, 11)).do("prioritised", at(16, 11, 30), priority="P2")
    )
    assert story.clock(REPLY).due_at == MONDAY_NOON


def test_cancelled_ends_next_reply_and_update_void() -> None:
    story = answered(news=True).ask("replied", at(16, 11)).do("cancelled", MONDAY_NOON)
    assert {story.clock(one).state for one in (REPLY, UPDATE)} == {State.VOID}


def test_declined_is_an_answer_to_what_was_asked_last() -> None:
    story = (
        answered(news=True).ask("replied", at(16, 11)).answer_of_provider("declined", MONDAY_NOON)
    )
    assert is_met(story.clock(REPLY))
    assert is_met(story.clock(UPDATE))
    assert len(story.all(UPDATE)) == 1


def test_a_late_next_reply_stays_late_when_the_answer_comes() -> None:
    story = answered().ask("replied", at(16, 11)).answer_of_provider("replied", TUESDAY_9)
    assert story.clock(REPLY).breached_at == at(16, 15)
    assert story.course.ever_breached


def test_the_next_reply_is_on_the_terms_of_the_agreement_also_after_a_transfer() -> None:
    story = answered().hand_on(at(16, 11), FACILITIES, terms=make_terms(FACILITIES, version=9))
    clock = story.ask("replied", MONDAY_NOON).clock(REPLY)
    assert (clock.terms.key, clock.department_id) == (make_terms().key, FACILITIES)


def test_a_version_that_promised_no_next_reply_promises_none() -> None:
    terms = make_terms()
    old = type(terms)(
        **{name: getattr(terms, name) for name in terms.__slots__} | {"replies_like_first": False}
    )
    story = Story(terms=old).answer_of_provider("replied", MONDAY_10).ask("replied", MONDAY_NOON)
    assert story.all(REPLY) == []


def test_the_next_reply_is_among_what_is_due_next() -> None:
    story = answered("P3").ask("replied", at(16, 11))
    assert story.course.due_at == at(16, 15)


# Updates


@pytest.mark.parametrize("kind", ["replied", "held"])
def test_each_public_reply_of_the_provider_starts_an_update(kind: str) -> None:
    story = Story(terms=make_terms(news=True)).answer_of_provider(kind, MONDAY_10)
    assert (story.clock(UPDATE).started_at, story.clock(UPDATE).due_at) == (MONDAY_10, at(18, 10))


def test_each_public_reply_ends_the_update_before_it() -> None:
    story = answered(news=True).answer_of_provider("replied", TUESDAY_9)
    assert [(clock.key, clock.started_at, clock.stopped_at) for clock in story.all(UPDATE)] == [
        ((UPDATE, 1, 1), MONDAY_10, TUESDAY_9),
        ((UPDATE, 1, 2), TUESDAY_9, None),
    ]


@pytest.mark.parametrize(
    ("priority", "due"),
    [("P1", at(16, 11)), ("P2", at(16, 14)), ("P3", at(18, 10)), ("P4", at(23, 10))],
)
def test_news_are_due_as_the_table_says(priority: str, due: object) -> None:
    assert answered(priority, news=True).clock(UPDATE).due_at == due


def test_an_update_not_given_is_a_breach_even_when_there_is_nothing_to_ask() -> None:
    story = answered("P1", news=True).sweep(MONDAY_NOON)
    assert story.breaches(UPDATE) == [at(16, 11)]
    assert story.course.ever_breached


def test_a_note_or_a_message_of_the_requester_is_no_update() -> None:
    story = answered(news=True).do("noted", at(16, 11)).ask("replied", MONDAY_NOON)
    assert story.clock(UPDATE).is_open
    assert len(story.all(UPDATE)) == 1


def test_a_resolution_ends_the_update_and_starts_none() -> None:
    story = answered(news=True).answer_of_provider("resolved", MONDAY_NOON)
    assert is_met(story.clock(UPDATE))
    assert len(story.all(UPDATE)) == 1


def test_a_word_after_the_resolution_promises_no_more_news() -> None:
    story = answered(news=True).answer_of_provider("resolved", MONDAY_NOON)
    assert len(story.answer_of_provider("replied", MONDAY_17).all(UPDATE)) == 1


def test_the_update_stands_still_while_waiting_for_the_requester() -> None:
    story = answered("P1", news=True).answer_of_provider("asked", at(16, 10, 30))
    assert (story.clock(UPDATE).state, story.clock(UPDATE).used) == (State.PAUSED, timedelta(0))
    story.sweep(FRIDAY_9).ask("answered", NEXT_MONDAY_9)
    assert story.breaches(UPDATE) == []
    assert story.clock(UPDATE).due_at == NEXT_MONDAY_9 + hours(1)


def test_going_on_with_a_word_is_an_update() -> None:
    story = answered(news=True).answer_of_provider("asked", at(16, 11))
    story.answer_of_provider("resumed", WEDNESDAY_9)
    assert story.clock(UPDATE).started_at == WEDNESDAY_9
    assert story.clock(UPDATE).state is State.RUNNING


def test_an_agreement_may_promise_no_updates() -> None:
    assert answered().all(UPDATE) == []


def test_a_new_agreement_without_updates_ends_the_running_one_void() -> None:
    story = answered(news=True)
    story.do("agreement_changed", MONDAY_NOON, promise=make_terms(version=2))
    assert story.clock(UPDATE).state is State.VOID


def test_changed_hours_are_a_new_target_for_talk_as_well() -> None:
    story = answered("P2", news=True).ask("replied", at(16, 11))
    shorter = make_terms(
        version=2, news=True, targets={(REPLY, "P2"): minutes(30), (UPDATE, "P2"): hours(3)}
    )
    story.do("calendar_changed", at(16, 11, 15), promise=shorter)
    assert story.clock(REPLY).due_at == at(16, 11, 30)
    assert story.clock(UPDATE).due_at == at(16, 13)


def test_a_new_target_keeps_the_pauses_of_talk() -> None:
    story = answered("P3").ask("replied", at(16, 11)).do("approval_asked", at(16, 11, 30))
    story.do("approval_decided", at(16, 14, 30)).do("prioritised", at(16, 14, 45), priority="P2")
    assert story.clock(REPLY).due_at == at(16, 15)


def test_a_decided_reply_stays_as_it_was_judged() -> None:
    story = answered("P2").ask("replied", at(16, 11)).answer_of_provider("replied", MONDAY_NOON)
    before = story.all(REPLY)
    assert story.do("prioritised", THURSDAY_9, priority="P1").all(REPLY) == before


def test_a_reply_exactly_when_due_is_in_time_and_a_moment_later_is_not() -> None:
    story = answered("P1").ask("replied", at(16, 11)).answer_of_provider("replied", at(16, 11, 30))
    assert is_met(story.clock(REPLY))
    story = answered("P1").ask("replied", at(16, 11))
    story.answer_of_provider("replied", at(16, 11, 30) + MICROSECOND)
    assert is_missed(story.clock(REPLY))


def test_talk_warns_like_every_other_promise() -> None:
    story = answered("P1").ask("replied", at(16, 11)).sweep(MONDAY_9 + hours(2) + minutes(25))
    assert story.warnings(REPLY) == [(50, at(16, 11, 15)), (75, at(16, 11, 22) + minutes(0.5))]
