"""How fast the desk is: `make bench`, or `python -m benchmarks.bench --size 10000`.

Beside the database of DATABASE_URL it makes one of its own for each size, keeps it, and measures on
a copy: pages over HTTP from two gunicorn processes, the sweep, seeding, importing, memory. Figures
are printed as a table and written as JSON.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import databases, serving

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = (1, 4)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000, help="requests")
    parser.add_argument("--out", type=Path, help="where the JSON goes (.local/bench/SIZE.json)")
    parser.add_argument("--seconds", type=float, default=6.0, help="each page is asked for so long")
    parser.add_argument("--only", default="", help="pages whose name holds this, and no sweep")
    parser.add_argument("--again", action="store_true", help="make the data anew")
    given = parser.parse_args()
    folder = ROOT / ".local" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    out = given.out or folder / f"{given.size}.json"
    os.environ |= serving.settings(folder)
    os.chdir(ROOT)

    result: dict[str, Any] = {
        "size": given.size, "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(), "load_before": serving.load(),
    }  # fmt: skip
    result["data"] = _data(given.size, again=given.again)
    name = f"{databases.PREFIX}_run_{given.size}"
    print(f"Copying the data of {given.size:,} requests ...", flush=True)
    databases.create(name, like=f"{databases.PREFIX}_{given.size}")
    os.environ["DATABASE_URL_BESIDE"] = os.environ["DATABASE_URL"]
    os.environ["DATABASE_URL"] = databases.url_of(name)
    try:
        _collect_static()
        result |= _measured(given)
    finally:
        os.environ["DATABASE_URL"] = os.environ["DATABASE_URL_BESIDE"]
        databases.drop(name)
    result["load_after"] = serving.load()
    out.write_text(json.dumps(result, indent=2) + "\n")
    print_tables(result)
    print(f"\nAlso as JSON: {out}")
    return 0


def machine() -> str:
    """What it ran on."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return f"{os.cpu_count()} × {model}, Python {platform.python_version()}"


def _data(size: int, *, again: bool) -> dict[str, Any]:
    """The data of this size: those that are there, or new ones."""
    said = None if again else databases.made(size)
    if said:
        return said
    name = f"{databases.PREFIX}_{size}"
    print(f"Making the data of {size:,} requests in the database {name} ...", flush=True)
    databases.create(name)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.make", str(size)],
        env={**os.environ, "DATABASE_URL": databases.url_of(name)},
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    said = json.loads(done.stdout.splitlines()[-1])
    databases.say(size, said)
    return dict(said)


def _collect_static() -> None:
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"], check=True
    )


def _measured(given: argparse.Namespace) -> dict[str, Any]:
    import django

    django.setup()
    logging.disable(logging.INFO)  # the web processes write their lines as in production
    from django.db import connections

    from benchmarks import asks, inside, ticking

    pages = [one for one in asks.pages() if given.only in one.name]
    found: dict[str, Any] = {"pages": {}}
    print("Counting queries ...", flush=True)
    for page in pages:
        found["pages"][page.name] = {"aim": page.aim, **inside.look(page)}
    connections.close_all()
    with serving.served(ROOT / ".local" / "bench" / "served.log") as (port, pids):
        for place, page in enumerate(pages):
            print(f"  {page.name} ...", flush=True)
            for clients in CLIENTS:
                shift = 100_000 * (2 * place + clients)  # nobody asks twice for the same thing
                times = serving.measure(
                    port, lambda n, page=page, s=shift: page.ask(n + s),  # type: ignore[misc]
                    clients=clients, warm=24, seconds=given.seconds, most=2_000,
                )  # fmt: skip
                found["pages"][page.name][f"clients_{clients}"] = {
                    **asdict(times), "load": serving.load(),
                }  # fmt: skip
        found["memory_mb"] = {name: serving.memory(some) for name, some in pids.items()}
    if not given.only:
        print("Sweeping ...", flush=True)
        found["sweep"] = ticking.measure()
        print("Importing ...", flush=True)
        found["import"] = ticking.import_rate(ROOT / ".local" / "bench")
    connections.close_all()
    return found


def print_tables(result: dict[str, Any]) -> None:
    """The figures for people."""
    print(f"\n{result['size']:,} requests; {result['machine']}; {result['at']}; "
          f"load {result['load_before']} before, {result['load_after']} after")  # fmt: skip
    print("\n| page | aim | p50, 1 client | p95 | a second | p50, 4 clients | p95 | a second "
          "| queries | SQL ms | CPU ms | kB |")  # fmt: skip
    print("| --- |" + " ---: |" * 11)
    for name, page in result["pages"].items():
        one, four = page["clients_1"], page["clients_4"]
        print(
            f"| {name} | {page['aim'] or '–'} | {one['p50']} | {one['p95']} | {one['per_second']} "
            f"| {four['p50']} | {four['p95']} | {four['per_second']} | {page['queries']} "
            f"| {page['sql_ms']} | {page['cpu_ms']} | {page['bytes'] / 1000:.0f} |"
        )
    for title in ("sweep", "import", "memory_mb", "data"):
        if title in result:
            print(f"\n{title}:")
            for name, value in result[title].items():
                print(f"  {name.replace('_', ' ')}: {value}")


if __name__ == "__main__":
    sys.exit(main())
