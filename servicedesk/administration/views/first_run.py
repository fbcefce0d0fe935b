"""The page that makes the first administrator and the organisation, once."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from people.actions import AlreadySetUpError
from servicedesk.administration import beginning, first_run
from servicedesk.administration.forms.first_run import ABOUT_DESK, ABOUT_PERSON, SetUpForm
from servicedesk.frame import tell

BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@sensitive_post_parameters("password", "password_again", "token")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Make organisation, first department and administrator; there is no such page afterwards."""
    if not first_run.is_fresh():
        raise Http404
    form = SetUpForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        too_many: HttpResponse | None = ratelimit.consume_or_429(request, action="set_up")
        if too_many is not None:
            return too_many
        if form.is_valid():
            done = _try(request, form)
            if done is not None:
                return done
    status = 422 if form.errors else 200
    return render(request, "administration/set_up.html", _context(form), status=status)


def _try(request: HttpRequest, form: SetUpForm) -> HttpResponse | None:
    try:
        administrator = beginning.set_up(**form.facts, at=timezone.now())
    except AlreadySetUpError:
        raise Http404 from None
    except ValidationError as error:
        form.refuse(error)
        return None
    login(request, administrator, backend=BACKEND)
    tell(request, _("The desk is yours. Add departments and people next."))
    return redirect("administration:departments")


def _context(form: SetUpForm) -> dict[str, object]:
    return {
        "form": form,
        "token": form["token"] if "token" in form.fields else None,
        "desk_fields": [form[name] for name in ABOUT_DESK],
        "person_fields": [form[name] for name in ABOUT_PERSON],
    }
