"""What is typed under a conversation is kept until it is sent."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from people.models import User
from requests_app import actions
from requests_app.models import ReplyDraft, ServiceRequest
from tests.conversation.conftest import SignIn
from tests.times import MONDAY_NOON

KEY = "5d1f8f3e-6a53-4f4e-9d43-0d3b6c3d0a11"


def _keep(browser: Client, request: ServiceRequest, **typed: Any) -> Any:
    given = {"act": "reply", "key": KEY} | typed
    return browser.post(reverse("conversation:draft", args=[request.reference]), given)


def _page(browser: Client, request: ServiceRequest) -> str:
    return browser.get(request.get_absolute_url()).content.decode()


def _send(browser: Client, request: ServiceRequest, **typed: Any) -> Any:
    given = {"act": "reply", "key": KEY} | typed
    return browser.post(reverse("conversation:do", args=[request.reference]), given)


def test_what_was_typed_stands_there_again_in_any_browser(
    asked: ServiceRequest, omar: User, sign_in: SignIn
) -> None:
    said = _keep(
        sign_in(omar),
        asked,
        act="hold",
        message="It is or<dered",
        third_party="Northgate",
        look_again_on="2026-11-26",
    )
    assert said.content.decode() == "Kept as you typed, 12:00"

    page = _page(sign_in(omar), asked)

    assert "It is or&lt;dered" in page
    assert 'value="Northgate"' in page
    assert 'value="2026-11-26"' in page
    assert 'value="hold" checked' in page
    assert "Kept as you typed:" in page
    assert f'value="{KEY}"' in page


def test_a_draft_is_nobody_elses(
    asked: ServiceRequest, dana: User, omar: User, lena: User, kai: User, sign_in: SignIn
) -> None:
    _keep(sign_in(omar), asked, message="Between us")
    for who in (dana, lena):
        assert "Between us" not in _page(sign_in(who), asked)
    assert _keep(sign_in(kai), asked, message="Let me in").status_code == 404


def test_who_is_signed_out_is_told_and_finds_it_after_signing_in(
    asked: ServiceRequest, dana: User, client: Client, sign_in: SignIn
) -> None:
    _keep(sign_in(dana), asked, message="The big one, ple")
    assert _keep(client, asked, message="The big one, please").status_code == 403
    assert "The big one, ple" in _page(sign_in(dana), asked)


@pytest.mark.parametrize("act", ["reply", "note"])
def test_what_was_sent_is_over_and_what_comes_late_is_not_kept(
    act: str, asked: ServiceRequest, omar: User, sign_in: SignIn
) -> None:
    browser = sign_in(omar)
    _keep(browser, asked, message="Hello")
    assert _send(browser, asked, act=act, message="Hello Dana").status_code == 302
    assert not ReplyDraft.objects.exists()
    assert _keep(browser, asked, message="Hello Da").content == b""
    assert not ReplyDraft.objects.exists()


def test_a_draft_whose_sending_was_not_noticed_is_not_offered(
    asked: ServiceRequest, omar: User, sign_in: SignIn
) -> None:
    _keep(sign_in(omar), asked, message="Once is enough")
    actions.reply(asked, message="Once", by=omar, at=MONDAY_NOON, key=f"{KEY}:abc")
    assert "Once is enough" not in _page(sign_in(omar), asked)


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"message": " "}, 200),
        ({"look_again_on": "2026-11-26"}, 200),
        ({"message": "x", "key": "none"}, 422),
        ({"message": "x" * 60_001}, 422),
    ],
)
def test_nothing_and_too_much_are_not_kept(
    typed: dict[str, str], status: int, asked: ServiceRequest, omar: User, sign_in: SignIn
) -> None:
    assert _keep(sign_in(omar), asked, **typed).status_code == status
    assert not ReplyDraft.objects.exists()


def test_an_emptied_box_forgets_and_discarding_does_so_at_once(
    asked: ServiceRequest, omar: User, sign_in: SignIn
) -> None:
    browser = sign_in(omar)
    _keep(browser, asked, message="Well")
    _keep(browser, asked, message="")
    assert not ReplyDraft.objects.exists()
    _keep(browser, asked, message="Well")
    gone = browser.post(reverse("conversation:forget_draft", args=[asked.reference]))
    assert gone.status_code == 302
    assert "Well" not in _page(browser, asked)


def test_without_a_script_a_button_keeps_it_with_its_files(
    asked: ServiceRequest, omar: User, sign_in: SignIn
) -> None:
    browser = sign_in(omar)
    kept = browser.post(
        reverse("conversation:draft", args=[asked.reference]),
        {
            "by-hand": "1",
            "act": "note",
            "key": KEY,
            "message": "Later",
            "files": SimpleUploadedFile("list.txt", b"one\n"),
        },
    )
    assert kept.status_code == 302
    page = _page(browser, asked)
    assert "Later" in page
    assert "list.txt" in page
    assert 'value="note" checked' in page


def test_a_second_draft_takes_the_place_of_the_first(
    asked: ServiceRequest, omar: User, sign_in: SignIn
) -> None:
    browser = sign_in(omar)
    _keep(browser, asked, message="First")
    _keep(browser, asked, message="Second", key=str(uuid.uuid4()))
    assert ReplyDraft.objects.get().typed["message"] == ["Second"]
