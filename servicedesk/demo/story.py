"""What a story is: a request, what is done to it, and what its requester thinks. Pure data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Ref:
    """A row that a story names and only the player knows."""

    kind: str
    """person (by mail address), department (by slug), service (by "department/slug")."""
    key: str


@dataclass(frozen=True, slots=True)
class Step:
    """One deed of a story."""

    deed: str
    at: datetime
    by: str | None
    """Mail address; None: the desk itself."""
    given: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the requester thinks, if asked."""

    score: int
    comment: str
    after: timedelta
    """How long after the invitation."""
    reasons: tuple[str, ...] = ()
    lost_time: str = ""
    unnamed: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """One request, from its form to its end or until now."""

    number: int
    department: str
    service: str
    requester: str
    filed_by: str
    at: datetime
    answers: dict[str, Any]
    impact: str
    urgency: str
    steps: tuple[Step, ...]
    opinion: Opinion | None = None
