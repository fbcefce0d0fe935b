"""A clock to set, and a browser that is signed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from people.models import User
from tests.times import MONDAY_9

SetClock = Callable[[datetime], None]
SignIn = Callable[[User], Client]


@pytest.fixture
def now_is(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Set the clock that the views read."""

    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    return set_clock


@pytest.fixture(autouse=True)
def monday_morning(now_is: SetClock) -> None:
    """It is Monday, 16 November 2026, 09:00 in Dublin, unless a test says otherwise."""
    now_is(MONDAY_9)


@pytest.fixture
def signed_in() -> SignIn:
    """A browser in which this person is signed in."""

    def sign_in(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return sign_in
