"""One says when one is away and who stands in; others can ask who is away on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people import actions
from people.absence import away
from people.models import Absence, AuditEntry, User
from tests import factories
from tests.times import MONDAY_9

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2031, 7, 7), date(2031, 7, 11)
GIVEN = {"first_day": "2031-07-07", "last_day": "2031-07-11", "deputy": ""}


def _away(person: User, **given: Any) -> Absence:
    whole = {"first_day": FIRST, "last_day": LAST, "deputy": None, "by": person, "at": MONDAY_9}
    return actions.add_absence(person, **(whole | given))


def test_who_is_away_on_a_day_is_one_query(omar: User, lena: User, dana: User) -> None:
    _away(omar, deputy=lena)
    _away(dana, first_day=LAST, last_day=date(2031, 8, 1))
    with CaptureQueriesContext(connection) as queries:
        found = away([omar.pk, lena.pk, dana.pk], date(2031, 7, 8))
        assert found[omar.pk].deputy == lena
    assert len(queries) == 1
    assert set(found) == {omar.pk}
    assert set(away([omar.pk, dana.pk], LAST)) == {omar.pk, dana.pk}  # the last day is one of it
    assert not away([omar.pk, dana.pk], date(2031, 7, 6))
    assert away([omar.pk], date(2031, 7, 12)) == {}
    assert away([], FIRST) == {}


def test_absences_do_not_overlap_and_end_after_they_begin(omar: User, lena: User) -> None:
    _away(omar)
    for first, last in ((LAST, LAST), (FIRST, FIRST), (date(2031, 1, 1), date(2031, 12, 31))):
        with pytest.raises(ValidationError, match="on the list already"):
            _away(omar, first_day=first, last_day=last)
    with pytest.raises(ValidationError, match="before the first"):
        _away(lena, first_day=LAST, last_day=FIRST)
    with pytest.raises(ValidationError, match="Choose a colleague"):
        _away(lena, deputy=lena)
    with pytest.raises(ValidationError, match="Choose a colleague"):
        _away(lena, deputy=factories.make_person(is_active=False))
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(user=lena, first_day=LAST, last_day=FIRST)
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(user=lena, first_day=FIRST, last_day=LAST, deputy=lena)


def test_nobody_sends_another_away_but_an_administrator(omar: User, lena: User) -> None:
    with pytest.raises(PermissionDenied):
        _away(omar, by=lena)
    ada = factories.make_person(is_administrator=True)
    made = _away(omar, by=ada)
    with pytest.raises(PermissionDenied):
        actions.remove_absence(made, by=lena, at=MONDAY_9)
    assert [one.actor for one in AuditEntry.objects.filter(kind="absence")] == [ada]


def test_the_profile_keeps_absences(client: Client, omar: User, lena: User) -> None:
    client.force_login(omar)
    page = client.post("/me/away/", GIVEN | {"deputy": "LENA@desk.example"}, follow=True)
    text = page.content.decode()
    assert "Lena Nowak stands in for you" in text
    assert "7 July – 11 July 2031" in text
    absence = Absence.objects.get()
    assert absence.deputy == lena
    client.post(f"/me/away/{absence.pk}/remove/")
    assert not Absence.objects.exists()
    deeds = AuditEntry.objects.filter(kind="absence").values_list("deed", flat=True)
    assert list(deeds) == ["deleted", "created"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"first_day": ""}, "Say from which day"),
        ({"last_day": "2031-07-01"}, "before the first"),
        ({"first_day": "2020-01-01", "last_day": "2020-01-02"}, "over already"),
        ({"first_day": "soon"}, "Write a date"),
        ({"deputy": "nobody@desk.example"}, "Nobody here has"),
        ({"deputy": "omar@desk.example"}, "Choose a colleague"),
        ({"deputy": "\x00"}, "Null characters"),
    ],
)
def test_an_absence_that_will_not_do_is_refused(
    client: Client, omar: User, wrong: dict[str, str], words: str
) -> None:
    client.force_login(omar)
    answer = client.post("/me/away/", GIVEN | wrong)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Absence.objects.exists()


def test_the_absence_of_another_is_not_removed(client: Client, omar: User, dana: User) -> None:
    absence = _away(omar)
    client.force_login(dana)
    assert client.post(f"/me/away/{absence.pk}/remove/").status_code == 404
    assert client.get(f"/me/away/{absence.pk}/remove/").status_code == 405
    assert Absence.objects.exists()
    client.logout()
    assert client.post("/me/away/", GIVEN)["Location"].startswith("/accounts/login/")


def test_the_profile_leads_to_password_and_second_factor(client: Client, omar: User) -> None:
    client.force_login(omar)
    page = client.get("/me/").content.decode()
    assert "/accounts/2fa/" in page
    assert "/accounts/password/set/" in page  # the cast has none
    omar.set_password("salt and harbours")
    omar.save()
    client.force_login(omar)
    assert "/accounts/password/change/" in client.get("/me/").content.decode()


def test_the_profile_keeps_zone_and_refuses_nonsense(client: Client, omar: User) -> None:
    client.force_login(omar)
    assert client.post("/me/", {"zone": "Europe/Lisbon", "language": "en"}).status_code == 302
    omar.refresh_from_db()
    assert omar.zone == "Europe/Lisbon"
    assert client.post("/me/", {"zone": "Mars", "language": "en"}).status_code == 422
