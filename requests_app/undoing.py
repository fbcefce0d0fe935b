"""Taking back what was just done, as long as nothing has happened since."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from people.models import User
from requests_app import actions
from requests_app.errors import Refused
from requests_app.kinds import FINDINGS, Via
from requests_app.models import Event, ServiceRequest

if TYPE_CHECKING:
    from collections.abc import Iterable


@transaction.atomic
def give_back(
    service_request: ServiceRequest, *, key: str, by: User, at: datetime, via: Via = Via.PAGE
) -> ServiceRequest:
    """Take back the person's own taking or assigning of that key, by deeds that do the opposite.

    Whoever had the request before has it again. Raises NotAllowed, StaleMove; Refused where there
    is nothing of theirs to take back, or something has happened since.
    """
    locked = ServiceRequest.objects.lock(service_request.pk)
    mine = Event.objects.filter(service_request=locked, actor=by, kind__in=("taken", "assigned"))
    done = mine.filter(key=key).first()
    if done is None:
        raise Refused(_("there is nothing to take back."))
    since = Event.objects.filter(service_request=locked, pk__gt=done.pk)
    if _deeds(since):
        raise Refused(_("something has happened since."))
    before = User.objects.filter(pk=done.data.before_id).first()
    if done.kind == "taken":
        locked = actions.release(locked, by=by, at=at, via=via)
    if done.kind == "assigned" or before is not None:
        locked = actions.assign(locked, assignee=before, by=by, at=at, via=via)
    return locked


def _deeds(events: Iterable[Event]) -> bool:
    return any(event.kind not in FINDINGS for event in events)
