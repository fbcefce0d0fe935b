"""The table that says who needs help: by department, service, priority or client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy

from catalogue.models import Service
from feedback import figures as feedback_figures
from feedback.figures import Satisfaction
from people.models import Department
from requests_app import figures as request_figures
from requests_app.figures import Cut, Grain
from requests_app.priority import Priority
from servicedesk.dashboards.scope import Scope, key_of
from servicedesk.dashboards.shares import FEWEST, Satisfied, Share
from slas import figures
from slas.engine import Metric
from slas.figures import Attainments

MOST_LINES = 30
"""So many lines at most, those who need help on top."""


@dataclass(frozen=True, slots=True)
class By:
    """One way to break the figures down."""

    name: str
    title: Any
    question: Any
    heading: Any
    cut: Cut


WAYS = {
    one.name: one
    for one in (
        By(
            "department",
            gettext_lazy("By department"),
            gettext_lazy("Which department needs help?"),
            gettext_lazy("Department"),
            Cut.WHOLE,
        ),
        By(
            "service",
            gettext_lazy("By service"),
            gettext_lazy("Which service needs help?"),
            gettext_lazy("Service"),
            Cut.SERVICE,
        ),
        By(
            "priority",
            gettext_lazy("By priority"),
            gettext_lazy("Which priority needs help?"),
            gettext_lazy("Priority"),
            Cut.PRIORITY,
        ),
        By(
            "client",
            gettext_lazy("By client"),
            gettext_lazy("Who waits for what we promised?"),
            gettext_lazy("Client"),
            Cut.CLIENT,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one department, service, priority or client, with the lists behind them."""

    name: str
    about: str
    """What stands under the name."""
    url: str
    department: Department | None
    ready: Share
    answered: Share
    late: int
    at_risk: int
    open: int
    satisfied: Satisfied | None
    links: Mapping[str, str]
    """Of the lists; empty where they are not theirs to open."""


@dataclass(frozen=True, slots=True)
class _One:
    """What a line is about: how figures are asked for it, and how lists are narrowed to it."""

    name: str
    about: str
    url: str
    department: Department | None
    pick: Mapping[str, int]
    narrow: Mapping[str, str]


def ways(scope: Scope) -> list[By]:
    """Those that make sense here: one department is not broken down by department."""
    alone = len(scope.departments) < 2
    return [one for one in WAYS.values() if not (alone and one.name == "department")]


def way_of(scope: Scope, name: str) -> By:
    """The one that the address asks for, else the first. Raises Http404."""
    offered = {one.name: one for one in ways(scope)}
    if name and name not in WAYS:
        raise Http404
    return offered.get(name) or next(iter(offered.values()))


def lines(scope: Scope, by: By, whole: Mapping[str, Any]) -> list[Line]:
    """Those with anything to count, the one that needs help on top.

    `whole` are the figures of the page itself, which know the departments already: so by
    department this takes no query, by anything else six.
    """
    is_whole = by.cut is Cut.WHOLE
    found = whole if is_whole else _figures(scope, by.cut)
    ones = _departments(scope) if is_whole else _ones(scope, by)
    made = [_line(scope, one, found) for one in ones]
    some = [one for one in made if is_whole or _has_any(one)]
    return sorted(some, key=need)


def need(line: Line) -> tuple[bool, float, int, str]:
    """The one that needs help on top; those with too few to say at the end."""
    percent = line.ready.percent
    return percent is None, percent or 0, -line.ready.now.n, line.name


def _has_any(line: Line) -> bool:
    shares = (line.ready, line.answered)
    return bool(line.open or line.late) or any(one.now.n or one.before.n for one in shares)


def _figures(scope: Scope, cut: Cut) -> dict[str, Any]:
    ids, when = scope.ids, scope.reporting
    since, until = scope.before.first, scope.month.first
    return {
        "shares": figures.attainments(
            ids, when, grain=Grain.MONTH, since=since, until=until, cut=cut, metrics=_METRICS
        ),
        "late": figures.late(ids, when, cut, metrics=_METRICS),
        "risk": figures.risk(ids, when, cut, metrics=_METRICS),
        "open": request_figures.backlog(ids, when, cut),
        "satisfied": None
        if cut is Cut.PRIORITY
        else feedback_figures.satisfaction(
            ids, when, grain=Grain.MONTH, since=until, until=until, cut=cut
        ),
    }


