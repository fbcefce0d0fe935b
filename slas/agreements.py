"""Deeds on agreements, and which version counts for a request."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from calendars.actions import create_default
from calendars.models import Calendar, CalendarVersion
from calendars.worktime import working_days
from people import audit
from people.models import Department, User
from people.prepared import prepared
from requests_app.priority import Priority
from slas import access, budgets, engine
from slas.conditions import BadConditions, Conditions, falls_short, target_name
from slas.models import THE_BEGINNING, Agreement, AgreementVersion, Coverage, Kind, Target
from slas.terms import Key, checked_thresholds

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
    """The agreement version that counts for a request submitted at that moment. One query.

    Without an agreement that covers the two departments and the service that is the provider's
    standard; the default one is made where there is none.
    """
    found = next(iter(_versions_for(provider_id, client_id, service_id, at)), None)
    return found or _first_standard(provider_id, at)


@prepared
def _versions_for(
    provider_id: int, client_id: int, service_id: int, at: datetime
) -> QuerySet[AgreementVersion]:
    covered = Coverage.objects.filter(
        Q(service=service_id) | Q(service=None),
        Q(in_force_to=None) | Q(in_force_to__gt=at),
        version=OuterRef("pk"),
        provider=provider_id,
        client=client_id,
        in_force_from__lte=at,
    )
    found = AgreementVersion.objects.filter(
        Exists(covered) | _standard_at(at), agreement__provider=provider_id
    )
    # By the alphabet an agreement stands before a standard.
    return found.select_related("agreement").order_by("agreement__kind", "-number")[:1]


def standard_version(department_id: int, at: datetime) -> AgreementVersion:
    """The department's standard in force at that moment; the default one is made where none is.

    Before its first version that one counts.
    """
    return _standard(department_id, at) or _first_standard(department_id, at)


def _standard(department_id: int, at: datetime) -> AgreementVersion | None:
    versions = AgreementVersion.objects.filter(_standard_at(at), agreement__provider=department_id)
    return versions.order_by("-number").first()


def _standard_at(at: datetime) -> Q:
    """The versions of a standard that have begun, and its first; the last of them counts."""
    return Q(agreement__kind=Kind.STANDARD) & (Q(in_force_from__lte=at) | Q(number=1))


def minimum_version(at: datetime) -> AgreementVersion | None:
    """The organisation's minimum in force at that moment, if it has set one."""
    versions = AgreementVersion.objects.filter(agreement__kind=Kind.MINIMUM, in_force_from__lte=at)
    return versions.prefetch_related("targets", "coverage").order_by("-number").first()


def key_of(version: AgreementVersion) -> Key:
    """The version with its calendar's newest version. Raises CalendarVersion.DoesNotExist."""
    current = [] if version.calendar_id is None else _current(version.calendar_id)
    if not current:
        raise CalendarVersion.DoesNotExist
    return version.pk, current[0]


@prepared
def _current(calendar_id: int) -> QuerySet[CalendarVersion, int]:
    current = CalendarVersion.objects.current().filter(calendar=calendar_id)
    return current.values_list("pk", flat=True)


