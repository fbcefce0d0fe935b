"""The arithmetic of promises: deeds in, clocks and findings out. Pure Python, no Django.

`apply` takes what is known of one request and its next deed, and returns what is known after it.
`settle` does the same for time alone. The follower, the sweep and the replay all call these two;
nothing else computes a clock.

Every value here is immutable. Instants are aware datetimes; lengths are business time on the
clock's own calendar, exact to the microsecond.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from calendars.worktime import WorkCalendar
from requests_app.lifecycle import Category
from requests_app.priority import Priority

NOTHING = timedelta(0)
_MICROSECOND = timedelta(microseconds=1)

LEAST_SHARE_OF_A_NEW_CYCLE = 4
"""A reopened request gets at least one part in so many of its budget."""

WRONG_DEPARTMENT_WITHIN = timedelta(hours=1)
"""Working time in which a request may be handed on as not ours, without having been ours."""


class Metric(StrEnum):
    """What is promised."""

    FIRST_RESPONSE = "first_response"
    NEXT_REPLY = "next_reply"
    UPDATE = "update"
    RESOLUTION = "resolution"
    HOLDING = "holding"


class State(StrEnum):
    """Whether a clock runs."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    VOID = "void"


PROMISES = (Metric.FIRST_RESPONSE, Metric.NEXT_REPLY, Metric.UPDATE, Metric.RESOLUTION)
"""What is promised to the requester; holding is between departments."""

AT_ONCE = (Metric.FIRST_RESPONSE, Metric.RESOLUTION)
"""What is promised as soon as a request is there."""

TALK = (Metric.NEXT_REPLY, Metric.UPDATE)
"""What is promised again with each message."""

BREACH = 100
"""Percent of the budget: a step of escalation at this one is taken with the breach."""

OPEN = (State.RUNNING, State.PAUSED)


class Cause(StrEnum):
    """Why a clock was breached, where it was not time alone."""

    RETARGETED = "retargeted"


class Act(StrEnum):
    """What a step of escalation does."""

    TELL_ASSIGNEE = "tell_assignee"
    TELL_LEAD = "tell_lead"
    """The leads of the department that answers for the clock."""
    TELL_MANAGER = "tell_manager"
    """Whoever manages that department."""
    RAISE_PRIORITY = "raise_priority"
    """By one, unless it is as high as that already."""


@dataclass(frozen=True, slots=True, order=True)
class Escalation:
    """One step: what is done when so much of the budget is used."""

    percent: int
    """Of the budget, in business time: 100 is the breach, 150 half the budget after it."""
    act: Act


