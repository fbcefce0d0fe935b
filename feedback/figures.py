"""Satisfaction, as every page shows it: with n, response rate and interval, or not at all.

An answer counts from the moment at which it is released, 12 hours after it was first given, with
the score it then has: so nobody reads from a figure what is not yet shown. Answers without a name
count in blocks of five, in figures of whole departments only; `feedback.blocks` says why.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from math import sqrt
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from feedback.models import Invitation, Rating, RatingQuerySet, RatingReason
from feedback.reasons import LostTime, Reason
from feedback.tallied import SATISFIED, TALLY
from requests_app.figures import Cut, Definition, Grain, Reporting
from requests_app.figures.definitions import by_name
from requests_app.tally import Counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

FEWEST = 5
"""Under so many answers there is no figure."""
FEWEST_TO_COMPARE = 30
"""Under so many there is no comparison and no trend."""
_Z = 1.959963984540054  # the 97.5 % point of the normal distribution: 95 % between both ends


@dataclass(frozen=True, slots=True)
class Csat:
    """The share of satisfied answers, 4 and 5 of 5."""

    n: int
    """Answers that began to count in the period."""
    satisfied: int
    share: float | None
    """None under 5 answers; so are both ends of the interval."""
    wilson_low: float | None
    wilson_high: float | None
    invited: int
    """Invitations of which it became known in the period whether they are answered: the answer
    was released, or the time ran out. So a past figure never changes."""
    answered: int
    """Of these, those that are, with a name or without."""
    response_rate: float | None
    """answered ÷ invited; None where nobody was invited."""

    @property
    def is_comparable(self) -> bool:
        """Whether it may be set beside another one."""
        return self.n >= FEWEST_TO_COMPARE


def wilson(successes: int, n: int) -> tuple[float, float]:
    """The 95 % score interval of a share. Raises ValueError unless 0 ≤ successes ≤ n and n > 0.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of
    the American Statistical Association 22 (1927), 209-212; without continuity correction.
    """
    if n <= 0 or not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no share")
    share, z2 = successes / n, _Z * _Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = _Z / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, middle - reach), min(1.0, middle + reach)


_N = {"n": Count("pk"), "satisfied": Count("pk", filter=Q(score__gte=SATISFIED))}


def csat(department_ids: Iterable[int] | None, start: datetime, end: datetime) -> Csat:
    """Satisfaction with these providers (None: all) over [start, end); two queries.

    The response rate is that of the invitations answered (and released) or run out in the period.
    """
    ids = None if department_ids is None else list(department_ids)
    asked = (
        Invitation.objects.settled(start, end)
        .for_departments(ids)
        .aggregate(invited=Count("pk"), answered=Count("rating"))
    )
    return _csat(**_counted(ids, start, end).aggregate(**_N), **asked)


def _counted(ids: list[int] | None, start: datetime, end: datetime) -> RatingQuerySet:
    counted = Rating.objects.counted(start, end)
    return counted if ids is None else counted.filter(invitation__provider_department__in=ids)


def csat_by_department(
    department_ids: Iterable[int] | None, start: datetime, end: datetime
) -> dict[int, Csat]:
    """`csat` of each provider that has been asked about or answered; two queries for all."""
    ids = None if department_ids is None else list(department_ids)
    answers = {
        pk: (n, satisfied)
        for pk, n, satisfied in _counted(ids, start, end)
        .order_by()
        .values_list("invitation__provider_department")
        .annotate(**_N)
    }
    asked = {
        pk: (invited, answered)
        for pk, invited, answered in Invitation.objects.settled(start, end)
        .for_departments(ids)
        .order_by()
        .values_list("provider_department")
        .annotate(invited=Count("pk"), answered=Count("rating"))
    }
    return {pk: _csat(*answers.get(pk, (0, 0)), *asked.get(pk, (0, 0))) for pk in answers | asked}


def csat_of_service(service_id: int, start: datetime, end: datetime) -> Csat:
    """Satisfaction with one service by those who gave their names, for its card; one query.

    No response rate: of a service that few ask for it would say who answered without a name.
    """
    given = Rating.objects.counted(start, end).named().filter(invitation__service=service_id)
    return _csat(**given.aggregate(**_N), invited=0, answered=0)


@dataclass(frozen=True, slots=True)
class Satisfaction(Counted):
    """Satisfaction by period, department and the values of a cut."""

    def of(
        self,
        *,
        period: date | None = None,
        department: int | None = None,
        value: int | None = None,
    ) -> Csat:
        """Satisfaction of one of each; None stands for all together."""
        found = self.sums.of(period, department, value)
        return _csat(
            found.get("answers", 0),
            found.get("satisfied", 0),
            invited=found.get("invited", 0),
            answered=found.get("answered", 0),
        )


def satisfaction(
    departments: Collection[int] | None,
    reporting: Reporting,
    *,
    grain: Grain,
    since: date,
    until: date | None = None,
    cut: Cut = Cut.WHOLE,
    value: int | None = None,
) -> Satisfaction:
    """Satisfaction by day or by month of the reporting zone, and by a cut; one query.

    `since` and `until` are the first and the last day, or firsts of months, both included; without
    `until`, up to now. `value` is one of the cut's, where not all are wanted. By service and by
    client only answers with a name count, and there is no response rate.
    """
    return Satisfaction(
        TALLY.read(
            departments,
            reporting,
            grain=grain,
            cut=cut,
            since=since,
            until=until or date.max,
            value=value,
        )
    )


MONTHS = 13
"""A card says how it was in the running month and the twelve before it."""


def lately(department_id: int, reporting: Reporting, *, service_id: int | None = None) -> Csat:
    """Satisfaction with a department, or one of its services, over the last 13 months; one query.

    The running month is the last of them; of a service only answers with a name count.
    """
    cut, value = (Cut.WHOLE, None) if service_id is None else (Cut.SERVICE, service_id)
    since = reporting.months(MONTHS)[0].first
    return satisfaction(
        [department_id], reporting, grain=Grain.MONTH, since=since, cut=cut, value=value
    ).of()


def rated(
    departments: Collection[int] | None,
    start: datetime,
    end: datetime,
    *,
    cut: Cut = Cut.WHOLE,
    value: int = 0,
    satisfied: bool | None = None,
) -> RatingQuerySet:
    """The answers with a name that `satisfaction` counts in [start, end), for the list behind it.

    Those without a name are behind no list.
    """
    ratings = Rating.objects.counted(start, end).named()
    if departments is not None:
        ratings = ratings.filter(invitation__provider_department__in=list(departments))
    match cut:
        case Cut.SERVICE:
            ratings = ratings.filter(invitation__service=value)
        case Cut.CLIENT:
            ratings = ratings.filter(invitation__client_department=value)
    if satisfied is not None:
        well = Q(score__gte=SATISFIED)
        ratings = ratings.filter(well if satisfied else ~well)
    return ratings


DEFINITIONS = by_name(
    Definition(
        "satisfaction",
        _("Satisfied"),
        _(
            "The share of 4 and 5 among the answers that began to count in the period, 12 hours "
            "after they were given; those without a name count five together. Not said of fewer "
            "than 5 answers, not compared under 30. The true share lies within the interval with "
            "95 % certainty."
        ),
    ),
    Definition(
        "response_rate",
        _("Answered"),
        _(
            "Of the questions how it was that were answered, or ran out, in the period, the share "
            "answered."
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of one department, or of one of its services."""

    csat: Csat
    reasons: list[tuple[Reason, int]] = field(default_factory=list)
    """How often each was given, the most frequent first; none under 5 answers."""
    lost_time: list[tuple[LostTime, int]] = field(default_factory=list)
    """How many lost how much, from none to most; empty under 5 who said so."""


