"""Pages for those who answer for figures."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from people.models import Department
from requests_app import access
from servicedesk.dashboards import lists
from servicedesk.dashboards.covers import covered, manages
from servicedesk.dashboards.page import overview_page
from servicedesk.signed_in import SignedInRequest


@login_required
@require_GET
def overview(request: SignedInRequest) -> HttpResponse:
    """Do we keep our promises? Raises PermissionDenied for who answers for no figure."""
    departments = covered(request.user)
    return render(
        request,
        "dashboards/overview.html",
        overview_page(request.user, departments, timezone.now()),
    )


@login_required
@require_GET
def behind(request: SignedInRequest, department: str, name: str) -> HttpResponse:
    """The requests behind a figure of a department that the person manages. Raises Http404."""
    here = get_object_or_404(Department, slug=department)
    if name not in lists.LISTS or not manages(request.user, here.pk):
        raise Http404
    listed = access.covered(request.user, here.pk)
    shown = lists.list_page(request, here, lists.LISTS[name], listed, timezone.now())
    return render(request, "dashboards/behind.html", shown)
