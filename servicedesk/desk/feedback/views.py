"""What people say of a department, for its leads; and what they make of it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from feedback import recovery
from feedback.access import recovery_of
from feedback.models import RecoveryTask
from people.access import standing
from people.models import Department
from requests_app.errors import NotAllowed, Overtaken, Refused
from servicedesk.desk.feedback.page import OutcomeForm, feedback_page, outcome_form
from servicedesk.frame import tell, warn
from servicedesk.paging import LARGEST_KEY
from servicedesk.signed_in import SignedInRequest


@login_required
@require_GET
def feedback(request: SignedInRequest, department: str) -> HttpResponse:
    """The page; raises Http404 for whoever does not lead the department."""
    return _page(request, _led(request, department))


@login_required
@require_POST
def take(request: SignedInRequest, department: str, pk: int) -> HttpResponse:
    """Say that one looks after it."""
    task = _task(request, _led(request, department), pk)
    try:
        recovery.take(task.pk, by=request.user)
    except Overtaken as late:
        warn(request, str(late))
    except NotAllowed:
        raise Http404 from None
    else:
        tell(request, _("You look after it."))
    return redirect("desk:feedback", department)


@login_required
@require_POST
def settle(request: SignedInRequest, department: str, pk: int) -> HttpResponse:
    """Say what came of it; a form that is refused keeps what was typed."""
    here = _led(request, department)
    task = _task(request, here, pk)
    form = outcome_form(task.pk, request.POST)
    if not form.is_valid():
        return _page(request, here, sent=(task.pk, form), status=422)
    try:
        done = recovery.settle(
            task.pk,
            outcome=form.cleaned_data["outcome"],
            note=form.cleaned_data["note"],
            by=request.user,
            at=timezone.now(),
        )
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _page(request, here, sent=(task.pk, form), status=422)
    except Overtaken as late:
        return _page(request, here, late=str(late), typed=form["note"].value() or "", status=409)
    except NotAllowed:
        raise Http404 from None
    tell(request, _("Kept: %(outcome)s.") % {"outcome": done.get_outcome_display()})
    return redirect("desk:feedback", department)


def _page(
    request: SignedInRequest,
    here: Department,
    *,
    sent: tuple[int, OutcomeForm] | None = None,
    late: str = "",
    typed: str = "",
    status: int = 200,
) -> HttpResponse:
    shown = feedback_page(request, request.user, here, timezone.now(), sent=sent)
    form = sent[1] if sent else None
    more = {"late": late, "typed": typed, "form": form}
    return render(request, "desk/feedback/page.html", shown | more, status=status)


def _led(request: SignedInRequest, slug: str) -> Department:
    """The department, if the person leads it. Raises Http404."""
    led = Department.objects.filter(pk__in=standing(request.user).lead_of)
    return get_object_or_404(led, slug=slug)


def _task(request: SignedInRequest, here: Department, pk: int) -> RecoveryTask:
    """A task that this lead sees, done or not. Raises Http404."""
    if pk > LARGEST_KEY:
        raise Http404
    return get_object_or_404(recovery_of(request.user, [here.pk]), pk=pk)
