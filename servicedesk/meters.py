"""What Prometheus reads of the desk as a whole, and who may read it.

A package that has something to count declares its own (`slas/meters.py`, `notices/meters.py`), as
it has its own logger; names begin with `servicedesk_`. Counting goes to memory, or, where
PROMETHEUS_MULTIPROC_DIR names a folder, to files there that all processes of one machine share, so
that whichever is asked answers for all of them. What the database knows (the length of the outbox,
the age of the oldest promise not looked at) is asked for when somebody reads.

Read at `/metrics` of any web process, and at a worker's own port (METRICS_WORKER_PORT), with the
header `Authorization: Bearer METRICS_TOKEN`. Without a token there is nothing to read, anywhere.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

logger = logging.getLogger(__name__)

SECONDS = (0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1.2, 2.5, 5.0, 10.0)
"""Bounds around what the desk aims at (15 to 40 ms), and far beyond."""
LONG = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)

ANSWERED = Counter(
    "servicedesk_http_requests_total", "Requests answered.", ("view", "method", "status")
)
ANSWER_SECONDS = Histogram(
    "servicedesk_http_request_seconds", "Time to answer.", ("view",), buckets=SECONDS
)
QUERIES = Counter("servicedesk_http_queries_total", "Statements while answering.", ("view",))
QUERY_SECONDS = Counter("servicedesk_http_sql_seconds_total", "Time of these.", ("view",))
TASKS = Counter("servicedesk_tasks_total", "Celery tasks that were run.", ("task", "outcome"))
TASK_SECONDS = Histogram("servicedesk_task_seconds", "Time to run them.", ("task",), buckets=LONG)


def answered(
    view: str, method: str, status: int, seconds: float, queries: int, sql_seconds: float
) -> None:
    """Count one request; `view` is the name of a view, of which there are only so many."""
    ANSWERED.labels(view, method, status).inc()
    ANSWER_SECONDS.labels(view).observe(seconds)
    QUERIES.labels(view).inc(queries)
    QUERY_SECONDS.labels(view).inc(sql_seconds)


def ran(task: str, outcome: str, seconds: float) -> None:
    """Count one task: "done" or "failed"."""
    TASKS.labels(task, outcome).inc()
    TASK_SECONDS.labels(task).observe(seconds)


class State:
    """What stands in the database and the broker when somebody reads."""

    def collect(self) -> Iterator[Metric]:
        from servicedesk import health

        state = health.look(counted=True)
        up = GaugeMetricFamily(
            "servicedesk_up", "Whether it answers: the database, the broker.", labels=["what"]
        )
        up.add_metric(["database"], float(state.database))
        up.add_metric(["broker"], float(state.broker))
        yield up
        for name, what, value in state.figures():
            if value is not None:
                yield GaugeMetricFamily(f"servicedesk_{name}", what, value=value)


def written(*, state: bool) -> bytes:
    """All numbers in Prometheus' text format; with `state`, what the database knows as well."""
    counted, asked = REGISTRY, CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        counted = CollectorRegistry()
        MultiProcessCollector(counted)
    if state:
        asked.register(State())
    return generate_latest(counted) + generate_latest(asked)


def may_read(authorization: str) -> bool:
    """Whether this header carries the token. Where none is set nobody may."""
    token: str = settings.METRICS_TOKEN
    return bool(token) and constant_time_compare(authorization, f"Bearer {token}")


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """`/metrics`; for whoever has no token it does not exist."""
    if not may_read(request.headers.get("Authorization", "")):
        raise Http404
    return HttpResponse(written(state=True), content_type=CONTENT_TYPE_LATEST)


def of_worker(
    environ: dict[str, Any], start_response: Callable[[str, list[tuple[str, str]]], object]
) -> Iterable[bytes]:
    """The same at a worker's own port, as a WSGI application: what its processes have counted."""
    if not may_read(str(environ.get("HTTP_AUTHORIZATION", ""))):
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"Not found.\n"]
    start_response("200 OK", [("Content-Type", CONTENT_TYPE_LATEST)])
    return [written(state=False)]


def serve_worker() -> None:
    """Open the worker's port, in a thread, if the settings name one. Called in its main process."""
    if not settings.METRICS_WORKER_PORT:
        return
    if not settings.METRICS_TOKEN:
        logger.info("METRICS_WORKER_PORT is set, METRICS_TOKEN is not: nothing is served.")
        return
    import threading
    from wsgiref.simple_server import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        timeout = 10

        def log_message(self, *_: Any) -> None:
            """Who reads how often is no news."""

    server = make_server(
        settings.METRICS_WORKER_HOST, settings.METRICS_WORKER_PORT, of_worker, handler_class=Quiet
    )
    threading.Thread(target=server.serve_forever, daemon=True, name="metrics").start()
    logger.info("Metrics of this worker at port %d.", server.server_port)
