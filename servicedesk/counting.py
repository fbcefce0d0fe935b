"""All that is counted beforehand for figures, of every package: kept up, compared, made anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from feedback import tallied as answers
from requests_app import flow
from requests_app.figures import usual
from requests_app.reporting import reporting
from slas import figures as sla_figures
from slas import tallied as verdicts


def keep_up(now: datetime) -> None:
    """What the beat does each minute; the first time, or in a new zone, everything is made.

    What it works out once a day is worked out anew, for those who have just written past deeds.
    """
    flow.advance(now)
    sla_figures.advance(now)
    answers.advance(now)
    usual.work_out(reporting(now))


def faults(now: datetime) -> Iterator[str]:
    """Every difference between what was counted and the facts, in words. There must be none."""
    when = reporting(now)
    yield from map(str, flow.faults(when))
    yield from map(str, verdicts.TALLY.faults(when))
    yield from map(str, answers.TALLY.faults(when))
    yield from sla_figures.time_faults(when)
    yield from usual.faults()


def make_anew(now: datetime) -> None:
    """Make whatever differs what the facts say; work goes on meanwhile."""
    when = reporting(now)
    flow.mend(when)
    verdicts.TALLY.mend(when)
    answers.TALLY.mend(when)
    sla_figures.renew_all(when)
    keep_up(now)
