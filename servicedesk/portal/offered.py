"""The list of services, whole or those of a name."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from catalogue.access import services_for
from catalogue.models import Service
from people.models import User
from servicedesk.paging import Page, page_of
from servicedesk.portal.finding import matching
from servicedesk.portal.home import general_service

ORDER = ("department__name", "name", "pk")


@dataclass(frozen=True, slots=True)
class Offered:
    """What one can ask for."""

    query: str
    services: Page[Service]
    general: Service | None


def offered(request: HttpRequest, user: User, query: str) -> Offered:
    """Services by department; with a query those in which all its words occur."""
    query = query.replace("\x00", "").strip()
    services = matching(services_for(user).for_list().defer("description"), query)
    return Offered(query, page_of(request, services, *ORDER), general_service(user))
