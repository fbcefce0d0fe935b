"""From the events of a request to its ledgers: four queries, however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from people.models import Department
from requests_app.models import Event, ServiceRequest
from slas import engine, terms
from slas.deeds import COUNTED, deed_of
from slas.ledger.lines import Entry, Ledger, ledgers
from slas.models import AgreementVersion, Terms


@dataclass(frozen=True, slots=True)
class Books:
    """The ledgers of a request, with what their words need."""

    ledgers: list[Ledger]
    events: dict[int, Event]
    """The deeds that wrote a line, with their actors."""
    departments: dict[int, str]
    """Names of those that answer, or answered, for a clock."""
    versions: dict[int, AgreementVersion]
    """What was promised, with the agreement that says so."""


def books_of(service_request: ServiceRequest, now: datetime) -> Books:
    """The ledgers of all clocks of a request, as they are at `now`.

    Reads events, the versions they name, the people who did what moved a clock, and departments.
    """
    deeds = list(
        Event.objects.filter(service_request=service_request, kind__in=COUNTED).order_by("id")
    )
    rows = list(
        Terms.objects.filter(service_request=service_request).select_related(
            "agreement_version__agreement"
        )
    )
    loaded = terms.load({(row.agreement_version_id, row.calendar_version_id) for row in rows})
    named: dict[int, dict[str, engine.Terms]] = {}
    for row in rows:
        key = row.agreement_version_id, row.calendar_version_id
        named.setdefault(row.event_id, {})[row.scope] = loaded[key]
    made = ledgers((Entry(deed_of(one, named.get(one.pk, {})), one.pk) for one in deeds), now)
    lines = [line for ledger in made for line in ledger.lines]
    causes = {line.event_id for line in lines if line.event_id is not None}
    ids = {line.clock.department_id for line in lines}
    ids |= {line.before.department_id for line in lines if line.before is not None}
    return Books(
        made,
        {one.pk: one for one in Event.objects.filter(pk__in=causes).select_related("actor")},
        dict(Department.objects.filter(pk__in=ids).values_list("pk", "name")),
        {row.agreement_version_id: row.agreement_version for row in rows},
    )
