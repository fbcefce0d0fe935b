"""Figures about requests, each defined in one function; in words: docs/figures.md."""

from requests_app.figures.backlog import (
    AGES,
    Age,
    Ages,
    Backlog,
    backlog,
    backlog_ages,
    backlog_by_day,
    backlog_by_month,
    open_requests,
)
from requests_app.figures.definitions import DEFINITIONS, Definition
from requests_app.figures.moving import Flow, Flows, Held, flows, moved
from requests_app.figures.usual import (
    FEWEST_COMPLETIONS,
    PERIOD,
    UsualDuration,
    asked_often,
    usual_duration,
    usual_duration_of_department,
)
from requests_app.reporting import Month, Reporting, reporting
from requests_app.tally import Cut, Grain, slot, weekday_hour

__all__ = [
    "AGES",
    "DEFINITIONS",
    "FEWEST_COMPLETIONS",
    "PERIOD",
    "Age",
    "Ages",
    "Backlog",
    "Cut",
    "Definition",
    "Flow",
    "Flows",
    "Grain",
    "Held",
    "Month",
    "Reporting",
    "UsualDuration",
    "asked_often",
    "backlog",
    "backlog_ages",
    "backlog_by_day",
    "backlog_by_month",
    "flows",
    "moved",
    "open_requests",
    "reporting",
    "slot",
    "usual_duration",
    "usual_duration_of_department",
    "weekday_hour",
]
