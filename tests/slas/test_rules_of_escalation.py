"""The rules of escalation, one test each. A day is 09:00–17:00 UTC here."""

from __future__ import annotations

from datetime import timedelta

import pytest

from calendars.worktime import WorkCalendar
from slas.agreements import DEFAULT_ESCALATION
from slas.engine import Act, Escalation, Metric, State
from tests.slas.stories import FACILITIES, IT, Story, make_terms
from tests.times import (
    MONDAY_9,
    MONDAY_10,
    MONDAY_17,
    MONDAY_NOON,
    THURSDAY_9,
    TUESDAY_9,
    WEDNESDAY_9,
    at,
    hours,
)

MICROSECOND = timedelta(microseconds=1)
OMAR, LENA = 7, 8
LEAD, MANAGER, RAISE = Act.TELL_LEAD, Act.TELL_MANAGER, Act.RAISE_PRIORITY


def escalating(
    *steps: tuple[int, Act], priority: str = "P1", at_: object = MONDAY_9, **given: object
) -> Story:
    """A request of Monday at nine whose agreement takes these steps for its priority.

    A P1 is to be done by 13:00, four hours later.
    """
    said = {priority: tuple(Escalation(percent, act) for percent, act in steps)}
    terms = make_terms(escalation=said, **given)  # type: ignore[arg-type]
    story = Story(at_, priority=priority, terms=terms)  # type: ignore[arg-type]
    return story.answer_of_provider("replied", MONDAY_9)


def test_the_default_steps_are_those_of_the_table() -> None:
    said = {
        str(priority): [(one.percent, str(one.act)) for one in steps]
        for priority, steps in DEFAULT_ESCALATION.items()
    }
    assert said == {
        "P1": [(100, "tell_lead"), (125, "tell_manager")],
        "P2": [(100, "tell_lead"), (150, "tell_manager")],
        "P3": [(100, "tell_lead")],
        "P4": [(100, "tell_lead")],
    }


def test_a_step_at_the_breach_is_taken_with_the_breach() -> None:
    story = escalating((100, LEAD)).sweep(at(16, 13))
    assert story.steps() == []
    story.sweep(at(16, 13) + MICROSECOND)
    assert story.steps() == [(100, at(16, 13), "tell_lead")]
    assert story.breaches() == [at(16, 13)]


def test_a_step_after_the_breach_is_taken_after_so_much_business_time() -> None:
    story = escalating((100, LEAD), (125, MANAGER)).sweep(at(16, 14) - MICROSECOND)
    assert [percent for percent, _, _ in story.steps()] == [100]
    story.sweep(at(16, 14))
    assert story.steps()[1:] == [(125, at(16, 14), "tell_manager")]


def test_a_step_after_the_breach_waits_for_the_next_working_day() -> None:
    story = escalating((250, MANAGER)).sweep(TUESDAY_9 + hours(2) - MICROSECOND)
    assert story.steps() == []
    assert story.sweep(TUESDAY_9 + hours(2)).steps() == [(250, at(17, 11), "tell_manager")]


def test_after_the_breach_the_next_check_is_the_next_step() -> None:
    story = escalating((100, LEAD), (125, MANAGER), (150, MANAGER))
    story.sweep(at(16, 13, 30))
    assert story.clock().next_check_at == at(16, 14)
    story.sweep(at(16, 14))
    assert story.clock().next_check_at == at(16, 15)
    assert story.sweep(at(16, 15)).clock().next_check_at is None


def test_a_step_is_taken_once() -> None:
    story = escalating((100, LEAD), (125, MANAGER))
    for hour in (13, 14, 14, 15, 16):
        story.sweep(at(16, hour, 30)).do("noted", at(16, hour, 30))
    assert [percent for percent, _, _ in story.steps()] == [100, 125]


