"""Who is away on a day, and who stands in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from people.models import Absence

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime


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


def stand_ins(user_ids: Iterable[int], at: datetime) -> dict[int, int]:
    """Who stands in for those of these people who are away at that moment; one query.

    Each is away by the dates of their own zone. Whoever has left stands in for nobody.
    """
    a_day = timedelta(days=1)
    rows = Absence.objects.filter(
        user__in=set(user_ids),
        deputy__is_active=True,
        first_day__lte=(at + a_day).date(),
        last_day__gte=(at - a_day).date(),
    ).select_related("user__department")
    return {
        one.user_id: one.deputy_id
        for one in rows
        if one.deputy_id is not None
        and one.first_day <= at.astimezone(ZoneInfo(one.user.zone_name)).date() <= one.last_day
    }
