"""Files: judged by their content, kept in pieces, attached by the deed of whoever uploaded them."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.answers import BadAnswers
from catalogue.models import Service
from people.models import User
from requests_app import actions, files
from requests_app.errors import Refused
from requests_app.file_types import MOST_ENTRIES
from requests_app.models import Attachment, FileChunk, ServiceRequest
from tests import factories
from tests.beforehand import beforehand
from tests.times import MONDAY_10, hours

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + bytes(60)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
MAIL = b"From: a@desk.example\r\nTo: b@desk.example\r\nSubject: Hello\r\n\r\nHello\r\n"
RIGHT_TO_LEFT = "\u202e"


def packed(**entries: bytes) -> bytes:
    """A ZIP of these entries; two underscores in a name are a slash."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return kept.getvalue()


def _named_without_bytes(value: object) -> str:
    """What a case is called: an archive's bytes hold the time they were packed at."""
    return value if isinstance(value, str) else "content"


def office(folder: str, **more: bytes) -> bytes:
    """What an Office file holds at least, and more."""
    kept = io.BytesIO(packed(**{f"{folder}__document.xml": b"<x/>"} | more))
    with zipfile.ZipFile(kept, "a") as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
    return kept.getvalue()


def open_document() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("mimetype", b"application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", b"<x/>")
    return kept.getvalue()


MACRO = {"word__vbaProject.bin": b"x"}


def stage(by: User, name: str = "screen.png", content: bytes = PNG) -> Attachment:
    return files.stage(io.BytesIO(content), name, by=by, at=MONDAY_10)


@pytest.fixture
@beforehand
def asked(laptop: Service, dana: User, omar: User) -> ServiceRequest:
    return factories.make_service_request(laptop, by=dana, at=MONDAY_10)


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("a.PNG", PNG, "image/png"),
        ("a.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(30), "image/jpeg"),
        ("a.gif", b"GIF89a\x01\x00\x01\x00" + bytes(30), "image/gif"),
        ("a.webp", b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(30), "image/webp"),
        ("a.txt", "Zażółć gęślą jaźń\n".encode(), "text/plain"),
        ("a.txt", "From a spreadsheet".encode("utf-16"), "text/plain"),
        ("a.csv", b"name;sum\r\nCaf\xe9;12\r\n", "text/csv"),
        ("a.eml", MAIL, "message/rfc822"),
        ("a.zip", packed(a=b"text"), "application/zip"),
        ("a.docx", office("word"), "wordprocessingml.document"),
        ("a.xlsx", office("xl"), "spreadsheetml.sheet"),
        ("a.pptx", office("ppt"), "presentationml.presentation"),
        ("a.odt", open_document(), "application/vnd.oasis.opendocument.text"),
    ],
    ids=_named_without_bytes,
)
def test_what_is_allowed_is_known_by_its_content(
    dana: User, name: str, content: bytes, content_type: str
) -> None:
    assert stage(dana, name, content).content_type.endswith(content_type)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("nothing.txt", b"", "is empty"),
        ("run.exe", b"MZ\x90\x00", "of a kind that is not taken"),
        ("page.html", b"<script>alert(1)</script>", "of a kind that is not taken"),
        ("picture.svg", b"<svg onload='alert(1)'/>", "of a kind that is not taken"),
        ("noending", PNG, "of a kind that is not taken"),
        ("program.png", b"MZ\x90\x00" + bytes(60), "is not what its name says"),
        ("page.png", b"<html><script>alert(1)</script>", "is not what its name says"),
        ("page.pdf", b"<html>%PDF-1.7", "is not what its name says"),
        ("film.webp", b"RIFF\x24\x00\x00\x00AVI LIST" + bytes(30), "is not what its name says"),
        ("binary.txt", b"text\x00with more", "is not what its name says"),
        ("paper.txt", PDF, "is not what its name says"),
        ("words.eml", b"Just some words.\n", "is not what its name says"),
        ("text.zip", b"no archive at all", "is not what its name says"),
        ("cut.zip", packed(a=b"text")[:-30], "cannot be read"),
        ("archive.docx", packed(a=b"text"), "is not what its name says"),
        ("sheet.docx", office("xl"), "is not what its name says"),
        ("macro.docx", office("word", **MACRO), "is not what its name says"),
        ("archive.odt", packed(mimetype=b"application/zip"), "is not what its name says"),
    ],
    ids=_named_without_bytes,
)  # fmt: skip
def test_what_lies_or_is_not_taken_is_refused_in_words_that_name_it(
    dana: User, name: str, content: bytes, says: str
) -> None:
    with pytest.raises(Refused) as refused:
        stage(dana, name, content)
    assert says in refused.value.message
    assert name in refused.value.message
    assert not Attachment.objects.exists()


