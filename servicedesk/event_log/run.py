"""The whole import: read, play case by case, sweep once at the end, report."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from requests_app.actions import AlreadyImported
from requests_app.kinds import Via
from requests_app.models import ServiceRequest
from servicedesk import counting
from servicedesk.event_log import reading, replay
from servicedesk.event_log.cast import Cast
from servicedesk.event_log.mapping import Mapping
from servicedesk.event_log.report import Report
from slas import sweep

Watch = Callable[[Iterable[reading.Case], int], Iterable[reading.Case]]
"""Hands the cases on while showing how far it is."""


def import_log(path: Path, mapping: Mapping, *, now: datetime, watch: Watch) -> Report:
    """Import every case that is not here yet, each in one transaction of its own.

    May be stopped anywhere and started again: what is here is skipped. Makes no notices.
    Raises BadLog, BadMapping before anything is changed.
    """
    log = reading.read(path, mapping)
    report = Report(rows=log.rows, refusals=list(log.refusals))
    if not log.cases:
        return report
    cast = Cast(mapping, begins=log.cases[0].rows[0].at)
    cast.prepare()
    here = set(
        ServiceRequest.objects.filter(source=mapping.source).values_list("source_case", flat=True)
    )
    imported: list[int] = []
    for case in watch(log.cases, len(log.cases)):
        played = None if case.name in here else _play(case, mapping, cast)
        if played is None:
            report.cases_here_already += 1
            report.rows_here_already += len(case.rows)
        else:
            report.add(played)
            imported += [played.request_id] if played.request_id else []
    sweep.settle(imported, now, Via.IMPORT)
    counting.keep_up(now)
    return report


def _play(case: reading.Case, mapping: Mapping, cast: Cast) -> replay.Played | None:
    try:
        return replay.play(case, mapping, cast)
    except AlreadyImported:  # someone else imports the same log at this moment
        cast.forget()
        return None