class Found(StrEnum):
    """What time brings about."""

    WARNED = "warned"
    BREACHED = "breached"
    ESCALATED = "escalated"


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of an agreement with one of its calendar: all that a clock asks of them."""

    agreement_version_id: int
    calendar_version_id: int
    provider_id: int
    calendar: WorkCalendar
    targets: Mapping[tuple[str, str], timedelta]
    """(metric, priority) to business time."""
    thresholds: Mapping[str, tuple[int, ...]]
    """Priority to percents of the budget at which to warn, ascending, each within 1 to 99."""
    pauses_for_third_party: bool = False
    escalation: Mapping[str, tuple[Escalation, ...]] = field(default_factory=dict)
    """Priority to steps, ascending."""
    replies_like_first: bool = True
    """A next reply is promised like a first response, where nothing else is said."""
    takes_back: bool = False
    """What was assigned and not touched for half of the response budget goes back to the queue."""

    @property
    def key(self) -> tuple[int, int]:
        """Which versions these are."""
        return self.agreement_version_id, self.calendar_version_id

    def budget(self, metric: str, priority: str) -> timedelta | None:
        """What is promised; where nothing else is said, holding like a resolution, and a next
        reply like a first response."""
        found = self.targets.get((metric, priority))
        if found is None and metric == Metric.HOLDING:
            return self.targets.get((Metric.RESOLUTION, priority))
        if found is None and metric == Metric.NEXT_REPLY and self.replies_like_first:
            return self.targets.get((Metric.FIRST_RESPONSE, priority))
        return found


@dataclass(frozen=True, slots=True)
class Clock:
    """The state of one promise on one request."""

    metric: str
    cycle: int
    sequence: int
    terms: Terms
    priority: str
    budget: timedelta
    started_at: datetime
    department_id: int
    """Who answers for it: who holds the request, until it is decided."""
    service_id: int = 0
    """What was asked for, as it stood when it was decided."""
    spent_before: timedelta = NOTHING
    """Used by the earlier cycles of the same promise."""
    used: timedelta = NOTHING
    """Used in this cycle up to `running_since`, or in all where it does not run."""
    state: State = State.RUNNING
    running_since: datetime | None = None
    paused_since: datetime | None = None
    due_at: datetime | None = None
    """None while it stands still, unless it is late already."""
    warned: int = 0
    """The highest threshold of the present target that was told, in percent."""
    escalated: int = 0
    """The highest step of escalation that was taken, in percent, beside those of the breach."""
    breached_at: datetime | None = None
    cause: Cause | None = None
    stopped_at: datetime | None = None
    voided_at: datetime | None = None

    @property
    def key(self) -> tuple[str, int, int]:
        """What makes it one of its kind on its request."""
        return self.metric, self.cycle, self.sequence

    @property
    def is_open(self) -> bool:
        """Not yet stopped; it may be late all the same."""
        return self.state in OPEN

    @property
    def is_pending(self) -> bool:
        """Not yet decided: neither stopped nor late."""
        return self.is_open and self.breached_at is None

    @property
    def decided_at(self) -> datetime | None:
        """The earlier of its stop and its due time; None while pending, or if it ended void."""
        return self.breached_at or self.stopped_at

    def used_at(self, at: datetime) -> timedelta:
        """Business time used up to `at`, which lies after the last deed."""
        if self.running_since is None:
            return self.used
        return self.used + self.terms.calendar.elapsed(self.running_since, at)

    @property
    def next_check_at(self) -> datetime | None:
        """The next instant at which something is to happen: a warning, the breach, a step."""
        if self.state is not State.RUNNING:
            return None
        ahead = self._percents_ahead()
        if ahead:
            return self._reaches(ahead[0])
        return self.due_at if self.breached_at is None else None

    # What time does

    def settled(self, now: datetime) -> tuple[Clock, list[Finding]]:
        """Record what fell due up to `now`: warnings and steps of escalation when their share of
        the budget is used, the breach when its due time has passed."""
        if self.state is not State.RUNNING or self.due_at is None:
            return self, []
        if self.breached_at is not None:
            return self._after_the_breach(now)
        clock, findings = self, list[Finding]()
        for percent in self._percents_ahead():
            reached = self._reaches(percent)
            if reached > now:
                return clock, findings
            clock, found = clock._told(percent, reached)
            findings += found
        if self.due_at < now:
            clock, found = clock._late(self.due_at)
            findings += found
            clock, found = clock._after_the_breach(now)
            findings += found
        return clock, findings

    def _after_the_breach(self, now: datetime) -> tuple[Clock, list[Finding]]:
        clock, findings = self, list[Finding]()
        for percent in self._percents_ahead():
            reached = self._reaches(percent)
            if reached > now:
                break
            clock, found = clock._told(percent, reached)
            findings += found
        return clock, findings

    def _percents_ahead(self) -> list[int]:
        """At which percents something is still to be told: before the breach, or after it."""
        steps = self._steps()
        if self.breached_at is not None:
            least = max(self.escalated, BREACH)
            return sorted({one.percent for one in steps if one.percent > least}) if steps else []
        ahead = [one for one in self.terms.thresholds[self.priority] if one > self.warned]
        early = [one.percent for one in steps if self.escalated < one.percent < BREACH]
        return sorted({*ahead, *early}) if early else ahead

    def _steps(self) -> tuple[Escalation, ...]:
        return self.terms.escalation.get(self.priority, ())

    def _told(self, percent: int, at: datetime) -> tuple[Clock, list[Finding]]:
        """Of one percent: the warning, and the step of escalation."""
        clock, findings = self, list[Finding]()
        if self.breached_at is None and percent in self.terms.thresholds[self.priority]:
            clock = replace(clock, warned=max(percent, self.warned))
            if percent > self.warned:
                findings.append(Finding(Found.WARNED, at, *self.key, threshold=percent))
        step = self._step(percent, at) if percent > self.escalated else None
        if step is not None:
            clock = replace(clock, escalated=percent)
            findings.append(step)
        return clock, findings

    def _step(self, percent: int, at: datetime) -> Finding | None:
        acts = tuple(one.act for one in self._steps() if one.percent == percent)
        if not acts:
            return None
        return Finding(Found.ESCALATED, at, *self.key, threshold=percent, acts=acts)

    def _late(self, at: datetime, cause: Cause | None = None) -> tuple[Clock, list[Finding]]:
        """The breach, with the steps that belong to it and those that were skipped before it."""
        clock = replace(self, due_at=at, breached_at=at, cause=cause)
        findings = [Finding(Found.BREACHED, at, *self.key, cause=cause)]
        for percent in sorted({one.percent for one in self._steps()}):
            step = self._step(percent, at) if self.escalated < percent <= BREACH else None
            if step is not None:
                findings.append(step)
        return clock, findings

    def _reaches(self, percent: int) -> datetime:
        assert self.running_since is not None
        ahead = max(NOTHING, _share(self.budget, percent) - self.used)
        return self.terms.calendar.due(self.running_since, ahead)

    # What deeds do

    def paused(self, at: datetime) -> Clock:
        """Stand still: bank what was used. A late clock keeps its due time."""
        return replace(
            self,
            state=State.PAUSED,
            used=self.used_at(at),
            running_since=None,
            paused_since=at,
            due_at=None if self.breached_at is None else self.due_at,
        )

    def running(self, at: datetime) -> tuple[Clock, list[Finding]]:
        """Go on with what is left. More used than promised can only come of a new target."""
        clock = replace(self, state=State.RUNNING, running_since=at, paused_since=None)
        if self.breached_at is not None:
            return clock, []
        if self.used > self.budget:
            return clock._breached_by_new_target(at)
        return replace(clock, due_at=self.terms.calendar.due(at, self.budget - self.used)), []

    def stopped(self, at: datetime) -> tuple[Clock, list[Finding]]:
        """End it: met, unless it is late."""
        clock = replace(
            self,
            state=State.STOPPED,
            used=self.used_at(at),
            running_since=None,
            paused_since=None,
            stopped_at=at,
        )
        if clock.breached_at is None and clock.used > clock.budget and self.state is State.PAUSED:
            return clock._breached_by_new_target(at)
        return clock, []

    def voided(self, at: datetime) -> Clock:
        """End it without a verdict, but a breach stays."""
        return replace(
            self,
            state=State.VOID,
            used=self.used_at(at),
            running_since=None,
            paused_since=None,
            voided_at=at,
        )

    def retargeted(self, terms: Terms, priority: str, at: datetime) -> tuple[Clock, list[Finding]]:
        """A new target: same start, new budget, time used and pauses kept. Decided clocks stay."""
        if not self.is_pending or (terms.key == self.terms.key and priority == self.priority):
            return self, []
        full = terms.budget(self.metric, priority)
        if full is None:
            return self.voided(at), []
        clock = replace(
            self,
            terms=terms,
            priority=priority,
            budget=full if self.cycle == 1 else _of_later_cycle(full, self.spent_before),
            used=self.used_at(at),
        )
        clock = replace(
            clock,
            warned=min(clock.warned, clock._reached(terms.thresholds[priority])),
            escalated=min(clock.escalated, clock._reached([s.percent for s in clock._steps()])),
        )
        return clock.running(at) if clock.state is State.RUNNING else (clock, [])

    def _reached(self, percents: Iterable[int]) -> int:
        """The highest of these percents that the time used has reached, before the breach."""
        reached = [
            one for one in percents if one < BREACH and self.used >= _share(self.budget, one)
        ]
        return max(reached, default=0)

    def _breached_by_new_target(self, at: datetime) -> tuple[Clock, list[Finding]]:
        return self._late(at, Cause.RETARGETED)


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact of time about one clock."""

    kind: Found
    at: datetime
    metric: str
    cycle: int
    sequence: int
    threshold: int | None = None
    """In percent, of a warning or a step of escalation."""
    cause: Cause | None = None
    acts: tuple[Act, ...] = ()
    """What a step of escalation does."""

    @property
    def clock(self) -> tuple[str, int, int]:
        """The key of the clock that it is about."""
        return self.metric, self.cycle, self.sequence


