"""SLA figures, each by its definition in the contract; in words: docs/figures.md.

Only clocks that are part of the figures count: what a department does for itself is left out.
"""

from slas.figures.definitions import DEFINITIONS
from slas.figures.present import (
    at_risk,
    clocks_at_risk,
    late,
    late_clocks,
    late_now,
    late_the_longest,
    risk,
)
from slas.figures.reasons import NOT_SAID, Reasons, breach_reasons, broken_clocks
from slas.figures.times import (
    Time,
    Times,
    advance,
    advance_times,
    renew,
    renew_all,
    stopped_clocks,
    time_faults,
    time_taken,
    times,
)
from slas.figures.verdicts import (
    Attainment,
    Attainments,
    Departments,
    Numbers,
    attainment,
    attainment_by_department,
    attainments,
    decided_clocks,
)

__all__ = [
    "DEFINITIONS",
    "NOT_SAID",
    "Attainment",
    "Attainments",
    "Departments",
    "Numbers",
    "Reasons",
    "Time",
    "Times",
    "advance",
    "advance_times",
    "at_risk",
    "attainment",
    "attainment_by_department",
    "attainments",
    "breach_reasons",
    "broken_clocks",
    "clocks_at_risk",
    "decided_clocks",
    "late",
    "late_clocks",
    "late_now",
    "late_the_longest",
    "renew",
    "renew_all",
    "risk",
    "stopped_clocks",
    "time_faults",
    "time_taken",
    "times",
]