_METRICS = (str(Metric.FIRST_RESPONSE), str(Metric.RESOLUTION))


def _line(scope: Scope, one: _One, found: Mapping[str, Any]) -> Line:
    shares: Attainments = found["shares"]
    satisfied: Satisfaction | None = found["satisfied"]
    ready = _share(scope, shares, Metric.RESOLUTION, one.pick)
    answered = _share(scope, shares, Metric.FIRST_RESPONSE, one.pick)
    late = found["late"].of(metric=str(Metric.RESOLUTION), **one.pick)
    risk = found["risk"].of(metric=str(Metric.RESOLUTION), **one.pick)
    opened = found["open"].of(**one.pick)
    csat = (
        Satisfied(satisfied.of(period=scope.month.first, **one.pick))
        if satisfied is not None
        else None
    )
    month = key_of(scope.month.first)
    rated = csat.now.n if csat and csat.percent is not None else 0
    wanted: dict[str, tuple[int, str, dict[str, str]]] = {
        "ready": (ready.now.n, "decided", {"metric": Metric.RESOLUTION, "month": month}),
        "missed": (
            ready.now.missed,
            "decided",
            {"metric": Metric.RESOLUTION, "month": month, "verdict": "missed"},
        ),
        "answered": (answered.now.n, "decided", {"metric": Metric.FIRST_RESPONSE, "month": month}),
        "late": (late, "late", {}),
        "risk": (risk, "at-risk", {}),
        "open": (opened, "open", {}),
        "rated": (rated, "rated", {"month": month}),
    }
    return Line(
        name=one.name,
        about=one.about,
        url=one.url,
        department=one.department,
        ready=ready,
        answered=answered,
        late=late,
        at_risk=risk,
        open=opened,
        satisfied=csat,
        links={
            name: _behind(scope, one, figure, more) if n else ""
            for name, (n, figure, more) in wanted.items()
        },
    )


def _behind(scope: Scope, one: _One, figure: str, more: Mapping[str, str]) -> str:
    given = {name: str(value) for name, value in {**one.narrow, **more}.items()}
    if one.department:
        return scope.behind_of(one.department, figure, **given)
    return scope.behind(figure, **given)


def _share(scope: Scope, shares: Attainments, metric: str, pick: Mapping[str, int]) -> Share:
    now = shares.of(metric=str(metric), period=scope.month.first, **pick)
    return Share(now, shares.of(metric=str(metric), period=scope.before.first, **pick))


def _departments(scope: Scope) -> list[_One]:
    kept = "" if scope.is_running else f"?month={key_of(scope.month.first)}"
    return [
        _One(
            one.name,
            "",
            reverse("dashboards:department", args=[one.slug]) + kept,
            one,
            {"department": one.pk},
            {},
        )
        for one in scope.departments
    ]


def _ones(scope: Scope, by: By) -> Sequence[_One]:
    """What there is to break down by: one query for services and for clients."""
    month = key_of(scope.month.first)
    if by.cut is Cut.PRIORITY:
        return [
            _One(
                name,
                "",
                scope.behind("asked", priority=name, month=month),
                None,
                {"value": n},
                {"priority": name},
            )
            for n, name in enumerate(map(str, Priority), start=1)
        ]
    if by.cut is Cut.CLIENT:
        clients = Department.objects.order_by("name").values_list("pk", "slug", "name")
        return [
            _One(
                name,
                "",
                scope.behind("asked", client=slug, month=month),
                None,
                {"value": pk},
                {"client": slug},
            )
            for pk, slug, name in clients
        ]
    known = {one.pk: one for one in scope.departments}
    rows = Service.objects.filter(department__in=known).values_list(
        "pk", "slug", "name", "department_id"
    )
    return [
        _One(
            name,
            known[department].name if len(known) > 1 else "",
            scope.behind_of(known[department], "asked", service=slug, month=month),
            known[department],
            {"value": pk},
            {"service": slug},
        )
        for pk, slug, name, department in rows
    ]


def without(lines: Sequence[Line], worst: Line) -> int | None:
    """What share would be met without one of the lines, in whole percent; None: too few."""
    met = sum(one.ready.now.met for one in lines if one is not worst)
    n = sum(one.ready.now.n for one in lines if one is not worst)
    return round(100 * met / n) if n >= FEWEST else None