@dataclass(frozen=True, slots=True)
class Deed:
    """What a clock needs to know of an event; findings of time are none."""

    kind: str
    at: datetime
    answers: bool = False
    """A public message by someone of the provider who is not the requester."""
    asks: bool = False
    """A public message by the requester, or by someone on the requester's side."""
    actor_id: int | None = None
    """Whoever did it; None: the desk itself."""
    assignee_id: int | None = None
    """Of `taken`, `assigned`, `released`: who has it now."""
    priority: str | None = None
    """Of `submitted` and `prioritised`."""
    client_id: int | None = None
    """Of `submitted`."""
    provider_id: int | None = None
    """Of `submitted` and `transferred`: who has it now."""
    service_id: int | None = None
    """Of `submitted` and `transferred`: what is asked for now."""
    wrong_department: bool = False
    month_began: datetime | None = None
    """Of a request handed on as not ours: verdicts before this are of months that are over."""
    before_work: bool = False
    """Of `approval_asked`: nobody had begun to work on it."""
    promise: Terms | None = None
    """Versions that the requester's promises follow from here on, where the deed names some."""
    holding: Terms | None = None
    """Versions that the receiving department's own clock follows from here on."""


@dataclass(frozen=True, slots=True)
class Course:
    """What is known of one request: where it stands, who holds it, on which terms, its clocks."""

    client_id: int
    priority: str
    promise: Terms
    holder_id: int
    arrived_at: datetime
    """When the request came to its holder."""
    accountable_since: datetime
    """From when on the holder answers for it: earlier than its arrival, if it was misdirected."""
    service_id: int = 0
    holding: Terms | None = None
    stands: Category = Category.OPEN
    before_work: bool = False
    """While an approval is awaited: nobody had begun to work on it."""
    untouched_by: int | None = None
    """To whom it was given, while they have done nothing on it; kept where terms ask for it."""
    untouched_since: datetime | None = None
    untouched_for: timedelta = NOTHING
    """Business time before that without a touch, by hours that have changed since."""
    raise_to: str = ""
    """The priority that a step of escalation asks for and that is not yet given."""
    clocks: tuple[Clock, ...] = ()

    def clock(self, metric: str) -> Clock | None:
        """The latest clock of a metric."""
        return next((clock for clock in reversed(self.clocks) if clock.metric == metric), None)

    @property
    def held_under(self) -> Terms:
        """The terms of whoever holds it now."""
        return self.holding or self.promise

    @property
    def take_back_at(self) -> datetime | None:
        """When it goes back to the queue, untouched for half of the response budget."""
        terms = self.held_under
        if self.untouched_since is None or self.stands != Category.OPEN or not terms.takes_back:
            return None
        budget = terms.budget(Metric.FIRST_RESPONSE, self.priority)
        if budget is None:
            return None
        left = max(NOTHING, budget / 2 - self.untouched_for)
        return terms.calendar.due(self.untouched_since, left)

    @property
    def due_at(self) -> datetime | None:
        """The nearest due time among the promises still open; a late one keeps its own."""
        return min((c.due_at for c in self._open_promises() if c.due_at is not None), default=None)

    @property
    def has_open_promise(self) -> bool:
        """Something is still to be kept."""
        return any(True for _ in self._open_promises())

    @property
    def ever_breached(self) -> bool:
        """A promise to the requester was not kept, whatever came later."""
        return any(c.breached_at is not None for c in self.clocks if c.metric in PROMISES)

    def _open_promises(self) -> list[Clock]:
        return [clock for clock in self.clocks if clock.is_open and clock.metric in PROMISES]


