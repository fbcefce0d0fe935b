"""The request page, and the one view for everything that can be done to a request."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from people.models import User
from requests_app import access, actions, lifecycle
from requests_app.errors import Refused
from requests_app.kinds import Via
from requests_app.lifecycle import StaleMove
from requests_app.models import ServiceRequest
from servicedesk.conversation import deeds
from servicedesk.conversation.forms import DeedForm, look_again_default
from servicedesk.conversation.page import find, page
from servicedesk.conversation.stale import stale_page
from servicedesk.frame import tell

TEMPLATES = {"provider": "conversation/provider.html", "requester": "conversation/requester.html"}


def _reader(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]


@login_required
@require_GET
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """The request: its conversation, its promises, and what this reader can do."""
    service_request = find(_reader(request), reference)
    return _page(request, service_request)


@login_required
@require_POST
def composed(request: HttpRequest, reference: str) -> HttpResponse:
    """What was written in the composer; its chosen tab says what is to be done."""
    return _do(request, reference, request.POST.get("act", ""))


@login_required
@require_http_methods(["GET", "POST"])
def deed(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """One deed: GET shows its form, POST does it."""
    if request.method == "POST":
        return _do(request, reference, name)
    form = _form(request, reference, name)
    if form.service_request.status not in form.deed.before:
        return _stale(request, form)
    return render(request, "conversation/deed.html", _deed_page(form))


def _do(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    form = _form(request, reference, name, request.POST)
    if not form.is_valid():
        return _refused(request, form)
    try:
        changed = actions.perform(
            form.service_request,
            name,
            by=_reader(request),
            at=timezone.now(),
            via=Via.PAGE,
            key=form.once(),
            **form.given(),
        )
    except StaleMove:
        return _stale(request, form)
    except Refused as refusal:
        form.refuse(refusal.message, refusal.field)
        return _refused(request, form)
    tell(request, _done(form))
    return _back(request, form, changed)


def _form(request: HttpRequest, reference: str, name: str, data: Any = None) -> DeedForm:
    """The form of a deed that is this person's to do. Raises Http404, NotAllowed."""
    service_request = find(_reader(request), reference)
    if not deeds.by_hand(name):
        raise Http404
    held = access.require(_reader(request), name, service_request)
    initial = {
        "look_again_on": look_again_default(timezone.localdate()),
        "next": request.GET.get("next", ""),
    }
    return DeedForm(lifecycle.deed(name), service_request, held, data, initial=initial)


def _page(
    request: HttpRequest, service_request: ServiceRequest, sent: DeedForm | None = None
) -> HttpResponse:
    shown = page(request, service_request, timezone.now(), sent=sent)
    return render(request, TEMPLATES[shown["face"]], shown, status=422 if sent else 200)


def _refused(request: HttpRequest, form: DeedForm) -> HttpResponse:
    """The same again with what was typed, and what is wrong beside it."""
    possible = form.service_request.status in form.deed.before
    if possible and "act" in request.POST and "message" in form.fields:
        return _page(request, form.service_request, form)
    if not possible:
        return _stale(request, form)
    return render(request, "conversation/deed.html", _deed_page(form), status=422)


def _deed_page(form: DeedForm) -> dict[str, Any]:
    return {
        "form": form,
        "service_request": form.service_request,
        "offer": deeds.OFFERS[form.deed.name],
    }


def _stale(request: HttpRequest, form: DeedForm) -> HttpResponse:
    """Someone was quicker: what happened meanwhile, and what was typed."""
    service_request = find(_reader(request), form.service_request.reference)
    return render(
        request,
        "conversation/stale.html",
        stale_page(_reader(request), service_request, form),
        status=409,
    )


def _done(form: DeedForm) -> str:
    return str(deeds.OFFERS[form.deed.name].done)


def _back(request: HttpRequest, form: DeedForm, changed: ServiceRequest) -> HttpResponse:
    """Where one came from; to one's own first page where the request is no longer one's to see."""
    wanted = form.cleaned_data.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, request.is_secure()
    ):
        return redirect(wanted)
    if access.visible_to(_reader(request)).filter(pk=changed.pk).exists():
        return redirect(changed)
    return redirect("portal:landing")
