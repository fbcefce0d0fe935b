"""A ledger in words: those of the provider, and plain ones for whoever asked.

Whoever asked reads the promises made to them, and what moved their clocks; not the warnings and
escalations, which are the provider's own, nor who did what on the provider's side of the timeline.
Moments are in the reader's zone; where the provider's clock shows another time, that stands beside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from calendars.worktime import WORKING_DAY
from people.models import User
from requests_app.kinds import KINDS, Audience
from requests_app.lifecycle import Category
from requests_app.models import Event, ServiceRequest
from slas import engine, wording
from slas.engine import Metric
from slas.ledger.lines import Ledger, Line, What
from slas.promises import Face

OWN_TO_THE_PROVIDER = frozenset({What.WARNED, What.ESCALATED})
"""Lines that whoever asked does not read."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, when and where."""

    face: Face
    user_id: int
    zone: ZoneInfo
    now: datetime

    @property
    def is_provider(self) -> bool:
        """Reads the provider's words."""
        return self.face == "provider"


def reader_of(person: User, now: datetime, *, provider: bool) -> Reader:
    """The person as a reader, in the zone that is active for them."""
    zone = timezone.get_current_timezone()
    return Reader(
        "provider" if provider else "requester",
        person.pk,
        zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC"),
        now,
    )


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One line as it is read."""

    number: int
    """From 1; 0 for where it stands now and for what lies ahead."""
    what: What
    title: str
    words: str
    """Why, by whom, and what follows."""
    at: datetime
    moment: str
    moment_there: str
    """The same by the provider's clock, with its place; empty where it shows the same."""
    budget: timedelta
    used: timedelta
    promised: str
    used_words: str
    left_words: str
    due_at: datetime | None
    line: Line

    @property
    def is_ahead(self) -> bool:
        """Not yet true."""
        return self.what is What.DUE


@dataclass(frozen=True, slots=True)
class ToldLedger:
    """The ledger of one clock as it is read."""

    ledger: Ledger
    title: str
    """What was promised, such as "Ready", and which time if there were several."""
    verdict: str
    """How it ended or stands, in a few words."""
    state: str
    """As of a promise chip: on-track, at-risk, late, paused, met, missed, none."""
    summary: str
    """The whole story in a sentence or two."""
    hours: str
    """By whose working hours it is counted."""
    lines: list[ToldLine]

    @property
    def anchor(self) -> str:
        """Where it stands on its page."""
        return anchor_of(self.ledger.key)


def anchor_of(key: tuple[str, int, int]) -> str:
    """Where the ledger of a clock stands on its page, such as "resolution-1-1"."""
    return "-".join(str(one).replace("_", "-") for one in key)


def key_of(anchor: str) -> tuple[str, int, int] | None:
    """The clock that `anchor_of` named so; None for what names none."""
    metric, cycle, sequence = ["", "", "", *anchor.rsplit("-", 2)][-3:]
    if not all(one.isascii() and one.isdigit() and len(one) < 5 for one in (cycle, sequence)):
        return None
    return metric.replace("-", "_"), int(cycle), int(sequence)


def shows(ledger: Ledger, reader: Reader) -> bool:
    """Whether the promise is one to this reader; a department's own time is not."""
    return reader.is_provider or ledger.metric in engine.PROMISES


def metric_words(metric: str, *, mine: bool) -> str:
    """What is promised, in the words of the request page."""
    words: dict[str, str] = {
        Metric.FIRST_RESPONSE: _("First answer"),
        Metric.RESOLUTION: _("Ready"),
        Metric.HOLDING: _("With us") if mine else _("With the department"),
        Metric.NEXT_REPLY: _("Next answer"),
        Metric.UPDATE: _("News"),
    }
    return words.get(metric, metric)


