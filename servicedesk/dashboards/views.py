"""Pages for those who answer for figures."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from people.models import User
from servicedesk.dashboards.covers import covered
from servicedesk.dashboards.page import overview_page


def _reader(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]


@login_required
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Do we keep our promises? Raises PermissionDenied for who answers for no figure."""
    departments = covered(_reader(request))
    return render(
        request,
        "dashboards/overview.html",
        overview_page(_reader(request), departments, timezone.now()),
    )
