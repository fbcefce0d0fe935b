"""How the desk shows things to one person."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from servicedesk.frame import tell
from servicedesk.portal.profile import ProfileForm
from servicedesk.signed_in import SignedInRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: SignedInRequest) -> HttpResponse:
    """The reader's time zone and language."""
    form = ProfileForm(request.POST if request.method == "POST" else None, person=request.user)
    if form.is_valid():
        form.keep()
        zone = {"zone": request.user.zone_name}
        tell(request, _("Kept. Times are now shown in %(zone)s.") % zone)
        return redirect("portal:profile")
    status = 422 if form.errors else 200
    return render(request, "portal/profile.html", {"form": form}, status=status)
