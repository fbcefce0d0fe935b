"""An agreement month by month: how both sides kept to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from requests_app import access as requests_access
from requests_app.models import ServiceRequest
from requests_app.reporting import Month, reporting
from servicedesk.desk.agreements.page import home_of
from servicedesk.desk.agreements.reach import agreement_of
from servicedesk.signed_in import SignedInRequest
from slas import budgets, keeping
from slas.comparing import METRIC_WORDS
from slas.conditions import METRICS, Conditions
from slas.keeping import MOST_LISTED, Answer, Breach, Kept
from slas.models import Agreement
from slas.register import current

MONTHS = 13
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Share:
    """One metric in the provider's column."""

    label: str
    kept: str
    met: int
    n: int
    missed: int


@dataclass(frozen=True, slots=True)
class Late:
    """A breach or a late answer, in a list; without an address where the reader sees no content."""

    reference: str
    url: str
    words: str
    at: datetime
    service: str = ""
    """What was asked for; not of a restricted request that the reader does not see."""
    marked: bool = False


@login_required
@require_safe
def month(request: SignedInRequest, pk: int) -> HttpResponse:
    """Two columns: how the provider kept its targets, how the client kept its part."""
    wanted = agreement_of(request.user, pk)
    now = timezone.now()
    known = {one.first.strftime("%Y-%m"): one for one in reporting(now).months(MONTHS)}
    asked = request.GET.get("month", "")
    if asked and asked not in known:
        raise Http404
    chosen = known[asked or list(known)[-1]]
    found = keeping.kept(wanted, chosen.start, min(chosen.end, now))
    given = _page(request, wanted, found, chosen)
    given |= {
        "months": [(key, _words(one)) for key, one in reversed(known.items())],
        "chosen": chosen.first.strftime("%Y-%m"),
        "month_words": _words(chosen),
        "is_running": chosen.end > now,
        "now": now,
    }
    return render(request, "desk/agreements/month.html", given)


def _page(
    request: SignedInRequest, agreement: Agreement, found: Kept, chosen: Month
) -> dict[str, Any]:
    ids = {one.service_request_id for one in found.breaches}
    ids |= {one.service_request_id for one in found.late}
    rows = ServiceRequest.objects.filter(pk__in=ids)
    references = dict(rows.values_list("pk", "reference"))
    visible = requests_access.visible_to(request.user).filter(pk__in=ids)
    urls = {one.pk: one.get_absolute_url() for one in visible.only("pk", "reference")}
    shown = current(agreement, chosen.start) or max(
        agreement.versions.all(), key=lambda one: one.number, default=None
    )
    said = Conditions.of(shown) if shown else None
    judged, late = len(found.judged), len(found.late)
    return {
        "agreement": agreement,
        "home": home_of(agreement, request.user, said.clients if said else ()),
        "clients": sorted({one.client.name for one in shown.coverage.all()}) if shown else [],
        "kept": found,
        "shares": [_share(found, metric) for metric in METRICS if metric in found.promises],
        "allowed": budgets.write(said.answer_within) if said and said.answer_within else "",
        "judged": judged,
        "in_time": judged - late,
        "in_time_percent": round(100 * (judged - late) / judged) if judged else None,
        "breaches": [_breach(one, urls) for one in found.breaches[:MOST_LISTED]],
        "late": [_answer(one, references, urls) for one in found.late[:MOST_LISTED]],
        "after_late": len(found.after_late_answers),
        "most": MOST_LISTED,
    }


def _share(found: Kept, metric: str) -> Share:
    one = found.promises[metric]
    percent = "–" if one.share is None else f"{round(100 * one.share)} %"
    return Share(str(METRIC_WORDS[metric]), percent, one.met, one.n, one.missed)


def _breach(one: Breach, urls: dict[int, str]) -> Late:
    words = f"{METRIC_WORDS[one.metric]}, {one.priority}"
    url = urls.get(one.service_request_id, "")
    service = one.service if url or not one.restricted else ""
    return Late(one.reference, url, words, one.due_at, service, one.after_late_answer)


def _answer(one: Answer, references: dict[int, str], urls: dict[int, str]) -> Late:
    reference = references[one.service_request_id]
    url = urls.get(one.service_request_id, "")
    took = -(-one.took // MINUTE) * MINUTE  # a second late is not "after 2 days" of two
    return Late(reference, url, budgets.write(took), one.answered_at)


def _words(one: Month) -> str:
    return date_format(one.first, "F Y")
