"""What may happen to a service request, and to whom it is open: one table, no Django.

Buttons, form choices, permission, API, the words of the timeline and the tests all read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Where a request stands."""

    NEW = "new"
    AWAITING_APPROVAL = "awaiting_approval"
    IN_PROGRESS = "in_progress"
    WAITING_REQUESTER = "waiting_requester"
    WAITING_THIRD_PARTY = "waiting_third_party"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    DECLINED = "declined"


class Category(StrEnum):
    """What a status means for clocks, queues and figures."""

    OPEN = "open"
    APPROVAL = "approval"
    WAITING_CLIENT = "waiting_client"
    WAITING_EXTERNAL = "waiting_external"
    DONE = "done"
    FINAL = "final"


class Turn(StrEnum):
    """Whose turn it is."""

    PROVIDER = "provider"
    REQUESTER = "requester"
    APPROVER = "approver"
    THIRD_PARTY = "third_party"
    NOBODY = "nobody"


class Role(StrEnum):
    """What a person is to one request."""

    REQUESTER = "requester"
    PARTICIPANT = "participant"
    APPROVER = "approver"
    AGENT = "agent"
    LEAD = "lead"
    PAST_PROVIDER = "past_provider"
    """Of a department that handed the request on: reads, does nothing."""
    MANAGER = "manager"
    """Answers for the provider's figures: reads what the requester sees, does nothing."""
    SYSTEM = "system"
    """The desk itself: time passing."""


@dataclass(frozen=True, slots=True)
class StatusInfo:
    """What is said of a status; the words are translated where they are shown."""

    category: Category
    turn: Turn
    label: str
    """For agents and managers."""
    tone: str
    """A meaning of the design system ("good", "warning", "late", "waiting") or empty."""
    icon: str


S = Status
OPEN_STATUSES = frozenset(
    {S.NEW, S.AWAITING_APPROVAL, S.IN_PROGRESS, S.WAITING_REQUESTER, S.WAITING_THIRD_PARTY}
)
"""Not yet resolved: the backlog."""
WAITING_STATUSES = frozenset({S.WAITING_REQUESTER, S.WAITING_THIRD_PARTY})
FINAL_STATUSES = frozenset({S.CLOSED, S.CANCELLED, S.DECLINED})
LIVE_STATUSES = OPEN_STATUSES | {S.RESOLVED}
"""Still on somebody's list."""

STATUSES: dict[Status, StatusInfo] = {
    S.NEW: StatusInfo(Category.OPEN, Turn.PROVIDER, "New", "", "inbox"),
    S.AWAITING_APPROVAL: StatusInfo(
        Category.APPROVAL, Turn.APPROVER, "Awaiting approval", "waiting", "file-check"
    ),
    S.IN_PROGRESS: StatusInfo(Category.OPEN, Turn.PROVIDER, "In progress", "", "loader"),
    S.WAITING_REQUESTER: StatusInfo(
        Category.WAITING_CLIENT, Turn.REQUESTER, "Waiting for requester", "waiting", "reply"
    ),
    S.WAITING_THIRD_PARTY: StatusInfo(
        Category.WAITING_EXTERNAL,
        Turn.THIRD_PARTY,
        "Waiting for third party",
        "waiting",
        "building-2",
    ),
    S.RESOLVED: StatusInfo(Category.DONE, Turn.REQUESTER, "Resolved", "good", "check"),
    S.CLOSED: StatusInfo(Category.FINAL, Turn.NOBODY, "Closed", "", "check-check"),
    S.CANCELLED: StatusInfo(Category.FINAL, Turn.NOBODY, "Cancelled", "", "x"),
    S.DECLINED: StatusInfo(Category.FINAL, Turn.NOBODY, "Declined", "", "ban"),
}


class Need(StrEnum):
    """What a deed must be given."""

    MESSAGE = "message"
    """A public message to the requester (or, from the requester, to the provider)."""
    REASON = "reason"
    """Why: kept as an internal note, or told to the other side where the deed says so."""
    LOOK_AGAIN = "look_again"
    """A date to look at it again."""
    THIRD_PARTY = "third_party"
    APPROVER = "approver"
    ASSIGNEE = "assignee"
    SERVICE = "service"


