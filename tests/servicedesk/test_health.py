"""What a probe is told, and what a stranger is not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings as SettingsWrapper

from servicedesk import health, tasks

TOKEN = "a token of the tests, long enough"
FINE = dict.fromkeys(("database", "migrations", "broker", "beat", "sweep", "notices"), True)


@pytest.fixture
def ticking(db: None) -> None:
    """The beat's last tick was just now."""
    tasks.beat()


def test_a_living_process_answers_without_database_session_or_known_host() -> None:
    answer = Client().get("/healthz", headers={"host": "10.1.2.3:8000"})
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_a_desk_with_all_it_needs_is_ready_whatever_host_is_asked_for(ticking: None) -> None:
    answer = Client().get("/readyz", headers={"host": "10.1.2.3:8000"})
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "checks": FINE}


def test_only_who_has_the_token_reads_how_late_it_is(
    ticking: None, settings: SettingsWrapper
) -> None:
    settings.METRICS_TOKEN = TOKEN
    for given in ("", "Bearer ", f"Bearer {TOKEN}r", TOKEN):
        answer = Client().get("/readyz", headers={"Authorization": given})
        assert set(answer.json()) == {"status", "checks"}
    answer = Client().get("/readyz", headers={"Authorization": f"Bearer {TOKEN}"})
    ages = answer.json()
    assert 0 <= ages["last_beat_seconds"] < 60
    assert ages["oldest_clock_not_swept_seconds"] is None
    assert ages["oldest_notice_not_delivered_seconds"] is None


def test_a_lost_broker_is_told_and_takes_nothing_out_of_service(
    ticking: None, settings: SettingsWrapper
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "degraded", "checks": FINE | {"broker": False}}


def test_what_a_desk_needs_to_be_ready_is_a_setting(
    ticking: None, settings: SettingsWrapper
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.READY_NEEDS = ["database", "broker"]
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "unavailable"


def test_a_beat_that_never_came_or_stays_away_is_told(db: None) -> None:
    now = timezone.now()
    assert not health.look().checks()["beat"]
    health.beat(now - timedelta(minutes=3))
    assert not health.look().checks()["beat"]
    health.beat(now)
    health.beat(now - timedelta(minutes=3))  # a worker that was slow to write
    assert health.look().checks()["beat"]


def test_a_sweep_that_is_late_is_told_after_as_long_as_the_settings_say(
    ticking: None, settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    def six_minutes(now: datetime) -> timedelta:
        return timedelta(minutes=6)

    monkeypatch.setattr("slas.sweep.oldest_unswept", six_minutes)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["checks"]) == (200, FINE | {"sweep": False})
    settings.READY_LATE_SECONDS = 360
    assert Client().get("/readyz").json()["checks"] == FINE


def test_without_a_database_no_request_should_come(monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def cursor(self) -> None:
            raise DatabaseError("away")

    monkeypatch.setattr(health, "connection", Away())
    monkeypatch.setattr(health, "_migrated", True)
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "unavailable"
    assert "away" not in answer.content.decode()


def test_a_process_whose_tables_are_not_there_yet_is_not_ready(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'servicedesk' AND name ~ 'beat'")
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"] is False
    assert answer.json()["checks"]["database"] is True


def test_strangers_who_ask_often_cost_one_look(
    ticking: None, settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.READY_REMEMBER_SECONDS = 60.0
    monkeypatch.setattr(health, "_remembered", None)
    looks: list[object] = []

    def look() -> health.State:
        looks.append(None)
        return health.State(database=True)

    monkeypatch.setattr(health, "look", look)
    for _ in range(5):
        Client().get("/readyz")
    assert len(looks) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ask", "index"),
    [
        ("slas.sweep.oldest_unswept", "clock_to_be_looked_at"),
        ("notices.outbox.oldest_undelivered", "mail_undelivered"),
    ],
)
def test_how_late_it_is_is_read_from_the_end_of_a_partial_index(ask: str, index: str) -> None:
    from importlib import import_module

    from django.test.utils import CaptureQueriesContext

    module, _, name = ask.rpartition(".")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        with CaptureQueriesContext(connection) as asked:
            getattr(import_module(module), name)(timezone.now())
        (query,) = asked.captured_queries
        cursor.execute(f"EXPLAIN {query['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert f"using {index}" in plan
    assert "Limit" in plan
    assert "Sort" not in plan
