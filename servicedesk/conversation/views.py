"""The request page, and the one view for everything that can be done to a request."""

from __future__ import annotations

import contextlib
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods

from catalogue.answers import BadAnswers
from requests_app import access, actions, lifecycle, reply_drafts
from requests_app.errors import Overtaken, Refused
from requests_app.kinds import Via
from requests_app.lifecycle import StaleMove
from requests_app.models import ServiceRequest
from servicedesk.conversation import canned_here, deeds, own_fields
from servicedesk.conversation.finding import find
from servicedesk.conversation.forms import (
    AGAINST_A_STATE,
    WITH_FILES,
    DeedForm,
    look_again_default,
)
from servicedesk.conversation.keeping import keep
from servicedesk.conversation.page import page
from servicedesk.conversation.stale import asks_page, held_page, stale_page
from servicedesk.conversation.timeline import newest_event
from servicedesk.frame import tell
from servicedesk.signed_in import SignedInRequest
from servicedesk.uploads import staged

TEMPLATES = {"provider": "conversation/provider.html", "requester": "conversation/requester.html"}


@login_required
@require_GET
def show(request: SignedInRequest, reference: str) -> HttpResponse:
    """The request: its conversation, its promises, and what this reader can do."""
    service_request = find(request.user, reference)
    return _page(request, service_request)


@login_required
@require_http_methods(["GET", "POST"])
def composed(request: SignedInRequest, reference: str) -> HttpResponse:
    """What was written in the composer; its chosen tab says what is to be done."""
    if request.method == "GET":  # the page of a refused one was loaded anew
        return redirect(find(request.user, reference))
    return _do(request, reference, request.POST.get("act", ""))


@login_required
@require_http_methods(["GET", "POST"])
def deed(request: SignedInRequest, reference: str, name: str) -> HttpResponse:
    """One deed: GET shows its form, POST does it."""
    if request.method == "POST":
        return _do(request, reference, name)
    form = _form(request, reference, name)
    if form.service_request.status not in form.deed.before:
        return _stale(request, form)
    return render(request, "conversation/deed.html", _deed_page(form))


def _do(request: SignedInRequest, reference: str, name: str) -> HttpResponse:
    form = _form(request, reference, name, sent=True)
    if not form.is_valid():
        return _refused(request, form)
    if "bring-in" not in request.POST and (people := form.let_in()):
        _keep_typed(request, form)
        shown = asks_page(form.service_request, form, people)
        return render(request, "conversation/bring_in.html", shown)
    try:
        changed = actions.perform(
            form.service_request,
            name,
            by=request.user,
            at=timezone.now(),
            via=Via.PAGE,
            key=form.once(),
            seen=form.seen,
            **form.given(),
        )
    except Overtaken:
        return _held_up(request, form)
    except StaleMove:
        return _stale(request, form)
    except BadAnswers as wrong:
        for key, message in wrong.errors.items():
            form.refuse(message, own_fields.PREFIX + key)
        return _refused(request, form)
    except Refused as refusal:
        form.refuse(refusal.message, refusal.field)
        return _refused(request, form)
    if "message" in form.fields:
        reply_drafts.forget(request.user, changed)
    tell(request, _done(form))
    return _back(request, form, changed)


def _form(request: SignedInRequest, reference: str, name: str, *, sent: bool = False) -> DeedForm:
    """The form of a deed that is this person's to do. Raises Http404, NotAllowed."""
    service_request = find(request.user, reference)
    if not deeds.by_hand(name):
        raise Http404
    held = access.require(request.user, name, service_request)
    initial = {
        "look_again_on": look_again_default(timezone.localdate()),
        "next": request.GET.get("next", ""),
    }
    if name in AGAINST_A_STATE and not sent:
        provider = bool(held & access.FULL_VIEW)
        initial["seen"] = newest_event(service_request, provider=provider)
    if name == "unshare":
        initial["user"] = request.GET.get("user", "")
    return DeedForm(
        lifecycle.deed(name),
        service_request,
        held,
        request.POST if sent else None,
        initial=initial,
        staged=staged(request) if sent and name in WITH_FILES else None,
    )


def _page(
    request: SignedInRequest, service_request: ServiceRequest, sent: DeedForm | None = None
) -> HttpResponse:
    now = timezone.now()
    shown = page(request, service_request, now, sent=sent)
    canned_here.add(request, shown, now)
    return render(request, TEMPLATES[shown["face"]], shown, status=422 if sent else 200)


def _refused(request: SignedInRequest, form: DeedForm) -> HttpResponse:
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


def _stale(request: SignedInRequest, form: DeedForm) -> HttpResponse:
    """Someone was quicker: what happened meanwhile, and what was typed."""
    service_request = find(request.user, form.service_request.reference)
    _keep_typed(request, form)
    return render(
        request,
        "conversation/stale.html",
        stale_page(request.user, service_request, form),
        status=409,
    )


def _held_up(request: SignedInRequest, form: DeedForm) -> HttpResponse:
    """Someone said or did something in between: it is shown, and what was typed waits for a word.

    Kept besides, so that it is there even when this page is closed.
    """
    service_request = find(request.user, form.service_request.reference)
    if service_request.status not in form.deed.before:
        return _stale(request, form)
    _keep_typed(request, form)
    shown = held_page(request.user, service_request, form)
    return render(request, "conversation/held.html", shown, status=409)


def _keep_typed(request: SignedInRequest, form: DeedForm) -> None:
    if request.method != "POST" or "message" not in form.fields:
        return
    with contextlib.suppress(ValueError, Refused):
        keep(
            request.POST,
            form.service_request,
            by=request.user,
            at=timezone.now(),
            deed=form.deed.name,
            staged=form.staged.ids,
        )


def _done(form: DeedForm) -> str:
    return str(deeds.OFFERS[form.deed.name].done)


def _back(request: SignedInRequest, form: DeedForm, changed: ServiceRequest) -> HttpResponse:
    """Where one came from; to one's own first page where the request is no longer one's to see."""
    wanted = form.cleaned_data.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, request.is_secure()
    ):
        return redirect(wanted)
    if access.sees(request.user, changed):
        return redirect(changed)
    return redirect("portal:landing")
