"""The fixed cast made once for a module, where making it for each test costs more than the tests.

A module that wants it has two fixtures: one of its own scope, which makes the rows within
`made_once`, and one for each test, a deep copy of them. What a test does to the rows is taken back
by pytest-django, whose transaction stands within this one; what it does to the objects, it does to
its copies.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from people.models import Department, Team, User
from tests import factories


@dataclass
class Cast:
    """As in tests/conftest.py."""

    it: Department
    it_team: Team
    finance: Department
    hr: Department
    dana: User
    omar: User
    lena: User
    kai: User

    @property
    def people(self) -> dict[str, User]:
        """By their names."""
        return {"dana": self.dana, "omar": self.omar, "lena": self.lena, "kai": self.kai}


@contextmanager
def made_once(blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is made within stays until the end, and then is taken back."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def make_cast() -> Cast:
    """All of them."""
    it = factories.make_department("IT", name="IT", slug="it")
    team = factories.make_team(it, name="Service desk")
    finance = factories.make_department("FIN", name="Finance", slug="finance")
    hr = factories.make_department("HR", name="People", slug="people")
    return Cast(
        it=it,
        it_team=team,
        finance=finance,
        hr=hr,
        dana=factories.make_person("Dana Byrne", department=finance, email="dana@desk.example"),
        omar=factories.make_agent(team, "Omar Quinn", email="omar@desk.example"),
        lena=factories.make_agent(team, "Lena Nowak", is_lead=True, email="lena@desk.example"),
        kai=factories.make_agent(factories.make_team(hr), "Kai Santos", email="kai@desk.example"),
    )
