"""What the desk itself does where an agreement says so: it raises the priority, and takes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from requests_app.actions._doing import Doing
from requests_app.actions.leaving import give_back
from requests_app.kinds import Prioritised, Via
from requests_app.lifecycle import Role, deed
from requests_app.models import ServiceRequest
from requests_app.priority import raised

if TYPE_CHECKING:
    from datetime import datetime


@transaction.atomic
def raise_priority(
    service_request: ServiceRequest, *, to: str, at: datetime, via: Via = Via.DESK
) -> ServiceRequest | None:
    """Raise the priority to this one, by the least change of impact and urgency that the matrix
    knows; None where it is as high already, or the request is no longer open.

    The right to it comes from the agreement, not from a person.
    """
    locked = ServiceRequest.objects.lock(service_request.pk)
    if not locked.is_open or locked.priority <= to:
        return None
    impact, urgency = raised(locked.impact, locked.urgency, to)
    doing = _by_itself(locked, "prioritise", at, via)
    message = doing.say(_("It was not done in time, so the agreement raises it."), public=False)
    before = locked.priority
    doing.change(impact=str(impact), urgency=str(urgency), priority=to)
    return doing.finish(
        Prioritised(
            impact=str(impact),
            urgency=str(urgency),
            priority=to,
            before=before,
            message_id=message.pk if message else None,
        )
    )


@transaction.atomic
def take_back(
    service_request: ServiceRequest, *, untouched_by: int, at: datetime, via: Via = Via.DESK
) -> ServiceRequest | None:
    """Give what this person has not touched back to the queue; None where it is not theirs."""
    locked = ServiceRequest.objects.lock(service_request.pk)
    if not locked.is_open or locked.assignee_id != untouched_by:
        return None
    return give_back(locked, by=None, at=at, via=via)


def _by_itself(service_request: ServiceRequest, name: str, at: datetime, via: Via) -> Doing:
    return Doing(
        service_request,
        deed(name),
        None,
        service_request.dated(at),
        via,
        None,
        frozenset({Role.SYSTEM}),
    )