@dataclass(slots=True)
class Teller:
    """Puts ledgers of one request into words for one reader."""

    service_request: ServiceRequest
    reader: Reader
    events: Mapping[int, Event]
    departments: Mapping[int, str]

    def told(self, ledger: Ledger, *, several: bool = False) -> ToldLedger:
        """The ledger in words; `several`: there is more than one clock of its kind."""
        lines: list[ToldLine] = []
        for line in ledger.lines:
            if line.what in OWN_TO_THE_PROVIDER and not self.reader.is_provider:
                continue
            number = 0 if line.what in (What.NOW, What.DUE) else len(lines) + 1
            lines.append(self._line(ledger, line, number))
        return ToldLedger(
            ledger=ledger,
            title=self._title(ledger, several=several),
            verdict=self._verdict(ledger),
            state=_state(ledger),
            summary=self._summary(ledger),
            hours=self._hours(ledger),
            lines=lines,
        )

    # -- The ledger as a whole

    def _title(self, ledger: Ledger, *, several: bool) -> str:
        title = metric_words(ledger.metric, mine=self.reader.is_provider)
        if ledger.metric == Metric.HOLDING:
            name = self._department(ledger.clock.department_id)
            return _("%(title)s: %(department)s") % {"title": title, "department": name}
        if not several:
            return title
        number = max(ledger.cycle, ledger.sequence)
        if ledger.metric == Metric.RESOLUTION:  # opened again, as often as not once
            again = _("Ready again")
            return title if number == 1 else again if number == 2 else f"{again} ({number - 1})"
        return _("%(title)s (%(n)s)") % {"title": title, "n": number}

    def _verdict(self, ledger: Ledger) -> str:
        last, clock = ledger.past()[-1], ledger.clock
        state = _state(ledger)
        if state == "met":
            return _("kept")
        if state == "missed":
            late = last.late_by
            return _("was late by %(time)s") % {"time": _length(late)} if late else _("was late")
        if state == "late":
            return self._left(last)
        if state == "none":
            return _("ended without a verdict")
        if state == "paused":
            return _("stands still, %(time)s left") % {"time": _length(last.left)}
        assert clock.due_at is not None
        return _("due %(moment)s") % {"moment": self.moment(clock.due_at, clock)}

    def _summary(self, ledger: Ledger) -> str:
        """Promised, used, stood still: what the picture shows, and the due time explained."""
        clock, last = ledger.clock, ledger.past()[-1]
        until = ledger.ended_at or ledger.now
        given = {
            "start": self.moment(clock.started_at, clock),
            "used": _length(last.used),
            "budget": wording.budget(clock.budget),
        }
        parts = [_("Promised: %(budget)s. Used since %(start)s: %(used)s.") % given]
        still = clock.terms.calendar.elapsed(clock.started_at, until) - last.used
        if still >= wording.MINUTE:
            parts.append(
                _("It stood still for %(time)s of working time, which does not count.")
                % {"time": wording.duration(still)}
            )
        if ledger.is_open and clock.due_at is not None and clock.breached_at is None:
            parts.append(
                _("What is left, %(left)s, leads to %(due)s.")
                % {"left": _length(last.left), "due": self.moment(clock.due_at, clock)}
            )
        return " ".join(parts)

    def _hours(self, ledger: Ledger) -> str:
        zone = ledger.clock.terms.calendar.zone
        name = self._department(ledger.clock.terms.provider_id)
        given = {"department": name, "place": wording.city(zone)}
        ahead = _offset(zone, self.reader.now) - _offset(self.reader.zone.key, self.reader.now)
        if not ahead:
            return _("Working hours of %(department)s, %(place)s time.") % given
        given["time"] = wording.duration(ahead)
        if ahead > timedelta(0):
            return _(
                "Working hours of %(department)s, %(place)s time: %(time)s ahead of yours."
            ) % given  # fmt: skip
        return _("Working hours of %(department)s, %(place)s time: %(time)s behind yours.") % given

    # -- One line

    def _line(self, ledger: Ledger, line: Line, number: int) -> ToldLine:
        title, words = _TOLD[line.what](self, ledger, line)
        return ToldLine(
            number=number,
            what=line.what,
            title=title,
            words=words,
            at=line.at,
            moment=self.moment(line.at, line.clock, named=False, inside=False),
            moment_there=self._moment_there(line),
            budget=line.budget,
            used=line.used,
            promised=_("of %(budget)s") % {"budget": wording.budget(line.budget)},
            used_words=_length(line.used),
            left_words=self._left(line),
            due_at=line.due_at,
            line=line,
        )

    def _left(self, line: Line) -> str:
        if line.is_late:
            late = line.late_by
            return _("late") if not late else _("late by %(time)s") % {"time": _length(late)}
        if line.what is What.VOIDED:
            return "–"
        return _length(max(line.left, timedelta(0)))

    def _moment_there(self, line: Line) -> str:
        zone = line.clock.terms.calendar.zone
        there = line.at.astimezone(ZoneInfo(zone))
        here = line.at.astimezone(self.reader.zone)
        if there.utcoffset() == here.utcoffset():
            return ""
        given = {"time": f"{there:%H:%M}", "place": wording.city(zone)}
        if there.date() != here.date():
            given["time"] = f"{wording.date_words(there.date(), 'D')} {given['time']}"
        return _("%(time)s in %(place)s") % given

    def moment(
        self, at: datetime, clock: engine.Clock, *, named: bool = True, inside: bool = True
    ) -> str:
        """When, in the reader's zone; with its name where the provider's clock shows otherwise."""
        here = at.astimezone(self.reader.zone)
        said = wording.moment(here, self.reader.now.astimezone(self.reader.zone), inside=inside)
        there = at.astimezone(ZoneInfo(clock.terms.calendar.zone))
        if not named or here.utcoffset() == there.utcoffset():
            return said
        return f"{said} {here.tzname()}"

    # -- Who

    def event(self, line: Line) -> Event | None:
        """What caused the line, if this reader may know of it."""
        event = None if line.event_id is None else self.events.get(line.event_id)
        if event is None or self.reader.is_provider:
            return event
        return event if KINDS[event.kind].audience == Audience.REQUESTER else None

    def who(self, line: Line) -> str:
        """Who did it, as far as this reader may know."""
        event = self.event(line)
        if event is None or event.actor is None:
            return _("the desk")
        return _("you") if event.actor_id == self.reader.user_id else event.actor.name

    def did(self, words: str, line: Line, **given: str) -> str:
        """A sentence that begins with who did it."""
        who = self.who(line)
        said = words % ({"who": who} | given)
        return said[:1].upper() + said[1:]

    def _department(self, pk: int) -> str:
        return self.departments.get(pk) or _("the department")

    def department(self, pk: int) -> str:
        """Its name."""
        return self._department(pk)

    @property
    def asks(self) -> str:
        """Whose answer is waited for."""
        requester = self.service_request.requester
        if requester.pk == self.reader.user_id:
            return _("your answer")
        return _("an answer from %(name)s") % {"name": requester.short_name}

    def due(self, line: Line) -> str:
        """Where it leads: "due today, 16:00"."""
        if line.due_at is None or line.is_late:
            return ""
        return _("Due %(moment)s.") % {"moment": self.moment(line.due_at, line.clock)}


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _length(length: timedelta) -> str:
    """To the minute, so that what was used and what is left add up: "2 days 40 min"."""
    if not length:
        return _("nothing")
    days, rest = divmod(length, WORKING_DAY)
    if not days or rest < wording.MINUTE:
        return wording.duration(length)
    return f"{wording.duration(days * WORKING_DAY)} {wording.duration(rest)}"


