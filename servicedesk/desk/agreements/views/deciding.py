"""Proposed, taken back, accepted, sent back, ended: each deed, and who hears of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from notices import agreements as news
from servicedesk.desk.agreements.page import agreement_page
from servicedesk.desk.agreements.reach import agreement_of, decided_by, revision_in, written_by
from servicedesk.frame import tell
from servicedesk.signed_in import SignedInRequest
from slas import drafting
from slas.conditions import BadConditions
from slas.drafting import Stale
from slas.models import Agreement, AgreementDeed, Deed


@login_required
@require_POST
def propose(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hand the draft to the clients' leads."""
    wanted = written_by(request.user, pk)
    message = request.POST.get("message", "").replace("\x00", "")

    def do() -> AgreementDeed:
        return drafting.propose(
            wanted,
            revision=revision_in(request),
            message=message,
            by=request.user,
            at=timezone.now(),
        )

    return _done(request, wanted, do, _("Proposed. Their leads hear of it."))


@login_required
@require_POST
def take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make what was proposed a draft again."""
    wanted = written_by(request.user, pk)

    def do() -> AgreementDeed:
        return drafting.take_back(
            wanted, revision=revision_in(request), by=request.user, at=timezone.now()
        )

    return _done(request, wanted, do, _("Taken back: it is a draft again."))


@login_required
@require_POST
def accept(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say yes for the departments that one leads."""
    wanted = decided_by(request.user, pk)

    def do() -> AgreementDeed:
        return drafting.accept(
            wanted, revision=revision_in(request), by=request.user, at=timezone.now()
        )

    return _done(request, wanted, do, _("Accepted."))


@login_required
@require_POST
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say no, and why."""
    wanted = decided_by(request.user, pk)
    reason = request.POST.get("reason", "").replace("\x00", "")

    def do() -> AgreementDeed:
        return drafting.send_back(
            wanted,
            revision=revision_in(request),
            reason=reason,
            by=request.user,
            at=timezone.now(),
        )

    return _done(request, wanted, do, _("Sent back, with your reason."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: SignedInRequest, pk: int) -> HttpResponse:
    """Throw a draft away; asks first."""
    wanted = written_by(request.user, pk)
    given = {"agreement": wanted, "draft": getattr(wanted, "draft", None)}
    if request.method != "POST":
        return render(request, "desk/agreements/drop.html", given)
    try:
        goes = drafting.drop(
            wanted, revision=revision_in(request), by=request.user, at=timezone.now()
        )
    except Stale:
        return _page(request, agreement_of(request.user, pk), late=True, status=409)
    tell(request, _("The draft is thrown away."))
    if goes and wanted.provider is not None:
        return redirect("desk:agreements", wanted.provider.slug)
    return redirect("desk:agreement", pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    """End an agreement, from now or a day on; asks first."""
    wanted = decided_by(request.user, pk)
    typed = request.POST.get("on", "")
    given: dict[str, Any] = {"agreement": wanted, "on": typed}
    if request.method != "POST":
        return render(request, "desk/agreements/end.html", given)
    try:
        on = _day(typed)
        with transaction.atomic():
            news.tell(drafting.end(wanted, on=on, by=request.user, at=timezone.now()))
    except BadConditions as bad:
        errors = {"errors": list(bad.errors.values())}
        return render(request, "desk/agreements/end.html", given | errors, status=422)
    tell(request, _("The agreement ends. The standard counts from then on."))
    return redirect("desk:agreement", pk)


def _day(typed: str) -> Any:
    """The day that was typed; None where nothing was. Raises BadConditions."""
    if not typed.strip():
        return None
    try:
        day = parse_date(typed.strip())
    except ValueError:
        day = None
    if day is None:
        raise BadConditions({"on": _("Write a date, like 2027-03-31.")})
    return day


def _done(
    request: SignedInRequest, agreement: Agreement, do: Callable[[], AgreementDeed], words: str
) -> HttpResponse:
    """Do it and tell of it in one transaction; or show the page again, with why it is not done."""
    try:
        with transaction.atomic():
            deed = do()
            news.tell(deed)
    except Stale:
        fresh = agreement_of(request.user, agreement.pk)
        return _page(request, fresh, late=True, status=409)
    except BadConditions as bad:
        fresh = agreement_of(request.user, agreement.pk)
        return _page(request, fresh, errors=list(bad.errors.values()), status=422)
    agreed = deed.kind == Deed.AGREED
    tell(request, _("Everyone has accepted: it is agreed.") if agreed else words)
    return redirect("desk:agreement", agreement.pk)


def _page(
    request: SignedInRequest, agreement: Agreement, *, status: int, **more: Any
) -> HttpResponse:
    given = agreement_page(agreement, request.user, timezone.now()) | more
    typed = {name: request.POST.get(name, "") for name in ("message", "reason")}
    return render(
        request, "desk/agreements/agreement.html", given | {"typed": typed}, status=status
    )
