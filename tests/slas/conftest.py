"""Promises are tested with their own follower alone; what others do of it is theirs."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from catalogue.models import Service
from people.models import Department, Team
from tests import factories
from tests.beforehand import beforehand
from tests.slas.alone import FOLLOWERS


@pytest.fixture(autouse=True)
def _only_promises_follow(settings: Settings) -> None:
    settings.TIMELINE_FOLLOWERS = FOLLOWERS


@pytest.fixture
@beforehand
def laptop(it: Department, it_team: Team) -> Service:
    """A service of IT, which has not yet said what it promises."""
    return factories.make_service(it, team=it_team, name="New laptop", slug="new-laptop")
