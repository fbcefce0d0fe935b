"""The rows of a queue, grouped by when: the order made readable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

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


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading; no count where the page does not hold all of them."""

    title: str
    rows: Sequence[Row]
    count: int | None


def groups(page: Page, chips: dict[int, Any], order: str, now: datetime) -> list[Group]:
    """The page's rows under their headings; one group without a heading where newest come first."""
    rows = [_row(one, chips.get(one.pk)) for one in page.rows]
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


def _row(one: ServiceRequest, chip: Any) -> Row:
    ours = one.info.turn is Turn.PROVIDER
    return Row(one, chip, turn_words(one), ours, ours and _unanswered(one))


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
