"""Answers without a name, put together before they count.

An answer without a name is never shown; and it counts in no figure by itself, for whoever reads
the figure today and tomorrow, or for all services and then for one, could take one from the other.
So such answers count in blocks of five about one department, all five from the same moment on, and
only in figures of the whole department: every figure then holds a block whole or not at all, and
no two of them differ by fewer than five.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db import transaction

from feedback import tallied
from feedback.models import EDITABLE_FOR, Rating

if TYPE_CHECKING:
    from datetime import datetime

BLOCK = 5
"""Answers in a block."""


@transaction.atomic
def gather(now: datetime) -> int:
    """Let those count of which five are together by `now`; how many began to.

    They count from the moment at which the last of the five was released, whenever this runs:
    figures of a past played through afterwards are those that were shown. Few queries. Only what
    can no longer be changed is touched; the second of two workers at once finds nothing left.
    """
    waiting = (
        Rating.objects.released(now)
        .filter(is_unnamed=True, counts_at=None)
        .order_by("at", "pk")
        .select_for_update(of=("self",), no_key=True)
        .select_related("invitation")
    )
    by_department: dict[int, list[Rating]] = defaultdict(list)
    for one in waiting:
        by_department[one.invitation.provider_department_id].append(one)
    counted: list[Rating] = []
    for rows in by_department.values():
        for start in range(0, len(rows) - BLOCK + 1, BLOCK):
            block = rows[start : start + BLOCK]
            for one in block:
                one.counts_at = block[-1].at + EDITABLE_FOR
            counted += block
    pks = [one.invitation_id for one in counted]
    tallied.TALLY.take_back(pks)
    Rating.objects.bulk_update(counted, ["counts_at"])
    tallied.TALLY.add(pks)
    return len(counted)
