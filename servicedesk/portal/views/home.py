"""Home, and where one lands after signing in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from people.access import standing
from people.models import User
from servicedesk.portal.home import home_of
from servicedesk.signed_in import SignedInRequest


@login_required
@require_safe
def landing(request: SignedInRequest) -> HttpResponse:
    """Lead each to the page their day begins with."""
    return redirect(landing_page(request.user))


def landing_page(user: User) -> str:
    """The name of the page: agents have their queue, managers their figures, all others Home."""
    rights = standing(user)
    if rights.is_agent:
        return "desk:queue"
    return "dashboards:overview" if rights.is_manager else "portal:home"


@login_required
@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """What needs the reader, their requests, and what is often asked for."""
    given = {"home": home_of(request.user, timezone.now()), "has_mailbox": settings.DEMO}
    return render(request, "portal/home.html", given)
