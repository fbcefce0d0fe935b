"""What operates the desk, with real processes: backup and restore, metrics, lines of the log."""

from __future__ import annotations

import io
import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.utils import timezone

from notices.models import OutboxMail
from requests_app import actions, files
from requests_app.models import Attachment
from servicedesk.backup.archive import Archive, Manifest, write
from servicedesk.backup.making import LEFT_OUT, TABLES
from tests.processes.company import Company
from tests.processes.person import Person
from tests.processes.stack import Stack, free_port, wait_until

pytestmark = pytest.mark.process

PAPER = ("A list that people attached.\n" * 20_000).encode()
"""Of more than one piece in the database."""

KNOWN = {field.name for field in fields(Manifest)} - {"bytes", "sha256", "format"}


def contents(url: str) -> dict[str, tuple[int, str]]:
    """Rows of each table of a database, and a sum over all that stands in them."""
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(TABLES)
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM "{table}" t'  # noqa: S608
            )
            found[table] = cursor.fetchone()
    return found  # type: ignore[return-value]


@pytest.fixture
def empty_server(stack: Stack) -> Iterator[str]:
    """The address of a server in which there is nothing."""
    name = f"postgres-{uuid.uuid4().hex[:6]}"
    stack.serve(name)
    yield stack.urls[name]
    for each in (name, "web-restored"):
        if each in stack.pids:
            stack.kill(each)


def test_a_backup_comes_back_on_an_empty_server_and_the_desk_works_on_it(
    stack: Stack, company: Company, empty_server: str, tmp_path: Any
) -> None:
    stack.kill("worker", "beat")
    service_request = company.ask_due_in(30)
    now = timezone.now()
    paper = files.stage(io.BytesIO(PAPER), "list.txt", by=company.dana, at=now)
    actions.reply(service_request, by=company.dana, at=now, message="Here it is.", files=[paper.pk])
    Person(stack.base_url, company.dana.email).sign_in()  # a session, which must not be in it
    stack.kill("web")
    path = tmp_path / "desk.zip"

    said = stack.manage("backup", str(path))
    assert "tables written" in said
    assert path.stat().st_mode & 0o777 == 0o600
    said = stack.manage("restore", str(path), DATABASE_URL=empty_server)
    assert f"{Attachment.objects.count()} files" in said
    waiting = OutboxMail.objects.undelivered().count()
    assert waiting
    assert f"{waiting} mails wait" in said
    assert "SECRET_KEY" not in said

    before, after = contents(stack.urls["postgres"]), contents(empty_server)
    assert set(before) == set(after)
    assert before["requests_app_event"][0] > 1
    assert before["django_session"][0] > 0
    for table, rows in before.items():
        assert after[table] == ((0, 0) if table in LEFT_OUT else rows), table
    stack.manage("check_clocks", DATABASE_URL=empty_server)

    port = free_port()
    stack.run("web-restored", "web", port, DATABASE_URL=empty_server)
    base_url = f"http://localhost:{port}"
    visitor = Person(base_url, company.dana.email)
    wait_until("the restored desk answers", lambda: visitor.get("/readyz").status == 200, 90)
    dana = visitor.sign_in()
    page = dana.get(f"/requests/{service_request.reference}/")
    assert page.status == 200
    assert "Here it is." in page.text
    assert dana.get(paper_address(service_request.reference, paper)).text == PAPER.decode()
    assert dana.reply(service_request.reference, "And it goes on.").status == 200
    reference = dana.ask_for(company.path, "The next number is free.")
    assert reference not in {service_request.reference, ""}

    # Over what is there, only if told, and not under the feet of the running desk.
    assert "in use" in stack.manage(
        "restore", str(path), "--replace", "--no-input", ends=1, DATABASE_URL=empty_server
    )
    stack.kill("web-restored")
    arguments = ("--replace", "--no-input")
    half = half_of(path, tmp_path / "half.zip")
    said = stack.manage("restore", str(half), *arguments, ends=1, DATABASE_URL=empty_server)
    assert "nothing was changed" in said
    assert contents(empty_server)["requests_app_event"][0] > before["requests_app_event"][0]
    said = stack.manage(
        "restore", str(path), *arguments, DATABASE_URL=empty_server, SECRET_KEY="another" * 10
    )
    assert "SECRET_KEY is not the one of the backup" in said
    assert contents(empty_server) == after


