"""What the side bar holds for those who read figures."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from people.access import standing
from servicedesk.dashboards.covers import covers
from servicedesk.frame import SideLink, SideSection
from servicedesk.signed_in import SignedInRequest


def sections(request: SignedInRequest) -> list[SideSection]:
    """The way to the overview; no query beyond the person's standing."""
    user = request.user
    if not covers(standing(user)):
        return []
    link = SideLink(_("Overview"), reverse("dashboards:overview"), "chart-line")
    return [SideSection(_("Figures"), [link])]
