"""What time costs: a tick with nothing due, with much due at once; and what an import costs."""

from __future__ import annotations

import csv
import statistics
import time
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from benchmarks import multiply, world
from notices.models import MailLine, Notice
from people.models import Department
from requests_app.kinds import Via
from requests_app.models import Event
from servicedesk.collecting import collect_seldom
from slas.models import Clock
from slas.sweep import sweep
from slas.tasks import LANES

GROUPS = (1_000, 1_000, 1_000, 20_000)
"""So many clocks are due in one second, in turn."""
APART = 25
CASES = 300


def measure() -> dict[str, Any]:
    """Ticks in milliseconds, and clocks a second with everything that a breach brings about."""
    now = timezone.now()
    sweep(now)
    collect_seldom()  # as a worker does
    ticks = []
    for _ in range(50):
        begin = time.perf_counter()
        sweep(now)
        ticks.append((time.perf_counter() - begin) * 1000)
    found: dict[str, Any] = {
        "running_clocks": Clock.objects.filter(next_check_at__isnull=False).count(),
        "nothing_due_ms": round(statistics.median(ticks), 2),
    }
    pattern = _pattern(now)
    for place, count in enumerate(GROUPS):
        multiply.copies_due_at_once(pattern, count, APART * place)
    due_at = Clock.objects.get(service_request=pattern.request_id, metric="resolution").due_at
    assert due_at is not None
    begin = time.perf_counter()
    caught_up = sweep(due_at - timedelta(seconds=1), lanes=LANES)
    took = time.perf_counter() - begin
    several = caught_up.warned + caught_up.breached + caught_up.escalated
    found["caught_up"] = f"{several} warnings, breaches and steps, {several / took:.0f} a second"
    rates: dict[int, list[float]] = {}
    for place, count in enumerate(GROUPS):
        told = Notice.objects.count(), MailLine.objects.count(), Event.objects.count()
        begin = time.perf_counter()
        done = sweep(due_at + timedelta(seconds=APART * place + 1), lanes=LANES)
        took = time.perf_counter() - begin
        # The pattern itself, with the first of them; and what else was due in between.
        assert count <= done.breached <= count + 50, (done.breached, count)
        rates.setdefault(count, []).append(done.breached / took)
        notices, lines = Notice.objects.count() - told[0], MailLine.objects.count() - told[1]
        found[f"written_with_{count}"] = (
            f"{Event.objects.count() - told[2]} events, {notices} notices, {lines} lines of mail"
        )
    for count, some in rates.items():
        found[f"clocks_per_second_of_{count}"] = round(statistics.median(some))
    return found


def _pattern(now: Any) -> world.Pattern:
    """A request whose warning is over and which is due on the next working day."""
    rng, days = Random(11), world.Days(now)  # noqa: S311
    story = world.Story(rng, 3, Department.objects.get(slug="design"), Via.PAGE)
    day = days.last(4)
    story.submit(day, "09:05")
    story.says("reply", story.agent, day, "09:35")
    sweep(now)
    return world.Pattern(story.request.pk, story.requester.pk, story.agent.pk, 1.0, 1)


# -- Importing -----------------------------------------------------------------------------------

COLUMNS = (
    "number", "sys_updated_at", "opened_at", "incident_state", "caller_id", "location",
    "assignment_group", "assigned_to", "sys_updated_by", "impact", "urgency", "category",
    "subcategory", "u_symptom", "made_sla",
)  # fmt: skip
STATES = ("New", "Active", "Active", "Awaiting User Info", "Active", "Resolved", "Closed")


def import_rate(folder: Path) -> dict[str, Any]:
    """Import a log as the shipped mapping reads it: cases and rows a second."""
    from servicedesk.event_log.mapping import load
    from servicedesk.event_log.run import import_log

    path = folder / "log.csv"
    with path.open("w", newline="") as file:
        log = csv.writer(file)
        log.writerow(COLUMNS)
        rng = Random(5)  # noqa: S311
        for case in range(CASES):
            _case(log, rng, case)
    shipped = Path(str(settings.ROOT)) / "servicedesk/event_log/mappings/incident_event_log.toml"
    begin = time.perf_counter()
    report = import_log(path, load(shipped), now=timezone.now(), watch=lambda cases, _n: cases)
    took = time.perf_counter() - begin
    path.unlink()
    connection.close()
    return {
        "cases": CASES,
        "rows": report.rows,
        "cases_per_second": round(CASES / took, 1),
        "rows_per_second": round(report.rows / took, 1),
    }


def _case(log: Any, rng: Random, case: int) -> None:
    at = timezone.now() - timedelta(days=rng.randint(60, 300), minutes=rng.randint(0, 600))
    opened = f"{at:%d-%m-%Y %H:%M}"
    group = f"Group {rng.choice((20, 23, 24, 70))}"
    agent = f"Resolver {rng.randint(1, 40)}"
    for state in STATES:
        log.writerow(
            [
                f"INC{case:07}", f"{at:%d-%m-%Y %H:%M}", opened, state,
                f"Caller {case % 90}", f"Location {case % 12}", group, agent, agent,
                "2 - Medium", "2 - Medium", "Category 1", "Subcategory 2", "Symptom 3", "true",
            ]
        )  # fmt: skip
        at += timedelta(minutes=rng.randint(20, 1500))
