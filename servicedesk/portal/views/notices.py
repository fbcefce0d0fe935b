"""The page behind the bell."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from notices import inbox
from notices.models import Notice
from servicedesk.paging import ROWS, number_in
from servicedesk.signed_in import SignedInRequest


@login_required
@require_safe
def notices(request: SignedInRequest) -> HttpResponse:
    """What one was told, the newest first."""
    before = number_in(request, "after")
    lines = inbox.latest(request.user, before=before or None, limit=ROWS + 1)
    given = {
        "lines": lines[:ROWS],
        "older": f"?after={lines[ROWS - 1].id}" if len(lines) > ROWS else "",
        "newer": "?" if before else "",
    }
    return render(request, "portal/notices.html", given)


@login_required
@require_POST
def open_notice(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the lines about that request as read, and go to it; or to the agreement."""
    mine = Notice.objects.select_related("service_request", "agreement_deed")
    notice = get_object_or_404(mine.filter(user=request.user), pk=pk)
    if notice.service_request is None and notice.agreement_deed is not None:
        inbox.mark_read(request.user, at=timezone.now(), notice=notice)
        return redirect("desk:agreement", notice.agreement_deed.agreement_id)
    assert notice.service_request is not None
    inbox.mark_read(request.user, at=timezone.now(), service_request=notice.service_request)
    return redirect(notice.service_request)


@login_required
@require_POST
def read_all(request: SignedInRequest) -> HttpResponse:
    """Take all lines as read."""
    inbox.mark_read(request.user, at=timezone.now())
    return redirect("portal:notices")
