"""A request with 1,000 messages, 50 participants and a form of 100 fields: as quick as any.

How long its page takes is measured by `python -m benchmarks.bench_request_page`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue.models import Service
from people.models import Team, User
from requests_app.models import ServiceRequest
from tests.beforehand import beforehand
from tests.conversation.conftest import SignIn
from tests.conversation.large import make_large, make_large_service


@pytest.fixture
@beforehand
def service(it_team: Team) -> Service:
    return make_large_service(it_team)


@pytest.fixture
def look(sign_in: SignIn) -> Callable[[User, ServiceRequest], Client]:
    """A browser that has been on the page before."""

    def ready(person: User, request: ServiceRequest) -> Client:
        browser = sign_in(person)
        assert browser.get(request.get_absolute_url()).status_code == 200
        return browser

    return ready


@pytest.mark.parametrize("who", ["dana", "omar"])
def test_a_large_request_takes_the_queries_of_a_small_one(
    who: str,
    service: Any,
    dana: User,
    omar: User,
    look: Any,
) -> None:
    person = {"dana": dana, "omar": omar}[who]
    counted = []
    for messages in (60, 1000):
        request = make_large(service, dana, omar, messages=messages)
        browser = look(person, request)
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(request.get_absolute_url()).content.decode()
        counted.append(len(queries))
    assert counted[0] == counted[1], counted
    assert counted[0] <= 30
    assert f"Number {messages - 1}." in page or "Number 998." in page
    assert "Number 1." not in page
    assert "?before=" in page


def test_every_page_of_it_takes_the_same_queries(
    service: Any, dana: User, omar: User, look: Any
) -> None:
    request = make_large(service, dana, omar, messages=300)
    browser = look(omar, request)
    address = request.get_absolute_url()
    counted: set[int] = set()
    seen: set[str] = set()
    while address:
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(address)
        counted.add(len(queries))
        talk = page.context["talk"]
        anchors = {item.anchor for item in talk.items if item.shape == "entry"}
        assert not anchors & seen
        seen |= anchors
        address = f"?before={talk.earlier}" if talk.earlier else ""
        address = address and request.get_absolute_url() + address
    assert len(seen) == 301
    assert max(counted) - min(counted) <= 3, "the first and the last page differ by what they show"
