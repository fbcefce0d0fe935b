"""Why this time? The promises of a request, line by line, on a page of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from requests_app import access
from requests_app.access import FULL_VIEW
from requests_app.models import ServiceRequest
from servicedesk.band import Band
from servicedesk.conversation.bands import band_of
from servicedesk.conversation.page import find
from servicedesk.signed_in import SignedInRequest
from slas.engine import Metric
from slas.ledger import Ledger, books_of
from slas.ledger.words import Reader, Teller, ToldLedger, reader_of, shows

MOST = 6
"""So many promises of one kind stand on the page; earlier ones on pages of their own."""

ORDER = (Metric.RESOLUTION, Metric.FIRST_RESPONSE, "next_reply", "update", Metric.HOLDING)


@dataclass(frozen=True, slots=True)
class Shown:
    """One promise on the page."""

    told: ToldLedger
    band: Band
    percent: int
    """Of its budget used, for the ring."""
    is_first: bool
    """Stands open when the page comes."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """Promises of one kind that stand on a page before this one."""

    title: str
    n: int
    broken: int
    url: str


@login_required
@require_GET
def show(request: SignedInRequest, reference: str) -> HttpResponse:
    """The promises of the request, as this reader may know of them. Raises Http404."""
    service_request = find(request.user, reference)
    held = access.roles(request.user, service_request)
    reader = reader_of(request.user, timezone.now(), provider=bool(held & FULL_VIEW))
    return render(
        request, "conversation/promises.html", page(service_request, reader, request.GET.dict())
    )


def page(service_request: ServiceRequest, reader: Reader, query: dict[str, str]) -> dict[str, Any]:
    """What stands on the page; a fixed number of queries. Raises Http404."""
    books = books_of(service_request, reader.now)
    teller = Teller(service_request, reader, books.events, books.departments)
    kinds = _by_metric([one for one in books.ledgers if shows(one, reader)])
    wanted = _wanted(kinds, query)
    told, earlier = [], []
    for metric, ledgers in wanted.items():
        whole = kinds[metric]
        kept = ledgers[-MOST:]
        told += [teller.told(one, several=len(whole) > 1) for one in reversed(kept)]
        if len(ledgers) > len(kept):
            earlier.append(_earlier(teller, ledgers[: -len(kept)]))
    told.sort(key=lambda one: not one.ledger.is_open)
    chosen = next((one.anchor for one in told if one.anchor == query.get("promise")), "")
    chosen = chosen or (told[0].anchor if told else "")
    return {
        "service_request": service_request,
        "face": reader.face,
        "shown": [
            Shown(one, band_of(one, reader), _percent(one.ledger), one.anchor == chosen)
            for one in told
        ],
        "earlier": earlier,
        "now": reader.now,
        "is_part": bool(query.get("of")),
    }


def _by_metric(ledgers: Sequence[Ledger]) -> dict[str, list[Ledger]]:
    """The clocks of each kind in the order in which they began, the kinds in that of the page."""
    found: dict[str, list[Ledger]] = {}
    known = {str(metric): place for place, metric in enumerate(ORDER)}
    for one in sorted(ledgers, key=lambda one: known.get(str(one.metric), len(known))):
        found.setdefault(str(one.metric), []).append(one)
    return found


def _wanted(kinds: dict[str, list[Ledger]], query: dict[str, str]) -> dict[str, list[Ledger]]:
    """All kinds; or of one kind those before the n-th."""
    metric, before = query.get("of", ""), query.get("before", "")
    if not metric:
        return kinds
    if metric not in kinds or not (before.isascii() and before.isdigit() and len(before) < 6):
        raise Http404
    return {metric: kinds[metric][: int(before)]}


def _earlier(teller: Teller, ledgers: Sequence[Ledger]) -> Earlier:
    metric = str(ledgers[-1].metric)
    return Earlier(
        teller.told(ledgers[-1]).title,
        len(ledgers),
        sum(one.clock.breached_at is not None for one in ledgers),
        "?" + urlencode({"of": metric, "before": len(ledgers)}),
    )


def _percent(ledger: Ledger) -> int:
    last = ledger.past()[-1]
    return 100 if last.is_late else max(0, min(100, int(last.used * 100 / last.budget)))
