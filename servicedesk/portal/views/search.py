"""The page behind the search field of every page."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from servicedesk.portal.search import found
from servicedesk.signed_in import SignedInRequest

OFTEN_ENOUGH = {"search": "120/m/user"}
"""More than anyone searches by hand."""


@login_required
@require_safe
def search(request: SignedInRequest) -> HttpResponse:
    """Services, people and requests that hold the words of `q`, within what one may see."""
    too_often: HttpResponse | None = ratelimit.consume_or_429(
        request, action="search", config=OFTEN_ENOUGH, user=request.user, limit_get=True
    )
    if too_often is not None:
        return too_often
    return render(
        request, "portal/search.html", {"found": found(request, request.user, timezone.now())}
    )