def test_a_file_larger_than_the_limit_is_refused(dana: User, settings: object) -> None:
    settings.FILE_MOST_BYTES = 100  # type: ignore[attr-defined]
    assert stage(dana, "a.txt", b"x" * 100).size == 100
    with pytest.raises(Refused, match="larger than"):
        stage(dana, "b.txt", b"x" * 101)


def _with_claimed_size(archive: bytes, size: int) -> bytes:
    at = archive.rfind(b"PK\x01\x02")
    return archive[: at + 24] + struct.pack("<L", size) + archive[at + 28 :]


def test_archives_that_would_unpack_to_far_too_much_are_refused(dana: User) -> None:
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(MOST_ENTRIES + 1):
            archive.writestr(f"{number}", b"")
    few = packed(a=b"x")
    bombs = {
        "ratio.zip": packed(a=bytes(3_000_000)),
        "entries.zip": many.getvalue(),
        "claims.zip": _with_claimed_size(few, 2_000_000_000),
        "larger.zip": _with_claimed_size(few, 0xFFFFFFFF),
        "office.docx": office("word", word__bomb=bytes(5_000_000)),
    }
    for name, content in bombs.items():
        with pytest.raises(Refused, match="unpack to far too much"):
            stage(dana, name, content)


def test_an_archive_that_hides_entries_behind_a_small_number_is_read_to_its_end(
    dana: User,
) -> None:
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(MOST_ENTRIES + 1):
            archive.writestr(f"{number}", b"")
    lying = bytearray(many.getvalue())
    end = lying.rfind(b"PK\x05\x06")
    lying[end + 8 : end + 12] = struct.pack("<HH", 1, 1)
    with pytest.raises(Refused, match="unpack to far too much"):
        stage(dana, "lying.zip", bytes(lying))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\dana\\plan.txt", "plan.txt"),
        ("nul\x00l.txt", "null.txt"),
        ("line\r\nbreak.txt", "linebreak.txt"),
        (f"invoice{RIGHT_TO_LEFT}fdp.txt", "invoicefdp.txt"),
        ("  .hidden.txt. ", "hidden.txt"),
        ('a"<b>?.txt', "a__b__.txt"),
        ("x" * 300 + ".txt", "x" * 116 + ".txt"),
        ("Zażółć gęślą.txt", "Zażółć gęślą.txt"),
    ],
)
def test_a_name_is_made_harmless(dana: User, given: str, kept: str) -> None:
    assert stage(dana, given, b"text").name == kept


