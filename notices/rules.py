"""Who hears of what, over which channel, in which words: one table.

Never the person who did it (but for the receipt of one's own request). Where two rows name the
same person for one event, the first one counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet

from people.absence import stand_ins
from people.managing import managers_of
from people.models import Membership, User
from people.prepared import prepared
from requests_app.kinds import Via
from requests_app.models import Event, Participant, ServiceRequest
from slas.engine import BREACH, PROMISES, Act


class Channel(StrEnum):
    """How a person is told."""

    BELL = "bell"
    MAIL = "mail"


class Who(StrEnum):
    """Who is meant, seen from a request."""

    REQUESTER = "requester"
    REQUESTER_SIDE = "requester_side"
    """The requester and those the request is shared with."""
    ASSIGNEE = "assignee"
    ASSIGNEE_OR_TEAM = "assignee_or_team"
    """Whoever works on it; while nobody does, the whole team."""
    TEAM = "team"
    LEADS = "leads"
    """Of the provider."""
    MANAGERS = "managers"
    """Of the provider."""
    BEFORE = "before"
    """Who had it until now."""
    RECOVERY = "recovery"
    """Leads of the department that was rated; of what is restricted, those who see it."""
    APPROVER = "approver"
    ADDED = "added"
    """The one with whom the request was just shared."""
    MENTIONED = "mentioned"
    """Those who are named in what was just written."""


BELL = frozenset({Channel.BELL})
MAIL = frozenset({Channel.MAIL})
BOTH = BELL | MAIL


def _always(_data: Any) -> bool:
    return True


def _by_provider(data: Any) -> bool:
    return bool(data.by_provider)


def _not_by_provider(data: Any) -> bool:
    return not data.by_provider


def _approved(data: Any) -> bool:
    return bool(data.approved)


def _refused(data: Any) -> bool:
    return not data.approved


def _not_mentioned(data: Any) -> bool:
    return not data.mentioned


def _not_overtaken(data: Any) -> bool:
    return not data.overtaken


def _calls_for_recovery(data: Any) -> bool:
    return data.recovery_department_id is not None


def _to_nobody(data: Any) -> bool:
    return data.assignee_id is None


def _promised_to_requester(data: Any) -> bool:
    return data.metric in PROMISES


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: at this event, these people hear, in these words, over these channels."""

    event: str
    who: Who
    channels: frozenset[Channel]
    words: str
    when: Callable[[Any], bool] = _always
    """Asked of the event's payload."""
    even_oneself: bool = False
    by_itself: bool | None = None
    """Only what the desk did by itself (True), or only what a person did (False)."""

    def holds(self, event: Event, data: Any) -> bool:
        """Whether the row speaks of this event; `data` is its payload."""
        return self.by_itself in (None, event.actor_id is None) and self.when(data)


def _steps(act: Act, who: Who) -> tuple[Rule, ...]:
    """Who is told by a step of escalation: before the breach, with it, or after it."""

    def at(*percents: int) -> Callable[[Any], bool]:
        return lambda data: act in data.acts and data.threshold in range(*percents)

    return (
        Rule("escalated", who, BOTH, "warned", when=at(1, BREACH)),
        Rule("escalated", who, BOTH, "breached", when=at(BREACH, BREACH + 1)),
        Rule("escalated", who, BOTH, "escalated", when=at(BREACH + 1, 10 * BREACH + 1)),
    )


