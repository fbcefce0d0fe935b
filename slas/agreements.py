"""Deeds on agreements, and which version counts for a request."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from calendars.actions import create_default
from calendars.models import Calendar, CalendarVersion
from calendars.worktime import working_days
from people.models import Department
from requests_app.priority import Priority
from slas import engine
from slas.models import (
    LEAST_BUDGET_SECONDS,
    THE_BEGINNING,
    Agreement,
    AgreementVersion,
    Kind,
    Target,
)
from slas.terms import BadTerms, Key, checked_thresholds, stored_escalation

Targets = Mapping[tuple[str, str], timedelta]
"""(metric, priority) to business time."""

_FIRST, _RESOLUTION = engine.Metric.FIRST_RESPONSE, engine.Metric.RESOLUTION
_UPDATE = engine.Metric.UPDATE
_BREACH_TO_LEAD = engine.Escalation(100, engine.Act.TELL_LEAD)

DEFAULT_TARGETS: Targets = {
    (_FIRST, Priority.P1): timedelta(minutes=30),
    (_FIRST, Priority.P2): timedelta(hours=1),
    (_FIRST, Priority.P3): timedelta(hours=4),
    (_FIRST, Priority.P4): working_days(1),
    (_UPDATE, Priority.P1): timedelta(hours=1),
    (_UPDATE, Priority.P2): timedelta(hours=4),
    (_UPDATE, Priority.P3): working_days(2),
    (_UPDATE, Priority.P4): working_days(5),
    (_RESOLUTION, Priority.P1): timedelta(hours=4),
    (_RESOLUTION, Priority.P2): working_days(1),
    (_RESOLUTION, Priority.P3): working_days(3),
    (_RESOLUTION, Priority.P4): working_days(5),
}
"""What a department promises where it has said nothing else; a next reply like a first one."""

DEFAULT_THRESHOLDS: Mapping[str, tuple[int, ...]] = {
    Priority.P1: (50, 75),
    Priority.P2: (75,),
    Priority.P3: (75,),
    Priority.P4: (75,),
}

DEFAULT_ESCALATION: Mapping[str, tuple[engine.Escalation, ...]] = {
    Priority.P1: (_BREACH_TO_LEAD, engine.Escalation(125, engine.Act.TELL_MANAGER)),
    Priority.P2: (_BREACH_TO_LEAD, engine.Escalation(150, engine.Act.TELL_MANAGER)),
    Priority.P3: (_BREACH_TO_LEAD,),
    Priority.P4: (_BREACH_TO_LEAD,),
}


def version_for(
    provider_id: int, client_id: int, service_id: int, at: datetime
) -> AgreementVersion:
    """The agreement version that counts for a request submitted at that moment.

    Without an agreement between the two departments that is the provider's standard.
    """
    return standard_version(provider_id, at)


def standard_version(department_id: int, at: datetime) -> AgreementVersion:
    """The department's standard in force at that moment; the default one is made where none is.

    Before its first version that one counts.
    """
    return _in_force(department_id, at) or _first_standard(department_id, at)


def _in_force(department_id: int, at: datetime) -> AgreementVersion | None:
    versions = AgreementVersion.objects.filter(
        agreement__kind=Kind.STANDARD, agreement__provider=department_id
    )
    in_force = versions.filter(Q(in_force_to=None) | Q(in_force_to__gt=at), in_force_from__lte=at)
    return in_force.first() or versions.order_by("number").first()


def key_of(version: AgreementVersion) -> Key:
    """The version with its calendar's newest version. Raises CalendarVersion.DoesNotExist."""
    current = CalendarVersion.objects.current().filter(calendar=version.calendar_id)
    return version.pk, current.values_list("pk", flat=True).get()


@transaction.atomic
def publish_standard(
    department: Department,
    *,
    at: datetime,
    targets: Targets | None = None,
    metrics: Collection[str] | None = None,
    thresholds: Mapping[str, tuple[int, ...]] | None = None,
    escalation: Mapping[str, Sequence[engine.Escalation]] | None = None,
    pauses_for_third_party: bool = False,
    takes_back: bool = False,
    calendar: Calendar | None = None,
    in_force_from: datetime | None = None,
) -> AgreementVersion:
    """Write down a new version of what the department promises everyone.

    `targets` are laid over the defaults; `metrics`, where given, are all that it promises. The
    first version is in force from the beginning unless `in_force_from` says otherwise; a later
    one from `at`, and it ends the one before.
    Raises BadTerms, whose message can be shown.
    """
    agreement, _is_new = Agreement.objects.get_or_create(
        kind=Kind.STANDARD, provider=department, client=None
    )
    Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)
    last = agreement.versions.order_by("-number").first()
    begins = in_force_from or (THE_BEGINNING if last is None else at)
    if last is not None:
        if begins <= last.in_force_from:
            raise BadTerms("A new version begins after the one before it.")
        last.in_force_to = begins
        last.save(update_fields=["in_force_to"])
    version = AgreementVersion.objects.create(
        agreement=agreement,
        number=1 if last is None else last.number + 1,
        in_force_from=begins,
        calendar=calendar or create_default(department, at=at),
        pauses_for_third_party=pauses_for_third_party,
        thresholds=_as_stored(thresholds or DEFAULT_THRESHOLDS),
        escalation=stored_escalation(DEFAULT_ESCALATION if escalation is None else escalation),
        replies_like_first=metrics is None or engine.Metric.NEXT_REPLY in metrics,
        takes_back=takes_back,
    )
    promised = {**DEFAULT_TARGETS, **(targets or {})}
    if metrics is not None:
        promised = {key: budget for key, budget in promised.items() if key[0] in metrics}
    Target.objects.bulk_create(_rows(version, promised))
    return version


@transaction.atomic
def _first_standard(department_id: int, at: datetime) -> AgreementVersion:
    """The default standard; whoever comes second finds that of the first."""
    department = Department.objects.select_for_update(no_key=True).get(pk=department_id)
    return _in_force(department_id, at) or publish_standard(department, at=at)


def _as_stored(thresholds: Mapping[str, tuple[int, ...]]) -> dict[str, list[int]]:
    given = {str(priority): list(percents) for priority, percents in thresholds.items()}
    return {priority: list(percents) for priority, percents in checked_thresholds(given).items()}


def _rows(version: AgreementVersion, targets: Targets) -> list[Target]:
    for (metric, priority), budget in targets.items():
        if budget < timedelta(seconds=LEAST_BUDGET_SECONDS):
            raise BadTerms(f"{metric} {priority}: a promise is a minute at least.")
    return [
        Target(
            version=version,
            metric=str(metric),
            priority=str(priority),
            budget_seconds=int(budget.total_seconds()),
        )
        for (metric, priority), budget in targets.items()
    ]