def test_a_file_is_written_and_read_in_pieces(dana: User) -> None:
    content = bytes(range(32, 96)) * (files.CHUNK * 3 // 64) + b"end"
    kept = stage(dana, "long.txt", content)

    assert FileChunk.objects.filter(attachment=kept).count() == 4
    with CaptureQueriesContext(
        connection,
    ) as asked_for:
        pieces = list(files.content(kept))
    assert [len(piece) for piece in pieces] == [files.CHUNK] * 3 + [3]
    assert b"".join(pieces) == content
    assert len(asked_for) == 4


def test_the_first_piece_costs_one_query_however_long_the_file(dana: User) -> None:
    kept = stage(dana, "long.txt", b"x" * files.CHUNK * 5)
    with CaptureQueriesContext(connection) as asked_for:
        next(files.content(kept))
    assert len(asked_for) == 1


def test_a_staged_file_goes_with_the_message_of_whoever_uploaded_it(
    asked: ServiceRequest, dana: User
) -> None:
    kept = stage(dana)
    actions.reply(asked, message="See here.", files=[kept.pk], by=dana, at=MONDAY_10 + hours(1))

    message = asked.messages.get()
    assert [one.pk for one in message.attachments.all()] == [kept.pk]
    assert [one.pk for one in files.readable(asked, provider=False)] == [kept.pk]
    assert not files.staged_of(dana).exists()


def test_the_file_of_a_note_is_the_providers_alone(asked: ServiceRequest, omar: User) -> None:
    kept = stage(omar)
    actions.note(asked, message="See here.", files=[kept.pk], by=omar, at=MONDAY_10 + hours(1))
    assert not files.readable(asked, provider=False).exists()
    assert files.readable(asked, provider=True).exists()


def test_forged_ids_and_files_of_others_undo_the_whole_deed(
    asked: ServiceRequest, dana: User, omar: User
) -> None:
    sent = stage(dana)
    actions.reply(asked, message="First.", files=[sent.pk], by=dana, at=MONDAY_10 + hours(1))
    for wrong in (stage(omar).pk, sent.pk, 999_999_999, 2**62):
        mine = stage(dana)
        with pytest.raises(Refused, match="no longer here"):
            actions.reply(
                asked,
                message="Second.",
                files=[mine.pk, wrong],
                by=dana,
                at=MONDAY_10 + hours(2),
            )
        mine.refresh_from_db()
        assert mine.service_request_id is None
    assert asked.messages.count() == 1


def test_more_than_ten_files_do_not_go_with_one_message(asked: ServiceRequest, dana: User) -> None:
    ids = [stage(dana).pk for _number in range(11)]
    with pytest.raises(Refused, match="At most 10"):
        actions.reply(asked, message="All.", files=ids, by=dana, at=MONDAY_10 + hours(1))


def test_nobody_fills_the_desk_with_files_that_are_never_sent(
    dana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_STAGED", 2)
    stage(dana)
    stage(dana)
    with pytest.raises(Refused, match="wait to be sent"):
        stage(dana)


def test_what_was_never_sent_is_forgotten_after_a_day(asked: ServiceRequest, dana: User) -> None:
    sent, forgotten = stage(dana), stage(dana)
    actions.reply(asked, message="See.", files=[sent.pk], by=dana, at=MONDAY_10 + hours(1))

    assert files.expire(MONDAY_10 + timedelta(hours=23)) == 0
    assert files.expire(MONDAY_10 + timedelta(hours=24), batch=1) == 1
    assert not Attachment.objects.filter(pk=forgotten.pk).exists()
    assert list(Attachment.objects.all()) == [sent]


def test_deleting_the_row_erases_the_content(asked: ServiceRequest, dana: User) -> None:
    kept = stage(dana)
    actions.reply(asked, message="See.", files=[kept.pk], by=dana, at=MONDAY_10 + hours(1))
    Attachment.objects.filter(pk=kept.pk).delete()
    assert not FileChunk.objects.exists()
    assert asked.messages.count() == 1


SCAN = [{"key": "scan", "kind": "file", "label": "Scan", "required": True}]


def test_a_file_answers_a_form_and_belongs_to_the_request(it: object, dana: User) -> None:
    service = factories.make_service(fields=SCAN)
    kept = stage(dana)
    asked = factories.make_service_request(service, by=dana, answers={"scan": str(kept.pk)})

    assert asked.answers == {"scan": {"file": kept.pk}}
    assert [one.pk for one in files.readable(asked, provider=False)] == [kept.pk]


def test_a_form_is_not_answered_by_somebody_elses_file(dana: User, omar: User) -> None:
    service = factories.make_service(fields=SCAN)
    for wrong in (str(stage(omar).pk), "999999999", "x", {"file": "1;"}, {"file": -1}, True):
        with pytest.raises(BadAnswers) as bad:
            factories.make_service_request(service, by=dana, answers={"scan": wrong})
        assert set(bad.value.errors) == {"scan"}
    assert not ServiceRequest.objects.filter(requester=dana).exists()


def test_a_required_file_must_be_given(dana: User) -> None:
    service = factories.make_service(fields=SCAN)
    with pytest.raises(BadAnswers):
        factories.make_service_request(service, by=dana, answers={})
