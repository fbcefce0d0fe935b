"""What watching promises costs: `python -m benchmarks.bench_slas [--running N] [--due N]`.

In a database of its own beside that of DATABASE_URL: a tick with nothing due among many running
clocks (aim: under 10 ms); many clocks due in the same second, written with events and notices by
one worker (aim: 2,000 a second) and by two (aim: quicker than one). Fails where an aim is missed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import sys
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import django

TICK_AIM_MS = 10.0
WRITE_AIM = 2000.0
NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
NAME = "bench_slas"


def main() -> int:
    """Set the scene, measure, print; 1 if an aim is missed."""
    options = _options()
    _connect(NAME, create=True)
    from django.test.utils import setup_databases, teardown_databases

    before = setup_databases(0, interactive=False)
    try:
        return _measure(options)
    finally:
        teardown_databases(before, 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--running", type=int, default=100_000, help="clocks that run")
    parser.add_argument("--due", type=int, default=20_000, help="of them due in one second")
    parser.add_argument("--batch", type=int, default=500, help="requests in one transaction")
    return parser.parse_args()


def _connect(name: str, *, create: bool = False) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings.test")
    django.setup()
    from django.db import connection

    if create:
        connection.settings_dict["TEST"]["NAME"] = name
    else:
        connection.settings_dict["NAME"] = name


def _measure(options: argparse.Namespace) -> int:
    from slas.sweep import sweep

    template = _template()
    begin = time.perf_counter()
    _clone(template, options.running, NOW + timedelta(days=30))
    print(f"{options.running} running clocks laid out in {time.perf_counter() - begin:.0f} s")
    ticks = []
    for _ in range(50):
        begin = time.perf_counter()
        sweep(NOW, batch=options.batch)
        ticks.append((time.perf_counter() - begin) * 1000)
    tick = statistics.median(ticks)
    print(f"a tick with nothing due: {tick:.2f} ms (median), aim {TICK_AIM_MS:.0f} ms")
    rates = {}
    for workers in (1, 2):
        _clone(template, options.due, NOW - timedelta(seconds=1))
        rates[workers] = _swept_by(workers, options.batch, options.due)
        print(f"{options.due} due at once, {workers} worker(s): {rates[workers]:.0f} a second")
    print(f"aim: {WRITE_AIM:.0f} a second by one, more by two")
    return int(tick > TICK_AIM_MS or rates[1] < WRITE_AIM or rates[2] < rates[1])


def _swept_by(workers: int, batch: int, expected: int) -> float:
    """Clocks written a second, by so many processes at once."""
    from django.db import connection

    from requests_app.models import Event

    told = Event.objects.filter(kind="breached").count()
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(workers + 1)
    name = str(connection.settings_dict["NAME"])
    processes = [context.Process(target=_work, args=(name, batch, start)) for _ in range(workers)]
    for process in processes:
        process.start()
    start.wait()
    begin = time.perf_counter()
    for process in processes:
        process.join()
    took = time.perf_counter() - begin
    assert all(process.exitcode == 0 for process in processes), "a worker failed"
    written = Event.objects.filter(kind="breached").count() - told
    assert written == expected, f"{written} written, {expected} were due"
    return written / took


def _work(name: str, batch: int, start: Any) -> None:
    _connect(name)
    from slas.sweep import sweep

    sweep(NOW - timedelta(days=1))
    start.wait()
    sweep(NOW, batch=batch)


def _template() -> int:
    """One request, asked and taken by the real deeds; returns its id."""
    from catalogue import actions as catalogue_actions
    from catalogue.models import Life, Service
    from people.models import Department, Membership, Team, User
    from requests_app import actions
    from requests_app.kinds import Via

    at = NOW - timedelta(days=2)
    place = {"zone": "Europe/Dublin", "country": "IE"}
    it = Department.objects.create(key="IT", slug="it", name="IT", **place)
    finance = Department.objects.create(key="FIN", slug="finance", name="Finance", **place)
    team = Team.objects.create(department=it, name="Desk")
    for number in range(10):
        agent = User.objects.create(
            employee_number=f"A{number}", email=f"a{number}@desk.example", name=f"Agent {number}",
            department=it,
        )  # fmt: skip
        Membership.objects.create(team=team, user=agent, is_lead=number == 0)
    dana = User.objects.create(
        employee_number="D", email="dana@desk.example", name="Dana", department=finance
    )
    service = Service.objects.create(
        department=it, team=team, slug="help", name="Help", summary="Help."
    )
    catalogue_actions.publish_form(service, [], by=None, at=at)
    service.life = Life.PUBLISHED
    service.save(update_fields=["life"])
    request = actions.submit(
        service, by=dana, at=at, answers={}, impact="me", urgency="planned", key=uuid.uuid4(),
        via=Via.SEED,
    )  # fmt: skip
    actions.take(request, by=agent, at=at, via=Via.SEED)
    return request.pk


def _clone(template: int, count: int, due_at: datetime) -> None:
    """So many requests like the template, each with a resolution due from that second on."""
    from django.db import connection
    from django.db.models import Max

    from requests_app.models import ServiceRequest
    from slas.models import Clock, Course

    first = ServiceRequest.objects.aggregate(last=Max("pk"))["last"] or 0
    number = f"{int(first)} + g"
    # Running clocks are due at different times, so that the index is as it would be.
    spread = "interval '0'" if due_at < NOW else "g * interval '1 second'"
    due = f"timestamptz '{due_at.isoformat()}' + {spread}"
    rows = (
        (ServiceRequest, f"id = {int(template)}", {
            "id": number, "reference": f"'B-' || ({number})", "key": "gen_random_uuid()",
            "due_at": due, "queue_at": due,
        }),
        (Course, f"service_request_id = {int(template)}", {"service_request_id": number}),
        (Clock, f"service_request_id = {int(template)} AND metric = 'resolution'", {
            "id": None, "service_request_id": number, "warned": "75", "due_at": due,
            "next_check_at": due,
        }),
    )  # fmt: skip
    with connection.cursor() as cursor:
        for model, where, changed in rows:
            every = [str(field.column) for field in model._meta.concrete_fields]
            columns = [column for column in every if changed.get(column, "") is not None]
            values = ", ".join(changed.get(column) or f't."{column}"' for column in columns)
            names = ", ".join(f'"{column}"' for column in columns)
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({names}) SELECT {values} "  # noqa: S608
                f"FROM {model._meta.db_table} t, generate_series(1, %s) g WHERE {where}",
                [count],
            )
            cursor.execute(f"ANALYZE {model._meta.db_table}")
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('requests_app_servicerequest', 'id'), %s)",
            [first + count],
        )


if __name__ == "__main__":
    sys.exit(main())