RULES: tuple[Rule, ...] = (
    Rule("submitted", Who.REQUESTER, MAIL, "received", even_oneself=True),
    Rule("submitted", Who.TEAM, BOTH, "new_work"),
    Rule("taken", Who.REQUESTER, BELL, "taken"),
    Rule("released", Who.BEFORE, BOTH, "taken_back", by_itself=True),
    Rule("released", Who.TEAM, BELL, "released"),
    Rule("assigned", Who.BEFORE, BOTH, "taken_back", when=_to_nobody, by_itself=True),
    Rule("assigned", Who.TEAM, BELL, "released", when=_to_nobody, by_itself=True),
    Rule("assigned", Who.ASSIGNEE, BOTH, "assigned"),
    Rule("replied", Who.MENTIONED, BOTH, "mentioned"),
    Rule("noted", Who.MENTIONED, BOTH, "mentioned_in_note"),
    Rule("asked", Who.MENTIONED, BOTH, "mentioned"),
    Rule("answered", Who.MENTIONED, BOTH, "mentioned"),
    Rule("replied", Who.REQUESTER_SIDE, BOTH, "replied"),
    Rule("replied", Who.ASSIGNEE, BELL, "replied", when=_by_provider),
    Rule("replied", Who.ASSIGNEE_OR_TEAM, BOTH, "replied", when=_not_by_provider),
    Rule("noted", Who.ASSIGNEE, BELL, "noted"),
    Rule("asked", Who.REQUESTER_SIDE, BOTH, "asked"),
    Rule("held", Who.REQUESTER_SIDE, BOTH, "held"),
    Rule("answered", Who.ASSIGNEE_OR_TEAM, BOTH, "answered"),
    Rule("answered", Who.REQUESTER_SIDE, BOTH, "replied"),
    Rule("nudged", Who.REQUESTER_SIDE, BOTH, "nudged", when=_not_overtaken),
    Rule("look_again", Who.ASSIGNEE_OR_TEAM, BOTH, "day_came", when=_not_overtaken),
    Rule("resumed", Who.ASSIGNEE_OR_TEAM, BOTH, "goes_on", by_itself=True),
    Rule("resumed", Who.ASSIGNEE_OR_TEAM, BELL, "look_again", by_itself=False),
    Rule("approval_asked", Who.APPROVER, BOTH, "approval_asked"),
    Rule("approval_decided", Who.REQUESTER_SIDE, BOTH, "approved", when=_approved),
    Rule("approval_decided", Who.ASSIGNEE_OR_TEAM, BOTH, "approved", when=_approved),
    Rule("approval_decided", Who.REQUESTER_SIDE, BOTH, "refused", when=_refused),
    Rule("approval_decided", Who.ASSIGNEE_OR_TEAM, BOTH, "refused", when=_refused),
    Rule("resolved", Who.REQUESTER_SIDE, BOTH, "resolved", by_itself=False),
    Rule("resolved", Who.REQUESTER_SIDE, BOTH, "unanswered", by_itself=True),
    Rule("resolved", Who.ASSIGNEE_OR_TEAM, BELL, "given_up", by_itself=True),
    Rule("reopened", Who.ASSIGNEE_OR_TEAM, BOTH, "reopened"),
    Rule("cancelled", Who.ASSIGNEE_OR_TEAM, BOTH, "cancelled"),
    Rule("declined", Who.REQUESTER_SIDE, BOTH, "declined"),
    Rule("transferred", Who.TEAM, BOTH, "handed_to_you"),
    Rule("transferred", Who.REQUESTER, BELL, "handed_on"),
    Rule("prioritised", Who.ASSIGNEE_OR_TEAM, BELL, "raised", by_itself=True),
    Rule("participant_added", Who.ADDED, BOTH, "shared", when=_not_mentioned),
    Rule("warned", Who.ASSIGNEE_OR_TEAM, BOTH, "warned"),
    Rule("breached", Who.ASSIGNEE_OR_TEAM, BOTH, "breached"),
    Rule("breached", Who.REQUESTER, BELL, "late", when=_promised_to_requester),
    *_steps(Act.TELL_ASSIGNEE, Who.ASSIGNEE_OR_TEAM),
    *_steps(Act.TELL_LEAD, Who.LEADS),
    *_steps(Act.TELL_MANAGER, Who.MANAGERS),
    Rule("invited", Who.REQUESTER, BOTH, "invited"),
    Rule("rated", Who.RECOVERY, BOTH, "recovery", when=_calls_for_recovery),
)

TOLD_TO_NOBODY = frozenset(
    {
        "closed", "calendar_changed", "agreement_changed", "participant_removed", "annotated",
        "breach_explained",
    }
)  # fmt: skip
"""Kinds that stand on the timeline and ring nowhere."""

BY_TIME = frozenset({"warned", "breached", "escalated"})
"""What time found on promises: a burst of it says the same of many requests."""

SILENT = frozenset({Via.IMPORT, Via.SEED})
"""What came in this way has happened long ago."""

_BY_EVENT: dict[str, list[Rule]] = defaultdict(list)
for _rule in RULES:
    _BY_EVENT[_rule.event].append(_rule)


