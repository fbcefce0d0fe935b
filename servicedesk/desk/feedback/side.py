"""What the side bar holds for leads: the way to what people say of them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.access import recovery_of
from people.models import Department, User
from servicedesk.frame import SideLink


def links(request: HttpRequest, departments: Sequence[Department]) -> list[SideLink]:
    """One link for each department the person leads, with who waits for a word; one query."""
    user: User = request.user  # type: ignore[assignment]
    waiting = dict(
        recovery_of(user, [one.pk for one in departments])
        .open()
        .order_by()
        .values_list("department")
        .annotate(n=Count("pk"))
    )
    alone = len(departments) == 1
    return [_link(request, one, waiting.get(one.pk, 0), alone=alone) for one in departments]


def _link(request: HttpRequest, department: Department, count: int, *, alone: bool) -> SideLink:
    url = reverse("desk:feedback", args=[department.slug])
    return SideLink(
        label=_("Feedback") if alone else _("%s: feedback") % department.name,
        url=url,
        icon="star",
        count=count or None,
        tone="warning" if count else "",
        current=request.path.startswith(url),
    )
