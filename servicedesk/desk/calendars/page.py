"""What stands on the pages about calendars, and about what applying them moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calendars import wording as hours_wording
from calendars.changes import changes
from calendars.contents import Contents
from calendars.models import Calendar, CalendarVersion
from people.models import Department, User
from requests_app import access
from requests_app.models import ServiceRequest
from slas.models import METRIC_CHOICES, Agreement, Kind, Reapplying
from slas.reapply.preview import Line, Preview
from slas.reapply.rules import Move

LINES = 50
"""Requests on a page of a preview."""

_METRICS = dict(METRIC_CHOICES)


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """A calendar in the list of its department."""

    calendar: Calendar
    version: CalendarVersion | None
    week: list[tuple[str, str]]
    place: str


def list_rows(department: Department) -> list[CalendarRow]:
    """The department's calendars with what they say now; two queries."""
    newest = CalendarVersion.objects.current().filter(calendar__department=department)
    versions = {one.calendar_id: one for one in newest.select_related("created_by")}
    calendars = department.calendars.order_by("-is_default", "name")
    return [_row(one, versions.get(one.pk)) for one in calendars]


def _row(calendar: Calendar, version: CalendarVersion | None) -> CalendarRow:
    if version is None:
        return CalendarRow(calendar, None, [], "")
    said = Contents.of(version)
    place = hours_wording.country(said.country, said.subdivision)
    return CalendarRow(calendar, version, hours_wording.week(said.hours), place)


# Versions


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version, with what is different from the one before."""

    version: CalendarVersion
    changes: list[str]
    is_first: bool


def version_rows(shown: Sequence[CalendarVersion]) -> list[VersionRow]:
    """Newest first; one query for the one before the oldest shown."""
    if not shown:
        return []
    oldest = shown[-1]
    before = oldest.calendar.versions.filter(number=oldest.number - 1).first()
    following = [*shown[1:], before]
    return [
        VersionRow(one, _changes(earlier, one), earlier is None)
        for one, earlier in zip(shown, following, strict=True)
    ]


def _changes(before: CalendarVersion | None, after: CalendarVersion) -> list[str]:
    if before is None:
        return []
    found = changes(Contents.of(before), Contents.of(after))
    until = {"date": hours_wording.day(after.covers_until)}
    return found or [_("Public holidays are written out until %(date)s.") % until]


# What would move


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A promise of a request: when it was due, and would be."""

    label: str
    move: Move
    words: str
    tone: str


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request that would move."""

    request: ServiceRequest
    moves: list[MoveRow]


def preview_page(user: User, told: Preview, place: int) -> dict[str, Any]:
    """The counts, and one page of the requests that the person may see; two queries."""
    ids = [line.service_request_id for line in told.lines]
    seen = set(access.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    lines = [line for line in told.lines if line.service_request_id in seen]
    place = place if 0 <= place < len(lines) else 0
    shown = lines[place : place + LINES]
    known = ServiceRequest.objects.in_bulk([line.service_request_id for line in shown])
    return {
        "told": told,
        "sentences": sentences(told),
        "rows": [_request_row(known[line.service_request_id], line) for line in shown],
        "hidden": len(told.lines) - len(lines),
        "from": place + 1,
        "until": place + len(shown),
        "of": len(lines),
        "newer": str(max(0, place - LINES)) if place else "",
        "older": str(place + LINES) if place + LINES < len(lines) else "",
    }


def sentences(told: Preview) -> list[tuple[str, str]]:
    """What it comes to, in words: (tone, sentence)."""
    found = []
    if told.earlier:
        words = ngettext(
            "%(count)d open request would be due earlier", "%(count)d would be due earlier",
            told.earlier,
        ) % {"count": told.earlier}  # fmt: skip
        found.append(("warning", words + _by(told.most_earlier)))
    if told.later:
        words = ngettext(
            "%(count)d open request would be due later", "%(count)d would be due later", told.later
        ) % {"count": told.later}
        found.append(("accent", words + _by(told.most_later)))
    if told.late:
        words = ngettext(
            "%(count)d of them would be late at once", "%(count)d of them would be late at once",
            told.late,
        ) % {"count": told.late}  # fmt: skip
        found.append(("late", f"{words}."))
    if told.never:
        words = ngettext(
            "For %(count)d open request these hours leave too little time: it would never be due.",
            "For %(count)d open requests these hours leave too little time: they would never be "
            "due.",
            told.never,
        ) % {"count": told.never}
        found.append(("late", words))
    if told.same:
        words = ngettext(
            "%(count)d stays as it is.", "%(count)d stay as they are.", told.same
        ) % {"count": told.same}  # fmt: skip
        found.append(("", words))
    return found


def _by(line: Line | None) -> str:
    if line is None or not line.outcome.largest:
        return "."
    return _(", by %(time)s at most.") % {"time": lapse(line.outcome.largest)}


def lapse(shift: timedelta) -> str:
    """A length of time on the wall: "3 days 2 h", "40 min"; the sign is dropped."""
    minutes = round(abs(shift).total_seconds() / 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = []
    if days:
        parts.append(ngettext("%(count)d day", "%(count)d days", days) % {"count": days})
    if hours:
        parts.append(_("%(count)d h") % {"count": hours})
    if minutes and not days:
        parts.append(_("%(count)d min") % {"count": minutes})
    return " ".join(parts) or _("under a minute")


def _request_row(request: ServiceRequest, line: Line) -> RequestRow:
    return RequestRow(request, [_move_row(move) for move in line.outcome.moves])


def _move_row(move: Move) -> MoveRow:
    label = str(_METRICS.get(move.metric, move.metric))
    if move.after is None:
        return MoveRow(label, move, _("no longer promised"), "waiting")
    if move.is_late:
        return MoveRow(label, move, _("late at once"), "late")
    time = {"time": lapse(move.shift)}
    if move.shift < timedelta(0):
        return MoveRow(label, move, _("%(time)s earlier") % time, "warning")
    return MoveRow(label, move, _("%(time)s later") % time, "accent")


# Runs


def what_runs(run: Reapplying) -> str:
    """What it applies, by name."""
    if run.calendar_version is not None:
        words = {"name": run.calendar_version.calendar.name, "number": run.calendar_version.number}
        return _("Version %(number)d of “%(name)s”") % words
    assert run.agreement_version is not None
    words = {
        "name": named(run.agreement_version.agreement),
        "number": run.agreement_version.number,
    }
    return _("Version %(number)d of “%(name)s”") % words


def named(agreement: Agreement) -> str:
    """What a department's leads call it: by its name, or their standard."""
    return agreement.name if agreement.kind == Kind.AGREEMENT else _("Our standard")


def result_words(run: Reapplying) -> str:
    """What came of a finished run, in one sentence."""
    done = ngettext(
        "%(done)d open request goes by it", "%(done)d open requests go by it", run.done
    ) % {"done": run.done}
    moved = [
        words % {"n": n}
        for words, n in (
            (_("%(n)d due earlier"), run.earlier),
            (_("%(n)d due later"), run.later),
            (_("%(n)d due as before"), _same(run)),
        )
        if n
    ]
    return f"{done}: {', '.join(moved)}." if moved else f"{done}."


def _same(run: Reapplying) -> int:
    return max(0, run.done - run.earlier - run.later - len(run.failed))


def percent(run: Reapplying) -> int:
    """How far it is, 0 to 100."""
    return 100 if run.is_finished else min(99, run.done * 100 // max(run.to_do, 1))
