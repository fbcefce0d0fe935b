"""Who is asked how a resolution was received, and when.

30 minutes after a resolution (a setting), unless the request was reopened meanwhile; never people
who serve there themselves; one person at most once in 7 days about one department.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Q, QuerySet

from catalogue.models import Service
from feedback import tallied
from feedback.models import Invitation, State, Withdrawal
from people.models import Membership, User
from people.prepared import prepared
from requests_app import timeline
from requests_app.kinds import Invited, Via
from requests_app.models import ServiceRequest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from requests_app.models import Event

OPEN_FOR = timedelta(days=14)
"""How long an invitation can be answered."""
NOT_AGAIN_FOR = timedelta(days=7)
"""A person is asked about one department at most once in this time."""

_SALT = "feedback.rate"


class BadLink(Exception):
    """A link that we never wrote, or that someone altered."""


class ExpiredLink(Exception):
    """A link that was ours and is no longer good: too old, or taken back; `state` says which."""

    def __init__(self, state: State) -> None:
        self.state = state
        super().__init__(str(state))


def follow(events: Sequence[Event]) -> None:
    """Plan an invitation for each resolution, take it back when the request is reopened.

    Four queries at most, whatever the number of events; nothing the second time.
    """
    resolved = [one for one in events if one.kind == "resolved" and one.via != Via.IMPORT]
    reopened = [one for one in events if one.kind == "reopened" and one.via != Via.IMPORT]
    if resolved:
        _plan(resolved)
    if reopened:
        _take_back(reopened)


def _plan(events: Sequence[Event]) -> None:
    own = _of_their_own_service(events)
    after = timedelta(seconds=settings.FEEDBACK_INVITE_AFTER_SECONDS)
    Invitation.objects.bulk_create(
        [
            Invitation(
                service_request=service_request,
                resolution=event,
                person_id=service_request.requester_id,
                client_department_id=service_request.client_department_id,
                provider_department_id=service_request.provider_department_id,
                service_id=service_request.service_id,
                team_id=service_request.team_id,
                assignee_id=service_request.assignee_id,
                was_breached=service_request.ever_breached,
                due_at=event.at + after,
                expires_at=event.at + after + OPEN_FOR,
            )
            for event in events
            for service_request in [event.service_request]
            if event.pk not in own
        ],
        ignore_conflicts=True,
    )


def _of_their_own_service(events: Sequence[Event]) -> set[int]:
    """Ids of resolutions that would be judged by one of those who served, or own the service."""
    requests = [event.service_request for event in events]
    serving = set(
        Membership.objects.filter(
            user__in={one.requester_id for one in requests},
            team__department__in={one.provider_department_id for one in requests},
        ).values_list("user_id", "team__department_id")
    )
    owners = dict(
        Service.objects.filter(pk__in={one.service_id for one in requests}).values_list(
            "pk", "owner_id"
        )
    )
    return {
        event.pk
        for event, one in zip(events, requests, strict=True)
        if (one.requester_id, one.provider_department_id) in serving
        or one.requester_id in (event.actor_id, one.assignee_id, owners.get(one.service_id))
    }


def _take_back(events: Sequence[Event]) -> None:
    earlier = Q(pk__in=[])
    moments: dict[int, datetime] = {}
    for event in events:
        earlier |= Q(service_request=event.service_request_id, resolution__lt=event.pk)
        moments[event.service_request_id] = event.at
    found = list(Invitation.objects.filter(earlier, withdrawn_at=None, rating=None))
    for invitation in found:
        invitation.withdrawn_at = moments[invitation.service_request_id]
        invitation.withdrawal = Withdrawal.REOPENED
    pks = [invitation.pk for invitation in found]
    tallied.TALLY.take_back(pks)
    Invitation.objects.bulk_update(found, ["withdrawn_at", "withdrawal"])
    tallied.TALLY.add(pks)


def advance(
    now: datetime,
    *,
    via: Via = Via.DESK,
    service_request_ids: Iterable[int] | None = None,
    batch: int = 200,
) -> int:
    """Send the invitations that are due by `now`; how many were sent.

    Each page is a short transaction of its own, with the requests locked first; a request that
    someone else works on right now is left for the next time. `service_request_ids` narrows it to
    those (an imported or seeded case, with a past `now`).
    """
    due = Invitation.objects.due(now)
    if service_request_ids is not None:
        due = due.filter(service_request__in=list(service_request_ids))
    sent = 0
    last: tuple[datetime, int] | None = None
    while True:
        page = due
        if last is not None:
            page = due.filter(Q(due_at__gt=last[0]) | Q(due_at=last[0], pk__gt=last[1]))
        rows = list(page.order_by("due_at", "pk").values_list("due_at", "pk")[:batch])
        if not rows:
            return sent
        last = rows[-1]
        with transaction.atomic():
            sent += _invite([pk for _due, pk in rows], now, via)


def _invite(invitation_ids: Sequence[int], now: datetime, via: Via) -> int:
    """Lock, look again, sort out, send: one page, inside its transaction."""
    requests = {
        one.pk: one
        for one in ServiceRequest.objects.filter(invitations__in=invitation_ids)
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
    }
    due = list(
        Invitation.objects.due(now)
        .filter(pk__in=invitation_ids, service_request__in=requests)
        .order_by("due_at", "pk")
    )
    # The people after the requests, by id: two workers must not ask one person twice at once.
    active = dict(
        User.objects.filter(pk__in={one.person_id for one in due})
        .order_by("pk")
        .select_for_update(no_key=True)
        .values_list("pk", "is_active")
    )
    asked = _asked(due)
    to_send = []
    for one in due:
        pair = (one.person_id, one.provider_department_id)
        if not active[one.person_id]:
            one.withdrawn_at, one.withdrawal = now, Withdrawal.LEFT
        elif any(abs(one.due_at - at) < NOT_AGAIN_FOR for at in asked[pair]):
            one.withdrawn_at, one.withdrawal = now, Withdrawal.ASKED_LATELY
        else:
            one.invited_at = one.due_at
            one.expires_at = max(one.due_at, now) + OPEN_FOR
            asked[pair].append(one.due_at)
            to_send.append(one)
    Invitation.objects.bulk_update(due, ["invited_at", "expires_at", "withdrawn_at", "withdrawal"])
    tallied.TALLY.add([one.pk for one in to_send])
    timeline.record_many(
        [
            timeline.event(
                requests[one.service_request_id],
                "invited",
                Invited(invitation_id=one.pk),
                by=None,
                at=one.due_at,
                via=via,
                key=f"invited:{one.pk}",
            )
            for one in to_send
        ]
    )
    return len(to_send)


def _asked(due: Sequence[Invitation]) -> dict[tuple[int, int], list[datetime]]:
    """When these people were asked about these departments, as far as it may matter now."""
    asked: dict[tuple[int, int], list[datetime]] = defaultdict(list)
    if due:
        earlier = Invitation.objects.filter(
            person__in={one.person_id for one in due},
            provider_department__in={one.provider_department_id for one in due},
            invited_at__gt=due[0].due_at - NOT_AGAIN_FOR,
            invited_at__lt=due[-1].due_at + NOT_AGAIN_FOR,
        )
        for person_id, department_id, at in earlier.values_list(
            "person_id", "provider_department_id", "invited_at"
        ):
            if at is not None:
                asked[person_id, department_id].append(at)
    return asked


def token(invitation: Invitation) -> str:
    """The signed word in the link of an invitation: good for rating it, and for nothing else."""
    return signing.Signer(salt=_SALT).sign(str(invitation.pk))


def from_token(text: str, *, now: datetime) -> Invitation:
    """The invitation that a link names, with its rating if there is one.

    Raises BadLink for what we did not sign, ExpiredLink where it is too old or was taken back. An
    invitation already answered is handed out, so that its page can say so.
    """
    try:
        pk = int(signing.Signer(salt=_SALT).unsign(text))
        invitation = Invitation.objects.select_related(
            "rating", "service_request", "provider_department", "service", "person"
        ).get(pk=pk)
    except (signing.BadSignature, ValueError, Invitation.DoesNotExist) as error:
        raise BadLink(str(error)) from error
    state = invitation.state(now)
    if state in (State.EXPIRED, State.WITHDRAWN, State.NOT_YET):
        raise ExpiredLink(state)
    return invitation


def open_for(user: User, now: datetime) -> list[Invitation]:
    """What the person may rate now and has not, the oldest first; one query."""
    return _open_for(user.pk, now)


@prepared
def _open_for(user_id: int, now: datetime) -> QuerySet[Invitation]:
    return (
        Invitation.objects.open(now)
        .filter(person=user_id)
        .select_related("service_request", "provider_department")
        .order_by("invited_at", "pk")
    )


def latest_of(service_request: ServiceRequest) -> Invitation | None:
    """The last invitation of a request that was sent, with its rating if there is one."""
    return (
        Invitation.objects.sent()
        .filter(service_request=service_request)
        .select_related("rating", "provider_department")
        .order_by("pk")
        .last()
    )
