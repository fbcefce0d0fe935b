"""The fixed cast: dana asks, omar works, lena leads, kai must see nothing."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from pytest_django.plugin import DjangoDbBlocker

from catalogue.models import Service
from people.models import Department, Team, User
from slas import agreements
from tests import databases, factories, quick
from tests.beforehand import Standing, beforehand
from tests.order import Groups, put_in_order
from tests.times import MONDAY_9

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
quick.install()
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


def pytest_collection_finish() -> None:
    """What was imported stays: the collector need not walk over it thousands of times."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What `make e2e` begins with."""
    put_in_order(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Groups | None:
    """And what goes together there."""
    return Groups(config, log) if config.getvalue("dist") == "loadscope" else None


_standing = Standing()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """The cast is in the database before the test begins."""
    _standing.prepare(item)


_BEFOREHAND = pytest.StashKey[subprocess.Popen[bytes]]()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """Run the migrations while the workers still read the tests."""
    if not config.option.reuse_db and "not e2e" in config.option.markexpr:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.databases"],
            cwd=config.rootpath,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,  # what goes wrong, a worker says
        )
        config.stash[_BEFOREHAND] = process


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave no process behind."""
    if _BEFOREHAND in config.stash:
        config.stash[_BEFOREHAND].wait()


@pytest.fixture(scope="session")
def _template(
    django_db_modify_db_settings: None,
    django_test_environment: None,
    django_db_keepdb: bool,
    django_db_createdb: bool,
    django_db_blocker: DjangoDbBlocker,
) -> ExitStack:
    """The database of the tests will be a copy of the template, which is held until then."""
    held = ExitStack()
    if django_db_createdb or not django_db_keepdb:
        with django_db_blocker.unblock():
            name = held.enter_context(databases.template())
        connection.settings_dict["TEST"]["TEMPLATE"] = name
    return held


@pytest.fixture(scope="session")
def django_db_setup(
    _template: ExitStack, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """As pytest-django sets it up; the template may be copied by the next."""
    _template.close()
    _standing.blocker = django_db_blocker
    yield
    _standing.forget()


@pytest.fixture
@beforehand
def it(db: None) -> Department:
    """The department that provides."""
    return factories.make_department("IT", name="IT", slug="it")


@pytest.fixture
@beforehand
def it_team(it: Department) -> Team:
    """Its team."""
    return factories.make_team(it, name="Service desk")


@pytest.fixture
@beforehand
def laptop(it: Department, it_team: Team) -> Service:
    """A service of IT, which has said what it promises."""
    service = factories.make_service(it, team=it_team, name="New laptop", slug="new-laptop")
    agreements.standard_version(it.pk, MONDAY_9)
    return service


@pytest.fixture
@beforehand
def finance(db: None) -> Department:
    """The department that asks."""
    return factories.make_department("FIN", name="Finance", slug="finance")


@pytest.fixture
@beforehand
def dana(finance: Department) -> User:
    """An employee of Finance, who asks."""
    return factories.make_person("Dana Byrne", department=finance, email="dana@desk.example")


@pytest.fixture
@beforehand
def omar(it_team: Team) -> User:
    """An agent of IT."""
    return factories.make_agent(it_team, "Omar Quinn", email="omar@desk.example")


@pytest.fixture
@beforehand
def lena(it_team: Team) -> User:
    """The lead of IT."""
    return factories.make_agent(it_team, "Lena Nowak", is_lead=True, email="lena@desk.example")


@pytest.fixture
@beforehand
def hr(db: None) -> Department:
    """A department that has nothing to do with it."""
    return factories.make_department("HR", name="People", slug="people")


@pytest.fixture
@beforehand
def kai(hr: Department) -> User:
    """An agent of People, who must see nothing of IT's requests."""
    return factories.make_agent(factories.make_team(hr), "Kai Santos", email="kai@desk.example")
