"""What becomes of a person's work when the person no longer does it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Case, Q, When

from people.absence import away
from people.models import Membership
from requests_app import access
from requests_app.actions._doing import Doing
from requests_app.kinds import ApprovalAsked, Assigned, Via
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
        give_back(one, by=by, at=at, via=via)
        for one in locked
        if one.is_open and one.assignee_id == person.pk
    ]


@transaction.atomic
def hand_on_approvals(
    person: User, *, by: User | None, at: datetime, via: Via = Via.PAGE
) -> list[ServiceRequest]:
    """Ask somebody else for the approvals that someone who leaves was asked for.

    That is whoever stands in for them today; else a lead of their department; else one of the
    provider's. A restricted request is shown to nobody new but a named deputy or a lead of its own
    team. Nobody approves what they asked for; where there is nobody at all, it waits as it is.
    """
    waiting = ServiceRequest.objects.filter(status=Status.AWAITING_APPROVAL, approver=person)
    locked = ServiceRequest.objects.lock_all(waiting.values_list("pk", flat=True))
    handed_on = []
    for one in locked:
        if one.status != Status.AWAITING_APPROVAL or one.approver_id != person.pk:
            continue
        stand_in = _stand_in(one, person, at)
        if stand_in is not None:
            handed_on.append(_ask_instead(one, stand_in, by=by, at=at, via=via))
    return handed_on


def _stand_in(service_request: ServiceRequest, person: User, at: datetime) -> User | None:
    absence = away([person.pk], at.astimezone(ZoneInfo(person.zone_name)).date()).get(person.pk)
    leads = Membership.objects.filter(is_lead=True, user__is_active=True).select_related("user")
    if service_request.restricted:
        fitting = leads.filter(team=service_request.team_id)
    else:
        own, provider = person.department_id, service_request.provider_department_id
        fitting = leads.filter(team__department__in=[own, provider]).order_by(
            Case(When(team__department=own, then=0), default=1), "pk"
        )
    deputy = absence.deputy if absence else None
    candidates = [deputy, *(one.user for one in fitting)]
    taken = {person.pk, service_request.requester_id}
    return next((one for one in candidates if one and one.is_active and one.pk not in taken), None)


def _ask_instead(
    service_request: ServiceRequest,
    approver: User,
    *,
    by: User | None,
    at: datetime,
    via: Via,
) -> ServiceRequest:
    doing = _doing(service_request, "ask_approval", by=by, at=at, via=via)
    doing.change(approver=approver)
    interrupted = service_request.interrupted_status
    return doing.finish(
        ApprovalAsked(**doing.spoken(None), approver_id=approver.pk, interrupted=interrupted)
    )


def _doing(
    service_request: ServiceRequest, name: str, *, by: User | None, at: datetime, via: Via
) -> Doing:
    """A deed that follows from the decision that someone leaves, not from the request's table."""
    return Doing(
        service_request,
        deed(name),
        by,
        service_request.dated(at),
        via,
        None,
        access.roles(by, service_request) if by else frozenset({Role.SYSTEM}),
    )


def give_back(
    service_request: ServiceRequest, *, by: User | None, at: datetime, via: Via
) -> ServiceRequest:
    """Take a request, whose row the caller holds, from whoever has it, without asking them.

    What is in progress is new again; what waits keeps waiting, for nobody.
    """
    in_progress = service_request.status == Status.IN_PROGRESS
    doing = _doing(service_request, "release" if in_progress else "assign", by=by, at=at, via=via)
    before = service_request.assignee_id
    doing.change(assignee=None)
    if in_progress:
        doing.move(Status.NEW)
    if service_request.interrupted_status == Status.IN_PROGRESS:
        doing.change(interrupted_status=str(Status.NEW))
    return doing.finish(Assigned(before_id=before))
