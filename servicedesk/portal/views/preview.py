"""A service as people will see it: for those who look after it, before they publish."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalogue.access import editable_by
from catalogue.actions import draft_of
from catalogue.building import askable
from catalogue.fields import FormSpec
from catalogue.models import FormVersion, Service
from servicedesk.paging import number_in
from servicedesk.portal.asking import AskForm
from servicedesk.portal.card import card_of, ready_by
from servicedesk.signed_in import SignedInRequest
from slas import promises


@login_required
@require_safe
def preview(request: SignedInRequest, department: str, service: str) -> HttpResponse:
    """The card and the form that is being built, or that of `?version=`; nothing can be sent."""
    rows = editable_by(request.user).select_related("department", "form_version")
    wanted = get_object_or_404(rows, department__slug=department, slug=service)
    version = _version(wanted, number_in(request, "version"))
    spec = FormSpec.read(version.fields) if version else draft_of(wanted).spec
    form, now = AskForm(askable(spec), suggest_url=reverse("portal:suggest")), timezone.now()
    offer = promises.offer(wanted, request.user.department_id, now)
    given = {
        "preview": True,
        "form": form,
        "version": version,
        "wrong": bool(spec.problems()),
        "private": sum(one.provider_only for one in spec.fields),
        "card": card_of(wanted, offer),
        "ready": ready_by(offer, form.chosen_impact, form.chosen_urgency),
    }
    return render(request, "portal/preview.html", given)


def _version(service: Service, number: int) -> FormVersion | None:
    if not 0 < number < 2**31:
        return None
    return service.form_versions.filter(number=number).first()
