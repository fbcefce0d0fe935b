"""What has changed, and which open requests go by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from calendars.contents import Contents
from calendars.models import Calendar, CalendarVersion
from requests_app.models import ServiceRequest
from requests_app.models.service_request import ServiceRequestQuerySet
from slas import terms
from slas.agreements import key_of
from slas.models import Agreement, AgreementVersion, Kind, Reapplying
from slas.reapply.rules import Change, NewHours, NewVersion


class NotInForce(ValueError):
    """A version that does not count today cannot be applied; the message says so."""


def newest_of(calendar: Calendar | int) -> CalendarVersion:
    """The newest version of a calendar. Raises CalendarVersion.DoesNotExist."""
    return CalendarVersion.objects.current().filter(calendar=calendar).get()


def new_hours(version: CalendarVersion) -> NewHours:
    """What a published version changes: whatever goes by an earlier one."""
    earlier = CalendarVersion.objects.filter(
        calendar=version.calendar_id, number__lt=version.number
    )
    ids = frozenset(earlier.values_list("pk", flat=True))
    return NewHours(ids, version.pk, version.work_calendar)


def drafted_hours(calendar: Calendar, said: Contents, at: datetime) -> NewHours:
    """What a calendar would change if it said this from that moment on.

    Raises BadHours, UnknownCountry, CalendarNeverOpens.
    """
    ids = frozenset(calendar.versions.values_list("pk", flat=True))
    return NewHours(ids, 0, said.tidy().work_calendar(at))


def in_force(agreement: Agreement | int, at: datetime) -> AgreementVersion:
    """The version of an agreement that counts at that moment.

    Raises AgreementVersion.DoesNotExist where none does.
    """
    counts = Q(in_force_to=None) | Q(in_force_to__gt=at)
    versions = AgreementVersion.objects.filter(counts, agreement=agreement, in_force_from__lte=at)
    return versions.order_by("-number").select_related("agreement").get()


def new_version(version: AgreementVersion, at: datetime) -> NewVersion:
    """What an agreement's version changes for those who go by an earlier one.

    One between departments also takes the place of the provider's standard, where it covers what
    was asked for. Raises NotInForce for what does not count today.
    """
    agreement = version.agreement
    if version.in_force_from > at:
        raise NotInForce(_("This version is not in force yet: it can be applied from then on."))
    if version.in_force_to is not None and version.in_force_to <= at:
        raise NotInForce(_("This version is no longer in force: apply the newest one."))
    if agreement.kind == Kind.MINIMUM:
        raise NotInForce(_("The minimum is promised to nobody: apply what departments promise."))
    gives_way = Q(agreement=agreement, number__lt=version.number)
    if agreement.kind == Kind.AGREEMENT:
        gives_way |= Q(agreement__kind=Kind.STANDARD, agreement__provider=agreement.provider)
    ids = AgreementVersion.objects.filter(gives_way).values_list("pk", flat=True)
    clients, services = _covered(version)
    return NewVersion(
        terms.get(key_of(version)),
        frozenset(ids),
        clients,
        services,
        for_holding=agreement.kind == Kind.STANDARD,
    )


def _covered(
    version: AgreementVersion,
) -> tuple[frozenset[int] | None, frozenset[int] | None]:
    """The clients and the services that the version is for; None: all."""
    if version.agreement.kind != Kind.AGREEMENT:
        return None, None
    rows = list(version.coverage.values_list("client_id", "service_id"))
    services = {service for _client, service in rows}
    return (
        frozenset(client for client, _service in rows),
        None if None in services else frozenset(pk for pk in services if pk is not None),
    )


def change_of(run: Reapplying, at: datetime) -> Change:
    """What a run applies. Raises NotInForce where that has ended meanwhile."""
    if run.calendar_version is not None:
        return new_hours(run.calendar_version)
    assert run.agreement_version is not None
    return new_version(run.agreement_version, at)


def requests_that_go_by(change: Change) -> ServiceRequestQuerySet:
    """The open requests whose promises go by what gives way."""
    return ServiceRequest.objects.open().filter(_goes_by(change))


def _goes_by(change: Change) -> Q:
    match change:
        case NewHours():
            return Q(course__promise_calendar__in=change.earlier) | Q(
                course__holding_calendar__in=change.earlier
            )
        case NewVersion():
            rule = Q(course__promise_version__in=change.gives_way)
            if change.clients is not None:
                rule &= Q(course__client__in=change.clients)
            if change.services is not None:
                rule &= Q(course__service__in=change.services)
            if change.for_holding:
                rule |= Q(course__holding_version__in=change.gives_way)
            return rule
    raise TypeError(f"{change!r} is no change of hours or of an agreement")


def pages(rows: ServiceRequestQuerySet, size: int) -> Iterator[list[ServiceRequest]]:
    """The requests in the order of their ids, some at a time, without a lock."""
    last = 0
    while page := list(rows.filter(pk__gt=last).order_by("pk")[:size]):
        yield page
        last = page[-1].pk
