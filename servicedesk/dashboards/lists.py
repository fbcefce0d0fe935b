"""The requests behind a figure, as a manager reads them: nothing restricted, but its number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Department
from requests_app.access import Listed
from requests_app.models import ServiceRequest, ServiceRequestQuerySet
from servicedesk.paging import page_of
from slas import figures, promises
from slas.engine import Metric

Choose = Callable[[ServiceRequestQuerySet, int, datetime], ServiceRequestQuerySet]


@dataclass(frozen=True, slots=True)
class List:
    """One list behind a figure."""

    name: str
    title: Any
    choose: Choose


def _open(rows: ServiceRequestQuerySet, _department_id: int, _now: datetime) -> Any:
    return rows.open()


def _late(rows: ServiceRequestQuerySet, department_id: int, now: datetime) -> Any:
    clocks = figures.late_clocks([department_id], Metric.RESOLUTION, now)
    return rows.filter(pk__in=clocks.values("service_request"))


def _at_risk(rows: ServiceRequestQuerySet, department_id: int, now: datetime) -> Any:
    clocks = figures.clocks_at_risk([department_id], Metric.RESOLUTION, now)
    return rows.filter(pk__in=clocks.values("service_request"))


LISTS = {
    one.name: one
    for one in (
        List("late", gettext_lazy("Late now"), _late),
        List("at-risk", gettext_lazy("At risk"), _at_risk),
        List("open", gettext_lazy("Open"), _open),
    )
}


@dataclass(frozen=True, slots=True)
class Row:
    """One request of the list."""

    service_request: ServiceRequest
    status: dict[str, str]
    chip: promises.PromiseChip | None


def list_page(
    request: HttpRequest, here: Department, chosen: List, listed: Listed, now: datetime
) -> dict[str, Any]:
    """A page of the list; a fixed number of queries, however many rows."""
    page = page_of(request, chosen.choose(listed.rows, here.pk, now).for_list())
    chips = promises.chips(page.rows, now, face="requester")
    return {
        "department": here,
        "list": chosen,
        "lists": LISTS.values(),
        "rows": [Row(one, _status(one), chips.get(one.pk)) for one in page.rows],
        "page": page,
        "hidden": 0 if page.older else chosen.choose(listed.left_out, here.pk, now).count(),
        "calendars": promises.open_intervals(
            {chip.calendar_id for chip in chips.values() if chip.calendar_id}, now
        ),
    }


def _status(one: ServiceRequest) -> dict[str, str]:
    return {"words": _(one.info.label), "tone": one.info.tone, "icon": one.info.icon}
