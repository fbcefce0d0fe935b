"""What a probe asks: is the process alive, and does what it needs answer.

`/healthz` answers before any other middleware: no database, no session, no host check, because it
only says that this process serves. Whoever restarts processes asks it.

`/readyz` says whether requests should be sent here, and whether the desk's own work is done in
time: 503 if one of the checks that READY_NEEDS names fails, else 200. By default these are the
database and its migrations: pages work without broker, worker and mail, so to take every web
process out of service for those would make it worse; they make the answer "degraded". A stranger
reads whether each check holds; the figures are for whoever has METRICS_TOKEN. All that is asked of
the database are the ends of partial indexes over what waits, however much lies there.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notices import outbox
from servicedesk import meters
from slas import sweep

logger = logging.getLogger(__name__)

UPSERT = """
INSERT INTO servicedesk_beat (single, at) VALUES (true, %s)
ON CONFLICT (single) DO UPDATE SET at = greatest(servicedesk_beat.at, excluded.at)
"""


class Alive:
    """Answers `/healthz`; everything else passes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain")
        return self.get_response(request)


class Probed:
    """Answers `/readyz` and `/metrics` whatever host was asked for: probes know an address only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/readyz":
            return ready(request)
        if request.path_info == "/metrics" and meters.may_read(
            request.headers.get("Authorization", "")
        ):
            return meters.page(request)
        return self.get_response(request)


@dataclass(slots=True)
class State:
    """What answers, and how far behind the clock the desk's own work is."""

    database: bool = False
    migrations: bool = False
    """None of ours is missing; one more, by a newer release, does no harm."""
    broker: bool = False
    beat: timedelta | None = None
    """Since a worker last did what the beat told it; None if that never was."""
    sweep: timedelta | None = None
    """Age of the oldest promise that waits to be looked at; None if none does."""
    notices: timedelta | None = None
    """Age of the oldest mail that should be out; None if all are."""
    counts: dict[str, int] = field(default_factory=dict)

    def checks(self) -> dict[str, bool]:
        """Each check by its name, and whether it holds."""
        late = timedelta(seconds=settings.READY_LATE_SECONDS)
        return {
            "database": self.database,
            "migrations": self.migrations,
            "broker": self.broker,
            "beat": self.beat is not None and self.beat <= late,
            "sweep": self.database and (self.sweep is None or self.sweep <= late),
            "notices": self.database and (self.notices is None or self.notices <= late),
        }

    def ages(self) -> dict[str, float | None]:
        """In seconds."""
        return {
            "last_beat_seconds": _seconds(self.beat),
            "oldest_clock_not_swept_seconds": _seconds(self.sweep),
            "oldest_notice_not_delivered_seconds": _seconds(self.notices),
        }

    def figures(self) -> Iterator[tuple[str, str, float | None]]:
        """Name, meaning and value of what `/metrics` tells; None where there is nothing to tell."""
        if not self.database:
            return
        yield "beat_age_seconds", "Since the last beat that a worker answered.", _seconds(self.beat)
        yield (
            "sweep_oldest_age_seconds",
            "Age of the oldest promise that waits for the sweep.",
            _seconds(self.sweep) or 0.0,
        )
        yield (
            "outbox_oldest_age_seconds",
            "Age of the oldest mail that should be out.",
            _seconds(self.notices) or 0.0,
        )
        meanings = {
            "sweep_waiting": "Promises that are due to be looked at.",
            "outbox_waiting": "Mails that are neither sent nor given up.",
            "broker_queue_length": "Messages in the broker that no worker has taken.",
        }
        for name, value in self.counts.items():
            yield name, meanings[name], float(value)


def look(*, counted: bool = False) -> State:
    """Ask database and broker; `counted` asks how much waits as well, which costs what waits."""
    state = State()
    _look_at_the_database(state, timezone.now(), counted)
    _look_at_the_broker(state, counted)
    return state


_remembered: tuple[float, State] | None = None


def _look_now_and_then() -> State:
    """The same, at most once in READY_REMEMBER_SECONDS for this process."""
    global _remembered  # noqa: PLW0603 (this process' own memory)
    now = time.monotonic()
    if _remembered is None or now - _remembered[0] >= settings.READY_REMEMBER_SECONDS:
        _remembered = now, look()
    return _remembered[1]


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """`/readyz`: see above."""
    state = _look_now_and_then()
    checks = state.checks()
    fit = all(checks[name] for name in settings.READY_NEEDS)
    status = "ok" if all(checks.values()) else "degraded" if fit else "unavailable"
    answer: dict[str, Any] = {"status": status, "checks": checks}
    if meters.may_read(request.headers.get("Authorization", "")):
        answer |= state.ages()
    return JsonResponse(answer, status=200 if fit else 503)


def beat(now: datetime) -> None:
    """Remember that the beat's tick reached a worker."""
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [now])


def _look_at_the_database(state: State, now: datetime, counted: bool) -> None:
    try:
        state.migrations = _all_migrated()
        state.database = True
        if not state.migrations:
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(at) FROM servicedesk_beat")
            (last,) = cursor.fetchone()
        state.beat = None if last is None else max(now - last, timedelta(0))
        state.sweep = sweep.oldest_unswept(now)
        state.notices = outbox.oldest_undelivered(now)
        if counted:
            state.counts["sweep_waiting"] = sweep.unswept(now)
            state.counts["outbox_waiting"] = outbox.undelivered()
    except Error:
        logger.exception("The database does not answer.")
        state.database = False


_migrated = False


def _all_migrated() -> bool:
    """Asked until it is so; from then on it stays so, and only whether the database answers."""
    global _migrated  # noqa: PLW0603 (this process' own memory)
    if _migrated:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    executor = MigrationExecutor(connection)
    _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def _look_at_the_broker(state: State, counted: bool) -> None:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2)
    try:
        state.broker = bool(client.ping())
        if counted:
            length: Any = client.llen("celery")
            state.counts["broker_queue_length"] = int(length)
    except redis.RedisError:
        logger.warning("The broker does not answer.")
    finally:
        client.close()


def _seconds(age: timedelta | None) -> float | None:
    return None if age is None else round(age.total_seconds(), 1)
