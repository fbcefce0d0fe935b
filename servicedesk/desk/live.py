"""What changed elsewhere while a queue is looked at: asked every few seconds, cheap to answer.

The browser says which rows it shows and the mark of each; only rows with another mark are sent
again. What has not changed at all is answered with 304.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2s
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.models import Department, User
from requests_app import access
from requests_app.models import ServiceRequest
from servicedesk.desk.lists import PAGE, Rows, arrived_since, capped_counts, in_words
from servicedesk.desk.page import read_moment
from servicedesk.desk.rows import MARKED, Row, mark_of, row_of
from slas import promises

GONE = "gone"
"""The mark of a row that the person no longer works on."""


class BadQuestion(ValueError):
    """A question about rows that makes no sense."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a browser shows: since when, and the mark of each row by its reference."""

    since: datetime
    event_id: int
    """The newest event of that moment."""
    marks: Mapping[str, str]


def shown(given: Mapping[str, str]) -> Shown:
    """Read since, event and rows ("IT-1.mark,IT-2.mark") of an address. Raises BadQuestion."""
    since, event = read_moment(given.get("since", "")), given.get("event", "0")
    rows = given.get("rows", "")
    if not (event.isascii() and event.isdigit() and len(event) < 19):
        raise BadQuestion
    pairs = [one.partition(".") for one in rows.split(",")] if rows else []
    if since is None or "\x00" in rows or len(pairs) > PAGE:
        raise BadQuestion
    if any(len(reference) > 20 or len(mark) > 20 for reference, _dot, mark in pairs):
        raise BadQuestion
    return Shown(since, int(event), {reference: mark for reference, _dot, mark in pairs})


@dataclass(frozen=True, slots=True)
class Now:
    """How the rows stand now: their marks, which are still in the view, how many are new."""

    marks: Mapping[str, str]
    here: frozenset[str]
    new: int

    @property
    def tag(self) -> str:
        """The same as long as nothing is different for whoever looks."""
        told = repr((sorted(self.marks.items()), self.new))
        return f'"{blake2s(told.encode(), digest_size=10).hexdigest()}"'


def look(user: User, department: Department, view: Rows, held: Shown) -> Now:
    """How it stands: two queries, however many rows and requests there are."""
    mine = access.queue(user, department.pk).filter(reference__in=list(held.marks))
    found = mine.annotate(is_here=Exists(view.filter(pk=OuterRef("pk")))).values_list(
        "reference", "is_here", *MARKED
    )
    marks = dict.fromkeys(held.marks, GONE)
    here = set()
    for reference, is_here, *values in found if held.marks else ():
        marks[reference] = mark_of(values, is_here=is_here)
        if is_here:
            here.add(reference)
    unseen = arrived_since(view, held.since, held.event_id).exclude(reference__in=list(held.marks))
    return Now(marks, frozenset(here), capped_counts({"new": unseen})["new"])


@dataclass(frozen=True, slots=True)
class Changed:
    """A row that is to be shown anew, in its place."""

    reference: str
    mark: str
    row: Row | None
    """None: the person no longer works on it."""
    left: str
    """Why it is no longer in the view, in a word; empty where it is."""


def changed(
    user: User, department: Department, held: Shown, now: Now, at: datetime
) -> Sequence[Changed]:
    """The rows that stand differently from what the browser shows: two queries."""
    other = [name for name, mark in now.marks.items() if held.marks[name] != mark]
    rows = access.queue(user, department.pk).filter(reference__in=other).for_list()
    found: dict[str, ServiceRequest] = {one.reference: one for one in rows}
    chips = promises.chips(list(found.values()), at, face="provider")
    return [
        Changed(
            name,
            now.marks[name],
            row_of(found[name], chips.get(found[name].pk)) if name in found else None,
            "" if name in now.here else _left(found.get(name), user),
        )
        for name in other
    ]


def _left(one: ServiceRequest | None, user: User) -> str:
    if one is None:
        return _("left this queue")
    if not one.is_open:
        return _(one.info.label)
    if one.assignee_id == user.pk:
        return _("taken by you")
    if one.assignee is not None:
        return _("taken by %(name)s") % {"name": one.assignee.short_name}
    return _("left this view")


def new_words(new: int) -> str:
    """How many came since the page was loaded; empty where none did."""
    if not new:
        return ""
    words: Any = ngettext("%(n)s new", "%(n)s new", new)
    return str(words % {"n": in_words(new)})
