"""A list as a file: CSV, or a workbook for a spreadsheet; read and sent piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone, translation

from people.translated import gettext as _
from requests_app.models import ServiceRequest, ServiceRequestQuerySet
from servicedesk import spreadsheet
from slas import promises

BATCH = 1_000
WIDTHS = (12, 48, 18, 18, 28, 18, 8, 17, 17, 17, 22)


def as_csv(
    name: str, rows: ServiceRequestQuerySet, now: datetime, last: Sequence[str]
) -> StreamingHttpResponse:
    """All rows, the newest first, moments in the reader's zone; `last` says what is left out.

    Rows are read by key, a thousand at a time: two queries for each thousand. No person is named:
    a figure is about departments.
    """
    zone, language = timezone.get_current_timezone(), translation.get_language()
    lines = (
        [_iso(value, zone) if isinstance(value, datetime) else value for value in line]
        for line in _lines(rows, now, last, zone, language)
    )
    return spreadsheet.download(f"{name}.csv", lines)


def as_xlsx(
    name: str, title: str, rows: ServiceRequestQuerySet, now: datetime, last: Sequence[str]
) -> FileResponse:
    """The same as a workbook."""
    zone, language = timezone.get_current_timezone(), translation.get_language()
    return spreadsheet.workbook(
        f"{name}.xlsx",
        title,
        _lines(rows, now, last, zone, language),
        widths=WIDTHS,
        more=_("More rows than a sheet holds: the CSV has them all."),
    )


def _lines(
    rows: ServiceRequestQuerySet,
    now: datetime,
    last: Sequence[str],
    zone: tzinfo,
    language: str | None,
) -> Iterator[Sequence[Any]]:
    """The reader's zone and language hold for each piece: it is made after the page was left."""
    with translation.override(language):
        yield _headings()
    for some in _batches(rows):
        with timezone.override(zone), translation.override(language):
            chips = promises.chips(some, now, face="requester")
            made = [_line(one, chips.get(one.pk)) for one in some]
        yield from made
    for words in last:
        yield (words,)


def _batches(rows: ServiceRequestQuerySet) -> Iterator[Sequence[ServiceRequest]]:
    newest = rows.for_list().order_by("-pk")
    some = list(newest[:BATCH])
    while some:
        yield some
        some = list(newest.filter(pk__lt=some[-1].pk)[:BATCH]) if len(some) == BATCH else []


def _headings() -> Sequence[str]:
    return (
        _("Request"),
        _("Subject"),
        _("Department"),
        _("Client"),
        _("Service"),
        _("Status"),
        _("Priority"),
        _("Asked"),
        _("Due"),
        _("Done"),
        _("Promise"),
    )


def _line(one: ServiceRequest, chip: promises.PromiseChip | None) -> Sequence[Any]:
    return (
        one.reference,
        one.subject,
        one.provider_department.name,
        one.client_department.name,
        one.service.name,
        _(one.info.label),
        one.priority,
        one.submitted_at,
        chip.due_at if chip else None,
        one.resolved_at,
        chip.words if chip else "",
    )


def _iso(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).isoformat(timespec="seconds")
