"""The figures in words, short enough to show beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Definition:
    """What a figure is called, and what it is."""

    name: str
    title: Any
    text: Any


def by_name(*definitions: Definition) -> dict[str, Definition]:
    """Definitions by their names."""
    return {one.name: one for one in definitions}


DEFINITIONS = by_name(
    Definition(
        "asked",
        _("Asked"),
        _("Requests that were made in the period, of the department they were made to."),
    ),
    Definition(
        "resolved",
        _("Resolved"),
        _(
            "How often a request was resolved in the period, in the department that resolved it; "
            "one that was reopened and resolved again counts each time."
        ),
    ),
    Definition(
        "reopen_rate",
        _("Reopened"),
        _("How often a request was reopened in the period, over how often one was resolved."),
    ),
    Definition(
        "transfers",
        _("Handed on"),
        _(
            "How often a request was handed to another department or team in the period, by the "
            "department that handed it on, over how often one was resolved."
        ),
    ),
    Definition(
        "time_by_holder",
        _("Where the time went"),
        _(
            "Of what was resolved in the period, the time since it was asked for or reopened, "
            "nights and weekends included, by who had it: the department, other departments "
            "before it, whoever asked, an approval, someone outside, or nobody. It adds up to the "
            "whole."
        ),
    ),
    Definition(
        "backlog",
        _("Open"),
        _(
            "Requests that are not resolved, cancelled or declined: now, or at the end of a day. "
            "What waits is open, too."
        ),
    ),
    Definition(
        "backlog_age",
        _("Age of what is open"),
        _("Days since the day on which an open request was made."),
    ),
)
