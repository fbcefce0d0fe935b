"""Lengths of working time, typed and shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slas import budgets
from slas.budgets import BadBudget
from tests.times import hours, minutes


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("30 min", minutes(30)),
        ("30min", minutes(30)),
        ("4 h", hours(4)),
        ("1.5 h", minutes(90)),
        ("1 h 30 min", minutes(90)),
        ("1 day", hours(8)),
        ("2 days", hours(16)),
        ("3 working days", hours(24)),
        ("2 days, 4 hours and 5 minutes", hours(20) + minutes(5)),
        ("1 Week", hours(40)),
        (" 5 d ", hours(40)),
    ],
)
def test_a_length_is_read_as_people_type_it(text: str, length: timedelta) -> None:
    assert budgets.read(text) == length


@pytest.mark.parametrize("text", ["", " ", "4", "soon", "h", "4 parsecs", "-4 h", "1,25 h", "4h x"])
def test_what_is_no_length_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadBudget, match="2 days"):
        budgets.read(text)


@given(st.integers(min_value=1, max_value=200_000))
def test_what_is_shown_can_be_typed(number: int) -> None:
    assert budgets.read(budgets.write(minutes(number))) == minutes(number)
