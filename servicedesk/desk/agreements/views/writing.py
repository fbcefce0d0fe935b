"""What is promised is written: agreements, the standard of a department, the minimum."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from people.access import require_administrator
from people.models import Department
from requests_app.reporting import reporting
from servicedesk.desk.agreements.form import ConditionsForm
from servicedesk.desk.agreements.reach import written_by
from servicedesk.desk.reach import led
from servicedesk.frame import tell
from servicedesk.signed_in import SignedInRequest
from slas import agreements, drafting
from slas.conditions import BadConditions, Conditions
from slas.drafting import Stale, Wanted
from slas.models import Agreement, AgreementDraft, AgreementVersion, Kind

A_YEAR = timedelta(days=365)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_new(request: SignedInRequest, department: str) -> HttpResponse:
    """Begin an agreement from what the department promises everyone."""
    whose = led(request.user, department)
    now = timezone.now()
    posted = request.POST if request.method == "POST" else None
    form = ConditionsForm(
        posted, kind=Kind.AGREEMENT, provider=whose, now=None if posted else _fresh(whose, now)
    )
    if posted is not None and form.is_valid():
        try:
            made = drafting.create(whose, form.wanted, by=request.user, at=now)
        except BadConditions as bad:
            form.refuse(bad)
        else:
            tell(request, _("“%s” is kept as a draft. Propose it when it is right.") % made.name)
            return redirect("desk:agreement", made.pk)
    given = {"department": whose, "form": form, "is_new": True}
    return _shown(request, "desk/agreements/edit.html", form, given)


def _fresh(whose: Department, now: datetime) -> Wanted:
    """What a new agreement begins with: the department's standard, a review in a year."""
    standard = agreements.standard_version(whose.pk, now)
    said = replace(
        Conditions.of(standard), review_on=reporting(now).today + A_YEAR, answer_within=None
    )
    return Wanted(name="", said=said)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write the next version: it is a draft until all sides have accepted it."""
    wanted = written_by(request.user, pk)
    assert wanted.provider is not None
    draft: AgreementDraft | None = getattr(wanted, "draft", None)
    revision = draft.revision if draft else 0
    posted = request.POST if request.method == "POST" else None
    form = ConditionsForm(
        posted,
        kind=Kind.AGREEMENT,
        provider=wanted.provider,
        now=_kept(wanted, draft),
        revision=revision,
    )
    given = {"department": wanted.provider, "agreement": wanted, "form": form, "draft": draft}
    if posted is None or not form.is_valid():
        return _shown(request, "desk/agreements/edit.html", form, given)
    try:
        drafting.change(
            wanted,
            form.wanted,
            revision=form.cleaned_data["revision"] or 0,
            by=request.user,
            at=timezone.now(),
        )
    except BadConditions as bad:
        form.refuse(bad)
        return _shown(request, "desk/agreements/edit.html", form, given)
    except Stale:
        fresh = written_by(request.user, pk)
        now_kept: AgreementDraft | None = getattr(fresh, "draft", None)
        form.renew(now_kept.revision if now_kept else 0)
        given |= {"agreement": fresh, "draft": now_kept, "late": True}
        return render(request, "desk/agreements/edit.html", given, status=409)
    tell(request, _("Kept as a draft. Propose it when it is right."))
    return redirect("desk:agreement", pk)


def _kept(agreement: Agreement, draft: AgreementDraft | None) -> Wanted | None:
    if draft is not None:
        said = Conditions.read(draft.conditions)
        return Wanted(name=agreement.name, said=said, begins_on=draft.begins_on)
    versions = sorted(agreement.versions.all(), key=lambda one: one.number)
    return Wanted(name=agreement.name, said=Conditions.of(versions[-1])) if versions else None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def standard(request: SignedInRequest, department: str) -> HttpResponse:
    """What the department promises everyone: read, and a new version from a day on."""
    whose = led(request.user, department)
    now = timezone.now()
    current = agreements.standard_version(whose.pk, now)
    versions = list(current.agreement.versions.order_by("-number").select_related("made_by")[:50])
    posted = request.POST if request.method == "POST" else None
    kept = Wanted(name="", said=Conditions.of(current))
    form = ConditionsForm(
        posted, kind=Kind.STANDARD, provider=whose, now=kept, revision=versions[0].number
    )
    given = {
        "department": whose,
        "form": form,
        "versions": versions,
        "current": current,
        "now": now,
    }
    if posted is None or not form.is_valid():
        return _shown(request, "desk/agreements/standard.html", form, given)
    if form.cleaned_data["revision"] != versions[0].number:
        form.renew(versions[0].number)
        return render(request, "desk/agreements/standard.html", given | {"late": True}, status=409)
    try:
        begins = _begins(form.wanted, current.agreement, now)
        made = agreements.say_standard(
            whose, form.wanted.said, at=now, by=request.user, in_force_from=begins
        )
    except BadConditions as bad:
        form.refuse(bad)
        return _shown(request, "desk/agreements/standard.html", form, given)
    tell(request, _("Version %d of the standard is kept.") % made.number)
    return redirect("desk:standard", whose.slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def minimum(request: SignedInRequest) -> HttpResponse:
    """What every department promises at least; it may only be tightened."""
    require_administrator(request.user)
    now = timezone.now()
    agreement = Agreement.objects.filter(kind=Kind.MINIMUM).first()
    versions: list[AgreementVersion] = []
    if agreement is not None:
        versions = list(agreement.versions.order_by("-number").select_related("made_by")[:50])
    last = versions[0] if versions else None
    posted = request.POST if request.method == "POST" else None
    kept = Wanted(name="", said=Conditions.of(last)) if last else None
    form = ConditionsForm(
        posted, kind=Kind.MINIMUM, provider=None, now=kept, revision=last.number if last else 0
    )
    given = {"form": form, "versions": versions, "last": last, "now": now}
    given["below"] = agreements.below(last, now) if last else []
    if posted is None or not form.is_valid():
        return _shown(request, "desk/agreements/minimum.html", form, given)
    if (form.cleaned_data["revision"] or 0) != (last.number if last else 0):
        form.renew(last.number if last else 0)
        return render(request, "desk/agreements/minimum.html", given | {"late": True}, status=409)
    try:
        made = agreements.say_minimum(form.wanted.said, at=now, by=request.user)
    except BadConditions as bad:
        form.refuse(bad)
        return _shown(request, "desk/agreements/minimum.html", form, given)
    tell(request, _("Version %d of the minimum is kept.") % made.number)
    return redirect("desk:minimum")


def _begins(wanted: Wanted, agreement: Agreement, now: datetime) -> datetime | None:
    """When a new standard counts from: now, or its day. Raises BadConditions for one past."""
    if wanted.begins_on is None:
        return now
    begins = drafting.begins_at(agreement, wanted.begins_on, now)
    if begins == now and wanted.begins_on < timezone.localdate(now, drafting.zone_of(agreement)):
        raise BadConditions({"begins_on": _("Choose today or a later day.")})
    return begins


def _shown(
    request: SignedInRequest, template: str, form: ConditionsForm, given: dict[str, Any]
) -> HttpResponse:
    return render(request, template, given, status=422 if form.errors else 200)
