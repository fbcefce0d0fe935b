"""Rating how a request was handled; the signed link is the right to do so, signed in or not."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from feedback import invitations
from servicedesk.frame import tell
from servicedesk.limits import limited
from servicedesk.portal.rating import give, is_settled, rate_form, shown


@never_cache
@limited("wrong_links", only=lambda answer: answer.status_code == 404)
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the question and records nothing (mail scanners follow links); POST records."""
    now = timezone.now()
    try:
        invitation = invitations.from_token(token, now=now)
    except invitations.BadLink:
        return render(request, "portal/rate_unknown.html", status=404)
    except invitations.ExpiredLink as over:
        return render(request, "portal/rate_over.html", {"state": over.state}, status=410)
    given = {"invitation": invitation, "rating": getattr(invitation, "rating", None)}
    if is_settled(invitation, now):
        status = 409 if request.method == "POST" else 200
        return render(request, "portal/rate_settled.html", given, status=status)
    data = request.POST if request.method == "POST" else None
    form = rate_form(invitation, data, request.GET.get("score", ""))
    if data is not None and give(form, invitation, at=now):
        tell(request, _("Thank you. Your answer is with us."))
        return redirect("portal:rate", token)
    status = 422 if form.errors else 200
    return render(request, "portal/rate.html", given | {"form": shown(form)}, status=status)