Step = Callable[[Course, Deed], tuple[Course, list[Finding]]]


def apply(course: Course | None, deed: Deed) -> tuple[Course | None, list[Finding]]:
    """What is known after the deed, and what was found on the way.

    What fell due before the deed is found first, with its own time. A course begins with
    `submitted`; a deed before that changes nothing.
    """
    if course is None:
        if deed.kind != "submitted":
            return None, []
        begun = _submitted(deed)
        return settle(begun, deed.at)
    course, findings = settle(course, deed.at)
    stood = course.stands
    if deed.actor_id is not None and deed.actor_id == course.untouched_by:
        course = _touched(course)
    step = STEPS.get(deed.kind)
    if step is not None:
        course, found = step(course, deed)
        findings += found
    course = _moved(course, stood, deed.at)
    course, found = _stand_still_or_go_on(course, deed.at)
    findings += found
    course, found = settle(course, deed.at)
    return course, findings + found


def settle(course: Course, now: datetime) -> tuple[Course, list[Finding]]:
    """What is known at `now`, if nobody did anything: thresholds reached, due times passed."""
    return _each(course, lambda clock: clock.settled(now))


def matters(course: Course | None, kind: str) -> bool:
    """Whether a deed of this kind may change what is known."""
    if course is None:
        return kind == "submitted"
    return (kind in STEPS and kind not in GIVING) or course.held_under.takes_back


