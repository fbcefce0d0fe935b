"""Naming colleagues in what one writes, and who else is on the request."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from notices.models import Notice
from people.models import User
from requests_app import access, actions
from requests_app.models import ReplyDraft, ServiceRequest
from tests import factories
from tests.conversation.conftest import SignIn
from tests.times import MONDAY_10


def _write(browser: Client, request: ServiceRequest, act: str, **given: Any) -> Any:
    whole = {"act": act, "key": str(uuid.uuid4()), "message": "@Kai, have a look."}
    return browser.post(reverse("conversation:do", args=[request.reference]), whole | given)


def _sees(person: User, request: ServiceRequest) -> bool:
    return access.visible_to(User.objects.get(pk=person.pk)).filter(pk=request.pk).exists()


@pytest.mark.parametrize("who", ["omar", "dana"])
def test_naming_someone_who_would_see_it_by_that_asks_first(
    who: str, asked: ServiceRequest, dana: User, omar: User, kai: User, sign_in: SignIn
) -> None:
    browser = sign_in({"omar": omar, "dana": dana}[who])
    asks = _write(browser, asked, "reply", mentions=kai.email.upper())
    said = asks.content.decode()
    assert asks.status_code == 200
    assert "Kai Santos" in said
    assert "the whole conversation" in said
    assert "have a look" in said
    assert not _sees(kai, asked)
    assert not asked.messages.exists()
    assert ReplyDraft.objects.exists(), "what was written is not lost where the page is closed"

    done = _write(browser, asked, "reply", mentions=kai.email, **{"bring-in": "1"})

    assert done.status_code == 302
    assert _sees(kai, asked)
    assert list(Notice.objects.filter(user=kai).values_list("kind", flat=True)) == ["mentioned"]
    assert asked.events.get(kind="participant_added").data.user_id == kai.pk
    assert asked.events.get(kind="replied").data.mentioned_ids == [kai.pk]


def test_whoever_sees_it_already_is_only_told(
    asked: ServiceRequest, omar: User, lena: User, sign_in: SignIn
) -> None:
    assert _write(sign_in(omar), asked, "reply", mentions=lena.email).status_code == 302
    assert not asked.participants.exists()
    assert Notice.objects.filter(user=lena, kind="mentioned").exists()


def test_of_a_note_a_colleague_of_the_provider_is_told_and_nobody_else_may_be(
    asked: ServiceRequest, dana: User, omar: User, lena: User, kai: User, sign_in: SignIn
) -> None:
    browser = sign_in(omar)
    assert _write(browser, asked, "note", mentions=lena.email).status_code == 302
    assert Notice.objects.filter(user=lena, kind="mentioned_in_note").exists()
    for outsider in (kai, dana):
        refused = _write(browser, asked, "note", mentions=outsider.email, **{"bring-in": "1"})
        assert refused.status_code == 422
        assert b"does not read internal notes" in refused.content
        assert b"have a look" in refused.content
    assert not asked.participants.exists()
    assert asked.messages.count() == 1


def test_nobody_is_let_into_a_restricted_request_by_being_named(
    it: Any, it_team: Any, dana: User, omar: User, kai: User, sign_in: SignIn
) -> None:
    secret = factories.make_service(it, team=it_team, restricted=True)
    request = factories.make_service_request(secret, by=dana, at=MONDAY_10)
    refused = _write(sign_in(omar), request, "reply", mentions=kai.email, **{"bring-in": "1"})
    assert refused.status_code == 422
    assert b"does not see this restricted request" in refused.content
    assert not _sees(kai, request)


def test_a_participant_brings_in_nobody_else(
    asked: ServiceRequest, dana: User, kai: User, sign_in: SignIn
) -> None:
    other = factories.make_person("Pia Roche")
    actions.share(asked, user=kai, by=dana, at=MONDAY_10)
    refused = _write(sign_in(kai), asked, "reply", mentions=other.email, **{"bring-in": "1"})
    assert refused.status_code == 422
    assert not _sees(other, asked)


def test_an_address_that_nobody_has_is_said_beside_the_field(
    asked: ServiceRequest, omar: User, sign_in: SignIn
) -> None:
    refused = _write(sign_in(omar), asked, "reply", mentions="nobody@desk.example")
    assert refused.status_code == 422
    assert b"No colleague has the address nobody@desk.example." in refused.content
    many = ", ".join(f"p{n}@desk.example" for n in range(11))
    assert _write(sign_in(omar), asked, "reply", mentions=many).status_code == 422


@pytest.mark.parametrize("who", ["dana", "omar"])
def test_whoever_was_brought_in_can_be_taken_off_again_after_a_question(
    who: str, asked: ServiceRequest, dana: User, omar: User, kai: User, sign_in: SignIn
) -> None:
    actions.share(asked, user=kai, by=dana, at=MONDAY_10)
    browser = sign_in({"dana": dana, "omar": omar}[who])
    page = browser.get(asked.get_absolute_url()).content.decode()
    address = f"{reverse('conversation:deed', args=[asked.reference, 'unshare'])}?user={kai.pk}"
    assert "Who else is on it" in page
    assert address in page
    asks = browser.get(address).content.decode()
    assert "They no longer see the request" in asks
    assert f'value="{kai.pk}" selected' in asks
    gone = browser.post(address, {"user": kai.pk, "key": str(uuid.uuid4())})
    assert gone.status_code == 302
    assert not _sees(kai, asked)
    assert asked.events.get(kind="participant_removed").data.user_id == kai.pk
    assert "took Kai Santos off it" in browser.get(asked.get_absolute_url()).content.decode()


def test_a_participant_takes_nobody_off(
    asked: ServiceRequest, dana: User, kai: User, sign_in: SignIn
) -> None:
    actions.share(asked, user=kai, by=dana, at=MONDAY_10)
    browser = sign_in(kai)
    assert "unshare" not in browser.get(asked.get_absolute_url()).content.decode()
    address = reverse("conversation:deed", args=[asked.reference, "unshare"])
    assert browser.post(address, {"user": kai.pk}).status_code == 403
