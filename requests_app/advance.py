"""What time alone does to requests: those that nobody reopened close by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from requests_app import actions
from requests_app.kinds import Via
from requests_app.lifecycle import Status
from requests_app.models import ServiceRequest

if TYPE_CHECKING:
    from datetime import datetime


def advance(now: datetime, *, batch: int = 200, via: Via = Via.DESK) -> int:
    """Close what was resolved long enough ago; returns how many. Each in its own transaction.

    They are closed at the moment they were to close, however late this is called. May run any
    number of times at once: a row that someone else holds is left for the next time.
    """
    closed = 0
    while True:
        page = list(
            ServiceRequest.objects.filter(status=Status.RESOLVED, closes_at__lte=now)
            .order_by("closes_at")
            .values_list("pk", flat=True)[:batch]
        )
        done = sum(_close(pk, now, via) for pk in page)
        closed += done
        if len(page) < batch or not done:
            return closed


@transaction.atomic
def _close(pk: int, now: datetime, via: Via) -> int:
    service_request = (
        ServiceRequest.objects.select_for_update(no_key=True, skip_locked=True)
        .filter(pk=pk, status=Status.RESOLVED, closes_at__lte=now)
        .first()
    )
    if service_request is None or service_request.closes_at is None:
        return 0
    actions.close(service_request, by=None, at=service_request.closes_at, via=via)
    return 1