_NAMED = {Who.APPROVER: "approver_id", Who.ADDED: "user_id", Who.BEFORE: "before_id"}
"""Where the event itself names the person."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """One person who hears of one event."""

    event: Event
    user_id: int
    rule: Rule


@dataclass(slots=True)
class _Company:
    """Who stands around a number of requests; fetched once."""

    active: set[int] = field(default_factory=set)
    teams: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    leads: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    managers: dict[int, list[int]] = field(default_factory=dict)
    participants: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def of(self, who: Who, service_request: ServiceRequest, data: Any) -> list[int]:
        """The people meant, some of whom may have left."""
        match who:
            case Who.REQUESTER:
                found: list[int | None] = [service_request.requester_id]
            case Who.REQUESTER_SIDE:
                found = [service_request.requester_id, *self.participants[service_request.pk]]
            case Who.ASSIGNEE:
                found = [service_request.assignee_id]
            case Who.ASSIGNEE_OR_TEAM if service_request.assignee_id in self.active:
                found = [service_request.assignee_id]
            case Who.ASSIGNEE_OR_TEAM | Who.TEAM:
                found = [*self.teams[service_request.team_id]]
            case Who.LEADS:
                found = [*self.leads[service_request.provider_department_id]]
            case Who.MANAGERS:
                found = [*self.managers.get(service_request.provider_department_id, ())]
            case Who.RECOVERY:
                seeing = {service_request.assignee_id, *self.teams[service_request.team_id]}
                found = [
                    pk
                    for pk in self.leads[data.recovery_department_id]
                    if pk in seeing or not service_request.restricted
                ]
            case Who.APPROVER | Who.ADDED | Who.BEFORE:
                found = [getattr(data, _NAMED[who])]
            case Who.MENTIONED:
                found = [*(data.mentioned_ids or ())]
        return [pk for pk in found if pk is not None]


def hearings(events: Iterable[Event]) -> list[Hearing]:
    """Everyone who hears of these events, each person once for each event.

    Three queries, whatever the number of events; one more where a step of escalation is told, and
    two where it is told to managers; none where no event is of interest.
    """
    loud = [one for one in events if one.kind in _BY_EVENT and one.via not in SILENT]
    if not loud:
        return []
    company, rules = _company(loud), _Holding()
    found: dict[tuple[int, int], Hearing] = {}
    for event in loud:
        event_id, service_request, actor_id = event.pk, event.service_request, event.actor_id
        for rule, data in rules.of(event):
            for user_id in company.of(rule.who, service_request, data):
                if user_id in company.active and (rule.even_oneself or user_id != actor_id):
                    found.setdefault((event_id, user_id), Hearing(event, user_id, rule))
    return _each_once(list(found.values()))


class _Holding:
    """Which rows of the table hold for events; of what time found, asked once for all alike."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], list[tuple[Rule, Any]]] = {}

    def of(self, event: Event) -> list[tuple[Rule, Any]]:
        """The rows, each with the event's payload; that of another finding, where it is alike."""
        if event.kind not in BY_TIME:
            return _that_hold(event)
        said = event.payload
        alike = event.kind, said["metric"], said.get("threshold"), *said.get("acts", ())
        if alike not in self._known:
            self._known[alike] = _that_hold(event)
        return self._known[alike]


def _that_hold(event: Event) -> list[tuple[Rule, Any]]:
    data = event.data
    return [(rule, data) for rule in _BY_EVENT[event.kind] if rule.holds(event, data)]


def _each_once(found: list[Hearing]) -> list[Hearing]:
    """Of a step of escalation whoever stands in hears for those who are away; and of a breach
    nobody hears twice."""
    steps = [one for one in found if one.event.kind == "escalated"]
    if not steps:
        return found
    instead = stand_ins({one.user_id for one in steps}, max(one.event.at for one in steps))
    told = {
        (one.user_id, one.event.payload["clock_id"])
        for one in found
        if one.event.kind == "breached"
    }
    heard: dict[tuple[int, int], Hearing] = {}
    for one in found:
        hearing, event = one, one.event
        if event.kind == "escalated":
            if one.user_id in instead:
                hearing = replace(one, user_id=instead[one.user_id])
            said = event.payload
            if said["threshold"] == BREACH and (hearing.user_id, said["clock_id"]) in told:
                continue
        heard.setdefault((event.pk, hearing.user_id), hearing)
    return list(heard.values())


def _company(events: Sequence[Event]) -> _Company:
    company = _Company()
    requests = {one.service_request_id: one.service_request for one in events}
    departments = {one.provider_department_id for one in requests.values()}
    departments |= {one.payload.get("recovery_department_id") for one in events} - {None}
    teams = {one.team_id for one in requests.values()}
    for user_id, team_id, department_id, is_lead in _working(teams, departments):
        company.active.add(user_id)
        company.teams[team_id].append(user_id)
        if is_lead:
            company.leads[department_id].append(user_id)
    for request_id, user_id in _participants(requests):
        company.participants[request_id].append(user_id)
    company.managers = managers_of(
        one.service_request.provider_department_id
        for one in events
        if Act.TELL_MANAGER in one.payload.get("acts", ())
    )
    named = {
        pk
        for one in requests.values()
        for pk in (one.requester_id, one.assignee_id, *company.participants[one.pk])
        if pk is not None
    }
    for event in events:
        named |= {
            pk
            for pk in map(event.payload.get, ("approver_id", "user_id", "before_id"))
            if pk is not None
        }
        named |= set(event.payload.get("mentioned_ids") or ())
    for managers in company.managers.values():
        company.active.update(managers)
    company.active |= set(_active(named))
    return company


@prepared
def _working(
    team_ids: Collection[int], department_ids: Collection[int]
) -> QuerySet[Membership, tuple[int, int, int, bool]]:
    """Who works in the teams, and who leads the departments."""
    leads = Q(team__department__among=department_ids, is_lead=True)
    found = Membership.objects.filter(Q(team__among=team_ids) | leads, user__is_active=True)
    return found.values_list("user_id", "team_id", "team__department_id", "is_lead")


@prepared
def _participants(request_ids: Collection[int]) -> QuerySet[Participant, tuple[int, int]]:
    found = Participant.objects.filter(service_request__among=request_ids)
    return found.values_list("service_request_id", "user_id")


@prepared
def _active(ids: Collection[int]) -> QuerySet[User, int]:
    return User.objects.filter(pk__among=ids, is_active=True).values_list("pk", flat=True)
