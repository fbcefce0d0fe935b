"""The environment is read once, and what is wrong in it is named."""

from __future__ import annotations

import pytest

from servicedesk import env


def test_a_missing_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(env.EnvironmentVariableError, match="^DATABASE_URL is not set"):
        env.database("DATABASE_URL")


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")
    assert env.integer("PORT", 8000) == 8000


@pytest.mark.parametrize(("written", "meant"), [("yes", True), ("TRUE", True), ("0", False)])
def test_a_flag_is_read_in_the_usual_spellings(
    monkeypatch: pytest.MonkeyPatch, written: str, meant: bool
) -> None:
    monkeypatch.setenv("DEBUG", written)
    assert env.flag("DEBUG", default=not meant) is meant


def test_a_flag_that_is_neither_yes_nor_no_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBUG", "of")
    with pytest.raises(env.EnvironmentVariableError, match="^DEBUG must be yes or no, not 'of'"):
        env.flag("DEBUG", default=False)


@pytest.mark.parametrize("written", ["ten", "1.5", "-1"])
def test_a_number_must_be_whole_and_not_too_small(
    monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setenv("SLA_SWEEP_SECONDS", written)
    with pytest.raises(env.EnvironmentVariableError, match="^SLA_SWEEP_SECONDS must be"):
        env.integer("SLA_SWEEP_SECONDS", 10, least=1)


def test_a_list_is_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", " desk.example , ,www.desk.example")
    assert env.words("ALLOWED_HOSTS") == ["desk.example", "www.desk.example"]


def test_a_database_address_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "DATABASE_URL", "postgresql://desk:p%40ss@db.example:5433/desk?sslmode=require"
    )
    assert env.database("DATABASE_URL") == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "desk",
        "USER": "desk",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


def test_a_database_behind_a_socket_is_named_by_its_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://desk:pw@/desk?host=/run/desk-abc")
    found = env.database("DATABASE_URL")
    assert (found["HOST"], found["PORT"], found["OPTIONS"]) == ("/run/desk-abc", "", {})


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("sqlite:///desk.db", "must begin with postgresql://"),
        ("postgresql://desk@localhost", "names no database"),
        ("postgresql://desk@localhost:port/desk", "port that is not a number"),
    ],
)
def test_a_database_address_that_cannot_serve_is_refused(
    monkeypatch: pytest.MonkeyPatch, written: str, complaint: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", written)
    with pytest.raises(env.EnvironmentVariableError, match=complaint):
        env.database("DATABASE_URL")


def test_a_broker_that_is_no_redis_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "amqp://localhost")
    with pytest.raises(env.EnvironmentVariableError, match="^REDIS_URL must begin with redis://"):
        env.redis("REDIS_URL")
