"""What the side bar holds for those who read figures."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from people.access import standing
from people.models import User
from servicedesk.dashboards.covers import covers
from servicedesk.frame import SideLink, SideSection


def sections(request: HttpRequest) -> list[SideSection]:
    """The way to the overview; no query beyond the person's standing."""
    user: User = request.user  # type: ignore[assignment]
    if not covers(standing(user)):
        return []
    link = SideLink(_("Overview"), reverse("dashboards:overview"), "chart-line")
    return [SideSection(_("Figures"), [link])]
