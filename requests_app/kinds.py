"""The registry of event kinds: each with its typed payload and the audience who may read it.

A payload carries ids and values, never texts or names: those live in rows that can be erased.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self


class Audience(StrEnum):
    """Who may read an event on the timeline."""

    REQUESTER = "requester"
    """Everyone who sees the request."""
    PROVIDER = "provider"
    NOBODY = "nobody"
    """Kept for figures, shown to none."""


class Via(StrEnum):
    """How a deed came in."""

    PAGE = "page"
    API = "api"
    MAIL = "mail"
    IMPORT = "import"
    SEED = "seed"
    DESK = "desk"
    """The desk itself: time passing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """What an event says beyond who, when and which; plain values that JSON can hold."""

    def dump(self) -> dict[str, Any]:
        """As stored: without what is None; dates and moments as ISO 8601."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name in self.__dataclass_fields__
            if (value := getattr(self, name)) is not None
        }

    @classmethod
    def load(cls, raw: dict[str, Any]) -> Self:
        """Read what was stored; unknown keys are an error, absent ones their default."""
        if strange := raw.keys() - cls.__dataclass_fields__.keys():
            raise ValueError(f"{cls.__name__} has no {', '.join(sorted(strange))}")
        return cls(**raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class Empty(Payload):
    """Nothing more to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(Payload):
    service_id: int
    provider_id: int
    client_id: int
    team_id: int
    impact: str
    urgency: str
    priority: str
    message_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned(Payload):
    assignee_id: int | None = None
    before_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken(Payload):
    """A message, or a deed that comes with one."""

    message_id: int | None = None
    by_provider: bool = False
    """The author speaks for the provider and is not the requester."""
    by_requester: bool = False
    """The author is the requester or someone on the requester's side."""
    mentioned_ids: list[int] | None = None
    """The people who were named in it, and are told so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting(Spoken):
    look_again_on: str | None = None
    """ISO date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Spoken):
    was: str
    """The waiting status that ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalAsked(Spoken):
    approver_id: int
    interrupted: str
    """The status it goes back to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalDecided(Spoken):
    approved: bool
    back_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Payload):
    confirmed: bool
    """By the requester; else by itself after the time to confirm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transferred(Payload):
    """To another department, or to another service of the same one."""

    from_provider_id: int
    to_provider_id: int
    from_service_id: int
    to_service_id: int
    team_id: int
    message_id: int | None = None
    wrong_department: bool = False
    """It never belonged to the department that hands it on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prioritised(Payload):
    impact: str
    urgency: str
    priority: str
    before: str
    message_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared(Payload):
    user_id: int
    mentioned: bool = False
    """Brought in by being named in a message, of which they are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotated(Payload):
    """The provider answered its own questions of the form; the answers stand on the request."""

    questions: list[str]
    """The keys of those whose answer changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFinding(Payload):
    """A finding of time about one clock."""

    clock_id: int
    metric: str
    cycle: int = 1
    sequence: int = 1
    threshold: int | None = None
    """Percent of the budget, for a warning."""
    cause: str | None = None
    """For a breach that a deed brought about: "retargeted"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated(Payload):
    """A step that the agreement says was taken, because so much of a clock's time was used."""

    clock_id: int
    metric: str
    cycle: int = 1
    sequence: int = 1
    threshold: int
    """Percent of the budget: 100 is the breach."""
    acts: list[str]
    """Whom it is told, and what else is done: "tell_lead", "raise_priority" ..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachExplained(Payload):
    """Why a clock was late, as its department says; the words stand in a row of their own."""

    reason_id: int
    metric: str
    cycle: int = 1
    sequence: int = 1
    reason: str
    """Of the short list."""
    before: str | None = None
    """What was said until then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated(Payload):
    rating_id: int
    score: int
    recovery_department_id: int | None = None
    """Whose leads have something new to look after."""
    recovery_withdrawn: bool = False
    """What there was to look after is taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited(Payload):
    invitation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudged(Payload):
    """The requester was reminded that an answer is waited for."""

    number: int
    """The first, the second ..."""
    question_id: int | None = None
    """The message that is still to be answered."""
    overtaken: bool = False
    """Written down so late that the next step was due, too: told to nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAgain(Payload):
    """The day to look at it again has come, and it waits on."""

    overtaken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementChanged(Payload):
    """A lead applied a newer version of what was promised to this open request, too."""

    version_id: int
    """Of the agreement; the version that was named before gives way to it."""
    promise: bool = True
    """The requester's promises go by it."""
    holding: bool = False
    """The receiving department's own time goes by it, too."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of event carries, and to whom it is shown."""

    name: str
    payload: type[Payload]
    audience: Audience
    finding: bool = False
    """Found by time or asked of people afterwards; replay reads deeds, never findings."""


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("submitted", Submitted, Audience.REQUESTER),
        Kind("taken", Assigned, Audience.REQUESTER),
        Kind("released", Assigned, Audience.REQUESTER),
        Kind("assigned", Assigned, Audience.REQUESTER),
        Kind("replied", Spoken, Audience.REQUESTER),
        Kind("noted", Spoken, Audience.PROVIDER),
        Kind("asked", Waiting, Audience.REQUESTER),
        Kind("held", Waiting, Audience.REQUESTER),
        Kind("answered", Spoken, Audience.REQUESTER),
        Kind("resumed", Resumed, Audience.REQUESTER),
        Kind("approval_asked", ApprovalAsked, Audience.REQUESTER),
        Kind("approval_decided", ApprovalDecided, Audience.REQUESTER),
        Kind("resolved", Spoken, Audience.REQUESTER),
        Kind("reopened", Spoken, Audience.REQUESTER),
        Kind("closed", Closed, Audience.REQUESTER),
        Kind("cancelled", Spoken, Audience.REQUESTER),
        Kind("declined", Spoken, Audience.REQUESTER),
        Kind("transferred", Transferred, Audience.REQUESTER),
        Kind("prioritised", Prioritised, Audience.REQUESTER),
        Kind("participant_added", Shared, Audience.REQUESTER),
        Kind("participant_removed", Shared, Audience.REQUESTER),
        Kind("annotated", Annotated, Audience.PROVIDER),
        Kind("calendar_changed", Empty, Audience.PROVIDER),
        Kind("agreement_changed", AgreementChanged, Audience.PROVIDER),
        Kind("nudged", Nudged, Audience.REQUESTER, finding=True),
        Kind("look_again", LookAgain, Audience.PROVIDER, finding=True),
        Kind("warned", ClockFinding, Audience.PROVIDER, finding=True),
        Kind("breached", ClockFinding, Audience.REQUESTER, finding=True),
        Kind("escalated", Escalated, Audience.PROVIDER, finding=True),
        Kind("breach_explained", BreachExplained, Audience.PROVIDER, finding=True),
        Kind("invited", Invited, Audience.NOBODY, finding=True),
        Kind("rated", Rated, Audience.NOBODY, finding=True),
    )
}

FINDINGS = frozenset(name for name, kind in KINDS.items() if kind.finding)
"""What the desk finds by itself: no deed."""

FOUND_ON_CLOCKS = sorted(
    name for name, kind in KINDS.items() if kind.payload in (ClockFinding, Escalated)
)
"""Of these, what time did to a promise."""
