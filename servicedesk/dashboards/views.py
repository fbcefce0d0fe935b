"""Pages for those who answer for figures."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from people.access import standing
from people.models import Department
from requests_app.access import Listed
from requests_app.figures import reporting
from servicedesk.dashboards import lists, tables
from servicedesk.dashboards.covers import covered, covers
from servicedesk.dashboards.lists import FIGURES, Figure, Wanted
from servicedesk.dashboards.page import meanings, overview_page
from servicedesk.dashboards.scope import scope_of
from servicedesk.dashboards.today import board_page
from servicedesk.signed_in import SignedInRequest


@login_required
@require_GET
def overview(request: SignedInRequest) -> HttpResponse:
    """Do we keep our promises? Raises PermissionDenied for who answers for no figure, Http404."""
    coverage = covered(request.user)
    alone = coverage.departments[0] if len(coverage.departments) == 1 else None
    scope = scope_of(coverage, alone, reporting(timezone.now()), request.GET)
    return render(
        request, "dashboards/overview.html", overview_page(request.user, scope, request.GET)
    )


@login_required
@require_GET
def department(request: SignedInRequest, department: str) -> HttpResponse:
    """The same of one department. Raises Http404 for who does not cover it."""
    coverage = _coverage(request)
    here = coverage.called(department)
    if here is None:
        raise Http404
    scope = scope_of(coverage, here, reporting(timezone.now()), request.GET)
    return render(
        request, "dashboards/overview.html", overview_page(request.user, scope, request.GET)
    )


@login_required
@require_GET
def today(request: SignedInRequest, department: str) -> HttpResponse:
    """Today's board, for those who lead the department. Raises Http404."""
    led = Department.objects.filter(pk__in=standing(request.user).lead_of)
    here = get_object_or_404(led, slug=department)
    return render(request, "dashboards/today.html", board_page(request.user, here, timezone.now()))


@login_required
@require_GET
def meaning(request: SignedInRequest) -> HttpResponse:
    """How each figure is counted. Raises PermissionDenied."""
    covered(request.user)
    return render(request, "dashboards/meaning.html", {"meanings": meanings().values()})


@login_required
@require_GET
def behind(request: SignedInRequest, figure: str) -> HttpResponse:
    """The requests behind a figure. Raises Http404 for who may not open them."""
    chosen, wanted, listed = _behind(request, figure)
    return render(
        request, "dashboards/behind.html", lists.list_page(request, chosen, wanted, listed)
    )


@login_required
@require_GET
def table_csv(request: SignedInRequest, figure: str) -> HttpResponseBase:
    """The same as a CSV. Raises Http404."""
    chosen, wanted, listed = _behind(request, figure)
    now = wanted.reporting.now
    return tables.as_csv(_file_name(chosen, wanted), listed.rows, now, _last(listed))


@login_required
@require_GET
def table_xlsx(request: SignedInRequest, figure: str) -> HttpResponseBase:
    """The same as a workbook. Raises Http404."""
    chosen, wanted, listed = _behind(request, figure)
    title, now = lists.title_of(chosen, wanted), wanted.reporting.now
    name = _file_name(chosen, wanted)
    return tables.as_xlsx(name, title, listed.rows, now, _last(listed))


def _coverage(request: SignedInRequest) -> lists.Coverage:
    """What the person covers. Raises Http404 for who covers nothing."""
    if not covers(standing(request.user)):
        raise Http404
    return covered(request.user)


def _behind(request: SignedInRequest, name: str) -> tuple[Figure, Wanted, Listed]:
    if name not in FIGURES:
        raise Http404
    coverage, now = _coverage(request), timezone.now()
    figure = FIGURES[name]
    wanted = lists.wanted_of(request.user, figure, coverage, reporting(now), request.GET.dict())
    return figure, wanted, lists.rows_of(request.user, figure, wanted)


def _file_name(figure: Figure, wanted: Wanted) -> str:
    place = wanted.here.slug if wanted.here else "all"
    month = f"-{(wanted.month or wanted.reporting.month).first:%Y-%m}" if figure.dated else ""
    return f"{place}-{figure.name}{month}"


def _last(listed: Listed) -> list[str]:
    """What a table says at its end of what it leaves out."""
    hidden = lists.left_out(listed)
    words = []
    if hidden["restricted"]:
        words.append(_("%(n)s restricted, not shown") % {"n": hidden["restricted"]})
    if hidden["elsewhere"]:
        words.append(_("%(n)s now with another department, not shown") % {"n": hidden["elsewhere"]})
    return words
