"""What is promised, to whom, in which version; the clocks that hold every request to it; counts."""

from slas.models.agreements import (
    LEAST_BUDGET_SECONDS,
    METRIC_CHOICES,
    THE_BEGINNING,
    Agreement,
    AgreementVersion,
    Kind,
    Scope,
    Target,
    Terms,
)
from slas.models.clocks import Clock, ClockQuerySet, Course
from slas.models.figures import AttainmentChange, AttainmentCount, MonthsTimes
from slas.models.reapplying import Reapplying

__all__ = [
    "LEAST_BUDGET_SECONDS",
    "METRIC_CHOICES",
    "THE_BEGINNING",
    "Agreement",
    "AgreementVersion",
    "AttainmentChange",
    "AttainmentCount",
    "Clock",
    "ClockQuerySet",
    "Course",
    "Kind",
    "MonthsTimes",
    "Reapplying",
    "Scope",
    "Target",
    "Terms",
]
