"""The request that an address names, if its reader may know of it."""

from __future__ import annotations

from django.http import Http404

from people.models import User
from requests_app import access
from requests_app.models import ServiceRequest, ServiceRequestQuerySet


def find(user: User, reference: str, rows: ServiceRequestQuerySet | None = None) -> ServiceRequest:
    """The request with that reference, if this person may know of it. Raises Http404.

    With what its page shows, unless `rows` says otherwise.
    """
    try:
        if rows is None:
            return access.find_for_page(user, reference)
        return access.find(user, reference, rows)
    except ServiceRequest.DoesNotExist:
        raise Http404 from None
