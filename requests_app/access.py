"""May she, and which rows: two questions answered from one rule.

`roles` says what a person is to one request, `may` reads the table of deeds with it, and
`visible_to` chooses the rows for which `roles` is not empty. A test walks both and compares.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from people.access import standing
from people.prepared import prepared
from requests_app import lifecycle
from requests_app.errors import NotAllowed
from requests_app.lifecycle import PROVIDER_SIDE, Deed, Role
from requests_app.models import Participant, PastProvider, ServiceRequest, ServiceRequestQuerySet

if TYPE_CHECKING:
    from django.db.models import QuerySet

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


def own_ids(user: User) -> QuerySet[Any]:
    """The ids of `_as_requester`, each by an index of its own."""
    asked = ServiceRequest.objects.order_by().filter(requester=user).values_list("pk")
    decided = ServiceRequest.objects.order_by().filter(approver=user).values_list("pk")
    shared = Participant.objects.order_by().filter(user=user).values_list("service_request")
    return asked.union(decided, shared, all=True)


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


def behind_figures(user: User) -> Listed:
    """All requests that the person may read in a list behind a figure, and all others.

    Managers read what is with the departments they cover; whoever works in a department what they
    work on there, and what it has handed on. A list narrows both by what its figure counts: what
    it leaves out is restricted, or with a department that is not theirs by now.
    """
    rights = standing(user)
    rule = _as_manager(rights) if rights.is_manager else Q(pk__in=[])
    if rights.is_agent:
        rule |= _as_provider(rights)
    rows = ServiceRequest.objects.filter(rule)
    left_out = ServiceRequest.objects.filter(~Exists(rows.filter(pk=OuterRef("pk"))))
    return Listed(rows, left_out)


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


def find(user: User, reference: str, rows: ServiceRequestQuerySet | None = None) -> ServiceRequest:
    """The request with that reference, if the person may know of it: one row of `visible_to`.

    The rule is asked of the row once it is there, which is several times as quick as asking the
    database for all of it. `rows` says how it is fetched. Raises ServiceRequest.DoesNotExist.
    """
    rows = ServiceRequest.objects.all() if rows is None else rows
    found = rows.bare().get(reference=reference)
    if not sees(user, found):
        raise ServiceRequest.DoesNotExist
    rows.complete([found])
    return found


def find_for_page(user: User, reference: str) -> ServiceRequest:
    """The same with what its page shows; a question that is made ready once."""
    found = next(iter(_for_page(reference)), None)
    if found is None or not sees(user, found):
        raise ServiceRequest.DoesNotExist
    ServiceRequest.objects.for_page().complete([found])
    return found


@prepared
def _for_page(reference: str) -> QuerySet[ServiceRequest]:
    return ServiceRequest.objects.for_page().bare().filter(reference=reference)


def find_for_list(user: User, reference: str) -> ServiceRequest | None:
    """The request with that reference as a list shows it, if the person may know of it."""
    found = next(iter(_for_list(reference)), None)
    if found is None or not sees(user, found):
        return None
    ServiceRequest.objects.for_list().complete([found])
    return found


@prepared
def _for_list(reference: str) -> QuerySet[ServiceRequest]:
    return ServiceRequest.objects.for_list().bare().filter(reference=reference)


def read_as_provider(user: User, rows: Sequence[ServiceRequest]) -> set[int]:
    """The ids of those whose internal notes the person reads: `seen_as_provider`, of rows.

    At most one query.
    """
    rights = standing(user)
    if not rights.is_agent:
        return set()
    works_on = {one.pk for one in rows if _works_on_it(rights, one)}
    others = [one.pk for one in rows if one.pk not in works_on and not one.restricted]
    return works_on | set(_handed_on_of(others, rights.agent_of) if others else ())


@prepared
def _handed_on_of(
    service_request_ids: Collection[int], department_ids: Collection[int]
) -> QuerySet[PastProvider, int]:
    found = PastProvider.objects.filter(service_request__among=service_request_ids)
    found = found.filter(department__among=department_ids)
    return found.values_list("service_request_id", flat=True)


def sees(user: User, service_request: ServiceRequest) -> bool:
    """Whether the person may know of the request; no query for most, at most two."""
    return bool(_roles_by_row(user, service_request) or _roles_by_list(user, service_request))


def roles(user: User, service_request: ServiceRequest) -> frozenset[Role]:
    """What the person is to the request; empty: may not know of it. At most two queries."""
    return frozenset(_roles_by_row(user, service_request) | _roles_by_list(user, service_request))


def _roles_by_row(user: User, service_request: ServiceRequest) -> set[Role]:
    """What the request's own row says, and the person's standing."""
    rights = standing(user)
    found: set[Role] = set()
    if service_request.requester_id == user.pk:
        found.add(Role.REQUESTER)
    if service_request.approver_id == user.pk:
        found.add(Role.APPROVER)
    if _works_on_it(rights, service_request):
        leads = service_request.provider_department_id in rights.lead_of
        found |= {Role.AGENT, Role.LEAD} if leads else {Role.AGENT}
    if _manages(rights, service_request):
        found.add(Role.MANAGER)
    return found


def _roles_by_list(user: User, service_request: ServiceRequest) -> set[Role]:
    """What the lists beside it say: with whom it is shared, who has handed it on."""
    rights = standing(user)
    found: set[Role] = set()
    if _shared(service_request.pk, user.pk):
        found.add(Role.PARTICIPANT)
    if (
        rights.agent_of
        and not service_request.restricted
        and service_request.provider_department_id not in rights.agent_of
        and _handed_on(service_request.pk, rights.agent_of)
    ):
        found.add(Role.PAST_PROVIDER)
    return found


@prepared
def _shared(service_request_id: int, user_id: int) -> QuerySet[Participant, int]:
    found = Participant.objects.filter(service_request=service_request_id, user=user_id)
    return found.values_list("pk", flat=True)[:1]


@prepared
def _handed_on(
    service_request_id: int, department_ids: Collection[int]
) -> QuerySet[PastProvider, int]:
    found = PastProvider.objects.filter(service_request=service_request_id)
    return found.filter(department__among=department_ids).values_list("pk", flat=True)[:1]


def _works_on_it(rights: Standing, service_request: ServiceRequest) -> bool:
    """`_works_on`, of one row."""
    return service_request.provider_department_id in rights.agent_of and (
        not service_request.restricted
        or service_request.team_id in rights.team_ids
        or service_request.assignee_id == rights.user_id
    )


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