def said(
    department_id: int, start: datetime, end: datetime, *, service_id: int | None = None
) -> Said:
    """Satisfaction, reasons and lost time over [start, end), in three or four queries.

    Of one service only what was said by name, as in `csat_of_service`.
    """
    counted = _counted([department_id], start, end)
    if service_id is None:
        found = csat([department_id], start, end)
    else:
        found = csat_of_service(service_id, start, end)
        counted = counted.named().filter(invitation__service=service_id)
    if found.share is None:
        return Said(found)
    reasons = (
        RatingReason.objects.filter(rating__in=counted.order_by().values("pk"))
        .order_by()
        .values_list("reason")
        .annotate(n=Count("pk"))
        .order_by("-n", "reason")
    )
    lost = dict(
        counted.exclude(lost_time="").order_by().values_list("lost_time").annotate(n=Count("pk"))
    )
    return Said(
        found,
        [(Reason(reason), n) for reason, n in reasons],
        [(band, lost.get(band, 0)) for band in LostTime] if sum(lost.values()) >= FEWEST else [],
    )


def _csat(n: int, satisfied: int, invited: int, answered: int) -> Csat:
    low: float | None = None
    high: float | None = None
    if n >= FEWEST:
        low, high = wilson(satisfied, n)
    return Csat(
        n=n,
        satisfied=satisfied,
        share=satisfied / n if n >= FEWEST else None,
        wilson_low=low,
        wilson_high=high,
        invited=invited,
        answered=answered,
        response_rate=answered / invited if invited else None,
    )
