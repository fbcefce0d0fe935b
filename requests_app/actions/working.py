"""Who works on a request, where, and how soon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from catalogue.models import Life
from people.models import Membership
from requests_app.actions._doing import RECORDED, Doing, begin, required
from requests_app.errors import Refused
from requests_app.kinds import Assigned, Prioritised, Shared, Transferred, Via
from requests_app.lifecycle import Role, Status
from requests_app.models import Participant, PastProvider, ServiceRequest
from requests_app.priority import Impact, Urgency, priority_of

if TYPE_CHECKING:
    from datetime import datetime

    from catalogue.models import Service
    from people.models import User


@transaction.atomic
def take(
    service_request: ServiceRequest,
    *,
    by: User | None,
    at: datetime,
    via: Via = Via.PAGE,
    key: str | None = None,
) -> ServiceRequest:
    """Begin to work on a new request. Raises NotAllowed, StaleMove."""
    doing = begin(service_request, "take", by=by, at=at, via=via, key=key)
    if doing is None:
        return _as_it_is(service_request)
    before = doing.service_request.assignee_id
    doing.change(assignee=by)
    doing.move(Status.IN_PROGRESS)
    return doing.finish(Assigned(assignee_id=by.pk if by else None, before_id=before))


@transaction.atomic
def release(
    service_request: ServiceRequest,
    *,
    by: User | None,
    at: datetime,
    via: Via = Via.PAGE,
    key: str | None = None,
) -> ServiceRequest:
    """Give a request back to the queue. Raises NotAllowed, StaleMove."""
    doing = begin(service_request, "release", by=by, at=at, via=via, key=key)
    if doing is None:
        return _as_it_is(service_request)
    before = doing.service_request.assignee_id
    doing.change(assignee=None)
    doing.move(Status.NEW)
    return doing.finish(Assigned(before_id=before))


@transaction.atomic
def assign(
    service_request: ServiceRequest,
    *,
    assignee: User | None,
    by: User | None,
    at: datetime,
    via: Via = Via.PAGE,
    key: str | None = None,
) -> ServiceRequest:
    """Hand the work to an agent of the provider, or to nobody (None); the status stays.

    Raises NotAllowed, StaleMove, Refused where the person does not work there.
    """
    doing = begin(service_request, "assign", by=by, at=at, via=via, key=key)
    if doing is None:
        return _as_it_is(service_request)
    if assignee and via not in RECORDED and not works_on(assignee, doing.service_request):
        raise Refused(
            _("%(name)s does not work on these requests.") % {"name": assignee.name}, "assignee"
        )
    before = doing.service_request.assignee_id
    doing.change(assignee=assignee)
    after = assignee.pk if assignee else None
    return doing.finish(Assigned(assignee_id=after, before_id=before))


def works_on(person: User, service_request: ServiceRequest) -> bool:
    """Whether the person may be assigned: an agent there; of its team if restricted."""
    memberships = Membership.objects.filter(user=person, user__is_active=True)
    if service_request.restricted:
        return memberships.filter(team=service_request.team_id).exists()
    return memberships.filter(team__department=service_request.provider_department_id).exists()


@transaction.atomic
def transfer(
    service_request: ServiceRequest,
    *,
    service: Service,
    reason: str,
    by: User | None,
    at: datetime,
    wrong_department: bool = False,
    via: Via = Via.PAGE,
    key: str | None = None,
) -> ServiceRequest:
    """Hand the request to another service, of another department or of the same.

    The reason is an internal note that goes with it. What was restricted stays so; the receiving
    service's team takes over, and nobody there has it yet.
    Raises NotAllowed, StaleMove, Refused.
    """
    doing = begin(service_request, "transfer", by=by, at=at, via=via, key=key)
    if doing is None:
        return _as_it_is(service_request)
    request = doing.service_request
    if service.pk == request.service_id:
        raise Refused(_("It is there already. Choose another service."), "service")
    if service.life != Life.PUBLISHED and via not in RECORDED:
        raise Refused(_("That service takes no requests."), "service")
    message = doing.say(reason if via in RECORDED else required(reason, "reason"), public=False)
    payload = Transferred(
        from_provider_id=request.provider_department_id,
        to_provider_id=service.department_id,
        from_service_id=request.service_id,
        to_service_id=service.pk,
        team_id=service.team_id,
        message_id=message.pk if message else None,
        wrong_department=wrong_department,
    )
    if service.department_id != request.provider_department_id:
        PastProvider.objects.get_or_create(
            service_request=request, department_id=request.provider_department_id
        )
    if service.team_id != request.team_id:
        _return_to_queue(doing)
    doing.change(
        service=service,
        provider_department=service.department,
        team=service.team,
        restricted=request.restricted or service.restricted,
    )
    if request.is_waiting:  # by the working days of those who take over
        doing.wait_until_woken()
    return doing.finish(payload)


def _return_to_queue(doing: Doing) -> None:
    doing.change(assignee=None)
    if doing.service_request.status == Status.IN_PROGRESS:
        doing.move(Status.NEW)
    if doing.service_request.interrupted_status == Status.IN_PROGRESS:
        doing.change(interrupted_status=str(Status.NEW))


@transaction.atomic
def prioritise(
    service_request: ServiceRequest,
    *,
    impact: str,
    urgency: str,
    reason: str,
    by: User | None,
    at: datetime,
    via: Via = Via.PAGE,
    key: str | None = None,
) -> ServiceRequest:
    """Correct impact (any agent) or urgency (a lead), with a reason; the matrix does the rest.

    Raises NotAllowed, StaleMove, Refused.
    """
    doing = begin(service_request, "prioritise", by=by, at=at, via=via, key=key)
    if doing is None:
        return _as_it_is(service_request)
    request = doing.service_request
    if impact not in list(Impact):
        raise Refused(_("Say whom it touches."), "impact")
    if urgency not in list(Urgency):
        raise Refused(_("Say how urgent it is."), "urgency")
    if (impact, urgency) == (request.impact, request.urgency):
        raise Refused(_("Impact and urgency are so already."), "impact")
    if urgency != request.urgency and via not in RECORDED and Role.LEAD not in doing.roles:
        raise Refused(_("Only a lead changes the urgency. You can change the impact."), "urgency")
    message = doing.say(reason if via in RECORDED else required(reason, "reason"), public=False)
    before = request.priority
    priority = priority_of(impact, urgency)
    doing.change(impact=impact, urgency=urgency, priority=str(priority))
    return doing.finish(
        Prioritised(
            impact=impact,
            urgency=urgency,
            priority=priority,
            before=before,
            message_id=message.pk if message else None,
        )
    )


@transaction.atomic
def share(
    service_request: ServiceRequest,
    *,
    user: User,
    by: User | None,
    at: datetime,
    via: Via = Via.PAGE,
    key: str | None = None,
) -> ServiceRequest:
    """Let a colleague see the request and speak. Raises NotAllowed, StaleMove, Refused."""
    doing = begin(service_request, "share", by=by, at=at, via=via, key=key)
    if doing is None:
        return _as_it_is(service_request)
    if not user.is_active:
        raise Refused(_("%(name)s no longer works here.") % {"name": user.name}, "user")
    _row, is_new = Participant.objects.get_or_create(
        service_request=doing.service_request, user=user, defaults={"added_by": by, "at": doing.at}
    )
    if not is_new or user.pk == doing.service_request.requester_id:
        raise Refused(_("%(name)s sees it already.") % {"name": user.name}, "user")
    return doing.finish(Shared(user_id=user.pk))


@transaction.atomic
def unshare(
    service_request: ServiceRequest,
    *,
    user: User,
    by: User | None,
    at: datetime,
    via: Via = Via.PAGE,
    key: str | None = None,
) -> ServiceRequest:
    """Take a colleague off the request again: who was only a participant sees it no longer.

    Raises NotAllowed, Refused.
    """
    doing = begin(service_request, "unshare", by=by, at=at, via=via, key=key)
    if doing is None:
        return _as_it_is(service_request)
    gone, _rows = Participant.objects.filter(
        service_request=doing.service_request, user=user
    ).delete()
    if not gone:
        raise Refused(_("%(name)s is not on it.") % {"name": user.name}, "user")
    return doing.finish(Shared(user_id=user.pk))


def _as_it_is(service_request: ServiceRequest) -> ServiceRequest:
    return ServiceRequest.objects.get(pk=service_request.pk)
