"""Every answer of the desk tells the browser how little it may do with it.

That each answer of each address does, whoever asks, is shown where everyone tries everything:
tests/rights/test_table.py.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.rights import table, world
from tests.rights.rules import SIGNED_OUT
from tests.rights.world import World
from tests.security import headers
from tests.servicedesk.test_settings import COMPLETE
from tests.times import MONDAY_NOON

OF_SIGN_IN = {
    "account_confirm_email": {"key": "x"},
    "account_reset_password_from_key": {"uidb36": "x", "key": "x"},
    "openid_connect_login": {"provider_id": "x"},
    "openid_connect_callback": {"provider_id": "x"},
}


@pytest.fixture(scope="module")
def here(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Someone of every role and one request of every kind."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield world.make()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _as_in_production(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(timezone, "now", lambda: MONDAY_NOON)
    for name, value in headers.AS_IN_PRODUCTION.items():
        setattr(settings, name, value)


def _all_addresses(here: World) -> Iterator[tuple[str, str]]:
    """Each address of the URL table once, by its name."""
    for name in table.addresses():
        if table.is_of_sign_in(name):
            yield name, reverse(name, kwargs=OF_SIGN_IN.get(name, {}))
        else:
            yield name, here.address(next(iter(table.cells_of(name))))


@pytest.mark.django_db
def test_pages_of_errors_have_them_too(
    client: Client, here: World, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def broken(*_args: object, **_given: object) -> None:
        raise RuntimeError

    browser = here.browser("requester")
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "search": "1/m/user"}
    browser.get("/search/", secure=True)
    answers = {
        400: client.get("/", secure=True, headers={"Host": "elsewhere.example"}),
        403: here.browser("requester").get("/administration/people/", secure=True),
        404: here.browser("requester").get("/nothing/like/this/", secure=True),
        429: browser.get("/search/", secure=True),
    }
    refused = Client(enforce_csrf_checks=True)
    answers[4030] = refused.post("/theme/", {"theme": "dark"}, secure=True)
    monkeypatch.setattr("servicedesk.portal.views.home.render", broken)
    answers[500] = here.browser("requester").get("/", secure=True)
    for status, answer in answers.items():
        assert answer.status_code == status or (status, answer.status_code) == (4030, 403)
        assert not headers.wrong(answer), status


@pytest.mark.django_db
def test_what_answers_before_or_beside_the_pages_has_them_too(client: Client) -> None:
    assert not headers.wrong_policy(client.get("/healthz").headers["Content-Security-Policy"])
    style = client.head("/static/servicedesk/css/tokens.css", secure=True)
    assert style.status_code == 200
    assert not headers.wrong(style)


@pytest.mark.django_db
@pytest.mark.parametrize("who", [SIGNED_OUT, "administrator"])
def test_nothing_is_taken_from_a_form_of_somebody_else(who: str, here: World) -> None:
    taken = []
    for name, address in _all_addresses(here):
        browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
        browser.cookies.update(here.browser(who).cookies)
        with transaction.atomic():
            answer = browser.post(address, secure=True, headers={"Referer": "https://testserver/"})
            transaction.set_rollback(True)
        if answer.status_code not in {401, 403, 405}:
            taken.append(f"{name}: {answer.status_code}")
    assert not taken


def _check_deploy(**changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.ROOT,
        env={"PATH": os.defpath} | COMPLETE | changes,
        capture_output=True,
        text=True,
        check=False,
    )


def test_djangos_own_checks_for_production_find_nothing() -> None:
    done = _check_deploy()
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_djangos_own_checks_would_find_something() -> None:
    done = _check_deploy(SECURE_HSTS_SECONDS="0")
    assert done.returncode != 0
    assert "security.W004" in done.stderr
