"""A request under way, and browsers in which each of the cast is signed in, on Monday at noon."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from catalogue.models import Service
from people.models import Department, Team, User
from requests_app.models import ServiceRequest
from tests import factories
from tests.cast import Cast, made_once, make_cast
from tests.times import MONDAY_10, MONDAY_NOON

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _monday_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages ask what time it is."""
    monkeypatch.setattr(timezone, "now", lambda: MONDAY_NOON)


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """Make a browser in which that person is signed in."""

    def browser(person: User) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return browser


@dataclass
class Stage:
    """The cast, their service, and what dana asked of IT on Monday at ten."""

    cast: Cast
    laptop: Service
    asked: ServiceRequest


@pytest.fixture(scope="module")
def _stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """All of it, once for the tests of a file."""
    with made_once(django_db_blocker):
        cast = make_cast()
        laptop = factories.make_service(
            cast.it, team=cast.it_team, name="New laptop", slug="new-laptop"
        )
        yield Stage(
            cast, laptop, factories.make_service_request(laptop, by=cast.dana, at=MONDAY_10)
        )


@pytest.fixture
def stage(_stage: Stage, db: None) -> Stage:
    """This test's own; what it does to the rows is taken back."""
    return copy.deepcopy(_stage)


@pytest.fixture
def it(stage: Stage) -> Department:
    return stage.cast.it


@pytest.fixture
def it_team(stage: Stage) -> Team:
    return stage.cast.it_team


@pytest.fixture
def finance(stage: Stage) -> Department:
    return stage.cast.finance


@pytest.fixture
def hr(stage: Stage) -> Department:
    return stage.cast.hr


@pytest.fixture
def dana(stage: Stage) -> User:
    return stage.cast.dana


@pytest.fixture
def omar(stage: Stage) -> User:
    return stage.cast.omar


@pytest.fixture
def lena(stage: Stage) -> User:
    return stage.cast.lena


@pytest.fixture
def kai(stage: Stage) -> User:
    return stage.cast.kai


@pytest.fixture
def laptop(stage: Stage) -> Service:
    return stage.laptop


@pytest.fixture
def asked(stage: Stage) -> ServiceRequest:
    """Dana asked IT for a laptop on Monday at ten; omar and lena work there."""
    return stage.asked
