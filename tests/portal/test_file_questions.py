"""A question for a file: taken with the form, kept over a refusal, answered by one's own alone."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from catalogue.models import Service
from people.models import Department, User
from requests_app import files
from requests_app.models import Attachment, ServiceRequest
from tests import factories
from tests.beforehand import beforehand
from tests.times import MONDAY_10

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + bytes(60)
FIELDS = [
    {"key": "what", "kind": "short_text", "label": "What", "required": True},
    {"key": "scan", "kind": "file", "label": "Scan", "required": True},
]


@pytest.fixture
@beforehand
def scanning(it: Department) -> Service:
    return factories.make_service(it, name="Scanning", fields=FIELDS)


@pytest.fixture
def browser(dana: User) -> Client:
    client = Client()
    client.force_login(dana, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _send(browser: Client, service: Service, **given: Any) -> Any:
    data = {"q_what": "A page", "urgency": "soon", "impact": "me", "key": str(uuid.uuid4())}
    return browser.post(service.get_absolute_url(), data | given)


def _upload(name: str = "scan.png", content: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_the_file_answers_and_stands_on_the_request_as_a_link(
    scanning: Service, browser: Client
) -> None:
    assert _send(browser, scanning, q_scan=_upload()).status_code == 302
    asked, kept = ServiceRequest.objects.get(), Attachment.objects.get()
    assert asked.answers["scan"] == {"file": kept.pk}
    page = browser.get(asked.get_absolute_url()).content.decode()
    assert f'href="{kept.get_absolute_url()}?show=1"' in page


def test_a_form_without_a_question_for_a_file_says_where_files_are_added(
    scanning: Service, browser: Client, it: Department
) -> None:
    said = "You can add files on the next page."
    plain = factories.make_service(it, name="Plain", fields=FIELDS[:1])
    assert said in browser.get(plain.get_absolute_url()).content.decode()
    assert said not in browser.get(scanning.get_absolute_url()).content.decode()


def test_the_file_outlives_a_refused_form(scanning: Service, browser: Client) -> None:
    refused = _send(browser, scanning, q_what="", q_scan=_upload())
    kept = Attachment.objects.get()
    assert refused.status_code == 422
    assert f'name="q_scan-kept" value="{kept.pk}" checked' in refused.content.decode()
    assert _send(browser, scanning, **{"q_scan-kept": str(kept.pk)}).status_code == 302
    assert ServiceRequest.objects.get().answers["scan"] == {"file": kept.pk}


def test_a_required_file_is_asked_for_and_a_lying_one_is_named(
    scanning: Service, browser: Client
) -> None:
    assert "Please answer this." in _send(browser, scanning).content.decode()
    lying = _send(browser, scanning, q_scan=_upload("lie.png", b"MZ" + bytes(60)))
    assert lying.status_code == 422
    assert "“lie.png” is not what its name says it is." in lying.content.decode()
    assert not ServiceRequest.objects.exists()


def test_somebody_elses_file_does_not_answer(
    scanning: Service, browser: Client, omar: User
) -> None:
    theirs = files.stage(io.BytesIO(PNG), "secret.png", by=omar, at=MONDAY_10)
    page = _send(browser, scanning, **{"q_scan-kept": str(theirs.pk)})
    assert page.status_code == 422
    assert "secret.png" not in page.content.decode()
    assert not ServiceRequest.objects.exists()
