"""The queue as a file for a spreadsheet: what the filter shows, read and sent piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from requests_app.models import ServiceRequest
from servicedesk import spreadsheet
from servicedesk.desk.lists import Rows, batches
from servicedesk.desk.rows import turn_words
from slas import promises

BATCH = 1_000


def table(name: str, rows: Rows, order: str, now: datetime, last: str) -> StreamingHttpResponse:
    """All rows of a list as a CSV, moments in the reader's zone; `last` is a word on what is left
    out. Rows are read by key, a thousand at a time: two queries for each thousand.
    """
    zone, language = timezone.get_current_timezone(), translation.get_language()
    return spreadsheet.download(name, _lines(rows, order, now, last, zone, language))


def _lines(
    rows: Rows, order: str, now: datetime, last: str, zone: tzinfo, language: str | None
) -> Iterator[Sequence[Any]]:
    """The reader's zone and language hold for each piece: it is made after the page was left."""
    with translation.override(language):
        yield _headings()
    for some in batches(rows, order, BATCH):
        with timezone.override(zone), translation.override(language):
            chips = promises.chips(some, now, face="provider")
            made = [_line(one, chips.get(one.pk)) for one in some]
        yield from made
    if last:
        yield (last,)


def _headings() -> Sequence[str]:
    return (
        _("Request"),
        _("Subject"),
        _("Client"),
        _("Service"),
        _("Status"),
        _("Whose turn"),
        _("By"),
        _("Promise"),
        _("Due"),
        _("Priority"),
        _("Asked"),
        _("Asked by"),
    )


def _line(one: ServiceRequest, chip: promises.PromiseChip | None) -> Sequence[Any]:
    return (
        one.reference,
        one.subject,
        one.client_department.name,
        one.service.name,
        _(one.info.label),
        turn_words(one),
        one.assignee.name if one.assignee else "",
        chip.words if chip else "",
        _iso(chip.due_at if chip else None),
        one.priority,
        _iso(one.submitted_at),
        one.requester.name,
    )


def _iso(at: datetime | None) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""
