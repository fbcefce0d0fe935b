"""What becomes of a person's work when the person no longer does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from requests_app import access
from requests_app.actions._doing import Doing
from requests_app.kinds import Assigned, Via
from requests_app.lifecycle import Role, Status, deed
from requests_app.models import ServiceRequest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from people.models import User


@transaction.atomic
def return_work(
    person: User,
    *,
    by: User | None,
    at: datetime,
    department_ids: Iterable[int] | None = None,
    via: Via = Via.PAGE,
) -> list[ServiceRequest]:
    """Give back to the queue all open work of someone who leaves; of these departments, if said.

    What is in progress is released; what waits keeps waiting, for nobody; what is resolved keeps
    its assignee, who did it. `by` is whoever decided that the person leaves, an administrator or
    the desk itself: right to it comes from that decision, not from the single request. Rows are
    locked in the order all writers keep.
    """
    theirs = Q(assignee=person)
    if department_ids is not None:
        theirs &= Q(provider_department__in=list(department_ids))
    open_work = ServiceRequest.objects.open().filter(theirs).values_list("pk", flat=True)
    locked = ServiceRequest.objects.lock_all(open_work)
    return [
        _give_back(one, by=by, at=at, via=via)
        for one in locked
        if one.is_open and one.assignee_id == person.pk
    ]


def _give_back(
    service_request: ServiceRequest, *, by: User | None, at: datetime, via: Via
) -> ServiceRequest:
    in_progress = service_request.status == Status.IN_PROGRESS
    doing = Doing(
        service_request,
        deed("release" if in_progress else "assign"),
        by,
        max(at, service_request.last_deed_at),
        via,
        None,
        access.roles(by, service_request) if by else frozenset({Role.SYSTEM}),
    )
    before = service_request.assignee_id
    doing.change(assignee=None)
    if in_progress:
        doing.move(Status.NEW)
    if service_request.interrupted_status == Status.IN_PROGRESS:
        doing.change(interrupted_status=str(Status.NEW))
    return doing.finish(Assigned(before_id=before))
