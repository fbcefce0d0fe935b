"""A reply written against an outdated state is held up and shown, never lost."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from people.models import User
from requests_app import actions
from requests_app.models import ReplyDraft, ServiceRequest
from tests.conversation.conftest import SignIn
from tests.times import MONDAY_10, MONDAY_NOON, minutes

SOON = MONDAY_10 + minutes(30)


def _seen(browser: Client, request: ServiceRequest) -> str:
    page = browser.get(request.get_absolute_url()).content.decode()
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found
    return found[1]


def _send(browser: Client, request: ServiceRequest, **given: Any) -> Any:
    whole = {"act": "reply", "key": str(uuid.uuid4()), "message": "Have you tried a cable?"}
    return browser.post(reverse("conversation:do", args=[request.reference]), whole | given)


def _texts(request: ServiceRequest) -> list[str]:
    return list(request.messages.values_list("text", flat=True))


OVERTAKEN: dict[str, Callable[[ServiceRequest, User, User], object]] = {
    "a colleague replied": lambda r, _dana, lena: actions.reply(
        r, message="I come over.", by=lena, at=SOON
    ),
    "the requester wrote": lambda r, dana, _lena: actions.reply(
        r, message="It is the big one.", by=dana, at=SOON
    ),
    "a colleague asked": lambda r, _dana, lena: actions.ask(
        r, message="Which?", look_again_on=MONDAY_NOON.date(), by=lena, at=SOON
    ),
    "a colleague has it now": lambda r, _dana, lena: actions.assign(
        r, assignee=lena, by=lena, at=SOON
    ),
}


@pytest.mark.parametrize("what", OVERTAKEN)
def test_a_reply_is_held_up_when(
    what: str, asked: ServiceRequest, dana: User, omar: User, lena: User, sign_in: SignIn
) -> None:
    actions.take(asked, by=omar, at=MONDAY_10)
    browser = sign_in(omar)
    seen = _seen(browser, asked)
    OVERTAKEN[what](asked, dana, lena)

    held = _send(browser, asked, seen=seen)

    said = held.content.decode()
    assert held.status_code == 409
    assert "Have you tried a cable?" in said
    assert "Have you tried a cable?" not in _texts(asked)
    assert (dana.name if "requester" in what else lena.name) in said
    for text in _texts(asked):
        assert text in said, "what came in between is read there"
    assert ReplyDraft.objects.get(user=omar).typed["message"] == ["Have you tried a cable?"]


def test_a_requester_is_held_up_too_and_not_by_who_works_on_it(
    asked: ServiceRequest, dana: User, omar: User, lena: User, sign_in: SignIn
) -> None:
    browser = sign_in(dana)
    seen = _seen(browser, asked)
    actions.take(asked, by=omar, at=SOON)
    actions.assign(asked, assignee=lena, by=omar, at=SOON)
    actions.note(asked, message="Between us", by=omar, at=SOON)
    assert _send(browser, asked, seen=seen).status_code == 302
    seen = _seen(browser, asked)
    actions.reply(asked, message="It is on its way.", by=lena, at=MONDAY_NOON)
    held = _send(browser, asked, seen=seen, message="Never mind.")
    assert held.status_code == 409
    assert b"It is on its way." in held.content
    assert b"Between us" not in held.content


def test_ones_own_deeds_notes_and_findings_hold_nothing_up(
    asked: ServiceRequest, omar: User, lena: User, sign_in: SignIn
) -> None:
    browser = sign_in(omar)
    seen = _seen(browser, asked)
    assert _send(browser, asked, seen=seen, message="One.").status_code == 302
    actions.note(asked, message="Fine.", by=lena, at=MONDAY_NOON)
    actions.prioritise(
        asked, impact="team", urgency="now", reason="Several.", by=lena, at=MONDAY_NOON
    )
    assert _send(browser, asked, seen=seen, message="Two.").status_code == 302


def test_an_internal_note_is_never_held_up(
    asked: ServiceRequest, omar: User, lena: User, sign_in: SignIn
) -> None:
    browser = sign_in(omar)
    seen = _seen(browser, asked)
    actions.reply(asked, message="I come over.", by=lena, at=SOON)
    assert _send(browser, asked, act="note", seen=seen).status_code == 302


def test_sent_all_the_same_it_goes_with_its_files_and_ends_the_draft(
    asked: ServiceRequest, omar: User, lena: User, sign_in: SignIn
) -> None:
    browser = sign_in(omar)
    seen = _seen(browser, asked)
    actions.reply(asked, message="I come over.", by=lena, at=SOON)
    held = _send(
        browser,
        asked,
        act="hold",
        seen=seen,
        third_party="Northgate",
        look_again_on="2026-11-20",
        files=SimpleUploadedFile("list.txt", b"one\n"),
    )
    page = held.content.decode()
    again = {
        name: value
        for name, value in re.findall(r'name="([a-z_-]+)" value="([^"]*)"', page)
        if name not in ("by-hand", "theme", "next", "q")
    }
    assert again["third_party"] == "Northgate"
    again["message"] = "Have you tried a cable?"
    sent = browser.post(reverse("conversation:deed", args=[asked.reference, "hold"]), again)
    assert sent.status_code == 302, sent.content.decode()
    asked.refresh_from_db()
    assert asked.third_party == "Northgate"
    assert asked.messages.get(text="Have you tried a cable?").attachments.get().name == "list.txt"
    assert not ReplyDraft.objects.exists()


def test_changed_on_the_request_it_stands_in_the_box_again(
    asked: ServiceRequest, omar: User, lena: User, sign_in: SignIn
) -> None:
    browser = sign_in(omar)
    seen = _seen(browser, asked)
    actions.reply(asked, message="I come over.", by=lena, at=SOON)
    _send(browser, asked, seen=seen)
    back = browser.post(
        reverse("conversation:draft", args=[asked.reference]),
        {"by-hand": "1", "act": "reply", "key": str(uuid.uuid4()), "message": "Lena comes over."},
        follow=True,
    )
    assert b"Lena comes over." in back.content
    assert int(_seen(browser, asked)) > int(seen)


def test_the_same_form_twice_is_one_reply_whatever_came_in_between(
    asked: ServiceRequest, omar: User, lena: User, sign_in: SignIn
) -> None:
    browser = sign_in(omar)
    given = {"seen": _seen(browser, asked), "key": str(uuid.uuid4())}
    assert _send(browser, asked, **given).status_code == 302
    actions.reply(asked, message="I come over.", by=lena, at=MONDAY_NOON)
    assert _send(browser, asked, **given).status_code == 302
    assert _texts(asked).count("Have you tried a cable?") == 1


def test_what_is_no_longer_possible_keeps_its_words_too(
    asked: ServiceRequest, omar: User, lena: User, sign_in: SignIn
) -> None:
    browser = sign_in(omar)
    seen = _seen(browser, asked)
    actions.resolve(asked, message="Done.", by=lena, at=SOON)
    stale = _send(browser, asked, act="ask", seen=seen, look_again_on="2026-11-20")
    assert stale.status_code == 409
    assert b"Have you tried a cable?" in stale.content
    assert ReplyDraft.objects.filter(user=omar).exists()


@pytest.mark.parametrize("seen", ["x", "-1", "9" * 30])
def test_a_strange_number_fails_nothing(
    seen: str, asked: ServiceRequest, omar: User, sign_in: SignIn
) -> None:
    assert _send(sign_in(omar), asked, seen=seen).status_code == 422
