"""Recovery: who was dissatisfied by name hears from a lead, and what came of it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from feedback import access
from feedback.models import CALLS_FOR_RECOVERY, Rating, RecoveryTask
from feedback.reasons import Outcome
from requests_app.errors import NotAllowed, Overtaken, Refused, require_fitting
from requests_app.models import ServiceRequest

if TYPE_CHECKING:
    from datetime import datetime

    from people.models import User

LONGEST_NOTE = 2000
"""Characters."""


@dataclass(frozen=True, slots=True)
class Follows:
    """What a rating has brought about."""

    opened_for: int | None = None
    """The department whose leads have something new to look after."""
    withdrawn: bool = False
    """What there was to look after is taken back."""


def follow_rating(rating: Rating, at: datetime) -> Follows:
    """Open the task of a rating just given, or take it back; the request's row is locked.

    One that is done stays done, whatever the rating becomes.
    """
    wanted = rating.score <= CALLS_FOR_RECOVERY and not rating.is_unnamed
    department_id = rating.invitation.provider_department_id
    task = RecoveryTask.objects.filter(rating=rating).first()
    if task is None:
        if not wanted:
            return Follows()
        RecoveryTask.objects.create(rating=rating, department_id=department_id, opened_at=at)
        return Follows(opened_for=department_id)
    if task.done_at is not None or wanted is (task.withdrawn_at is None):
        return Follows()
    if wanted:
        task.opened_at, task.withdrawn_at, task.assignee = at, None, None
    else:
        task.withdrawn_at = at
    task.save(update_fields=["opened_at", "withdrawn_at", "assignee"])
    return Follows(opened_for=department_id) if wanted else Follows(withdrawn=True)


def _open_task(task_id: int, by: User) -> RecoveryTask:
    """The task, its request locked. Raises RecoveryTask.DoesNotExist, NotAllowed, Overtaken."""
    ServiceRequest.objects.lock(
        RecoveryTask.objects.values_list("rating__invitation__service_request_id", flat=True).get(
            pk=task_id
        )
    )
    task = RecoveryTask.objects.select_related("rating__invitation__person").get(pk=task_id)
    if not access.recovery_of(by, [task.department_id]).filter(pk=task_id).exists():
        raise NotAllowed(_("A lead of the department looks after this."))
    if task.done_at is not None:
        raise Overtaken(_("Someone has looked after this already."))
    if task.withdrawn_at is not None:
        raise Overtaken(_("The answer was changed meanwhile; there is nothing left to look after."))
    return task


@transaction.atomic
def take(task_id: int, *, by: User) -> RecoveryTask:
    """Say that one looks after it, also instead of another lead. Raises as `_open_task`."""
    task = _open_task(task_id, by)
    task.assignee = by
    task.save(update_fields=["assignee"])
    return task


@transaction.atomic
def settle(task_id: int, *, outcome: str, note: str = "", by: User, at: datetime) -> RecoveryTask:
    """Say what came of it. Raises Refused with the field, and as `_open_task`."""
    note = note.strip()
    if outcome not in Outcome.values:
        raise Refused(_("Say what came of it."), field="outcome")
    require_fitting(note, LONGEST_NOTE, field="note")
    task = _open_task(task_id, by)
    task.outcome, task.note, task.done_at, task.done_by = outcome, note, at, by
    task.assignee = task.assignee or by
    task.save(update_fields=["outcome", "note", "done_at", "done_by", "assignee"])
    return task
