"""The page behind the search field of every page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from servicedesk.limits import limited
from servicedesk.portal.search import found
from servicedesk.signed_in import SignedInRequest


@login_required
@require_safe
@limited("search")
def search(request: SignedInRequest) -> HttpResponse:
    """Services, people and requests that hold the words of `q`, within what one may see."""
    return render(
        request, "portal/search.html", {"found": found(request, request.user, timezone.now())}
    )