@transaction.atomic
def publish_standard(
    department: Department,
    *,
    at: datetime,
    by: User | None = None,
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
    Raises BadTerms, whose message can be shown; PermissionDenied.
    """
    promised = {**DEFAULT_TARGETS, **(targets or {})}
    if metrics is not None:
        promised = {key: budget for key, budget in promised.items() if key[0] in metrics}
    steps = DEFAULT_ESCALATION if escalation is None else escalation
    said = Conditions(
        calendar_id=(calendar or create_default(department, at=at)).pk,
        targets=promised,
        thresholds=_checked(thresholds or DEFAULT_THRESHOLDS),
        escalation={str(priority): tuple(some) for priority, some in steps.items()},
        takes_back=takes_back,
        pauses_for_third_party=pauses_for_third_party,
    )
    return say_standard(
        department,
        said,
        at=at,
        by=by,
        in_force_from=in_force_from,
        replies_like_first=metrics is None or engine.Metric.NEXT_REPLY in metrics,
    )


@transaction.atomic
def say_standard(
    department: Department,
    said: Conditions,
    *,
    at: datetime,
    by: User | None = None,
    in_force_from: datetime | None = None,
    replies_like_first: bool = True,
) -> AgreementVersion:
    """Write down a new version of the department's standard, with all that it says.

    The first is in force from the beginning unless `in_force_from` says otherwise. A next reply
    that is not named is promised like a first one, unless `replies_like_first` is False: then none.
    Raises BadConditions; PermissionDenied to whoever does not lead the department.
    """
    access.require_lead(by, department.pk)
    agreement, _is_new = Agreement.objects.get_or_create(kind=Kind.STANDARD, provider=department)
    first = THE_BEGINNING if not agreement.versions.exists() else at
    return write_version(
        agreement,
        said,
        begins=in_force_from or first,
        by=by,
        at=at,
        replies_like_first=replies_like_first,
    )


@transaction.atomic
def say_minimum(
    said: Conditions, *, at: datetime, by: User | None = None, in_force_from: datetime | None = None
) -> AgreementVersion:
    """Write down a new version of what every department promises at least.

    It may only be tightened. Raises BadConditions; PermissionDenied to others than administrators.
    """
    access.require_minimum(by)
    agreement, _is_new = Agreement.objects.get_or_create(kind=Kind.MINIMUM, provider=None)
    Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)
    last = agreement.versions.prefetch_related("targets", "coverage").order_by("-number").first()
    if last is not None and (loosened := _loosened(said, Conditions.of(last))):
        raise BadConditions(loosened)
    return write_version(agreement, said, begins=in_force_from or at, by=by, at=at)


def below(minimum: AgreementVersion, at: datetime) -> list[AgreementVersion]:
    """The newest versions, from that moment on, that promise less than this minimum."""
    least = Conditions.of(minimum)
    rows = (
        AgreementVersion.objects.filter(Q(in_force_to=None) | Q(in_force_to__gt=at))
        .exclude(agreement__kind=Kind.MINIMUM)
        .select_related("agreement__provider")
        .prefetch_related("targets", "coverage")
        .order_by("agreement__provider__name", "agreement__name", "agreement", "number")
    )
    return [one for one in rows if falls_short(Conditions.of(one), least)]


def write_version(
    agreement: Agreement,
    said: Conditions,
    *,
    begins: datetime,
    by: User | None,
    at: datetime,
    replies_like_first: bool = True,
) -> AgreementVersion:
    """Write the agreement's next version; it ends the one before, so that there is no gap.

    For the deeds that have asked for rights. Within a transaction. Raises BadConditions.
    """
    Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)
    last = agreement.versions.prefetch_related("targets", "coverage").order_by("-number").first()
    if errors := problems_of(agreement, said, begins=begins, last=last):
        raise BadConditions(errors)
    if last is not None:
        end_version(last, begins)
    version = AgreementVersion.objects.create(
        agreement=agreement,
        number=1 if last is None else last.number + 1,
        in_force_from=begins,
        calendar_id=said.calendar_id,
        pauses_for_third_party=said.pauses_for_third_party,
        thresholds={str(key): list(some) for key, some in said.thresholds.items()},
        escalation=said.stored_escalation(),
        takes_back=said.takes_back,
        replies_like_first=replies_like_first,
        answer_within_seconds=None
        if said.answer_within is None
        else int(said.answer_within.total_seconds()),
        complete_form=said.complete_form,
        notice_days=said.notice_days,
        review_on=said.review_on,
        made_at=at,
        made_by=by,
    )
    Target.objects.bulk_create(
        Target(
            version=version,
            metric=str(metric),
            priority=str(priority),
            budget_seconds=int(budget.total_seconds()),
        )
        for (metric, priority), budget in said.targets.items()
    )
    _cover(version, said)
    before = {} if last is None else Conditions.of(last).flat() | {"version": last.number}
    after = said.flat() | {"version": version.number, "in_force_from": begins}
    audit.record("published", agreement, audit.difference(before, after), by=by, at=at)
    return version


def end_version(version: AgreementVersion, at: datetime) -> None:
    """Let a version count until that moment, with all that it covers."""
    version.in_force_to = at
    version.save(update_fields=["in_force_to"])
    version.coverage.update(in_force_to=at)


def problems_of(
    agreement: Agreement,
    said: Conditions,
    *,
    begins: datetime,
    last: AgreementVersion | None = None,
) -> dict[str, str]:
    """Why these conditions cannot be the agreement's next version from then on: field to reason."""
    errors = said.problems()
    if last is not None and last.in_force_to is not None:
        errors[""] = _("The agreement has ended. Make a new one instead.")
    elif last is not None and begins <= last.in_force_from:
        errors["begins_on"] = _("A new version begins after the one before it.")
    if agreement.kind != Kind.MINIMUM:
        least = minimum_version(begins)
        if least is not None:
            errors = falls_short(said, Conditions.of(least)) | errors
    if agreement.kind == Kind.AGREEMENT:
        errors |= _of_parties(agreement, said, begins)
    return errors


def _of_parties(agreement: Agreement, said: Conditions, begins: datetime) -> dict[str, str]:
    if not said.clients:
        return {"clients": _("Choose the departments that you promise it to.")}
    if said.services == ():
        return {"services": _("Choose at least one service, or all of them.")}
    others = Coverage.objects.filter(
        Q(in_force_to=None) | Q(in_force_to__gt=begins),
        provider=agreement.provider_id,
        client__in=said.clients,
    ).exclude(version__agreement_id=agreement.pk)
    if said.services is not None:
        others = others.filter(Q(service=None) | Q(service__in=said.services))
    other = others.select_related("client", "service", "version__agreement").first()
    if other is None:
        return {}
    return {"clients": _covered_already(other)}


def _covered_already(other: Coverage) -> str:
    named = {"client": other.client.name, "name": other.version.agreement.name}
    if other.service is None:
        return _("%(client)s is covered already by “%(name)s”, with all services.") % named
    named["service"] = other.service.name
    return _("“%(service)s” for %(client)s is covered already by “%(name)s”.") % named


def _cover(version: AgreementVersion, said: Conditions) -> None:
    agreement = version.agreement
    if agreement.kind != Kind.AGREEMENT or agreement.provider_id is None:
        return
    services: Sequence[int | None] = [None] if said.services is None else said.services
    try:
        with transaction.atomic():
            Coverage.objects.bulk_create(
                Coverage(
                    version=version,
                    provider_id=agreement.provider_id,
                    client_id=client,
                    service_id=service,
                    in_force_from=version.in_force_from,
                )
                for client in said.clients
                for service in services
            )
    except IntegrityError as error:
        if "one_version_for_a_pair_and_service" not in str(error):
            raise
        raise BadConditions(
            {"clients": _("Someone was quicker: another agreement covers this already.")}
        ) from error


def _loosened(said: Conditions, least: Conditions) -> dict[str, str]:
    """Where a new minimum asks less than the one before: field to reason."""
    found = {}
    for (metric, priority), longest in least.targets.items():
        budget = said.targets.get((metric, priority))
        if budget is None or budget > longest:
            found[target_name(metric, priority)] = _(
                "It is %(budget)s now, and may only be tightened."
            ) % {"budget": budgets.write(longest)}
    return found


def _checked(thresholds: Mapping[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """Thresholds for every priority. Raises BadTerms."""
    given = {str(priority): list(percents) for priority, percents in thresholds.items()}
    return checked_thresholds(given)


@transaction.atomic
def _first_standard(department_id: int, at: datetime) -> AgreementVersion:
    """The default one, no less than the minimum; whoever comes second finds that of the first."""
    department = Department.objects.select_for_update(no_key=True).get(pk=department_id)
    found = _standard(department_id, at)
    if found is not None:
        return found
    least = minimum_version(at)
    asked = {} if least is None else dict(Conditions.of(least).targets)
    tightest = {key: min(budget, DEFAULT_TARGETS.get(key, budget)) for key, budget in asked.items()}
    return publish_standard(department, at=at, targets=tightest)
