"""Pages for those who answer for figures."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from servicedesk.dashboards.covers import covered
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
