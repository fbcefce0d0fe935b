"""The timeline: the one door through which anything happens to a request.

`record` writes one append-only `Event`; every module named in `TIMELINE_FOLLOWERS` is then told,
in order, inside the same transaction.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from people.prepared import prepared
from requests_app import many
from requests_app.kinds import KINDS, Audience, Payload, Via
from requests_app.models import Event

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from people.models import User
    from requests_app.models import ServiceRequest


class Follower(Protocol):
    """What happens because of events: quick, in bulk, and nothing the second time."""

    def __call__(self, events: Sequence[Event]) -> None: ...


def event(
    service_request: ServiceRequest,
    kind: str,
    payload: Payload,
    *,
    by: User | None,
    at: datetime,
    via: Via,
    key: str | None = None,
    audience: Audience | None = None,
) -> Event:
    """An event not yet recorded. Raises TypeError where the payload is not the kind's own."""
    known = KINDS[kind]
    if type(payload) is not known.payload:
        raise TypeError(f"{kind!r} carries {known.payload.__name__}, not {type(payload).__name__}")
    return many.new(
        Event,
        {
            "service_request_id": service_request.pk,
            "kind": kind,
            "at": at,
            "actor_id": None if by is None else by.pk,
            "via": via,
            "audience": audience or known.audience,
            "key": key,
            "payload": payload.dump(),
        },
        {"service_request": service_request, "actor": by},
    )


def record(
    service_request: ServiceRequest,
    kind: str,
    payload: Payload,
    *,
    by: User | None,
    at: datetime,
    via: Via,
    key: str | None = None,
) -> Event:
    """Record one event; the request's row must be locked by the caller."""
    return record_many([event(service_request, kind, payload, by=by, at=at, via=via, key=key)])[0]


def record_many(events: Sequence[Event]) -> list[Event]:
    """Write events in bulk and tell the followers once.

    Raises RuntimeError outside a transaction: an event without its change would be a lie.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("events are recorded inside the transaction of their change")
    if not events:
        return []
    written = many.insert(events)
    waiting = _untold.get()
    if waiting is not None:
        waiting += written
    else:
        _tell(written)
    return written


def _tell(written: Sequence[Event]) -> None:
    for follow in followers():
        follow(written)


def is_done(service_request_id: int, key: str) -> bool:
    """Whether a deed with this key was done to the request before; one query."""
    return bool(_of_key(service_request_id, key))


@prepared
def _of_key(service_request_id: int, key: str) -> QuerySet[Event, int]:
    found = Event.objects.filter(service_request=service_request_id, key=key)
    return found.values_list("pk", flat=True)[:1]


@contextmanager
def told_at_the_end() -> Iterator[None]:
    """Tell the followers once, of everything recorded within, and inside its transaction.

    For a case of the past that is played from end to end: the followers read and write its rows
    once instead of at each deed. They hear of the deeds in order, each with the request as that
    deed left it; what they find is recorded after them, with its own time.
    """
    waiting: list[Event] = []
    token = _untold.set(waiting)
    try:
        yield
    finally:
        _untold.reset(token)
    if waiting:
        _tell(waiting)


_untold: ContextVar[list[Event] | None] = ContextVar(
    "events_of_which_nobody_was_told", default=None
)


@lru_cache(maxsize=1)
def _followers(paths: tuple[str, ...]) -> tuple[Follower, ...]:
    return tuple(import_string(path) for path in paths)


def followers() -> tuple[Follower, ...]:
    """The functions that follow, in the order of the setting."""
    return _followers(tuple(settings.TIMELINE_FOLLOWERS))
