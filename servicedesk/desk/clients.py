"""What a department's own people have asked of others, for its lead: no content of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from people.access import standing
from people.models import Department
from requests_app import access
from requests_app.lifecycle import STATUSES
from requests_app.models import ServiceRequest, ServiceRequestQuerySet
from servicedesk.desk.filters import Choice, Word
from servicedesk.desk.lists import capped_counts, in_words
from servicedesk.paging import page_of
from servicedesk.signed_in import SignedInRequest
from slas import promises

OPEN, ALL = "open", "all"


@dataclass(frozen=True, slots=True)
class Row:
    """All that the lead learns of one request."""

    reference: str
    service: str
    provider: str
    status: dict[str, str]
    chip: promises.PromiseChip | None


@login_required
@require_GET
def our_requests(request: SignedInRequest, department: str) -> HttpResponse:
    """The requests of the department's people; raises Http404 for whoever does not lead it."""
    led = Department.objects.filter(pk__in=standing(request.user).lead_of)
    here = get_object_or_404(led, slug=department)
    status = request.GET.get("status", OPEN)
    if status not in (OPEN, ALL, *STATUSES):
        raise Http404
    return render(request, "desk/our_requests.html", _page(request, here, status))


def _page(request: SignedInRequest, here: Department, status: str) -> dict[str, Any]:
    now = timezone.now()
    listed = access.client_view(request.user, here.pk)
    rows = _narrowed(listed.rows, status)
    page = page_of(request, rows.for_list())
    chips = promises.chips(page.rows, now, face="requester")
    counts = capped_counts({"rows": rows, "hidden": _narrowed(listed.left_out, status)})
    return {
        "department": here,
        "word": _word(status),
        "count": counts["rows"],
        "count_words": in_words(counts["rows"]),
        "rows": [_row(one, chips.get(one.pk)) for one in page.rows],
        "page": page,
        "hidden": counts["hidden"] if status in (OPEN, ALL) and not page.older else 0,
        "hidden_words": in_words(counts["hidden"]),
        "calendars": promises.open_intervals(
            {chip.calendar_id for chip in chips.values() if chip.calendar_id}, now
        ),
    }


def _narrowed(rows: ServiceRequestQuerySet, status: str) -> ServiceRequestQuerySet:
    if status == ALL:
        return rows
    return rows.live() if status == OPEN else rows.filter(status=status)


def _row(one: ServiceRequest, chip: promises.PromiseChip | None) -> Row:
    info = one.info
    return Row(
        reference=one.reference,
        service=one.service.name,
        provider=one.provider_department.name,
        status={"words": _(info.label), "tone": info.tone, "icon": info.icon},
        chip=chip if chip is not None and chip.state != "none" else None,
    )


def _word(status: str) -> Word:
    named = [(str(one), _(info.label)) for one, info in STATUSES.items()]
    offered = [(OPEN, _("any open status")), (ALL, _("any status")), *named]
    choices = [Choice(words, f"?status={name}", name == status) for name, words in offered]
    return Word(next(choice.words for choice in choices if choice.current), choices)
