"""What a probe is told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from pytest_django import Settings as SettingsWrapper

from servicedesk import health


def test_a_living_process_answers_without_database_session_or_known_host() -> None:
    answer = Client().get("/healthz", headers={"host": "10.1.2.3:8000"})
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_a_desk_with_database_and_broker_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_age", lambda *_: None)
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "database": True,
        "broker": True,
        "oldest_clock_not_swept_seconds": None,
        "oldest_notice_not_delivered_seconds": None,
    }


@pytest.mark.django_db
def test_a_lost_broker_is_told_and_takes_nothing_out_of_service(settings: SettingsWrapper) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["broker"] is False


@pytest.mark.django_db
def test_a_sweep_that_is_late_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def six_minutes(now: datetime) -> timedelta:
        return timedelta(minutes=6)

    monkeypatch.setattr("slas.sweep.oldest_unswept", six_minutes)
    answer = Client().get("/readyz")
    assert answer.json()["status"] == "degraded"
    assert answer.json()["oldest_clock_not_swept_seconds"] == 360.0


def test_without_a_database_no_request_should_come(monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def cursor(self) -> None:
            raise DatabaseError("away")

    monkeypatch.setattr(health, "connection", Away())
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "unavailable"