def counts(clock: Clock, client_id: int) -> bool:
    """Whether it is part of the figures: what a department does for itself is not."""
    return clock.department_id != client_id


# Deeds


def _submitted(deed: Deed) -> Course:
    assert deed.priority is not None
    assert deed.client_id is not None
    assert deed.provider_id is not None
    assert deed.promise is not None
    course = Course(
        client_id=deed.client_id,
        priority=deed.priority,
        promise=deed.promise,
        holder_id=deed.provider_id,
        arrived_at=deed.at,
        accountable_since=deed.at,
        service_id=deed.service_id or 0,
    )
    for metric in AT_ONCE:
        course = _started(course, metric, deed.promise, deed.at)
    return course


def _said(course: Course, deed: Deed) -> tuple[Course, list[Finding]]:
    """What a message does: one of the provider answers all before it, one of the requester waits
    for an answer."""
    if deed.answers:
        return _answered(course, deed)
    if deed.asks:
        return _waits_for_a_reply(course, deed.at), []
    return course, []


def _answered(course: Course, deed: Deed) -> tuple[Course, list[Finding]]:
    """It ends the first response, the next reply and the last news, and promises the next news."""
    course, found = _stop(course, deed.at, Metric.FIRST_RESPONSE, *TALK)
    if _is_over(course):
        return course, found
    return _started_next(course, Metric.UPDATE, deed.at), found


def _waits_for_a_reply(course: Course, at: datetime) -> Course:
    """The oldest message counts: one that waits already goes on waiting. Before the first response,
    and where nothing is to be done any more, none is promised."""
    first, last = course.clock(Metric.FIRST_RESPONSE), course.clock(Metric.NEXT_REPLY)
    if _is_over(course) or (first and first.is_open) or (last and last.is_open):
        return course
    return _started_next(course, Metric.NEXT_REPLY, at)


def _is_over(course: Course) -> bool:
    return course.stands in (Category.DONE, Category.FINAL)


def _asked(course: Course, deed: Deed) -> tuple[Course, list[Finding]]:
    course, found = _said(course, deed)
    return replace(course, stands=Category.WAITING_CLIENT), found


def _held(course: Course, deed: Deed) -> tuple[Course, list[Finding]]:
    course, found = _said(course, deed)
    return replace(course, stands=Category.WAITING_EXTERNAL), found


def _goes_on(course: Course, deed: Deed) -> tuple[Course, list[Finding]]:
    course, found = _said(course, deed)
    return replace(course, stands=Category.OPEN), found


def _approval_asked(course: Course, deed: Deed) -> tuple[Course, list[Finding]]:
    return replace(course, stands=Category.APPROVAL, before_work=deed.before_work), []


def _approval_decided(course: Course, deed: Deed) -> tuple[Course, list[Finding]]:
    return replace(course, stands=Category.OPEN, before_work=False), []


def _resolved(course: Course, deed: Deed) -> tuple[Course, list[Finding]]:
    course, found = _stop(course, deed.at, Metric.RESOLUTION, Metric.HOLDING, *TALK)
    course = replace(course, stands=Category.DONE)
    course, answered = _said(course, deed)
    return course, found + answered


def _reopened(course: Course, deed: Deed) -> tuple[Course, list[Finding]]:
    """A new cycle of the resolution, with what was left of its budget, at least a quarter."""
    course, found = _said(replace(course, stands=Category.OPEN), deed)
    last = course.clock(Metric.RESOLUTION)
    if last is None or last.is_open:
        return course, found
    return (
        _started(
            course,
            Metric.RESOLUTION,
            course.promise,
            deed.at,
            cycle=last.cycle + 1,
            spent_before=last.spent_before + last.used,
        ),
        found,
    )


def _closed(course: Course, deed: Deed) -> tuple[Course, list[Finding]]:
    return replace(course, stands=Category.FINAL), []


def _cancelled(course: Course, deed: Deed) -> tuple[Course, list[Finding]]:
    course, _ = _each(course, lambda c: (c.voided(deed.at) if c.is_open else c, []))
    return replace(course, stands=Category.FINAL), []


def _declined(course: Course, deed: Deed) -> tuple[Course, list[Finding]]:
    course, found = _stop(course, deed.at, *Metric)
    return replace(course, stands=Category.FINAL), found


