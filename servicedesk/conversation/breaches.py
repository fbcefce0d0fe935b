"""Why a promise was late: asked of those who answer for it, on the page of the request and here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from people.models import User
from requests_app import access
from requests_app.access import FULL_VIEW
from requests_app.errors import NotAllowed, Refused
from requests_app.lifecycle import Role
from requests_app.models import ServiceRequest
from servicedesk.conversation.finding import find
from servicedesk.frame import tell
from servicedesk.signed_in import SignedInRequest
from slas import reasons
from slas.ledger.words import anchor_of, key_of, metric_words
from slas.models import LONGEST_NOTE, BreachReason, Clock, Reason
from slas.promises import PromiseLine


class WhyLateForm(forms.Form):
    """The reason, and what more there is to say."""

    use_required_attribute = False

    promise = forms.CharField(max_length=40, widget=forms.HiddenInput)
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=gettext_lazy("What was it, most of all?"),
        choices=Reason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose a reason."),
            "invalid_choice": gettext_lazy("Choose one of these reasons."),
        },
    )
    note = forms.CharField(
        label=gettext_lazy("What more there is to say"),
        help_text=gettext_lazy("Only the provider reads it."),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A promise that was late, and of which nobody has said why."""

    promise: str
    label: str
    reasons: Sequence[tuple[str, Any]]


def asked(
    user: User,
    held: frozenset[Role],
    service_request: ServiceRequest,
    lines: Sequence[PromiseLine],
) -> list[Asked]:
    """What this person is asked on the request's page; a query only where something was late."""
    labels = {line.clock.pk: line.label for line in lines}
    clocks = [line.clock for line in lines]
    return [
        Asked(anchor_of(_key(one)), labels[one.pk], Reason.choices)
        for one in reasons.unexplained(user, held, service_request, clocks)
    ]


def _key(clock: Clock) -> reasons.Key:
    return clock.metric, clock.cycle, clock.sequence


@login_required
@require_http_methods(["GET", "POST"])
def why_late(request: SignedInRequest, reference: str) -> HttpResponse:
    """Say why a promise was late. Raises Http404; NotAllowed for who does not answer for it."""
    service_request = find(request.user, reference)
    held = access.roles(request.user, service_request)
    if not held & FULL_VIEW:
        raise NotAllowed(_("This is not yours to do."))
    sent = request.POST if request.method == "POST" else request.GET
    key = key_of(sent.get("promise", ""))
    if key is None:
        raise Http404
    clock = service_request.clocks.filter(
        metric=key[0], cycle=key[1], sequence=key[2], breached_at__isnull=False
    ).first()
    if clock is None:
        raise Http404
    if not reasons.asked_of(request.user, held, clock.department_id):
        raise NotAllowed(_("The department that answers for it says why."))
    said = reasons.said_of(service_request).get(key)
    if request.method == "GET":
        form = WhyLateForm(initial=_initial(request, said, anchor_of(key)), label_suffix="")
        return _page(request, service_request, clock, form)
    form = WhyLateForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _page(request, service_request, clock, form)
    try:
        _say(service_request, key, form, request.user, timezone.now())
    except Refused as refusal:
        form.add_error(refusal.field, refusal.message)
        return _page(request, service_request, clock, form)
    tell(request, _("Thank you: that is kept with the promise."))
    return redirect(_next(request, form, service_request))


def _initial(request: SignedInRequest, said: BreachReason | None, promise: str) -> dict[str, Any]:
    given = {"promise": promise, "next": request.GET.get("next", "")}
    return given if said is None else given | {"reason": said.reason, "note": said.note}


def _say(
    service_request: ServiceRequest,
    key: reasons.Key,
    form: WhyLateForm,
    by: User,
    at: datetime,
) -> None:
    data = form.cleaned_data
    reasons.explain(service_request, key, reason=data["reason"], note=data["note"], by=by, at=at)


def _page(
    request: SignedInRequest, service_request: ServiceRequest, clock: Clock, form: WhyLateForm
) -> HttpResponse:
    label = metric_words(clock.metric, mine=True)
    shown = {"service_request": service_request, "form": form, "label": label, "clock": clock}
    return render(
        request, "conversation/why_late.html", shown, status=422 if form.is_bound else 200
    )


def _next(request: SignedInRequest, form: WhyLateForm, service_request: ServiceRequest) -> str:
    wanted = form.cleaned_data["next"]
    if wanted and url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, request.is_secure()
    ):
        return str(wanted)
    return service_request.get_absolute_url()
