"""The engine against the simulator: random histories must come out the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from calendars.worktime import WorkCalendar
from slas import engine
from slas.engine import Found
from tests.slas import test_seeded_faults as faults
from tests.slas.playing import Party, Play, rules_of_an_agreement, waits
from tests.slas.simulator import Rules

ASSIGNEE, SOMEBODY_ELSE = 7, 8
UNTOUCHED_BY = (
    "cancel", "decline", "resolve", "hand_on", "other_service", "change_hours", "prioritise",
    "look_at_it", "reply", "write", "ask_approval",
)  # fmt: skip
"""What ends a request, gives it to others or touches it."""


class EnginePlay(Play):
    """The engine alone; beside it one that hears of deeds only, and of no time in between."""

    def open_case(self, at: datetime, parties: list[Party], priority: str, client: int) -> None:
        self.course: engine.Course | None = None
        self.unswept: engine.Course | None = None
        self.findings: list[engine.Finding] = []
        self.told(
            "submitted", at, priority=priority, client_id=client, provider_id=0,
            promise=parties[0].terms,
        )  # fmt: skip

    def told(self, kind: str, at: datetime, **given: Any) -> None:
        if given.get("wrong_department"):
            given["month_began"] = at.replace(day=1, hour=0, minute=0)
        if kind == "raised":  # by the desk itself
            kind = "prioritised"
        deed = engine.Deed(kind=kind, at=at, **given)
        self.course, found = engine.apply(self.course, deed)
        self.unswept, _ = engine.apply(self.unswept, deed)
        self.findings += found

    def waited(self, now: datetime) -> None:
        assert self.course is not None
        self.course, found = engine.settle(self.course, now)
        self.findings += found
        assert engine.settle(self.course, now) == (self.course, [])

    def clocks(self, now: datetime) -> list[engine.Clock]:
        self.waited(now)
        assert self.course is not None
        assert self.unswept is not None
        assert engine.settle(self.unswept, now)[0] == self.course
        return list(self.course.clocks)

    def told_findings(self, kind: Found) -> list[tuple[tuple[str, int, int], int, datetime]]:
        return [
            ((str(one.metric), one.cycle, one.sequence), one.threshold or 0, one.at)
            for one in self.findings
            if one.kind is kind
        ]

    def wanted(self) -> str:
        assert self.course is not None
        return self.course.raise_to

    # What the database's play cannot do so freely

    @rule(wait=waits, by_assignee=st.booleans())
    @precondition(lambda self: self._is_open())
    def give(self, wait: int, by_assignee: bool) -> None:
        self._deed(
            wait, "assigned", lambda: self.desk.give(to_oneself=by_assignee),
            assignee_id=ASSIGNEE, actor_id=ASSIGNEE if by_assignee else SOMEBODY_ELSE,
        )  # fmt: skip

    @rule(wait=waits, by_assignee=st.booleans())
    @precondition(lambda self: self._is_open())
    def look_at_it(self, wait: int, by_assignee: bool) -> None:
        self._deed(
            wait, "noted", self.desk.touch if by_assignee else lambda: None,
            actor_id=ASSIGNEE if by_assignee else SOMEBODY_ELSE,
        )  # fmt: skip

    @rule()
    @precondition(lambda self: self.desk.should_go_back)
    def goes_back(self) -> None:
        self._deed(0, "released", self.desk.touch)

    @invariant()
    def both_say_whether_it_should_go_back(self) -> None:
        if hasattr(self, "desk"):
            assert self.course is not None
            back_at = self.course.take_back_at
            assert (back_at is not None and back_at <= self.at) == self.desk.should_go_back

    @rule(wait=waits, given=rules_of_an_agreement())
    @precondition(lambda self: self._is_open() and self.desk.holder == 0)
    def other_service(self, wait: int, given: tuple[Rules, WorkCalendar]) -> None:
        self.version += 1
        self.parties[0] = self.party(0, self.version, given)
        party = self.parties[0]
        self._deed(
            wait, "transferred", lambda: self.desk.other_service(party.rules),
            provider_id=0, promise=party.terms,
        )  # fmt: skip

    @rule(wait=waits, of=st.tuples(rules_of_an_agreement(), rules_of_an_agreement()))
    @precondition(lambda self: self._is_open())
    def change_hours(self, wait: int, of: tuple[tuple[Rules, WorkCalendar], ...]) -> None:
        self.version += 1
        mine, theirs = (self.party(number, self.version, one) for number, one in enumerate(of))
        assert self.course is not None
        has_receiver = self.course.holding is not None
        self._deed(
            wait, "calendar_changed",
            lambda: self.desk.change_hours(mine.rules, theirs.rules if has_receiver else None),
            promise=mine.terms, holding=theirs.terms if has_receiver else None,
        )  # fmt: skip


def test_the_engine_says_what_the_simulator_says() -> None:
    run_state_machine_as_test(EnginePlay)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("retargeted", faults.pause_forgotten_at_a_new_target),
        ("running", faults.late_by_a_new_target_unnoticed),
        ("settled", faults.threshold_forgotten),
        ("_stands_still", faults.third_party_always_pauses),
        ("_handed_on", faults.transfer_begins_anew),
        ("_waits_for_a_reply", faults.next_reply_restarted_by_a_second_message),
        ("_answered", faults.update_not_started_by_a_reply),
        ("_told", faults.step_not_remembered),
        ("_after_the_breach", faults.steps_after_the_breach_forgotten),
        ("_to_be_raised", faults.raised_by_each_clock),
        ("_moved", faults.untouched_while_it_waited),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_the_simulator_catches_a_fault(
    name: str, fault: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine.Clock if hasattr(engine.Clock, name) else engine, name, fault)
    # Each of these is caught with most seeds, and soon with this one; the one that is seldom met,
    # where little else is done.
    left_out = UNTOUCHED_BY if fault is faults.untouched_while_it_waited else ()
    again = seed(1)(type("Again", (EnginePlay,), dict.fromkeys(left_out)))
    once = settings(max_examples=500, phases=[Phase.generate])
    with pytest.raises(AssertionError):
        run_state_machine_as_test(again, settings=once)
