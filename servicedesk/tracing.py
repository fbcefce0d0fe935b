"""One id for all that one request of a browser, or one tick of the beat, brings about.

It stands in every line of the log, in the answer's header `X-Request-ID`, on the page that says
that something went wrong, and in the headers of what is handed to a worker, where it goes on.
Who asks may bring an id, as a proxy does; one that does not look like an id is not taken.

Here it is known, too, how each request was answered: one line for each, if LOG_REQUESTS says so,
and the numbers of `servicedesk.meters`. Neither names the address itself: in it stand words that
somebody searched for, and tokens.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import loader

from servicedesk import meters

access = logging.getLogger("servicedesk.access")

HEADER = "X-Request-ID"
SHAPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_VIEW = "(none)"

_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """The id of what is done just now; empty outside of any request and task."""
    return _current.get()


def begin(given: object = None) -> str:
    """From now on this thread works under the given id, or under a new one if that is none.

    It holds until the thread begins something else: an answer may be streamed, and a task's failure
    is logged, after whoever began has returned.
    """
    taken = given if isinstance(given, str) and SHAPE.fullmatch(given) else secrets.token_hex(8)
    _current.set(taken)
    return taken


class Statements:
    """Counts what is asked of the database, and for how many seconds."""

    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.count += 1
            self.seconds += time.perf_counter() - began


class Traced:
    """Gives each request its id, and tells how it was answered. Comes before everything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.silent = ("/healthz", "/readyz", "/metrics", settings.STATIC_URL)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = begin(request.headers.get(HEADER))
        statements = Statements()
        began = time.perf_counter()
        with connection.execute_wrapper(statements):
            response = self.get_response(request)
        seconds = time.perf_counter() - began
        response.headers[HEADER] = request_id
        if not request.path_info.startswith(self.silent):
            _tell(request, response.status_code, seconds, statements)
        return response


def view_name(request: HttpRequest) -> str:
    """What answered, by its name in the URL table; never the address that was asked for."""
    match = request.resolver_match
    return match.view_name if match else NO_VIEW


def _tell(request: HttpRequest, status: int, seconds: float, statements: Statements) -> None:
    view = view_name(request)
    method = request.method if request.method in METHODS else "(other)"
    meters.answered(view, method or "", status, seconds, statements.count, statements.seconds)
    if not settings.LOG_REQUESTS:
        return
    kwargs = request.resolver_match.kwargs if request.resolver_match else {}
    # Who is signed in is told where it is known already: asking would cost a query.
    user = getattr(request, "_cached_user", None)
    access.info(
        "%s %s %d",
        method,
        view,
        status,
        extra={
            "method": method,
            "view": view,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "queries": statements.count,
            "sql_ms": round(statements.seconds * 1000, 1),
            "user": getattr(user, "pk", None),
            "reference": kwargs.get("reference"),
        },
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for what went wrong on our side, with the id to quote; needs no database."""
    page = loader.get_template("500.html").render({"request_id": current()})
    return HttpResponseServerError(page)
