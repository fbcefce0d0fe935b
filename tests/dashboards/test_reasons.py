"""Why promises were broken: on the page of a department, with the lists behind it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalogue.models import Service
from people.models import User
from slas import reasons
from slas.sweep import sweep
from tests import factories
from tests.beforehand import beforehand
from tests.portal.reading import assert_sound, words
from tests.times import MONDAY_10, NEXT_MONDAY_9

PAGE = "/overview/departments/it/"
LIST = "/overview/requests/broken/?of=it&month=2026-11"


@pytest.fixture(autouse=True)
def _next_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NEXT_MONDAY_9)


@pytest.fixture
@beforehand
def week(laptop: Service, dana: User, lena: User) -> None:
    """A week in which two requests were not answered; one reason was given."""
    made = [factories.make_service_request(laptop, by=dana, at=MONDAY_10) for _n in range(2)]
    sweep(NEXT_MONDAY_9)
    first = ("first_response", 1, 1)
    reasons.explain(made[0], first, reason="people", by=lena, at=NEXT_MONDAY_9)


@pytest.fixture
def lead(week: None, lena: User) -> Client:
    """IT's lead, afterwards."""
    client = Client()
    client.force_login(lena, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _get(client: Client, address: str) -> Any:
    page = client.get(address)
    assert page.status_code == 200, address
    return page


def test_reasons_stand_on_the_page_of_a_department_and_lead_to_their_lists(lead: Client) -> None:
    page = _get(lead, PAGE)
    assert_sound(page)
    assert "Not enough people 25 % 1 Not said yet 75 % 3" in words(page)
    html = page.content.decode()
    for reason, n in (("people", 1), ("unsaid", 2)):
        address = f"{LIST}&reason={reason}"
        assert address.replace("&", "&amp;") in html
        assert _get(lead, address).context["count"] == n
    assert "Not said yet" in words(_get(lead, f"{LIST}&reason=unsaid"))


def test_all_departments_together_have_no_reasons(lead: Client, lena: User) -> None:
    client = Client()
    client.force_login(
        factories.make_manager(), backend="django.contrib.auth.backends.ModelBackend"
    )
    factories.make_service(factories.make_department("LEG", name="Legal", slug="legal"))
    assert "Why were promises broken?" not in words(_get(client, "/overview/"))


def test_a_reason_that_is_none_is_not_found(lead: Client) -> None:
    assert lead.get(f"{LIST}&reason=weather").status_code == 404
    assert lead.get("/overview/requests/open/?of=it&reason=people").status_code == 404
