"""How a request's status is put to whoever asked: plain words, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.formats import date_format

from people.translated import gettext as _
from requests_app.lifecycle import Status

if TYPE_CHECKING:
    from requests_app.models import ServiceRequest


def plain_status(service_request: ServiceRequest) -> str:
    """Say where the request stands, to its requester: "Omar is working on it".

    Reads assignee, approver and provider_department (`for_list()` has fetched them); no query
    of its own then.
    """
    match service_request.status:
        case Status.AWAITING_APPROVAL:
            return _approval(service_request)
        case Status.IN_PROGRESS:
            return _in_progress(service_request)
        case Status.WAITING_THIRD_PARTY:
            return _third_party(service_request)
        case Status.NEW:
            return _("Received")
        case Status.WAITING_REQUESTER:
            return _("We need your answer")
        case Status.RESOLVED:
            return _("Done: please confirm")
        case Status.CLOSED:
            return _("Closed")
        case Status.CANCELLED:
            return _("Cancelled")
        case Status.DECLINED:
            return _("Declined")
        case _:
            return service_request.status


def _approval(service_request: ServiceRequest) -> str:
    if service_request.approver is None:
        return _("Waiting for approval")
    return _("Waiting for approval by %(name)s") % {"name": service_request.approver.name}


def _in_progress(service_request: ServiceRequest) -> str:
    if service_request.assignee is None:
        name = service_request.provider_department.name
    else:
        name = service_request.assignee.short_name
    return _("%(name)s is working on it") % {"name": name}


def _third_party(service_request: ServiceRequest) -> str:
    vendor = service_request.third_party or _("someone outside")
    if service_request.look_again_on is None:
        return _("Waiting for %(vendor)s") % {"vendor": vendor}
    return _("Waiting for %(vendor)s until %(date)s") % {
        "vendor": vendor,
        "date": date_format(service_request.look_again_on, "l j F"),
    }
