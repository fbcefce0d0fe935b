"""The reason for a breach: who is asked for it, and what they say."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from people.access import standing
from people.models import User
from requests_app import access, timeline
from requests_app.access import FULL_VIEW
from requests_app.errors import NotAllowed, Refused, require_fitting
from requests_app.kinds import BreachExplained, Via
from requests_app.lifecycle import Role
from requests_app.models import ServiceRequest
from requests_app.reporting import reporting
from slas import engine
from slas.models import LONGEST_NOTE, BreachReason, Clock, Reason

Key = tuple[str, int, int]
"""(metric, cycle, sequence) of a clock."""


def asked_of(user: User, held: Collection[Role], department_id: int) -> bool:
    """Whether this person says why a clock was late for which that department answers.

    `held` is what they are to the request: whoever works in the department and reads the request
    as its provider, also once it was handed on. No query.
    """
    return bool(set(held) & FULL_VIEW) and department_id in standing(user).agent_of


def said_of(service_request: ServiceRequest) -> dict[Key, BreachReason]:
    """The reasons that were given for the clocks of a request: one query."""
    rows = BreachReason.objects.filter(service_request=service_request).select_related("by")
    return {one.key: one for one in rows}


def unexplained(
    user: User, held: Collection[Role], service_request: ServiceRequest, clocks: Iterable[Clock]
) -> list[Clock]:
    """The broken promises among the clocks that this person is to explain and nobody has.

    A department's own time is not asked about. No query where none was late.
    """
    late = [
        one
        for one in clocks
        if one.breached_at is not None
        and one.metric in engine.PROMISES
        and asked_of(user, held, one.department_id)
    ]
    if not late:
        return []
    said = said_of(service_request)
    return [one for one in late if (one.metric, one.cycle, one.sequence) not in said]


def may_change(
    service_request: ServiceRequest, breached_at: datetime | None, month_began: datetime
) -> bool:
    """Whether what was said can still be changed: while the request lives, in the breach's month.

    After that it stands, for it is part of a past month's figure.
    """
    is_past = breached_at is None or breached_at < month_began
    return not service_request.is_final and not is_past


@transaction.atomic
def explain(
    service_request: ServiceRequest,
    key: Key,
    *,
    reason: str,
    note: str = "",
    by: User,
    at: datetime,
    via: Via = Via.PAGE,
) -> BreachReason:
    """Say why a clock was late, or change what was said; each time an event is recorded.

    The same again changes nothing. Raises NotAllowed for who is not asked; Refused, with the
    field, for what is no reason, for a clock that was not late, or where what was said stands.
    """
    locked = ServiceRequest.objects.lock(service_request.pk)
    metric, cycle, sequence = key
    clock = Clock.objects.filter(
        service_request=locked, metric=metric, cycle=cycle, sequence=sequence
    ).first()
    if clock is None or not asked_of(by, access.roles(by, locked), clock.department_id):
        raise NotAllowed(_("This is not yours to do."))
    if clock.breached_at is None:
        raise Refused(_("This promise was not late."))
    if reason not in Reason.values:
        raise Refused(_("Choose a reason."), field="reason")
    note = note.strip()
    require_fitting(note, LONGEST_NOTE, field="note")
    said = BreachReason.objects.filter(
        service_request=locked, metric=metric, cycle=cycle, sequence=sequence
    ).first()
    if said is not None and (said.reason, said.note) == (reason, note):
        return said
    before = None
    if said is None:
        said = BreachReason(
            service_request=locked, metric=metric, cycle=cycle, sequence=sequence, at=at
        )
    elif not may_change(locked, clock.breached_at, reporting(at).month.start):
        raise Refused(_("What was said stands: it is part of the figures of a month by now."))
    else:
        before, said.changed_at = said.reason, at
    said.reason, said.note, said.by = reason, note, by
    said.save()
    timeline.record(
        locked,
        "breach_explained",
        BreachExplained(
            reason_id=said.pk,
            metric=metric,
            cycle=cycle,
            sequence=sequence,
            reason=reason,
            before=before,
        ),
        by=by,
        at=at,
        via=via,
    )
    return said
