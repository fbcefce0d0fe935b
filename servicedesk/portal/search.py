"""The list of services, whole or as found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from catalogue.access import services_for
from catalogue.models import Service
from people.models import User
from servicedesk.paging import Page, page_of
from servicedesk.portal.finding import matching, requests_matching
from servicedesk.portal.home import general_service
from servicedesk.portal.rows import Rows, rows_of

ORDER = ("department__name", "name", "pk")


@dataclass(frozen=True, slots=True)
class Found:
    """What one can ask for, and which of the reader's requests match."""

    query: str
    services: Page[Service]
    requests: Rows
    general: Service | None


def found(request: HttpRequest, user: User, query: str, now: datetime) -> Found:
    """Services by department, with requests of the reader's own where something was searched."""
    query = query.replace("\x00", "").strip()
    services = matching(services_for(user).for_list().defer("description"), query)
    requests = requests_matching(user, query)
    return Found(
        query=query,
        services=page_of(request, services, *ORDER),
        requests=rows_of(requests, now),
        general=general_service(user),
    )
