"""What stands in a line of the log, and what never does; the id that goes along."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from celery import shared_task
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings as SettingsWrapper

from notices import outbox
from people.models import User
from requests_app import actions
from servicedesk import logs, tracing
from servicedesk.celery import app
from tests import factories
from tests.times import MONDAY_NOON

SECRETS = ("dana@desk.example", "My knee hurts", "hunter2", "t0k3n", "Byrne")


class Lines:
    """What a handler with our formatter has written."""

    def __init__(self, style: str) -> None:
        self.stream = StringIO()
        self.handler = logging.StreamHandler(self.stream)
        self.handler.setFormatter(logs.FORMATTERS[style]())
        self.handler.addFilter(logs.Traced())

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def read(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture(params=[logs.JSON])
def lines(request: pytest.FixtureRequest) -> Iterator[Lines]:
    """All that is logged meanwhile, as production writes it."""
    lines = Lines(request.param)
    root = logging.getLogger()
    level = root.level
    root.addHandler(lines.handler)
    root.setLevel(logging.INFO)
    yield lines
    root.removeHandler(lines.handler)
    root.setLevel(level)


# The id


def test_an_answer_carries_the_id_that_was_brought() -> None:
    answer = Client().get("/healthz", headers={"X-Request-ID": "from-the-proxy-0001"})
    assert answer.headers["X-Request-ID"] == "from-the-proxy-0001"


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, 'with "quotes"', "two\nlines-of-it", "-begins-wrong", "é" * 12]
)
def test_what_does_not_look_like_an_id_is_not_taken(given: str) -> None:
    taken = tracing.begin(given)
    assert taken != given
    assert tracing.SHAPE.fullmatch(taken)


def test_each_request_without_one_gets_its_own() -> None:
    ids = {Client().get("/healthz").headers["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3


@pytest.mark.django_db
def test_the_page_of_what_went_wrong_shows_the_number_to_quote(
    dana: User, monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("My knee hurts at 'dana@desk.example'")

    monkeypatch.setattr("servicedesk.portal.views.home.render", broken)
    factories.make_organisation()
    client = Client(raise_request_exception=False)
    client.force_login(dana)
    answer = client.get("/", headers={"X-Request-ID": "quote-me-4711"})
    assert answer.status_code == 500
    assert "quote-me-4711" in answer.content.decode()
    (line,) = [line for line in lines.read() if line["level"] == "ERROR"]
    assert line["request_id"] == "quote-me-4711"
    assert line["error"][-1]["type"] == "builtins.RuntimeError"
    assert any("broken" in frame for frame in line["error"][-1]["stack"])


# Through Celery


@shared_task(name="tests.say_the_id")
def say_the_id() -> None:
    """Tells under which id it runs."""
    logging.getLogger("tests").info("done")


def _as_a_worker_runs(headers: dict[str, Any], name: str = "tests.say_the_id") -> None:
    from celery.app.trace import build_tracer

    tracer: Any = build_tracer(name, app.tasks[name], app=app)  # type: ignore[arg-type]
    tracer("some-uuid", (), {}, request=headers)


def test_a_task_goes_on_under_the_id_of_whoever_published_it(
    lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: dict[str, Any] = {}
    monkeypatch.setattr(app, "send_task", lambda *_, **given: sent.update(given))
    tracing.begin("the-deed-00000001")
    say_the_id.apply_async()
    tracing.begin("another-00000001")
    _as_a_worker_runs({"id": "some-uuid", **sent["headers"]})
    assert [line["request_id"] for line in lines.read() if line["logger"] == "tests"] == [
        "the-deed-00000001"
    ]


@shared_task(name="tests.fail")
def fail() -> None:
    """Fails over what somebody typed."""
    raise ValueError("My knee hurts, dana@desk.example", "hunter2")


def test_a_task_that_fails_is_told_under_its_id_and_without_what_was_typed(lines: Lines) -> None:
    _as_a_worker_runs({"id": "some-uuid", "request_id": "the-deed-00000003"}, "tests.fail")
    (line,) = [line for line in lines.read() if line["level"] == "ERROR"]
    assert line["request_id"] == "the-deed-00000003"
    assert "tests.fail" in line["message"]
    assert line["error"][-1]["type"] == "builtins.ValueError"
    assert any("test_logs.py" in frame for frame in line["error"][-1]["stack"])
    for secret in SECRETS:
        assert secret not in lines.text


def test_an_error_among_the_words_of_a_line_says_no_more_than_elsewhere(lines: Lines) -> None:
    logging.getLogger("tests").warning("It failed: %s", ValueError("not a number: 'hunter2'"))
    assert lines.read()[-1]["message"] == "It failed: not a number: '…'"


def test_a_tick_of_the_beat_gets_an_id_of_its_own(lines: Lines) -> None:
    for _ in range(2):
        _as_a_worker_runs({"id": "some-uuid"})
    first, second = (line["request_id"] for line in lines.read() if line["logger"] == "tests")
    assert first != second
    assert "-" not in (first, second)


@pytest.mark.django_db
def test_a_mail_is_followed_by_its_number_from_the_deed_to_the_delivery(
    laptop: Any, dana: User, omar: User, lines: Lines
) -> None:
    tracing.begin("the-deed-00000002")
    factories.make_service_request(laptop, by=dana, at=MONDAY_NOON)
    (laid_out,) = [line for line in lines.read() if line["logger"] == "notices.outbox"]
    assert laid_out["request_id"] == "the-deed-00000002"
    tracing.begin("the-tick-00000002")
    outbox.deliver(MONDAY_NOON + timedelta(minutes=1), send=lambda _: None)
    sent = [line["message"] for line in lines.read() if line["request_id"] == "the-tick-00000002"]
    numbers = laid_out["message"].removeprefix("Laid out for mail ").rstrip(".").split(", ")
    assert numbers
    assert sent == [f"Mail {number} is sent (try 1)." for number in numbers]


# The line


@pytest.mark.django_db
def test_a_request_is_one_line_with_its_view_and_numbers(
    dana: User, settings: SettingsWrapper, lines: Lines
) -> None:
    settings.LOG_REQUESTS = True
    factories.make_organisation()
    client = Client()
    client.force_login(dana)
    client.get("/search/?q=My+knee+hurts", headers={"X-Request-ID": "a-search-0001"})
    (line,) = [line for line in lines.read() if line["logger"] == "servicedesk.access"]
    assert line["view"] == "portal:search"
    assert (line["method"], line["status"], line["user"]) == ("GET", 200, dana.pk)
    assert line["request_id"] == "a-search-0001"
    assert line["queries"] > 0
    assert 0 <= line["sql_ms"] <= line["ms"]
    assert "knee" not in lines.text


@pytest.mark.django_db
def test_no_address_is_logged_since_tokens_stand_in_them(
    settings: SettingsWrapper, lines: Lines, client: Client
) -> None:
    settings.LOG_REQUESTS = True
    factories.make_organisation()
    for address in (
        "/accounts/password/reset/key/1-t0k3n/",
        "/rate/t0k3n/",
        "/nothing/t0k3n/",
        "/readyz?t0k3n",
    ):
        client.get(address)
        client.put(address)
    Client(enforce_csrf_checks=True).post("/accounts/login/?t0k3n", {"password": "hunter2"})
    assert len(lines.read()) > 4
    assert "no such address" in lines.text
    for secret in SECRETS:
        assert secret not in lines.text


@pytest.mark.django_db
def test_what_people_type_stays_out_of_the_log(
    laptop: Any, dana: User, omar: User, settings: SettingsWrapper, lines: Lines
) -> None:
    settings.LOG_REQUESTS = True
    factories.make_organisation()
    client = Client()
    login = reverse("account_login")
    client.post(login, {"login": "dana@desk.example", "password": "hunter2"})
    service_request = factories.make_service_request(laptop, by=dana, at=MONDAY_NOON)
    actions.reply(service_request, by=omar, at=MONDAY_NOON, message="My knee hurts")
    log = logging.getLogger("tests")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO people_user SELECT * FROM people_user LIMIT 1")
    except IntegrityError:
        log.exception("It did not work for %s at %s.", dana.email, "redis://:hunter2@broker/0")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT %s::int", ["My knee hurts"])
    except Exception:
        log.exception("Nor did this.")
    try:
        int("hunter2")
    except ValueError:
        log.exception("Nor that.")
    told = lines.read()
    assert len(told) >= 5
    for secret in SECRETS:
        assert secret not in lines.text, secret
    messages = [one["error"][-1]["message"] for one in told if "error" in one]
    assert "duplicate key value violates unique constraint" in messages[0]
    assert messages[1] == "A value was refused (22P02)."
    assert messages[2] == "invalid literal for int() with base 10: '…'"


def test_names_in_the_code_are_told_and_causes_come_first() -> None:
    try:
        try:
            raise KeyError("Dana Byrne")
        except KeyError as error:
            raise AttributeError("'NoneType' object has no attribute 'nothing'") from error
    except AttributeError as error:
        told = logs.told((type(error), error, error.__traceback__))
    assert [(one["type"], one["message"]) for one in told] == [
        ("builtins.KeyError", "'…'"),
        ("builtins.AttributeError", "'NoneType' object has no attribute 'nothing'"),
    ]


def test_the_same_to_read_holds_back_the_same() -> None:
    lines = Lines(logs.TEXT)
    tracing.begin("to-read-0001")
    try:
        int("hunter2")
    except ValueError as error:
        record = logging.getLogger("tests").makeRecord(
            "tests", logging.ERROR, __file__, 1, "To %s", ("dana@desk.example",),
            (type(error), error, error.__traceback__),
        )  # fmt: skip
        lines.handler.handle(record)
    assert "ERROR tests: To …@… [to-read-0001]" in lines.text
    assert "base 10: '…'" in lines.text
    assert "hunter2" not in lines.text
