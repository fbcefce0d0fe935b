"""Applying what has changed to open requests: seen first, started, and watched."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from calendars.models import CalendarVersion
from people.models import Department
from servicedesk.desk.calendars.page import named, percent, preview_page, result_words, what_runs
from servicedesk.desk.calendars.reach import agreement_version_of, calendar_of, run_of
from servicedesk.frame import tell
from servicedesk.paging import number_in
from servicedesk.signed_in import SignedInRequest
from slas.models import AgreementVersion, Kind, Reapplying
from slas.reapply import runs
from slas.reapply.changes import NotInForce, new_hours, new_version
from slas.reapply.preview import preview
from slas.reapply.rules import Change


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_requests(request: SignedInRequest, department: str, pk: int) -> HttpResponse:
    """The open requests that still go by earlier hours of a calendar."""
    one = calendar_of(request.user, department, pk)
    version = one.versions.select_related("calendar").order_by("-number").first()
    back = reverse("desk:calendar", args=[department, pk])
    if version is None:
        return redirect(back)
    given = {"title": one.name, "back": back, "number": version.number, "calendar": one}
    return _apply(request, one.department, version, given)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_requests(request: SignedInRequest, department: str, pk: int) -> HttpResponse:
    """The open requests that go by an earlier version of an agreement: the new one for them, too.

    An explicit act: without it a request keeps the version that was in force when it was asked.
    """
    version = agreement_version_of(request.user, department, pk)
    agreement = version.agreement
    assert agreement.provider is not None
    back = reverse("desk:standard", args=[agreement.provider.slug])
    if agreement.kind == Kind.AGREEMENT:
        back = reverse("desk:agreement", args=[agreement.pk])
    given = {"title": named(agreement), "back": back, "number": version.number}
    return _apply(request, agreement.provider, version, given | {"agreement": agreement})


def _apply(
    request: SignedInRequest,
    whose: Department,
    version: CalendarVersion | AgreementVersion,
    given: dict[str, Any],
) -> HttpResponse:
    now = timezone.now()
    given |= {"department": whose, "is_agreement": isinstance(version, AgreementVersion)}
    try:
        if request.method == "POST":
            run = runs.begin(version, by=request.user, at=now)
            return _started(request, whose, run)
        change: Change = (
            new_hours(version)
            if isinstance(version, CalendarVersion)
            else new_version(version, now)
        )
    except NotInForce as refusal:
        given["refusal"] = str(refusal)
        status = 422 if request.method == "POST" else 200
        return render(request, "desk/calendars/apply.html", given, status=status)
    given |= preview_page(request.user, preview(change, now), number_in(request, "place"))
    given["under_way"] = _under_way(version)
    return render(request, "desk/calendars/apply.html", given)


def _under_way(version: CalendarVersion | AgreementVersion) -> Reapplying | None:
    rows = Reapplying.objects.filter(finished_at=None)
    if isinstance(version, CalendarVersion):
        return rows.filter(calendar_version=version).first()
    return rows.filter(agreement_version=version).first()


def _started(request: SignedInRequest, whose: Department, run: Reapplying | None) -> HttpResponse:
    if run is None:
        tell(request, _("No open request goes by an earlier version: there is nothing to do."))
        return redirect(request.get_full_path())
    runs.work(run.pk, timezone.now, batches=1)
    return redirect("desk:reapplying", whose.slug, run.pk)


@login_required
@require_safe
def reapplying(request: SignedInRequest, department: str, pk: int) -> HttpResponse:
    """How far a run is, and what came of it; asks again by itself while it is under way."""
    run = run_of(request.user, department, pk)
    agreement = run.agreement_version.agreement if run.agreement_version else None
    given = {
        "department": _department_of(run),
        "run": run,
        "what": what_runs(run),
        "percent": percent(run),
        "result": result_words(run),
        "calendar": run.calendar_version.calendar if run.calendar_version else None,
        "agreement": agreement,
        "is_standard": agreement is not None and agreement.kind == Kind.STANDARD,
    }
    return render(request, "desk/calendars/run.html", given)


def _department_of(run: Reapplying) -> Department:
    if run.calendar_version is not None:
        return run.calendar_version.calendar.department
    assert run.agreement_version is not None
    assert run.agreement_version.agreement.provider is not None
    return run.agreement_version.agreement.provider
