"""What every template may ask for. It is lazy: a fragment without the frame costs no query."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from notices.inbox import unread_count
from people.models import Organisation
from people.prepared import prepared
from servicedesk.frame import side_sections
from servicedesk.theme import chosen_theme


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give base.html its names: at most two queries (organisation, unread) beside the side bar's.

    organisation_name: str; unread_notices: int; side: list of SideSection; theme: "light", "dark"
    or "" (as the system has it); demo_signins: objects with role, name, email and password, from
    the function that the setting DEMO_SIGNINS names (in the demo only). The person is `user`, as
    everywhere in Django.
    """
    return {
        "organisation_name": SimpleLazyObject(_organisation_name),
        "unread_notices": SimpleLazyObject(lambda: _unread(request)),
        "side": SimpleLazyObject(lambda: side_sections(request)),
        "theme": chosen_theme(request),
        "demo_signins": SimpleLazyObject(_demo_signins),
    }


def _organisation_name() -> str:
    return next(iter(_names()), "") or "Service desk"


@prepared
def _names() -> QuerySet[Organisation, str]:
    return Organisation.objects.filter(pk=1).values_list("name", flat=True)


def _demo_signins() -> list[Any]:
    name = getattr(settings, "DEMO_SIGNINS", "")
    return list(import_string(name)()) if name else []


def _unread(request: HttpRequest) -> int:
    if not request.user.is_authenticated:
        return 0
    return unread_count(request.user)
