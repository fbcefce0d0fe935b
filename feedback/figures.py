"""Satisfaction, as every page shows it: with n, response rate and interval, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from feedback.models import Invitation, Rating

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

FEWEST = 5
"""Under so many answers there is no figure."""
FEWEST_TO_COMPARE = 30
"""Under so many there is no comparison and no trend."""
SATISFIED = 4
"""This score and above count as satisfied."""

_Z = 1.959963984540054  # the 97.5 % point of the normal distribution: 95 % between both ends


@dataclass(frozen=True, slots=True)
class Csat:
    """The share of satisfied answers, 4 and 5 of 5."""

    n: int
    satisfied: int
    share: float | None
    """None under 5 answers; so are both ends of the interval."""
    wilson_low: float | None
    wilson_high: float | None
    invited: int
    answered: int
    """Of those invited in the period, whenever they answered."""
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


def csat(department_ids: Iterable[int] | None, start: datetime, end: datetime) -> Csat:
    """Satisfaction with these providers (None: all) over [start, end); two queries.

    Answers count when they were first given, with the score they have now; the response rate is
    that of the invitations sent in the period and not taken back.
    """
    ids = None if department_ids is None else list(department_ids)
    given = Rating.objects.filter(at__gte=start, at__lt=end)
    if ids is not None:
        given = given.filter(invitation__provider_department__in=ids)
    answers = given.aggregate(n=Count("pk"), satisfied=Count("pk", filter=Q(score__gte=SATISFIED)))
    asked = (
        Invitation.objects.sent()
        .for_departments(ids)
        .filter(invited_at__gte=start, invited_at__lt=end)
        .aggregate(invited=Count("pk"), answered=Count("rating"))
    )
    return _csat(**answers, **asked)


def csat_by_department(
    department_ids: Iterable[int] | None, start: datetime, end: datetime
) -> dict[int, Csat]:
    """`csat` of each provider that has been asked about or answered; two queries for all."""
    ids = None if department_ids is None else list(department_ids)
    given = Rating.objects.filter(at__gte=start, at__lt=end)
    if ids is not None:
        given = given.filter(invitation__provider_department__in=ids)
    answers = {
        pk: (n, satisfied)
        for pk, n, satisfied in given.order_by()
        .values_list("invitation__provider_department")
        .annotate(n=Count("pk"), satisfied=Count("pk", filter=Q(score__gte=SATISFIED)))
    }
    asked = {
        pk: (invited, answered)
        for pk, invited, answered in Invitation.objects.sent()
        .for_departments(ids)
        .filter(invited_at__gte=start, invited_at__lt=end)
        .order_by()
        .values_list("provider_department")
        .annotate(invited=Count("pk"), answered=Count("rating"))
    }
    return {pk: _csat(*answers.get(pk, (0, 0)), *asked.get(pk, (0, 0))) for pk in answers | asked}


def csat_of_service(service_id: int, start: datetime, end: datetime) -> Csat:
    """Satisfaction with one service, for its card; two queries."""
    given = Rating.objects.filter(
        at__gte=start, at__lt=end, invitation__service=service_id
    ).aggregate(n=Count("pk"), satisfied=Count("pk", filter=Q(score__gte=SATISFIED)))
    asked = (
        Invitation.objects.sent()
        .filter(service=service_id, invited_at__gte=start, invited_at__lt=end)
        .aggregate(invited=Count("pk"), answered=Count("rating"))
    )
    return _csat(**given, **asked)


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