def test_after_an_outage_steps_are_dated_when_they_were_due() -> None:
    story = escalating((50, LEAD), (100, LEAD), (125, MANAGER)).sweep(at(30, 9))
    assert story.steps() == [
        (50, at(16, 11), "tell_lead"),
        (100, at(16, 13), "tell_lead"),
        (125, at(16, 14), "tell_manager"),
    ]


def test_two_steps_at_one_moment_are_taken_together() -> None:
    story = escalating((100, LEAD), (100, MANAGER)).sweep(TUESDAY_9)
    assert story.steps() == [(100, at(16, 13), "tell_lead tell_manager")]


def test_what_is_resolved_is_not_escalated_any_more() -> None:
    story = escalating((100, LEAD), (125, MANAGER)).answer_of_provider("resolved", at(16, 13, 30))
    assert [percent for percent, _, _ in story.sweep(THURSDAY_9).steps()] == [100]


def test_what_was_resolved_in_time_is_not_escalated_however_late_the_sweep_comes() -> None:
    story = escalating((100, LEAD), (125, MANAGER)).answer_of_provider("resolved", at(16, 13))
    assert story.sweep(THURSDAY_9).steps() == []


def test_a_step_before_a_late_resolution_is_found_though_no_worker_ran() -> None:
    story = escalating((100, LEAD), (125, MANAGER)).answer_of_provider("resolved", MONDAY_17)
    assert [percent for percent, _, _ in story.steps()] == [100, 125]


def test_a_clock_that_stands_still_is_not_escalated() -> None:
    story = escalating((100, LEAD), (125, MANAGER)).answer_of_provider("asked", at(16, 13, 30))
    assert story.clock().state is State.PAUSED
    assert story.clock().next_check_at is None
    assert [percent for percent, _, _ in story.sweep(THURSDAY_9).steps()] == [100]


def test_a_pause_after_the_breach_stops_the_time_of_the_next_step() -> None:
    story = escalating((100, LEAD), (125, MANAGER)).answer_of_provider("asked", at(16, 13, 30))
    story.ask("answered", TUESDAY_9)
    assert story.clock().next_check_at == at(17, 9, 30)
    story.sweep(WEDNESDAY_9)
    assert story.steps()[1:] == [(125, at(17, 9, 30), "tell_manager")]


def test_a_step_before_the_breach_is_taken_at_its_threshold() -> None:
    story = escalating((75, LEAD)).sweep(MONDAY_NOON - MICROSECOND)
    assert story.steps() == []
    assert story.sweep(MONDAY_NOON).steps() == [(75, MONDAY_NOON, "tell_lead")]
    assert [percent for percent, _ in story.warnings()] == [50, 75]


def test_a_new_target_that_is_past_due_takes_the_steps_of_the_breach_at_the_change() -> None:
    story = escalating((100, LEAD), (150, MANAGER), priority="P3")
    terms = make_terms(
        version=2, escalation={"P1": (Escalation(60, LEAD), Escalation(125, MANAGER))}
    )
    story.do("transferred", at(16, 12), provider_id=IT, promise=terms)
    story.do("prioritised", at(16, 15), priority="P1")
    assert story.breaches() == [at(16, 15)]
    assert story.steps() == [(60, at(16, 15), "tell_lead"), (125, at(16, 15), "tell_manager")]


def test_a_step_of_a_longer_target_is_still_to_come() -> None:
    steps = {one: (Escalation(75, LEAD),) for one in ("P2", "P3")}
    story = Story(priority="P2", terms=make_terms(escalation=steps)).sweep(at(16, 15))
    story.do("prioritised", at(16, 16), priority="P3").sweep(at(30, 9))
    assert story.steps() == [(75, at(16, 15), "tell_lead"), (75, at(18, 11), "tell_lead")]


