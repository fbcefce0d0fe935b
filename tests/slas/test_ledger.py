"""The ledger of a promise: each line follows from the one before, and the last is the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars.worktime import WorkCalendar
from slas import engine
from slas.engine import Act, Deed, Escalation, Metric
from slas.ledger import Entry, Ledger, What, ledgers
from slas.ledger.lines import AT_HAND, Line
from tests.slas.stories import FACILITIES, FINANCE, IT, make_terms
from tests.times import (
    FRIDAY_9,
    MONDAY_9,
    MONDAY_10,
    MONDAY_NOON,
    THURSDAY_9,
    TUESDAY_9,
    WEDNESDAY_9,
    hours,
    minutes,
)

W = What


class Told:
    """Deeds of one request, each with the number of its event."""

    def __init__(self, at: datetime = MONDAY_9, **given: Any) -> None:
        self.entries: list[Entry] = []
        start: dict[str, Any] = {
            "priority": "P3", "client_id": FINANCE, "provider_id": IT, "promise": make_terms(),
        }  # fmt: skip
        self.do("submitted", at, **(start | given))

    def do(self, kind: str, at: datetime, **given: Any) -> Told:
        self.entries.append(Entry(Deed(kind=kind, at=at, **given), len(self.entries) + 1))
        return self

    def ledger(self, now: datetime, metric: str = Metric.RESOLUTION, cycle: int = 1) -> Ledger:
        found = ledgers(self.entries, now)
        return next(one for one in found if one.metric == metric and one.cycle == cycle)


def _brief(ledger: Ledger) -> list[tuple[What, datetime, timedelta]]:
    return [(line.what, line.at, line.used) for line in ledger.lines]


def test_a_promise_that_was_kept_reads_from_start_to_stop() -> None:
    told = Told().do("replied", MONDAY_10, answers=True).do("resolved", TUESDAY_9, answers=True)
    assert _brief(told.ledger(WEDNESDAY_9)) == [
        (W.STARTED, MONDAY_9, hours(0)),
        (W.MET, TUESDAY_9, hours(8)),
    ]
    assert _brief(told.ledger(WEDNESDAY_9, Metric.FIRST_RESPONSE)) == [
        (W.STARTED, MONDAY_9, hours(0)),
        (W.MET, MONDAY_10, hours(1)),
    ]


def test_what_moves_no_clock_writes_no_line() -> None:
    told = Told()
    for n in range(100):
        told.do("noted", MONDAY_10 + minutes(n)).do("replied", MONDAY_10 + minutes(n))
    assert [line.what for line in told.ledger(MONDAY_NOON).lines] == [W.STARTED, W.NOW, W.DUE]


def test_a_question_pauses_and_its_answer_goes_on_with_what_is_left() -> None:
    told = Told().do("asked", MONDAY_NOON).do("answered", WEDNESDAY_9)
    ledger = told.ledger(WEDNESDAY_9 + hours(1))
    assert _brief(ledger) == [
        (W.STARTED, MONDAY_9, hours(0)),
        (W.PAUSED, MONDAY_NOON, hours(3)),
        (W.RESUMED, WEDNESDAY_9, hours(3)),
        (W.NOW, WEDNESDAY_9 + hours(1), hours(4)),
        (W.DUE, FRIDAY_9 + hours(5), hours(24)),
    ]
    assert ledger.pauses() == [(MONDAY_NOON, WEDNESDAY_9, "waiting_client")]
    assert [line.left for line in ledger.lines] == [hours(n) for n in (24, 21, 21, 20, 0)]
    assert ledger.lines[1].due_at is None


def test_each_line_names_the_deed_that_wrote_it_and_time_writes_its_own() -> None:
    told = Told().do("asked", MONDAY_NOON).do("answered", WEDNESDAY_9)
    lines = told.ledger(FRIDAY_9 + hours(7)).lines
    assert [(line.what, line.event_id) for line in lines] == [
        (W.STARTED, 1),
        (W.PAUSED, 2),
        (W.RESUMED, 3),
        (W.WARNED, None),
        (W.BREACHED, None),
        (W.NOW, None),
    ]
    warned, breached, now = lines[3:]
    assert (warned.threshold, warned.used) == (75, hours(18))
    assert breached.at == FRIDAY_9 + hours(5)
    assert (breached.used, breached.late_by) == (hours(24), hours(0))
    assert now.late_by == hours(2)


def test_a_new_target_says_what_it_was_before() -> None:
    told = Told().do("prioritised", TUESDAY_9, priority="P2")
    line = told.ledger(TUESDAY_9).lines[1]
    assert line.what is W.RETARGETED
    assert line.before is not None
    assert (line.before.budget, line.budget) == (hours(24), hours(8))
    # all of the new budget was used on Monday: due at this very moment, and not late yet
    assert (line.used, line.left, line.is_late) == (hours(8), hours(0), False)


def test_a_new_target_that_is_past_due_already_is_late_by_that_deed() -> None:
    told = Told().do("prioritised", WEDNESDAY_9, priority="P1")
    _start, target, breach, _now = told.ledger(WEDNESDAY_9).lines
    assert (target.what, target.event_id) == (W.RETARGETED, 2)
    assert (breach.what, breach.event_id, breach.at) == (W.BREACHED, 2, WEDNESDAY_9)
    assert breach.clock.cause is engine.Cause.RETARGETED


def test_a_request_that_needs_approval_first_begins_and_stands_still() -> None:
    told = Told().do("approval_asked", MONDAY_9, before_work=True)
    told.do("approval_decided", TUESDAY_9)
    for metric in (Metric.FIRST_RESPONSE, Metric.RESOLUTION):
        assert [line.what for line in told.ledger(TUESDAY_9, metric).lines[:3]] == [
            W.STARTED,
            W.PAUSED,
            W.RESUMED,
        ]


def test_a_request_handed_on_tells_who_answers_for_it_now() -> None:
    told = Told().do(
        "transferred", TUESDAY_9, provider_id=FACILITIES, holding=make_terms(FACILITIES)
    )
    line = told.ledger(TUESDAY_9).lines[1]
    assert line.what is W.HANDED_ON
    assert line.before is not None
    assert (line.before.department_id, line.clock.department_id) == (IT, FACILITIES)
    holding = told.ledger(TUESDAY_9, Metric.HOLDING)
    assert (holding.lines[0].what, holding.lines[0].at) == (W.STARTED, TUESDAY_9)


def test_reopening_begins_a_ledger_of_its_own() -> None:
    told = Told().do("resolved", TUESDAY_9, answers=True).do("reopened", THURSDAY_9)
    again = told.ledger(THURSDAY_9, cycle=2)
    assert (again.lines[0].what, again.lines[0].budget) == (W.STARTED, hours(16))
    assert told.ledger(THURSDAY_9).lines[-1].what is W.MET


def test_what_is_cancelled_ends_without_a_verdict() -> None:
    told = Told().do("cancelled", TUESDAY_9)
    assert told.ledger(WEDNESDAY_9).lines[-1].what is W.VOIDED


def test_a_late_stop_is_an_end_and_no_kept_promise() -> None:
    told = Told().do("resolved", FRIDAY_9, answers=True)
    assert [line.what for line in told.ledger(FRIDAY_9).lines] == [
        W.STARTED,
        W.WARNED,
        W.BREACHED,
        W.ENDED,
    ]


NEWS = make_terms(targets={("update", "P3"): hours(16), ("next_reply", "P3"): hours(4)})


def test_each_message_is_answered_in_a_ledger_of_its_own() -> None:
    told = Told(promise=NEWS).do("replied", MONDAY_10, answers=True)
    told.do("replied", MONDAY_NOON, asks=True).do("replied", TUESDAY_9, answers=True)
    found = [one for one in ledgers(told.entries, TUESDAY_9) if one.metric in engine.TALK]
    assert [(one.metric, one.sequence, one.lines[0].event_id) for one in found] == [
        ("update", 1, 2),
        ("next_reply", 1, 3),
        ("update", 2, 4),
    ]
    assert [one.lines[-1].what for one in found[:2]] == [W.MET, W.ENDED]


def test_a_long_conversation_is_replayed_as_a_short_one() -> None:
    told, at = Told(promise=NEWS), MONDAY_9
    for n in range(60):
        at = MONDAY_9 + minutes(n)
        told.do("replied", at, answers=bool(n % 2), asks=not n % 2)
    told.do(
        "transferred", at, provider_id=FACILITIES, wrong_department=True,
        holding=make_terms(FACILITIES),
    )  # fmt: skip
    course = None
    for entry in told.entries:
        course, _found = engine.apply(course, entry.deed)
    assert course is not None
    books = ledgers(told.entries, at)
    assert len(books) > 60 > AT_HAND
    assert [one.clock for one in books] == list(course.clocks)
    assert all(one.clock.department_id == FACILITIES for one in books)


def test_steps_of_escalation_stand_in_the_ledger_with_what_they_do() -> None:
    told = Told(promise=replace(make_terms(), escalation=STEPS))
    lines = told.ledger(FRIDAY_9 + hours(24)).lines
    assert [(line.threshold, line.acts) for line in lines if line.what is W.ESCALATED] == [
        (50, ("tell_assignee",)),
        (100, ("tell_lead",)),
        (150, ("tell_manager",)),
    ]


# -- Any history ---------------------------------------------------------------------------------

OFFICE = WorkCalendar(
    "Asia/Kathmandu", {day: [("09:00", "12:30"), ("13:30", "17:30")] for day in range(5)}
)
NIGHTS = WorkCalendar("Europe/Dublin", {day: [("22:00", "06:00")] for day in range(6)})
KINDS = (
    "replied", "noted", "asked", "held", "answered", "resumed", "approval_asked",
    "approval_decided", "resolved", "reopened", "cancelled", "prioritised", "transferred", "moved",
    "calendar_changed",
)  # fmt: skip
deeds = st.lists(
    st.tuples(
        st.integers(0, 3000),
        st.sampled_from(KINDS),
        st.sampled_from(("P1", "P2", "P3", "P4")),
        st.booleans(),
    ),
    max_size=12,
)


STEPS = {
    priority: (
        Escalation(50, Act.TELL_ASSIGNEE),
        Escalation(100, Act.TELL_LEAD),
        Escalation(150, Act.TELL_MANAGER),
    )
    for priority in ("P1", "P3")
}


def _history(steps: list[tuple[int, str, str, bool]], calendar: WorkCalendar) -> list[Entry]:
    terms = make_terms(
        calendar=calendar, pauses_for_third_party=True, targets={("update", "P3"): hours(16)}
    )
    told = Told(promise=replace(terms, escalation=STEPS))
    at, holder = MONDAY_9, IT
    for n, (wait, drawn, priority, yes) in enumerate(steps, start=2):
        at += minutes(wait)
        kind = "transferred" if drawn == "moved" else drawn
        speaks = kind not in ("noted", "answered", "cancelled")
        more: dict[str, Any] = {"answers": yes and speaks, "asks": not yes and speaks}
        if kind == "prioritised":
            more = {"priority": priority}
        elif kind == "approval_asked":
            more = {"before_work": yes}
        elif drawn == "moved":
            more = {"provider_id": holder, "service_id": n}
        elif kind == "transferred":
            holder = FACILITIES if holder == IT else IT
            more = {
                "provider_id": holder, "wrong_department": yes,
                "holding": make_terms(holder, calendar=NIGHTS),
            }  # fmt: skip
        elif kind == "calendar_changed":
            more = {"promise": make_terms(calendar=NIGHTS if yes else calendar, version=n)}
        told.do(kind, at, **more)
    return told.entries


@given(steps=deeds, wait=st.integers(0, 5000), calendar=st.sampled_from([OFFICE, NIGHTS]))
def test_every_line_follows_from_the_one_before_and_the_last_is_the_clock(
    steps: list[tuple[int, str, str, bool]], wait: int, calendar: WorkCalendar
) -> None:
    entries = _history(steps, calendar)
    now = entries[-1].deed.at + minutes(wait)
    course, found = None, []
    for entry in entries:
        course, some = engine.apply(course, entry.deed)
        found += some
    assert course is not None
    course, some = engine.settle(course, now)
    found += some
    books = ledgers(entries, now)
    assert [one.clock for one in books] == list(course.clocks)
    for ledger in books:
        _agrees(ledger, ledger.clock, now)
        findings = [one.at for one in found if _key(one) == ledger.key]
        told = [
            line.at for line in ledger.lines if line.what in (W.WARNED, W.BREACHED, W.ESCALATED)
        ]
        assert sorted(told) == sorted(findings)


def _key(finding: engine.Finding) -> tuple[str, int, int]:
    return finding.metric, finding.cycle, finding.sequence


def _agrees(ledger: Ledger, clock: engine.Clock, now: datetime) -> None:
    lines = ledger.past()
    assert lines[0].what is W.STARTED
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    for before, after in pairwise(lines):
        assert after.used == before.used + _counted(before, after.at)
    last = lines[-1]
    assert last.used == (clock.used_at(now) if clock.is_open else clock.used)
    assert (last.budget, last.due_at, last.runs) == (
        clock.budget,
        clock.due_at,
        clock.state is engine.State.RUNNING,
    )
    assert last.is_late == (clock.breached_at is not None)
    ends = {W.MET, W.ENDED, W.VOIDED}
    assert clock.is_open != any(line.what in ends for line in lines)


def _counted(line: Line, until: datetime) -> timedelta:
    """What runs between a line and the next, by the line alone."""
    return line.clock.terms.calendar.elapsed(line.at, until) if line.runs else timedelta(0)


@pytest.mark.parametrize("metric", [Metric.FIRST_RESPONSE, Metric.RESOLUTION])
def test_what_fell_due_stands_in_the_ledger_before_any_sweep(metric: Metric) -> None:
    lines = Told().ledger(FRIDAY_9, metric).lines
    assert [line.what for line in lines][-2:] == [W.BREACHED, W.NOW]
