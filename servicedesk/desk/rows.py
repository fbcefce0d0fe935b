"""The rows of a queue, grouped by when: the order made readable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2s
from itertools import groupby
from typing import Any

from django.utils import timezone

from people.translated import gettext as _
from requests_app.lifecycle import Status, Turn
from requests_app.models import NOTHING_DUE, STANDING_STILL, ServiceRequest
from servicedesk.desk.lists import Page


@dataclass(frozen=True, slots=True)
class Row:
    """One request as a line of the queue."""

    service_request: ServiceRequest
    chip: Any
    turn: str
    is_ours: bool
    is_unread: bool
    mark: str = ""
    """Another one as soon as the line would say something else."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading; no count where the page does not hold all of them."""

    title: str
    rows: Sequence[Row]
    count: int | None


def groups(page: Page, chips: dict[int, Any], order: str, now: datetime) -> list[Group]:
    """The page's rows under their headings; one group without a heading where newest come first."""
    rows = [row_of(one, chips.get(one.pk)) for one in page.rows]
    if order == "newest":
        return [Group("", rows, None)] if rows else []
    found = [
        Group(title, list(members), None)
        for title, members in groupby(rows, key=lambda row: when(row.service_request, now))
    ]
    last = len(found) - 1
    return [
        Group(group.title, group.rows, len(group.rows) if _whole(page, n, last) else None)
        for n, group in enumerate(found)
    ]


def _whole(page: Page, number: int, last: int) -> bool:
    begins = page.is_first or number > 0
    ends = not page.next_place or number < last
    return begins and ends


def when(service_request: ServiceRequest, now: datetime) -> str:
    """Under which heading the request stands."""
    due = service_request.queue_at
    if due >= NOTHING_DUE or service_request.status == Status.RESOLVED:
        return _("Done, to be confirmed")
    if due >= STANDING_STILL:
        return _("Standing still")
    if due < now:
        return _("Late")
    today = timezone.localdate(now)
    return _("Due today") if timezone.localdate(due) <= today else _("Tomorrow and later")


MARKED = ("status", "assignee_id", "priority", "queue_at", "ever_breached", "last_deed_at")
"""The columns of a request of which its line is made; what else it shows never changes."""


def mark_of(values: Sequence[Any], *, is_here: bool) -> str:
    """A short mark of a line: of the values of MARKED, and whether it is in the view."""
    return blake2s(repr([*map(str, values), is_here]).encode(), digest_size=5).hexdigest()


def row_of(one: ServiceRequest, chip: Any) -> Row:
    """The request as a line."""
    ours = one.info.turn is Turn.PROVIDER
    mark = mark_of([getattr(one, name) for name in MARKED], is_here=True)
    return Row(one, chip, turn_words(one), ours, ours and _unanswered(one), mark)


def _unanswered(one: ServiceRequest) -> bool:
    if one.requester_spoke_at is None:
        return False
    return one.provider_spoke_at is None or one.requester_spoke_at > one.provider_spoke_at


def turn_words(one: ServiceRequest) -> str:
    """Whose turn it is, from the provider's side."""
    match one.info.turn:
        case Turn.PROVIDER:
            return _("Us")
        case Turn.REQUESTER:
            return _("Requester")
        case Turn.APPROVER:
            return _("Approval")
        case Turn.THIRD_PARTY:
            return _("Third party")
        case _:
            return ""