def _prioritised(course: Course, deed: Deed) -> tuple[Course, list[Finding]]:
    assert deed.priority is not None
    return _retarget(replace(course, priority=deed.priority, raise_to=""), deed)


def _given(course: Course, deed: Deed) -> tuple[Course, list[Finding]]:
    """To somebody who did not take it: they are to touch it, where the terms say so."""
    to = deed.assignee_id
    if not course.held_under.takes_back or to is None or to == deed.actor_id:
        return _touched(course), []
    return replace(_touched(course), untouched_by=to, untouched_since=deed.at), []


def _transferred(course: Course, deed: Deed) -> tuple[Course, list[Finding]]:
    assert deed.provider_id is not None
    course = _touched(course)
    if deed.provider_id == course.holder_id:
        return _retarget(_of_other_service(course, deed), deed)
    course, found = _stop(course, deed.at, Metric.HOLDING)
    course = _handed_on(course, deed)
    assert deed.holding is not None
    last = course.clock(Metric.HOLDING)
    sequence = 1 if last is None else last.sequence + 1
    course = replace(course, holding=deed.holding)
    return _started(course, Metric.HOLDING, deed.holding, deed.at, sequence=sequence), found


# What deeds are made of


def _started(
    course: Course,
    metric: Metric,
    terms: Terms,
    at: datetime,
    *,
    cycle: int = 1,
    sequence: int = 1,
    spent_before: timedelta = NOTHING,
) -> Course:
    full = terms.budget(metric, course.priority)
    if full is None:
        return course
    budget = full if cycle == 1 else _of_later_cycle(full, spent_before)
    clock = Clock(
        metric=metric,
        cycle=cycle,
        sequence=sequence,
        terms=terms,
        priority=course.priority,
        budget=budget,
        started_at=at,
        department_id=course.holder_id,
        service_id=course.service_id,
        spent_before=spent_before,
        running_since=at,
        due_at=terms.calendar.due(at, budget),
    )
    return replace(course, clocks=(*course.clocks, clock))


def _started_next(course: Course, metric: Metric, at: datetime) -> Course:
    """One more of a promise that is made with each message."""
    last = course.clock(metric)
    return _started(
        course, metric, course.promise, at, sequence=1 if last is None else last.sequence + 1
    )


def _touched(course: Course) -> Course:
    if course.untouched_by is None:
        return course
    return replace(course, untouched_by=None, untouched_since=None, untouched_for=NOTHING)


def _moved(course: Course, stood: Category, at: datetime) -> Course:
    """What is over is neither taken back nor raised; what goes on is untouched from now on."""
    if course.stands == stood:
        return course
    if _is_over(course):
        return replace(_touched(course), raise_to="")
    if course.untouched_by is not None and course.stands == Category.OPEN:
        return replace(course, untouched_since=at, untouched_for=NOTHING)
    return course


def _untouched_so_far(course: Course, at: datetime) -> Course:
    """Keep what passed by the present hours: others go on from here."""
    since = course.untouched_since
    if since is None or course.stands != Category.OPEN:
        return course
    passed = course.held_under.calendar.elapsed(since, at)
    return replace(course, untouched_since=at, untouched_for=course.untouched_for + passed)


def _stop(course: Course, at: datetime, *metrics: Metric) -> tuple[Course, list[Finding]]:
    return _each(course, lambda c: c.stopped(at) if c.is_open and c.metric in metrics else (c, []))


def _retarget(course: Course, deed: Deed) -> tuple[Course, list[Finding]]:
    """All clocks still pending go by the present priority and the terms that the deed names."""
    if deed.promise is not None or deed.holding is not None:
        course = _untouched_so_far(course, deed.at)
    course = replace(
        course,
        promise=deed.promise or course.promise,
        holding=deed.holding or course.holding,
    )

    def one(clock: Clock) -> tuple[Clock, list[Finding]]:
        terms = course.holding if clock.metric == Metric.HOLDING else course.promise
        assert terms is not None
        return clock.retargeted(terms, course.priority, deed.at)

    return _each(course, one)


def _of_other_service(course: Course, deed: Deed) -> Course:
    """What is pending is for another service of the same department from now on."""
    service_id = deed.service_id or course.service_id
    clocks = tuple(
        replace(clock, service_id=service_id) if clock.is_pending else clock
        for clock in course.clocks
    )
    return replace(course, service_id=service_id, clocks=clocks)


