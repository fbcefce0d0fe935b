"""The strip beneath the promises: what was used, where the clock stood still, in working time."""

from __future__ import annotations

from datetime import datetime

import pytest

from people.models import User
from requests_app import actions
from requests_app.lifecycle import Category
from requests_app.models import ServiceRequest
from servicedesk.conversation.clock_story import pauses, story
from slas.models import Clock
from tests.times import MONDAY_10, MONDAY_NOON, TUESDAY_9, WEDNESDAY_9, hours


def _clock(request: ServiceRequest) -> Clock:
    return request.clocks.get(metric="resolution")


def test_a_question_is_a_pause_until_its_answer() -> None:
    moves = [("submitted", MONDAY_10), ("asked", MONDAY_NOON), ("answered", TUESDAY_9)]
    found = pauses(moves, MONDAY_10, WEDNESDAY_9, external=False)
    assert [(one.start, one.end, one.category) for one in found] == [
        (MONDAY_NOON, TUESDAY_9, Category.WAITING_CLIENT)
    ]


@pytest.mark.parametrize(("external", "count"), [(False, 0), (True, 1)])
def test_a_third_party_is_a_pause_only_where_the_agreement_says_so(
    external: bool, count: int
) -> None:
    moves = [("submitted", MONDAY_10), ("held", MONDAY_NOON), ("resumed", TUESDAY_9)]
    assert len(pauses(moves, MONDAY_10, WEDNESDAY_9, external=external)) == count


def test_a_pause_that_goes_on_ends_now() -> None:
    found = pauses([("asked", MONDAY_NOON)], MONDAY_10, TUESDAY_9, external=False)
    assert [(one.start, one.end) for one in found] == [(MONDAY_NOON, TUESDAY_9)]


def test_the_strip_says_how_long_it_stood_still(
    asked: ServiceRequest, dana: User, omar: User
) -> None:
    actions.ask(asked, message="Which?", look_again_on=TUESDAY_9.date(), by=omar, at=MONDAY_NOON)
    actions.answer(asked, message="That one.", by=dana, at=TUESDAY_9)
    told = story(asked, _clock(asked), TUESDAY_9 + hours(1))
    assert told is not None
    # Monday 12:00 to 12:30 and 13:30 to 17:30
    assert told.words == "Stood still for 4 h 30 min of working time while we waited for Dana."
    own = story(asked, _clock(asked), TUESDAY_9 + hours(1), dana.pk)
    assert own is not None
    assert own.words.endswith("while we waited for your answer.")
    assert [stretch.kind for stretch in told.strip.stretches] == ["used", "paused", "used"]
    assert told.strip.now is not None
    assert told.strip.stretches[-1].end == pytest.approx(told.strip.now, abs=0.01)


def test_the_strip_of_a_late_clock_shows_where_it_was_due(asked: ServiceRequest) -> None:
    clock = _clock(asked)
    assert clock.due_at is not None
    told = story(asked, clock, clock.due_at + hours(3))
    assert told is not None
    assert told.strip.due is not None
    assert 0 < told.strip.due < 100


def test_a_clock_that_has_had_no_time_has_no_strip(asked: ServiceRequest) -> None:
    clock = _clock(asked)
    clock.due_at = clock.started_at
    assert story(asked, clock, clock.started_at) is None


def test_the_strip_of_a_finished_clock_has_no_now(asked: ServiceRequest, omar: User) -> None:
    actions.resolve(asked, message="Done", by=omar, at=MONDAY_NOON)
    asked.refresh_from_db()
    later: datetime = TUESDAY_9
    told = story(asked, _clock(asked), later)
    assert told is not None
    assert told.strip.now is None
