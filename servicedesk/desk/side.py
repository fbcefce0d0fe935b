"""What the side bar holds for those who work on requests: their queue's views, with counts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from people.access import standing
from people.models import Department, User
from people.prepared import prepared
from people.translated import gettext as _
from requests_app import saved_views
from requests_app.models import SavedView
from servicedesk.desk import filters
from servicedesk.desk.lists import (
    VIEWS,
    Counts,
    Rows,
    View,
    as_listed,
    counts_of_views,
    in_words,
    rows_of,
)
from servicedesk.frame import SideLink, SideSection
from servicedesk.signed_in import SignedInRequest


def sections(request: SignedInRequest) -> list[SideSection]:
    """The queue one is in (else the first), kept views, the way to one's others; three queries."""
    user = request.user
    rights = standing(user)
    if not rights.agent_of:
        return []
    departments = _departments(rights.agent_of)
    here = _current(request, departments)
    chosen = _chosen_view(request, here)
    now = timezone.now()
    shown = [view for view in VIEWS.values() if view.section != "none"]
    kept = saved_views.shown_to(user, here.pk)
    ready = counts_of_views(user, here.pk, [view.name for view in shown])
    ready += Counts.of({_saved_name(one): as_listed(_saved_rows(one, user, now)) for one in kept})
    counts = ready.at(now)
    links = {
        section: [
            _link(view, here, counts[view.name], view.name == chosen)
            for view in shown
            if view.section == section
        ]
        for section in ("queue", "waiting")
    }
    others = [one for one in departments if one.pk != here.pk]
    return [
        SideSection(_("%(department)s queue") % {"department": here.name}, links["queue"]),
        SideSection(_("Waiting for"), links["waiting"]),
        SideSection(
            _("Kept views"), [_saved_link(one, here, counts[_saved_name(one)]) for one in kept]
        ),
        SideSection(_("Other queues"), [_other(one) for one in others]),
    ]


@prepared
def _departments(ids: Collection[int]) -> QuerySet[Department]:
    return Department.objects.filter(pk__among=ids)


def _current(request: SignedInRequest, departments: list[Department]) -> Department:
    match = request.resolver_match
    slug = match.kwargs.get("department") if match and match.namespace == "desk" else None
    pk = getattr(request, "provider_department_id", None)
    named = [one for one in departments if one.slug == slug or one.pk == pk]
    return (named or departments)[0]


def _chosen_view(request: SignedInRequest, here: Department) -> str:
    match = request.resolver_match
    if match is None or match.view_name != "desk:view" or match.kwargs["department"] != here.slug:
        return ""
    return str(match.kwargs["name"])


def _link(view: View, here: Department, count: int, current: bool) -> SideLink:
    return SideLink(
        label=str(view.label),
        url=reverse("desk:view", args=[here.slug, view.name]),
        icon=view.icon,
        count=in_words(count),
        tone=view.tone if count else "",
        current=current,
    )


# -- Kept views ----------------------------------------------------------------------------------


def _saved_name(one: SavedView) -> str:
    return f"saved {one.pk}"


def _saved_rows(one: SavedView, user: User, now: datetime) -> Rows:
    """What a kept view counts; nothing where its filter can no longer be read."""
    view = VIEWS.get(one.view, VIEWS["open"])
    rows = rows_of(view, user, one.department_id, now)
    try:
        chosen = filters.parse(QueryDict(one.query).dict())
    except filters.BadFilter:
        return rows.none()
    return filters.narrow(rows, chosen, user, now)


def _saved_link(one: SavedView, here: Department, count: int) -> SideLink:
    url = reverse("desk:saved", args=[here.slug, one.pk])
    return SideLink(one.name, url, "users" if one.is_shared else "bookmark", in_words(count))


def _other(department: Department) -> SideLink:
    return SideLink(department.name, reverse("desk:view", args=[department.slug, "open"]), "inbox")