def _handed_on(course: Course, deed: Deed) -> Course:
    """The receiver answers for what is pending; and for all of it, if it was misdirected.

    But not for verdicts of a month that is over: its figures stand.
    """
    assert deed.provider_id is not None
    service_id = deed.service_id or course.service_id
    receiver, sender, since = deed.provider_id, course.holder_id, course.accountable_since
    worked = course.held_under.calendar.elapsed(course.arrived_at, deed.at)
    misdirected = deed.wrong_department and worked <= WRONG_DEPARTMENT_WITHIN

    def one(clock: Clock) -> Clock:
        if clock.metric == Metric.HOLDING:
            return clock
        decided = clock.decided_at
        theirs = clock.department_id == sender and decided is not None and decided >= since
        stands = decided is not None and deed.month_began is not None and decided < deed.month_began
        if clock.is_pending or (misdirected and theirs and not stands):
            return replace(clock, department_id=receiver, service_id=service_id)
        return clock

    return replace(
        course,
        clocks=tuple(one(clock) for clock in course.clocks),
        holder_id=receiver,
        service_id=service_id,
        arrived_at=deed.at,
        accountable_since=since if misdirected else deed.at,
    )


def _stand_still_or_go_on(course: Course, at: datetime) -> tuple[Course, list[Finding]]:
    def one(clock: Clock) -> tuple[Clock, list[Finding]]:
        if not clock.is_open:
            return clock, []
        still = _stands_still(course, clock)
        if still and clock.state is State.RUNNING:
            return clock.paused(at), []
        if not still and clock.state is State.PAUSED:
            return clock.running(at)
        return clock, []

    return _each(course, one)


def _stands_still(course: Course, clock: Clock) -> bool:
    """Whether a clock waits where the request stands now."""
    if clock.metric == Metric.FIRST_RESPONSE:
        return course.stands == Category.APPROVAL and course.before_work
    if course.stands == Category.WAITING_EXTERNAL:
        return clock.terms.pauses_for_third_party
    return course.stands in (Category.WAITING_CLIENT, Category.APPROVAL)


def _each(
    course: Course, one: Callable[[Clock], tuple[Clock, list[Finding]]]
) -> tuple[Course, list[Finding]]:
    clocks: list[Clock] = []
    findings: list[Finding] = []
    for clock in course.clocks:
        after, found = one(clock)
        clocks.append(after)
        findings += found
    course = replace(course, clocks=tuple(clocks))
    for finding in findings:
        if Act.RAISE_PRIORITY in finding.acts:
            course = _to_be_raised(course, finding)
    return course, findings


def _to_be_raised(course: Course, finding: Finding) -> Course:
    """By one from the priority that was not kept, which for the highest is itself; not where it is
    as high as that already."""
    clock = next(one for one in course.clocks if one.key == finding.clock)
    higher = [one for one in Priority if one < clock.priority]
    wanted = str(max(higher, default=clock.priority))
    if _is_over(course) or wanted >= (course.raise_to or course.priority):
        return course
    return replace(course, raise_to=wanted)


def _of_later_cycle(full: timedelta, spent_before: timedelta) -> timedelta:
    """What earlier cycles left of the budget, at least a quarter of it."""
    return max(full - spent_before, full / LEAST_SHARE_OF_A_NEW_CYCLE)


def _share(budget: timedelta, percent: int) -> timedelta:
    """The least time used that is so many percent of the budget; microseconds round up."""
    return -(-(budget // _MICROSECOND) * percent // 100) * _MICROSECOND


STEPS: Mapping[str, Step] = {
    "taken": _given,
    "assigned": _given,
    "released": _given,
    "replied": _said,
    "asked": _asked,
    "held": _held,
    "answered": _goes_on,
    "resumed": _goes_on,
    "approval_asked": _approval_asked,
    "approval_decided": _approval_decided,
    "resolved": _resolved,
    "reopened": _reopened,
    "closed": _closed,
    "cancelled": _cancelled,
    "declined": _declined,
    "prioritised": _prioritised,
    "transferred": _transferred,
    "calendar_changed": _retarget,
    "agreement_changed": _retarget,
}
"""What each kind of deed does to the clocks; the kinds that are not here do nothing to them."""

GIVING = frozenset({"taken", "assigned", "released"})
"""Kinds that matter only where terms take back what nobody touches."""
