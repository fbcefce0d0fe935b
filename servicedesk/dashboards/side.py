"""What the side bar holds for those who read figures."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from people.access import standing
from people.models import Department
from servicedesk.dashboards.covers import covers
from servicedesk.frame import SideLink, SideSection
from servicedesk.signed_in import SignedInRequest


def sections(request: SignedInRequest) -> list[SideSection]:
    """The ways to the figures; one query for who leads a department, none for others."""
    rights = standing(request.user)
    if not covers(rights):
        return []
    led = list(Department.objects.filter(pk__in=rights.lead_of)) if rights.lead_of else []
    found = []
    if led:
        alone = len(led) == 1
        links = [
            link for one in led for link in (_today(one, alone=alone), _figures(one, alone=alone))
        ]
        found.append(SideSection(_("Department"), links))
    if rights.is_manager or rights.is_administrator or len(led) > 1:
        links = [SideLink(_("Overview"), reverse("dashboards:overview"), "chart-line")]
        if rights.is_manager or rights.is_administrator:
            links.append(SideLink(_("Agreements"), reverse("desk:register"), "handshake"))
        found.append(SideSection(_("Figures"), links))
    return found


def _today(department: Department, *, alone: bool) -> SideLink:
    words = _("Today") if alone else _("%s: today") % department.name
    return SideLink(words, reverse("dashboards:today", args=[department.slug]), "calendar-days")


def _figures(department: Department, *, alone: bool) -> SideLink:
    words = _("Our promises") if alone else _("%s: promises") % department.name
    url = reverse("dashboards:department", args=[department.slug])
    return SideLink(words, url, "chart-line")
