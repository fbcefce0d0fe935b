"""Who is away on a day, and who stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from people.models import Absence

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


def away(user_ids: Iterable[int], day: date) -> dict[int, Absence]:
    """The absence of each of these people who is away on that day, with its deputy; one query.

    The day is a date of the person's own zone. Empty ids cost no query.
    """
    ids = set(user_ids)
    if not ids:
        return {}
    found = Absence.objects.filter(
        user__in=ids, first_day__lte=day, last_day__gte=day
    ).select_related("deputy")
    return {one.user_id: one for one in found}