def _offset(zone: str, at: datetime) -> timedelta:
    return at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0)


def _state(ledger: Ledger) -> str:
    clock = ledger.clock
    if clock.breached_at is not None:
        return "late" if clock.is_open else "missed"
    if clock.state is engine.State.VOID:
        return "none"
    if clock.state is engine.State.STOPPED:
        return "met"
    if clock.state is engine.State.PAUSED:
        return "paused"
    return "at-risk" if clock.warned else "on-track"


# -- What each line says -------------------------------------------------------------------------

Told = Callable[["Teller", Ledger, Line], tuple[str, str]]


def _started(teller: Teller, ledger: Ledger, line: Line) -> tuple[str, str]:
    return _("Started"), _joined(_why_started(teller, ledger, line), teller.due(line))


def _why_started(teller: Teller, ledger: Ledger, line: Line) -> str:
    given = {"budget": wording.budget(line.budget)}
    match line.kind:
        case "submitted" if ledger.metric == Metric.FIRST_RESPONSE:
            words = _("%(who)s asked for it: a first answer within %(budget)s.")
        case "submitted":
            words = _("%(who)s asked for it: ready within %(budget)s.")
        case "reopened" if ledger.metric == Metric.RESOLUTION:
            words = _(
                "%(who)s opened it again: what was left of the promise, and at least a quarter of"
                " it, is %(budget)s."
            )
        case "transferred":
            words = _("%(who)s handed it on to %(department)s, which has %(budget)s for it.")
            given["department"] = teller.department(line.clock.department_id)
        case _ if ledger.metric == Metric.UPDATE:
            words = _("%(who)s wrote: the next news within %(budget)s.")
        case _:
            words = _("%(who)s wrote: an answer within %(budget)s.")
    return teller.did(words, line, **given)


