"""What Prometheus reads of the sweep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from prometheus_client import Counter, Histogram

from slas import engine

FOUND = Counter(
    "servicedesk_sweep_findings_total", "Warnings and breaches that the sweep wrote.", ("kind",)
)
SKIPPED = Counter("servicedesk_sweep_skipped_total", "Requests that somebody else held just then.")
SET_ASIDE = Counter("servicedesk_sweep_set_aside_total", "Requests that could not be swept.")
LAG = Histogram(
    "servicedesk_sweep_lag_seconds",
    "From when something fell due until the sweep had written it.",
    buckets=(1, 2.5, 5, 10, 15, 30, 60, 300, 900, 3600, 21600, 86400),
)
SECONDS = Histogram(
    "servicedesk_sweep_seconds",
    "Time of one sweep.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)


def wrote(findings: Sequence[engine.Finding], at: datetime) -> None:
    """Count what was committed at that time."""
    for finding in findings:
        FOUND.labels(str(finding.kind)).inc()
        LAG.observe(max((at - finding.at).total_seconds(), 0.0))
