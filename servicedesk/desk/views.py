"""The pages of those who work on requests: the queue, its preview, and what changed meanwhile."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from people.access import standing
from people.models import Department
from requests_app import access
from servicedesk.desk import filters, live
from servicedesk.desk.lists import BadPlace, capped_counts, hidden, in_words, rows_of
from servicedesk.desk.page import (
    Asked,
    address_of,
    asked,
    preview_page,
    queue_page,
    says_hidden,
)
from servicedesk.desk.reach import queue_of, view_of
from servicedesk.desk.several import SelectionForm
from servicedesk.desk.table import table as as_table
from servicedesk.signed_in import SignedInRequest


@login_required
@require_GET
def queue(request: SignedInRequest) -> HttpResponse:
    """To the first department in which the person works."""
    first = Department.objects.filter(pk__in=standing(request.user).agent_of).first()
    if first is None:
        raise Http404
    return redirect("desk:view", first.slug, "open")


@login_required
@require_GET
def queue_there(request: SignedInRequest, department: str) -> HttpResponse:
    """To what is open in a department, for those who work there. Raises Http404."""
    return redirect("desk:view", queue_of(request.user, department).slug, "open")


@login_required
@require_GET
def view(request: SignedInRequest, department: str, name: str) -> HttpResponse:
    """One view of a department's queue: what breaches next on top."""
    here = queue_of(request.user, department)
    try:
        wanted = asked(here, view_of(name), request.GET.dict())
    except filters.BadFilter:
        raise Http404 from None
    return show(request, here, wanted)


def show(
    request: SignedInRequest, here: Department, wanted: Asked, form: SelectionForm | None = None
) -> HttpResponse:
    """A page of the queue; `form` is a selection that was refused. Raises Http404."""
    try:
        shown: dict[str, Any] = queue_page(request, here, wanted, timezone.now(), form)
    except BadPlace:
        raise Http404 from None
    return render(request, "desk/queue.html", shown, status=422 if form else 200)


@login_required
@require_GET
def preview(request: SignedInRequest, department: str, reference: str) -> HttpResponse:
    """The fragment beside the list: one request in short."""
    here = queue_of(request.user, department)
    rows = access.queue(request.user, here.pk)
    service_request = get_object_or_404(rows.for_page(), reference=reference.replace("\x00", ""))
    shown = preview_page(request, here, service_request, timezone.now())
    return render(request, "desk/_preview.html", shown)


@login_required
@require_GET
def changes(request: SignedInRequest, department: str, name: str) -> HttpResponse:
    """What changed since the page was loaded: its rows that stand differently, how many are new.

    Asked every few seconds; 304 where everything is as it was told last.
    """
    here, chosen_view, now = queue_of(request.user, department), view_of(name), timezone.now()
    try:
        held, chosen = live.shown(request.GET.dict()), filters.parse(request.GET.dict())
    except (live.BadQuestion, filters.BadFilter):
        raise Http404 from None
    rows = rows_of(chosen_view, request.user, here.pk, now)
    rows = filters.narrow(rows, chosen, request.user, now)
    stands = live.look(request.user, here, rows, held)
    if request.headers.get("If-None-Match") == stands.tag:
        response = HttpResponse(status=304)
    else:
        shown = {
            "department": here,
            "rows": live.changed(request.user, here, held, stands, now),
            "new": live.new_words(stands.new),
            "address": address_of(here, chosen_view, chosen),
        }
        response = HttpResponse(render_to_string("desk/_changes.html", shown))
    response.headers["ETag"] = stands.tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@login_required
@require_GET
def table(request: SignedInRequest, department: str, name: str) -> HttpResponseBase:
    """What the filter shows, all of it, as a CSV."""
    here, chosen_view, now = queue_of(request.user, department), view_of(name), timezone.now()
    try:
        chosen = asked(here, chosen_view, request.GET.dict()).filter
    except filters.BadFilter:
        raise Http404 from None
    rows = rows_of(chosen_view, request.user, here.pk, now)
    rows = filters.narrow(rows, chosen, request.user, now)
    last = ""
    if says_hidden(chosen_view, chosen):
        left_out = capped_counts({"hidden": hidden(request.user, here.pk)})["hidden"]
        words = _("%(n)s restricted, not shown") % {"n": in_words(left_out)}
        last = words if left_out else ""
    day = timezone.localdate(now).isoformat()
    return as_table(f"{here.slug}-{chosen_view.name}-{day}.csv", rows, chosen.order, now, last)
