"""May she, and which rows: two questions answered from one rule.

`roles` says what a person is to one request, `may` reads the table of deeds with it, and
`visible_to` chooses the rows for which `roles` is not empty. A test walks both and compares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from people.access import standing
from requests_app import lifecycle
from requests_app.errors import NotAllowed
from requests_app.lifecycle import PROVIDER_SIDE, Deed, Role
from requests_app.models import Participant, PastProvider, ServiceRequest, ServiceRequestQuerySet

if TYPE_CHECKING:
    from people.access import Standing
    from people.models import User

FULL_VIEW = PROVIDER_SIDE | {Role.PAST_PROVIDER}


def _works_on(rights: Standing) -> Q:
    """Requests that the person works on: of their departments; restricted ones of their teams."""
    return Q(provider_department__in=rights.agent_of) & (
        Q(restricted=False) | Q(team__in=rights.team_ids) | Q(assignee=rights.user_id)
    )


def _as_requester(user: User) -> Q:
    shared = Participant.objects.filter(service_request=OuterRef("pk"), user=user)
    return Q(requester=user) | Q(approver=user) | Q(Exists(shared))


def _as_provider(rights: Standing) -> Q:
    handed_on = PastProvider.objects.filter(
        service_request=OuterRef("pk"), department__in=rights.agent_of
    )
    return _works_on(rights) | Q(Exists(handed_on), restricted=False)


def _as_manager(rights: Standing) -> Q:
    """Requests to the departments that the person covers; restricted ones never."""
    covered = Q() if rights.manages_organisation else Q(provider_department__in=rights.manages)
    return covered & Q(restricted=False)


def _as_reader(user: User) -> Q:
    """Whatever the person reads without the provider's notes."""
    rights = standing(user)
    rule = _as_requester(user)
    return rule | _as_manager(rights) if rights.is_manager else rule


def visible_to(user: User) -> ServiceRequestQuerySet:
    """The requests that the person may see at all; for finding one, not for long lists."""
    rights = standing(user)
    rule = _as_reader(user)
    if rights.is_agent:
        rule |= _as_provider(rights)
    return ServiceRequest.objects.filter(rule)


def seen_as_requester(user: User) -> ServiceRequestQuerySet:
    """Those of `visible_to` that the person reads as requester, participant, approver, manager."""
    return ServiceRequest.objects.filter(_as_reader(user))


def seen_as_provider(user: User) -> ServiceRequestQuerySet:
    """Those of `visible_to` whose internal notes the person reads; none for who works nowhere."""
    rights = standing(user)
    if not rights.is_agent:
        return ServiceRequest.objects.none()
    return ServiceRequest.objects.filter(_as_provider(rights))


def queue(user: User, department_id: int) -> ServiceRequestQuerySet:
    """The requests of one department that the person works on; none for those who do not."""
    rights = standing(user)
    if department_id not in rights.agent_of:
        return ServiceRequest.objects.none()
    return ServiceRequest.objects.filter(provider_department=department_id).filter(
        Q(restricted=False) | Q(team__in=rights.team_ids) | Q(assignee=user)
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows of a list, and what it leaves out: of those only the number may be said."""

    rows: ServiceRequestQuerySet
    left_out: ServiceRequestQuerySet


def _listed(requests: ServiceRequestQuerySet) -> Listed:
    return Listed(requests.filter(restricted=False), requests.filter(restricted=True))


def covered(user: User, department_id: int) -> Listed:
    """The requests to one department as its manager may read them; nothing for others."""
    rights = standing(user)
    if not (rights.manages_organisation or department_id in rights.manages):
        return _listed(ServiceRequest.objects.none())
    return _listed(ServiceRequest.objects.filter(provider_department=department_id))


def client_view(user: User, department_id: int) -> Listed:
    """What the people of one department asked for, as their lead may list it; nothing for others.

    Of these a lead knows reference, service, status and promise, and no content: a row here opens
    nothing that `visible_to` does not open.
    """
    if department_id not in standing(user).lead_of:
        return _listed(ServiceRequest.objects.none())
    return _listed(ServiceRequest.objects.filter(client_department=department_id))


def mine(user: User) -> ServiceRequestQuerySet:
    """The requests that the person asked for."""
    return ServiceRequest.objects.filter(requester=user)


def shared_with(user: User) -> ServiceRequestQuerySet:
    """The requests of others on which the person is a participant."""
    return ServiceRequest.objects.filter(participants__user=user).exclude(requester=user)


def to_decide(user: User) -> ServiceRequestQuerySet:
    """The requests that wait for the person's approval."""
    return ServiceRequest.objects.filter(approver=user, status=lifecycle.Status.AWAITING_APPROVAL)


def roles(user: User, service_request: ServiceRequest) -> frozenset[Role]:
    """What the person is to the request; empty: may not know of it. At most two queries."""
    rights = standing(user)
    found: set[Role] = set()
    if service_request.requester_id == user.pk:
        found.add(Role.REQUESTER)
    if service_request.approver_id == user.pk:
        found.add(Role.APPROVER)
    if service_request.participants.filter(user=user).exists():
        found.add(Role.PARTICIPANT)
    if rights.agent_of:
        found |= _provider_roles(rights, service_request)
    if _manages(rights, service_request):
        found.add(Role.MANAGER)
    return frozenset(found)


def _provider_roles(rights: Standing, service_request: ServiceRequest) -> set[Role]:
    provider = service_request.provider_department_id
    if provider in rights.agent_of:
        if (
            not service_request.restricted
            or service_request.team_id in rights.team_ids
            or service_request.assignee_id == rights.user_id
        ):
            return {Role.AGENT, Role.LEAD} if provider in rights.lead_of else {Role.AGENT}
        return set()
    if (
        not service_request.restricted
        and service_request.past_providers.filter(department__in=rights.agent_of).exists()
    ):
        return {Role.PAST_PROVIDER}
    return set()


def _manages(rights: Standing, service_request: ServiceRequest) -> bool:
    covered = rights.manages_organisation or (
        service_request.provider_department_id in rights.manages
    )
    return covered and not service_request.restricted


def may(user: User, name: str, service_request: ServiceRequest) -> bool:
    """Whether the person may ever do this to the request, whatever its status.

    Raises UnknownDeed.
    """
    return bool(lifecycle.deed(name).who & roles(user, service_request))


def require(user: User, name: str, service_request: ServiceRequest) -> frozenset[Role]:
    """The person's roles, if the deed is theirs. Raises NotAllowed, UnknownDeed."""
    held = roles(user, service_request)
    if not lifecycle.deed(name).who & held:
        raise NotAllowed(_("This is not yours to do."))
    return held


def sees_provider_side(user: User, service_request: ServiceRequest) -> bool:
    """Whether the person reads internal notes and findings: the provider, past ones included."""
    return bool(roles(user, service_request) & FULL_VIEW)


def offered(held: frozenset[Role], service_request: ServiceRequest) -> list[Deed]:
    """The deeds that someone with these roles may do now, in the table's order."""
    return [deed for deed in lifecycle.possible(service_request.status) if deed.who & held]
