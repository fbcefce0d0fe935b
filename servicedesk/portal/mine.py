"""The reader's own requests, and those that colleagues have shared with them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BigIntegerField, ExpressionWrapper, F, QuerySet
from django.http import HttpRequest

from catalogue.models import Service
from people.models import User
from people.prepared import prepared
from people.translated import gettext as _
from requests_app import access
from requests_app.lifecycle import LIVE_STATUSES, OPEN_STATUSES
from requests_app.models import ServiceRequest, ServiceRequestQuerySet
from servicedesk.paging import ROWS, Page, page_of_newest
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
    page = page_of_newest(
        request, lambda: _chosen(user, show).for_list(), lambda below: _below(user, show, below)
    )
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
    return rows_of(_alike(user.pk, list(OPEN_STATUSES), service.pk), now)


@prepared
def _alike(user_id: int, statuses: Collection[str], service_id: int) -> QuerySet[ServiceRequest]:
    own = ServiceRequest.objects.filter(requester=user_id, status__among=statuses)
    # An index of the service, which thousands have asked for, must not lead there.
    same = own.alias(of=ExpressionWrapper(F("service_id") + 0, BigIntegerField())).filter(
        of=service_id
    )
    return same.for_list().newest_first()[:ALIKE]


def _chosen(user: User, show: str) -> ServiceRequestQuerySet:
    if show == "all":
        return access.mine(user)
    return access.shared_with(user) if show == "shared" else access.mine(user).live()


def _below(user: User, show: str, below: int) -> list[ServiceRequest]:
    if show == "open":
        return _live(user.pk, list(LIVE_STATUSES), below)
    return _all(user.pk, below) if show == "all" else _shared(user.pk, below)


@prepared
def _live(user_id: int, statuses: Collection[str], below: int) -> QuerySet[ServiceRequest]:
    own = ServiceRequest.objects.filter(requester=user_id, status__among=statuses, pk__lt=below)
    return own.for_list().newest_first()[: ROWS + 1]


@prepared
def _all(user_id: int, below: int) -> QuerySet[ServiceRequest]:
    own = ServiceRequest.objects.filter(requester=user_id, pk__lt=below)
    return own.for_list().newest_first()[: ROWS + 1]


@prepared
def _shared(user_id: int, below: int) -> QuerySet[ServiceRequest]:
    shared = ServiceRequest.objects.filter(participants__user=user_id, pk__lt=below)
    return shared.exclude(requester=user_id).for_list().newest_first()[: ROWS + 1]
