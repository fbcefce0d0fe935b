"""By what the promises of a request were made: an agreement, or what everyone is promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from people.models import User
from requests_app.models import ServiceRequest
from slas import access
from slas.models import AgreementVersion, Kind
from slas.promises import PromiseLine


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


def version_of(lines: Sequence[PromiseLine]) -> AgreementVersion | None:
    """The version by which the request goes: that of a promise still open, else of the last."""
    promised = [line.clock for line in lines if line.metric != "holding"]
    still = [clock for clock in promised if clock.is_open]
    found = (still or promised)[-1:]
    return found[0].agreement_version if found else None
