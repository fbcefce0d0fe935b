"""Clocks minute by minute, from the words of the contract, sharing no code with the engine.

Nothing here computes a due time or measures an interval: every minute is looked at, and each clock
that runs while the department works is a minute older. It is slow, and so plain that one can read
it beside the contract. All deeds fall on whole minutes, all budgets are whole minutes and can be
divided by four.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


@dataclass(eq=False)
class Hours:
    """Opening hours as written on the door; intervals in minutes after midnight."""

    zone: str
    week: dict[int, list[tuple[int, int]]]
    """Weekday to (opens, closes); closing may lie past 24:00."""
    closed: frozenset[date] = frozenset()
    _seen: dict[datetime, bool] = field(default_factory=dict, repr=False)

    def are_open(self, at: datetime) -> bool:
        """Whether the local reading of the minute that begins now lies inside an interval."""
        if at not in self._seen:
            self._seen[at] = self._look(at.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None))
        return self._seen[at]

    def _look(self, reading: datetime) -> bool:
        minute = reading.hour * 60 + reading.minute
        today, yesterday = reading.date(), reading.date() - timedelta(days=1)
        return self._opened_on(today, minute) or self._opened_on(yesterday, minute + 24 * 60)

    def _opened_on(self, day: date, minute: int) -> bool:
        if day in self.closed:
            return False
        return any(opens <= minute < closes for opens, closes in self.week.get(day.weekday(), []))


@dataclass(eq=False)
class Rules:
    """What an agreement says, in minutes."""

    hours: Hours
    first_response: dict[str, int]
    resolution: dict[str, int]
    warn: dict[str, list[int]]
    third_party: bool
    next_reply: dict[str, int] | None = None
    update: dict[str, int] | None = None
    steps: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    """Priority to percents of the budget and what is done then."""
    takes_back: bool = False
    """What was given to somebody who does not touch it goes back to the queue."""

    def __post_init__(self) -> None:
        self._percents = {
            priority: sorted({percent for percent, _ in steps})
            for priority, steps in self.steps.items()
        }

    def minutes(self, metric: str, priority: str) -> int | None:
        """The promise; a holding clock has that of a resolution, and a next reply that of a first
        response where it has none of its own. Updates may not be promised at all."""
        table: dict[str, int] | None = self.resolution
        if metric == "first_response":
            table = self.first_response
        elif metric == "next_reply":
            table = self.next_reply or self.first_response
        elif metric == "update":
            table = self.update
        return None if table is None else table[priority]

    def percents(self, priority: str) -> list[int]:
        """When steps of escalation are taken."""
        return self._percents.get(priority, [])

    def raises(self, priority: str, percent: int) -> bool:
        """Whether the priority is to be raised then."""
        return (percent, "raise_priority") in self.steps.get(priority, [])


@dataclass(eq=False)
class Watch:
    """One clock."""

    name: tuple[str, int, int]
    rules: Rules
    priority: str
    budget: int
    owner: int
    used: int = 0
    running: bool = True
    over: str = ""
    """How it ended: "stopped" or "void"."""
    over_at: datetime | None = None
    full_at: datetime | None = None
    """When the budget was used up to the last minute: its due time."""
    late_since: datetime | None = None
    late_by_change: bool = False
    told: int = 0
    stepped: int = 0
    """The last percent at which something was done about it."""

    @property
    def judged(self) -> bool:
        return self.late_since is not None or bool(self.over)


@dataclass
class Desk:
    """One request and its clocks."""

    now: datetime
    priority: str
    rules: Rules
    client: int
    holder: int
    doing: str = "work"
    """work, requester, outside, approval first, approval, over"""
    receiver_rules: Rules | None = None
    watches: list[Watch] = field(default_factory=list)
    warnings: list[tuple[tuple[str, int, int], int, datetime]] = field(default_factory=list)
    steps: list[tuple[tuple[str, int, int], int, datetime]] = field(default_factory=list)
    wanted: str = ""
    """The priority that was asked for by a step, and is not yet given."""
    minutes_here: list[datetime] = field(default_factory=list)
    """Every minute since the request came to its holder."""
    verdicts_of_holder: list[Watch] = field(default_factory=list)
    """Judged while the holder answered for it."""
    lies_untouched: int | None = None
    """Working minutes since it was given to somebody who has done nothing on it, or since it went
    on; None where that does not matter."""

    def __post_init__(self) -> None:
        for metric in ("first_response", "resolution"):
            self._start(metric, 1, 1, self.rules)

    # Time

    def pass_until(self, then: datetime) -> None:
        """Live through every minute; only deeds let a clock run or stand."""
        running = [watch for watch in self.watches if watch.running and not watch.over]
        while self.now < then:
            for watch in running:
                if watch.rules.hours.are_open(self.now):
                    watch.used += 1
            self.minutes_here.append(self.now)
            if self.lies_untouched is not None and self.doing == "work":
                self.lies_untouched += self._held_under.hours.are_open(self.now)
            self.now += MINUTE
            self._look()

    def _look(self) -> None:
        """What is to be seen on the clocks just now, before anyone does anything."""
        for watch in self.watches:
            if watch.over or not watch.running:
                continue
            if watch.late_since is None:
                self._warn(watch)
                self._take_steps(watch, 1, 99)
                if watch.full_at is not None and watch.full_at < self.now:
                    self._judge_late(watch, watch.full_at)
                elif watch.full_at is None and watch.used == watch.budget:
                    watch.full_at = self.now
            if watch.late_since is not None:
                self._take_steps(watch, 101, 1000)

    def _take_steps(self, watch: Watch, least: int, most: int) -> None:
        for percent in watch.rules.percents(watch.priority):
            used_enough = watch.used * 100 >= watch.budget * percent
            if max(least, watch.stepped + 1) <= percent <= most and used_enough:
                self._take_step(watch, percent, self.now)

    def _take_step(self, watch: Watch, percent: int, when: datetime) -> None:
        watch.stepped = percent
        self.steps.append((watch.name, percent, when))
        if watch.rules.raises(watch.priority, percent) and self.doing != "over":
            higher = "P" + str(max(1, int(watch.priority[1]) - 1))
            if higher < (self.wanted or self.priority):
                self.wanted = higher

    def _warn(self, watch: Watch) -> None:
        for percent in watch.rules.warn[watch.priority]:
            if percent > watch.told and watch.used * 100 >= watch.budget * percent:
                watch.told = percent
                self.warnings.append((watch.name, percent, self.now))

    def _judge_late(self, watch: Watch, since: datetime, *, by_change: bool = False) -> None:
        watch.late_since = since
        watch.late_by_change = by_change
        for percent in watch.rules.percents(watch.priority):
            if watch.stepped < percent <= 100:
                self._take_step(watch, percent, since)
        self.verdicts_of_holder.append(watch)

    @property
    def _held_under(self) -> Rules:
        return self.receiver_rules or self.rules

    @property
    def should_go_back(self) -> bool:
        """Nobody touched it for half of the time for a first response."""
        if self.lies_untouched is None or not self._held_under.takes_back or self.doing != "work":
            return False
        return self.lies_untouched * 2 >= self._held_under.first_response[self.priority]

    # Deeds

    def give(self, *, to_oneself: bool) -> None:
        self.lies_untouched = 0 if self._held_under.takes_back and not to_oneself else None

    def touch(self) -> None:
        self.lies_untouched = None

    def provider_answers(self) -> None:
        self._stop("first_response")
        self._stop("next_reply")
        self._stop("update")
        if self.doing != "over":
            self._start_next("update")

    def requester_writes(self) -> None:
        open_now = {watch.name[0] for watch in self.watches if not watch.over}
        if self.doing != "over" and not {"first_response", "next_reply"} & open_now:
            self._start_next("next_reply")

    def ask_requester(self) -> None:
        self._now_doing("requester")

    def wait_outside(self) -> None:
        self._now_doing("outside")

    def ask_approval(self, *, before_work: bool) -> None:
        self._now_doing("approval first" if before_work else "approval")

    def go_on(self) -> None:
        self._now_doing("work")

    def resolve(self) -> None:
        for metric in ("first_response", "next_reply", "update", "resolution", "holding"):
            self._stop(metric)
        self._now_doing("over")

    def decline(self) -> None:
        self.resolve()

    def cancel(self) -> None:
        for watch in self.watches:
            if not watch.over:
                watch.over, watch.over_at = "void", self.now
        self._now_doing("over")

    def reopen(self, *, by_provider: bool = False) -> None:
        earlier = [watch for watch in self.watches if watch.name[0] == "resolution"]
        self.doing = "work"
        if by_provider:
            self.provider_answers()
        else:
            self.requester_writes()
        self._start("resolution", len(earlier) + 1, 1, self.rules)
        self._now_doing("work")

    def prioritise(self, priority: str) -> None:
        self.priority, self.wanted = priority, ""
        self._new_target()

    def other_service(self, rules: Rules) -> None:
        """Another service of the department that promised it."""
        self.touch()
        self.rules = rules
        self._new_target()

    def change_hours(self, rules: Rules, receiver_rules: Rules | None) -> None:
        self.rules = rules
        self.receiver_rules = receiver_rules if self.receiver_rules is not None else None
        self._new_target()

    def hand_on(self, to: int, rules: Rules, *, wrong_department: bool) -> None:
        self.touch()
        hours = self._held_under.hours
        worked = sum(hours.are_open(minute) for minute in self.minutes_here)
        misdirected = wrong_department and worked <= 60
        self._stop("holding")
        if misdirected:
            for watch in self.verdicts_of_holder:
                if watch.name[0] != "holding" and self._is_of_this_month(watch):
                    watch.owner = to
            self.verdicts_of_holder = [
                watch for watch in self.verdicts_of_holder if watch.name[0] != "holding"
            ]
        else:
            self.verdicts_of_holder = []
        for watch in self.watches:
            if not watch.judged and watch.name[0] != "holding":
                watch.owner = to
        self.holder, self.minutes_here, self.receiver_rules = to, [], rules
        arrivals = [watch for watch in self.watches if watch.name[0] == "holding"]
        self._start("holding", 1, len(arrivals) + 1, rules)
        self._now_doing(self.doing)

    # What deeds are made of

    def _is_of_this_month(self, watch: Watch) -> bool:
        """Judged in the month that it is now, where it is reported: in UTC."""
        judged = watch.late_since or watch.over_at
        assert judged is not None
        return (judged.year, judged.month) == (self.now.year, self.now.month)

    def _start(self, metric: str, cycle: int, sequence: int, rules: Rules) -> None:
        budget = self._budget(metric, cycle, rules)
        if budget is None:
            return
        name = metric, cycle, sequence
        self.watches.append(Watch(name, rules, self.priority, budget, self.holder))

    def _start_next(self, metric: str) -> None:
        earlier = [watch for watch in self.watches if watch.name[0] == metric]
        self._start(metric, 1, len(earlier) + 1, self.rules)
        self._now_doing(self.doing)

    def _budget(self, metric: str, cycle: int, rules: Rules) -> int | None:
        promised = rules.minutes(metric, self.priority)
        if promised is None or cycle == 1:
            return promised
        used = sum(
            watch.used
            for watch in self.watches
            if watch.name[0] == metric and watch.name[1] < cycle
        )
        return max(promised - used, promised // 4)

    def _stop(self, metric: str) -> None:
        for watch in self.watches:
            if watch.name[0] != metric or watch.over:
                continue
            if watch.late_since is None and not watch.running and watch.used > watch.budget:
                self._judge_late(watch, self.now, by_change=True)
            elif watch.late_since is None:
                self.verdicts_of_holder.append(watch)
            watch.over, watch.over_at = "stopped", self.now

    def _now_doing(self, doing: str) -> None:
        if self.lies_untouched is not None and doing == "work" != self.doing:
            self.lies_untouched = 0
        self.doing = doing
        if doing == "over":
            self.wanted = ""
            self.touch()
        for watch in self.watches:
            if watch.over:
                continue
            was_running = watch.running
            watch.running = not self._stands_still(watch)
            if was_running and not watch.running:
                watch.full_at = None
            if watch.running and not was_running:
                self._goes_on(watch)
        self._look()

    def _stands_still(self, watch: Watch) -> bool:
        if watch.name[0] == "first_response":
            return self.doing == "approval first"
        if self.doing == "outside":
            return watch.rules.third_party
        return self.doing in ("requester", "approval", "approval first")

    def _goes_on(self, watch: Watch) -> None:
        if watch.late_since is None and watch.used > watch.budget:
            self._judge_late(watch, self.now, by_change=True)

    def _new_target(self) -> None:
        for watch in self.watches:
            if watch.judged:
                continue
            metric, cycle, _ = watch.name
            rules = self.receiver_rules if metric == "holding" else self.rules
            assert rules is not None
            if rules is watch.rules and watch.priority == self.priority:
                continue
            budget = self._budget(metric, cycle, rules)
            if budget is None:
                watch.over, watch.over_at = "void", self.now
                continue
            watch.rules, watch.priority, watch.budget = rules, self.priority, budget
            passed = [
                percent
                for percent in rules.warn[self.priority]
                if watch.used * 100 >= watch.budget * percent
            ]
            watch.told = min(watch.told, max(passed, default=0))
            stepped = [
                percent
                for percent in rules.percents(self.priority)
                if percent < 100 and watch.used * 100 >= watch.budget * percent
            ]
            watch.stepped = min(watch.stepped, max(stepped, default=0))
            watch.full_at = None
            if watch.running:
                self._goes_on(watch)
        self._now_doing(self.doing)
