"""What beat starts for promises."""

import logging
import time

from celery import shared_task
from django.utils import timezone

from slas import escalation, figures, meters
from slas import sweep as watching
from slas.reapply import runs

log = logging.getLogger(__name__)

REAPPLY_SECONDS = 120
"""So long one tick works on changed promises; the next goes on."""

LANES = 2
"""So many pages of one sweep are written side by side."""


@shared_task
def sweep() -> None:
    """Every tick: warn, breach and escalate what fell due, and then do what steps ask for.

    Two at once, or one twice, write nothing twice.
    """
    with meters.SECONDS.time():
        result = watching.sweep(
            timezone.now(),
            wrote=lambda findings: meters.wrote(findings, timezone.now()),
            lanes=LANES,
        )
    escalation.advance(timezone.now())
    meters.SKIPPED.inc(result.skipped)
    meters.SET_ASIDE.inc(len(result.set_aside))
    if result.warned or result.breached or result.escalated or result.set_aside:
        log.info(
            "Swept: %d warned, %d breached, %d escalated, %d set aside.",
            result.warned,
            result.breached,
            result.escalated,
            len(result.set_aside),
        )


@shared_task
def reapply() -> None:
    """Every tick: go on with changed calendars and agreements that are on their way.

    Costs one short query where there are none. One that is interrupted goes on at the next tick.
    """
    until = time.monotonic() + REAPPLY_SECONDS
    for run_id in runs.unfinished(timezone.now()):
        while time.monotonic() < until and runs.work(run_id, timezone.now, batches=10):
            pass


@shared_task
def count() -> None:
    """Fold verdicts into the rows that figures read, and work out the times that need it."""
    figures.advance(timezone.now())
