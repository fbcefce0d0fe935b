"""The follower: every deed moves the clocks of its request, in the deed's own transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from calendars.models import CalendarVersion
from requests_app import many
from requests_app.kinds import Via
from requests_app.models import Event, ServiceRequest
from slas import engine, store, terms
from slas.agreements import key_of, standard_version, version_for
from slas.deeds import deed_of
from slas.models import AgreementVersion, Scope, Terms

SILENT = frozenset({Via.IMPORT, Via.SEED})
"""Deeds of the past; what is found on the way is of the past too, and makes no noise."""


def follow(events: Sequence[Event]) -> None:
    """Start, pause, resume, stop and retarget the promises of the events' requests.

    What fell due before a deed is found first. The same event again changes nothing.
    """
    deeds = [event for event in events if not event.is_finding]
    if not deeds:
        return
    known = store.load(list(_requests(deeds).values()))
    fresh = [event for event in deeds if event.pk > known[event.service_request_id].last_event_id]
    if not fresh:
        return
    named: list[Terms] = []
    versions = _Versions()
    for event in fresh:
        one = known[event.service_request_id]
        some = _named(event, one.course, versions)
        named += some
        matters = engine.matters(one.course, event.kind)
        via = Via(event.via) if event.via in SILENT else Via.DESK
        one.course, findings = engine.apply(one.course, deed_of(event, _values(some)))
        one.add(findings, via)
        if matters and one.course is not None:
            one.last_event_id = event.pk
    many.insert(named)
    store.write(list(known.values()), noticed_at=max(event.recorded_at for event in fresh))
    _hand_on(fresh, known)


def _requests(events: Sequence[Event]) -> dict[int, ServiceRequest]:
    return {event.service_request_id: event.service_request for event in events}


def _hand_on(events: Sequence[Event], known: dict[int, store.Known]) -> None:
    """Let every instance of a request know what its row now says."""
    for event in events:
        course = known[event.service_request_id].course
        if course is not None:
            store.change(event.service_request, store.request_columns(course))


def _values(named: Sequence[Terms]) -> dict[str, engine.Terms]:
    return {
        one.scope: terms.get((one.agreement_version_id, one.calendar_version_id)) for one in named
    }


# Which versions a deed names


@dataclass(slots=True)
class _Versions:
    """What the events of one call name, each asked for once: a changed calendar names many."""

    _newest: dict[int, int] = field(default_factory=dict)
    _keys: dict[int, terms.Key] = field(default_factory=dict)

    def newest(self, calendar_version_id: int) -> int:
        """The newest version of the same calendar."""
        if calendar_version_id not in self._newest:
            current = CalendarVersion.objects.current()
            rows = current.filter(calendar__versions=calendar_version_id)
            self._newest[calendar_version_id] = rows.values_list("pk", flat=True).get()
        return self._newest[calendar_version_id]

    def key(self, agreement_version_id: int) -> terms.Key:
        """That version of an agreement, with its calendar's newest."""
        if agreement_version_id not in self._keys:
            version = AgreementVersion.objects.get(pk=agreement_version_id)
            self._keys[agreement_version_id] = key_of(version)
        return self._keys[agreement_version_id]


def _named(event: Event, course: engine.Course | None, versions: _Versions) -> list[Terms]:
    if event.kind == "submitted" and course is None:
        data = event.data
        version = version_for(data.provider_id, data.client_id, data.service_id, event.at)
        return [_row(event, Scope.PROMISE, key_of(version))]
    if course is None:
        return []
    if event.kind == "transferred":
        return _named_by_transfer(event, course)
    if event.kind == "calendar_changed":
        return _named_by_calendar(event, course, versions)
    if event.kind == "agreement_changed":
        return _named_by_agreement(event, versions)
    return []


def _named_by_transfer(event: Event, course: engine.Course) -> list[Terms]:
    """Another department counts its own time; another service of the same promises anew."""
    data = event.data
    if data.to_provider_id != course.holder_id:
        version = standard_version(data.to_provider_id, event.at)
        return [_row(event, Scope.HOLDING, key_of(version))]
    if course.promise.provider_id != course.holder_id:
        return []
    submitted_at = event.service_request.submitted_at
    version = version_for(course.holder_id, course.client_id, data.to_service_id, submitted_at)
    if version.pk == course.promise.agreement_version_id:
        return []
    return [_row(event, Scope.PROMISE, key_of(version))]


def _named_by_calendar(event: Event, course: engine.Course, versions: _Versions) -> list[Terms]:
    """The newest version of the calendars that the clocks go by."""
    named = []
    for scope, before in ((Scope.PROMISE, course.promise), (Scope.HOLDING, course.holding)):
        if before is None:
            continue
        newest = versions.newest(before.calendar_version_id)
        if newest != before.calendar_version_id:
            named.append(_row(event, scope, (before.agreement_version_id, newest)))
    return named


def _named_by_agreement(event: Event, versions: _Versions) -> list[Terms]:
    """The version that a lead applied to what is open already, for what the event says."""
    data = event.data
    scopes = ((Scope.PROMISE, data.promise), (Scope.HOLDING, data.holding))
    return [_row(event, scope, versions.key(data.version_id)) for scope, meant in scopes if meant]


def _row(event: Event, scope: Scope, key: terms.Key) -> Terms:
    version_id, calendar_id = key
    return Terms(
        service_request_id=event.service_request_id,
        event=event,
        scope=scope,
        agreement_version_id=version_id,
        calendar_version_id=calendar_id,
    )
