"""How the desk shows things to one person, and on which days that person is away."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from people import actions
from people.models import Absence
from servicedesk.frame import tell
from servicedesk.portal.absence import AbsenceForm
from servicedesk.portal.profile import ProfileForm
from servicedesk.signed_in import SignedInRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: SignedInRequest) -> HttpResponse:
    """The reader's time zone and language; absences and the way in stand below."""
    form = ProfileForm(request.POST if request.method == "POST" else None, person=request.user)
    if form.is_valid():
        form.keep()
        zone = {"zone": request.user.zone_name}
        tell(request, _("Kept. Times are now shown in %(zone)s.") % zone)
        return redirect("portal:profile")
    return _page(request, form, _absence_form(request))


@login_required
@require_POST
def add_absence(request: SignedInRequest) -> HttpResponse:
    """Say when one is away."""
    form = _absence_form(request)
    if form.is_valid():
        try:
            made = actions.add_absence(
                request.user, **form.cleaned_data, by=request.user, at=timezone.now()
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            words = (
                _("Kept. %(name)s stands in for you.") % {"name": made.deputy.name}
                if made.deputy
                else _("Kept.")
            )
            tell(request, words)
            return redirect("portal:profile")
    return _page(request, ProfileForm(None, person=request.user), form)


@login_required
@require_POST
def remove_absence(request: SignedInRequest, pk: int) -> HttpResponse:
    """Be there after all."""
    absence = get_object_or_404(Absence.objects.select_related("user"), pk=pk, user=request.user)
    actions.remove_absence(absence, by=request.user, at=timezone.now())
    tell(request, _("Those days are off the list."))
    return redirect("portal:profile")


def _absence_form(request: SignedInRequest) -> AbsenceForm:
    is_sent = request.resolver_match is not None and request.resolver_match.url_name != "profile"
    return AbsenceForm(
        request.POST if is_sent else None,
        person=request.user,
        today=timezone.localdate(),
        suggest_url=reverse("portal:suggest"),
    )


def _page(request: SignedInRequest, form: ProfileForm, absence_form: AbsenceForm) -> HttpResponse:
    context = {
        "form": form,
        "absence_form": absence_form,
        "absences": request.user.absences.filter(last_day__gte=timezone.localdate()).select_related(
            "deputy"
        ),
        "has_second_factor": Authenticator.objects.filter(user=request.user).exists(),
        "has_password": request.user.has_usable_password(),
    }
    status = 422 if form.errors or absence_form.errors else 200
    return render(request, "portal/profile.html", context, status=status)
