"""What is promised, to whom, in which version; the clocks that hold every request to it; counts."""

from slas.models.agreements import (
    LEAST_BUDGET_SECONDS,
    METRIC_CHOICES,
    THE_BEGINNING,
    Agreement,
    AgreementVersion,
    Coverage,
    Kind,
    Scope,
    Target,
    Terms,
)
from slas.models.clocks import Clock, ClockQuerySet, Course
from slas.models.drafts import Acceptance, AgreementDeed, AgreementDraft, Deed, Stage
from slas.models.figures import AttainmentChange, AttainmentCount, MonthsTimes
from slas.models.reapplying import Reapplying
from slas.models.reasons import LONGEST_NOTE, BreachReason, Reason

__all__ = [
    "LEAST_BUDGET_SECONDS",
    "LONGEST_NOTE",
    "METRIC_CHOICES",
    "THE_BEGINNING",
    "Acceptance",
    "Agreement",
    "AgreementDeed",
    "AgreementDraft",
    "AgreementVersion",
    "AttainmentChange",
    "AttainmentCount",
    "BreachReason",
    "Clock",
    "ClockQuerySet",
    "Course",
    "Coverage",
    "Deed",
    "Kind",
    "MonthsTimes",
    "Reapplying",
    "Reason",
    "Scope",
    "Stage",
    "Target",
    "Terms",
]
