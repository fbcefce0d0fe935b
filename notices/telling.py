"""From an event to a sentence: the facts that words name, and moments as the reader reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from feedback import invitations
from feedback.models import Invitation
from notices.words import BARE, WORDS
from slas.engine import Metric

if TYPE_CHECKING:
    from datetime import datetime

    from requests_app.models import Event, ServiceRequest


def facts(event: Event, service_request: ServiceRequest) -> dict[str, str]:
    """What the words may name; the request comes with its service, people and departments."""
    provider = service_request.provider_department.name
    actor = event.actor
    return {
        "actor": actor.name if actor else provider,
        "first": actor.short_name if actor else provider,
        "reference": service_request.reference,
        "subject": " ".join(service_request.subject.split()),
        "service": service_request.service.name,
        "requester": service_request.requester.name,
        "client": service_request.client_department.name,
        "provider": provider,
        "third_party": service_request.third_party or _("someone outside"),
        "promise": _promise(event.payload.get("metric")),
        "percent": str(event.payload.get("threshold", "")),
    }


def _promise(metric: str | None) -> str:
    """What was promised, in the middle of a sentence."""
    match metric:
        case Metric.FIRST_RESPONSE:
            return _("the first response")
        case Metric.NEXT_REPLY:
            return _("the next answer")
        case Metric.UPDATE:
            return _("news of how it goes on")
        case Metric.RESOLUTION:
            return _("the solution")
        case Metric.HOLDING:
            return _("work on it before it was handed on")
        case _:
            return ""


def title(kind: str, event: Event, service_request: ServiceRequest, *, seen: bool) -> str:
    """What happened, in one line; of what is restricted or not `seen`, only the reference."""
    words = BARE if service_request.restricted or not seen else WORDS[kind]
    return str(words.title) % facts(event, service_request)


def path(event: Event, service_request: ServiceRequest) -> str:
    """Where the notice leads: to the request, to its page of rating, or to the leads’ page."""
    if event.kind == "invited":
        invitation = Invitation(pk=event.data.invitation_id)
        return reverse("portal:rate", args=[invitations.token(invitation)])
    if event.kind == "rated" and (
        event.data.recovery_department_id == service_request.provider_department_id
    ):
        return reverse("desk:feedback", args=[service_request.provider_department.slug])
    return service_request.get_absolute_url()


def moment(at: datetime, now: datetime, zone: str, *, bare: bool = False) -> str:
    """A moment as people say it, in their zone: "today at 16:00", "on Thursday at 09:30".

    `bare` leaves the "on" away, for after "by".
    """
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    given = {"time": date_format(local, "H:i")}
    days = (local.date() - today).days
    if days == 0:
        return _("today at %(time)s") % given
    if days == -1:
        return _("yesterday at %(time)s") % given
    if days == 1:
        return _("tomorrow at %(time)s") % given
    same_year = local.year == today.year
    given["day"] = date_format(local, "l" if 1 < days < 7 else "l j F" if same_year else "l j F Y")
    return (_("%(day)s at %(time)s") if bare else _("on %(day)s at %(time)s")) % given
