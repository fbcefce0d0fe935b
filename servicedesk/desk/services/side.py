"""What the side bar holds for leads: the way to the services they look after."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from people.access import standing
from people.models import Department, User
from servicedesk.desk.feedback.side import links as feedback_links
from servicedesk.frame import SideLink, SideSection


def sections(request: HttpRequest) -> list[SideSection]:
    """Five links for each department the person leads; two queries, none for who leads nothing."""
    user: User = request.user  # type: ignore[assignment]
    led = standing(user).lead_of
    if not led:
        return []
    departments = list(Department.objects.filter(pk__in=led).only("slug", "name"))
    alone = len(departments) == 1
    return [
        SideSection(
            _("Set up"),
            [
                link(request, department, alone=alone)
                for department in departments
                for link in (_link, _agreements, _replies, _calendars)
            ],
        ),
        SideSection(
            _("Our people"),
            [_asked(request, department, alone=alone) for department in departments],
        ),
        SideSection(_("What people say"), feedback_links(request, departments)),
    ]


def _link(request: HttpRequest, department: Department, *, alone: bool) -> SideLink:
    url = reverse("desk:services", args=[department.slug])
    words = _("Services") if alone else _("%s: services") % department.name
    return SideLink(words, url, "layout-list", current=request.path.startswith(url))


def _agreements(request: HttpRequest, department: Department, *, alone: bool) -> SideLink:
    url = reverse("desk:agreements", args=[department.slug])
    words = _("Agreements") if alone else _("%s: agreements") % department.name
    current = request.path.startswith(url)
    return SideLink(words, url, "handshake", current=current)


def _replies(request: HttpRequest, department: Department, *, alone: bool) -> SideLink:
    url = reverse("desk:replies", args=[department.slug])
    words = _("Canned replies") if alone else _("%s: replies") % department.name
    current = request.path.startswith(url)
    return SideLink(words, url, "message-square-text", current=current)


def _calendars(request: HttpRequest, department: Department, *, alone: bool) -> SideLink:
    url = reverse("desk:calendars", args=[department.slug])
    words = _("Calendars") if alone else _("%s: calendars") % department.name
    return SideLink(words, url, "calendar-clock", current=request.path.startswith(url))


def _asked(request: HttpRequest, department: Department, *, alone: bool) -> SideLink:
    url = reverse("desk:our_requests", args=[department.slug])
    words = _("Their requests") if alone else _("%s: requests") % department.name
    return SideLink(words, url, "users", current=request.path == url)
