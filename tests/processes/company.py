"""A small department that is always open, promises within a minute, and whose people we know."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from calendars.actions import publish_version
from calendars.models import Calendar
from catalogue.models import Service
from people.models import Department, User
from requests_app.models import Event, ServiceRequest
from slas.agreements import publish_standard
from slas.engine import Metric
from slas.models import Clock
from tests import factories
from tests.processes.person import PASSWORD

ROUND_THE_CLOCK = {weekday: [("00:00", "24:00")] for weekday in range(7)}
BUDGET = timedelta(seconds=60)
"""For the first response; a resolution has twice that."""
_numbers = itertools.count(1)


@dataclass(slots=True)
class Company:
    """Dana asks; Omar works, Lena leads. Every company has its own."""

    provider: Department
    service: Service
    dana: User
    omar: User
    lena: User
    requests: list[int] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The page of the service."""
        return f"/services/{self.provider.slug}/{self.service.slug}/"

    def ask(self, at: datetime) -> ServiceRequest:
        """Dana's request of that moment, told to everyone as if it were made on the page."""
        service_request = factories.make_service_request(self.service, by=self.dana, at=at)
        self.requests.append(service_request.pk)
        return service_request

    def ask_due_in(self, seconds: float) -> ServiceRequest:
        """A request whose first response falls due in so many seconds."""
        return self.ask(timezone.now() + timedelta(seconds=seconds) - BUDGET)

    def clocks(self, metric: Metric = Metric.FIRST_RESPONSE) -> list[Clock]:
        return list(Clock.objects.filter(service_request__in=self.requests, metric=metric))

    def findings(self, service_request_id: int) -> list[Event]:
        """What time did to a request, in the order in which it was written."""
        return list(
            Event.objects.filter(
                service_request=service_request_id, kind__in=["warned", "breached"]
            ).order_by("id")
        )


def make_company(name: str = "Facilities", *, client: str = "Finance") -> Company:
    """With a calendar that never closes and promises of one minute and of two."""
    number = next(_numbers)
    now = timezone.now()
    factories.make_organisation()  # a desk without one is fresh, and leads to its set-up
    provider = factories.make_department(
        f"T{number:03}", name=f"{name} {number}", slug=f"team-{number}"
    )
    calendar = Calendar.objects.create(department=provider, name="Always", is_default=True)
    publish_version(
        calendar, zone="Europe/Dublin", hours=ROUND_THE_CLOCK, by=None,
        at=now - timedelta(days=30),
    )  # fmt: skip
    publish_standard(
        provider,
        at=now,
        calendar=calendar,
        targets={
            (metric, priority): BUDGET * times
            for metric, times in ((Metric.FIRST_RESPONSE, 1), (Metric.RESOLUTION, 2))
            for priority in ("P1", "P2", "P3", "P4")
        },
        thresholds=dict.fromkeys(("P1", "P2", "P3", "P4"), (50, 75)),
    )
    team = factories.make_team(provider, name="Front desk")
    asks = factories.make_department(f"C{number:03}", name=f"{client} {number}", slug=f"c-{number}")

    def person(who: str, **given: Any) -> dict[str, Any]:
        return {"email": f"{who}.{number}@desk.example", "password": PASSWORD, **given}

    return Company(
        provider=provider,
        service=factories.make_service(
            provider, team=team, name=f"Door badge {number}", slug="badge"
        ),
        dana=factories.make_person("Dana Byrne", department=asks, **person("dana")),
        omar=factories.make_agent(team, "Omar Quinn", **person("omar")),
        lena=factories.make_agent(team, "Lena Nowak", is_lead=True, **person("lena")),
    )
