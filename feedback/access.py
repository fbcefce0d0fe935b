"""Who reads which answers: the person their own, the provider what is released and has a name.

An answer without a name is in none of these lists; it counts in figures alone (`feedback.blocks`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedback.models import Rating, RatingQuerySet, RecoveryTask, RecoveryTaskQuerySet
from people.access import standing
from requests_app import access

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from people.models import User


def ratings_of(user: User, department_id: int, now: datetime) -> RatingQuerySet:
    """What was said by name of one department, for its leads; nothing for others.

    Only what can no longer be changed, and of restricted requests only those the lead sees.
    """
    if department_id not in standing(user).lead_of:
        return Rating.objects.none()
    return (
        Rating.objects.named()
        .released(now)
        .filter(
            invitation__provider_department=department_id,
            invitation__service_request__in=access.seen_as_provider(user),
        )
    )


def recovery_of(user: User, department_ids: Collection[int]) -> RecoveryTaskQuerySet:
    """Recovery tasks of these departments, as far as the person leads them; of restricted
    requests only those the lead sees.
    """
    led = standing(user).lead_of & set(department_ids)
    if not led:
        return RecoveryTask.objects.none()
    return RecoveryTask.objects.filter(
        department__in=led,
        rating__is_unnamed=False,
        rating__invitation__service_request__in=access.seen_as_provider(user),
    )