def half_of(path: Path, to: Path) -> Path:
    """A backup whose dump ends in the middle, and whose checksum does not tell."""
    with closing(Archive(path)) as given:
        dump = b"".join(given.dump())
        known = {name: it for name, it in asdict(given.manifest).items() if name in KNOWN}
    with to.open("wb") as out:
        write(out, iter([dump[: len(dump) // 2]]), known)
    return to


def paper_address(reference: str, paper: Attachment) -> str:
    return f"/requests/{reference}/files/{paper.pk}/{paper.name}"


def read(url: str, token: str) -> str:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        return str(answer.read().decode())


def value(text: str, line: str) -> float:
    """Of one line of the metrics; 0 if it is not there."""
    found = [it for it in text.splitlines() if it.startswith(f"{line} ")]
    return float(found[0].rpartition(" ")[2]) if found else 0.0


def test_web_and_worker_count_for_all_their_processes_and_log_under_one_id(
    stack: Stack, company: Company
) -> None:
    token, port, worker_port = "a token of the tests, long enough", free_port(), free_port()
    stack.kill("worker")
    settings = {
        "METRICS_TOKEN": token,
        "LOG_FORMAT": "json",
        "LOG_REQUESTS": "yes",
        "LOG_LEVEL": "INFO",
    }
    stack.run("web-counted", "web", port, **settings)
    stack.run("worker", "worker", METRICS_WORKER_PORT=str(worker_port), **settings)
    base_url = f"http://127.0.0.1:{port}"
    visitor = Person(base_url, company.dana.email)
    wait_until("the web process answers", lambda: visitor.get("/readyz").status == 200, 90)
    try:
        for _ in range(12):
            assert Person(base_url, "").get("/accounts/login/").status == 200
        line = 'servicedesk_http_requests_total{method="GET",status="200",view="account_login"}'
        counts = {value(read(f"{base_url}/metrics", token), line) for _ in range(6)}
        assert counts == {12.0}  # whichever of the two processes is asked

        company.ask_due_in(1)
        worker = f"http://127.0.0.1:{worker_port}/"
        names = (
            'servicedesk_tasks_total{outcome="done",task="servicedesk.tasks.beat"}',
            'servicedesk_sweep_findings_total{kind="breached"}',
            'servicedesk_mails_total{outcome="sent"}',
            "servicedesk_sweep_lag_seconds_count",
        )
        wait_until(
            "the worker has counted",
            lambda: all(value(read(worker, token), name) >= 1 for name in names),
        )
        with pytest.raises(urllib.error.HTTPError, match="404"):
            read(worker, token + "x")
        assert value(read(f"{base_url}/metrics", token), "servicedesk_beat_age_seconds") < 60

        request = urllib.request.Request(  # noqa: S310
            f"{base_url}/accounts/login/?secret=t0k3n", headers={"X-Request-ID": "to-be-found-1"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            assert answer.headers["X-Request-ID"] == "to-be-found-1"
        log = (stack.folder / "web-counted.log").read_text()
        lines = [json.loads(one) for one in log.splitlines() if one.startswith("{")]
        assert "account_login" in {
            one["view"] for one in lines if one["request_id"] == "to-be-found-1"
        }
        assert "t0k3n" not in log
        ours = (stack.folder / "worker.log").read_text()
        sent = [one for one in ours.splitlines() if one.startswith("{") and "is sent" in one]
        assert sent
        assert all(len(json.loads(one)["request_id"]) == 16 for one in sent)
    finally:
        stack.kill("web-counted", "worker")
