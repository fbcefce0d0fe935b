"""The questions of a form that only the provider answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from people.models import User
from requests_app.models import ServiceRequest
from requests_app.search import Wanted, find
from tests import factories
from tests.beforehand import beforehand
from tests.conversation.conftest import SignIn
from tests.times import MONDAY_10

OURS: list[dict[str, Any]] = [
    {"key": "what", "kind": "short_text", "label": "What is it?"},
    {"key": "asset", "kind": "short_text", "label": "Asset number", "provider_only": True},
    {"key": "swap", "kind": "yes_no", "label": "Swapped?", "provider_only": True},
    {
        "key": "old", "kind": "short_text", "label": "Old asset", "provider_only": True,
        "required": True, "shown_when": ["swap", "yes"],
    },
    {"key": "by", "kind": "person", "label": "Prepared by", "provider_only": True},
    {
        "key": "kit", "kind": "choices", "label": "Kit", "choices": ["Dock", "Bag"],
        "provider_only": True,
    },
    {"key": "day", "kind": "date", "label": "Handed out on", "provider_only": True},
]  # fmt: skip


@pytest.fixture
@beforehand
def asked(it: Any, it_team: Any, dana: User, omar: User) -> ServiceRequest:
    service = factories.make_service(it, team=it_team, fields=OURS)
    return factories.make_service_request(
        service, by=dana, at=MONDAY_10, answers={"what": "A laptop"}
    )


def _address(request: ServiceRequest) -> str:
    return reverse("conversation:deed", args=[request.reference, "annotate"])


def test_the_provider_fills_them_in_and_the_requester_never_reads_them(
    asked: ServiceRequest, dana: User, omar: User, sign_in: SignIn
) -> None:
    browser = sign_in(omar)
    assert "Only we see this" in browser.get(asked.get_absolute_url()).content.decode()
    given = {
        "own_asset": "A-4711",
        "own_swap": "no",
        "own_by": omar.email,
        "own_kit": ["Bag", "Dock"],
        "own_day": "2026-11-20",
    }
    assert browser.post(_address(asked), given).status_code == 302

    asked.refresh_from_db()
    assert asked.answers == {
        "what": "A laptop", "asset": "A-4711", "swap": False, "by": omar.pk,
        "kit": ["Dock", "Bag"], "day": "2026-11-20",
    }  # fmt: skip
    event = asked.events.get(kind="annotated")
    assert event.payload == {"questions": ["asset", "by", "day", "kit", "swap"]}
    page = browser.get(asked.get_absolute_url()).content.decode()
    assert "A-4711" in page
    form = browser.get(_address(asked)).content.decode()
    assert 'value="A-4711"' in form
    assert f'value="{omar.email}"' in form
    theirs = sign_in(dana)
    said = theirs.get(asked.get_absolute_url()).content.decode()
    assert "A-4711" not in said
    assert "filled in" not in said
    assert theirs.get(_address(asked)).status_code == 403
    assert list(find(omar, Wanted("4711"))) == [asked.pk]
    assert list(find(dana, Wanted("4711"))) == []


def test_what_is_wrong_is_said_beside_its_field_and_kept_as_typed(
    asked: ServiceRequest, omar: User, sign_in: SignIn
) -> None:
    refused = sign_in(omar).post(_address(asked), {"own_asset": "A-4711", "own_swap": "yes"})
    said = refused.content.decode()
    assert refused.status_code == 422
    assert "Please answer this." in said
    assert 'value="A-4711"' in said
    assert not asked.events.filter(kind="annotated").exists()


def test_nothing_changed_is_said_so(asked: ServiceRequest, omar: User, sign_in: SignIn) -> None:
    refused = sign_in(omar).post(_address(asked), {})
    assert refused.status_code == 422
    assert b"Nothing has changed." in refused.content


def test_what_is_emptied_is_gone(asked: ServiceRequest, omar: User, sign_in: SignIn) -> None:
    browser = sign_in(omar)
    browser.post(_address(asked), {"own_asset": "A-4711"})
    assert browser.post(_address(asked), {"own_asset": ""}).status_code == 302
    asked.refresh_from_db()
    assert asked.answers == {"what": "A laptop"}
