"""Asking someone's approval, and giving or refusing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from requests_app.actions._doing import RECORDED, begin, required
from requests_app.errors import Refused
from requests_app.kinds import ApprovalAsked, ApprovalDecided, Via
from requests_app.lifecycle import Status
from requests_app.models import ServiceRequest

if TYPE_CHECKING:
    from datetime import datetime

    from people.models import User


@transaction.atomic
def ask_approval(
    service_request: ServiceRequest,
    *,
    approver: User,
    by: User | None,
    at: datetime,
    message: str = "",
    via: Via = Via.PAGE,
    key: str | None = None,
) -> ServiceRequest:
    """Wait until the approver decides. Nobody approves what they asked for themselves.

    Raises NotAllowed, StaleMove, Refused.
    """
    doing = begin(service_request, "ask_approval", by=by, at=at, via=via, key=key)
    if doing is None:
        return ServiceRequest.objects.get(pk=service_request.pk)
    request = doing.service_request
    if approver.pk == request.requester_id:
        raise Refused(_("Nobody approves what they asked for. Choose someone else."), "approver")
    if not approver.is_active:
        raise Refused(_("%(name)s no longer works here.") % {"name": approver.name}, "approver")
    said = doing.say(message)
    interrupted = request.status
    doing.change(approver=approver, interrupted_status=interrupted)
    doing.move(Status.AWAITING_APPROVAL)
    return doing.finish(
        ApprovalAsked(**doing.spoken(said), approver_id=approver.pk, interrupted=interrupted)
    )


@transaction.atomic
def decide(
    service_request: ServiceRequest,
    *,
    approved: bool,
    by: User | None,
    at: datetime,
    message: str = "",
    via: Via = Via.PAGE,
    key: str | None = None,
) -> ServiceRequest:
    """Approve or refuse; the request goes back to where it was. A refusal says why.

    Raises NotAllowed, StaleMove, Refused.
    """
    name = "approve" if approved else "refuse"
    doing = begin(service_request, name, by=by, at=at, via=via, key=key)
    if doing is None:
        return ServiceRequest.objects.get(pk=service_request.pk)
    if not approved and via not in RECORDED:
        required(message)
    said = doing.say(message)
    back_to = Status(doing.service_request.interrupted_status)
    doing.move(back_to)
    doing.change(approver=None, interrupted_status="")
    return doing.finish(
        ApprovalDecided(**doing.spoken(said), approved=approved, back_to=str(back_to))
    )
