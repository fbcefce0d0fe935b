"""A desk begins with an organisation and someone who may change things."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from people.models import Department, Organisation, User

GIVEN: dict[str, Any] = {
    "organisation": "Harbour & Pine",
    "zone": "Europe/Dublin",
    "country": "ie",
    "name": "Ada Admin",
    "email": "Ada@desk.example",
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_PASSWORD", "a long enough password")


def test_the_first_administrator_can_sign_in(client: Client) -> None:
    call_command("set_up", stdout=StringIO(), **GIVEN)
    ada = User.objects.get(email="ada@desk.example")
    assert ada.is_administrator
    assert ada.department.zone == Organisation.objects.get().reporting_zone == "Europe/Dublin"
    assert client.login(email="ada@desk.example", password="a long enough password")


def test_a_desk_is_set_up_once() -> None:
    call_command("set_up", stdout=StringIO(), **GIVEN)
    with pytest.raises(CommandError, match="already"):
        call_command("set_up", stdout=StringIO(), **GIVEN)
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"zone": "Europe/Atlantis"}, {"email": "no address"}, {"country": "Ireland"}]
)
def test_what_will_not_do_leaves_no_trace(wrong: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        call_command("set_up", stdout=StringIO(), **(GIVEN | wrong))
    assert not Organisation.objects.exists()
    assert not Department.objects.exists()
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("name", "key", "slug"),
    [
        ("IT", "IT", "it"),
        ("People & culture", "PEO", "people-culture"),
        ("人事", "ADM", "administration"),
        ("7 Hills", "ADM", "7-hills"),
    ],
)
def test_the_first_department_has_a_key_of_its_name(name: str, key: str, slug: str) -> None:
    call_command("set_up", stdout=StringIO(), **(GIVEN | {"department": name}))
    first = Department.objects.get()
    assert (first.key, first.slug) == (key, slug)
