"""Why this time? The promises of a request, line by line, on a page of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from people.models import User
from requests_app import access
from requests_app.access import FULL_VIEW
from requests_app.lifecycle import Role
from requests_app.models import ServiceRequest
from requests_app.reporting import reporting
from servicedesk.band import Band
from servicedesk.conversation.agreed import agreed, deciding
from servicedesk.conversation.bands import band_of
from servicedesk.conversation.breaches import Asked
from servicedesk.conversation.finding import find
from servicedesk.signed_in import SignedInRequest
from slas import engine, reasons
from slas.engine import Metric
from slas.ledger import Books, Ledger, books_of
from slas.ledger.words import Reader, Teller, ToldLedger, reader_of, shows
from slas.models import AgreementVersion, BreachReason, Reason

MOST = 6
"""So many promises of one kind stand on the page; earlier ones on pages of their own."""

ORDER = (
    Metric.RESOLUTION,
    Metric.FIRST_RESPONSE,
    Metric.NEXT_REPLY,
    Metric.UPDATE,
    Metric.HOLDING,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One promise on the page."""

    told: ToldLedger
    band: Band
    percent: int
    """Of its budget used, for the ring."""
    is_first: bool
    """Stands open when the page comes."""
    said: BreachReason | None = None
    """Why it was late, if that was said and the reader is the provider."""
    asked: Asked | None = None
    """The reader is to say why, and nobody has."""
    changes: bool = False
    """What was said can be changed by the reader."""


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
    shown = page(service_request, reader, request.GET.dict())
    shown["agreed"] = agreed(
        request.user, service_request, shown["version"], provider=reader.is_provider
    )
    shown["shown"] = _with_reasons(request.user, held, service_request, reader, shown["shown"])
    return render(request, "conversation/promises.html", shown)


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
    late = next((one.anchor for one in told if one.state == "late"), "")
    chosen = chosen or late or (told[0].anchor if told else "")
    return {
        "service_request": service_request,
        "face": reader.face,
        "shown": [
            Shown(one, band_of(one, reader), _percent(one.ledger), one.anchor == chosen)
            for one in told
        ],
        "earlier": earlier,
        "version": _version(books, [one.ledger for one in told]),
        "now": reader.now,
        "is_part": bool(query.get("of")),
    }


def _with_reasons(
    user: User,
    held: frozenset[Role],
    service_request: ServiceRequest,
    reader: Reader,
    shown: Sequence[Shown],
) -> list[Shown]:
    """The same, with why each was late, for the provider: two queries where something was late."""
    late = [one for one in shown if one.told.ledger.clock.breached_at is not None]
    if not reader.is_provider or not late:
        return list(shown)
    said = reasons.said_of(service_request)
    month = reporting(reader.now).month.start

    def with_reason(one: Shown) -> Shown:
        ledger = one.told.ledger
        reason = said.get((str(ledger.metric), ledger.cycle, ledger.sequence))
        if not reasons.asked_of(user, held, ledger.clock.department_id):
            return replace(one, said=reason)
        if reason is None and ledger.metric not in engine.PROMISES:
            return one
        if reason is None:
            return replace(one, asked=Asked(one.told.anchor, one.told.title, Reason.choices))
        breached_at = ledger.clock.breached_at
        changes = reasons.may_change(service_request, breached_at, month)
        return replace(one, said=reason, changes=changes)

    return [with_reason(one) if one in late else one for one in shown]


def _version(books: Books, ledgers: Sequence[Ledger]) -> AgreementVersion | None:
    clock = deciding(one.clock for one in ledgers)
    return books.versions.get(clock.terms.key[0]) if clock else None


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
