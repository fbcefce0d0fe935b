"""How a request ends, and how it does not: resolve, reopen, confirm, close, cancel, decline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from calendars.worktime import working_days
from requests_app.actions._doing import RECORDED, Doing, begin, required
from requests_app.kinds import Closed, Via
from requests_app.lifecycle import Status
from requests_app.models import ServiceRequest
from requests_app.waiting import calendar_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from people.models import User

DAYS_TO_CONFIRM = 5
"""Working days of the provider after which a resolved request closes by itself."""


@transaction.atomic
def resolve(
    service_request: ServiceRequest,
    *,
    message: str,
    by: User | None,
    at: datetime,
    via: Via = Via.PAGE,
    key: str | None = None,
    files: Sequence[int] = (),
) -> ServiceRequest:
    """Say that it is done, and what was done. Raises NotAllowed, StaleMove, Refused."""
    doing = begin(service_request, "resolve", by=by, at=at, via=via, key=key)
    if doing is None:
        return ServiceRequest.objects.get(pk=service_request.pk)
    text = message if via in RECORDED else required(message)
    doing.take_first()
    said = doing.say(text, attached=files)
    doing.move(Status.RESOLVED)
    doing.change(resolved_at=doing.at, closes_at=closes_at(doing.service_request, doing.at))
    return doing.finish(doing.spoken_payload(said))


def closes_at(service_request: ServiceRequest, resolved_at: datetime) -> datetime:
    """When a request resolved at that moment closes by itself (UTC)."""
    calendar = calendar_of(service_request, resolved_at)
    return calendar.due(resolved_at, working_days(DAYS_TO_CONFIRM))


@transaction.atomic
def reopen(
    service_request: ServiceRequest,
    *,
    message: str,
    by: User | None,
    at: datetime,
    via: Via = Via.PAGE,
    key: str | None = None,
    files: Sequence[int] = (),
) -> ServiceRequest:
    """Say that it is not done yet. Raises NotAllowed, StaleMove, Refused."""
    doing = begin(service_request, "reopen", by=by, at=at, via=via, key=key)
    if doing is None:
        return ServiceRequest.objects.get(pk=service_request.pk)
    said = doing.say(message if via in RECORDED else required(message), attached=files)
    doing.move(Status.IN_PROGRESS)
    doing.change(resolved_at=None)
    return doing.finish(doing.spoken_payload(said))


@transaction.atomic
def confirm(
    service_request: ServiceRequest,
    *,
    by: User | None,
    at: datetime,
    via: Via = Via.PAGE,
    key: str | None = None,
) -> ServiceRequest:
    """The requester says that it works. Raises NotAllowed, StaleMove."""
    return _close(
        begin(service_request, "confirm", by=by, at=at, via=via, key=key), service_request
    )


@transaction.atomic
def close(
    service_request: ServiceRequest,
    *,
    by: User | None,
    at: datetime,
    via: Via = Via.DESK,
    key: str | None = None,
) -> ServiceRequest:
    """The time to confirm is over. Raises NotAllowed, StaleMove."""
    return _close(begin(service_request, "close", by=by, at=at, via=via, key=key), service_request)


def _close(doing: Doing | None, service_request: ServiceRequest) -> ServiceRequest:
    if doing is None:
        return ServiceRequest.objects.get(pk=service_request.pk)
    doing.move(Status.CLOSED)
    doing.change(closed_at=doing.at)
    return doing.finish(Closed(confirmed=doing.deed.name == "confirm"))


@transaction.atomic
def cancel(
    service_request: ServiceRequest,
    *,
    by: User | None,
    at: datetime,
    message: str = "",
    via: Via = Via.PAGE,
    key: str | None = None,
) -> ServiceRequest:
    """The requester no longer needs it. Raises NotAllowed, StaleMove, Refused."""
    return _give_up(service_request, "cancel", Status.CANCELLED, message, by, at, via, key)


@transaction.atomic
def decline(
    service_request: ServiceRequest,
    *,
    message: str,
    by: User | None,
    at: datetime,
    via: Via = Via.PAGE,
    key: str | None = None,
    files: Sequence[int] = (),
) -> ServiceRequest:
    """The provider will not do it, and says why. Raises NotAllowed, StaleMove, Refused."""
    if via not in RECORDED:
        required(message)
    return _give_up(service_request, "decline", Status.DECLINED, message, by, at, via, key, files)


def _give_up(
    service_request: ServiceRequest,
    name: str,
    status: Status,
    message: str,
    by: User | None,
    at: datetime,
    via: Via,
    key: str | None,
    files: Sequence[int] = (),
) -> ServiceRequest:
    doing = begin(service_request, name, by=by, at=at, via=via, key=key)
    if doing is None:
        return ServiceRequest.objects.get(pk=service_request.pk)
    said = doing.say(message, attached=files)
    doing.move(status)
    doing.change(closed_at=doing.at, approver=None, interrupted_status="")
    return doing.finish(doing.spoken_payload(said))
