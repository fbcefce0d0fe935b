"""Who changed which setting, when, from what to what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from people.models import AuditEntry
from servicedesk import spreadsheet
from servicedesk.administration.allowed import administrators_only
from servicedesk.administration.forms.audit import AuditFilter
from servicedesk.administration.told import told
from servicedesk.paging import page_of
from servicedesk.signed_in import SignedInRequest

BATCH = 500


@administrators_only
@require_safe
def audit(request: SignedInRequest) -> HttpResponse:
    """The changes, the newest first."""
    form = AuditFilter(request.GET)
    page = page_of(request, form.choose(AuditEntry.objects.select_related("actor")))
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    context = {
        "form": form,
        "page": page,
        "lines": told(page.rows),
        "query": query.urlencode(),
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
    }
    status = 422 if form.errors else 200
    return render(request, "administration/audit.html", context, status=status)


@administrators_only
@require_safe
def export(request: SignedInRequest) -> StreamingHttpResponse:
    """The same as a CSV, one line for each field, moments in UTC; sent as it is read."""
    form = AuditFilter(request.GET)
    entries = form.choose(AuditEntry.objects.select_related("actor")).order_by("-pk")
    return spreadsheet.download("audit.csv", _rows(entries))


def _rows(entries: QuerySet[AuditEntry]) -> Iterator[Sequence[Any]]:
    yield ("when", "who", "e-mail", "what", "name", "deed", "field", "before", "after")
    read = entries.iterator(chunk_size=BATCH)
    while some := list(islice(read, BATCH)):
        for line in told(some):
            entry = line.entry
            begin = (
                entry.at.astimezone(UTC).isoformat(timespec="seconds"),
                entry.actor.name if entry.actor else _("the desk"),
                entry.actor.email if entry.actor else "",
                line.kind,
                entry.thing,
                line.deed,
            )
            if not line.changes:
                yield (*begin, "", "", "")
            for change in line.changes:
                yield (*begin, change.field, change.before, change.after)
