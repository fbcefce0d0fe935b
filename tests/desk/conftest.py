"""Browsers in which each of the cast is signed in, on Monday at noon."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from catalogue.models import Service
from people.models import User
from requests_app.models import ServiceRequest
from tests import factories
from tests.beforehand import beforehand
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


@pytest.fixture
@beforehand
def asked(laptop: Service, dana: User, omar: User, lena: User) -> ServiceRequest:
    """Dana asked IT for a laptop on Monday at ten; omar and lena work there."""
    return factories.make_service_request(laptop, by=dana, at=MONDAY_10)
