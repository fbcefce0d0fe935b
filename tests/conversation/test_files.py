"""Files on the request page: they outlive a refusal, and open to nobody who may not read them."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people.models import Department, User
from requests_app import actions, files
from requests_app.models import Attachment, ServiceRequest
from tests import factories
from tests.conversation.conftest import SignIn
from tests.times import MONDAY_10, hours

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + bytes(60)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def _upload(name: str = "screen.png", content: bytes = PNG) -> SimpleUploadedFile:
    # a browser says what it likes of the type
    return SimpleUploadedFile(name, content, content_type="text/html")


def _send(client: Client, asked: ServiceRequest, act: str = "reply", **given: Any) -> Any:
    data = {"act": act, "message": "See here.", "key": str(uuid.uuid4())} | given
    return client.post(f"{asked.get_absolute_url()}do/", data)


def _attached(
    asked: ServiceRequest, by: User, name: str = "a.png", content: bytes = PNG, deed: str = "reply"
) -> Attachment:
    kept = files.stage(io.BytesIO(content), name, by=by, at=MONDAY_10)
    do = actions.note if deed == "note" else actions.reply
    do(asked, message="See here.", files=[kept.pk], by=by, at=MONDAY_10 + hours(0.5))
    kept.refresh_from_db()
    return kept


def test_files_of_a_reply_stand_under_it_on_both_faces(
    asked: ServiceRequest, dana: User, omar: User, sign_in: SignIn
) -> None:
    sent = _send(sign_in(dana), asked, files=[_upload(), _upload("terms & more.pdf", PDF)])
    assert sent.status_code == 302
    assert [one.name for one in Attachment.objects.order_by("pk")] == [
        "screen.png",
        "terms _ more.pdf",
    ]
    for reader in (dana, omar):
        page = sign_in(reader).get(asked.get_absolute_url()).content.decode()
        assert "screen.png" in page
        assert "<img" in page


@pytest.mark.parametrize("act", ["reply", "note"])
def test_a_file_speaks_for_itself(
    asked: ServiceRequest, omar: User, sign_in: SignIn, act: str
) -> None:
    sent = _send(sign_in(omar), asked, act, message=" ", files=[_upload("order.pdf", PDF)])
    assert sent.status_code == 302
    message = asked.messages.get()
    assert (message.text, message.attachments.get().name) == ("", "order.pdf")
    page = sign_in(omar).get(asked.get_absolute_url()).content.decode()
    assert "order.pdf" in page
    assert "This text was removed." not in page


def test_a_file_alone_is_an_answer(
    asked: ServiceRequest, dana: User, omar: User, sign_in: SignIn
) -> None:
    day = (MONDAY_10 + hours(72)).date()
    actions.ask(asked, message="Which one?", look_again_on=day, by=omar, at=MONDAY_10)
    assert _send(sign_in(dana), asked, "answer", message="", files=[_upload()]).status_code == 302
    asked.refresh_from_db()
    assert asked.status == "in_progress"


def test_a_solution_needs_words_beside_its_files(
    asked: ServiceRequest, omar: User, sign_in: SignIn
) -> None:
    refused = _send(sign_in(omar), asked, "resolve", message="", files=[_upload()])
    assert refused.status_code == 422
    assert not asked.messages.exists()


def test_files_outlive_a_refused_form_and_can_be_left_behind(
    asked: ServiceRequest, dana: User, sign_in: SignIn
) -> None:
    browser = sign_in(dana)
    refused = _send(browser, asked, message="x" * 20_001, files=[_upload()])
    kept = Attachment.objects.get()
    assert refused.status_code == 422
    assert f'name="files-kept" value="{kept.pk}" checked' in refused.content.decode()

    assert _send(browser, asked, message="Without.").status_code == 302
    kept.refresh_from_db()
    assert kept.service_request_id is None

    assert _send(browser, asked, **{"files-kept": str(kept.pk)}).status_code == 302
    kept.refresh_from_db()
    assert kept.service_request_id == asked.pk


def test_a_file_that_is_not_taken_refuses_the_form_and_keeps_the_others(
    asked: ServiceRequest, dana: User, sign_in: SignIn
) -> None:
    lying = _upload("lie.png", b"MZ" + bytes(60))
    page = _send(sign_in(dana), asked, files=[_upload(), lying])
    assert page.status_code == 422
    assert "“lie.png” is not what its name says it is." in page.content.decode()
    assert not asked.messages.exists()
    assert Attachment.objects.get().name == "screen.png"


def test_a_file_above_the_limit_is_read_no_further_and_refused(
    asked: ServiceRequest, dana: User, sign_in: SignIn, settings: Any
) -> None:
    settings.FILE_MOST_BYTES = 70_000
    page = _send(sign_in(dana), asked, files=[_upload("long.txt", b"x" * 1_000_000)])
    assert page.status_code == 422
    assert "“long.txt” is larger than" in page.content.decode()
    assert not Attachment.objects.exists()


def test_the_same_form_sent_twice_with_its_files_is_one_message(
    asked: ServiceRequest, dana: User, sign_in: SignIn
) -> None:
    browser, key = sign_in(dana), str(uuid.uuid4())
    for _time in range(2):
        assert _send(browser, asked, key=key, files=[_upload()]).status_code == 302
    assert asked.messages.count() == 1
    assert Attachment.objects.filter(service_request=asked).count() == 1


def test_forged_and_others_files_are_passed_over_and_said_so(
    asked: ServiceRequest, dana: User, omar: User, sign_in: SignIn
) -> None:
    theirs = files.stage(io.BytesIO(PNG), "secret.png", by=omar, at=MONDAY_10)
    for wrong in (str(theirs.pk), "999999999999", "0"):
        page = _send(sign_in(dana), asked, **{"files-kept": wrong})
        assert page.status_code == 422
        assert "no longer here" in page.content.decode()
        assert "secret.png" not in page.content.decode()
    theirs.refresh_from_db()
    assert theirs.service_request_id is None


def test_files_go_up_one_by_one_while_one_writes(dana: User, sign_in: SignIn) -> None:
    browser = sign_in(dana)
    taken = browser.post("/files/", {"files": _upload()})
    assert taken.status_code == 200
    assert f'value="{Attachment.objects.get().pk}"' in taken.content.decode()
    refused = browser.post("/files/", {"files": _upload("a.exe", b"MZ")})
    assert refused.status_code == 422
    assert "not taken" in refused.content.decode()
    assert Client().post("/files/", {"files": _upload()}).status_code == 302


def test_a_file_is_handed_out_to_be_saved_and_never_to_be_run(
    asked: ServiceRequest, dana: User, omar: User, sign_in: SignIn
) -> None:
    browser = sign_in(dana)
    text = _attached(asked, omar, "notes.txt", b"<script>alert(1)</script>")
    for query in ("", "?show=1"):
        answer = browser.get(text.get_absolute_url() + query)
        assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"  # type: ignore[attr-defined]
        assert answer["Content-Disposition"] == 'attachment; filename="notes.txt"'
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_pictures_and_pdf_open_while_their_content_is_still_that(
    asked: ServiceRequest, dana: User, omar: User, sign_in: SignIn
) -> None:
    browser = sign_in(dana)
    for name, content in (("a.png", PNG), ("a.pdf", PDF)):
        kept = _attached(asked, omar, name, content)
        shown = browser.get(kept.get_absolute_url() + "?show=1")
        assert shown["Content-Disposition"].startswith("inline")
        assert shown["Content-Security-Policy"].startswith("sandbox")
        kept.chunks.update(data=b"<html><script>alert(1)</script>")
        changed = browser.get(kept.get_absolute_url() + "?show=1")
        assert changed["Content-Disposition"].startswith("attachment")


def test_a_large_file_is_served_piece_by_piece(
    asked: ServiceRequest, dana: User, omar: User, sign_in: SignIn
) -> None:
    kept = _attached(asked, omar, "long.txt", b"x" * files.CHUNK * 4)
    answer = sign_in(dana).get(kept.get_absolute_url())
    with CaptureQueriesContext(connection) as asked_for:
        sizes = [len(piece) for piece in answer.streaming_content]  # type: ignore[attr-defined]
    assert sizes == [files.CHUNK] * 4
    assert len(asked_for) == 3  # the first piece was read to judge it
    same = sign_in(dana).get(kept.get_absolute_url(), headers={"If-None-Match": answer["ETag"]})
    assert same.status_code == 304


def test_files_open_to_whom_the_request_and_the_note_open(
    asked: ServiceRequest, dana: User, omar: User, kai: User, hr: Department, sign_in: SignIn
) -> None:
    public, secret = _attached(asked, omar), _attached(asked, omar, deed="note")
    allowed = {dana: (200, 404), omar: (200, 200), kai: (404, 404)}
    for reader, codes in allowed.items():
        browser = sign_in(reader)
        assert (
            tuple(browser.get(one.get_absolute_url()).status_code for one in (public, secret))
            == codes
        )
    page = sign_in(dana).get(asked.get_absolute_url()).content.decode()
    assert f"/files/{secret.pk}/" not in page
    assert Client().get(public.get_absolute_url()).status_code == 302


def test_restricted_files_open_to_the_team_and_who_asked_alone(
    asked: ServiceRequest, dana: User, omar: User, sign_in: SignIn
) -> None:
    kept = _attached(asked, dana)
    ServiceRequest.objects.filter(pk=asked.pk).update(restricted=True, assignee=None)
    other = factories.make_agent(factories.make_team(asked.provider_department), "Una Else")
    manager = factories.make_manager()
    codes = {
        reader: sign_in(reader).get(kept.get_absolute_url()).status_code
        for reader in (dana, omar, other, manager)
    }
    assert codes == {dana: 200, omar: 200, other: 404, manager: 404}


def test_a_file_answers_only_at_its_own_address(
    asked: ServiceRequest, dana: User, omar: User, sign_in: SignIn
) -> None:
    kept, browser = _attached(asked, omar), sign_in(dana)
    other = factories.make_service_request(asked.service, by=dana, at=MONDAY_10)
    staged = files.stage(io.BytesIO(PNG), "a.png", by=dana, at=MONDAY_10)
    for address in (
        f"/requests/{other.reference}/files/{kept.pk}/a.png",
        f"/requests/{asked.reference}/files/{kept.pk}/b.png",
        f"/requests/{asked.reference}/files/{staged.pk}/a.png",
        f"/requests/{asked.reference}/files/{9 * 10**18}/a.png",
        f"/requests/{asked.reference}/files/{10**30}/a.png",
        f"/requests/{asked.reference}/files/{kept.pk}/a.png%00",
    ):
        assert browser.get(address).status_code == 404


@pytest.mark.parametrize("reader", ["dana", "omar"])
def test_a_page_full_of_messages_with_files_costs_as_many_queries_as_one(
    asked: ServiceRequest, reader: str, dana: User, omar: User, sign_in: SignIn
) -> None:
    browser = sign_in({"dana": dana, "omar": omar}[reader])

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked_for:
            assert browser.get(asked.get_absolute_url()).status_code == 200
        return len(asked_for)

    _attached(asked, omar)
    browser.get(asked.get_absolute_url())
    few = queries()
    for _number in range(30):
        _attached(asked, omar)
    assert queries() == few
