"""What leads have made of those who were dissatisfied."""

from __future__ import annotations

from datetime import datetime, timedelta

from feedback import recovery
from feedback.models import RecoveryTask
from feedback.reasons import Outcome
from people.models import Membership, User
from requests_app.access import seen_as_provider

SPOKEN_AFTER = timedelta(hours=22)
LEFT_OPEN = timedelta(days=4)
_NOTES = (
    (Outcome.SPOKE, "Called; the wait was the worst of it. Agreed to write sooner next time."),
    (Outcome.PUT_RIGHT, "Went there with them and finished it the same afternoon."),
    (Outcome.EXPLAINED, "They had not seen our second message. It works now."),
    (Outcome.SPOKE, "Coffee. A fair point about having to tell it to three of us."),
    (Outcome.NOT_REACHED, "Tried twice; on leave until next month."),
    (Outcome.PUT_RIGHT, ""),
)


def look_after(now: datetime) -> int:
    """Let leads have looked after those who were dissatisfied, but for the newest and a few more.

    Which ones, and what came of it, follows from the story alone; how many were looked after.
    """
    rows = (
        RecoveryTask.objects.open()
        .filter(opened_at__lt=now - LEFT_OPEN)
        .exclude(rating__invitation__service_request__source_case="")
        .select_related("rating__invitation__service_request")
        .order_by("opened_at", "pk")
    )
    done = 0
    leads: dict[tuple[int, int], User | None] = {}
    for task in rows:
        asked = task.rating.invitation
        number = int(asked.service_request.source_case or 0)
        place = (asked.team_id, asked.service_request_id if asked.service_request.restricted else 0)
        if place not in leads:
            leads[place] = _lead(task)
        lead = leads[place]
        if lead is None or number % 9 == 0:
            continue
        outcome, note = _NOTES[number % len(_NOTES)]
        at = min(task.opened_at + SPOKEN_AFTER, now)
        recovery.settle(task.pk, outcome=outcome, note=note, by=lead, at=at)
        done += 1
    return done


def _lead(task: RecoveryTask) -> User | None:
    """A lead of the department who sees the request; of the team that served, if it has one."""
    team_id = task.rating.invitation.team_id
    memberships = Membership.objects.filter(
        team__department=task.department_id, is_lead=True, user__is_active=True
    ).select_related("user")
    for one in sorted(memberships, key=lambda one: (one.team_id != team_id, one.user_id)):
        if seen_as_provider(one.user).filter(pk=task.rating.invitation.service_request_id).exists():
            return one.user
    return None
