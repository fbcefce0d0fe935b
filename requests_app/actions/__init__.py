"""The deeds: each one function, one transaction, one event. Nothing else changes a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from requests_app import lifecycle
from requests_app import seen as in_between
from requests_app.actions.annotating import annotate
from requests_app.actions.approving import ask_approval, decide
from requests_app.actions.ending import cancel, close, confirm, decline, reopen, resolve
from requests_app.actions.escalating import raise_priority, take_back
from requests_app.actions.filing import AlreadyImported, submit
from requests_app.actions.leaving import hand_on_approvals, return_work
from requests_app.actions.promising import change_promises
from requests_app.actions.talking import answer, ask, hold, note, reply, resume
from requests_app.actions.working import (
    assign,
    prioritise,
    release,
    share,
    take,
    transfer,
    unshare,
    works_on,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from people.models import User
    from requests_app.kinds import Via
    from requests_app.models import ServiceRequest

__all__ = [
    "AlreadyImported",
    "annotate",
    "answer",
    "ask",
    "ask_approval",
    "assign",
    "cancel",
    "change_promises",
    "close",
    "confirm",
    "decide",
    "decline",
    "hand_on_approvals",
    "hold",
    "note",
    "perform",
    "prioritise",
    "raise_priority",
    "release",
    "reopen",
    "reply",
    "resolve",
    "resume",
    "return_work",
    "share",
    "submit",
    "take",
    "take_back",
    "transfer",
    "unshare",
    "works_on",
]


def _approve(service_request: ServiceRequest, **given: Any) -> ServiceRequest:
    return decide(service_request, approved=True, **given)


def _refuse(service_request: ServiceRequest, **given: Any) -> ServiceRequest:
    return decide(service_request, approved=False, **given)


_BY_NAME: dict[str, Callable[..., ServiceRequest]] = {
    "take": take,
    "release": release,
    "ask": ask,
    "hold": hold,
    "answer": answer,
    "resume": resume,
    "ask_approval": ask_approval,
    "approve": _approve,
    "refuse": _refuse,
    "resolve": resolve,
    "reopen": reopen,
    "confirm": confirm,
    "close": close,
    "cancel": cancel,
    "decline": decline,
    "transfer": transfer,
    "assign": assign,
    "prioritise": prioritise,
    "reply": reply,
    "note": note,
    "share": share,
    "unshare": unshare,
    "annotate": annotate,
}


@transaction.atomic
def perform(
    service_request: ServiceRequest,
    name: str,
    *,
    by: User | None,
    at: datetime,
    via: Via,
    key: str | None = None,
    seen: int | None = None,
    **given: Any,
) -> ServiceRequest:
    """Do the deed of that name, with what it was given.

    `seen` is the id of the newest event that the doer knows of, where it was written against one:
    nothing is done if somebody else did something since that matters.
    Raises UnknownDeed, NotAllowed, StaleMove, Refused, Overtaken.
    """
    lifecycle.deed(name)
    if seen is not None and by is not None:
        in_between.require_current(service_request, seen, by=by, key=key)
    return _BY_NAME[name](service_request, by=by, at=at, via=via, key=key, **given)
