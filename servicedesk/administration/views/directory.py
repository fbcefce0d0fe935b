"""The directory's page: hand in a file, see what it would change, say yes."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from people import directory as directories
from people.models import DirectoryFile
from servicedesk.administration.allowed import administrators_only
from servicedesk.administration.directory import Outcome, look, take_in
from servicedesk.administration.forms.directory import DirectoryForm
from servicedesk.frame import tell, warn
from servicedesk.signed_in import SignedInRequest

SHOWN = 200
"""Lines of each kind that a page shows."""
KEPT = timedelta(days=1)
SHOWN_AND_SENT = ["GET", "HEAD", "POST"]


@administrators_only
@require_http_methods(SHOWN_AND_SENT)
def directory(request: SignedInRequest) -> HttpResponse:
    """Hand in a file; what is wrong with it is said row by row."""
    if request.method != "POST":
        return _form_page(request, DirectoryForm(initial={"leavers": False}))
    form = DirectoryForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form_page(request, form)
    file, leavers = form.cleaned_data["file"], form.cleaned_data["leavers"]
    content = file.read()
    try:
        look(content, leavers=leavers)
    except directories.BadDirectory as error:
        return _form_page(request, DirectoryForm(initial={"leavers": leavers}), error.problems)
    now = timezone.now()
    DirectoryFile.objects.filter(uploaded_at__lt=now - KEPT).delete()
    kept = DirectoryFile.objects.create(
        name=_plain_name(file.name),
        content=content,
        leavers=leavers,
        uploaded_by=request.user,
        uploaded_at=now,
    )
    return redirect("administration:directory_file", kept.pk)


def _plain_name(name: str) -> str:
    return name.replace("\x00", "")[-200:]


def _form_page(
    request: SignedInRequest, form: DirectoryForm, problems: list[directories.Problem] | None = None
) -> HttpResponse:
    problems = problems or []
    context = {"form": form, "problems": problems[:SHOWN], "more": max(len(problems) - SHOWN, 0)}
    status = 422 if form.errors or problems else 200
    return render(request, "administration/directory.html", context, status=status)


@administrators_only
@require_http_methods(SHOWN_AND_SENT)
def directory_file(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the file would change, worked out anew; a POST that agrees to just that applies it."""
    kept = get_object_or_404(DirectoryFile, pk=pk, uploaded_by=request.user)
    content = bytes(kept.content)
    try:
        if request.method == "POST":
            return _apply(request, kept, content)
        plan = look(content, leavers=kept.leavers)
    except directories.BadDirectory as error:
        form = DirectoryForm(initial={"leavers": kept.leavers})
        return _form_page(request, form, error.problems)
    return _plan_page(request, kept, plan)


def _apply(request: SignedInRequest, kept: DirectoryFile, content: bytes) -> HttpResponse:
    try:
        outcome = take_in(
            content,
            leavers=kept.leavers,
            by=request.user,
            at=timezone.now(),
            shown=request.POST.get("plan", ""),
        )
    except (directories.PlanChanged, IntegrityError):
        warn(request, _("People were changed meanwhile. Nothing was done: look again."))
        plan = look(content, leavers=kept.leavers)
        return _plan_page(request, kept, plan, status=409)
    kept.delete()
    _tell(request, outcome)
    return redirect("administration:people")


def _tell(request: SignedInRequest, outcome: Outcome) -> None:
    words = {
        "new": len(outcome.plan.new),
        "changed": len(outcome.plan.changed),
        "left": len(outcome.plan.leaving),
        "returned": outcome.returned,
    }
    text = _("Done: %(new)d new, %(changed)d changed, %(left)d left.") % words
    if outcome.returned:
        text += " " + _("Requests back in the queue: %(returned)d.") % words
    tell(request, text)


def _plan_page(
    request: SignedInRequest, kept: DirectoryFile, plan: directories.Plan, *, status: int = 200
) -> HttpResponse:
    labels = {
        "name": _("name"),
        "email": _("e-mail"),
        "department": _("department"),
    }
    changes = [
        (
            one.person,
            [
                (labels[name], before, after)
                for name, (before, after) in one.fields.items()
                if name in labels
            ],
            "is_active" in one.fields,
        )
        for one in plan.changed[:SHOWN]
    ]
    context = {
        "file": kept,
        "plan": plan,
        "changes": changes,
        "new": plan.new[:SHOWN],
        "roles": plan.roles[:SHOWN],
        "leaving": plan.leaving[:SHOWN],
        "shown": SHOWN,
    }
    return render(request, "administration/directory_file.html", context, status=status)
