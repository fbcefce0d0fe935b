"""What a probe asks: is the process alive, and does what it needs answer.

`/healthz` answers before any other middleware: no database, no session, no host check, because it
only says that this process serves. `/readyz` says whether requests should be sent here, and how far
behind the clock the desk's own work is.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)

# Behind by more than this, someone should look whether worker and beat run.
LATE = timedelta(minutes=2)


class Alive:
    """Answers `/healthz`; everything else passes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain")
        return self.get_response(request)


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 while the database answers, 503 otherwise; the body says what else is amiss.

    A lost broker or a late sweep is "degraded" and still 200: pages work without them, and taking
    every web process out of service would make it worse.
    """
    database = _database()
    broker = _broker()
    behind: dict[str, float | None] = {}
    if database:
        now = timezone.now()
        behind = {
            "oldest_clock_not_swept_seconds": _age("slas.sweep", "oldest_unswept", now),
            "oldest_notice_not_delivered_seconds": _age(
                "notices.outbox", "oldest_undelivered", now
            ),
        }
    late = any(age is not None and age > LATE.total_seconds() for age in behind.values())
    status = "ok" if database and broker and not late else "degraded" if database else "unavailable"
    return JsonResponse(
        {"status": status, "database": database, "broker": broker, **behind},
        status=200 if database else 503,
    )


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.exception("The database does not answer.")
        return False
    return True


def _broker() -> bool:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:
        logger.warning("The broker does not answer.")
        return False
    finally:
        client.close()


def _age(module: str, function: str, now: datetime) -> float | None:
    """Seconds that the oldest waiting piece of work has waited; None when nothing waits."""
    oldest: Any = getattr(import_module(module), function)
    age: timedelta | None = oldest(now)
    return None if age is None else round(age.total_seconds(), 1)
