"""Requests in a list: subject, where it stands in plain words, what is promised."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from requests_app.models import ServiceRequest
from requests_app.wording import plain_status
from slas import promises


@dataclass(frozen=True, slots=True)
class Row:
    """One request in a list."""

    service_request: ServiceRequest
    status: str
    """In plain words."""
    chip: promises.PromiseChip | None

    @property
    def is_late(self) -> bool:
        """What was promised is not kept."""
        return self.chip is not None and self.chip.state == "late"


@dataclass(frozen=True, slots=True)
class Rows:
    """Requests in a list, with the open hours by which their promises count down."""

    rows: Sequence[Row]
    calendars: dict[int, Any]

    def __bool__(self) -> bool:
        return bool(self.rows)


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the views of a list."""

    label: str
    url: str
    is_current: bool


def rows_of(service_requests: Sequence[ServiceRequest], now: datetime) -> Rows:
    """The requests with their words and promise chips; two queries, whatever their number."""
    chips = promises.chips(service_requests, now, face="requester")
    calendar_ids = {chip.calendar_id for chip in chips.values() if chip.calendar_id is not None}
    shown = {pk: chip for pk, chip in chips.items() if chip.state != "none"}
    return Rows(
        [Row(one, plain_status(one), shown.get(one.pk)) for one in service_requests],
        promises.open_intervals(calendar_ids, now) if calendar_ids else {},
    )


def rows_by_side(
    service_requests: Sequence[ServiceRequest], ours: Collection[int], now: datetime
) -> Rows:
    """The same for a list of both sides: those of `ours` in the provider's words.

    Three queries, whatever their number.
    """
    mine = [one for one in service_requests if one.pk not in ours]
    work = [one for one in service_requests if one.pk in ours]
    chips = promises.chips(mine, now, face="requester")
    chips |= promises.chips(work, now, face="provider")
    calendar_ids = {chip.calendar_id for chip in chips.values() if chip.calendar_id is not None}
    rows = [
        Row(
            one,
            str(one.info.label) if one.pk in ours else plain_status(one),
            None if chips[one.pk].state == "none" else chips[one.pk],
        )
        for one in service_requests
    ]
    return Rows(rows, promises.open_intervals(calendar_ids, now) if calendar_ids else {})
