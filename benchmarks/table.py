"""Several runs beside each other: `python -m benchmarks.table .local/bench/*.json`.

Prints the tables of docs/benchmarks.md: medians with one client at each size, how much slower the
largest is than the smallest, and what one page costs inside.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def main() -> int:
    """Read the files, print the tables."""
    runs = sorted((json.loads(Path(one).read_text()) for one in sys.argv[1:]), key=_size)
    for run in runs:
        print(
            f"- {run['size']:,} requests: {run['at']}, {run['machine']}, load "
            f"{run['load_before']} before and {run['load_after']} after"
        )
    sizes = " | ".join(f"{run['size']:,}" for run in runs)
    print(f"\n| p50 in ms, one client | aim | {sizes} | largest ÷ smallest | four clients |")
    print("| --- |" + " ---: |" * (len(runs) + 3))
    for name, page in runs[0]["pages"].items():
        found = [run["pages"][name] for run in runs]
        medians = [one["clients_1"]["p50"] for one in found]
        four = found[-1]["clients_4"]
        print(
            f"| {name} | {_aim(page['aim'])} | {' | '.join(map(str, medians))} "
            f"| {medians[-1] / medians[0]:.2f} | {four['p50']}, {four['per_second']}/s |"
        )
    for name, aim, title in (
        ("nothing_due_ms", "≤ 10 ms", "sweep, none due, ms"),
        ("clocks_per_second_of_1000", "≥ 2,000", "sweep, 1,000 due, a second"),
        ("clocks_per_second_of_20000", "–", "sweep, 20,000 due, a second"),
    ):
        values = [run["sweep"][name] for run in runs if "sweep" in run]
        if values:
            ratio = f"{values[-1] / values[0]:.2f}" if values[0] else "–"
            print(f"| {title} | {aim} | {' | '.join(map(str, values))} | {ratio} | |")
    last = runs[-1]
    print(f"\n| at {last['size']:,} | queries | SQL ms | CPU ms | kB | p95, one client |")
    print("| --- |" + " ---: |" * 5)
    for name, page in last["pages"].items():
        print(
            f"| {name} | {page['queries']} | {page['sql_ms']} | {page['cpu_ms']} "
            f"| {page['bytes'] / 1000:.0f} | {page['clients_1']['p95']} |"
        )
    print()
    for run in runs:
        data, came = run["data"], run.get("import", {})
        print(
            f"- {run['size']:,}: {run['memory_mb']['web']} MB for both web processes and "
            f"{run['memory_mb']['worker']} MB for the worker; {data['bytes'] / 1e9:.1f} GB on "
            f"disk; played {data['seeded_deeds_per_second']} deeds a second, copied "
            f"{data['copied_rows']:,} rows in {data['copied_seconds']} s, counted their figures in "
            f"{data['figures_seconds']} s; imported {came.get('cases_per_second', '–')} cases "
            f"({came.get('rows_per_second', '–')} rows) a second"
        )
    return 0


def _size(run: dict[str, Any]) -> int:
    return int(run["size"])


def _aim(aim: float | None) -> str:
    return "–" if aim is None else f"≤ {aim}"


if __name__ == "__main__":
    sys.exit(main())
