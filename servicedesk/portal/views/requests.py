"""What one has asked for, and what colleagues have shared."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from servicedesk.portal.mine import list_of
from servicedesk.signed_in import SignedInRequest


@login_required
@require_safe
def my_requests(request: SignedInRequest) -> HttpResponse:
    """My requests: open ones, all, or those shared with me; the newest first."""
    page = list_of(request, request.user, request.GET.get("show", ""), timezone.now())
    return render(request, "portal/my_requests.html", {"list": page})
