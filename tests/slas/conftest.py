"""Promises are tested with their own follower alone; what others do of it is theirs."""

from __future__ import annotations

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _only_promises_follow(settings: Settings) -> None:
    settings.TIMELINE_FOLLOWERS = ["slas.clocks.follow"]
