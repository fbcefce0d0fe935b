"""What stands on the pages of the queue."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils.translation import gettext as _

from people.models import Department
from requests_app import access
from requests_app.models import ServiceRequest
from servicedesk.desk import filters
from servicedesk.desk.lists import (
    MOST,
    View,
    capped_counts,
    hidden,
    in_words,
    page_of,
    rows_of,
)
from servicedesk.desk.rows import groups, turn_words
from servicedesk.desk.several import BulkForm
from servicedesk.signed_in import SignedInRequest
from slas import promises


def queue_page(
    request: SignedInRequest,
    here: Department,
    view: View,
    now: datetime,
    form: BulkForm | None = None,
) -> dict[str, Any]:
    """A page of a view. Raises BadPlace, BadFilter."""
    user = request.user
    known = filters.options(here)
    chosen = filters.read(request.GET, known)
    rows = filters.narrow(rows_of(view, user, here.pk, now), chosen, user)
    page = page_of(rows, chosen.order, request.GET.get("after", ""))
    chips = promises.chips(page.rows, now, face="provider")
    counts = capped_counts({"rows": rows, "hidden": hidden(user, here.pk)})
    return {
        "department": here,
        "view": view,
        "filter": chosen,
        "sentence": filters.sentence(chosen, known),
        "agents": known.agents,
        "count": counts["rows"],
        "count_words": in_words(counts["rows"]),
        "groups": groups(page, chips, chosen.order, now),
        "hidden": counts["hidden"] if _says_hidden(view, chosen, page.next_place) else 0,
        "hidden_words": in_words(counts["hidden"]),
        "older": _address(here, view, chosen, page.next_place) if page.next_place else "",
        "newer": "" if page.is_first else _address(here, view, chosen, ""),
        "calendars": promises.open_intervals(
            {chip.calendar_id for chip in chips.values() if chip.calendar_id}, now
        ),
        "news": reverse("desk:news", args=[here.slug, view.name]) + f"?since={_micros(now)}",
        "first": page.rows[0] if page.rows else None,
        "form": form,
        "selected": request.POST.getlist("selected") if form else [],
        "most": MOST,
    }


def _says_hidden(view: View, chosen: filters.Filter, next_place: str) -> bool:
    """Only where the whole queue ends: a narrower list would say more than it may."""
    return view.name == "open" and chosen.is_plain and not next_place


def _address(here: Department, view: View, chosen: filters.Filter, place: str) -> str:
    return reverse("desk:view", args=[here.slug, view.name]) + chosen.query(after=place)


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
        "department": here,
        "chip": chips.get(service_request.pk),
        "turn": turn_words(service_request),
        "pairs": _pairs(service_request),
        "last": last,
        "possible": possible,
        "key": uuid4(),
        "calendars": promises.open_intervals(
            {chip.calendar_id for chip in chips.values() if chip.calendar_id}, now
        ),
    }


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
