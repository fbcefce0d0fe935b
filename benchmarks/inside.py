"""What a page costs inside the process: queries, their time, this process's own work, bytes."""

from __future__ import annotations

import statistics
import time
from typing import Any

from django.db import connection
from django.test import Client

from benchmarks.asks import Page
from benchmarks.serving import CSRF, HOST

TIMES = 12


def look(page: Page) -> dict[str, Any]:
    """The medians of a dozen requests, after a few that fill what is kept in memory."""
    browser = Client(headers={"host": HOST})
    found: list[tuple[int, float, float, int]] = []
    for n in range(TIMES + 4):
        ask = page.ask(50_000 + n)
        browser.cookies["sessionid"], browser.cookies["csrftoken"] = ask.session, CSRF
        counter = _Counter()
        with connection.execute_wrapper(counter):
            busy = time.process_time()
            if ask.form is None:
                answer = browser.get(ask.path, secure=True)
            else:
                answer = browser.post(
                    ask.path, ask.form, content_type="application/x-www-form-urlencoded",
                    secure=True,
                )  # fmt: skip
            busy = time.process_time() - busy
        wanted = 200 if ask.form is None else 302
        assert answer.status_code == wanted, (ask.path, answer.status_code, answer.content[:2000])
        found.append((counter.count, counter.seconds * 1000, busy * 1000, len(answer.content)))
    queries, sql, work, size = zip(*found[4:], strict=True)
    return {
        "queries": round(statistics.median(queries)),
        "sql_ms": round(statistics.median(sql), 1),
        "cpu_ms": round(statistics.median(work), 1),
        "bytes": round(statistics.median(size)),
    }


class _Counter:
    """Counts statements and the time until the database has answered."""

    def __init__(self) -> None:
        self.count, self.seconds = 0, 0.0

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        begin = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - begin
            self.count += 1
