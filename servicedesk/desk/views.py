"""The pages of those who work on requests: the queue, its preview, and deeds on several rows."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import quote_etag, url_has_allowed_host_and_scheme
from django.views.decorators.http import condition, require_GET, require_POST

from people.access import standing
from people.models import Department
from requests_app import access
from servicedesk.desk import filters, several
from servicedesk.desk.lists import VIEWS, BadPlace, View, arrived_since, capped_counts, rows_of
from servicedesk.desk.page import preview_page, queue_page, read_moment
from servicedesk.frame import tell, warn
from servicedesk.signed_in import SignedInRequest


@login_required
@require_GET
def queue(request: SignedInRequest) -> HttpResponse:
    """To the first department in which the person works."""
    first = Department.objects.filter(pk__in=standing(request.user).agent_of).first()
    if first is None:
        raise Http404
    return redirect("desk:view", first.slug, "open")


@login_required
@require_GET
def view(request: SignedInRequest, department: str, name: str) -> HttpResponse:
    """One view of a department's queue: what breaches next on top."""
    here = _department(request, department)
    return _page(request, here, _view(name))


@login_required
@require_GET
def preview(request: SignedInRequest, department: str, reference: str) -> HttpResponse:
    """The fragment beside the list: one request in short."""
    here = _department(request, department)
    rows = access.queue(request.user, here.pk)
    service_request = get_object_or_404(rows.for_page(), reference=reference.replace("\x00", ""))
    shown = preview_page(request, here, service_request, timezone.now())
    return render(request, "desk/_preview.html", shown)


def _count_news(request: SignedInRequest, department: str, name: str) -> int:
    kept = getattr(request, "_news", None)
    if kept is None:
        here = _department(request, department)
        rows = rows_of(_view(name), request.user, here.pk, timezone.now())
        since = read_moment(request.GET.get("since", ""))
        if since is None:
            raise Http404
        kept = capped_counts({"new": arrived_since(rows, since)})["new"]
        request._news = kept  # type: ignore[attr-defined]
    return kept


def _news_etag(request: SignedInRequest, department: str, name: str) -> str:
    return quote_etag(f"new-{_count_news(request, department, name)}")


@login_required
@require_GET
@condition(etag_func=_news_etag)
def news(request: SignedInRequest, department: str, name: str) -> HttpResponse:
    """How many requests came since the page was loaded: asked every 15 s, answered in a word."""
    count = _count_news(request, department, name)
    response = render(
        request, "desk/_news.html", {"count": count, "department": department, "name": name}
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@login_required
@require_POST
def bulk(request: SignedInRequest, department: str) -> HttpResponse:
    """One deed on several requests, each by itself; what could not be done is said."""
    here = _department(request, department)
    form = several.BulkForm(request.POST, department=here)
    if not form.is_valid():
        return _page(request, here, VIEWS["open"], form)
    outcome = several.do(form, request.user, here, timezone.now())
    if outcome.done:
        tell(request, outcome.done_words())
    for words in outcome.failed_words():
        warn(request, words)
    return redirect(_back(request, form, here))


# -- What the views share ------------------------------------------------------------------------


def _page(
    request: SignedInRequest, here: Department, chosen: View, form: several.BulkForm | None = None
) -> HttpResponse:
    try:
        shown: dict[str, Any] = queue_page(request, here, chosen, timezone.now(), form)
    except (BadPlace, filters.BadFilter):
        raise Http404 from None
    return render(request, "desk/queue.html", shown, status=422 if form else 200)


def _back(request: SignedInRequest, form: several.BulkForm, here: Department) -> str:
    wanted = form.cleaned_data["next"]
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if wanted and safe else redirect("desk:view", here.slug, "open").url


def _department(request: SignedInRequest, slug: str) -> Department:
    """The department, if the person works there. Raises Http404."""
    return get_object_or_404(
        Department.objects.filter(pk__in=standing(request.user).agent_of), slug=slug
    )


def _view(name: str) -> View:
    if name not in VIEWS:
        raise Http404
    return VIEWS[name]
