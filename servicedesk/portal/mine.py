"""The reader's own requests, and those that colleagues have shared with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from catalogue.models import Service
from people.models import User
from people.translated import gettext as _
from requests_app import access
from requests_app.models import ServiceRequest, ServiceRequestQuerySet
from servicedesk.paging import Page, page_of
from servicedesk.portal.rows import Rows, Tab, rows_of

ALIKE = 3
"""So many of one's own open requests are shown beside the form for another."""


@dataclass(frozen=True, slots=True)
class RequestList:
    """A page of requests under its tabs."""

    tabs: Sequence[Tab]
    show: str
    rows: Rows
    page: Page[ServiceRequest]

    @property
    def is_shared(self) -> bool:
        """These are requests of others."""
        return self.show == "shared"


def list_of(request: HttpRequest, user: User, show: str, now: datetime) -> RequestList:
    """A page of the reader's requests; `show` is open (also for what is unknown), all or shared."""
    labels = {"open": _("Open"), "all": _("All"), "shared": _("Shared with me")}
    show = show if show in labels else "open"
    page = page_of(request, _chosen(user, show).for_list())
    return RequestList(
        tabs=[
            Tab(words, f"?show={name}", is_current=name == show) for name, words in labels.items()
        ],
        show=show,
        rows=rows_of(page.rows, now),
        page=page,
    )


def open_ones(user: User, service: Service, now: datetime) -> Rows:
    """The reader's own requests for this service that are under way, the newest; three queries."""
    same = access.mine(user).open().filter(service=service).for_list().newest_first()
    return rows_of(list(same[:ALIKE]), now)


def _chosen(user: User, show: str) -> ServiceRequestQuerySet:
    if show == "all":
        return access.mine(user)
    return access.shared_with(user) if show == "shared" else access.mine(user).live()
