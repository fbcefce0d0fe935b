"""What stands on the pages of the queue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import uuid4

from django.http import QueryDict
from django.urls import reverse

from catalogue.answers import shown
from people.access import Standing, standing, whoever
from people.models import Department, User
from people.translated import gettext as _
from requests_app import access, saved_views
from requests_app.models import SavedView, ServiceRequest
from servicedesk import forecast
from servicedesk.desk import filters
from servicedesk.desk.lists import (
    MOST,
    SOME_TIME,
    VIEWS,
    Counts,
    Page,
    Rows,
    View,
    as_listed,
    hidden,
    in_words,
    newest_event,
    page_as_before,
    page_of,
    rows_of,
)
from servicedesk.desk.rows import groups, turn_words
from servicedesk.desk.several import SelectionForm
from servicedesk.signed_in import SignedInRequest
from slas import promises


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: a view, its filter, a place in the list."""

    view: View
    filter: filters.Filter
    known: filters.Options
    place: str = ""
    saved: SavedView | None = None
    gone: Sequence[str] = field(default_factory=tuple)
    """What the saved filter named that is no longer there."""


def asked(here: Department, view: View, given: Mapping[str, str]) -> Asked:
    """What the address of a view asks for. Raises BadFilter."""
    known = filters.options(here)
    return Asked(view, filters.read(given, known), known, given.get("after", ""))


def asked_by(here: Department, saved: SavedView, place: str) -> Asked:
    """What a saved view asks for; what is gone meanwhile is left out, and said."""
    known = filters.options(here)
    view = VIEWS.get(saved.view, VIEWS["open"])
    try:
        chosen, gone = filters.without_gone(filters.parse(QueryDict(saved.query).dict()), known)
    except filters.BadFilter:
        chosen, gone = filters.Filter(), ["all"]
    return Asked(view, chosen, known, place, saved, filters.gone_words(gone))


def queue_page(
    request: SignedInRequest,
    here: Department,
    wanted: Asked,
    now: datetime,
    form: SelectionForm | None = None,
) -> dict[str, Any]:
    """A page of a view. Raises BadPlace."""
    user, view, chosen, saved = request.user, wanted.view, wanted.filter, wanted.saved

    def rows() -> Rows:
        return filters.narrow(rows_of(view, user, here.pk, now), chosen, user, now)

    page = _page(user, here, view, chosen, rows, wanted.place)
    chips = promises.chips(page.rows, now, face="provider")
    counts = _counts(user, here, view, chosen, rows).at(now)
    base = _address(here, view)
    own = (
        reverse("desk:saved", args=[here.slug, saved.pk])
        if saved
        else address_of(here, view, chosen)
    )
    return {
        "department": here,
        "view": view,
        "saved": saved,
        "may_change": saved is not None and saved_views.may_change(user, saved),
        "gone": wanted.gone,
        "filter": chosen,
        "sentence": filters.sentence(chosen, wanted.known, base if saved else "", view=view.name),
        "agents": wanted.known.agents,
        "count": counts["rows"],
        "count_words": in_words(counts["rows"]),
        "groups": groups(page, chips, chosen.order, now),
        "hidden": counts["hidden"] if says_hidden(view, chosen) and not page.next_place else 0,
        "hidden_words": in_words(counts["hidden"]),
        "older": _placed(own, page.next_place) if page.next_place else "",
        "newer": "" if page.is_first else own,
        "calendars": promises.open_intervals(
            {chip.calendar_id for chip in chips.values() if chip.calendar_id}, now
        ),
        "changes": _address(here, view, "changes")
        + chosen.query(since=str(_micros(now)), event=str(newest_event())),
        "table": _address(here, view, "table") + chosen.query(),
        "keep": reverse("desk:saved_new", args=[here.slug]) + chosen.query(view=view.name),
        "is_whole": saved is None and chosen == filters.Filter(),
        "own": own,
        "first": page.rows[0] if page.rows else None,
        "form": form,
        "selected": request.POST.getlist("selected") if form else [],
        "most": MOST,
    }


