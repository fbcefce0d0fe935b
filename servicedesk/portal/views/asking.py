"""Around the form of a service: what is typed is kept, and a service is kept at hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from requests_app import drafts, favourites
from requests_app.errors import Refused
from servicedesk.frame import tell
from servicedesk.portal.keeping import keep
from servicedesk.portal.views.services import open_service
from servicedesk.signed_in import SignedInRequest

View = Callable[..., HttpResponseBase]


def or_403(view: View) -> View:
    """Answer 403 to who is signed out: a sign-in page would be no answer to a script."""

    @wraps(view)
    def shown(request: HttpRequest, **given: str) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return HttpResponse(status=403)
        return view(request, **given)

    return shown


@or_403
@require_POST
def keep_draft(request: SignedInRequest, department: str, service: str) -> HttpResponse:
    """Keep the form as it is typed, and say when; nothing to say where nothing is typed."""
    wanted, now = open_service(request, department, service), timezone.now()
    assert wanted.form_version is not None  # the database sees to that
    try:
        kept = keep(wanted.form_version.spec, request.POST, wanted, by=request.user, at=now)
    except (ValueError, Refused):
        return HttpResponse(status=422)
    said = timezone.localtime(now).strftime("%H:%M")
    words = _("Kept as you typed, %(time)s") % {"time": said} if kept else ""
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


@login_required
@require_POST
def forget_draft(request: SignedInRequest, department: str, service: str) -> HttpResponse:
    """Let go what was typed: the form is empty again."""
    wanted = open_service(request, department, service)
    drafts.forget(request.user, wanted)
    return redirect(wanted)


@login_required
@require_POST
def favourite(request: SignedInRequest, department: str, service: str) -> HttpResponse:
    """Have the service at hand on Home (`on=1`), or no longer."""
    wanted = open_service(request, department, service)
    if request.POST.get("on") == "1":
        favourites.add(request.user, wanted, at=timezone.now())
        tell(request, _("“%(service)s” is now at hand on Home.") % {"service": wanted.name})
    else:
        favourites.remove(request.user, wanted)
        tell(request, _("“%(service)s” is no longer on Home.") % {"service": wanted.name})
    return redirect(wanted)
