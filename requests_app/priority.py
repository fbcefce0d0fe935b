"""Priority from impact and urgency: computed, never typed. No Django."""

from __future__ import annotations

from enum import StrEnum


class Impact(StrEnum):
    """Whom it touches."""

    WIDE = "wide"
    """A department or more, or an external customer feels it."""
    TEAM = "team"
    ME = "me"


class Urgency(StrEnum):
    """How much it holds them up."""

    NOW = "now"
    """Work stands still."""
    SOON = "soon"
    """Hampered, or a date within days."""
    PLANNED = "planned"
    """Can wait."""


class Priority(StrEnum):
    """P1 is first."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


_MATRIX: dict[Impact, tuple[Priority, Priority, Priority]] = {
    #             now          soon         planned
    Impact.WIDE: (Priority.P1, Priority.P2, Priority.P3),
    Impact.TEAM: (Priority.P2, Priority.P3, Priority.P4),
    Impact.ME: (Priority.P3, Priority.P4, Priority.P4),
}


def priority_of(impact: str, urgency: str) -> Priority:
    """The priority by the matrix. Raises ValueError for an unknown impact or urgency."""
    return _MATRIX[Impact(impact)][list(Urgency).index(Urgency(urgency))]


def raised(impact: str, urgency: str, to: str) -> tuple[Impact, Urgency]:
    """The least change of impact and urgency that makes it at least this priority.

    Sooner comes before wider. Raises ValueError for an unknown impact or urgency.
    """
    impacts, urgencies = list(Impact), list(Urgency)
    wide, soon = impacts.index(Impact(impact)), urgencies.index(Urgency(urgency))
    steps = sorted(
        (up + sooner, up, sooner)
        for up in range(wide + 1)
        for sooner in range(soon + 1)
        if priority_of(impacts[wide - up], urgencies[soon - sooner]) <= Priority(to)
    )
    _number, up, sooner = steps[0]
    return impacts[wide - up], urgencies[soon - sooner]
