"""Where agreements stand, which are due for review, and which pairs of departments have none."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from slas.models import Agreement, AgreementDraft, AgreementVersion, Coverage, Kind, Stage

REVIEW_AHEAD = timedelta(days=30)
"""So long before its date an agreement is due for review."""
MANY_REQUESTS = 20
"""From so many requests in 90 days on, a pair of departments should have agreed something."""
LOOKED_BACK = timedelta(days=90)


class Life(StrEnum):
    """Where an agreement stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    TO_COME = "to_come"
    IN_FORCE = "in_force"
    ENDED = "ended"


LIFE_WORDS = {
    Life.DRAFT: _("Draft"),
    Life.PROPOSED: _("Proposed"),
    Life.TO_COME: _("Agreed, to come"),
    Life.IN_FORCE: _("In force"),
    Life.ENDED: _("Ended"),
}


def current(agreement: Agreement, at: datetime) -> AgreementVersion | None:
    """The version in force at that moment, of versions that were prefetched."""
    return next((one for one in agreement.versions.all() if in_force(one, at)), None)


def in_force(version: AgreementVersion, at: datetime) -> bool:
    """Whether the version counts at that moment."""
    ends = version.in_force_to
    return version.in_force_from <= at and (ends is None or at < ends)


def life(agreement: Agreement, at: datetime) -> Life:
    """Where it stands; versions and draft were prefetched."""
    versions = list(agreement.versions.all())
    if any(in_force(one, at) for one in versions):
        return Life.IN_FORCE
    if any(one.in_force_from > at for one in versions):
        return Life.TO_COME
    draft: AgreementDraft | None = getattr(agreement, "draft", None)
    if draft is not None:
        return Life.PROPOSED if draft.stage == Stage.PROPOSED else Life.DRAFT
    return Life.ENDED


def in_force_at(rows: QuerySet[Agreement], at: datetime) -> QuerySet[Agreement]:
    """Those with a version that counts at that moment."""
    return rows.filter(Exists(_counting(at)))


def due_for_review(rows: QuerySet[Agreement], at: datetime, today: date) -> QuerySet[Agreement]:
    """Those in force whose date of review has come, or comes within 30 days."""
    return rows.filter(Exists(_counting(at).filter(review_on__lte=today + REVIEW_AHEAD)))


def _counting(at: datetime) -> QuerySet[AgreementVersion]:
    return AgreementVersion.objects.filter(
        Q(in_force_to=None) | Q(in_force_to__gt=at),
        agreement=OuterRef("pk"),
        in_force_from__lte=at,
    )


@dataclass(frozen=True, slots=True)
class Missing:
    """A client that asks a provider much, without an agreement for what it asks."""

    provider_id: int
    provider: str
    provider_slug: str
    client_id: int
    client: str
    requests: int


_MISSING = """
    SELECT provider.id, provider.name, provider.slug, client.id, client.name, pair.n
    FROM (
        SELECT r.provider_department_id AS provider_id, r.client_department_id AS client_id,
            count(*) AS n
        FROM requests_app_servicerequest AS r
        WHERE r.submitted_at >= %(since)s AND r.submitted_at < %(at)s
            AND r.provider_department_id <> r.client_department_id
            AND r.provider_department_id = ANY(%(departments)s)
            AND NOT EXISTS (
                SELECT 1 FROM slas_coverage AS c
                WHERE c.client_id = r.client_department_id
                    AND c.provider_id = r.provider_department_id
                    AND (c.service_id IS NULL OR c.service_id = r.service_id)
                    AND c.in_force_from <= %(at)s
                    AND (c.in_force_to IS NULL OR c.in_force_to > %(at)s)
            )
        GROUP BY 1, 2 HAVING count(*) >= %(many)s
    ) AS pair
    JOIN people_department AS provider ON provider.id = pair.provider_id
    JOIN people_department AS client ON client.id = pair.client_id
    WHERE (%(after_n)s = 0 OR (pair.n, provider.id, client.id)
        < (%(after_n)s, %(after_provider)s, %(after_client)s))
    ORDER BY pair.n DESC, provider.id DESC, client.id DESC
    LIMIT %(limit)s
"""


def missing(
    department_ids: Collection[int],
    at: datetime,
    *,
    after: tuple[int, int, int] | None = None,
    limit: int = 50,
) -> Sequence[Missing]:
    """Pairs with many requests in 90 days that no agreement covers, most first; one query.

    Counts what was asked of these providers for services that nothing covers for that client.
    `after` is (requests, provider, client) of the last one read.
    """
    number, provider, client = after or (0, 0, 0)
    given: dict[str, Any] = {
        "since": at - LOOKED_BACK,
        "at": at,
        "departments": sorted(department_ids),
        "many": MANY_REQUESTS,
        "after_n": number,
        "after_provider": provider,
        "after_client": client,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, given)
        return [
            Missing(provider_id, name, slug, client_id, client_name, n)
            for provider_id, name, slug, client_id, client_name, n in cursor.fetchall()
        ]


def received_by(department_id: int) -> QuerySet[Agreement]:
    """The agreements that promise something to the department, or propose to."""
    covered = Coverage.objects.filter(version__agreement=OuterRef("pk"), client=department_id)
    offered = AgreementDraft.objects.filter(
        agreement=OuterRef("pk"),
        stage=Stage.PROPOSED,
        conditions__clients__contains=[department_id],
    )
    return Agreement.objects.filter(Exists(covered) | Exists(offered), kind=Kind.AGREEMENT)