def _paused(teller: Teller, _ledger: Ledger, line: Line) -> tuple[str, str]:
    match line.stands:
        case Category.WAITING_CLIENT:
            words = _("%(who)s asked; %(answer)s is waited for.")
            why = teller.did(words, line, answer=teller.asks)
        case Category.WAITING_EXTERNAL:
            words = _(
                "%(who)s put it on hold: someone outside is waited for, and by the agreement that"
                " time does not count."
            )
            why = teller.did(words, line)
        case Category.APPROVAL:
            words = _("%(who)s asked for an approval, which is awaited.")
            why = teller.did(words, line)
        case _:
            why = _("That time does not count.")
    return _("Stands still"), why


def _resumed(teller: Teller, _ledger: Ledger, line: Line) -> tuple[str, str]:
    event = teller.event(line)
    by_itself = event is not None and event.actor is None
    match line.kind:
        case "answered" | "replied" | "reopened":
            why = teller.did(_("%(who)s answered."), line)
        case "resumed" if by_itself:
            why = _("The day to look at it again had come.")
        case "resumed":
            why = teller.did(_("%(who)s went on with it."), line)
        case "approval_decided":
            why = teller.did(_("%(who)s decided on the approval."), line)
        case _:
            why = ""
    return _("Goes on"), _joined(why, teller.due(line))


def _retargeted(teller: Teller, _ledger: Ledger, line: Line) -> tuple[str, str]:
    assert line.before is not None
    return _("New target"), _joined(
        _why_retargeted(teller, line),
        _instead(line),
        _due_instead(teller, line),
    )


def _why_retargeted(teller: Teller, line: Line) -> str:
    assert line.before is not None
    match line.kind:
        case "prioritised" if teller.reader.is_provider:
            given = {"before": str(line.before.priority), "after": str(line.clock.priority)}
            words = _("%(who)s changed the priority from %(before)s to %(after)s.")
            return teller.did(words, line, **given)
        case "prioritised":
            return teller.did(_("%(who)s changed how urgent it is."), line)
        case "transferred":
            return teller.did(_("%(who)s moved it to another service."), line)
        case "calendar_changed" if line.before.terms.key[0] == line.clock.terms.key[0]:
            return _("The working hours changed.")
        case _:
            return _("What is promised changed.")


def _instead(line: Line) -> str:
    assert line.before is not None
    if line.before.budget == line.budget:
        return ""
    return _("%(after)s instead of %(before)s; what was used stays used.") % {
        "after": wording.budget(line.budget),
        "before": wording.budget(line.before.budget),
    }


def _due_instead(teller: Teller, line: Line) -> str:
    assert line.before is not None
    before, after = line.before.due_at, line.due_at
    if before is None or after is None or line.is_late:
        return teller.due(line)
    if before == after:
        return _("Still due %(moment)s.") % {"moment": teller.moment(after, line.clock)}
    return _("Due %(after)s instead of %(before)s.") % {
        "after": teller.moment(after, line.clock),
        "before": teller.moment(before, line.before),
    }


def _handed_on(teller: Teller, _ledger: Ledger, line: Line) -> tuple[str, str]:
    assert line.before is not None
    given = {
        "before": teller.department(line.before.department_id),
        "after": teller.department(line.clock.department_id),
    }
    why = teller.did(_("%(who)s handed it from %(before)s to %(after)s."), line, **given)
    if line.clock.decided_at is not None:
        more = _("It had come to the wrong department: the verdict is %(after)s’s.") % given
    elif teller.reader.is_provider:
        more = _("%(after)s answers for it; the time runs on from its start.") % given
    else:
        more = _("The promise stays as it was.")
    return _("Handed on"), _joined(why, more)


def _warned(_teller: Teller, _ledger: Ledger, line: Line) -> tuple[str, str]:
    percent = line.threshold or 0
    return _("Warned"), _("%(percent)s\u00a0%% of the time is used.") % {"percent": percent}


def _escalated(_teller: Teller, _ledger: Ledger, line: Line) -> tuple[str, str]:
    if line.threshold is None:
        return _("Escalated"), ""
    words = _("%(percent)s\u00a0%% of the time was used: %(acts)s.")
    acts = [_ACTS[one]() for one in line.acts if one in _ACTS]
    given = {"percent": line.threshold, "acts": ", ".join(acts) or _("a step of the agreement")}
    return _("Escalated"), words % given


