"""Wrong engines, each of which a named rule must catch: a test that passes them tests nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from requests_app.lifecycle import Category
from slas import engine
from slas.engine import Clock, Course, Deed, Finding, Found, Metric, State, Terms
from tests.slas import test_rules as rules
from tests.slas import test_rules_of_escalation as escalation
from tests.slas import test_rules_of_talk as talk

Settled = tuple[Clock, list[Finding]]
Known = tuple[Course, list[Finding]]

_settled, _paused, _running, _stopped = Clock.settled, Clock.paused, Clock.running, Clock.stopped
_retargeted, _voided = Clock.retargeted, Clock.voided
_handed_on, _started, _reopened = engine._handed_on, engine._started, engine._reopened
_stands_still, _stop, _settle = engine._stands_still, engine._stop, engine.settle
_answered, _waits, _budget = engine._answered, engine._waits_for_a_reply, Terms.budget
_told = Clock._told
_percents_ahead, _late, _given = Clock._percents_ahead, Clock._late, engine._given
_moved = engine._moved
_take_back_at = Course.take_back_at.fget  # type: ignore[attr-defined]


def pause_forgotten_at_a_new_target(
    self: Clock, terms: Terms, priority: str, at: datetime
) -> Settled:
    since_start = terms.calendar.elapsed(self.started_at, at)
    return _retargeted(replace(self, used=since_start, running_since=at), terms, priority, at)


def used_time_forgotten_at_a_new_target(
    self: Clock, terms: Terms, priority: str, at: datetime
) -> Settled:
    since = None if self.running_since is None else at
    return _retargeted(replace(self, used=timedelta(0), running_since=since), terms, priority, at)


def breach_taken_back_by_a_new_target(
    self: Clock, terms: Terms, priority: str, at: datetime
) -> Settled:
    return _retargeted(replace(self, breached_at=None), terms, priority, at)


def decided_clock_judged_again(self: Clock, terms: Terms, priority: str, at: datetime) -> Settled:
    clock, found = _retargeted(self, terms, priority, at)
    return replace(clock, terms=terms), found


def late_by_a_new_target_unnoticed(self: Clock, at: datetime) -> Settled:
    return _running(replace(self, used=min(self.used, self.budget)), at)


def breach_while_paused(self: Clock, at: datetime) -> Clock:
    return replace(self, used=self.used_at(at))


def due_time_lost_by_a_late_clock(self: Clock, at: datetime) -> Clock:
    return replace(_paused(self, at), due_at=None)


def threshold_twice(self: Clock, now: datetime) -> Settled:
    clock, found = _settled(self, now)
    return replace(clock, warned=self.warned), found


def threshold_forgotten(self: Clock, now: datetime) -> Settled:
    clock, found = _settled(self, now)
    return clock, [one for one in found if one.kind is not Found.WARNED]


def breach_at_the_due_time_itself(self: Clock, now: datetime) -> Settled:
    return _settled(self, now + timedelta(microseconds=1))


def breach_a_second_too_late(self: Clock, now: datetime) -> Settled:
    return _settled(self, now - timedelta(seconds=1))


def breach_dated_when_found(self: Clock, now: datetime) -> Settled:
    clock, found = _settled(self, now)
    if clock.breached_at is None:
        return clock, found
    return replace(clock, breached_at=now), [replace(one, at=now) for one in found]


def breach_found_at_each_sweep(self: Clock, now: datetime) -> Settled:
    if self.breached_at is not None and self.is_open:
        return self, [Finding(Found.BREACHED, self.breached_at, *self.key)]
    return _settled(self, now)


def stopping_takes_a_breach_back(self: Clock, at: datetime) -> Settled:
    clock, found = _stopped(self, at)
    return replace(clock, breached_at=None), found


def cancelling_takes_a_breach_back(self: Clock, at: datetime) -> Clock:
    return replace(_voided(self, at), breached_at=None)


def cancelled_is_a_verdict(self: Clock, at: datetime) -> Clock:
    return _stopped(self, at)[0]


def response_waits_for_the_requester(course: Course, clock: Clock) -> bool:
    return _stands_still(course, replace(clock, metric=Metric.RESOLUTION))


def response_never_waits(course: Course, clock: Clock) -> bool:
    return clock.metric != Metric.FIRST_RESPONSE and _stands_still(course, clock)


def third_party_always_pauses(course: Course, clock: Clock) -> bool:
    return _stands_still(
        course, replace(clock, terms=replace(clock.terms, pauses_for_third_party=True))
    )


def approval_does_not_pause(course: Course, clock: Clock) -> bool:
    return course.stands != engine.Category.APPROVAL and _stands_still(course, clock)


def transfer_begins_anew(course: Course, deed: Deed) -> Course:
    handed = _handed_on(course, deed)
    assert deed.holding is not None
    clocks = [
        clock.retargeted(deed.holding, clock.priority, deed.at)[0] if clock.is_open else clock
        for clock in handed.clocks
    ]
    return replace(handed, clocks=tuple(clocks))


def sender_answers_for_ever(course: Course, deed: Deed) -> Course:
    return replace(_handed_on(course, deed), clocks=course.clocks)


def receiver_answers_for_what_was_decided(course: Course, deed: Deed) -> Course:
    handed = _handed_on(course, deed)
    clocks = [replace(clock, department_id=handed.holder_id) for clock in handed.clocks]
    return replace(handed, clocks=tuple(clocks))


def wrong_department_ignored(course: Course, deed: Deed) -> Course:
    return _handed_on(course, replace(deed, wrong_department=False))


def wrong_department_at_any_time(course: Course, deed: Deed) -> Course:
    return _handed_on(replace(course, arrived_at=deed.at), deed)


def misdirected_back_to_the_beginning(course: Course, deed: Deed) -> Course:
    long_ago = replace(course, accountable_since=course.clocks[0].started_at)
    handed = _handed_on(long_ago, deed)
    if not deed.wrong_department:
        return handed
    clocks = [replace(clock, department_id=handed.holder_id) for clock in handed.clocks]
    return replace(handed, clocks=tuple(clocks))


def whole_budget_again(full: timedelta, _spent_before: timedelta) -> timedelta:
    return full


def no_quarter(full: timedelta, spent_before: timedelta) -> timedelta:
    return max(full - spent_before, timedelta(minutes=1))


def reopened_clock_goes_on(course: Course, deed: Deed) -> Known:
    """The time between counted, and the earlier verdict lost."""
    clocks = [
        replace(c, state=State.RUNNING, running_since=c.stopped_at, stopped_at=None)
        if c.metric == Metric.RESOLUTION
        else c
        for c in course.clocks
    ]
    return replace(course, clocks=tuple(clocks), stands=engine.Category.OPEN), []


def anyone_answers(course: Course, deed: Deed) -> Known:
    return _stop(course, deed.at, Metric.FIRST_RESPONSE)


def next_reply_restarted_by_a_second_message(course: Course, at: datetime) -> Course:
    course, _ = _stop(course, at, Metric.NEXT_REPLY)
    return _waits(course, at)


def next_reply_before_the_first_response(course: Course, at: datetime) -> Course:
    return engine._started_next(course, Metric.NEXT_REPLY, at)


def next_reply_after_the_resolution(course: Course, at: datetime) -> Course:
    return replace(_waits(replace(course, stands=engine.Category.OPEN), at), stands=course.stands)


def next_reply_has_no_budget(self: Terms, metric: str, priority: str) -> timedelta | None:
    return self.targets.get((metric, priority))


def update_not_started_by_a_reply(course: Course, deed: Deed) -> Known:
    return _stop(course, deed.at, Metric.FIRST_RESPONSE, *engine.TALK)


def update_runs_on_after_a_reply(course: Course, deed: Deed) -> Known:
    course, found = _stop(course, deed.at, Metric.FIRST_RESPONSE, Metric.NEXT_REPLY)
    return engine._started_next(course, Metric.UPDATE, deed.at), found


def update_promised_once_more_by_the_resolution(course: Course, deed: Deed) -> Known:
    course, found = _answered(replace(course, stands=engine.Category.OPEN), deed)
    return replace(course, stands=engine.Category.DONE), found


def requester_answers_themselves(course: Course, deed: Deed) -> Known:
    return _answered(course, deed)


def talk_never_waits(course: Course, clock: Clock) -> bool:
    return clock.metric not in engine.TALK and _stands_still(course, clock)


def step_told_twice(self: Clock, percent: int, at: datetime) -> Finding | None:
    return Finding(Found.ESCALATED, at, *self.key, threshold=percent, acts=(engine.Act.TELL_LEAD,))


def step_found_again(self: Clock) -> list[int]:
    if self.breached_at is None:
        return _percents_ahead(self)
    return sorted({one.percent for one in self._steps() if one.percent > engine.BREACH})


def step_not_remembered(self: Clock, percent: int, at: datetime) -> Settled:
    clock, found = _told(self, percent, at)
    return replace(clock, escalated=self.escalated), found


def steps_after_the_breach_forgotten(self: Clock, now: datetime) -> Settled:
    return self, []


def escalated_while_paused(self: Clock, at: datetime) -> Clock:
    return replace(_paused(self, at), state=State.RUNNING, running_since=at)


def step_on_the_wall_clock(self: Clock, percent: int) -> datetime:
    return self.started_at + self.budget * percent / 100


def breach_without_its_steps(self: Clock, at: datetime, cause: object = None) -> Settled:
    clock, found = _late(self, at, cause)  # type: ignore[arg-type]
    return clock, [one for one in found if one.kind is not Found.ESCALATED]


def step_of_the_old_target_forgotten(self: Clock, percents: object) -> int:
    return 0


def raised_by_each_clock(course: Course, finding: Finding) -> Course:
    from_now = int((course.raise_to or course.priority)[1])
    return replace(course, raise_to=f"P{max(1, from_now - 1)}")


def raised_though_it_is_over(course: Course, finding: Finding) -> Course:
    return replace(course, raise_to="P1")


def taken_back_though_taken(course: Course, deed: Deed) -> Known:
    return replace(course, untouched_by=deed.assignee_id, untouched_since=deed.at), []


def untouched_while_it_waited(course: Course, stood: Category, at: datetime) -> Course:
    since, course = course.untouched_since, _moved(course, stood, at)
    return course if course.untouched_by is None else replace(course, untouched_since=since)


def taken_back_while_it_waits(self: Course) -> datetime | None:
    assert _take_back_at is not None
    found: datetime | None = _take_back_at(replace(self, stands=engine.Category.OPEN))
    return found


def touch_not_seen(course: Course) -> Course:
    return course


def touch_by_anyone(course: Course, deed: Deed) -> Known:
    return replace(course, untouched_by=None, untouched_since=None), []


def declined_is_no_answer(course: Course, deed: Deed) -> Known:
    return replace(course, stands=engine.Category.FINAL), []


def holding_runs_on(course: Course, at: datetime, *metrics: Metric) -> Known:
    return _stop(course, at, *(metric for metric in metrics if metric != Metric.HOLDING))


def due_times_look_only_at_the_first_clock(self: Course) -> datetime | None:
    return self.clocks[0].due_at


def holding_is_promised_to_the_requester(self: Course) -> list[Clock]:
    return [clock for clock in self.clocks if clock.is_open]


def does_for_itself_and_counts(clock: Clock, client_id: int) -> bool:
    return True


Fault = tuple[object, str, object, Callable[[], None]]

FAULTS: list[Fault] = [
    (Clock, "retargeted", pause_forgotten_at_a_new_target,
     rules.test_a_new_priority_keeps_start_time_used_and_pauses),
    (Clock, "retargeted", used_time_forgotten_at_a_new_target,
     rules.test_a_new_priority_keeps_start_time_used_and_pauses),
    (Clock, "retargeted", breach_taken_back_by_a_new_target,
     rules.test_a_breach_stays_whatever_comes_later),
    (Clock, "retargeted", decided_clock_judged_again,
     rules.test_changed_hours_leave_a_decided_clock_as_it_was_judged),
    (Clock, "running", late_by_a_new_target_unnoticed,
     rules.test_a_new_target_past_due_is_breached_at_the_moment_of_the_change),
    (Clock, "running", late_by_a_new_target_unnoticed,
     rules.test_a_new_target_while_paused_breaches_only_when_the_clock_goes_on),
    (Clock, "paused", breach_while_paused, rules.test_a_paused_clock_does_not_breach),
    (Clock, "paused", breach_while_paused, rules.test_a_paused_clock_does_not_warn),
    (Clock, "paused", due_time_lost_by_a_late_clock,
     rules.test_a_late_clock_that_waits_keeps_its_due_time),
    (Clock, "settled", threshold_twice,
     rules.test_a_threshold_is_told_when_it_is_reached_and_only_once),
    (Clock, "settled", threshold_forgotten,
     rules.test_after_an_outage_warning_and_breach_are_told_with_their_own_times),
    (Clock, "settled", breach_at_the_due_time_itself,
     rules.test_met_exactly_at_the_due_time_is_met),
    (Clock, "settled", breach_a_second_too_late, rules.test_a_microsecond_later_is_missed),
    (Clock, "settled", breach_dated_when_found,
     rules.test_a_breach_is_dated_when_it_was_due_and_not_when_it_was_found),
    (Clock, "settled", breach_found_at_each_sweep, rules.test_a_breach_is_found_once),
    (Clock, "stopped", stopping_takes_a_breach_back, rules.test_each_cycle_is_judged_by_itself),
    (Clock, "voided", cancelling_takes_a_breach_back,
     rules.test_cancelled_leaves_a_breach_standing),
    (Clock, "voided", cancelled_is_a_verdict, rules.test_cancelled_ends_running_clocks_void),
    (engine, "_stands_still", response_waits_for_the_requester,
     rules.test_the_response_clock_does_not_stand_still_for_the_requester),
    (engine, "_stands_still", response_waits_for_the_requester,
     rules.test_an_approval_during_work_does_not_pause_the_response),
    (engine, "_stands_still", response_never_waits,
     rules.test_where_approval_is_needed_first_both_clocks_begin_paused),
    (engine, "_stands_still", third_party_always_pauses,
     rules.test_a_third_party_pauses_only_if_the_agreement_says_so),
    (engine, "_stands_still", approval_does_not_pause,
     rules.test_where_approval_is_needed_first_both_clocks_begin_paused),
    (engine, "_handed_on", transfer_begins_anew,
     rules.test_a_transfer_leaves_the_requesters_clocks_running_from_the_start),
    (engine, "_handed_on", sender_answers_for_ever,
     rules.test_a_verdict_counts_for_whoever_holds_the_request_when_it_is_decided),
    (engine, "_handed_on", receiver_answers_for_what_was_decided,
     rules.test_what_fell_due_before_a_transfer_is_the_senders),
    (engine, "_handed_on", wrong_department_ignored,
     rules.test_a_misdirected_request_is_the_receivers_from_the_start),
    (engine, "_handed_on", wrong_department_at_any_time,
     rules.test_after_more_than_a_working_hour_it_was_not_misdirected),
    (engine, "_handed_on", misdirected_back_to_the_beginning,
     rules.test_a_request_misdirected_later_is_not_its_receivers_before_the_sender_had_it),
    (engine, "_of_later_cycle", whole_budget_again,
     rules.test_reopening_starts_a_new_cycle_with_what_was_left),
    (engine, "_of_later_cycle", no_quarter,
     rules.test_a_new_cycle_has_at_least_a_quarter_of_the_budget),
    (engine.STEPS, "reopened", reopened_clock_goes_on,
     rules.test_reopening_starts_a_new_cycle_with_what_was_left),
    (engine, "_waits_for_a_reply", next_reply_restarted_by_a_second_message,
     talk.test_further_messages_do_not_restart_the_next_reply),
    (engine, "_waits_for_a_reply", next_reply_before_the_first_response,
     talk.test_before_the_first_response_no_next_reply_is_due),
    (engine, "_waits_for_a_reply", next_reply_after_the_resolution,
     talk.test_a_thank_you_after_the_resolution_waits_for_nothing),
    (engine, "_waits_for_a_reply", lambda course, at: course,
     talk.test_a_message_that_reopens_starts_next_reply),
    (Terms, "budget", next_reply_has_no_budget,
     talk.test_a_next_reply_without_a_target_of_its_own_has_that_of_first_response),
    (engine, "_answered", update_not_started_by_a_reply,
     talk.test_each_public_reply_ends_the_update_before_it),
    (engine, "_answered", update_runs_on_after_a_reply,
     talk.test_each_public_reply_ends_the_update_before_it),
    (engine, "_answered", update_promised_once_more_by_the_resolution,
     talk.test_a_resolution_ends_the_update_and_starts_none),
    (engine.STEPS, "replied", requester_answers_themselves,
     talk.test_a_note_or_a_message_of_the_requester_is_no_update),
    (engine, "_stands_still", talk_never_waits,
     talk.test_the_update_stands_still_while_waiting_for_the_requester),
    (engine, "_stands_still", talk_never_waits,
     talk.test_the_next_reply_stands_still_while_an_approval_is_awaited),
    (Clock, "retargeted", pause_forgotten_at_a_new_target,
     talk.test_a_new_target_keeps_the_pauses_of_talk),
    (Clock, "_step", step_told_twice,
     escalation.test_after_an_outage_steps_are_dated_when_they_were_due),
    (Clock, "_percents_ahead", step_found_again,
     escalation.test_after_the_breach_the_next_check_is_the_next_step),
    (Clock, "_told", step_not_remembered, escalation.test_a_step_is_taken_once),
    (Clock, "_after_the_breach", steps_after_the_breach_forgotten,
     escalation.test_a_step_after_the_breach_is_taken_after_so_much_business_time),
    (Clock, "paused", escalated_while_paused,
     escalation.test_a_clock_that_stands_still_is_not_escalated),
    (Clock, "paused", escalated_while_paused,
     escalation.test_a_pause_after_the_breach_stops_the_time_of_the_next_step),
    (Clock, "_reaches", step_on_the_wall_clock,
     escalation.test_a_step_after_the_breach_waits_for_the_next_working_day),
    (Clock, "_late", breach_without_its_steps,
     escalation.test_a_step_at_the_breach_is_taken_with_the_breach),
    (Clock, "_reached", step_of_the_old_target_forgotten,
     escalation.test_a_step_taken_is_not_taken_again_when_the_new_target_has_passed_it_too),
    (engine, "_to_be_raised", raised_by_each_clock,
     escalation.test_two_promises_late_at_once_raise_it_by_one),
    (engine, "_to_be_raised", raised_though_it_is_over,
     escalation.test_the_highest_priority_is_not_raised),
    (engine.STEPS, "taken", taken_back_though_taken,
     escalation.test_who_takes_it_themselves_has_touched_it),
    (Course, "take_back_at", property(taken_back_while_it_waits),
     escalation.test_while_the_request_waits_nothing_is_taken_back),
    (engine, "_touched", touch_not_seen,
     escalation.test_a_request_handed_on_is_nobodys_to_touch),
    (engine.STEPS, "assigned", touch_by_anyone,
     escalation.test_what_is_assigned_and_not_touched_goes_back_after_half_of_the_response_budget),
    (engine.STEPS, "replied", anyone_answers, rules.test_what_the_requester_writes_is_no_response),
    (engine.STEPS, "declined", declined_is_no_answer,
     rules.test_declined_stops_both_as_an_answer),
    (engine, "_stop", holding_runs_on,
     rules.test_a_holding_clock_stops_when_the_department_hands_it_on),
    (engine, "settle", lambda course, now: (course, []),
     rules.test_a_request_resolved_late_while_every_worker_was_down_is_a_breach),
    (engine, "counts", does_for_itself_and_counts,
     rules.test_a_request_whose_client_is_its_provider_stays_out_of_the_figures),
    (Course, "due_at", property(due_times_look_only_at_the_first_clock),
     rules.test_the_nearest_due_time_is_that_of_the_request),
    (Course, "_open_promises", holding_is_promised_to_the_requester,
     rules.test_a_holding_clock_is_no_promise_to_the_requester),
]  # fmt: skip


@pytest.mark.parametrize(
    ("where", "name", "fault", "caught_by"),
    FAULTS,
    ids=[f"{getattr(f, '__name__', n)}-{t.__name__}" for _, n, f, t in FAULTS],
)
def test_a_seeded_fault_is_caught(
    where: object,
    name: str,
    fault: object,
    caught_by: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytestmark = getattr(caught_by, "pytestmark", ())
    assert not pytestmark, "a rule that stands alone is needed"
    caught_by()
    if isinstance(where, dict):
        monkeypatch.setitem(where, name, fault)
    else:
        monkeypatch.setattr(where, name, fault)
    with pytest.raises(AssertionError):
        caught_by()