def test_a_step_taken_is_not_taken_again_when_the_new_target_has_passed_it_too() -> None:
    steps = {"P2": (Escalation(75, LEAD),)}
    shorter = make_terms(
        version=2, escalation=steps, targets={(Metric.RESOLUTION, "P2"): hours(7.5)}
    )
    story = Story(priority="P2", terms=make_terms(escalation=steps)).sweep(at(16, 15))
    story.do("transferred", at(16, 15, 30), provider_id=IT, promise=shorter)
    assert story.steps() == [(75, at(16, 15), "tell_lead")]


def test_a_clock_over_its_budget_that_ends_while_it_waits_takes_the_steps_of_the_breach() -> None:
    steps = {"P1": (Escalation(100, LEAD), Escalation(125, MANAGER))}
    story = Story(priority="P3", terms=make_terms(escalation=steps))
    story.answer_of_provider("asked", at(16, 15)).do("prioritised", at(16, 16), priority="P1")
    story.answer_of_provider("resolved", WEDNESDAY_9)
    assert story.steps() == [(100, WEDNESDAY_9, "tell_lead")]


def test_each_promise_is_escalated_by_itself() -> None:
    steps = {"P1": (Escalation(100, LEAD),)}
    story = Story(priority="P1", terms=make_terms(escalation=steps)).sweep(TUESDAY_9)
    assert story.steps(Metric.FIRST_RESPONSE) == [(100, at(16, 9, 30), "tell_lead")]
    assert story.steps() == [(100, at(16, 13), "tell_lead")]


def test_cancelled_ends_the_escalation() -> None:
    story = escalating((100, LEAD), (125, MANAGER)).do("cancelled", at(16, 13, 30))
    assert [percent for percent, _, _ in story.sweep(THURSDAY_9).steps()] == [100]


# Raising the priority


def test_a_step_may_ask_for_the_next_higher_priority() -> None:
    story = escalating((100, RAISE), priority="P3").sweep(THURSDAY_9)
    assert story.course.raise_to == "P2"
    assert story.course.priority == "P3"  # done by a deed, not by time


def test_the_priority_is_asked_for_once_and_the_deed_settles_it() -> None:
    story = escalating((100, RAISE), priority="P3").sweep(THURSDAY_9)
    story.do("prioritised", THURSDAY_9, priority="P2").sweep(at(30, 9))
    assert (story.course.raise_to, story.course.priority) == ("", "P2")
    story.do("prioritised", at(30, 9), priority="P4").sweep(at(30, 12))
    assert story.course.raise_to == ""


def test_two_promises_late_at_once_raise_it_by_one() -> None:
    steps = {"P3": (Escalation(100, RAISE),)}
    story = Story(priority="P3", terms=make_terms(escalation=steps)).sweep(THURSDAY_9)
    assert len(story.steps()) == len(story.steps(Metric.FIRST_RESPONSE)) == 1
    assert story.course.raise_to == "P2"


def test_the_highest_priority_is_not_raised() -> None:
    assert escalating((100, RAISE)).sweep(TUESDAY_9).course.raise_to == ""


def test_a_late_promise_of_the_highest_priority_asks_for_it_again_once_it_was_lowered() -> None:
    story = escalating((100, LEAD), (150, RAISE)).sweep(MONDAY_17)
    story.do("prioritised", TUESDAY_9, priority="P3").sweep(THURSDAY_9)
    assert story.course.raise_to == ""  # at 150 % it was a P1 still
    story = escalating((100, LEAD), (250, RAISE)).sweep(MONDAY_17)
    story.do("prioritised", TUESDAY_9, priority="P3").sweep(THURSDAY_9)
    assert story.course.raise_to == "P1"


def test_what_is_over_is_not_raised() -> None:
    story = escalating((100, RAISE), priority="P3").answer_of_provider("resolved", THURSDAY_9)
    assert story.steps() != []
    assert story.course.raise_to == ""


# Taking back what nobody touches


def given_to_omar(**given: object) -> Story:
    """A P3 that Lena gives to Omar at ten; a first response is due within four hours."""
    terms = make_terms(takes_back=True, **given)  # type: ignore[arg-type]
    return Story(terms=terms).do("assigned", MONDAY_10, actor_id=LENA, assignee_id=OMAR)


