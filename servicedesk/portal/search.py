"""The search page: services, people and requests by the words in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse

from catalogue.models import Service
from people.models import User
from requests_app import access, search
from requests_app.models import ServiceRequest
from servicedesk.paging import Page, number_in, page_of_ids
from servicedesk.portal.finding import (
    LONGEST_QUERY,
    SERVICES_FOUND,
    colleagues,
    first_services,
    words_of,
)
from servicedesk.portal.home import general_service
from servicedesk.portal.narrowing import NarrowForm, Unnarrowed, narrowing
from servicedesk.portal.rows import Rows, rows_by_side


@dataclass(frozen=True, slots=True)
class Requests:
    """The requests that were found: a page of them, and how many there are."""

    rows: Rows
    page: Page[ServiceRequest]
    count: str
    """Such as "12", or "200+"."""
    exact: bool = False
    """What was typed is the first one's reference."""


NO_REQUESTS = Requests(Rows([], {}), Page([]), "0")


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found."""

    query: str
    narrow: NarrowForm | Unnarrowed
    services: Sequence[Service]
    more_services: bool
    people: Sequence[User]
    requests: Requests
    general: Service | None
    """Where one takes what nobody knows; only where nothing is found."""

    @property
    def asked(self) -> bool:
        """Anything was searched for at all."""
        return bool(self.query) or self.narrow.narrows

    @property
    def nothing(self) -> bool:
        """Nothing was found."""
        return not (self.services or self.people or self.requests.rows)


def found(request: HttpRequest, user: User, now: datetime) -> Found:
    """Search for what the address says; a filter is about requests, so only they are shown then.

    The same number of queries however much is found.
    """
    query = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    narrow = narrowing(request.GET, suggest_url=reverse("portal:suggest"))
    services: list[Service] = []
    people: list[User] = []
    if words_of(query) and not narrow.narrows:
        services, people = first_services(user, query), colleagues(query)
    requests = _requests(request, user, query, narrow, now)
    anything = services or people or requests.rows
    return Found(
        query=query,
        narrow=narrow,
        services=services[:SERVICES_FOUND],
        more_services=len(services) > SERVICES_FOUND,
        people=people,
        requests=requests,
        general=None if anything else general_service(user),
    )


def _requests(
    request: HttpRequest, user: User, query: str, narrow: NarrowForm | Unnarrowed, now: datetime
) -> Requests:
    if not (query or narrow.narrows) or not narrow.is_valid():
        return NO_REQUESTS
    ids = search.find(user, narrow.wanted(query))
    count = f"{search.MOST}+" if len(ids) > search.MOST else str(len(ids))
    named = None if narrow.narrows else _named(user, query)
    others = [pk for pk in ids[: search.MOST] if named is None or pk != named.pk]
    page = page_of_ids(request, others, search.rows)
    rows = list(page.rows)
    if named is not None and not (number_in(request, "after") or number_in(request, "before")):
        rows.insert(0, named)
        count = count if named.pk in ids else str(len(ids) + 1)
    ours = access.read_as_provider(user, rows)
    exact = bool(rows) and named is not None and rows[0].pk == named.pk
    return Requests(rows_by_side(rows, ours, now), page, count, exact)


def _named(user: User, query: str) -> ServiceRequest | None:
    """The request whose reference was typed, if the person may see it."""
    return access.find_for_list(user, query.upper())
