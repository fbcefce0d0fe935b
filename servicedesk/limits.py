"""How often something may be done, before the desk asks for patience: 429, and when to come again.

Limits are settings, such as "120/m/user" or "30/m/ip,5/5m/key". Sign-in is counted by
django-allauth in the cache; this module counts what else is worth guarding, by one statement in a
table of its own, and has the page for all of it. Both are in PostgreSQL: all processes count
together, and nothing is lost with Redis.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from servicedesk.env import LIMIT

View = Callable[..., HttpResponseBase]
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

# The first of a span begins it; of two at once neither is lost.
COUNT = """
INSERT INTO servicedesk_tally AS old (what, times, until)
VALUES (%(what)s, 1, clock_timestamp() + make_interval(secs => %(span)s))
ON CONFLICT (what) DO UPDATE SET
    times = CASE WHEN old.until <= clock_timestamp() THEN 1 ELSE old.times + 1 END,
    until = CASE WHEN old.until <= clock_timestamp() THEN excluded.until ELSE old.until END
RETURNING times, extract(epoch FROM until - clock_timestamp())
"""
LOOK = """
SELECT times + 1, extract(epoch FROM until - clock_timestamp()) FROM servicedesk_tally
WHERE what = %(what)s AND until > clock_timestamp()
"""


def limited(
    action: str, *, only: Callable[[HttpResponseBase], bool] | None = None
) -> Callable[[View], View]:
    """Let a view be asked for only as often as RATE_LIMITS says for `action`.

    With `only`, just the answers for which it holds are counted, such as those to wrong links; who
    has had too many of them is not answered at all for a while.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **given: Any) -> HttpResponseBase:
            wait = seconds_to_wait(request, action, count=only is None)
            if wait:
                return too_many(request, action, wait)
            answered = view(request, *args, **given)
            if only is not None and only(answered):
                seconds_to_wait(request, action)
            return answered

        return answer

    return decorate


def seconds_to_wait(request: HttpRequest, action: str, *, count: bool = True) -> int:
    """0 where it may be done once more, now; else for how long not. One query for each limit.

    It is counted, unless one only asks. Such limits are by person or by address.
    """
    waits = [0]
    for amount, span, whose in _parts(settings.RATE_LIMITS[action]):
        who = request.user.pk if whose == "user" else get_adapter().get_client_ip(request)
        given: dict[str, str | int] = {"what": f"{action}/{span}/{whose}/{who}"[:200], "span": span}
        with connection.cursor() as cursor:
            cursor.execute(COUNT if count else LOOK, given)
            times, left = cursor.fetchone() or (0, 0)
        if times > amount:
            waits.append(max(1, math.ceil(left)))
    return max(waits)


def _parts(limits: str) -> list[tuple[int, int, str]]:
    """Each limit: how often, in how many seconds, for one what."""
    found = [LIMIT.fullmatch(one.strip()) for one in limits.split(",")]
    return [(int(m[1]), int(m[2] or 1) * SECONDS[m[3]], m[4]) for m in found if m]


def forget(now: datetime) -> None:
    """Drop the counts whose span is over."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM servicedesk_tally WHERE until < %s", [now])


def too_many(request: HttpRequest, action: str, wait: int = 0) -> HttpResponse:
    """The page that asks for patience; without `wait` in seconds, for all of the action's span."""
    if not wait:
        limits = (settings.ACCOUNT_RATE_LIMITS or {}).get(action, "")
        wait = max((span for _amount, span, _whose in _parts(limits)), default=60)
    given = {"action": action, "minutes": math.ceil(wait / 60)}
    response = render(request, "429.html", given, status=429)
    response["Retry-After"] = str(wait)
    add_never_cache_headers(response)
    return response


BY_ADDRESS = {
    "account_login": "login_failed",
    "account_reset_password": "reset_password",
    "account_reset_password_from_key": "reset_password_from_key",
    "account_change_password": "change_password",
    "account_reauthenticate": "reauthenticate",
    "mfa_reauthenticate": "reauthenticate",
    "administration:set_up": "set_up",
}


def handler429(request: HttpRequest) -> HttpResponse:
    """What django-allauth answers where it has counted too much."""
    match = request.resolver_match
    return too_many(request, BY_ADDRESS.get(match.view_name, "") if match else "")


class OfPrograms(BaseThrottle):
    """The limit of the API: for each person, and for each address where nobody is signed in."""

    _wait = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        """Whether this call is within it; counts it."""
        action = "api" if request.user.is_authenticated else "api_signed_out"
        self._wait = seconds_to_wait(request._request, action)
        return not self._wait

    def wait(self) -> float:
        """Seconds, for Retry-After."""
        return float(self._wait)
