"""Priority is computed from impact and urgency by the matrix, never typed."""

from __future__ import annotations

import pytest

from requests_app.priority import priority_of

MATRIX = """
        now soon planned
wide    P1  P2   P3
team    P2  P3   P4
me      P3  P4   P4
"""
HEAD, *ROWS = [line.split() for line in MATRIX.strip().splitlines()]
CELLS = [
    (row[0], urgency, priority)
    for row in ROWS
    for urgency, priority in zip(HEAD, row[1:], strict=True)
]


@pytest.mark.parametrize(("impact", "urgency", "priority"), CELLS)
def test_priority_follows_the_matrix(impact: str, urgency: str, priority: str) -> None:
    assert priority_of(impact, urgency) == priority


@pytest.mark.parametrize(("impact", "urgency"), [("all", "now"), ("me", ""), ("P1", "now")])
def test_an_unknown_impact_or_urgency_is_refused(impact: str, urgency: str) -> None:
    with pytest.raises(ValueError, match="not a valid"):
        priority_of(impact, urgency)
