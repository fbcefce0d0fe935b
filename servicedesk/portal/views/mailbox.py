"""The demo's mailbox: what would have been sent. Nowhere else is there such a page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from notices.models import KeptMail
from servicedesk.paging import page_of
from servicedesk.portal.rows import Tab
from servicedesk.signed_in import SignedInRequest

View = Callable[..., HttpResponseBase]

# A mail brings its own style; beyond that it may do nothing but lead to where one clicks.
FREEDOMS = ("allow-popups", "allow-top-navigation-by-user-activation")
MAIL_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "form-action": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": list(FREEDOMS),
}


def demo_only(view: View) -> View:
    """Answer 404 outside the demo, before anything else is looked at."""

    @wraps(view)
    def shown(request: HttpRequest, **given: int) -> HttpResponseBase:
        if not settings.DEMO:
            raise Http404
        return view(request, **given)

    return shown


@demo_only
@login_required
@require_safe
def mailbox(request: SignedInRequest) -> HttpResponse:
    """All mails that were kept, or those to the reader; the newest first."""
    everybody = request.GET.get("to") == "all"
    mails = KeptMail.objects.defer("text", "html")
    if not everybody:
        mails = mails.filter(to=request.user.email)
    tabs = [
        Tab(_("To me"), "?", is_current=not everybody),
        Tab(_("To everybody"), "?to=all", is_current=everybody),
    ]
    return render(request, "portal/mailbox.html", {"page": page_of(request, mails), "tabs": tabs})


@demo_only
@login_required
@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def mail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One mail, as it looks and as text."""
    kept = get_object_or_404(KeptMail, pk=pk)
    return render(request, "portal/mail.html", {"mail": kept, "freedoms": " ".join(FREEDOMS)})


@demo_only
@login_required
@require_safe
@xframe_options_sameorigin
@csp(MAIL_POLICY)  # type: ignore[arg-type]
def mail_html(request: SignedInRequest, pk: int) -> HttpResponse:
    """A mail's HTML by itself, for the frame it is shown in; its links lead out of the frame."""
    kept = get_object_or_404(KeptMail, pk=pk)
    return HttpResponse(kept.html.replace("<head>", '<head><base target="_top">', 1))
