"""Whoever looks after the desk, and a desk that is set up."""

from __future__ import annotations

import pytest
from django.test import Client

from people.models import Organisation, User
from tests import factories
from tests.beforehand import beforehand


@pytest.fixture
@beforehand
def desk(db: None) -> Organisation:
    """The organisation."""
    return factories.make_organisation()


@pytest.fixture
@beforehand
def ada(desk: Organisation) -> User:
    """An administrator, of a department of her own."""
    department = factories.make_department("ADM", name="Administration", slug="administration")
    return factories.make_person(
        "Ada Admin",
        department=department,
        email="ada@desk.example",
        is_administrator=True,
        is_superuser=True,
    )


@pytest.fixture
def as_ada(ada: User) -> Client:
    """Her browser."""
    client = Client()
    client.force_login(ada)
    return client
