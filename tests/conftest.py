"""The fixed cast: dana asks, omar works, lena leads, kai must see nothing."""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import HealthCheck, Phase, settings

from catalogue.models import Service
from people.models import Department, Team, User
from tests import factories

# Random tests: a few dozen examples by default; HYPOTHESIS_PROFILE=slow plays 10,000 of each.
for _profile, _examples in (("fast", 50), ("slow", 10_000)):
    settings.register_profile(
        _profile,
        max_examples=_examples,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        # Without the phase that explains a failure line by line: it traces every passing example.
        phases=[phase for phase in Phase if phase is not Phase.explain],
    )
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


def pytest_collection_finish() -> None:
    """What was imported stays: the collector need not walk over it thousands of times."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


@pytest.fixture
def it(db: None) -> Department:
    """The department that provides."""
    return factories.make_department("IT", name="IT", slug="it")


@pytest.fixture
def it_team(it: Department) -> Team:
    """Its team."""
    return factories.make_team(it, name="Service desk")


@pytest.fixture
def finance(db: None) -> Department:
    """The department that asks."""
    return factories.make_department("FIN", name="Finance", slug="finance")


@pytest.fixture
def hr(db: None) -> Department:
    """A department that has nothing to do with it."""
    return factories.make_department("HR", name="People", slug="people")


@pytest.fixture
def dana(finance: Department) -> User:
    """An employee of Finance, who asks."""
    return factories.make_person("Dana Byrne", department=finance, email="dana@desk.example")


@pytest.fixture
def omar(it_team: Team) -> User:
    """An agent of IT."""
    return factories.make_agent(it_team, "Omar Quinn", email="omar@desk.example")


@pytest.fixture
def lena(it_team: Team) -> User:
    """The lead of IT."""
    return factories.make_agent(it_team, "Lena Nowak", is_lead=True, email="lena@desk.example")


@pytest.fixture
def kai(hr: Department) -> User:
    """An agent of People, who must see nothing of IT's requests."""
    return factories.make_agent(factories.make_team(hr), "Kai Santos", email="kai@desk.example")


@pytest.fixture
def laptop(it: Department, it_team: Team) -> Service:
    """A service of IT."""
    return factories.make_service(it, team=it_team, name="New laptop", slug="new-laptop")
