"""The directory: a CSV of everyone who works here, read, planned, and applied as a whole."""

from people.directory.applying import Applied, PlanChanged, apply, hold
from people.directory.planning import Plan, plan
from people.directory.reading import LARGEST, BadDirectory, Problem, Row, read

__all__ = [
    "LARGEST",
    "Applied",
    "BadDirectory",
    "Plan",
    "PlanChanged",
    "Problem",
    "Row",
    "apply",
    "hold",
    "plan",
    "read",
]
