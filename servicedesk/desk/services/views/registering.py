"""The list of a department's services, and the page on which one is described."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalogue.actions import change, create, details_of
from catalogue.errors import BadService, Stale
from catalogue.models import Life, Service
from people.models import Department
from servicedesk.desk.services.details_form import DetailsForm
from servicedesk.desk.services.page import head, last_change, list_page, theirs
from servicedesk.desk.services.reach import department_of, service_of
from servicedesk.frame import tell
from servicedesk.paging import page_of
from servicedesk.signed_in import SignedInRequest

SEEN = 20_000
"""As much of what is typed is shown beside it."""


@login_required
@require_safe
def services(request: SignedInRequest, department: str) -> HttpResponse:
    """The services of a department, of one life or of all."""
    whose = department_of(request.user, department)
    life = request.GET.get("life", "")
    rows = whose.services.select_related("form_version", "draft", "team").defer("description")
    if life in Life.values:
        rows = rows.filter(life=life)
    page = page_of(request, rows, "name", "pk")
    given = {
        "department": whose,
        "page": page,
        "rows": list_page(request.user, whose, page.rows),
        "life": life,
        "lives": [("", _("All")), *Life.choices],
    }
    return render(request, "desk/services/list.html", given)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def service_new(request: SignedInRequest, department: str) -> HttpResponse:
    """Register a service: it begins as a draft that nobody else sees."""
    whose = department_of(request.user, department)
    form = DetailsForm(request.POST if request.method == "POST" else None, department=whose)
    if request.method == "POST" and "look" not in request.POST and form.is_valid():
        try:
            made = create(whose, form.details, by=request.user, at=timezone.now())
        except BadService as bad:
            form.refuse(bad)
        else:
            tell(request, _("“%s” is registered. Now build its form.") % made.name)
            return redirect("desk:service_form", whose.slug, made.slug)
    return _new(request, whose, form)


def _new(request: SignedInRequest, whose: Department, form: DetailsForm) -> HttpResponse:
    looking = "look" in request.POST
    given = {"department": whose, "form": form, "look": _look(form), "looking": looking}
    wrong = bool(form.errors) and not looking
    return render(request, "desk/services/new.html", given, status=422 if wrong else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def service_edit(request: SignedInRequest, department: str, service: str) -> HttpResponse:
    """Say something else of a service: it holds at once for all who read it."""
    wanted = service_of(request.user, department, service)
    now = details_of(wanted)
    posted = request.POST if request.method == "POST" else None
    form = DetailsForm(posted, department=wanted.department, now=now, revision=wanted.revision)
    if posted is None or "look" in posted or not form.is_valid():
        return _edit(request, wanted, form)
    revision = form.cleaned_data["revision"] or 0
    try:
        change(wanted, form.details, revision=revision, by=request.user, at=timezone.now())
    except BadService as bad:
        form.refuse(bad)
        return _edit(request, wanted, form)
    except Stale:
        return _too_late(request, wanted.pk, form)
    tell(request, _restricted_words(now.restricted, wanted, form) or _("Kept."))
    return redirect("desk:service_edit", department, service)


def _edit(
    request: SignedInRequest, service: Service, form: DetailsForm, **more: Any
) -> HttpResponse:
    looking = "look" in request.POST
    given = head(service, "details") | {"form": form, "look": _look(form), "looking": looking}
    wrong = bool(form.errors) and not looking
    status = more.pop("status", 422 if wrong else 200)
    return render(request, "desk/services/edit.html", given | more, status=status)


def _too_late(request: SignedInRequest, pk: int, form: DetailsForm) -> HttpResponse:
    """Someone was quicker: what was typed stays on the page, what they kept stands above it."""
    fresh = Service.objects.select_related("department", "form_version").get(pk=pk)
    form.renew(fresh.revision)
    kept = theirs(form, details_of(fresh))
    return _edit(request, fresh, form, late=last_change(fresh), theirs=kept, status=409)


def _restricted_words(before: bool, service: Service, form: DetailsForm) -> str:
    after = form.cleaned_data["restricted"]
    if after == before:
        return ""
    if after:
        return _("Kept. New requests of it are restricted; those there are stay as they were.")
    return _("Kept. New requests of it are open to the department; earlier ones stay restricted.")


@login_required
@require_POST
def look(request: SignedInRequest, department: str) -> HttpResponse:
    """The fragment that shows a service as people will see it, while it is being typed."""
    department_of(request.user, department)
    typed = {name: request.POST.get(name, "") for name in LOOKED_AT}
    return render(request, "desk/services/_look.html", {"look": _shown(typed)})


LOOKED_AT = ("name", "summary", "description", "what_you_get", "what_we_need")


def _look(form: DetailsForm) -> Service:
    return _shown({name: str(form[name].value() or "") for name in LOOKED_AT})


def _shown(typed: dict[str, str]) -> Service:
    """A service that is kept nowhere, to be looked at."""
    return Service(**{name: text[:SEEN].replace("\x00", "") for name, text in typed.items()})