PROVIDER_SIDE = frozenset({Role.AGENT, Role.LEAD})
REQUESTER_SIDE = frozenset({Role.REQUESTER, Role.PARTICIPANT})


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that can be done to a request."""

    name: str
    before: frozenset[Status]
    after: Status | None
    """None: the status stays; or, for an approval decided, the one that it interrupted."""
    who: frozenset[Role]
    event: str
    label: str
    """The button, for those of the provider or, where only they may, the requester."""
    needs: frozenset[Need] = frozenset()
    optional: frozenset[Need] = frozenset()


def _deed(
    name: str,
    before: frozenset[Status],
    after: Status | None,
    who: frozenset[Role],
    event: str,
    label: str,
    *needs: Need,
    optional: frozenset[Need] = frozenset(),
) -> Deed:
    return Deed(name, before, after, who, event, label, frozenset(needs), optional)


_SYSTEM = frozenset({Role.SYSTEM})
_MESSAGE = frozenset({Need.MESSAGE})

DEEDS: dict[str, Deed] = {
    deed.name: deed
    for deed in (
        # moves
        _deed("take", frozenset({S.NEW}), S.IN_PROGRESS, PROVIDER_SIDE, "taken", "Take"),
        _deed(
            "release",
            frozenset({S.IN_PROGRESS}),
            S.NEW,
            PROVIDER_SIDE | _SYSTEM,
            "released",
            "Release",
        ),
        _deed(
            "ask",
            frozenset({S.NEW, S.IN_PROGRESS}),
            S.WAITING_REQUESTER,
            PROVIDER_SIDE,
            "asked",
            "Question",
            Need.MESSAGE,
            Need.LOOK_AGAIN,
        ),
        _deed(
            "hold",
            frozenset({S.NEW, S.IN_PROGRESS}),
            S.WAITING_THIRD_PARTY,
            PROVIDER_SIDE,
            "held",
            "Hold",
            Need.MESSAGE,
            Need.THIRD_PARTY,
            Need.LOOK_AGAIN,
        ),
        _deed(
            "answer",
            frozenset({S.WAITING_REQUESTER}),
            S.IN_PROGRESS,
            REQUESTER_SIDE,
            "answered",
            "Answer",
            Need.MESSAGE,
        ),
        _deed(
            "resume", WAITING_STATUSES, S.IN_PROGRESS, PROVIDER_SIDE | _SYSTEM, "resumed", "Resume"
        ),
        _deed(
            "ask_approval",
            frozenset({S.NEW, S.IN_PROGRESS}),
            S.AWAITING_APPROVAL,
            PROVIDER_SIDE,
            "approval_asked",
            "Ask for approval",
            Need.APPROVER,
            optional=_MESSAGE,
        ),
        _deed(
            "approve",
            frozenset({S.AWAITING_APPROVAL}),
            None,
            frozenset({Role.APPROVER}),
            "approval_decided",
            "Approve",
            optional=_MESSAGE,
        ),
        _deed(
            "refuse",
            frozenset({S.AWAITING_APPROVAL}),
            None,
            frozenset({Role.APPROVER}),
            "approval_decided",
            "Refuse",
            Need.MESSAGE,
        ),
        _deed(
            "resolve",
            OPEN_STATUSES - {S.AWAITING_APPROVAL},
            S.RESOLVED,
            PROVIDER_SIDE | _SYSTEM,
            "resolved",
            "Resolve",
            Need.MESSAGE,
        ),
        _deed(
            "reopen",
            frozenset({S.RESOLVED}),
            S.IN_PROGRESS,
            frozenset({Role.REQUESTER, Role.PARTICIPANT}) | PROVIDER_SIDE,
            "reopened",
            "Not yet solved",
            Need.MESSAGE,
        ),
        _deed(
            "confirm",
            frozenset({S.RESOLVED}),
            S.CLOSED,
            frozenset({Role.REQUESTER}),
            "closed",
            "It works",
        ),
        _deed("close", frozenset({S.RESOLVED}), S.CLOSED, _SYSTEM, "closed", "Close"),
        _deed(
            "cancel",
            OPEN_STATUSES,
            S.CANCELLED,
            frozenset({Role.REQUESTER}),
            "cancelled",
            "Cancel the request",
            optional=_MESSAGE,
        ),
        _deed(
            "decline", OPEN_STATUSES, S.DECLINED, PROVIDER_SIDE, "declined", "Decline", Need.MESSAGE
        ),
        # what leaves the status as it is
        _deed(
            "transfer",
            OPEN_STATUSES,
            None,
            PROVIDER_SIDE,
            "transferred",
            "Transfer",
            Need.SERVICE,
            Need.REASON,
        ),
        _deed("assign", LIVE_STATUSES, None, PROVIDER_SIDE, "assigned", "Assign", Need.ASSIGNEE),
        _deed(
            "prioritise",
            OPEN_STATUSES,
            None,
            PROVIDER_SIDE,
            "prioritised",
            "Change priority",
            Need.REASON,
        ),
        _deed(
            "reply",
            LIVE_STATUSES,
            None,
            PROVIDER_SIDE | REQUESTER_SIDE,
            "replied",
            "Reply",
            Need.MESSAGE,
        ),
        _deed("note", frozenset(Status), None, PROVIDER_SIDE, "noted", "Note", Need.MESSAGE),
        _deed(
            "share",
            LIVE_STATUSES,
            None,
            PROVIDER_SIDE | {Role.REQUESTER},
            "participant_added",
            "Share",
        ),
        _deed(
            "unshare",
            LIVE_STATUSES,
            None,
            PROVIDER_SIDE | {Role.REQUESTER},
            "participant_removed",
            "Take someone off",
        ),
        _deed(
            "annotate", LIVE_STATUSES, None, PROVIDER_SIDE, "annotated", "Fill in our own fields"
        ),
    )
}


class UnknownDeed(LookupError):
    """No deed of that name."""


class StaleMove(Exception):
    """The request has moved on: the deed is no longer possible from where it stands."""

    def __init__(self, name: str, status: Status) -> None:
        self.name = name
        self.status = status
        super().__init__(name, status)

    def __str__(self) -> str:
        return f"{self.name!r} is not possible while a request is {str(self.status)!r}"


def deed(name: str) -> Deed:
    """The deed of that name. Raises UnknownDeed."""
    try:
        return DEEDS[name]
    except KeyError:
        raise UnknownDeed(name) from None


def step(status: str, name: str) -> Deed:
    """The deed, if it is possible from this status. Raises UnknownDeed, StaleMove."""
    found = deed(name)
    if Status(status) not in found.before:
        raise StaleMove(name, Status(status))
    return found


def possible(status: str) -> list[Deed]:
    """All deeds possible from this status, in the table's order."""
    return [one for one in DEEDS.values() if Status(status) in one.before]
