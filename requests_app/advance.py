"""What time alone does to requests: it wakes those that wait, and closes those that are done."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from requests_app import actions, timeline, waiting
from requests_app.kinds import LookAgain, Nudged, Via
from requests_app.lifecycle import Status
from requests_app.models import ServiceRequest
from requests_app.waiting import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from requests_app.waiting import Coming

logger = logging.getLogger(__name__)


def advance(now: datetime, *, batch: int = 200, via: Via = Via.DESK) -> int:
    """Do what time does up to now; returns to how many requests. Each in its own transaction.

    Everything is dated at the moment at which it was to happen, however late this is called. May
    run any number of times at once: a row that someone else holds is left for the next time, and
    one that fails is logged and keeps none of the others waiting.
    """
    return _each("wakes_at", now, batch, via, _wake) + _each("closes_at", now, batch, via, _close)


def _each(
    column: str,
    now: datetime,
    batch: int,
    via: Via,
    do: Callable[[int, datetime, Via], int],
) -> int:
    done = 0
    for page in _pages(column, now, batch):
        for pk in page:
            try:
                done += do(pk, now, via)
            except Exception:
                if via != Via.DESK:
                    raise
                logger.exception("Time could not go on for request %s", pk)
    return done


def _pages(column: str, now: datetime, batch: int) -> Iterator[list[int]]:
    """What is due by this column, in pages along its partial index, read without a lock."""
    due = ServiceRequest.objects.filter(**{f"{column}__lte": now}).order_by(column, "pk")
    if column == "closes_at":
        due = due.filter(status=Status.RESOLVED)
    rest = due
    while True:
        page = list(rest.values_list("pk", column)[:batch])
        yield [pk for pk, _at in page]
        if len(page) < batch:
            return
        last, at = page[-1]
        rest = due.filter(**{f"{column}__gte": at}).exclude(**{column: at, "pk__lte": last})


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


# -- Waiting -------------------------------------------------------------------------------------


@transaction.atomic
def _wake(pk: int, now: datetime, via: Via) -> int:
    """Take every step that is due, each with its own time; of several only the last is told."""
    service_request = (
        ServiceRequest.objects.select_for_update(no_key=True, skip_locked=True)
        .filter(pk=pk, wakes_at__lte=now)
        .first()
    )
    if service_request is None or service_request.wakes_at is None:
        return 0
    planned = service_request.wakes_at
    steps = waiting.coming(service_request, waiting.calendar_of(service_request, now))
    due = [one for one in steps if max(one.at, planned) <= now]
    for number, step in enumerate(due, start=1):
        at = max(step.at, planned, service_request.status_since)
        _take(service_request, step, at, via, overtaken=number < len(due))
    if not due or due[-1].step in (Step.NUDGE, Step.LOOK_AGAIN):
        # The calendar may have changed since: then the moment is only put right.
        left = steps[len(due) :]
        service_request.wakes_at = max(left[0].at, planned) if left else None
        service_request.save(update_fields=["wakes_at", "nudges", "look_again_on"])
    return bool(due)


def _take(
    service_request: ServiceRequest, step: Coming, at: datetime, via: Via, *, overtaken: bool
) -> None:
    """One step. Its key is that of this waiting: the next question begins anew."""
    stamp = int(service_request.status_since.timestamp() * 1_000_000)
    key = f"{step.step}:{step.number}:{stamp}"
    match step.step:
        case Step.NUDGE:
            payload = Nudged(
                number=step.number, question_id=_question(service_request), overtaken=overtaken
            )
            timeline.record(service_request, "nudged", payload, by=None, at=at, via=via, key=key)
            service_request.nudges = step.number
        case Step.LOOK_AGAIN:
            found = LookAgain(overtaken=overtaken)
            timeline.record(service_request, "look_again", found, by=None, at=at, via=via, key=key)
            service_request.look_again_on = None
        case Step.GO_ON:
            at = max(at, service_request.last_deed_at)
            actions.resume(service_request, by=None, at=at, via=via, key=key)
        case Step.GIVE_UP:
            service_request.save(update_fields=["nudges", "look_again_on"])
            at = max(at, service_request.last_deed_at)
            actions.resolve(service_request, message=_given_up(), by=None, at=at, via=via, key=key)


def _question(service_request: ServiceRequest) -> int | None:
    """The message of the question that is open now."""
    asked = service_request.events.filter(kind="asked").order_by("-at", "-pk").first()
    return asked.data.message_id if asked else None


def _given_up() -> str:
    return _(
        "We asked you something and have had no answer for 5 working days, so this request is set "
        "to done. If you still need it, say within 5 working days that it is not yet solved, and "
        "we go on from here."
    )