_ACTS: dict[str, Callable[[], str]] = {
    engine.Act.TELL_ASSIGNEE: lambda: _("whoever works on it was told"),
    engine.Act.TELL_LEAD: lambda: _("the leads were told"),
    engine.Act.TELL_MANAGER: lambda: _("the manager was told"),
    engine.Act.RAISE_PRIORITY: lambda: _("the priority is to be raised"),
}


def _breached(_teller: Teller, _ledger: Ledger, line: Line) -> tuple[str, str]:
    if line.clock.cause == engine.Cause.RETARGETED:
        return _("Late"), _("More was used already than is promised now: late from this moment.")
    return _("Fell due"), _("The time was used up: late from this moment.")


def _met(teller: Teller, ledger: Ledger, line: Line) -> tuple[str, str]:
    return _("Kept"), _joined(_ending(teller, ledger, line), _early(line))


def _early(line: Line) -> str:
    if line.clock.due_at is None:
        return _("%(left)s were left.") % {"left": _length(line.left)} if line.left else ""
    early = line.clock.terms.calendar.elapsed(line.at, line.clock.due_at)
    if early < wording.MINUTE:
        return _("Just when it was due.")
    return _("%(time)s before it was due.") % {"time": wording.duration(early)}


def _ended(teller: Teller, ledger: Ledger, line: Line) -> tuple[str, str]:
    late = _("%(time)s after it was due.") % {"time": _length(line.late_by)}
    return _("Ended, late"), _joined(_ending(teller, ledger, line), late)


def _ending(teller: Teller, ledger: Ledger, line: Line) -> str:
    match line.kind:
        case "declined":
            return teller.did(_("%(who)s declined it."), line)
        case "transferred":
            return teller.did(_("%(who)s handed it on."), line)
        case "resolved" if ledger.metric != Metric.FIRST_RESPONSE:
            return teller.did(_("%(who)s resolved it."), line)
        case "closed":
            return teller.did(_("%(who)s closed it."), line)
        case _:
            return teller.did(_("%(who)s answered."), line)


def _voided(teller: Teller, _ledger: Ledger, line: Line) -> tuple[str, str]:
    match line.kind:
        case "cancelled":
            why = teller.did(_("%(who)s cancelled it."), line)
        case "prioritised" | "transferred" | "calendar_changed":
            why = _("Nothing is promised here any more.")
        case _:
            why = ""
    late = _("It stays late.") if line.is_late else _("It is neither kept nor broken.")
    return _("Ended"), _joined(why, late)


def _now(teller: Teller, ledger: Ledger, line: Line) -> tuple[str, str]:
    if line.is_late:
        return _("Now"), _("It is late, and still open.")
    if not line.runs:
        return _("Now"), _standing_words(teller, line)
    if not line.clock.terms.calendar.is_open(line.at):
        opens = line.clock.terms.calendar.next_open(line.at)
        words = _("Outside working hours: it counts on from %(moment)s.")
        return _("Now"), words % {"moment": teller.moment(opens, line.clock)}
    return _("Now"), _("The time runs.")


def _standing_words(teller: Teller, line: Line) -> str:
    match line.stands:
        case Category.WAITING_CLIENT:
            return _("Stands still: %(answer)s is waited for.") % {"answer": teller.asks}
        case Category.WAITING_EXTERNAL:
            return _("Stands still: someone outside is waited for.")
        case Category.APPROVAL:
            return _("Stands still: an approval is awaited.")
        case _:
            return _("Stands still.")


def _due(_teller: Teller, _ledger: Ledger, _line: Line) -> tuple[str, str]:
    return _("Due"), _("If nothing stands still or changes until then.")


_TOLD: dict[What, Told] = {
    What.STARTED: _started,
    What.PAUSED: _paused,
    What.RESUMED: _resumed,
    What.RETARGETED: _retargeted,
    What.HANDED_ON: _handed_on,
    What.WARNED: _warned,
    What.ESCALATED: _escalated,
    What.BREACHED: _breached,
    What.MET: _met,
    What.ENDED: _ended,
    What.VOIDED: _voided,
    What.NOW: _now,
    What.DUE: _due,
}
