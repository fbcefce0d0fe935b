"""Today's board of a department, for those who lead it: who has what, and what cannot wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.absence import away
from people.models import Absence, Department, User
from requests_app import access, board
from requests_app.board import Day, Load
from requests_app.models import ServiceRequest, ServiceRequestQuerySet
from slas import promises

MOST_ROWS = 8
"""So many requests of each list stand on the board; all of them are one click away."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who works here: what they have, and whether they are here."""

    name: str
    load: Load
    away: str
    """Until when, and who stands in; empty for those who are here."""
    bar: str
    links: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Some:
    """The first of a list, with how many there are."""

    name: str
    title: str
    empty: str
    tone: str
    count: int
    url: str
    rows: Sequence[tuple[ServiceRequest, promises.PromiseChip | None]]


def board_page(user: User, here: Department, now: Any) -> dict[str, Any]:
    """The board, in a fixed number of queries, however many work here and whatever they have."""
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    day = Day(start, start + timedelta(days=1), now)
    loads = board.load(here.pk, day)
    people = _people(here, loads, timezone.localdate(now))
    lists, calendars = _lists(user, here, day, loads)
    return {
        "department": here,
        "day": day,
        "today": date_format(start, "l j F"),
        "answer": answer(people, lists),
        "people": [one for one in people if one.load.open or one.away],
        "free": [one.name for one in people if not (one.load.open or one.away)],
        "lists": lists,
        "calendars": calendars,
    }


def answer(people: Sequence[Person], lists: Sequence[Some]) -> str:
    """The day in a sentence."""
    counts = {one.name: one.count for one in lists}
    late, due = counts["board-late"], counts["due-today"]
    gone = sum(1 for one in people if one.away)
    pieces = [
        ngettext("%(n)s request is late", "%(n)s requests are late", late) % {"n": late}
        if late
        else _("Nothing is late"),
        ngettext("%(n)s falls due today", "%(n)s fall due today", due) % {"n": due}
        if due
        else _("nothing more falls due today"),
    ]
    words = _("%(late)s, %(due)s.") % {"late": pieces[0], "due": pieces[1]}
    if gone:
        words += " " + ngettext("%(n)s of %(all)s is away.", "%(n)s of %(all)s are away.", gone) % {
            "n": gone,
            "all": sum(1 for one in people if one.load.user_id),
        }
    return words


def _people(here: Department, loads: Sequence[Load], day: Any) -> list[Person]:
    """All who work here, and whoever else has something; who has most first. Two queries."""
    found = {one.user_id: one for one in loads}
    colleagues = dict(
        User.objects.filter(is_active=True, memberships__team__department=here)
        .distinct()
        .values_list("pk", "name")
    )
    others = [pk for pk in found if pk is not None and pk not in colleagues]
    if others:
        colleagues |= dict(User.objects.filter(pk__in=others).values_list("pk", "name"))
    absent = away(colleagues, day)
    most = max((one.open for one in loads), default=0)
    made = [
        _person(here, name, found.get(pk) or Load(pk, 0, 0, 0, 0, 0), absent.get(pk), most)
        for pk, name in colleagues.items()
    ]
    made.sort(key=lambda one: (-one.load.open, one.name))
    if None in found:
        made.insert(0, _person(here, "", found[None], None, most))
    return made


def _person(here: Department, name: str, load: Load, absence: Absence | None, most: int) -> Person:
    wanted = {
        "with": load.open,
        "board-late": load.late,
        "due-today": load.due_today,
        "waiting": load.waiting,
        "stale": load.stale,
    }
    return Person(
        name=name,
        load=load,
        away=_away(absence) if absence else "",
        bar=f"{88 * load.open / most:.1f}" if most else "0",
        links={
            figure.replace("-", "_"): behind(here, figure, who=str(load.user_id or 0)) if n else ""
            for figure, n in wanted.items()
        },
    )


def _away(absence: Absence) -> str:
    last = date_format(absence.last_day, "D j M")
    if absence.deputy:
        return _("away until %(day)s, %(name)s stands in") % {
            "day": last,
            "name": absence.deputy.name,
        }
    return _("away until %(day)s") % {"day": last}


@dataclass(frozen=True, slots=True)
class _List:
    """One list of the board, before it is read."""

    name: str
    title: str
    empty: str
    tone: str
    rows: ServiceRequestQuerySet
    count: int


def _lists(
    user: User, here: Department, day: Day, loads: Sequence[Load]
) -> tuple[list[Some], dict[int, list[list[int]]]]:
    """What cannot wait, with its promises; and the open hours by which they count down."""
    handed = board.handed_to(here.pk)
    late, due, stale = (
        sum(getattr(one, name) for one in loads) for name in ("late", "due_today", "stale")
    )
    wanted = [
        _List("board-late", _("Late"), _("Nothing is late."), "late",
              board.late(here.pk, day), late),
        _List("due-today", _("Due today"), _("Nothing more falls due today."), "warning",
              board.due_today(here.pk, day), due),
        _List("stale", _("Untouched for a week"), _("Nothing lies about."), "",
              board.stale(here.pk, day), stale),
        _List("handed-to-us", _("Handed to us"),
              _("No open request came from another department."), "", handed, handed.count()),
    ]  # fmt: skip
    mine = access.queue(user, here.pk)
    read = [list(_first(mine, one.rows)) for one in wanted]
    chips = promises.chips(
        list({row.pk: row for rows in read for row in rows}.values()), day.now, face="provider"
    )
    shown = [
        Some(
            one.name,
            one.title,
            one.empty,
            one.tone if one.count else "",
            one.count,
            behind(here, one.name),
            [(row, chips.get(row.pk)) for row in rows],
        )
        for one, rows in zip(wanted, read, strict=True)
    ]
    ids = {chip.calendar_id for chip in chips.values() if chip.calendar_id}
    return shown, promises.open_intervals(ids, day.now)


def _first(mine: ServiceRequestQuerySet, rows: ServiceRequestQuerySet) -> ServiceRequestQuerySet:
    return mine.filter(pk__in=rows.values("pk")).for_list().due_first()[:MOST_ROWS]


def behind(here: Department, figure: str, **given: str) -> str:
    """The address of a list behind a figure of the board."""
    query = urlencode({"of": here.slug} | given)
    return f"{reverse('dashboards:behind', args=[figure])}?{query}"
