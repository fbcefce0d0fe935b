"""What is said on a request: replies, notes, questions and their answers, waiting and going on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from requests_app import access
from requests_app.actions._doing import RECORDED, begin, required, words_or_files
from requests_app.errors import Refused
from requests_app.kinds import Resumed, Via, Waiting
from requests_app.lifecycle import PROVIDER_SIDE, REQUESTER_SIDE, Status
from requests_app.models import ServiceRequest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from people.models import User


@transaction.atomic
def reply(
    service_request: ServiceRequest,
    *,
    message: str,
    by: User | None,
    at: datetime,
    via: Via = Via.PAGE,
    key: str | None = None,
    files: Sequence[int] = (),
    mentions: Sequence[User] = (),
) -> ServiceRequest:
    """Say something that all who see the request may read.

    From the requester's side, while the provider waits for them, it is the answer and ends the
    waiting; from the provider, where nobody has the request yet, it takes it.
    Raises NotAllowed, StaleMove, Refused.
    """
    doing = begin(service_request, "reply", by=by, at=at, via=via, key=key)
    if doing is None:
        return ServiceRequest.objects.get(pk=service_request.pk)
    if doing.for_requester and doing.service_request.status == Status.WAITING_REQUESTER:
        return answer(
            service_request,
            message=message,
            by=by,
            at=at,
            via=via,
            key=key,
            files=files,
            mentions=mentions,
        )
    words_or_files(message, files)
    doing.take_first()
    doing.bring_in(mentions)
    return doing.finish(doing.spoken_payload(doing.say(message, attached=files)))


@transaction.atomic
def note(
    service_request: ServiceRequest,
    *,
    message: str,
    by: User | None,
    at: datetime,
    via: Via = Via.PAGE,
    key: str | None = None,
    files: Sequence[int] = (),
    mentions: Sequence[User] = (),
) -> ServiceRequest:
    """Write something that only the provider reads. Raises NotAllowed, StaleMove, Refused."""
    doing = begin(service_request, "note", by=by, at=at, via=via, key=key)
    if doing is None:
        return ServiceRequest.objects.get(pk=service_request.pk)
    words_or_files(message, files)
    doing.bring_in(mentions, public=False)
    return doing.finish(doing.spoken_payload(doing.say(message, public=False, attached=files)))


@transaction.atomic
def ask(
    service_request: ServiceRequest,
    *,
    message: str,
    look_again_on: date | None,
    by: User | None,
    at: datetime,
    via: Via = Via.PAGE,
    key: str | None = None,
    files: Sequence[int] = (),
    mentions: Sequence[User] = (),
) -> ServiceRequest:
    """Ask the requester something and wait. Raises NotAllowed, StaleMove, Refused."""
    doing = begin(service_request, "ask", by=by, at=at, via=via, key=key)
    if doing is None:
        return ServiceRequest.objects.get(pk=service_request.pk)
    _check_date(look_again_on, at, via)
    text = message if via in RECORDED else required(message)
    doing.take_first()
    doing.bring_in(mentions)
    said = doing.say(text, attached=files)
    doing.move(Status.WAITING_REQUESTER)
    doing.change(look_again_on=look_again_on)
    doing.wait_until_woken()
    return doing.finish(Waiting(**doing.spoken(said), look_again_on=_iso(look_again_on)))


@transaction.atomic
def hold(
    service_request: ServiceRequest,
    *,
    message: str,
    third_party: str,
    look_again_on: date | None,
    by: User | None,
    at: datetime,
    via: Via = Via.PAGE,
    key: str | None = None,
    files: Sequence[int] = (),
) -> ServiceRequest:
    """Wait for someone outside the organisation, and tell the requester so.

    Raises NotAllowed, StaleMove, Refused.
    """
    doing = begin(service_request, "hold", by=by, at=at, via=via, key=key)
    if doing is None:
        return ServiceRequest.objects.get(pk=service_request.pk)
    third_party = " ".join(third_party.split())
    if not third_party and via not in RECORDED:
        raise Refused(_("Say whom you wait for."), "third_party")
    if len(third_party) > 80:
        raise Refused(_("At most 80 characters."), "third_party")
    _check_date(look_again_on, at, via)
    text = message if via in RECORDED else required(message)
    doing.take_first()
    said = doing.say(text, attached=files)
    doing.move(Status.WAITING_THIRD_PARTY)
    doing.change(third_party=third_party, look_again_on=look_again_on)
    doing.wait_until_woken()
    return doing.finish(Waiting(**doing.spoken(said), look_again_on=_iso(look_again_on)))


@transaction.atomic
def answer(
    service_request: ServiceRequest,
    *,
    message: str,
    by: User | None,
    at: datetime,
    via: Via = Via.PAGE,
    key: str | None = None,
    files: Sequence[int] = (),
    mentions: Sequence[User] = (),
) -> ServiceRequest:
    """Answer the provider's question; the work goes on. Raises NotAllowed, StaleMove, Refused."""
    doing = begin(service_request, "answer", by=by, at=at, via=via, key=key)
    if doing is None:
        return ServiceRequest.objects.get(pk=service_request.pk)
    text = message if via in RECORDED else words_or_files(message, files)
    doing.bring_in(mentions)
    said = doing.say(text, attached=files)
    doing.move(Status.IN_PROGRESS)
    return doing.finish(doing.spoken_payload(said))


@transaction.atomic
def resume(
    service_request: ServiceRequest,
    *,
    by: User | None,
    at: datetime,
    via: Via = Via.PAGE,
    key: str | None = None,
    message: str = "",
) -> ServiceRequest:
    """Go on without waiting any longer. Raises NotAllowed, StaleMove, Refused."""
    doing = begin(service_request, "resume", by=by, at=at, via=via, key=key)
    if doing is None:
        return ServiceRequest.objects.get(pk=service_request.pk)
    was = doing.service_request.status
    said = doing.say(message)
    doing.move(Status.IN_PROGRESS)
    return doing.finish(Resumed(**doing.spoken(said), was=was))


def speaks_for(by: User, service_request: ServiceRequest) -> str:
    """Whose side a person's words are on: "provider", "requester", or "" for neither."""
    held = access.roles(by, service_request)
    if held & PROVIDER_SIDE and service_request.requester_id != by.pk:
        return "provider"
    return "requester" if held & REQUESTER_SIDE else ""


def _check_date(look_again_on: date | None, at: datetime, via: Via) -> None:
    if via in RECORDED:
        return
    if look_again_on is None:
        raise Refused(_("Say when to look at it again."), "look_again_on")
    if look_again_on < at.date():
        raise Refused(_("Choose a day that is still to come."), "look_again_on")
    if (look_again_on - at.date()).days > 366:
        raise Refused(_("Choose a day within a year."), "look_again_on")


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