def test_what_is_assigned_and_not_touched_goes_back_after_half_of_the_response_budget() -> None:
    assert given_to_omar().course.take_back_at == MONDAY_NOON


@pytest.mark.parametrize("kind", ["noted", "replied", "taken", "annotated", "prioritised"])
def test_whatever_the_assignee_does_is_touching_it(kind: str) -> None:
    given = {"priority": "P2"} if kind == "prioritised" else {}
    story = given_to_omar().do(kind, at(16, 11), actor_id=OMAR, **given)
    assert story.course.take_back_at is None


def test_what_others_do_on_it_is_no_touch_of_the_assignee() -> None:
    story = given_to_omar().do("noted", at(16, 11), actor_id=LENA)
    assert story.course.take_back_at == MONDAY_NOON


def test_who_takes_it_themselves_has_touched_it() -> None:
    story = Story(terms=make_terms(takes_back=True))
    assert story.do("taken", MONDAY_10, actor_id=OMAR, assignee_id=OMAR).course.take_back_at is None


def test_given_to_somebody_else_the_time_begins_anew() -> None:
    story = given_to_omar().do("assigned", at(16, 11), actor_id=LENA, assignee_id=9)
    assert (story.course.untouched_by, story.course.take_back_at) == (9, at(16, 13))


def test_once_taken_back_it_is_nobodys_to_touch() -> None:
    story = given_to_omar().do("assigned", at(16, 12, 5))
    assert (story.course.untouched_by, story.course.take_back_at) == (None, None)


def test_while_the_request_waits_nothing_is_taken_back() -> None:
    story = given_to_omar().do("approval_asked", at(16, 11), actor_id=LENA, before_work=True)
    assert story.course.take_back_at is None
    story.do("approval_decided", TUESDAY_9)
    assert story.course.take_back_at == at(17, 11)


def test_hours_that_change_leave_the_untouched_time_before_them_as_it_was() -> None:
    """Half an hour of the two has passed by the old hours; the rest goes by the new ones."""
    afternoons = WorkCalendar("UTC", {day: [("13:00", "17:00")] for day in range(5)})
    changed = make_terms(takes_back=True, calendar=afternoons, version=2)
    story = given_to_omar().do("calendar_changed", at(16, 10, 30), promise=changed)
    assert story.course.take_back_at == at(16, 14, 30)
    later = make_terms(takes_back=True, version=3)
    story.do("calendar_changed", at(16, 13, 15), promise=later)
    assert story.course.take_back_at == at(16, 14, 30)
    story.do("noted", at(16, 13, 30), actor_id=OMAR)
    story.do("assigned", at(16, 14), actor_id=LENA, assignee_id=OMAR)
    assert story.course.take_back_at == at(16, 16)


def test_hours_that_change_while_it_waits_count_nothing_for_untouched() -> None:
    story = given_to_omar().do("approval_asked", at(16, 11), actor_id=LENA, before_work=True)
    story.do("calendar_changed", at(16, 15), promise=make_terms(takes_back=True, version=2))
    story.do("approval_decided", TUESDAY_9)
    assert story.course.take_back_at == at(17, 11)


def test_nothing_is_taken_back_where_the_agreement_does_not_say_so() -> None:
    story = Story().do("assigned", MONDAY_10, actor_id=LENA, assignee_id=OMAR)
    assert (story.course.untouched_by, story.course.take_back_at) == (None, None)


def test_a_request_handed_on_is_nobodys_to_touch() -> None:
    story = given_to_omar().hand_on(at(16, 11), FACILITIES)
    assert (story.course.untouched_by, story.course.take_back_at) == (None, None)


def test_what_is_over_is_not_taken_back() -> None:
    story = given_to_omar().answer_of_provider("resolved", at(16, 11))
    assert (story.course.untouched_by, story.course.take_back_at) == (None, None)
