"""Finding a service, and asking for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from catalogue.access import services_for
from catalogue.models import Service
from people.models import Department
from people.prepared import prepared
from requests_app.drafts import draft_of, forget
from requests_app.favourites import is_one
from servicedesk.frame import tell
from servicedesk.limits import limited
from servicedesk.paging import page_of
from servicedesk.portal.asking import ask, ask_form, staged_answers
from servicedesk.portal.card import card_of, experience_of, ready_by
from servicedesk.portal.finding import colleagues
from servicedesk.portal.mine import open_ones
from servicedesk.portal.offered import offered
from servicedesk.signed_in import SignedInRequest
from slas import promises

if TYPE_CHECKING:
    from datetime import datetime

    from requests_app.models import ServiceRequest


@login_required
@require_safe
def services(request: SignedInRequest) -> HttpResponse:
    """All one can ask for, or those of a name."""
    page = offered(request, request.user, request.GET.get("q", ""))
    return render(request, "portal/services.html", {"offered": page})


@login_required
@require_safe
def department(request: SignedInRequest, department: str) -> HttpResponse:
    """What one department does for its colleagues."""
    whose = get_object_or_404(Department, slug=department)
    theirs = services_for(request.user).filter(department=whose).for_list().defer("description")
    page = page_of(request, theirs, "name", "pk")
    experience = experience_of(whose, timezone.now())
    given = {"department": whose, "page": page, "experience": experience}
    return render(request, "portal/department.html", given)


def open_service(request: SignedInRequest, department: str, service: str) -> Service:
    """The service of this address, if the reader may ask for it. Raises Http404."""
    found = _open_to(request.user.department_id, department, service)
    if not found:
        raise Http404
    return found[0]


@prepared
def _open_to(department_id: int, department: str, slug: str) -> QuerySet[Service]:
    offered = Service.objects.published().open_to(department_id)
    named = offered.filter(department__slug=department, slug=slug)
    return named.select_related("department", "form_version")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def service(request: SignedInRequest, department: str, service: str) -> HttpResponse:
    """A service's card with its form; sending the form asks for the service."""
    wanted, now = open_service(request, department, service), timezone.now()
    kept = draft_of(request.user, wanted) if request.method != "POST" else None
    sent = request.method == "POST"
    files = staged_answers(request, wanted) if sent else None
    form = ask_form(wanted, request.POST if sent else None, kept, files)
    asked = ask(form, wanted, by=request.user, at=now)
    if asked is not None:
        forget(request.user, wanted)
        tell(request, _asked_words(asked, now))
        return redirect(asked)
    offer = promises.offer(wanted, request.user.department_id, now)
    given = {
        "form": form,
        "kept": kept,
        "card": card_of(wanted, offer),
        "ready": ready_by(offer, form.chosen_impact, form.chosen_urgency),
        "alike": open_ones(request.user, wanted, now),
        "is_favourite": is_one(request.user, wanted),
    }
    return render(request, "portal/service.html", given, status=422 if form.errors else 200)


@login_required
@require_safe
def promise(request: SignedInRequest, department: str, service: str) -> HttpResponse:
    """The fragment that says, before sending, when it would be ready at this impact and urgency."""
    wanted = open_service(request, department, service)
    impact, urgency = request.GET.get("impact", ""), request.GET.get("urgency", "")
    offer = promises.offer(wanted, request.user.department_id, timezone.now())
    try:
        ready = ready_by(offer, impact, urgency)
    except ValueError:
        return HttpResponse(status=422)
    return render(request, "portal/_ready.html", {"ready": ready})


@login_required
@require_safe
@limited("suggest")
def suggest(request: SignedInRequest) -> HttpResponse:
    """Colleagues whose name, address or number begins like this, as options of a datalist.

    What was typed stands in `q`, or in the one parameter there is: a field sends its own name.
    """
    typed = request.GET.get("q") or next((str(text) for text in request.GET.values()), "")
    return render(request, "portal/_colleagues.html", {"colleagues": colleagues(typed)})


def _asked_words(asked: ServiceRequest, now: datetime) -> str:
    offer = promises.offer(asked.service, asked.client_department_id, now)
    ready = ready_by(offer, asked.impact, asked.urgency)
    words = {"reference": asked.reference, "department": asked.service.department.name}
    if not ready.ready:
        return _("%(department)s has your request, %(reference)s.") % words
    return _("%(department)s has your request, %(reference)s: ready by %(moment)s.") % (
        words | {"moment": ready.ready}
    )
