"""The rules of promises, one test each. A working day is 09:00–17:00 UTC here."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from calendars.worktime import WorkCalendar
from slas import engine
from slas.engine import Cause, Metric, State
from tests.slas.stories import (
    FACILITIES,
    FINANCE,
    IT,
    LEGAL,
    NINE_TO_FIVE,
    ROUND_THE_CLOCK,
    Story,
    is_met,
    is_missed,
    make_terms,
)
from tests.times import (
    FRIDAY_9,
    FRIDAY_1650,
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

# Starting and stopping


def test_first_response_and_resolution_start_when_the_request_is_submitted() -> None:
    story = Story(priority="P3")
    assert story.first.due_at == at(16, 13)
    assert story.clock().due_at == at(18, 17)
    assert {clock.state for clock in story.course.clocks} == {State.RUNNING}


@pytest.mark.parametrize(
    ("priority", "first", "resolution"),
    [
        ("P1", at(16, 9, 30), at(16, 13)),
        ("P2", at(16, 10), at(16, 17)),
        ("P3", at(16, 13), at(18, 17)),
        ("P4", at(16, 17), at(20, 17)),
    ],
)
def test_the_default_targets_are_those_of_the_table(
    priority: str, first: datetime, resolution: datetime
) -> None:
    story = Story(priority=priority)
    assert (story.first.due_at, story.clock().due_at) == (first, resolution)


def test_a_budget_that_ends_at_closing_time_is_due_then_and_not_the_next_morning() -> None:
    assert Story(MONDAY_9, priority="P2").clock().due_at == MONDAY_17


def test_a_request_of_friday_evening_is_due_on_monday() -> None:
    story = Story(FRIDAY_1650, priority="P1")
    assert story.first.due_at == NEXT_MONDAY_9 + minutes(20)


@pytest.mark.parametrize("kind", ["replied", "asked", "held", "resolved", "declined"])
def test_the_first_public_message_of_the_provider_stops_the_first_response(kind: str) -> None:
    story = Story().answer_of_provider(kind, MONDAY_10)
    assert story.first.stopped_at == MONDAY_10
    assert is_met(story.first)


@pytest.mark.parametrize("kind", ["taken", "noted", "assigned", "participant_added", "released"])
def test_notes_and_assignments_are_no_response(kind: str) -> None:
    assert Story().do(kind, MONDAY_10).first.state is State.RUNNING


def test_what_the_requester_writes_is_no_response() -> None:
    assert Story().do("replied", MONDAY_10, answers=False).first.state is State.RUNNING


def test_a_forwarding_for_approval_is_no_response() -> None:
    story = Story().do("taken", MONDAY_9).do("approval_asked", MONDAY_10, answers=True)
    assert story.first.state is State.RUNNING


def test_a_second_reply_changes_nothing() -> None:
    story = Story().answer_of_provider("replied", MONDAY_10)
    before = story.course
    assert story.answer_of_provider("replied", MONDAY_NOON).course == before


def test_a_resolution_stops_the_resolution_clock_whoever_does_it() -> None:
    story = Story().do("resolved", MONDAY_10, answers=False)
    assert is_met(story.clock())
    assert story.first.state is State.RUNNING


def test_declined_stops_both_as_an_answer() -> None:
    story = Story().answer_of_provider("declined", MONDAY_10)
    assert is_met(story.first)
    assert is_met(story.clock())


def test_cancelled_ends_running_clocks_void() -> None:
    story = Story().do("cancelled", MONDAY_10)
    assert {clock.state for clock in story.course.clocks} == {State.VOID}
    assert {clock.decided_at for clock in story.course.clocks} == {None}


def test_cancelled_leaves_a_breach_standing() -> None:
    story = Story(priority="P1").do("cancelled", MONDAY_NOON)
    assert is_missed(story.first)
    assert story.first.decided_at == at(16, 9, 30)
    assert story.clock().decided_at is None


def test_closing_changes_no_clock() -> None:
    story = Story().answer_of_provider("resolved", MONDAY_10)
    before = story.course.clocks
    assert story.do("closed", FRIDAY_9).course.clocks == before


# Met and missed


def test_met_exactly_at_the_due_time_is_met() -> None:
    story = Story(priority="P1").answer_of_provider("replied", at(16, 9, 30))
    assert is_met(story.first)
    assert story.breaches(Metric.FIRST_RESPONSE) == []


def test_a_microsecond_later_is_missed() -> None:
    story = Story(priority="P1").answer_of_provider("replied", at(16, 9, 30) + MICROSECOND)
    assert is_missed(story.first)
    assert story.first.stopped_at == at(16, 9, 30) + MICROSECOND


def test_a_clock_is_not_late_at_its_due_time() -> None:
    assert not is_missed(Story(priority="P1").sweep(at(16, 9, 30)).first)
    assert is_missed(Story(priority="P1").sweep(at(16, 9, 30) + MICROSECOND).first)


def test_closing_time_is_past_due_when_the_evening_comes() -> None:
    story = Story(priority="P2").answer_of_provider("resolved", at(16, 17, 1))
    assert is_missed(story.clock())


def test_a_request_resolved_late_while_every_worker_was_down_is_a_breach() -> None:
    story = Story(priority="P1").answer_of_provider("resolved", TUESDAY_9)
    assert story.breaches() == [at(16, 13)]
    assert story.clock().breached_at == at(16, 13)


def test_a_request_resolved_in_time_is_no_breach_however_late_the_sweep_comes() -> None:
    story = Story(priority="P1").answer_of_provider("resolved", at(16, 12)).sweep(at(30, 9))
    assert is_met(story.clock())
    assert story.breaches() == []


def test_a_breach_is_dated_when_it_was_due_and_not_when_it_was_found() -> None:
    assert Story(priority="P1").sweep(at(30, 9)).breaches() == [at(16, 13)]


def test_a_breach_is_found_once() -> None:
    story = Story(priority="P1").sweep(at(17, 9)).sweep(at(18, 9)).do("noted", at(19, 9))
    assert story.breaches() == [at(16, 13)]


def test_a_breach_stays_whatever_comes_later() -> None:
    story = Story(priority="P1").sweep(TUESDAY_9)
    story.do("prioritised", TUESDAY_9, priority="P4")
    story.answer_of_provider("asked", TUESDAY_9).do("answered", WEDNESDAY_9)
    story.answer_of_provider("resolved", WEDNESDAY_9).do("reopened", THURSDAY_9)
    assert story.clock(cycle=1).breached_at == at(16, 13)
    assert story.clock(cycle=1).due_at == at(16, 13)
    assert story.course.ever_breached


# Warnings


def test_a_threshold_is_told_when_it_is_reached_and_only_once() -> None:
    story = Story(priority="P1")
    story.sweep(at(16, 11)).sweep(at(16, 11)).sweep(at(16, 12, 30)).do("noted", at(16, 12, 45))
    assert story.warnings() == [(50, at(16, 11)), (75, at(16, 12))]


def test_a_threshold_is_not_told_a_moment_before() -> None:
    assert Story(priority="P1").sweep(at(16, 11) - MICROSECOND).warnings() == []


def test_after_an_outage_warning_and_breach_are_told_with_their_own_times() -> None:
    story = Story(priority="P2").sweep(at(30, 9))
    assert story.warnings() == [(75, at(16, 15))]
    assert story.breaches() == [MONDAY_17]


def test_what_was_answered_in_time_is_not_warned_of() -> None:
    story = Story(priority="P2").answer_of_provider("resolved", at(16, 14)).sweep(at(30, 9))
    assert story.warnings() == []


def test_the_next_check_is_the_next_threshold_and_then_the_due_time() -> None:
    story = Story(priority="P1")
    assert story.clock().next_check_at == at(16, 11)
    assert story.sweep(at(16, 11)).clock().next_check_at == at(16, 12)
    assert story.sweep(at(16, 12)).clock().next_check_at == at(16, 13)
    assert story.sweep(at(16, 14)).clock().next_check_at is None


# Standing still


def test_the_resolution_stands_still_while_waiting_for_the_requester() -> None:
    story = Story(priority="P3").answer_of_provider("asked", MONDAY_10)
    paused = story.clock()
    assert (paused.state, paused.due_at, paused.next_check_at) == (State.PAUSED, None, None)
    assert paused.used == hours(1)
    story.do("answered", TUESDAY_9)
    assert story.clock().due_at == at(19, 16)


def test_a_paused_clock_does_not_breach() -> None:
    story = Story(priority="P1").answer_of_provider("asked", MONDAY_10).sweep(at(30, 9))
    assert story.breaches() == []
    assert story.clock().state is State.PAUSED


def test_a_paused_clock_does_not_warn() -> None:
    story = Story(priority="P1").answer_of_provider("asked", MONDAY_10).sweep(at(30, 9))
    assert story.warnings() == []


def test_several_pauses_add_up() -> None:
    story = Story(priority="P2")
    story.answer_of_provider("asked", MONDAY_10).do("answered", at(16, 11))
    story.answer_of_provider("asked", MONDAY_NOON).do("answered", at(16, 14))
    assert story.clock().due_at == at(17, 12)


def test_a_pause_outside_business_hours_adds_nothing() -> None:
    story = Story(priority="P2").do("approval_asked", at(16, 18)).do("approval_decided", at(16, 20))
    assert is_missed(story.clock())
    story = Story(at(16, 12), priority="P2")
    due = story.clock().due_at
    story.answer_of_provider("asked", at(16, 18)).do("answered", at(16, 20))
    assert story.clock().due_at == due


def test_a_pause_that_begins_exactly_when_it_is_due_is_no_breach() -> None:
    story = Story(priority="P2").answer_of_provider("asked", MONDAY_17).do("answered", TUESDAY_9)
    assert story.clock().due_at == TUESDAY_9
    assert is_met(story.answer_of_provider("resolved", TUESDAY_9).clock())


def test_a_request_resolved_while_it_waits_is_met() -> None:
    story = Story(priority="P1").answer_of_provider("asked", MONDAY_10)
    assert is_met(story.answer_of_provider("resolved", FRIDAY_9).clock())


def test_a_third_party_pauses_only_if_the_agreement_says_so() -> None:
    for pauses, state in ((False, State.RUNNING), (True, State.PAUSED)):
        story = Story(terms=make_terms(pauses_for_third_party=pauses))
        assert story.answer_of_provider("held", MONDAY_10).clock().state is state


def test_the_response_clock_does_not_stand_still_for_the_requester() -> None:
    story = Story().do("asked", MONDAY_10, answers=False)
    assert story.first.state is State.RUNNING
    assert story.clock().state is State.PAUSED


def test_where_approval_is_needed_first_both_clocks_begin_paused() -> None:
    story = Story().do("approval_asked", MONDAY_9, before_work=True)
    assert {clock.state for clock in story.course.clocks} == {State.PAUSED}
    story.do("approval_decided", TUESDAY_9)
    assert story.first.due_at == at(17, 13)
    assert story.clock().due_at == at(19, 17)


def test_an_approval_during_work_does_not_pause_the_response() -> None:
    story = Story().do("taken", MONDAY_9).do("approval_asked", MONDAY_10, before_work=False)
    assert story.first.state is State.RUNNING
    assert story.clock().state is State.PAUSED


def test_a_late_clock_that_waits_keeps_its_due_time() -> None:
    story = Story(priority="P1").answer_of_provider("asked", at(16, 14))
    assert story.clock().state is State.PAUSED
    assert story.clock().due_at == at(16, 13)
    assert story.course.due_at == at(16, 13)


# New targets


def test_a_new_priority_keeps_start_time_used_and_pauses() -> None:
    story = Story(priority="P3")
    story.answer_of_provider("asked", MONDAY_10).do("answered", MONDAY_NOON)
    story.do("prioritised", at(16, 13), priority="P2")
    clock = story.clock()
    assert (clock.started_at, clock.used, clock.budget) == (MONDAY_9, hours(2), hours(8))
    assert clock.due_at == at(17, 11)


def test_a_new_target_past_due_is_breached_at_the_moment_of_the_change() -> None:
    story = Story(priority="P3").do("prioritised", at(16, 15), priority="P1")
    assert story.clock().breached_at == at(16, 15)
    assert story.clock().due_at == at(16, 15)
    assert story.clock().cause is Cause.RETARGETED
    assert story.breaches() == [at(16, 15)]


def test_a_new_target_that_is_due_just_now_is_not_yet_late() -> None:
    story = Story(priority="P3").do("prioritised", at(16, 13), priority="P1")
    assert not is_missed(story.clock())
    assert is_met(story.answer_of_provider("resolved", at(16, 13)).clock())


def test_a_new_target_while_paused_breaches_only_when_the_clock_goes_on() -> None:
    story = Story(priority="P3").answer_of_provider("asked", at(16, 15))
    story.do("prioritised", at(16, 16), priority="P1").sweep(WEDNESDAY_9)
    assert not is_missed(story.clock())
    story.do("answered", WEDNESDAY_9)
    assert story.breaches() == [WEDNESDAY_9]
    assert story.clock().cause is Cause.RETARGETED


def test_a_new_target_while_paused_and_resolved_over_budget_is_missed() -> None:
    story = Story(priority="P3").answer_of_provider("asked", at(16, 15))
    story.do("prioritised", at(16, 16), priority="P1").answer_of_provider("resolved", WEDNESDAY_9)
    assert story.clock().breached_at == WEDNESDAY_9


def test_a_target_taken_back_before_the_clock_goes_on_breaches_nothing() -> None:
    story = Story(priority="P3").answer_of_provider("asked", at(16, 15))
    story.do("prioritised", at(16, 16), priority="P1").do("prioritised", TUESDAY_9, priority="P3")
    assert not is_missed(story.do("answered", WEDNESDAY_9).clock())


def test_a_threshold_already_passed_under_a_new_target_is_told_at_the_change() -> None:
    story = Story(priority="P3").do("prioritised", at(16, 11, 30), priority="P1")
    assert story.warnings() == [(50, at(16, 11, 30))]


def test_a_threshold_of_a_longer_target_is_still_to_come() -> None:
    story = Story(priority="P2").sweep(at(16, 15)).do("prioritised", at(16, 16), priority="P3")
    story.sweep(at(30, 9))
    assert story.warnings() == [(75, at(16, 15)), (75, at(18, 11))]


def test_a_threshold_told_is_not_told_again_when_the_new_target_has_passed_it_too() -> None:
    shorter = make_terms(version=2, targets={(Metric.RESOLUTION, "P2"): hours(7.5)})
    story = Story(priority="P2").sweep(at(16, 15))
    story.do("transferred", at(16, 15, 30), provider_id=IT, promise=shorter)
    assert story.warnings() == [(75, at(16, 15))]


def test_another_service_of_the_same_department_is_a_new_target() -> None:
    other = make_terms(version=2, targets={(Metric.RESOLUTION, "P3"): hours(10)})
    story = Story(priority="P3").do("transferred", MONDAY_10, provider_id=IT, promise=other)
    assert story.clock().due_at == at(17, 11)
    assert story.clock().terms.key == other.key
    assert all(clock.metric != Metric.HOLDING for clock in story.course.clocks)


def test_changed_hours_count_from_the_change_on() -> None:
    mornings = WorkCalendar("UTC", {day: [("09:00", "13:00")] for day in range(5)})
    story = Story(priority="P2")
    changed = make_terms(calendar=mornings, version=2)
    story.do("calendar_changed", MONDAY_NOON, promise=changed)
    assert story.clock().used == hours(3)
    assert story.clock().due_at == at(17, 13)


def test_changed_hours_leave_a_decided_clock_as_it_was_judged() -> None:
    story = Story(priority="P1").sweep(TUESDAY_9)
    before = story.course.clocks
    story.do("calendar_changed", TUESDAY_9, promise=make_terms(calendar=ROUND_THE_CLOCK, version=2))
    assert story.course.clocks == before


# Transfers


def test_a_transfer_leaves_the_requesters_clocks_running_from_the_start() -> None:
    story = Story(priority="P3")
    before = {clock.metric: clock.due_at for clock in story.course.clocks}
    slow = make_terms(FACILITIES, targets={(Metric.RESOLUTION, "P3"): hours(80)})
    story.hand_on(MONDAY_NOON, FACILITIES, terms=slow)
    assert story.clock().due_at == before[Metric.RESOLUTION]
    assert story.clock().terms == make_terms(IT)


def test_the_receiver_gets_a_holding_clock_from_its_arrival_on_its_own_standard() -> None:
    theirs = make_terms(FACILITIES, targets={(Metric.RESOLUTION, "P3"): hours(4)})
    story = Story(priority="P3").hand_on(MONDAY_NOON, FACILITIES, terms=theirs)
    assert story.holding.started_at == MONDAY_NOON
    assert story.holding.due_at == at(16, 16)
    assert story.holding.department_id == FACILITIES


def test_a_holding_clock_stops_when_the_department_resolves() -> None:
    story = Story().hand_on(MONDAY_10, FACILITIES).answer_of_provider("resolved", MONDAY_NOON)
    assert is_met(story.holding)


def test_a_holding_clock_stops_when_the_department_hands_it_on() -> None:
    story = Story().hand_on(MONDAY_10, FACILITIES).hand_on(MONDAY_NOON, LEGAL)
    first, second = (c for c in story.course.clocks if c.metric == Metric.HOLDING)
    assert (first.sequence, first.stopped_at, first.department_id) == (1, MONDAY_NOON, FACILITIES)
    assert (second.sequence, second.state, second.department_id) == (2, State.RUNNING, LEGAL)


def test_a_holding_clock_pauses_by_the_rules_of_the_receiver() -> None:
    theirs = make_terms(FACILITIES, pauses_for_third_party=True)
    story = Story().hand_on(MONDAY_10, FACILITIES, terms=theirs)
    story.answer_of_provider("held", MONDAY_NOON)
    assert story.holding.state is State.PAUSED
    assert story.clock().state is State.RUNNING


def test_a_request_handed_on_while_it_waits_arrives_paused() -> None:
    story = Story().answer_of_provider("asked", MONDAY_10).hand_on(MONDAY_NOON, FACILITIES)
    assert (story.holding.state, story.holding.used) == (State.PAUSED, timedelta(0))


def test_a_holding_clock_is_no_promise_to_the_requester() -> None:
    theirs = make_terms(FACILITIES, targets={(Metric.RESOLUTION, "P3"): minutes(30)})
    story = Story().answer_of_provider("replied", MONDAY_9)
    story.hand_on(MONDAY_10, FACILITIES, terms=theirs).sweep(MONDAY_17)
    assert is_missed(story.holding)
    assert not story.course.ever_breached
    assert story.course.due_at == at(18, 17)


def test_a_verdict_counts_for_whoever_holds_the_request_when_it_is_decided() -> None:
    story = Story(priority="P2").answer_of_provider("replied", at(16, 9, 30))
    story.hand_on(at(16, 11), FACILITIES)
    assert (story.first.department_id, story.clock().department_id) == (IT, FACILITIES)
    story.sweep(TUESDAY_9).hand_on(TUESDAY_9, LEGAL)
    assert story.clock().department_id == FACILITIES


def test_what_fell_due_before_a_transfer_is_the_senders() -> None:
    story = Story(priority="P1").hand_on(TUESDAY_9, FACILITIES)
    assert (story.clock().department_id, story.clock().breached_at) == (IT, at(16, 13))


def test_a_misdirected_request_is_the_receivers_from_the_start() -> None:
    story = Story(priority="P1").hand_on(MONDAY_10, FACILITIES, wrong=True)
    assert is_missed(story.first)
    assert {clock.department_id for clock in story.course.clocks} == {FACILITIES}


def test_after_more_than_a_working_hour_it_was_not_misdirected() -> None:
    story = Story(priority="P1").hand_on(MONDAY_10 + MICROSECOND, FACILITIES, wrong=True)
    assert story.first.department_id == IT


def test_the_hour_is_one_of_working_time() -> None:
    story = Story(FRIDAY_1650, priority="P1").sweep(NEXT_MONDAY_9 + minutes(40))
    story.hand_on(NEXT_MONDAY_9 + minutes(50), FACILITIES, wrong=True)
    assert story.first.department_id == FACILITIES


def test_a_request_misdirected_twice_is_the_last_receivers() -> None:
    story = Story(priority="P1").hand_on(at(16, 9, 40), FACILITIES, wrong=True)
    story.hand_on(at(16, 10, 30), LEGAL, wrong=True)
    assert story.first.department_id == LEGAL


def test_a_request_misdirected_later_is_not_its_receivers_before_the_sender_had_it() -> None:
    story = Story(priority="P1").sweep(at(16, 12)).hand_on(at(16, 12), FACILITIES)
    story.hand_on(at(16, 12, 30), LEGAL, wrong=True)
    assert story.first.department_id == IT
    assert story.clock().department_id == LEGAL


def test_a_request_whose_client_is_its_provider_stays_out_of_the_figures() -> None:
    story = Story(client=IT)
    assert not engine.counts(story.clock(), IT)
    story.hand_on(MONDAY_10, FACILITIES)
    assert engine.counts(story.clock(), IT)
    assert engine.counts(Story().clock(), FINANCE)


# Reopening


def test_reopening_starts_a_new_cycle_with_what_was_left() -> None:
    story = Story(priority="P2").answer_of_provider("resolved", MONDAY_NOON)
    story.do("reopened", WEDNESDAY_9)
    first, second = story.clock(cycle=1), story.clock(cycle=2)
    assert is_met(first)
    assert (second.budget, second.started_at, second.used) == (hours(5), WEDNESDAY_9, timedelta(0))
    assert second.due_at == at(18, 14)


def test_a_new_cycle_has_at_least_a_quarter_of_the_budget() -> None:
    story = Story(priority="P2").answer_of_provider("resolved", at(16, 16, 30))
    assert story.do("reopened", TUESDAY_9).clock().budget == hours(2)


def test_a_third_cycle_has_what_the_second_left() -> None:
    story = Story(priority="P2").answer_of_provider("resolved", MONDAY_10)
    story.do("reopened", TUESDAY_9).answer_of_provider("resolved", TUESDAY_9 + hours(2))
    assert story.do("reopened", WEDNESDAY_9).clock(cycle=3).budget == hours(5)


def test_each_cycle_is_judged_by_itself() -> None:
    story = Story(priority="P1").answer_of_provider("resolved", at(16, 14))
    story.do("reopened", TUESDAY_9).answer_of_provider("resolved", TUESDAY_9 + minutes(30))
    assert is_missed(story.clock(cycle=1))
    assert is_met(story.clock(cycle=2))
    assert story.course.ever_breached


def test_a_new_priority_in_a_later_cycle_leaves_what_the_earlier_ones_used() -> None:
    story = Story(priority="P3").answer_of_provider("resolved", at(16, 14))
    story.do("reopened", TUESDAY_9).do("prioritised", TUESDAY_9 + hours(1), priority="P2")
    clock = story.clock(cycle=2)
    assert (clock.budget, clock.due_at) == (hours(3), TUESDAY_9 + hours(3))


def test_a_reopened_request_has_no_new_first_response() -> None:
    story = Story().answer_of_provider("resolved", MONDAY_10).do("reopened", TUESDAY_9)
    assert [c.metric for c in story.course.clocks].count(Metric.FIRST_RESPONSE) == 1


# What the request shows


def test_the_nearest_due_time_is_that_of_the_request() -> None:
    story = Story(priority="P3")
    assert story.course.due_at == at(16, 13)
    assert story.answer_of_provider("replied", MONDAY_10).course.due_at == at(18, 17)
    assert story.answer_of_provider("asked", MONDAY_10).course.due_at is None
    assert not story.answer_of_provider("resolved", MONDAY_10).course.has_open_promise


def test_a_late_promise_keeps_its_due_time_on_top() -> None:
    assert Story(priority="P3").sweep(TUESDAY_9).course.due_at == at(16, 13)


# Order


def test_a_deed_before_the_submission_changes_nothing() -> None:
    assert engine.apply(None, engine.Deed(kind="replied", at=MONDAY_9)) == (None, [])


def test_business_time_is_that_of_the_calendar_and_not_of_the_wall() -> None:
    lunch = WorkCalendar("UTC", {d: [("09:00", "12:30"), ("13:30", "17:30")] for d in range(5)})
    story = Story(MONDAY_NOON, priority="P2", terms=make_terms(calendar=lunch))
    assert story.first.due_at == at(16, 14)
    assert NINE_TO_FIVE.elapsed(MONDAY_NOON, at(16, 14)) == hours(2)