def _page(
    user: User,
    here: Department,
    view: View,
    chosen: filters.Filter,
    rows: Callable[[], Rows],
    place: str,
) -> Page:
    """By a question made ready, where it does not hang on the day or on the moment."""
    if chosen.asked or view.name == "at-risk":
        return page_of(rows(), chosen.order, place)
    return page_as_before(standing(user), here.pk, view.name, chosen, filters.narrow, place)


def _counts(
    user: User, here: Department, view: View, chosen: filters.Filter, rows: Callable[[], Rows]
) -> Counts:
    """Of the rows and of those not shown; made ready once where they do not hang on the day."""
    if chosen.asked:
        return Counts.of({"rows": as_listed(rows()), "hidden": hidden(user, here.pk)})
    return _lasting_counts(standing(user), here.pk, view.name, chosen)


@lru_cache(maxsize=512)
def _lasting_counts(
    rights: Standing, department_id: int, name: str, chosen: filters.Filter
) -> Counts:
    user = whoever(rights)
    rows = rows_of(VIEWS[name], user, department_id, SOME_TIME)
    rows = filters.narrow(rows, chosen, user, SOME_TIME)
    return Counts.of({"rows": as_listed(rows), "hidden": hidden(user, department_id)})


def says_hidden(view: View, chosen: filters.Filter) -> bool:
    """Only where the whole queue is shown: a narrower list would say more than it may."""
    return view.name == "open" and chosen.is_plain


def address_of(here: Department, view: View, chosen: filters.Filter) -> str:
    """The address of a view with its filter."""
    return _address(here, view) + chosen.query()


def _address(here: Department, view: View, name: str = "view") -> str:
    return reverse(f"desk:{name}", args=[here.slug, view.name])


def _placed(address: str, place: str) -> str:
    """The address, at a place further down."""
    sign = "" if address.endswith("?") else "&" if "?" in address else "?"
    return f"{address}{sign}after={place}"


def _micros(now: datetime) -> int:
    return int(now.timestamp() * 1_000_000)


def read_moment(text: str) -> datetime | None:
    """The moment of a page's load, from its address; None for what is none."""
    if not (text.isascii() and text.isdigit() and len(text) < 17):
        return None
    return datetime.fromtimestamp(int(text) / 1_000_000, UTC)


def preview_page(
    request: SignedInRequest, here: Department, service_request: ServiceRequest, now: datetime
) -> dict[str, Any]:
    """One request in short: what it is, whose turn, the last word, and what can be done."""
    user = request.user
    possible = {
        deed.name for deed in access.offered(access.roles(user, service_request), service_request)
    }
    chips = promises.chips([service_request], now, face="provider")
    last = (
        service_request.messages.filter(is_public=True)
        .select_related("author")
        .order_by("-at", "-pk")
        .first()
    )
    return {
        "service_request": service_request,
        "answers": [] if last else _first_answers(service_request),
        "department": here,
        "chip": chips.get(service_request.pk),
        "turn": turn_words(service_request),
        "forecast": forecast.words(service_request, now, provider=True),
        "pairs": _pairs(service_request),
        "last": last,
        "possible": possible,
        "key": uuid4(),
        "calendars": promises.open_intervals(
            {chip.calendar_id for chip in chips.values() if chip.calendar_id}, now
        ),
    }


FIRST_ANSWERS = 3


def _first_answers(service_request: ServiceRequest) -> list[tuple[str, str]]:
    """How what was asked begins, as whoever works on it may read it; two queries at most.

    What only repeats the subject is left out.
    """
    said = shown(service_request.form_version.spec, service_request.answers, provider=True)
    pairs = [(one.label, words) for one, words in said if words != service_request.subject]
    return pairs[:FIRST_ANSWERS]


def _pairs(service_request: ServiceRequest) -> list[tuple[str, str]]:
    assignee = service_request.assignee
    return [
        (
            _("Asked by"),
            f"{service_request.requester.name}, {service_request.client_department.name}",
        ),
        (_("Assignee"), assignee.name if assignee else _("nobody yet")),
        (_("Turn"), turn_words(service_request)),
        (_("Team"), service_request.team.name),
    ]
