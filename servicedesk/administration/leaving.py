"""What happens in all packages when a person leaves, or may no longer work somewhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

import people.actions
from people.models import Membership, User
from requests_app.actions import hand_on_approvals, return_work
from requests_app.kinds import Via
from requests_app.models import ServiceRequest


@transaction.atomic
def leave(person: User, *, by: User | None, at: datetime) -> int:
    """The person leaves; open work goes back to the queue, approvals go to who stands in.

    How many requests went back.

    Raises PermissionDenied; ValidationError for the last administrator.
    """
    people.actions.leave(person, by=by, at=at)
    hand_on_approvals(person, by=by, at=at)
    return len(return_work(person, by=by, at=at))


@transaction.atomic
def leave_team(membership: Membership, *, by: User | None, at: datetime) -> int:
    """The person leaves a team; work they can then no longer see goes back to the queue.

    That is all of the department's, once they are in none of its teams. Raises PermissionDenied.
    """
    person, department_id = membership.user, membership.team.department_id
    people.actions.leave_team(membership, by=by, at=at)
    if Membership.objects.filter(user=person, team__department=department_id).exists():
        return 0
    return len(return_work(person, by=by, at=at, department_ids=[department_id]))


def return_work_of(person_ids: Iterable[int], *, by: User | None, at: datetime, via: Via) -> int:
    """Return the open work of many people; how many requests went back. In a transaction."""
    gone = list(person_ids)
    asked = ServiceRequest.objects.open().filter(approver__in=gone)
    for one in User.objects.in_bulk(asked.values_list("approver", flat=True)).values():
        hand_on_approvals(one, by=by, at=at, via=via)
    busy = ServiceRequest.objects.open().filter(assignee__in=gone)
    ids = busy.order_by("assignee").values_list("assignee", flat=True).distinct()
    found = User.objects.in_bulk([pk for pk in ids if pk is not None])
    return sum(len(return_work(one, by=by, at=at, via=via)) for one in found.values())
