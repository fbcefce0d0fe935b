"""Random histories of one request, played to the simulator and to what is tested at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from calendars.worktime import WorkCalendar
from slas import engine
from slas.engine import Found
from tests.slas.simulator import Desk, Hours, Rules

PRIORITIES = ("P1", "P2", "P3", "P4")


@dataclass(frozen=True)
class Door:
    """One set of hours, in the two ways of writing them."""

    hours: Hours
    calendar: WorkCalendar


def door(zone: str, week: dict[int, list[tuple[str, str]]], closed: tuple[date, ...] = ()) -> Door:
    """Hours as a calendar writes them, and as the simulator reads them."""
    minutes = {day: [_span(opens, closes) for opens, closes in week[day]] for day in week}
    return Door(Hours(zone, minutes, frozenset(closed)), WorkCalendar(zone, week, closed))


def _span(opens: str, closes: str) -> tuple[int, int]:
    start, end = _minute(opens), _minute(closes)
    return start, end if end > start else end + 24 * 60


def _minute(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


_OFFICE = [("09:00", "12:30"), ("13:30", "17:30")]
DOORS = (
    door("Europe/Dublin", {day: list(_OFFICE) for day in range(5)}, (date(2026, 10, 26),)),
    door("Europe/Warsaw", {day: [("08:00", "16:00")] for day in range(5)}),
    door("America/New_York", {day: [("22:00", "06:00")] for day in (4, 5, 6)}),
    door("Asia/Kathmandu", {day: [("10:00", "17:15")] for day in range(6)}),
    door("Australia/Lord_Howe", {day: [("00:00", "24:00")] for day in range(7)}),
)
STARTS = tuple(
    datetime(year, month, day, hour, minute, tzinfo=UTC)
    for year, month, day, hour, minute in (
        (2026, 11, 16, 9, 0),
        (2026, 11, 20, 16, 50),
        (2026, 10, 23, 15, 0),
        (2026, 10, 25, 0, 45),
        (2026, 3, 27, 16, 30),
        (2026, 3, 29, 0, 15),
        (2026, 4, 4, 14, 0),
        (2026, 10, 31, 23, 30),
    )
)

waits = st.one_of(
    st.sampled_from([0, 1, 2, 29, 30, 31, 60, 61, 120, 240, 480, 960, 1440, 2880]),
    st.integers(0, 2000),
)
doors = st.sampled_from(DOORS)
either = st.booleans()
budgets = st.sampled_from([4, 8, 32, 60, 120, 240, 480, 960, 1440, 2400])
acts = st.sampled_from([str(act) for act in engine.Act])
percents = st.sampled_from([40, 75, 100, 101, 125, 150, 250])
steps = st.lists(st.tuples(percents, acts), max_size=3, unique=True).map(sorted)
perhaps = st.none() | st.fixed_dictionaries(dict.fromkeys(PRIORITIES, budgets))
warnings = st.sampled_from([[], [50], [75], [50, 75], [1, 99], [33, 66, 90]])


@st.composite
def rules_of_an_agreement(draw: st.DrawFn) -> tuple[Rules, WorkCalendar]:
    """An agreement for the simulator, with its calendar for the engine."""
    where = draw(doors)
    first, last = (
        {priority: draw(budgets) for priority in PRIORITIES},
        {priority: draw(budgets) for priority in PRIORITIES},
    )
    warn = {priority: draw(warnings) for priority in PRIORITIES}
    reply, update = draw(perhaps), draw(perhaps)
    escalation = {priority: draw(steps) for priority in PRIORITIES}
    third_party, takes_back = draw(either), draw(either)
    rules = Rules(
        where.hours, first, last, warn, third_party, reply, update, escalation, takes_back
    )
    return rules, where.calendar


def targets_of(rules: Rules) -> dict[tuple[str, str], timedelta]:
    """The same targets as the engine knows them."""
    tables = {
        "first_response": rules.first_response,
        "next_reply": rules.next_reply,
        "update": rules.update,
        "resolution": rules.resolution,
    }
    return {
        (metric, priority): timedelta(minutes=minutes)
        for metric, table in tables.items()
        for priority, minutes in (table or {}).items()
    }


def escalation_of(rules: Rules) -> dict[str, tuple[engine.Escalation, ...]]:
    """The same steps as the engine knows them."""
    return {
        priority: tuple(engine.Escalation(percent, engine.Act(act)) for percent, act in some)
        for priority, some in rules.steps.items()
    }


@dataclass
class Party:
    """An agreement on both sides of the comparison."""

    rules: Rules
    terms: engine.Terms


class Play(RuleBasedStateMachine):
    """Deeds that the lifecycle allows, in any order, at any time.

    What is tested is told of each by `told`, of time by `waited`, and says by `clocks` and
    `told_warnings` what it made of it.
    """

    clients = 3
    """Departments are numbered from 0; the client is one of them."""

    # What is tested

    def open_case(self, at: datetime, parties: list[Party], priority: str, client: int) -> None:
        raise NotImplementedError

    def told(self, kind: str, at: datetime, **given: Any) -> None:
        raise NotImplementedError

    def waited(self, now: datetime) -> None:
        raise NotImplementedError

    def clocks(self, now: datetime) -> list[engine.Clock]:
        raise NotImplementedError

    def told_findings(self, kind: Found) -> list[tuple[tuple[str, int, int], int, datetime]]:
        """Clock, percent and moment of each warning, or of each step of escalation."""
        raise NotImplementedError

    def wanted(self) -> str:
        """The priority that a step has asked for, if it is not yet given."""
        raise NotImplementedError

    def party(self, number: int, version: int, given: tuple[Rules, WorkCalendar]) -> Party:
        rules, calendar = given
        return Party(
            rules,
            engine.Terms(
                agreement_version_id=number * 1000 + version,
                calendar_version_id=number * 1000 + version,
                provider_id=number,
                calendar=calendar,
                targets=targets_of(rules),
                thresholds={priority: tuple(warn) for priority, warn in rules.warn.items()},
                pauses_for_third_party=rules.third_party,
                escalation=escalation_of(rules),
                takes_back=rules.takes_back,
            ),
        )

    # The play

    @initialize(
        start=st.sampled_from(STARTS),
        given=st.tuples(*[rules_of_an_agreement()] * 3),
        priority=st.sampled_from(PRIORITIES),
        client=st.integers(0, 2),
    )
    def submit(
        self,
        start: datetime,
        given: tuple[tuple[Rules, WorkCalendar], ...],
        priority: str,
        client: int,
    ) -> None:
        self.at = start
        self.parties = [self.party(number, 0, one) for number, one in enumerate(given)]
        self.version = 0
        self.promiser = 0
        self.desk = Desk(start, priority, self.parties[0].rules, client, holder=0)
        self.before_work = True
        self.open_case(start, self.parties, priority, client)

    def _deed(self, wait: int, kind: str, simulate: Callable[[], None], **given: Any) -> None:
        self._wait(wait)
        simulate()
        self.told(kind, self.at, **given)

    def _wait(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)
        self.desk.pass_until(self.at)

    @property
    def doing(self) -> str:
        return self.desk.doing

    @property
    def ending(self) -> str:
        return getattr(self, "_ending", "")

    def _is_open(self) -> bool:
        return self.doing != "over"

    def _works(self) -> bool:
        return self.doing == "work"

    @rule(wait=waits)
    def nobody_does_anything(self, wait: int) -> None:
        self._wait(wait)
        self.waited(self.at)

    @rule(wait=waits)
    @precondition(lambda self: self._is_open() or self.ending == "resolved")
    def reply(self, wait: int) -> None:
        self._deed(wait, "replied", self.desk.provider_answers, answers=True)

    @rule(wait=waits)
    @precondition(lambda self: self.doing != "requester" and self.ending != "final")
    def write(self, wait: int) -> None:
        self._deed(wait, "replied", self.desk.requester_writes, asks=True)

    @rule(wait=waits)
    @precondition(_is_open)
    def note(self, wait: int) -> None:
        self._deed(wait, "noted", lambda: None)

    @rule(wait=waits)
    @precondition(_works)
    def ask(self, wait: int) -> None:
        def both() -> None:
            self.desk.provider_answers()
            self.desk.ask_requester()

        self._deed(wait, "asked", both, answers=True)

    @rule(wait=waits)
    @precondition(_works)
    def hold(self, wait: int) -> None:
        def both() -> None:
            self.desk.provider_answers()
            self.desk.wait_outside()

        self._deed(wait, "held", both, answers=True)

    @rule(wait=waits)
    @precondition(lambda self: self.doing == "requester")
    def answer(self, wait: int) -> None:
        def both() -> None:
            self.desk.requester_writes()
            self.desk.go_on()

        self._deed(wait, "answered", both, asks=True)

    @rule(wait=waits, word=st.booleans())
    @precondition(lambda self: self.doing in ("requester", "outside"))
    def resume(self, wait: int, word: bool) -> None:
        def both() -> None:
            if word:
                self.desk.provider_answers()
            self.desk.go_on()

        self._deed(wait, "resumed", both, answers=word)

    @rule(wait=waits, before=st.booleans())
    @precondition(_works)
    def ask_approval(self, wait: int, before: bool) -> None:
        before = self.may_be_before_work(before)
        self._deed(
            wait,
            "approval_asked",
            lambda: self.desk.ask_approval(before_work=before),
            before_work=before,
        )

    def may_be_before_work(self, wished: bool) -> bool:
        """Whether nobody has begun; where the story does not decide it, as wished."""
        return wished

    @rule(wait=waits)
    @precondition(lambda self: self.doing.startswith("approval"))
    def decide(self, wait: int) -> None:
        self._deed(wait, "approval_decided", self.desk.go_on)

    @rule(wait=waits)
    @precondition(lambda self: self.doing in ("work", "requester", "outside"))
    def resolve(self, wait: int) -> None:
        self._ending = "resolved"
        self._deed(wait, "resolved", self.desk.resolve, answers=True)

    @rule(wait=waits)
    @precondition(lambda self: self.doing == "over" and self.ending == "resolved")
    def reopen(self, wait: int) -> None:
        self._deed(wait, "reopened", self.desk.reopen, asks=True)

    @rule(wait=waits)
    @precondition(lambda self: self.doing == "over" and self.ending == "resolved")
    def reopen_by_provider(self, wait: int) -> None:
        self._deed(wait, "reopened", lambda: self.desk.reopen(by_provider=True), answers=True)

    @rule(wait=waits)
    @precondition(_is_open)
    def cancel(self, wait: int) -> None:
        self._ending = "final"
        self._deed(wait, "cancelled", self.desk.cancel)

    @rule(wait=waits)
    @precondition(_is_open)
    def decline(self, wait: int) -> None:
        self._ending = "final"
        self._deed(wait, "declined", self.desk.decline, answers=True)

    @rule(wait=waits, priority=st.sampled_from(PRIORITIES))
    @precondition(_is_open)
    def prioritise(self, wait: int, priority: str) -> None:
        if priority != self.desk.priority:
            self._deed(
                wait, "prioritised", lambda: self.desk.prioritise(priority), priority=priority
            )

    @rule()
    @precondition(lambda self: bool(self.desk.wanted))
    def raise_priority(self) -> None:
        wanted = self.desk.wanted
        self._deed(0, "raised", lambda: self.desk.prioritise(wanted), priority=wanted)

    @rule(wait=waits, step=st.sampled_from([1, 2]), wrong=st.booleans())
    @precondition(_is_open)
    def hand_on(self, wait: int, step: int, wrong: bool) -> None:
        to = (self.desk.holder + step) % 3
        receiver = self.parties[to]
        self._deed(
            wait,
            "transferred",
            lambda: self.desk.hand_on(to, receiver.rules, wrong_department=wrong),
            provider_id=to,
            wrong_department=wrong,
            holding=receiver.terms,
        )

    @invariant()
    def both_say_the_same(self) -> None:
        if not hasattr(self, "desk"):
            return
        clocks = {clock.key: clock for clock in self.clocks(self.at)}
        watches = {watch.name: watch for watch in self.desk.watches}
        assert clocks.keys() == watches.keys()
        for name, watch in watches.items():
            clock = clocks[name]
            said = {
                "running": clock.state is engine.State.RUNNING,
                "over": str(clock.state) if not clock.is_open else "",
                "over at": clock.stopped_at or clock.voided_at,
                "used": clock.used_at(self.at) if clock.is_open else clock.used,
                "budget": clock.budget,
                "priority": str(clock.priority),
                "late since": clock.breached_at,
                "late by change": clock.cause is not None,
                "told": clock.warned,
                "in figures": engine.counts(clock, self.desk.client),
                "owner": clock.department_id,
            }
            seen = {
                "running": watch.running and not watch.over,
                "over": watch.over,
                "over at": watch.over_at,
                "used": timedelta(minutes=watch.used),
                "budget": timedelta(minutes=watch.budget),
                "priority": watch.priority,
                "late since": watch.late_since,
                "late by change": watch.late_by_change,
                "told": watch.told,
                "in figures": watch.owner != self.desk.client,
                "owner": watch.owner,
            }
            if watch.over == "void":
                del said["owner"], seen["owner"], said["in figures"], seen["in figures"]
            assert said == seen, name
        for kind, seen_told in (
            (Found.WARNED, self.desk.warnings),
            (Found.ESCALATED, self.desk.steps),
        ):
            told = [(name, percent, _up(when)) for name, percent, when in self.told_findings(kind)]
            assert sorted(told) == sorted(seen_told), kind
        assert self.wanted() == self.desk.wanted


def _up(at: datetime) -> datetime:
    """The whole minute at which the simulator, who looks once a minute, sees it."""
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + timedelta(minutes=1)
