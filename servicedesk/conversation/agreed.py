"""By what the promises of a request were made: an agreement, or what everyone is promised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from django.urls import reverse
from django.utils.translation import gettext as _

from people.models import User
from requests_app.models import ServiceRequest
from slas import access
from slas.engine import PROMISES, Metric
from slas.models import AgreementVersion, Kind


@dataclass(frozen=True, slots=True)
class Agreed:
    """Whose word it is."""

    words: str
    name: str = ""
    """Of the agreement; empty where there is none, or whoever asked need not know it."""
    url: str = ""
    """Where it can be read; empty for who may not."""


def agreed(
    user: User, service_request: ServiceRequest, version: AgreementVersion | None, *, provider: bool
) -> Agreed | None:
    """What stands behind a promise, for this reader. No query."""
    if version is None or version.agreement.kind == Kind.MINIMUM:
        return None
    if version.agreement.kind == Kind.STANDARD:
        promises = version.agreement.provider_id == service_request.provider_department_id
        whose = service_request.provider_department.name if promises else ""
        if not whose:
            return None
        return Agreed(_("What %(department)s promises everyone.") % {"department": whose})
    reads = access.may_read(user, version, service_request.client_department_id)
    name = version.agreement.name if provider or reads else ""
    url = ""
    if reads:
        url = reverse("desk:agreement_version", args=[version.agreement_id, version.number])
    return Agreed(_words(user, service_request, provider=provider), name, url)


def _words(user: User, service_request: ServiceRequest, *, provider: bool) -> str:
    client = service_request.client_department
    if not provider and user.department_id == client.pk:
        return _("As agreed with your department.")
    return _("As agreed with %(department)s.") % {"department": client.name}


class _Clock(Protocol):
    """A clock as a row, or as a value."""

    @property
    def metric(self) -> str: ...
    @property
    def cycle(self) -> int: ...
    @property
    def sequence(self) -> int: ...
    @property
    def is_open(self) -> bool: ...


C = TypeVar("C", bound=_Clock)


def deciding(clocks: Iterable[C]) -> C | None:
    """Of the promises to whoever asked, the one by whose version the request goes.

    One still open before what has ended, that it will be ready before others, the latest.
    """
    return max(
        (one for one in clocks if one.metric in PROMISES),
        key=lambda one: (one.is_open, one.metric == Metric.RESOLUTION, one.cycle, one.sequence),
        default=None,
    )
