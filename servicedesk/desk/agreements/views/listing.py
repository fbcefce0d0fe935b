"""What a department promises and is promised; the register; the page of one agreement."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from requests_app.reporting import reporting
from servicedesk.desk.agreements.page import agreement_page, list_row, proposed_to, version_page
from servicedesk.desk.agreements.reach import agreement_of, require_register
from servicedesk.desk.reach import led
from servicedesk.paging import page_of
from servicedesk.signed_in import SignedInRequest
from slas import access, register
from slas.models import Agreement, Kind

MADE, RECEIVED = "made", "received"
IN_FORCE, REVIEW, MISSING = "in-force", "review", "missing"
ROWS = 50


@login_required
@require_safe
def agreements(request: SignedInRequest, department: str) -> HttpResponse:
    """What the department promises others, or is promised by them."""
    whose = led(request.user, department)
    side = request.GET.get("side", MADE)
    if side not in (MADE, RECEIVED):
        raise Http404
    rows = (
        Agreement.objects.filter(kind=Kind.AGREEMENT, provider=whose)
        if side == MADE
        else register.received_by(whose.pk)
    )
    return render(
        request,
        "desk/agreements/list.html",
        _listed(request, rows) | {"department": whose, "direction": side},
    )


def _listed(request: SignedInRequest, rows: Any) -> dict[str, Any]:
    """A page of agreements, newest first: eight queries."""
    rows = rows.select_related("provider", "draft").prefetch_related(
        "versions__coverage__client", "versions__coverage__service", "draft__acceptances"
    )
    page = page_of(request, rows, "-pk", size=ROWS)
    now = timezone.now()
    names, today = proposed_to(page.rows), timezone.localdate(now)
    shown = [list_row(one, now, request.user, today, names) for one in page.rows]
    return {"page": page, "rows": shown}


@login_required
@require_safe
def agreement(request: SignedInRequest, pk: int) -> HttpResponse:
    """One agreement: what counts, what is proposed, what was."""
    wanted = agreement_of(request.user, pk)
    return render(
        request,
        "desk/agreements/agreement.html",
        agreement_page(wanted, request.user, timezone.now()),
    )


@login_required
@require_safe
def version(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """One version, and what was different before it."""
    wanted = agreement_of(request.user, pk)
    numbered = {one.number: one for one in wanted.versions.all()}
    if number not in numbered:
        raise Http404
    given = version_page(wanted, numbered[number], numbered.get(number - 1))
    return render(request, "desk/agreements/version.html", given)


@login_required
@require_safe
def the_register(request: SignedInRequest) -> HttpResponse:
    """For managers and administrators: what is in force, due for review, missing."""
    require_register(request.user)
    show = request.GET.get("show", IN_FORCE)
    if show not in (IN_FORCE, REVIEW, MISSING):
        raise Http404
    now = timezone.now()
    given: dict[str, Any] = {"show": show, "many": register.MANY_REQUESTS}
    departments = access.departments_of_register(request.user)
    if show == MISSING:
        return render(request, "desk/agreements/register.html", given | _missing(request, now))
    rows = register.in_force_at(access.readable_by(request.user), now)
    if show == REVIEW:
        rows = register.due_for_review(rows, now, reporting(now).today)
    slug = request.GET.get("of", "")
    if slug:
        whose = get_object_or_404(departments, slug=slug)
        rows = rows.filter(provider=whose)
    given |= {"departments": list(departments.order_by("name")), "of": slug}
    return render(request, "desk/agreements/register.html", given | _listed(request, rows))


def _missing(request: SignedInRequest, now: Any) -> dict[str, Any]:
    ids = list(access.departments_of_register(request.user).values_list("pk", flat=True))
    found = register.missing(ids, now, after=_after(request), limit=ROWS + 1)
    shown = found[:ROWS]
    last = shown[-1] if len(found) > ROWS else None
    older = (
        f"?show={MISSING}&after={last.requests}.{last.provider_id}.{last.client_id}" if last else ""
    )
    return {"missing": shown, "older": older}


def _after(request: SignedInRequest) -> tuple[int, int, int] | None:
    parts = request.GET.get("after", "").split(".")
    if len(parts) != 3 or not all(p.isascii() and p.isdigit() and len(p) < 10 for p in parts):
        return None
    number, provider, client = map(int, parts)
    return number, provider, client
