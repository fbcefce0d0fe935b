"""What stands on the overview: each figure by a documented function, with its n, or not at all."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.figures import Csat, csat_by_department
from people.access import standing
from people.models import Department, Organisation, User
from requests_app.figures import open_now
from servicedesk.dashboards.covers import manages
from slas import figures
from slas.engine import Metric
from slas.figures import Attainment

FEWEST = 5
"""Under so many nothing is said."""
FEWEST_TO_COMPARE = 30
"""Under so many, on either side, nothing is compared."""
BAR = 88
"""Width of a bar, in the drawing's own units."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share met, this month beside last."""

    now: Attainment
    before: Attainment

    @property
    def percent(self) -> int | None:
        """In whole percent; None where there are too few to say."""
        return (
            round(self.now.share * 100)
            if self.now.share is not None and self.now.n >= FEWEST
            else None
        )

    @property
    def change(self) -> int | None:
        """Points against last month; None where either has too few to compare."""
        if min(self.now.n, self.before.n) < FEWEST_TO_COMPARE:
            return None
        return round((self.now.share or 0) * 100) - round((self.before.share or 0) * 100)

    @property
    def change_words(self) -> str:
        """The change in words."""
        if self.change is None:
            return _("too few to compare")
        if self.change == 0:
            return _("as last month")
        sign = "+" if self.change > 0 else "−"
        return ngettext("%(n)s point", "%(n)s points", abs(self.change)) % {
            "n": f"{sign}{abs(self.change)}"
        }

    @property
    def bar(self) -> str:
        """How long its bar is."""
        return f"{BAR * (self.percent or 0) / 100:.1f}"


@dataclass(frozen=True, slots=True)
class Line:
    """One department's figures."""

    department: Department
    works_there: bool
    manages: bool
    """The reader opens the lists behind the figures as its manager."""
    ready: Share
    answered: Share
    late: int
    at_risk: int
    open: int
    csat: Csat | None

    @property
    def csat_percent(self) -> int | None:
        """The share satisfied in whole percent; None under five answers."""
        return (
            None if self.csat is None or self.csat.share is None else round(self.csat.share * 100)
        )

    @property
    def csat_span(self) -> tuple[int, int] | None:
        """Both ends of its 95 % interval, in whole percent."""
        if self.csat is None or self.csat.wilson_low is None or self.csat.wilson_high is None:
            return None
        return round(self.csat.wilson_low * 100), round(self.csat.wilson_high * 100)


@dataclass(frozen=True, slots=True)
class Months:
    """This month so far, and the whole of the one before, in the reporting zone."""

    start: datetime
    before: datetime
    now: datetime

    @property
    def name(self) -> str:
        """Such as "November"."""
        return date_format(self.start, "F")

    @property
    def name_before(self) -> str:
        """Such as "October"."""
        return date_format(self.before, "F")


def months(now: datetime) -> Months:
    """The months of the organisation's reporting zone; one query."""
    zone = Organisation.objects.filter(pk=1).values_list("reporting_zone", flat=True).first()
    local = now.astimezone(zoneinfo.ZoneInfo(zone or "UTC"))
    start = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    before = (start - timedelta(days=1)).replace(day=1, hour=0)
    return Months(start, before, now)


def overview_page(user: User, departments: Sequence[Department], now: datetime) -> dict[str, Any]:
    """The page; a fixed number of queries, however many departments."""
    when = months(now)
    lines = _lines(user, departments, when)
    return {
        "months": when,
        "lines": sorted(lines, key=_need),
        "whole": _whole(lines),
        "answer": answer(lines, when),
    }


def _need(line: Line) -> tuple[bool, float, str]:
    """The one that needs help on top; those with too few to say at the end."""
    percent = line.ready.percent
    return percent is None, percent or 0, line.department.name


def _lines(user: User, departments: Sequence[Department], when: Months) -> list[Line]:
    ids = [one.pk for one in departments]
    ready = _shares(ids, Metric.RESOLUTION, when)
    answered = _shares(ids, Metric.FIRST_RESPONSE, when)
    late = figures.late_now(ids, Metric.RESOLUTION, when.now)
    risk = figures.at_risk(ids, Metric.RESOLUTION, when.now)
    opened = open_now(ids)
    satisfied = csat_by_department(ids, when.start, when.now)
    works = standing(user).agent_of
    return [
        Line(
            department=one,
            works_there=one.pk in works,
            manages=manages(user, one.pk),
            ready=ready[one.pk],
            answered=answered[one.pk],
            late=late.get(one.pk, 0),
            at_risk=risk.get(one.pk, 0),
            open=opened.get(one.pk, 0),
            csat=satisfied.get(one.pk),
        )
        for one in departments
    ]


def _shares(ids: Sequence[int], metric: str, when: Months) -> Mapping[int, Share]:
    now = figures.attainment_by_department(ids, metric, when.start, when.now)
    before = figures.attainment_by_department(ids, metric, when.before, when.start)
    none = Attainment()
    return {pk: Share(now.get(pk, none), before.get(pk, none)) for pk in ids}


def _whole(lines: Sequence[Line]) -> dict[str, Any]:
    return {
        "ready": _sum(line.ready for line in lines),
        "answered": _sum(line.answered for line in lines),
        "late": sum(line.late for line in lines),
        "at_risk": sum(line.at_risk for line in lines),
        "open": sum(line.open for line in lines),
    }


def _sum(shares: Iterable[Share]) -> Share:
    held = list(shares)
    return Share(_add(one.now for one in held), _add(one.before for one in held))


def _add(parts: Iterable[Attainment]) -> Attainment:
    held = list(parts)
    return Attainment(sum(one.met for one in held), sum(one.missed for one in held))


def answer(lines: Sequence[Line], when: Months) -> str:
    """The answer to the page's question, in a sentence."""
    ready = _sum(line.ready for line in lines)
    if ready.percent is None:
        return _("Too few requests were decided in %(month)s to say.") % {"month": when.name}
    words = _("%(percent)s\u00a0%% of %(n)s requests were ready in time in %(month)s.") % {
        "percent": ready.percent,
        "n": ready.now.n,
        "month": when.name,
    }
    judged = [line for line in lines if line.ready.now.n >= FEWEST]
    worst = min(judged, key=_need, default=None)
    if worst is None or len(judged) < 2 or worst.ready.percent == 100:
        return words
    return (
        words
        + " "
        + _("%(name)s needs help most: %(percent)s\u00a0%% of %(n)s.")
        % {"name": worst.department.name, "percent": worst.ready.percent, "n": worst.ready.now.n}
    )
